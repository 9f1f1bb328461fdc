"""The gate: every request and WebSocket passes it, before Streamlit and before our own routes.

It lets nobody through who is not signed in, tells the rest of the program who it is, and drops whatever
a client says of itself. A WebSocket stays open for hours, so each message that comes in on it is checked
again: no screen runs for somebody whose session is over.
"""

from __future__ import annotations

import logging
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backfile.domain.user import Session
from backfile.services.sessions import beat, find_session, session_key
from ui.auth.headers import secure_headers
from ui.auth.hosts import AllowedHosts
from ui.auth.paths import Access, access_of, is_static
from ui.context import SESSION_HEADER, VISITOR_SCOPE, get_workshop, visitor_from
from ui.routes.http import has_same_origin

log = logging.getLogger(__name__)

COOKIE = "backfile_session"
"""Holds the secret of the session; no script can read it, and nothing behind the gate sees it."""
WS_NOT_SIGNED_IN = 4401
"""Close code of a WebSocket whose session is over."""
WS_REFUSED = 4403


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, hosts: AllowedHosts) -> None:
        """Stand before ``app``; ``hosts`` are the names under which browsers may reach it."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["type"] == "http":
            send = secure_headers(send, scope)
        if not self._hosts.allows(connection.headers.get("host")):
            await _refuse(scope, receive, send, 421, "This server does not go by that name.")
            return
        access = access_of(scope["path"])
        if access is Access.NOBODY:
            await _refuse(scope, receive, send, 403, "There is nothing to be had here.")
            return
        secret = _secret_of(connection)
        session = await run_in_threadpool(_look_up, secret, is_visit=_is_visit(scope, connection))
        scope = _hand_on(scope, session)
        if access is Access.ANYONE:
            await self._app(scope, receive, send)
        elif session is None:
            await _ask_to_sign_in(scope, receive, send)
        elif scope["type"] == "websocket":
            if not has_same_origin(connection):
                await _refuse(scope, receive, send, 403, "")
                return
            await _Watched(session.key, receive, send).run(self._app, scope)
        else:
            await self._app(scope, receive, send)


def _secret_of(connection: HTTPConnection) -> str | None:
    """Return what the session cookie holds."""
    try:
        cookies = SimpleCookie(connection.headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _is_visit(scope: Scope, connection: HTTPConnection) -> bool:
    """Say whether a person opens a screen: that counts as use; what a screen fetches by itself does not."""
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "text/html" in connection.headers.get("accept", "")
        and not is_static(scope["path"])
        and scope["path"] != "/login"
    )


def _look_up(secret: str | None, *, is_visit: bool) -> Session | None:
    """In a thread: return the session, read from the catalog each time."""
    if not secret:
        return None
    find = beat if is_visit else find_session
    return find(session_key(secret), catalog=get_workshop().catalog)


def _hand_on(scope: Scope, session: Session | None) -> Scope:
    """Return the scope as the rest of the program sees it.

    Whatever a client sends under a name of ours is dropped, and so is the cookie's secret: Streamlit shows
    headers and cookies to scripts, which need neither.
    """
    ours = SESSION_HEADER.lower().encode()
    headers = []
    for name, value in scope["headers"]:
        if name.startswith(b"x-backfile-"):
            continue
        if name == b"cookie":
            kept = [part for part in value.split(b";") if part.partition(b"=")[0].strip() != COOKIE.encode()]
            value = b";".join(kept).strip()
            if not value:
                continue
        headers.append((name, value))
    if session is not None:
        headers.append((ours, session.key.encode()))
    handed = dict(scope, headers=headers)
    handed.pop(VISITOR_SCOPE, None)
    if session is not None:
        handed[VISITOR_SCOPE] = visitor_from(session)
    return handed


class _Watched:
    """A WebSocket that ends with the first message after the end of its session."""

    def __init__(self, key: str, receive: Receive, send: Send) -> None:
        self._key, self._receive, self._send = key, receive, send
        self._is_over = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        await app(scope, self._checked_receive, self._open_send)

    async def _checked_receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await run_in_threadpool(_is_alive, self._key):
            self._is_over = True
            await self._send({"type": "websocket.close", "code": WS_NOT_SIGNED_IN})
            return {"type": "websocket.disconnect", "code": WS_NOT_SIGNED_IN}
        return message

    async def _open_send(self, message: Message) -> None:
        if not self._is_over:  # a screen that ran when the session ended may still have something to say
            await self._send(message)


def _is_alive(key: str) -> bool:
    """In a thread."""
    return find_session(key, catalog=get_workshop().catalog) is not None


async def _ask_to_sign_in(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a person who opens a screen to the sign-in page, and refuse everything else."""
    connection = HTTPConnection(scope)
    if scope["type"] == "http" and _is_visit(scope, connection):
        query = scope.get("query_string", b"").decode("latin-1")
        target = scope["path"] + (f"?{query}" if query else "")
        answer: Response = RedirectResponse(f"/login?next={quote(target, safe='')}", 303)
        await answer(scope, receive, send)
        return
    await _refuse(scope, receive, send, 401, "Sign in first.")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Refuse a request in words, or a WebSocket by its close code."""
    if scope["type"] == "websocket":
        await receive()  # the request to connect
        code = WS_NOT_SIGNED_IN if status == 401 else WS_REFUSED
        await send({"type": "websocket.close", "code": code})
        return
    await PlainTextResponse(text, status)(scope, receive, send)
