"""What every screen and route starts from: the installation, and who is asking."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import streamlit as st
from starlette.requests import HTTPConnection

from backfile.domain.user import Session, User
from backfile.errors import SessionEnded
from backfile.services.sessions import find_session
from ingest.indexer import open_engine
from ingest.workshop import Workshop, open_workshop
from search.engine import SearchEngine

VISITOR_SCOPE = "backfile_visitor"
"""Where in the scope of a request the gate puts the visitor."""
SESSION_HEADER = "X-Backfile-Session"
"""How the gate tells Streamlit whose connection it is; what a client sends under this name is dropped."""
SESSION_KEY = "backfile_session"
"""The name under which ``st.user`` holds that header."""
SHOWN_KEY = 16
"""How much of a session's key a tab is told, to see whether the browser still is in the same session."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking."""

    user: User
    session: str
    """The session's public key: opaque, and lets nobody in."""


class _Opened:
    """What this process has opened."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.workshop: Workshop | None = None
        self.engine: SearchEngine | None = None


_opened = _Opened()


def use_workshop(workshop: Workshop | None) -> None:
    """Let the screens of this process work on an installation; None: on ``BACKFILE_HOME``, when asked."""
    with _opened.lock:
        if _opened.engine is not None:
            _opened.engine.close()
        _opened.workshop, _opened.engine = workshop, None


def get_workshop() -> Workshop:
    """Return the installation that ``BACKFILE_HOME`` names, opened once.

    Raises:
        HomeError: there is none, or its catalog is of another version.
    """
    with _opened.lock:
        if _opened.workshop is None:
            _opened.workshop = open_workshop(None)
        return _opened.workshop


def get_engine() -> SearchEngine:
    """Return the search engine of the installation, opened once.

    Raises:
        ServerDown: it does not answer; the next call tries again.
    """
    workshop = get_workshop()
    with _opened.lock:
        if _opened.engine is None:
            _opened.engine = open_engine(workshop)
        return _opened.engine


def visitor_from(session: Session) -> Visitor:
    """Return the visitor of a session."""
    return Visitor(session.user, session.key)


def visitor_of(request: HTTPConnection) -> Visitor:
    """Return who sent a request, as the gate found it.

    Raises:
        SessionEnded: nobody who is signed in.
    """
    visitor = request.scope.get(VISITOR_SCOPE)
    if not isinstance(visitor, Visitor):
        raise SessionEnded
    return visitor


def require_visitor() -> Visitor:
    """Return who looks at this screen; call it first in every page, fragment and callback.

    The session is read again each time: what Streamlit knows of the user is from when the tab connected.
    Where it is over, the script stops with words and a link.
    """
    key = st.user.get(SESSION_KEY)
    session = find_session(key, catalog=get_workshop().catalog) if isinstance(key, str) else None
    if session is None:
        st.info("Session ended. [Sign in](/login) to go on.")
        st.stop()
    return visitor_from(session)
