"""A waiting document as the station shows it: its pages, what was read, whose it could be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from backfile.domain.document import FieldName
from backfile.domain.document_types import DOCUMENT_TYPES
from backfile.domain.patient import Patient, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.request import FieldCorrection
from backfile.services.corrections import correct_document
from ingest.tools import filing_rules
from ingest.workshop import Workshop
from tests import people
from tests.papers import Sheet, add_waiting
from tests.people import ANNA, ANNAS, BARE, BURTS, TWIN
from ui.components.station import PARTS, join_script
from ui.verify.candidates import compare_patients
from ui.verify.corrections import lay_over, read_evidence, understand
from ui.verify.judge import MatchingPageJudge
from ui.verify.read_document import propose_candidates, view_document
from ui.verify.type_codes import TYPE_CODES, list_types
from ui.verify.views import CandidateView, DocumentView

TODAY = dt.date(2026, 11, 24)
BURT = replace(
    people.BURT,
    name=PersonName("Zolotareff", "Burt", "", "Sr"),
    death_date=dt.date(2001, 5, 6),
)


@pytest.fixture(autouse=True)
def _patients(workshop: Workshop) -> None:
    with workshop.catalog.begin() as uow:
        uow.patients.add(ANNA, TWIN, BURT)
        uow.commit()


def view(workshop: Workshop, document_id: str) -> DocumentView:
    with workshop.catalog.look() as uow:
        document = uow.documents.get(document_id)
        assert document is not None
        return view_document(document, uow=uow, rules=filing_rules(workshop.settings))


def beside(
    workshop: Workshop, document_id: str, patient: Patient, *corrections: FieldCorrection
) -> CandidateView:
    with workshop.catalog.look() as uow:
        document = uow.documents.get(document_id)
        assert document is not None
        evidence = read_evidence(document, corrections, uow=uow)
        (one,) = compare_patients([patient], evidence, uow=uow, rules=filing_rules(workshop.settings))
        return one


def test_a_document_shows_its_reason_its_pages_and_where_it_stands(workshop: Workshop) -> None:
    first, second = add_waiting(workshop, [[ANNAS, BARE], [BURTS]])
    seen = view(workshop, first)
    assert seen.reason == "too_few_identifiers"
    assert "identifiers" in seen.reason_text
    assert (seen.type.label, seen.type.code) == ("Progress note", "PN")
    assert [page.position for page in seen.pages] == [1, 2]
    assert (seen.chart.part, seen.chart.of) == (1, 2)
    assert view(workshop, second).chart.part == 2
    words = seen.pages[0].words
    assert words is not None
    assert "Quillfeather," in [word[0] for word in words]


def test_words_of_long_documents_are_asked_for_page_by_page(workshop: Workshop) -> None:
    (long,) = add_waiting(workshop, [[ANNAS] * 10])
    pages = view(workshop, long).pages
    assert [page.words is None for page in pages] == [False] * 8 + [True] * 2


def test_fields_that_were_not_found_are_shown_empty(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[BURTS]])
    fields = {field.name: field for field in view(workshop, document).fields}
    assert fields["mrn"].value == ""
    assert not fields["mrn"].sure
    assert fields["birth_date"].value == "1944-02-03"
    assert fields["birth_date"].sure
    assert fields["birth_date"].box is not None


def test_what_was_read_with_doubt_is_to_be_checked(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[replace(ANNAS, confidence=0.7)]])
    assert not any(field.sure for field in view(workshop, document).fields)


def test_a_candidate_is_shown_with_name_parts_verdicts_and_the_place_on_the_page(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[BARE, ANNAS]])
    anna = next(one for one in view(workshop, document).candidates if one.patient == ANNA.id)
    assert (anna.name.last, anna.name.first, anna.name.middle, anna.name.suffix) == (
        "Quillfeather",
        "Anna",
        "Louise",
        "",
    )
    assert (anna.mrn, anna.facility, anna.birth_date, anna.sex) == ("70482913", "", "1961-04-18", "F")
    fields = {field.name: field for field in anna.fields}
    assert (
        fields["mrn"].agreement == fields["birth_date"].agreement == fields["last_name"].agreement == "agree"
    )
    assert fields["middle_name"].agreement == "missing"
    assert fields["mrn"].page == 2
    assert fields["mrn"].box is not None
    assert fields["mrn"].read == "70482913"
    assert anna.page_marks == ("none", "agree")


def test_the_twin_is_told_and_the_dead_are_said_to_be(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[ANNAS]])
    anna = beside(workshop, document, ANNA)
    assert any(text.startswith("Possible twin: Quillfeather, Inge") for text in anna.warnings)
    assert beside(workshop, document, BURT).deceased == "2001-05-06"


def test_a_page_of_somebody_else_is_marked_and_the_judge_says_the_same(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[ANNAS, BARE, BURTS]])
    assert beside(workshop, document, ANNA).page_marks == ("agree", "none", "conflict")
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        judge = MatchingPageJudge(filing_rules(workshop.settings))
        assert judge.conflicting_pages(uow, stored, ANNA.id) == {3}
        assert judge.conflicting_pages(uow, stored, BURT.id) == {1}
        assert judge.conflicting_pages(uow, stored, "pat_nobody") == frozenset()


def test_nothing_is_preselected_while_identity_is_in_doubt(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[BURTS]])
    seen = view(workshop, document)
    assert [one.patient for one in seen.candidates] == [BURT.id]
    assert seen.preselected is None


def test_a_doubtful_boundary_leaves_one_sure_patient_chosen(workshop: Workshop) -> None:
    his = replace(BURTS, mrn="70771234")
    (sure,) = add_waiting(workshop, [[his]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, sure).preselected == BURT.id
    (mixed,) = add_waiting(workshop, [[his, ANNAS]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, mixed).preselected is None
    (twin,) = add_waiting(workshop, [[ANNAS]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, twin).preselected is None


def test_a_corrected_number_brings_the_right_patient(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[Sheet(mrn="99999999")]])
    fix = FieldCorrection(FieldName.MRN, "7077 1234", "70771234", 1, (0.1, 0.1, 0.2, 0.2))
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        pages = [uow.pages.evidence_of(p.id) for p in uow.pages.of_document(document)]
        evidence = lay_over(pages, [fix], document=stored, today=TODAY)
        (burt,) = propose_candidates(stored, evidence, uow=uow, rules=rules, anew=True)
    assert burt.patient == BURT.id
    assert next(field for field in burt.fields if field.name == "mrn").agreement == "agree"


def test_a_correction_leaves_what_other_pages_bear(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[ANNAS, BURTS]])
    fix = FieldCorrection(FieldName.PATIENT_NAME, "Zolotareff, Burt", page=1)
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        pages = [uow.pages.evidence_of(p.id) for p in uow.pages.of_document(document)]
        first, second = lay_over(pages, [fix], document=stored, today=TODAY).as_said
    assert second == pages[1]
    assert "Zolotareff, Burt" in {one.value for one in first.sightings}
    assert "Quillfeather, Anna" not in {one.value for one in first.sightings}


@pytest.mark.parametrize(
    ("fix", "marks", "to_see"),
    [
        # Somebody else's number is pointed out on a page that said nothing.
        (FieldCorrection(FieldName.MRN, "70771234", "7077-1234", 2), ("none", "conflict", "agree"), {2}),
        # What was misread spoke against her: the page stays to be looked at.
        (FieldCorrection(FieldName.BIRTH_DATE, "4/18/1961", page=1), ("none", "none", "agree"), {1}),
        (FieldCorrection(FieldName.BIRTH_DATE, ""), ("none", "none", "agree"), {1}),
    ],
)
def test_screen_and_judge_name_the_same_pages_after_a_correction(
    workshop: Workshop, fix: FieldCorrection, marks: tuple[str, ...], to_see: set[int]
) -> None:
    first = BARE if fix.page == 2 else Sheet(born="04/18/1951")
    (document,) = add_waiting(workshop, [[first, BARE, ANNAS]])
    shown = beside(workshop, document, ANNA, fix)
    judge = MatchingPageJudge(filing_rules(workshop.settings))
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        said = correct_document(stored, type_name=None, corrections=[fix], pages=3, today=TODAY)
        judged = judge.conflicting_pages(uow, said, ANNA.id)
    assert shown.page_marks == marks
    assert judged == set(shown.to_see) == to_see


@pytest.mark.parametrize(
    ("name", "typed", "value", "is_fine"),
    [
        (FieldName.BIRTH_DATE, "4/18/1961", "1961-04-18", True),
        (FieldName.BIRTH_DATE, "April 18, 1961", "1961-04-18", True),
        (FieldName.BIRTH_DATE, "soon", "soon", False),
        (FieldName.PATIENT_NAME, "JANE M HARLOW", "HARLOW, JANE M", True),
        (FieldName.PATIENT_NAME, "HARLOW^JANE^M", "HARLOW, JANE M", True),
        (FieldName.MRN, "00 48-2913", "00482913", True),
        (FieldName.MRN, "--", "--", False),
        (FieldName.SEX, "female", "F", True),
        (FieldName.ENCOUNTER, " V12 ", "V12", True),
        (FieldName.MRN, "", "", True),
        (FieldName.PHONE, "+1 (555) 010-0199", "5550100199", True),
        (FieldName.PHONE, "12", "12", False),
        (FieldName.SSN_LAST4, "***-**-4321", "4321", True),
        (FieldName.SSN_LAST4, "43210", "43210", False),
    ],
)
def test_how_a_correction_is_understood(name: FieldName, typed: str, value: str, is_fine: bool) -> None:
    understood = understand(FieldCorrection(name, typed), today=TODAY)
    assert understood.value == value
    assert (understood.problem == "") is is_fine


def test_every_type_has_two_letters_of_its_own() -> None:
    assert set(TYPE_CODES) == set(DOCUMENT_TYPES)
    codes = list(TYPE_CODES.values())
    assert len(set(codes)) == len(codes) == 30
    assert all(len(code) == 2 and code.isalpha() and code.isupper() for code in codes)
    labels = [choice.label for choice in list_types()]
    assert labels == sorted(labels)


def test_the_script_is_one_module_that_asks_nobody_else() -> None:
    script = join_script()
    assert script.count("export default") == 1
    assert script.index("const SHOWN_MS") < script.index("export default")
    assert len(PARTS) == len(set(PARTS))
    assert "http://" not in script.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in script
    assert "localStorage" not in script
    assert "sessionStorage" not in script
