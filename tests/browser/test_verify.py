"""A technician at work: by keyboard, in real Chromium, on real page images."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backfile.domain.document import DocumentState, FieldName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.store.schema import decisions
from ingest.workshop import Workshop
from tests.browser.screens import Problems, Screens, SignIn
from tests.browser.station import LEAST_MS, Station, open_station
from tests.papers import add_waiting
from tests.people import ANNA, ANNAS, BARE, BURT, BURTS, TWIN, UNNUMBERED

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def workshop(screens: Screens) -> Workshop:
    """The installation, with the people of these tests in its index."""
    workshop = screens.workshop
    with workshop.catalog.begin() as uow:
        uow.patients.add(ANNA, TWIN, BURT)
        uow.commit()
    return workshop


def look(workshop: Workshop, document: str) -> StoredDocument:
    with workshop.catalog.look() as uow:
        found = uow.documents.get(document)
    assert found is not None
    return found


def count_decisions(workshop: Workshop, documents: list[str], kind: str) -> Counter[str]:
    with workshop.catalog.look() as uow:
        rows = uow.connection.execute(
            select(decisions.c.document_id).where(
                decisions.c.document_id.in_(documents), decisions.c.kind == kind
            )
        )
        return Counter(rows.scalars())


def test_choose_confirm_and_undo_by_keys_alone(sign_in: SignIn, workshop: Workshop) -> None:
    first, second = add_waiting(workshop, [[UNNUMBERED], [BURTS]])
    station = open_station(sign_in, first)
    expect(station.page.locator(".why")).to_contain_text("Too few identifiers")
    assert station.page.locator("[aria-selected=true]").count() == 0
    station.press("Enter")
    station.expect_words("first, then Enter")
    assert station.document == first
    station.press(station.digit_of(TWIN.id))
    expect(station.candidate(TWIN.id)).to_contain_text("✗ another name")
    station.press(station.digit_of(ANNA.id))
    chosen = station.candidate(ANNA.id)
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen).to_contain_text("✓ agrees")
    expect(chosen).to_contain_text("Possible twin")
    expect(chosen.locator("canvas").first).to_be_visible()
    assert "%" not in chosen.inner_text()
    station.press("Enter")
    station.wait_for(second)
    station.wait_until_saved()
    filed = look(workshop, first)
    assert (filed.state, filed.patient_id, filed.reason) == (
        DocumentState.FILED,
        ANNA.id,
        Reason.CONFIRMED_BY_PERSON,
    )
    expect(station.page.locator(".progress")).to_contain_text("1 decided by you")
    station.press("z")
    station.wait_for(first)
    station.expect_words("Undone")
    assert look(workshop, first).state is DocumentState.REVIEW
    assert look(workshop, first).patient_id is None
    expect(station.page.locator(".progress")).to_contain_text("0 decided by you")
    station.press(station.digit_of(ANNA.id), "Enter")
    station.wait_for(second)
    station.wait_until_saved()
    assert look(workshop, first).patient_id == ANNA.id


def test_correct_by_clicking_words_find_the_patient_and_change_the_type(
    sign_in: SignIn, workshop: Workshop
) -> None:
    misread = replace(BURTS, mrn="70771234", confidence=0.5)
    document, other = add_waiting(workshop, [[misread], [BARE]])
    with workshop.catalog.look() as uow:
        (page,) = uow.pages.of_document(document)
        reading = uow.pages.reading_of(page.id)
        assert reading is not None
        boxes = {word.text: word.box for word in reading.words}
    station = open_station(sign_in, document)
    expect(station.field("mrn")).to_contain_text("⚠ check")
    station.press("Tab")
    expect(station.field("patient_name").locator("input")).to_be_focused()
    station.press("m")  # typed into the name: keys mean letters there
    station.press("Escape", "n")
    station.click_box(boxes["Burt"])
    station.click_box(boxes["Zolotareff,"], shift=True)
    name = station.field("patient_name").locator("input")
    expect(name).to_have_value("Burt Zolotareff,")
    station.press("Enter")
    expect(station.field("patient_name")).to_contain_text("✎ corrected")
    expect(name).to_have_value("Zolotareff, Burt")
    station.press("b")
    station.type("the third of May")
    station.press("Enter")
    expect(station.field("birth_date")).to_contain_text("not a date")
    station.press("p")
    station.type("zolotareff 2/3/1944")
    expect(station.page.locator(".found .cand").first).to_contain_text("Zolotareff")
    station.press("Enter")
    expect(station.candidate(BURT.id)).to_have_attribute("aria-selected", "true")
    station.press("Enter")
    station.expect_words("not a date")
    station.press("b")
    station.type("Feb 3, 1944")
    station.press("Enter")
    expect(station.field("birth_date").locator("input")).to_have_value("02/03/1944")
    station.press("t", "o", "p")
    expect(station.page.locator(".which")).to_contain_text("Operative note")
    expect(station.candidate(BURT.id)).to_be_visible()
    station.press(station.digit_of(BURT.id), "Enter")
    station.wait_for(other)
    station.wait_until_saved()
    filed = look(workshop, document)
    assert (filed.state, filed.patient_id, filed.type.name) == (
        DocumentState.FILED,
        BURT.id,
        "operative_note",
    )
    assert filed.field(FieldName.PATIENT_NAME) == "Zolotareff, Burt"
    assert filed.field(FieldName.BIRTH_DATE) == "1944-02-03"


def test_a_superseded_document_is_linked_to_what_took_its_place(sign_in: SignIn, workshop: Workshop) -> None:
    (old,) = add_waiting(workshop, [[BURTS]], type="consultation")
    (new,) = add_waiting(workshop, [[BURTS]], type="consultation")
    station = open_station(sign_in, old)
    station.press("x", "3")
    first = station.page.locator(".successor").first
    expect(first).to_have_attribute("data-document", new)
    expect(first).to_contain_text("05/02/1999")
    expect(first.locator("img")).to_be_visible()
    station.press("Escape")
    assert station.document == old
    station.press("x", "3")
    expect(first).to_be_visible()
    station.press("1")
    station.wait_for_another(old)
    station.wait_until_saved()
    removed = look(workshop, old)
    assert (removed.reason, removed.superseded_by) == (Reason.REMOVED_SUPERSEDED, new)
    station.press("z")
    station.wait_for(old)
    assert look(workshop, old).superseded_by is None


def test_reject_postpone_turn_and_split(sign_in: SignIn, workshop: Workshop) -> None:
    turned, rejected, later, double = add_waiting(
        workshop, [[replace(BURTS, upside_down=True)], [BARE], [BURTS], [BURTS, UNNUMBERED]]
    )
    station = open_station(sign_in, turned)
    station.press("]", "]")
    station.wait_until_saved()
    with workshop.catalog.look() as uow:
        (page,) = uow.pages.of_document(turned)
    assert page.view_rotation == 180
    station.press(station.digit_of(BURT.id), "Enter")
    station.wait_for(rejected)
    station.press("x", "1")
    station.wait_for(later)
    station.press("Space")
    station.wait_for(double)
    station.press("s")
    station.expect_words("go to the page that begins the next document")
    station.press("PageDown")
    station.wait_for_page(2)
    station.press("s")
    station.wait_for_another(double)
    station.wait_until_saved()
    assert look(workshop, turned).patient_id == BURT.id
    removed = look(workshop, rejected)
    assert (removed.state, removed.reason) == (DocumentState.REMOVED, Reason.REMOVED_NOT_A_RECORD)
    assert look(workshop, later).postponed_at is not None
    with workshop.catalog.look() as uow:
        assert len(uow.pages.of_document(double)) == 1
    station.press("z")
    station.wait_for(double)
    with workshop.catalog.look() as uow:
        assert len(uow.pages.of_document(double)) == 2


def test_a_page_of_somebody_else_must_be_looked_at(
    sign_in: SignIn, workshop: Workshop, problems: Problems
) -> None:
    mixed, other = add_waiting(workshop, [[ANNAS, BARE, BURTS], [BARE]])
    station = open_station(sign_in, mixed)
    station.press(station.digit_of(ANNA.id))
    marks = station.page.locator(".thumb .mark").all_inner_texts()
    assert marks == ["✓ agrees", "– nothing", "✗ differs"]
    expect(station.page.locator(".thumb").nth(2)).to_contain_text("unseen")
    station.press("Enter")
    station.expect_words("page 3 differs from this patient")
    assert station.document == mixed
    assert look(workshop, mixed).state is DocumentState.REVIEW
    station.wait_for_page(3)
    expect(station.page.locator(".thumb").nth(2)).not_to_contain_text("unseen")
    station.press("Enter")
    station.wait_for(other)
    station.wait_until_saved()
    assert look(workshop, mixed).patient_id == ANNA.id


def test_two_technicians_get_different_documents(
    sign_in: SignIn, workshop: Workshop, problems: Problems
) -> None:
    mine = add_waiting(workshop, [[BURTS]] * 6)
    theirs = add_waiting(workshop, [[BURTS]] * 6)
    one = open_station(sign_in, mine[0])
    two = open_station(sign_in, theirs[0], account="technician2")
    seen: dict[str, list[str]] = {"one": [], "two": []}
    for _ in range(3):
        for name, station in (("one", one), ("two", two)):
            document = station.document
            station.wait_for(document)
            seen[name].append(document)
            station.press(station.digit_of(BURT.id), "Enter")
            station.wait_for_another(document)
    one.wait_until_saved()
    two.wait_until_saved()
    assert not set(seen["one"]) & set(seen["two"])
    assert seen["one"] == mine[:3]
    assert seen["two"] == theirs[:3]
    (theirs_still,) = add_waiting(workshop, [[BURTS]])
    keeper = open_station(sign_in, theirs_still)
    problems.expect("409")
    late = Station(sign_in("supervisor", f"/verify?doc={theirs_still}"))
    late.expect_words("Somebody else has this document")
    assert late.document != theirs_still
    assert keeper.document == theirs_still


def test_a_burst_of_forty_is_saved_once_each(sign_in: SignIn, workshop: Workshop) -> None:
    documents = add_waiting(workshop, [[BURTS]] * 40)
    station = open_station(sign_in, documents[0])
    for document in documents:
        expect(station.root).to_have_attribute("data-shown", document, timeout=30_000)
        station.press("1")
        station.page.wait_for_timeout(LEAST_MS)
        station.press("Enter")
    station.wait_for_another(documents[-1])
    station.wait_until_saved()
    assert count_decisions(workshop, documents, "confirm") == Counter(documents)
    assert {look(workshop, document).patient_id for document in documents} == {BURT.id}
    expect(station.page.locator(".progress")).to_contain_text("40 decided by you")


def test_what_was_decided_is_kept_while_the_link_is_lost(
    sign_in: SignIn, workshop: Workshop, problems: Problems
) -> None:
    problems.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")
    first, second = add_waiting(workshop, [[BURTS], [BURTS]])
    station = open_station(sign_in, first)
    station.page.wait_for_timeout(800)  # the next one is fetched ahead
    station.page.context.set_offline(True)
    station.press(station.digit_of(BURT.id), "Enter")
    station.wait_for(second)
    expect(station.page.locator(".lost")).to_contain_text("link to the server is lost")
    expect(station.page.locator(".net")).to_contain_text("1 decision kept")
    station.press("1", "Enter")
    station.expect_words("Keys are locked")
    assert station.document == second
    assert look(workshop, first).state is DocumentState.REVIEW
    station.page.context.set_offline(False)
    station.wait_until_saved()
    expect(station.page.locator(".lost")).to_be_hidden()
    assert look(workshop, first).patient_id == BURT.id
    assert count_decisions(workshop, [first], "confirm") == {first: 1}


def test_no_key_reaches_streamlit(sign_in: SignIn, workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[BURTS]])
    station = open_station(sign_in, document)
    station.page.evaluate(
        "window.framesSent = 0; const send = WebSocket.prototype.send;"
        "WebSocket.prototype.send = function (data) { framesSent += 1; return send.call(this, data); }; 0"
    )
    station.press("r", "c", "R", "C", "b", "r", "c", "Escape")
    station.page.wait_for_timeout(500)
    assert station.page.evaluate("window.framesSent") == 0
    assert station.document == document
    station.press("?")
    expect(station.page.get_by_role("dialog", name="Keys")).to_be_visible()
    station.press("Escape")
    expect(station.page.get_by_role("dialog")).to_have_count(0)


def test_nothing_stays_on_the_screen_when_the_session_is_over(
    sign_in: SignIn, workshop: Workshop, problems: Problems
) -> None:
    problems.expect("401|4401|WebSocket")
    (document,) = add_waiting(workshop, [[BURTS]])
    station = open_station(sign_in, document)
    station.page.context.clear_cookies()
    station.press(station.digit_of(BURT.id), "Enter")
    station.page.wait_for_function("() => !document.body.innerText.includes('Zolotareff')")
    expect(
        station.page.get_by_text("Session ended").or_(station.page.locator("[name=password]"))
    ).to_be_visible(timeout=20_000)
    assert look(workshop, document).state is DocumentState.REVIEW
