"""A document saved from the screens: who gets it, what the browser may do with it, and the note of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from starlette.testclient import TestClient

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from backfile.domain.page import Word
from backfile.domain.user import Role
from backfile.services.sessions import session_key
from ingest.workshop import Workshop
from tests.people import ODETTE
from tests.received import make_reading
from tests.ui.conftest import ORIGIN, START, Paper
from ui.auth.gate import COOKIE
from ui.finding.chosen import CHOSEN

HEADERS = {"Origin": ORIGIN, "X-Backfile": "1"}
PATH = "/data/document/pdf"


@pytest.fixture
def add_read_paper(add_paper: Callable[..., Paper], workshop: Workshop) -> Callable[..., Paper]:
    def add(state: DocumentState) -> Paper:
        paper = add_paper(state)
        word = Word("legible", (0.1, 0.1, 0.3, 0.12), 0.9)
        reading = make_reading([word], dpi=100, size=(850, 1100))
        with workshop.catalog.begin() as uow:
            uow.pages.save_reading(paper.page, reading, at=START)
            uow.commit()
        return paper

    return add


def exports_of(workshop: Workshop, document: str) -> list[tuple[str, str | None]]:
    with workshop.catalog.look() as uow:
        events = [sealed.event for sealed in uow.audit.all(subject=document)]
    return [(e.actor, e.patient) for e in events if e.action is AuditAction.EXPORTED]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("state", [DocumentState.FILED, DocumentState.REVIEW])
def test_who_may_export_gets_the_file_and_is_noted(
    sign_in_as: Callable[..., TestClient],
    add_read_paper: Callable[..., Paper],
    workshop: Workshop,
    role: Role,
    state: DocumentState,
) -> None:
    paper = add_read_paper(state)
    answer = sign_in_as(role).post(PATH, json={"document": paper.document}, headers=HEADERS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == f'attachment; filename="{paper.document}.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
    patient = ODETTE.id if state is DocumentState.FILED else None
    assert exports_of(workshop, paper.document) == [(role.value, patient)]
    assert list(workshop.home.cache.glob("export-*")) == []


@pytest.mark.parametrize("role", [Role.SCANNING, Role.TECHNICIAN, Role.CLINICIAN])
def test_others_get_nothing(
    sign_in_as: Callable[..., TestClient],
    add_read_paper: Callable[..., Paper],
    workshop: Workshop,
    role: Role,
) -> None:
    paper = add_read_paper(DocumentState.FILED)
    client = sign_in_as(role)
    CHOSEN.choose(session_key(client.cookies[COOKIE]), [ODETTE.id])
    answer = client.post(PATH, json={"document": paper.document}, headers=HEADERS)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "denied"
    assert exports_of(workshop, paper.document) == []


def test_nobody_gets_one_without_signing_in_or_from_another_site(
    anonymous: TestClient,
    sign_in_as: Callable[..., TestClient],
    add_read_paper: Callable[..., Paper],
    workshop: Workshop,
) -> None:
    paper = add_read_paper(DocumentState.FILED)
    body = {"document": paper.document}
    assert anonymous.post(PATH, json=body, headers=HEADERS).status_code == 401
    client = sign_in_as(Role.ADMINISTRATOR)
    for headers in (
        {"Origin": ORIGIN},
        {"X-Backfile": "1"},
        {**HEADERS, "Origin": "https://elsewhere.example"},
    ):
        assert client.post(PATH, json=body, headers=headers).status_code == 403
    assert exports_of(workshop, paper.document) == []


def test_what_goes_wrong_is_said_in_words(
    sign_in_as: Callable[..., TestClient],
    add_paper: Callable[..., Paper],
    add_read_paper: Callable[..., Paper],
    workshop: Workshop,
) -> None:
    client = sign_in_as(Role.SUPERVISOR)
    for body in ({"document": "doc_none"}, {}, {"document": "doc_1", "more": 1}):
        answer = client.post(PATH, json=body, headers=HEADERS)
        assert answer.status_code == 422
        assert answer.json()["error"]["next_step"]
    unread = add_paper(DocumentState.REVIEW)
    assert client.post(PATH, json={"document": unread.document}, headers=HEADERS).status_code == 409
    lost = add_read_paper(DocumentState.REVIEW)
    with workshop.catalog.look() as uow:
        (page,) = uow.pages.of_document(lost.document)
        file = uow.files.get(page.file_id)
    assert file is not None
    workshop.blobs.path_of(file.sha256).unlink()
    answer = client.post(PATH, json={"document": lost.document}, headers=HEADERS)
    assert answer.status_code == 400
    assert "missing" in answer.json()["error"]["what"]
    assert list(workshop.home.cache.glob("export-*")) == []
