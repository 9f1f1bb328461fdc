"""The reader with the shipped models: from pages to documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from backfile.domain.document import FieldName, Sighting, SightingKind, SightingSource, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.page import PageReading
from classify import DocumentReader, IdentifierFinder, UnderstoodDocument, find_evidence, load_reader
from classify.document_type import add_titles, classify_document
from classify.identifiers import join_sightings
from classify.layout import lay_out_page
from classify.letterhead import read_page_head
from classify.model import load_model
from tests.classify.paper import TODAY, type_page

DISCHARGE = """
MERCY GENERAL HOSPITAL
DISCHARGE SUMMARY
Patient: SMITH, JOHN A     DOB: 03/12/1950    MRN: 00123456
Admit Date: 01/02/2020     Discharge Date: 01/05/2020    Attending: Alan Turing, MD
HOSPITAL COURSE
The patient was admitted with pneumonia, treated with antibiotics and improved.
DISCHARGE MEDICATIONS
Amoxicillin 500 mg by mouth three times daily for seven days.
"""
CONSENT = """
MERCY GENERAL HOSPITAL
CONSENT FOR SURGERY
Patient: JONES, ANNA       DOB: 07/01/1971    MRN: 00777777
I consent to the operation and to the administration of anesthesia. The risks were explained to me.
"""


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return load_reader()


def fields_of(document: UnderstoodDocument) -> dict[FieldName, str]:
    return {field.name: field.value for field in document.fields}


def test_pages_become_documents(reader: DocumentReader) -> None:
    pages = [type_page(DISCHARGE), None, type_page(""), type_page(CONSENT), type_page("", codes=("PATCHT",))]
    first, second = reader.understand_pages(pages)
    assert (first.cut.pages, second.cut.pages) == ((1, 2), (4,))
    assert [e.page for e in first.evidence] == [1, 2]
    assert first.evidence[1].sightings == ()
    assert (first.type.name, second.type.name) == ("discharge_summary", "consent")
    assert fields_of(first)[FieldName.PATIENT_NAME] == "SMITH, JOHN A"
    assert fields_of(first)[FieldName.BIRTH_DATE] == "1950-03-12"
    assert fields_of(first)[FieldName.MRN] == "00123456"
    assert fields_of(first)[FieldName.SERVICE_DATE] == "2020-01-05"
    assert fields_of(first)[FieldName.FACILITY] == "MERCY GENERAL HOSPITAL"
    assert fields_of(second)[FieldName.MRN] == "00777777"


def test_nothing_gives_nothing(reader: DocumentReader) -> None:
    assert reader.understand_pages([]) == ()
    (unread,) = reader.understand_pages([None])
    assert unread.type == TypeGuess(UNKNOWN, 0.0)
    assert unread.fields == ()


def test_rule_and_model_together_are_surer_than_the_rule() -> None:
    page = type_page(DISCHARGE, confidence=0.999)
    alone = find_evidence(page, page_number=1, finder=IdentifierFinder(None, today=TODAY))
    both = find_evidence(page, page_number=1, finder=IdentifierFinder(load_model(), today=TODAY))
    (rule,) = [s for s in alone.sightings if s.kind is SightingKind.PATIENT_NAME]
    (seen,) = [s for s in both.sightings if s.kind is SightingKind.PATIENT_NAME]
    assert seen.source is SightingSource.BOTH
    assert rule.source is SightingSource.RULE
    assert rule.confidence < seen.confidence <= 0.999


def test_each_half_can_be_left_out() -> None:
    page = type_page(DISCHARGE)
    only = find_evidence(page, page_number=3, finder=IdentifierFinder(load_model(), uses_rules=False))
    assert {s.source for s in only.sightings} == {SightingSource.MODEL}
    assert {s.page for s in only.sightings} == {3}


@pytest.mark.parametrize(
    ("name", "is_kept"), [("Review, Systems", False), ("Systems, Rita", True), ("SMITH, JOHN A", True)]
)
def test_a_name_of_which_no_word_names_people_is_none(name: str, is_kept: bool) -> None:
    page = type_page("nothing\n")
    seen = Sighting(SightingKind.PATIENT_NAME, name, name, 0.9, 1, (0.1, 0.1, 0.3, 0.12))
    assert bool(join_sightings((), (seen,), page=page)) is is_kept


class Undecided:
    """A model that cannot tell one type from another."""

    def guess_type(self, pages: Sequence[PageReading]) -> TypeGuess:
        return TypeGuess(UNKNOWN, 0.3)

    def weigh_types(self, pages: Sequence[PageReading]) -> Mapping[str, float]:
        return {"consent": 1 / 3, "referral": 1 / 3, "ecg_report": 1 / 3}


@pytest.mark.parametrize(
    ("title", "name"),
    [("REFERRAL FORM", "referral"), ("REFFRRAL F0RM", "referral"), ("SOME OTHER FORM", UNKNOWN)],
)
def test_a_title_decides_where_words_do_not(title: str, name: str) -> None:
    page = type_page(f"{title}\nplain words follow here\n")
    guess = classify_document([page], [read_page_head(lay_out_page(page))], model=Undecided())
    assert guess.name == name


def test_titles_leave_probabilities_that_sum_to_one() -> None:
    head = read_page_head(lay_out_page(type_page("REFERRAL FORM\n")))
    shares = add_titles({"consent": 0.9, "referral": 0.1}, [head])
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["referral"] > 0.9
