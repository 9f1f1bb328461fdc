"""The way to a site's Elasticsearch: address, sign-in, trust, and how long to wait.

The client of version 8.19 speaks to servers of versions 8 and 9.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch

from backfile.errors import UsageError

log = logging.getLogger(__name__)

REQUEST_SECONDS = 10.0
"""The longest that a request takes; only writing many pages may take longer."""
DEFAULT_PORT = 9200
_TALKATIVE = ("elastic_transport", "elasticsearch", "urllib3")


@dataclass(frozen=True, slots=True)
class ElasticAccess:
    """Where Elasticsearch is and how to sign in; checked by ``connect``."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: str = ""
    """File with the certificate authority, "" for those that the system trusts."""


def connect(access: ElasticAccess) -> Elasticsearch:
    """Return a client; nothing is sent yet.

    A password or key goes over plain http to this machine only. Without one, plain http is taken as it is:
    such a server is open to its whole network anyway, and a warning in the log says so.

    Raises:
        UsageError: the settings cannot be meant; secrets are not quoted.
    """
    url = _check_url(access)
    _check_sign_in(access, url)
    _quiet_libraries()
    port = url.port or DEFAULT_PORT
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return Elasticsearch(
        f"{url.scheme}://{host}:{port}{url.path.rstrip('/')}",
        basic_auth=(access.user, access.password) if access.user else None,
        api_key=access.api_key or None,
        ca_certs=access.ca or DEFAULT,
        request_timeout=REQUEST_SECONDS,
        # A second try in the client would double the wait; who can wait tries again by himself.
        max_retries=0,
        retry_on_timeout=False,
    )


def is_this_machine(host: str) -> bool:
    """Say whether what is sent to a host never leaves this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_url(access: ElasticAccess) -> SplitResult:
    try:
        url = urlsplit(access.url)
        is_usable = url.scheme in ("http", "https") and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        is_usable = False
    if not is_usable or url.query or url.fragment:
        raise UsageError(
            "The setting search_url is no address of an Elasticsearch server.",
            next_step="Write it as https://search.example.org:9200",
        )
    if url.username or url.password:
        raise UsageError(
            "The setting search_url holds a user name or a password.",
            next_step="Put them into search_user and search_password; addresses are shown in messages.",
        )
    return url


def _check_sign_in(access: ElasticAccess, url: SplitResult) -> None:
    if access.api_key and (access.user or access.password):
        raise UsageError(
            "Both an API key and a user are set for Elasticsearch.",
            next_step="Set either search_api_key, or search_user and search_password.",
        )
    if bool(access.user) != bool(access.password):
        raise UsageError(
            "Of search_user and search_password only one is set.", next_step="Set both, or search_api_key."
        )
    if access.ca and not Path(access.ca).is_file():
        raise UsageError(
            "The file that the setting search_ca names is not there.",
            next_step="Name the PEM file with the certificate authority of Elasticsearch.",
        )
    if url.scheme == "https" or is_this_machine(url.hostname or ""):
        return
    if access.user or access.api_key:
        raise UsageError(
            "The password or API key of Elasticsearch would cross the network readable for anyone.",
            next_step="Write search_url with https:// (and search_ca for a certificate of your own).",
        )
    log.warning("Elasticsearch is used without TLS and sign-in: what pages say crosses the network readable")


def _quiet_libraries() -> None:
    """Keep addresses, queries and answers out of the log; what failed is said in our own words."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
