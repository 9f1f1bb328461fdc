"""Checks in a browser: a drawn filing without its patient, who is found anew by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from backfile.domain.patient import Patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.unaided import Verdict
from backfile.domain.user import Role
from tests.browser.papers import ChartBox
from tests.browser.screens import Screens, SignIn, wait_for_screen

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


def draw_one(screens: Screens, patient: Patient) -> StoredDocument:
    """Let one document that was filed unaided be drawn, and no other."""
    with screens.workshop.catalog.begin() as uow:
        for other in uow.unaided.to_check(limit=1000):
            uow.unaided.put(replace(other, drawn=False))
        filed = [one for one in uow.documents.all() if one.patient_id == patient.id]
        document, filing = next((one, uow.unaided.get(one.id)) for one in filed if uow.unaided.get(one.id))
        assert filing is not None
        uow.unaided.put(replace(filing, drawn=True))
        uow.commit()
    return document


def test_a_drawn_filing_is_checked_blindly_and_by_keyboard(
    box: ChartBox, screens: Screens, sign_in: SignIn
) -> None:
    drawn = draw_one(screens, box.patient)
    page = sign_in(Role.TECHNICIAN)
    expect(page.locator("text=Drawn from what Backfile filed by itself")).to_be_visible()
    page.locator("[data-testid=stTopNavLink]", has_text="Checks").click()
    page.locator(".viewer[data-shown]").wait_for()
    wait_for_screen(page)
    shown = page.inner_text("body")
    assert box.patient.mrn.value not in shown
    assert box.patient.name.last not in shown
    confirm = page.get_by_role("button", name="It is this patient's")
    expect(confirm).to_be_disabled()

    page.get_by_label("MRN, birth date or name").fill(box.patient.mrn.value)
    page.keyboard.press("Enter")
    found = page.locator("label", has_text=box.patient.name.last).filter(
        has_text=f"MRN {box.patient.mrn.value}"
    )
    radio = found.get_by_role("radio")
    expect(radio).not_to_be_checked()  # nobody is preselected
    expect(confirm).to_be_disabled()
    radio.focus()
    page.keyboard.press("Space")
    expect(confirm).to_be_enabled()
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It stands under that patient")).to_be_visible()
    expect(page.get_by_text("No filing waits to be checked")).to_be_visible()
    assert page.url.endswith("/checks")
    with screens.workshop.catalog.look() as uow:
        filing, document = uow.unaided.get(drawn.id), uow.documents.get(drawn.id)
    assert filing is not None
    assert filing.verdict is Verdict.RIGHT
    assert document is not None
    assert document.reason is not Reason.CHECK_DIFFERS
    assert document.patient_id == drawn.patient_id


def test_others_have_no_checks(screens: Screens, sign_in: SignIn) -> None:
    sign_in.problems.expect("page that you have requested does not seem to exist")
    page = sign_in(Role.CLINICIAN)
    expect(page.locator("[data-testid=stTopNavLink]", has_text="Search")).to_be_visible()
    assert page.locator("[data-testid=stTopNavLink]", has_text="Checks").count() == 0
    page.goto(screens.url + "/checks")
    wait_for_screen(page)
    assert page.locator("text=Whose is this?").count() == 0
