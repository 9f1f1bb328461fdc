"""What every route has in common: who may call it, how it answers, how it says that something is wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from backfile.errors import (
    AccessDenied,
    BackfileError,
    Busy,
    ServerDown,
    SessionEnded,
    UsageError,
)
from backfile.services.sessions import beat
from ingest.workshop import Workshop
from ui.auth.rights import Right, require
from ui.context import Visitor, get_workshop, visitor_from, visitor_of

log = logging.getLogger(__name__)

MARK_HEADER = "X-Backfile"
"""Only a script of our own page can send it: a form of another site cannot."""
_MOST_BYTES = 2_000_000
_STATUS = ((SessionEnded, 401), (AccessDenied, 403), (Busy, 409), (UsageError, 422), (ServerDown, 503))
"""The first that fits; any other error of ours is a bad request."""
_CODES = {401: "session_ended", 403: "denied", 409: "busy", 422: "usage", 503: "server_down"}
NO_STORE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}

JsonHandler: TypeAlias = Callable[[Mapping[str, object], Visitor, Workshop], dict[str, object] | Response]
"""Takes the body of a request, and returns what is answered: an object, or a file as a response of its own
with ``NO_STORE``. It runs in a thread and may block."""


def json_route(
    right: Right, handler: JsonHandler, *, counts_as_use: bool = True
) -> Callable[[Request], object]:
    """Wrap a handler as the endpoint of a POST route that takes and gives a JSON object.

    Args:
        right: what the visitor must be allowed.
        handler: does the work.
        counts_as_use: a person asked for it, so their session is not idle; a screen that asks by itself
            says False.
    """

    async def endpoint(request: Request) -> Response:
        try:
            visitor = visitor_of(request)
            check_same_origin(request)
            body = await _read_object(request)
            answer = await run_in_threadpool(_handle, handler, body, visitor, right, counts_as_use)
        except BackfileError as error:
            return error_response(error)
        except ValidationError:
            return error_response(UsageError("The request is not of the right form.", next_step="Reload."))
        except Exception:
            log.exception("a route failed")
            return JSONResponse(_error("failed", "Something went wrong.", "Try again."), 500, NO_STORE)
        return answer if isinstance(answer, Response) else JSONResponse(answer, headers=NO_STORE)

    return endpoint


def _handle(
    handler: JsonHandler, body: Mapping[str, object], visitor: Visitor, right: Right, counts_as_use: bool
) -> dict[str, object] | Response:
    """In a thread: check once more, note the use, do the work."""
    workshop = get_workshop()
    if counts_as_use:
        session = beat(visitor.session, catalog=workshop.catalog)
        if session is None:
            raise SessionEnded
        visitor = visitor_from(session)
    require(visitor, right)
    return handler(body, visitor, workshop)


def check_same_origin(request: HTTPConnection) -> None:
    """Refuse a request that another site's page made the browser send.

    Raises:
        AccessDenied: it is one.
    """
    if request.headers.get(MARK_HEADER) != "1" or not has_same_origin(request):
        raise AccessDenied("The request did not come from this page.", next_step="Reload the page.")


def has_same_origin(request: HTTPConnection) -> bool:
    """Say whether the page that sent a request came from this server."""
    origin = request.headers.get("origin", "")
    host = request.headers.get("host", "")
    return bool(host) and urlsplit(origin).netloc.lower() == host.lower()


def error_response(error: BackfileError) -> JSONResponse:
    """Return an error in words for the screens."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    code = _CODES.get(status, "bad_input")
    return JSONResponse(_error(code, error.what, error.next_step), status, NO_STORE)


def _error(code: str, what: str, next_step: str) -> dict[str, object]:
    return {"error": {"code": code, "what": what, "next_step": next_step}}


async def _read_object(request: Request) -> Mapping[str, object]:
    """Return the body.

    Raises:
        UsageError: it is no JSON object, or too large.
    """
    wrong = UsageError("The request is not a JSON object.", next_step="Reload the page.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise wrong
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_BYTES:
            raise UsageError("The request is too large.", next_step="Reload the page.")
    try:
        body = json.loads(bytes(content))
    except ValueError:
        raise wrong from None
    if not isinstance(body, dict):
        raise wrong
    return body
