"""Scans and overview in a browser: live, and each figure with what is behind it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backfile.domain.reasons import REASON_TEXTS, Reason
from backfile.domain.user import Role
from tests.browser.papers import ChartBox, print_paper
from tests.browser.screens import Screens, SignIn, wait_for_screen

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


def test_scans_are_live_from_received_to_searchable(
    box: ChartBox, screens: Screens, sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in(Role.SCANNING)
    page.locator("[data-testid=stTopNavLink]", has_text="My scans").click()
    line = page.locator("tr", has_text="d.pdf").first
    expect(line).to_contain_text("needs somebody")
    expect(line).to_contain_text(REASON_TEXTS[Reason.NOT_A_DOCUMENT])
    batch = page.locator("tr.opens", has_text=box.folder)
    expect(batch).to_contain_text("4 files = 3 taken + 1 rejected")
    expect(batch).to_contain_text("4 pages = 4 filed")
    expect(batch).to_contain_text("✓ balanced")

    print_paper(
        tmp_path / "late.pdf", box.patient, title="CONSULTATION", date="05/05/2004", pages=["Seen today."]
    )
    shutil.copyfile(tmp_path / "late.pdf", screens.home / "inbox" / "late.pdf")
    late = page.locator("tr", has_text="late.pdf").first
    expect(late).to_be_visible(timeout=30_000)
    expect(late).to_contain_text("✓ searchable", timeout=60_000)
    expect(late).to_contain_text("1 filed")

    page.locator(".card", has_text="Need somebody").click()
    expect(page.locator("tr", has_text="late.pdf")).to_have_count(0)
    expect(page.locator("tr", has_text="d.pdf").first).to_be_visible()
    assert "d.pdf" not in page.url


def test_a_figure_of_the_overview_opens_the_documents_behind_it(screens: Screens, sign_in: SignIn) -> None:
    page = sign_in(Role.SUPERVISOR)
    page.locator("[data-testid=stTopNavLink]", has_text="Overview").click()
    expect(page.locator(".note.good")).to_contain_text("Balanced")
    card = page.locator(".card", has_text="Filed unaided")
    filed = int((card.locator(".sub").inner_text()).split()[0])
    card.click()
    expect(page.locator("tr.opens")).to_have_count(filed)
    assert re.search(r"/overview\?show=filed\.machine$", page.url)
    expect(page.locator("tr.opens .unverified")).to_have_count(filed)
    page.locator("tr.opens").first.focus()
    page.keyboard.press("Enter")
    page.locator(".viewer[data-shown]").wait_for()
    wait_for_screen(page)
    expect(page.locator(".patient-banner")).to_contain_text("MRN")
    history = page.locator("section", has_text="History of decisions")
    expect(history).to_contain_text("Filed by itself.")
    assert re.search(r"/document\?doc=doc_[0-9a-z]+$", page.url)
