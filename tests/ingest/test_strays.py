"""A page of somebody else in the middle of a document: split off for review, and found in what is filed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.ports import FixedClock
from ingest.check_chart import check_charts
from ingest.rematch import rematch_waiting
from ingest.tools import Tools
from ingest.workshop import Workshop, prepare_workshop
from tests.classify.paper import type_page
from tests.ingest.charts import put_document
from tests.ingest.test_understanding import JONES, SMITH, add_patients, assemble, tools
from tests.matching.builders import page

__all__ = ["tools"]

LABEL = "Patient: SMITH, JOHN A     DOB: 03/12/1950    MRN: 00123456"
JONES_LABEL = "Patient: JONES, ANNA     DOB: 07/01/1971    MRN: 00777777"
JAMES = Patient(
    "pat_james",
    PersonName("Smith", "James"),
    (PatientIdentifier("00654321", ""),),
    birth_date=dt.date(1950, 3, 12),
)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    clock = FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC))
    made = prepare_workshop(tmp_path / "home", clock=clock)
    add_patients(made, SMITH, JONES)
    return made


def note(label: str, number: int, of: int, text: str = "The patient feels well today.") -> str:
    return f"""
PROGRESS NOTE                                             Page {number} of {of}
{label}
Date of service: 02/03/2021
{text} Wound clean and dry. Plan: remove sutures next week and come back in a month.
"""


def taken(workshop: Workshop, tools: Tools, *texts: str) -> list[tuple[StoredDocument, list[int]]]:
    """Take in a file; return its documents with the numbers of their pages in it."""
    documents = assemble(workshop, tools, [type_page(text) for text in texts])
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize().is_balanced
        return [(one, [page.number for page in uow.pages.of_document(one.id)]) for one in documents]


@pytest.mark.parametrize("last", [2, 3])
def test_a_page_of_somebody_else_is_split_off_and_the_rest_stays_one_document(
    workshop: Workshop, tools: Tools, last: int
) -> None:
    """Whether or not the numbers count the stray page: it took a page's place, or fell in between."""
    rest, stray = taken(
        workshop, tools, note(LABEL, 1, last), note(JONES_LABEL, 2, 3), note(LABEL, last, last)
    )
    assert rest[1] == [1, 3]
    assert (rest[0].state, rest[0].patient_id) == (DocumentState.FILED, SMITH.id)
    assert stray[1] == [2]
    assert (stray[0].state, stray[0].reason, stray[0].patient_id) == (
        DocumentState.REVIEW,
        Reason.STRAY_PAGE,
        None,
    )
    assert stray[0].match is not None
    assert stray[0].match.candidates[0].patient_id == JONES.id


def test_it_stays_for_a_person_when_the_index_changes(workshop: Workshop, tools: Tools) -> None:
    _, (stray, _) = taken(workshop, tools, note(LABEL, 1, 3), note(JONES_LABEL, 2, 3), note(LABEL, 3, 3))
    add_patients(workshop, JAMES)
    rematch_waiting(workshop)
    with workshop.catalog.look() as uow:
        now = uow.documents.get(stray.id)
    assert now is not None
    assert (now.state, now.reason) == (DocumentState.REVIEW, Reason.STRAY_PAGE)


def test_several_strays_each_come_apart(workshop: Workshop, tools: Tools) -> None:
    found = taken(
        workshop,
        tools,
        note(LABEL, 1, 3),
        note(JONES_LABEL, 1, 1),
        note(LABEL, 2, 3),
        note(JONES_LABEL, 1, 1, "Blood pressure 120 over 80."),
        note(LABEL, 3, 3),
    )
    assert [(pages, one.state) for one, pages in found] == [
        ([1, 3, 5], DocumentState.FILED),
        ([2], DocumentState.REVIEW),
        ([4], DocumentState.REVIEW),
    ]


def test_without_page_numbers_nothing_shows_that_the_pages_around_are_one_document(
    workshop: Workshop, tools: Tools
) -> None:
    def plain(label: str) -> str:
        return f"\nPROGRESS NOTE\n{label}\nDate of service: 02/03/2021\nShe feels well. Wound clean.\n"

    found = taken(workshop, tools, plain(LABEL), plain(JONES_LABEL), plain(LABEL))
    assert [pages for _, pages in found] == [[1], [2], [3]]
    assert [one.patient_id for one, _ in found] == [SMITH.id, JONES.id, SMITH.id]


def test_a_page_that_nothing_ties_to_anybody_is_not_split_off(workshop: Workshop, tools: Tools) -> None:
    """Page 2 of 3 without a name is the patient's or nobody can tell: the document stays whole."""
    ((whole, pages),) = taken(workshop, tools, note(LABEL, 1, 3), note("", 2, 3), note(LABEL, 3, 3))
    assert pages == [1, 2, 3]
    assert (whole.state, whole.patient_id) == (DocumentState.FILED, SMITH.id)


def test_check_chart_finds_a_page_that_turns_out_to_be_of_a_twin(workshop: Workshop) -> None:
    """Filed while the index knew only one of them; now it knows whose number the middle page bears."""
    own = page(mrn="00123456", born="1950-03-12", name="Smith, John A")
    document = put_document(workshop, own, page(name="Smith, John A", born="1950-03-12"), own)
    assert document.state is DocumentState.FILED
    assert check_charts(workshop, [], actor="sue").strays == ()
    with workshop.catalog.begin() as uow:
        middle = uow.pages.of_document(document.id)[1]
        uow.pages.save_evidence(middle.id, page(name="Smith, James", born="1950-03-12", mrn="00654321"))
        uow.commit()
    add_patients(workshop, JAMES)
    (found,) = check_charts(workshop, ["00123456"], actor="sue").strays
    assert (found.page, found.reason, found.by_person) == (2, Reason.CONFLICT_MRN, False)
