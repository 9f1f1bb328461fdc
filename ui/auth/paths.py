"""Which addresses there are, for whom: what is not named here does not exist."""

from __future__ import annotations

import re
from enum import Enum, auto
from urllib.parse import urlsplit


class Access(Enum):
    """Who may ask for an address."""

    ANYONE = auto()
    """No session needed: sign-in itself, and whether the server lives."""
    SIGNED_IN = auto()
    NOBODY = auto()
    """A door of Streamlit that Backfile does not use: files in memory, uploads, metrics, agents."""


_ANYONE = frozenset({"/login", "/login.css", "/favicon.png", "/_stcore/health"})
_USED_OF_STREAMLIT = ("/_stcore/host-config", "/_stcore/stream", "/_stcore/bidi-components/")
_UNUSED_OF_STREAMLIT = ("/_stcore", "/media", "/component", "/app", "/oauth2callback", "/auth")
_SAFE_NEXT = re.compile(r"/(?:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(?:\?[A-Za-z0-9_.~%&=+-]*)?")
_NO_SCREENS = (
    "/login",
    "/logout",
    "/session",
    "/page",
    "/data",
    "/static",
    "/favicon",
    *_UNUSED_OF_STREAMLIT,
)


def access_of(path: str) -> Access:
    """Return who may ask for a path."""
    if path in _ANYONE:
        return Access.ANYONE
    if path.startswith(_USED_OF_STREAMLIT):
        return Access.SIGNED_IN
    if _is_under(path, _UNUSED_OF_STREAMLIT):
        return Access.NOBODY
    return Access.SIGNED_IN


def is_static(path: str) -> bool:
    """Say whether a path is part of the program, not of anybody's data: it may be kept by the browser."""
    return path.startswith("/static/")


def safe_next(target: str) -> str:
    """Return where to go after signing in: a screen of this server, else the first one."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not _SAFE_NEXT.fullmatch(target):
        return "/"
    return "/" if _is_under(parts.path, _NO_SCREENS) else target


def _is_under(path: str, tops: tuple[str, ...]) -> bool:
    return any(path == top or path.startswith(f"{top}/") for top in tops)
