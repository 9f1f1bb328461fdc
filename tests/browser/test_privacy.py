"""Nothing of a patient gets out by the screens: by logs, Redis, addresses, titles, or to the anonymous."""

from __future__ import annotations

import datetime as dt
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.user import Role
from tests.browser.papers import print_paper
from tests.browser.screens import Screens, SignIn, wait_for_pages, wait_for_screen

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

WOMAN = Patient(
    id="",
    name=PersonName("Quackenbush", "Ethelinda"),
    identifiers=(PatientIdentifier("7730042", ""),),
    birth_date=dt.date(1931, 4, 5),
)
FOLDER = "Ethelinda box"
QUERY = "zebrafish"
PLANTED = ("quackenbush", "ethelinda", "7730042", "1931-04-05", "04/05/1931", "04%2f05%2f1931", QUERY)


@pytest.fixture(scope="module")
def planted(screens: Screens, tmp_path_factory: pytest.TempPathFactory) -> dict[DocumentState, str]:
    """A filed and a waiting document of one woman, and a broken file of her name; gives a page id of each."""
    drafts = tmp_path_factory.mktemp("planted")
    index = drafts / "patients.csv"
    index.write_text("mrn,last_name,first_name,birth_date\n7730042,Quackenbush,Ethelinda,1931-04-05\n")
    screens.installation.run("patients", "import", index)
    text = (f"Subjective: asks about a {QUERY}.|Plan: none.",)
    print_paper(drafts / "QUACKENBUSH 1.pdf", WOMAN, title="PROGRESS NOTE", date="03/02/1998", pages=text)
    born_later = Patient("", WOMAN.name, WOMAN.identifiers, dt.date(1941, 4, 5))
    print_paper(drafts / "QUACKENBUSH 2.pdf", born_later, title="CONSULTATION", date="03/04/1998", pages=text)
    (drafts / "QUACKENBUSH 3.pdf").write_bytes(b"%PDF-1.4 Ethelinda\nstartxref\n9\n%%EOF\n")
    with screens.workshop.catalog.look() as uow:
        before = uow.counts.summarize().files.received
    folder = screens.home / "inbox" / FOLDER
    folder.mkdir()
    for draft in sorted(drafts.glob("*.pdf")):
        shutil.copyfile(draft, folder / draft.name)
    wait_for_pages(screens, files=before + 3)
    found = {}
    with screens.workshop.catalog.look() as uow:
        for file in uow.files.all():
            for page in uow.pages.of_file(file.id) if FOLDER in file.name else ():
                assert page.document_id is not None
                document = uow.documents.get(page.document_id)
                assert document is not None
                found[document.state] = page.id
    assert set(found) == {DocumentState.FILED, DocumentState.REVIEW}
    return found


def test_nothing_of_a_patient_gets_out(
    planted: dict[DocumentState, str], screens: Screens, sign_in: SignIn
) -> None:
    told: list[str] = []
    for role in (Role.SUPERVISOR, Role.CLINICIAN):
        page = sign_in(role)
        _listen(page, told)
        _search(page, told)
    for path in ("/scans", "/overview", "/counts"):
        page = sign_in(Role.SUPERVISOR, path)
        _listen(page, told)
        page.wait_for_timeout(1500)
        told += [page.url, page.title()]
    assert len(told) > 20
    assert _spilled({"addresses and titles": "\n".join(told)}) == set()
    assert _spilled(_read_files(screens.home / "logs")) == set()
    assert _spilled(_read_files(screens.home / "redis")) == set()


def _listen(page: Page, told: list[str]) -> None:
    page.on("request", lambda request: told.append(request.url))


def _search(page: Page, told: list[str]) -> None:
    """Choose the woman's chart and search it."""
    page.locator("[data-testid=stTopNavLink]", has_text="Search").click()
    page.wait_for_selector(".choose .who")
    page.fill(".who .text", "Quackenbush")
    page.keyboard.press("Enter")
    page.locator(".person").wait_for()
    page.keyboard.press("Enter")
    page.locator(".banner", has_text="Ethelinda").wait_for()
    page.keyboard.press("/")
    page.fill(".ask .query", QUERY)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.chart[data-answered="{QUERY}"]')
    page.keyboard.press("j")
    page.wait_for_selector(".viewer[data-shown]")
    wait_for_screen(page)
    told += [page.url, page.title()]


def test_the_anonymous_learn_nothing(planted: dict[DocumentState, str], screens: Screens) -> None:
    paths = ["/", "/login", "/search", "/scans", "/overview", "/verify", "/metrics", "/nothing"]
    paths += ["/_stcore/health", "/_stcore/metrics", "/_stcore/host-config", "/media/a.jpg"]
    paths += [f"/page/{page}.jpg?size=view" for page in planted.values()]
    for kind in ("text/html", "*/*"):
        answers = {path: _ask(screens.url + path, accept=kind) for path in paths}
        assert _spilled({path: body for path, (_, body) in answers.items()}) == set()
        given = {path: body for path, (status, body) in answers.items() if status == 200}
        # A person who opens a screen is led to the sign-in form; a program is refused.
        assert all("password" in body for path, body in given.items() if path != "/_stcore/health")
        if kind == "*/*":
            assert set(given) == {"/login", "/_stcore/health"}


def _ask(url: str, *, accept: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def _read_files(folder: Path) -> dict[str, str]:
    found = {p.name: p.read_bytes().decode("latin-1") for p in folder.rglob("*") if p.is_file()}
    assert found
    return {**found, "names": "\n".join(found)}


def _spilled(texts: dict[str, str]) -> set[tuple[str, str]]:
    return {(name, word) for name, text in texts.items() for word in PLANTED if word in text.lower()}
