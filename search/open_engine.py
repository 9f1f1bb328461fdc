"""The search engine of an installation: ``search_url`` alone decides which."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from backfile.errors import HomeError
from backfile.home import Home
from backfile.settings import Settings
from search.chosen_engine import ChosenEngine
from search.tantivy_engine import TantivyEngine

if TYPE_CHECKING:
    from search.elastic_engine import ElasticEngine

HOME_ID_FILE = "home.id"
"""Tells the indexes of several homes on one server apart; made when it is first needed."""
MARK_FILE = "index.mark"
"""Tells which index is kept up."""
_LOCK_FILE = "index.lock"
_EMBEDDED = "embedded"


def open_engine(settings: Settings, home: Home) -> ChosenEngine:
    """Return the engine: the site's Elasticsearch if its address is set, else the embedded one.

    Nothing is opened and nothing is sent yet.

    Raises:
        UsageError: a setting of the engine cannot be meant.
        HomeError: the home's id cannot be read or written.
    """
    file = home.root / MARK_FILE
    if not settings.search_url:
        return ChosenEngine(TantivyEngine(home.index), mark=_EMBEDDED, file=file, is_default=True)
    address = hashlib.sha256(settings.search_url.encode()).hexdigest()[:16]
    mark = f"{address}-{read_home_id(home)}"
    return ChosenEngine(_open_elastic(settings, home), mark=mark, file=file, is_default=False)


def drop_index(settings: Settings, home: Home) -> None:
    """Remove what a home keeps on a server, before the home itself is removed.

    Raises:
        ServerDown: the server does not answer.
        Busy: a process of the home writes to it.
    """
    if settings.search_url and (home.root / HOME_ID_FILE).exists():
        _open_elastic(settings, home).drop()


def _open_elastic(settings: Settings, home: Home) -> ElasticEngine:
    from search.elastic_client import ElasticAccess  # the client's import takes a third of a second
    from search.elastic_engine import ElasticEngine

    access = ElasticAccess(
        url=settings.search_url,
        user=settings.search_user,
        password=settings.search_password.get_secret_value(),
        api_key=settings.search_api_key.get_secret_value(),
        ca=settings.search_ca,
    )
    return ElasticEngine(access, home_id=read_home_id(home), lock=home.root / _LOCK_FILE)


def read_home_id(home: Home) -> str:
    """Return the id of a home, lower-case hexadecimal; it is made if there is none.

    Raises:
        HomeError: it cannot be read or written.
    """
    file = home.root / HOME_ID_FILE
    try:
        if not file.exists():
            _write_once(file, secrets.token_hex(6))
        found = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found or set(found) - set("0123456789abcdef"):
        raise HomeError(
            "The file home.id of the home cannot be used.",
            next_step="Delete it and run `backfile reindex`: the index on the server is built anew.",
        )
    return found


def _write_once(file: Path, text: str) -> None:
    """Write a file whole, unless another process was first."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text + "\n", encoding="ascii")
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
