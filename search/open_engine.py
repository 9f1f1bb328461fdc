"""The search engine of an installation: ``search_url`` alone decides which."""

from __future__ import annotations

import secrets
from pathlib import Path

from backfile.errors import HomeError
from backfile.home import Home
from backfile.settings import Settings
from search.engine import SearchEngine
from search.tantivy_engine import TantivyEngine

HOME_ID_FILE = "home.id"
"""Tells the indexes of several homes on one server apart; made when it is first needed."""
_LOCK_FILE = "elasticsearch.lock"


def open_engine(settings: Settings, home: Home) -> SearchEngine:
    """Return the engine: the site's Elasticsearch if its address is set, else the embedded one.

    Nothing is opened and nothing is sent yet.

    Raises:
        UsageError: a setting of the engine cannot be meant.
        HomeError: the home's id cannot be read or written.
    """
    if not settings.search_url:
        return TantivyEngine(home.index)
    from search.elastic_client import ElasticAccess  # the client's import takes a third of a second
    from search.elastic_engine import ElasticEngine

    access = ElasticAccess(
        url=settings.search_url,
        user=settings.search_user,
        password=settings.search_password.get_secret_value(),
        api_key=settings.search_api_key.get_secret_value(),
        ca=settings.search_ca,
    )
    return ElasticEngine(access, home_id=read_home_id(home), lock=home.index / _LOCK_FILE)


def drop_index(settings: Settings, home: Home) -> None:
    """Remove what a home keeps on a server, before the home itself is removed.

    Raises:
        ServerDown: the server does not answer.
    """
    if settings.search_url and (home.root / HOME_ID_FILE).exists():
        from search.elastic_engine import ElasticEngine

        engine = open_engine(settings, home)
        assert isinstance(engine, ElasticEngine)
        engine.drop()


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
