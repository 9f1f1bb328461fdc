"""A waiting document as the station shows it: its pages, what was read, whose it could be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from backfile.domain.document import FieldName
from backfile.domain.document_types import DOCUMENT_TYPES
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.request import FieldCorrection
from backfile.services.corrections import correct_document
from ingest.tools import filing_rules
from ingest.workshop import Workshop
from tests.papers import Sheet, add_waiting
from ui.components.station import PARTS, join_script
from ui.verify.candidates import compare_patients
from ui.verify.corrections import lay_over, read_evidence, understand
from ui.verify.judge import MatchingPageJudge
from ui.verify.read_document import propose_candidates, view_document
from ui.verify.type_codes import TYPE_CODES, list_types
from ui.verify.views import CandidateView, DocumentView

TODAY = dt.date(2026, 11, 24)
JANE = Patient(
    "pat_jane",
    PersonName("Harlow", "Jane", "Marie"),
    (PatientIdentifier("00482913", ""),),
    dt.date(1961, 4, 18),
    sex="F",
)
JUNE = replace(
    JANE, id="pat_june", name=PersonName("Harlow", "June"), identifiers=(PatientIdentifier("00482914", ""),)
)
ROY = replace(
    JANE,
    id="pat_roy",
    name=PersonName("Tillman", "Roy", "", "Sr"),
    identifiers=(PatientIdentifier("00771234", ""),),
    birth_date=dt.date(1944, 2, 3),
    death_date=dt.date(2001, 5, 6),
    sex="M",
)
HERS = Sheet("Harlow, Jane", "04/18/1961", "00482913", "05/01/1999")
HIS = Sheet("Tillman, Roy", "02/03/1944", seen="05/01/1999")
BARE = Sheet(title="FLOWSHEET")


@pytest.fixture(autouse=True)
def _patients(workshop: Workshop) -> None:
    with workshop.catalog.begin() as uow:
        uow.patients.add(JANE, JUNE, ROY)
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
    first, second = add_waiting(workshop, [[HERS, BARE], [HIS]])
    seen = view(workshop, first)
    assert seen.reason == "too_few_identifiers"
    assert "identifiers" in seen.reason_text
    assert (seen.type.label, seen.type.code) == ("Progress note", "PN")
    assert [page.position for page in seen.pages] == [1, 2]
    assert (seen.chart.part, seen.chart.of) == (1, 2)
    assert view(workshop, second).chart.part == 2
    words = seen.pages[0].words
    assert words is not None
    assert "Harlow," in [word[0] for word in words]


def test_words_of_long_documents_are_asked_for_page_by_page(workshop: Workshop) -> None:
    (long,) = add_waiting(workshop, [[HERS] * 10])
    pages = view(workshop, long).pages
    assert [page.words is None for page in pages] == [False] * 8 + [True] * 2


def test_fields_that_were_not_found_are_shown_empty(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[HIS]])
    fields = {field.name: field for field in view(workshop, document).fields}
    assert fields["mrn"].value == ""
    assert not fields["mrn"].sure
    assert fields["birth_date"].value == "1944-02-03"
    assert fields["birth_date"].sure
    assert fields["birth_date"].box is not None


def test_what_was_read_with_doubt_is_to_be_checked(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[replace(HERS, confidence=0.7)]])
    assert not any(field.sure for field in view(workshop, document).fields)


def test_a_candidate_is_shown_with_name_parts_verdicts_and_the_place_on_the_page(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[BARE, HERS]])
    jane = next(one for one in view(workshop, document).candidates if one.patient == JANE.id)
    assert (jane.name.last, jane.name.first, jane.name.middle, jane.name.suffix) == (
        "Harlow",
        "Jane",
        "Marie",
        "",
    )
    assert (jane.mrn, jane.facility, jane.birth_date, jane.sex) == ("00482913", "", "1961-04-18", "F")
    fields = {field.name: field for field in jane.fields}
    assert (
        fields["mrn"].agreement == fields["birth_date"].agreement == fields["last_name"].agreement == "agree"
    )
    assert fields["middle_name"].agreement == "missing"
    assert fields["mrn"].page == 2
    assert fields["mrn"].box is not None
    assert fields["mrn"].read == "00482913"
    assert jane.page_marks == ("none", "agree")


def test_the_twin_is_told_and_the_dead_are_said_to_be(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[HERS]])
    jane = beside(workshop, document, JANE)
    assert any(text.startswith("Possible twin: Harlow, June") for text in jane.warnings)
    assert beside(workshop, document, ROY).deceased == "2001-05-06"


def test_a_page_of_somebody_else_is_marked_and_the_judge_says_the_same(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[HERS, BARE, HIS]])
    assert beside(workshop, document, JANE).page_marks == ("agree", "none", "conflict")
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        judge = MatchingPageJudge(filing_rules(workshop.settings))
        assert judge.conflicting_pages(uow, stored, JANE.id) == {3}
        assert judge.conflicting_pages(uow, stored, ROY.id) == {1}
        assert judge.conflicting_pages(uow, stored, "pat_nobody") == frozenset()


def test_nothing_is_preselected_while_identity_is_in_doubt(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[HIS]])
    seen = view(workshop, document)
    assert [one.patient for one in seen.candidates] == [ROY.id]
    assert seen.preselected is None


def test_a_doubtful_boundary_leaves_one_sure_patient_chosen(workshop: Workshop) -> None:
    his = replace(HIS, mrn="00771234")
    (sure,) = add_waiting(workshop, [[his]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, sure).preselected == ROY.id
    (mixed,) = add_waiting(workshop, [[his, HERS]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, mixed).preselected is None
    (twin,) = add_waiting(workshop, [[HERS]], reason=Reason.DOUBTFUL_BOUNDARY)
    assert view(workshop, twin).preselected is None


def test_a_corrected_number_brings_the_right_patient(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[Sheet(mrn="99999999")]])
    fix = FieldCorrection(FieldName.MRN, "0077 1234", "00771234", 1, (0.1, 0.1, 0.2, 0.2))
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        pages = [uow.pages.evidence_of(p.id) for p in uow.pages.of_document(document)]
        evidence = lay_over(pages, [fix], document=stored, today=TODAY)
        (roy,) = propose_candidates(stored, evidence, uow=uow, rules=rules, anew=True)
    assert roy.patient == ROY.id
    assert next(field for field in roy.fields if field.name == "mrn").agreement == "agree"


def test_a_correction_leaves_what_other_pages_bear(workshop: Workshop) -> None:
    (document,) = add_waiting(workshop, [[HERS, HIS]])
    fix = FieldCorrection(FieldName.PATIENT_NAME, "Tillman, Roy", page=1)
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        pages = [uow.pages.evidence_of(p.id) for p in uow.pages.of_document(document)]
        first, second = lay_over(pages, [fix], document=stored, today=TODAY).as_said
    assert second == pages[1]
    assert "Tillman, Roy" in {one.value for one in first.sightings}
    assert "Harlow, Jane" not in {one.value for one in first.sightings}


@pytest.mark.parametrize(
    ("fix", "marks", "to_see"),
    [
        # Somebody else's number is pointed out on a page that said nothing.
        (FieldCorrection(FieldName.MRN, "00771234", "0077-1234", 2), ("none", "conflict", "agree"), {2}),
        # What was misread spoke against her: the page stays to be looked at.
        (FieldCorrection(FieldName.BIRTH_DATE, "4/18/1961", page=1), ("none", "none", "agree"), {1}),
        (FieldCorrection(FieldName.BIRTH_DATE, ""), ("none", "none", "agree"), {1}),
    ],
)
def test_screen_and_judge_name_the_same_pages_after_a_correction(
    workshop: Workshop, fix: FieldCorrection, marks: tuple[str, ...], to_see: set[int]
) -> None:
    first = BARE if fix.page == 2 else Sheet(born="04/18/1951")
    (document,) = add_waiting(workshop, [[first, BARE, HERS]])
    shown = beside(workshop, document, JANE, fix)
    judge = MatchingPageJudge(filing_rules(workshop.settings))
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document)
        assert stored is not None
        said = correct_document(stored, type_name=None, corrections=[fix], pages=3, today=TODAY)
        judged = judge.conflicting_pages(uow, said, JANE.id)
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
