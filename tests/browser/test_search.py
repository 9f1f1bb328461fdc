"""A clinician at work: one patient, that chart, the words on the page image, and nobody else's page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backfile.domain.document import DocumentState
from backfile.domain.geometry import Box, box_overlap
from backfile.domain.patient import Patient
from backfile.domain.user import Role
from samples.truth import TruePage
from tests.browser.chart_screen import (
    boxes_shown,
    is_in_sight,
    open_chart,
    open_search,
    search,
    wait_for_page,
    word_at,
)
from tests.browser.papers import MARK, ChartBox
from tests.browser.screens import Problems, Screens, SignIn, free_port
from tests.e2e.conftest import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

ENOUGH = 0.5
"""Overlap of a hit's box with where the word was printed."""


@dataclass(frozen=True)
class TrueWord:
    """A word that stands once on a filed page, and where it was printed."""

    patient: Patient
    page: str
    text: str
    box: Box


def find_true_words(screens: Screens, *, count: int) -> list[TrueWord]:
    """Return words of filed scans, each of another document, that reader and printer agree on."""
    charts = {chart.name: chart for chart in screens.samples.charts}
    found: list[TrueWord] = []
    with screens.workshop.catalog.look() as uow:
        for document in uow.documents.all(states=[DocumentState.FILED]):
            page = uow.pages.of_document(document.id)[0]
            file, reading = uow.files.get(page.file_id), uow.pages.reading_of(page.id)
            patient = uow.patients.get(document.patient_id or "")
            assert file is not None
            assert reading is not None
            if file.name not in charts or patient is None:
                continue
            true = charts[file.name].pages[page.number - 1]
            if true.grade == "born_digital":
                continue
            read = Counter(word.text.strip(".,:;").lower() for word in reading.words)
            text, box = _longest_single(true, read)
            found.append(TrueWord(patient, page.id, text, box))
            if len(found) == count:
                break
    assert len(found) == count, "too few scans were filed to look for words"
    return found


def _longest_single(true: TruePage, read: Counter[str]) -> tuple[str, Box]:
    printed = Counter(word.text.strip(".,:;").lower() for word in true.words)
    single = [
        (text, word.box)
        for word in true.words
        if (text := word.text.strip(".,:;").lower()).isalpha() and printed[text] == read[text] == 1
    ]
    return max(single, key=lambda one: len(one[0]))


def test_hit_words_are_boxed_where_they_were_printed(screens: Screens, sign_in: SignIn) -> None:
    page = open_search(sign_in, Role.CLINICIAN)
    for word in find_true_words(screens, count=3):
        open_chart(page, word.patient)
        search(page, word.text)
        row = page.locator(f'.hits .row[data-page="{word.page}"]')
        assert row.locator("mark").first.inner_text().lower() == word.text
        row.click()
        wait_for_page(page, word.page)
        assert max(box_overlap(shown, word.box) for shown in boxes_shown(page)) >= ENOUGH
        assert is_in_sight(page)
        page.keyboard.press("p")
        page.wait_for_selector(".choose .who")


def test_a_chart_is_searched_by_keyboard_and_nothing_of_it_is_told(
    box: ChartBox, screens: Screens, sign_in: SignIn
) -> None:
    page = open_search(sign_in, Role.CLINICIAN)
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    open_chart(page, box.patient)
    expect(page.locator(".time .row", has_text="Progress note")).to_contain_text("03/02/1998")
    expect(page.locator(".time .year", has_text="2003")).to_have_count(1)

    search(page, MARK)
    expect(page.locator(".hits .answer")).to_contain_text("Found on 4 pages. Searched:")
    expect(page.locator(".hits .says")).to_contain_text("await")
    expect(page.locator(".hit .unverified")).to_have_count(4)
    shown = [one.get_attribute("data-page") or "" for one in page.locator(".hits .row").all()]

    page.keyboard.press("j")
    walked = [word_at(page)]
    for _ in range(4):
        page.keyboard.press("n")
        walked.append(word_at(page))
    assert len(set(walked)) == 5  # two words on one page, one on each of the others
    assert {at for at, _ in walked} == set(shown)
    page.keyboard.press("N")
    assert word_at(page) == walked[-2]

    page.locator(".chip", has_text="Radiology report").click()
    expect(page.locator(".hits .row")).to_have_count(1)
    expect(page.locator(".hits .answer")).to_contain_text("1 of 4 pages shown by the filter.")
    page.get_by_role("button", name="Drop the filter").click()
    page.locator(".chip", has_text="2003").click()
    expect(page.locator(".hits .row")).to_have_count(1)
    expect(page.locator(".hits .head")).to_contain_text("Discharge summary")

    search(page, "zebra")
    expect(page.locator(".hits .answer")).to_have_text(re.compile(r"^Not found in the \d+ readable pages\.$"))
    page.keyboard.press("t")
    page.locator(".time .row", has_text="Radiology report").click()
    expect(page.locator(".viewer .title")).to_contain_text("03/09/1998")

    secrets = (MARK, "zebra", box.patient.name.last, box.patient.mrn.value, "box%207", "a.pdf")
    assert not [url for url in [*told, page.url] if any(secret in url for secret in secrets)]
    assert page.title() == "Backfile"
    with screens.workshop.catalog.look() as uow:
        searched = [e.event for e in uow.audit.all() if e.event.action.value == "searched"]
    assert searched[-1].patient == box.patient.id
    assert not [e for e in searched if MARK in str(e) or "zebra" in str(e)]


def test_a_clinician_gets_no_page_of_another_patient_nor_of_the_queue(
    box: ChartBox, screens: Screens, sign_in: SignIn, problems: Problems
) -> None:
    problems.expect("403")
    with screens.workshop.catalog.look() as uow:
        documents = list(uow.documents.all())
        mine = [d for d in documents if d.patient_id == box.patient.id]
        others = [d for d in documents if d.patient_id not in (None, box.patient.id)]
        waiting = [d for d in documents if d.state is DocumentState.REVIEW]
        pages = [uow.pages.of_document(held[0].id)[0].id for held in (mine, others, waiting)]
    page = open_search(sign_in, Role.CLINICIAN)
    assert fetch_pages(page, pages) == [403, 403, 403]
    open_chart(page, box.patient)
    assert fetch_pages(page, pages) == [200, 403, 403]
    technician = sign_in(Role.TECHNICIAN)
    assert fetch_pages(technician, pages) == [200, 200, 200]
    scanning = sign_in(Role.SCANNING)
    assert fetch_pages(scanning, pages) == [403, 403, 403]


def fetch_pages(page: Page, ids: list[str]) -> list[int]:
    statuses: list[int] = page.evaluate(
        """(ids) => Promise.all(
          ids.map((id) => fetch(`/page/${id}.jpg?size=thumb`).then((answer) => answer.status)),
        )""",
        ids,
    )
    return statuses


def test_across_patients_each_hit_names_its_own(box: ChartBox, sign_in: SignIn, problems: Problems) -> None:
    page = open_search(sign_in, Role.SUPERVISOR)
    page.get_by_role("button", name="Search all charts").click()
    expect(page.locator(".banner")).to_contain_text("All patients")
    search(page, MARK)
    expect(page.locator(".hits .whose")).to_have_count(4)
    expect(page.locator(".hits .whose").first).to_contain_text(f"MRN {box.patient.mrn.value}")
    page.keyboard.press("j")
    expect(page.locator(".banner")).to_contain_text(str(box.patient.name))
    page.locator(".viewer[data-shown]").wait_for()
    clinician = open_search(sign_in, Role.CLINICIAN)
    expect(clinician.get_by_role("button", name="Search all charts")).to_have_count(0)
    open_chart(clinician, box.patient)
    problems.expect("401")
    clinician.context.clear_cookies()
    clinician.fill(".ask .query", MARK)
    clinician.keyboard.press("Enter")
    expect(clinician.get_by_text("Session ended.")).to_be_visible()
    expect(clinician.locator(".banner, .row")).to_have_count(0)


@pytest.fixture
def without_index(screens: Screens, box: ChartBox, tmp_path: Path) -> Iterator[str]:
    """The same archive, its index gone and nobody there to build it anew; gives the address."""
    home = tmp_path / "home"
    shutil.copytree(screens.home, home, ignore=shutil.ignore_patterns("index", "inbox", "*.sock", "redis*"))
    for needed in ("index", "inbox"):
        (home / needed).mkdir()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ui.server"],
        env=os.environ | {"BACKFILE_HOME": str(home), "BACKFILE_UI_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def test_search_down_is_said_and_the_timeline_still_opens(
    without_index: str, box: ChartBox, screens: Screens, sign_in: SignIn, problems: Problems
) -> None:
    problems.expect("503")
    down = Screens(screens.installation, screens.samples, screens.passwords, url=without_index)
    wait_until(lambda: _answers(without_index), patience=60, what="the screens")
    opener = SignIn(down, sign_in.browser, problems, sign_in.contexts)
    page = open_search(opener, Role.CLINICIAN)
    open_chart(page, box.patient)
    page.fill(".ask .query", MARK)
    page.keyboard.press("Enter")
    alert = page.locator(".hits .alert")
    expect(alert).to_contain_text("Search is down.")
    expect(alert).to_contain_text("The timeline and all page images still open.")
    expect(page.locator(".hits")).not_to_contain_text("Not found")
    page.get_by_role("button", name="Open the timeline").click()
    page.locator(".time .row", has_text="Progress note").first.click()
    page.locator(".viewer[data-shown]").wait_for()
    expect(page.locator(".viewer .count")).to_have_text("page 1 of 2")


def _answers(url: str) -> bool:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"{url}/login", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
