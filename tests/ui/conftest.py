"""The web application over a small catalog, asked without a browser."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, TypeGuess
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.user import Role
from backfile.ids import new_id
from backfile.ports import FixedClock
from backfile.services.accounts import add_user
from backfile.services.decide import note_machine_decision
from backfile.settings import load_settings
from ingest.workshop import Workshop, open_workshop, prepare_workshop
from tests.people import ODETTE
from tests.received import receive_file
from ui.auth.gate import COOKIE
from ui.context import use_workshop
from ui.server import make_app

PASSWORD = "correct horse battery"
HOST = "127.0.0.1:8501"
ORIGIN = f"http://{HOST}"
START = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Paper:
    """A document of one page."""

    document: str
    page: str


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one patient and an account for each role, to be copied."""
    root = tmp_path_factory.mktemp("screens") / "home"
    made = prepare_workshop(root, clock=FixedClock(START))
    with made.catalog.begin() as uow:
        uow.patients.add(ODETTE)
        uow.commit()
    for role in Role:
        add_user(role.value, role, PASSWORD, catalog=made.catalog, actor="test")
    return root


@pytest.fixture
def workshop(new_home: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Workshop]:
    """A home of its own, served by the screens of this process."""
    made = open_workshop(shutil.copytree(new_home, tmp_path / "home"), clock=clock)
    use_workshop(made)
    yield made
    use_workshop(None)


@pytest.fixture(scope="session")
def app() -> Iterator[st.App]:
    """The application; Streamlit allows one in a process."""
    made = make_app(load_settings(None))
    with TestClient(made, base_url=ORIGIN):
        yield made


@pytest.fixture
def anonymous(app: st.App, workshop: Workshop) -> TestClient:
    """A browser in which nobody is signed in; it does not follow redirects."""
    return TestClient(app, base_url=ORIGIN, follow_redirects=False)


@pytest.fixture
def sign_in_as(app: st.App, workshop: Workshop) -> Callable[..., TestClient]:
    """``sign_in_as(role)`` returns a browser in which somebody of that role is signed in."""

    def sign_in(role: Role) -> TestClient:
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        answer = send_form(client, role.value, PASSWORD)
        assert answer == 303
        assert COOKIE in client.cookies
        return client

    return sign_in


def send_form(client: TestClient, name: str, password: str, *, target: str = "/") -> int:
    """Fill in the sign-in form as a browser would; return the status of the answer."""
    page = client.get("/login").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": token, "name": name, "password": password, "next": target}
    return client.post("/login", data=fields, headers={"Origin": ORIGIN}).status_code


@pytest.fixture
def add_paper(workshop: Workshop, tmp_path: Path) -> Callable[..., Paper]:
    """``add_paper(state)`` adds a document of one drawn page."""

    def add(state: DocumentState) -> Paper:
        scan = tmp_path / f"{new_id('scan')}.png"
        sheet = Image.new("RGB", (850, 1100), "white")
        ImageDraw.Draw(sheet).text((100, 100), scan.stem, fill="black")
        sheet.save(scan, dpi=(100, 100))
        sha256 = workshop.blobs.add_file(scan)
        with workshop.catalog.begin() as uow:
            now = uow.clock.now()
            file = receive_file(
                uow, pages=1, name="scan.png", sha256=sha256, size=scan.stat().st_size, kind="png"
            )
            (page,) = uow.pages.add(file.id, count=1)
            document = StoredDocument(
                id=new_id("doc"),
                state=state,
                reason=Reason.UNDONE,
                type=TypeGuess("progress_note", 0.9),
                match=MatchOutcome(state, Reason.UNDONE),
                fields=(),
                cut_reason="first_page",
                received_at=now,
                patient_id=ODETTE.id if state is DocumentState.FILED else None,
            )
            uow.documents.add(document)
            uow.pages.set_state([page.id], PageState(state.value), document_id=document.id)
            note_machine_decision(uow, document, before=None)
            uow.commit()
        return Paper(document.id, page.id)

    return add
