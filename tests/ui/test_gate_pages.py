"""Pictures of pages: who gets one, what the browser may do with it, and the note that it was seen."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from starlette.testclient import TestClient

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from backfile.domain.user import Role
from backfile.services.sessions import session_key
from ingest.workshop import Workshop
from tests.people import ODETTE
from tests.ui.conftest import Paper
from ui.auth.gate import COOKIE
from ui.finding.chosen import CHOSEN

SIGNED_IN = [Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", SIGNED_IN)
@pytest.mark.parametrize("state", list(DocumentState))
def test_who_verifies_sees_every_page_and_that_is_noted(
    sign_in_as: Callable[..., TestClient],
    add_paper: Callable[..., Paper],
    workshop: Workshop,
    role: Role,
    state: DocumentState,
) -> None:
    paper = add_paper(state)
    answer = sign_in_as(role).get(f"/page/{paper.page}.jpg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (850, 1100)
    with workshop.catalog.look() as uow:
        (sealed,) = uow.audit.all(subject=paper.page)
    event = sealed.event
    assert (event.action, event.actor) == (AuditAction.VIEWED, role.value)
    assert event.patient == (ODETTE.id if state is DocumentState.FILED else None)
    assert event.details["document"] == paper.document


def test_a_clinician_sees_filed_pages_of_a_chart_that_was_opened(
    sign_in_as: Callable[..., TestClient], add_paper: Callable[..., Paper]
) -> None:
    client = sign_in_as(Role.CLINICIAN)
    filed, waiting = add_paper(DocumentState.FILED), add_paper(DocumentState.REVIEW)
    assert client.get(f"/page/{filed.page}.jpg").status_code == 403
    CHOSEN.choose(session_key(client.cookies[COOKIE]), [ODETTE.id])
    assert client.get(f"/page/{filed.page}.jpg").status_code == 200
    assert client.get(f"/page/{waiting.page}.jpg").status_code == 403


def test_scanning_staff_see_no_page(
    sign_in_as: Callable[..., TestClient], add_paper: Callable[..., Paper], workshop: Workshop
) -> None:
    paper = add_paper(DocumentState.FILED)
    assert sign_in_as(Role.SCANNING).get(f"/page/{paper.page}.jpg").status_code == 403
    with workshop.catalog.look() as uow:
        assert list(uow.audit.all(subject=paper.page)) == []


def test_nobody_sees_a_page_without_signing_in(
    anonymous: TestClient, add_paper: Callable[..., Paper], workshop: Workshop
) -> None:
    paper = add_paper(DocumentState.FILED)
    for path in (f"/page/{paper.page}.jpg", f"/page/{paper.page}.jpg?size=thumb", "/page/none.jpg"):
        answer = anonymous.get(path)
        assert answer.status_code == 401
        assert b"JFIF" not in answer.content
    assert list(workshop.home.cache.rglob("*.jpg")) == []


def test_a_thumbnail_is_small(sign_in_as: Callable[..., TestClient], add_paper: Callable[..., Paper]) -> None:
    paper = add_paper(DocumentState.REVIEW)
    client = sign_in_as(Role.TECHNICIAN)
    answer = client.get(f"/page/{paper.page}.jpg", params={"size": "thumb"})
    assert Image.open(io.BytesIO(answer.content)).width == 220
    assert client.get(f"/page/{paper.page}.jpg", params={"size": "huge"}).status_code == 400
    assert client.get("/page/pag_none.jpg").status_code == 404


def test_kept_pictures_are_private_and_may_vanish_or_break(
    sign_in_as: Callable[..., TestClient], add_paper: Callable[..., Paper], workshop: Workshop
) -> None:
    paper = add_paper(DocumentState.REVIEW)
    client = sign_in_as(Role.TECHNICIAN)
    first = client.get(f"/page/{paper.page}.jpg").content
    (kept,) = workshop.home.cache.rglob("*.jpg")
    assert workshop.home.cache.stat().st_mode & 0o077 == 0
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.read_bytes() == first
    kept.write_bytes(first[: len(first) // 2])
    assert client.get(f"/page/{paper.page}.jpg").content == first
    kept.unlink()
    assert client.get(f"/page/{paper.page}.jpg").content == first
    kept.unlink(missing_ok=True)
    kept.parent.rmdir()
    workshop.home.cache.rmdir()
    assert client.get(f"/page/{paper.page}.jpg").content == first
