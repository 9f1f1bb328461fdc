"""Under which names a browser may reach the screens.

A page of another site can let its own name point to this machine (DNS rebinding); then the browser takes
it for the same site. So a request is heard only under a name that is known to be ours, or a bare address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit


class AllowedHosts:
    """The names of this server."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Know this machine's own names, and ``names``."""
        self._names = {"localhost", socket.gethostname().lower(), *(name.lower() for name in names)}

    def allows(self, host: str | None) -> bool:
        """Say whether a ``Host`` header names this server."""
        try:
            parts = urlsplit(f"//{host or ''}")
            name, _ = parts.hostname, parts.port
        except ValueError:
            return False
        if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
            return False
        name = name.rstrip(".")
        return name in self._names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
