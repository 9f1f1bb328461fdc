"""The pictures of pages: who may see one, and the note that it was seen."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from backfile.errors import AccessDenied, BackfileError, PageRefused
from ingest.views_cache import PageView, ViewSize, page_view
from ingest.workshop import Workshop
from ui.auth.rights import Right, require
from ui.context import Visitor, get_workshop, visitor_of
from ui.finding.access import require_view
from ui.routes.audit import note_view
from ui.routes.http import NO_STORE, error_response

log = logging.getLogger(__name__)

_LIMITER = CapacityLimiter(8)
"""Pictures fetched at once: a screen that asks for a whole chart must not keep others waiting."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page that a visitor may see."""

    view: PageView
    document: str
    patient: str | None


def page_image_routes() -> list[Route]:
    """Return the routes."""
    return [Route("/page/{page_id}.jpg", give_page_image, methods=["GET"])]


async def give_page_image(request: Request) -> Response:
    """Give the picture of a page, upright and straight: the frame in which all boxes are.

    ``?size=view`` (the default) to read from, ``?size=thumb`` for an overview.
    """
    try:
        visitor = visitor_of(request)
        size = ViewSize(request.query_params.get("size", ViewSize.VIEW))
    except AccessDenied as denied:
        return error_response(denied)
    except ValueError:
        return PlainTextResponse("There is no such size.", 400, NO_STORE)
    try:
        fetch = partial(_fetch, request.path_params["page_id"], size, visitor)
        picture = await to_thread.run_sync(fetch, limiter=_LIMITER)
    except PageRefused as refused:
        return PlainTextResponse(refused.next_step, 422, NO_STORE)
    except BackfileError as error:
        return error_response(error)
    except Exception:
        log.exception("a page image could not be made")
        return PlainTextResponse("The page image could not be made.", 500, NO_STORE)
    if picture is None:
        return PlainTextResponse("There is no such page.", 404, NO_STORE)
    return Response(picture, media_type="image/jpeg", headers=NO_STORE)


def _fetch(page_id: str, size: ViewSize, visitor: Visitor) -> bytes | None:
    """In a thread: check, draw, note, and only then give."""
    workshop = get_workshop()
    shown = _find(page_id, visitor, workshop)
    if shown is None:
        return None
    picture = page_view(shown.view, size, workshop=workshop)
    details = {"document": shown.document, "size": size.value}
    note_view("page", page_id, visitor, workshop, patient=shown.patient, **details)
    return picture


def _find(page_id: str, visitor: Visitor, workshop: Workshop) -> _Shown | None:
    """Return the page with what it stands under now; None where there is none.

    Raises:
        AccessDenied: the visitor may not see it.
    """
    require(visitor, Right.VIEW_PAGES, Right.VIEW_FILED_PAGES)
    with workshop.catalog.look() as uow:
        page = uow.pages.get(page_id)
        if page is None:
            return None
        document = uow.documents.get(page.document_id) if page.document_id else None
        require_view(
            visitor,
            state=document.state if document else None,
            patient=document.patient_id if document else None,
        )
        file = uow.files.get(page.file_id)
    if file is None:
        return None
    return _Shown(
        PageView(file.sha256, page.number, page.rotation, page.skew),
        document.id if document else "",
        document.patient_id if document else None,
    )
