"""Signing in and out, and the beat of a session."""

from __future__ import annotations

import contextlib
import hmac
import html
import re
import secrets
from functools import partial
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

import ui.auth
from backfile.domain.user import Session
from backfile.errors import AccessDenied, BackfileError, SessionEnded
from backfile.services.sessions import SignInRefused, beat, find_session, seconds_left, sign_in, sign_out
from ui.auth.gate import COOKIE
from ui.auth.paths import safe_next
from ui.context import SHOWN_KEY, get_workshop, visitor_of
from ui.routes.http import NO_STORE, check_same_origin, error_response, has_same_origin

_AUTH = Path(ui.auth.__file__).parent
_PAGE = Template((_AUTH / "login.html").read_text(encoding="utf-8"))
_STYLE = (_AUTH / "login.css").read_text(encoding="utf-8")
_FORM_COOKIE = "backfile_form"
"""Holds what the form must repeat: another site can make a browser send the form, but not read this."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_BYTES = 16_384
_LIMITER = CapacityLimiter(2)
"""Passwords checked at once: each takes 64 MiB and a tenth of a second, and anybody may ask for it."""
_ENDED = "Your session has ended. Sign in to go on."
_OUT = "You have signed out."
_STALE = "The form was too old. Please sign in again."


def session_routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/login", show_login, methods=["GET"]),
        Route("/login", take_login, methods=["POST"]),
        Route("/login.css", show_style, methods=["GET"]),
        Route("/logout", take_logout, methods=["POST"]),
        Route("/session/beat", take_beat, methods=["POST"]),
        Route("/session/left", tell_left, methods=["POST"]),
    ]


async def show_login(request: Request) -> Response:
    """Show the form, or pass on who is signed in."""
    target = safe_next(request.query_params.get("next", "/"))
    try:
        visitor_of(request)
    except SessionEnded:
        told = "ended" if "ended" in request.query_params else "out" if "out" in request.query_params else ""
        return _form(request, target, notice={"ended": _ENDED, "out": _OUT}.get(told, ""))
    return RedirectResponse(target, 303)


async def show_style(_request: Request) -> Response:
    """Give the style of the form."""
    return Response(_STYLE, media_type="text/css")


async def take_login(request: Request) -> Response:
    """Begin a session, and end the one that this browser had."""
    fields = await _read_form(request)
    target = safe_next(fields.get("next", "/"))
    expected = request.cookies.get(_FORM_COOKIE, "")
    is_ours = bool(expected) and hmac.compare_digest(
        expected.encode("utf-8", "replace"), fields.get("token", "").encode("utf-8", "replace")
    )
    if not is_ours or not has_same_origin(request):
        return _form(request, target, notice=_STALE, status=403)
    address = request.client.host if request.client else "unknown"
    try:
        attempt = partial(
            sign_in,
            fields.get("name", ""),
            fields.get("password", ""),
            address=address,
            catalog=get_workshop().catalog,
        )
        signed_in = await to_thread.run_sync(attempt, limiter=_LIMITER)
    except SignInRefused as refused:
        return _form(request, target, notice=str(refused), status=429 if refused.is_locked else 401)
    with contextlib.suppress(SessionEnded):
        await run_in_threadpool(sign_out, visitor_of(request).session, catalog=get_workshop().catalog)
    answer = RedirectResponse(target, 303)
    answer.set_cookie(
        COOKIE, signed_in.secret, path="/", httponly=True, samesite="lax", secure=_is_https(request)
    )
    answer.delete_cookie(_FORM_COOKIE, path="/login")
    return answer


async def take_logout(request: Request) -> Response:
    """End the session, in every tab and process."""
    try:
        check_same_origin(request)
        visitor = visitor_of(request)
    except AccessDenied as denied:
        return error_response(denied)
    await run_in_threadpool(sign_out, visitor.session, catalog=get_workshop().catalog)
    answer = JSONResponse({"ended": True}, headers=NO_STORE)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_is_https(request))
    return answer


async def take_beat(request: Request) -> Response:
    """Note that a person uses the screens; say how long the session lasts without them."""
    return await _answer_left(request, is_used=True)


async def tell_left(request: Request) -> Response:
    """Say how long the session lasts; that is no use of it."""
    return await _answer_left(request, is_used=False)


async def _answer_left(request: Request, *, is_used: bool) -> Response:
    try:
        check_same_origin(request)
        session = await run_in_threadpool(_find, visitor_of(request).session, is_used=is_used)
        if session is None:
            raise SessionEnded
    except BackfileError as error:
        return error_response(error)
    left = seconds_left(session, now=get_workshop().catalog.clock.now())
    told = {"seconds": round(left, 1), "session": session.key[:SHOWN_KEY]}
    return JSONResponse(told, headers=NO_STORE)


def _find(key: str, *, is_used: bool) -> Session | None:
    """In a thread."""
    return (beat if is_used else find_session)(key, catalog=get_workshop().catalog)


def _form(request: Request, target: str, *, notice: str = "", status: int = 200) -> Response:
    """Return the page with the form; its token stays the same over several tabs."""
    token = request.cookies.get(_FORM_COOKIE, "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(32)
    kind = "notice wrong" if status != 200 else "notice"
    said = f'<p class="{kind}" role="alert">{html.escape(notice)}</p>' if notice else ""
    page = _PAGE.substitute(notice=said, token=token, next=html.escape(target, quote=True))
    answer = HTMLResponse(page, status)
    answer.set_cookie(
        _FORM_COOKIE, token, path="/login", httponly=True, samesite="strict", secure=_is_https(request)
    )
    return answer


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form; none where it is too long or no form."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_BYTES:
            return {}
    try:
        fields = parse_qs(content.decode("utf-8"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"
