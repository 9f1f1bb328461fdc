"""Saving a document as a PDF, in a browser: offered to who may, and what is saved is the document."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from backfile.domain.audit import AuditAction
from backfile.domain.user import Role
from tests.browser.chart_screen import open_chart, open_search, search
from tests.browser.papers import MARK, ChartBox
from tests.browser.screens import Screens, SignIn

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


def save(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save PDF").click()
    name = waiting.value.suggested_filename
    waiting.value.save_as(folder / name)
    expect(page.get_by_role("button", name="Save PDF")).to_be_enabled()
    return folder / name


def test_who_may_export_saves_the_document_that_is_shown(
    box: ChartBox, screens: Screens, sign_in: SignIn, tmp_path: Path
) -> None:
    page = open_search(sign_in, Role.SUPERVISOR)
    open_chart(page, box.patient)
    search(page, MARK)
    page.keyboard.press("j")
    page.locator(".viewer[data-shown]").wait_for()
    found = save(page, tmp_path)
    page.get_by_role("button", name="Details").click()
    page.wait_for_selector("text=History of decisions")
    sheet = tmp_path / "sheet"
    sheet.mkdir()
    again = save(page, sheet)
    assert again.name == found.name
    document = found.stem
    with pikepdf.open(found) as pdf:
        assert str(pdf.docinfo.Title) in ("Progress note", "Radiology report", "Discharge summary")
    assert MARK in pypdfium2.PdfDocument(found)[0].get_textpage().get_text_range()
    with screens.workshop.catalog.look() as uow:
        events = [sealed.event for sealed in uow.audit.all(subject=document)]
    taken = [event for event in events if event.action is AuditAction.EXPORTED]
    assert [(event.actor, event.patient) for event in taken] == [("supervisor", box.patient.id)] * 2


def test_a_clinician_is_not_offered_it(box: ChartBox, sign_in: SignIn) -> None:
    page = open_search(sign_in, Role.CLINICIAN)
    open_chart(page, box.patient)
    search(page, MARK)
    page.keyboard.press("j")
    page.locator(".viewer[data-shown]").wait_for()
    expect(page.get_by_role("button", name="Details")).to_be_visible()
    expect(page.get_by_role("button", name="Save PDF")).to_have_count(0)
