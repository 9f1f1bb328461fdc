"""Each filing rule, kept and broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backfile.domain.decision import Agreement
from backfile.domain.document import DocumentState
from backfile.domain.patient import PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from tests.matching.builders import (
    BORN,
    JANE,
    LABEL,
    MRN,
    NAME,
    assert_filed,
    assert_review,
    decide,
    page,
    patient,
    previous,
    see,
    suspect,
)


def _with(kind: str, value: str) -> dict[str, Any]:
    """Return name and birth date with one fact more, or one of them changed."""
    return {"name": NAME, "born": BORN, kind: value}


# --- 2. Identity --------------------------------------------------------------------------------------


def test_numbered_continuations_are_bound() -> None:
    assert_filed(decide(page(of=(1, 3), **LABEL), page(of=(2, 3)), page(of=(3, 3))), JANE)


@pytest.mark.parametrize(
    "numbers",
    [
        ((1, 3), (3, 3)),
        ((1, 2), (2, 3)),
        ((2, 2), (1, 2)),
        ((1, 2), None),
        (None, (2, 2)),
        ((1, 2), (1, 2)),
        ((2, 2), (3, 2)),
    ],
)
def test_other_numberings_do_not_bind(numbers: tuple[tuple[int, int] | None, ...]) -> None:
    first, second = numbers
    assert_review(decide(page(of=first, **LABEL), page(of=second)), Reason.PAGE_UNBOUND)


def test_the_first_page_is_not_bound_by_the_second() -> None:
    assert_review(decide(page(of=(1, 2)), page(of=(2, 2), **LABEL)), Reason.PAGE_UNBOUND)


def test_a_continuation_under_another_title_or_letterhead_is_none() -> None:
    for other in ({"heading": "Laboratory Report"}, {"letterhead": "Riverbend Clinic"}):
        first = page(of=(1, 2), heading="Progress Note", letterhead="General Hospital", **LABEL)
        assert_review(decide(first, page(of=(2, 2), **other)), Reason.PAGE_UNBOUND)


# --- header sheets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{"mrn": MRN}, {"name": NAME}, {"born": BORN}])
def test_a_header_sheet_with_one_agreeing_identifier(values: dict[str, Any]) -> None:
    outcome = decide(page(**values), page(), header=JANE.id)
    assert_filed(outcome, JANE, Reason.HEADER_SHEET)


def test_a_header_sheet_alone_is_too_little() -> None:
    assert_review(decide(page(), header=JANE.id), Reason.TOO_FEW_IDENTIFIERS)
    assert_review(decide(page(name="Harlow, J"), header=JANE.id), Reason.TOO_FEW_IDENTIFIERS)


def test_a_conflict_under_a_header_sheet_forbids() -> None:
    olga = patient("olga", "Quill, Olga", "00777777", "1950-02-03")
    outcome = decide(page(**LABEL), page(mrn="00777777"), header=JANE.id, among=(JANE, olga))
    assert_review(outcome, Reason.PAGES_DISAGREE)
    whole = decide(page(mrn="00777777", born="1950-02-03"), header=JANE.id, among=(JANE, olga))
    assert whole.state is DocumentState.REVIEW


def test_a_twins_page_in_the_folder_is_not_filed() -> None:
    twin = patient("twin", "Harlow, Olga", "00482914")
    among = (replace(JANE, multiple_birth=True), twin)
    outcome = decide(page(name="Harlow, Olga", born=BORN), header=JANE.id, among=among)
    assert outcome.state is DocumentState.REVIEW


# --- 4. One person ------------------------------------------------------------------------------------


def test_namesakes_are_told_apart_by_the_birth_date_of_every_page() -> None:
    other = patient("other", "Harlow, Jane", "00999999", "1990-12-01")
    assert_filed(decide(page(**LABEL), among=(JANE, other)), JANE)
    assert_filed(decide(page(**LABEL), page(born=BORN, name=NAME), among=(JANE, other)), JANE)
    assert_review(decide(page(**LABEL), page(name=NAME), among=(JANE, other)), Reason.PAGE_UNBOUND)


def test_a_namesake_with_a_near_birth_date_needs_the_number() -> None:
    other = patient("other", "Harlow, Jane", "00999999", "1961-04-13")
    among = (JANE, other)
    assert_review(decide(page(name=NAME, born=BORN, ssn="6712"), among=among), Reason.TWIN_OR_NAMESAKE)
    assert_filed(decide(page(**LABEL), among=among), JANE)


def test_a_namesake_with_a_near_number_needs_the_birth_date() -> None:
    other = patient("other", "Harlow, Jane", "00482918", "1990-12-01")
    assert_review(decide(page(mrn=MRN, name=NAME), among=(JANE, other)), Reason.TWIN_OR_NAMESAKE)
    assert_filed(decide(page(**LABEL), among=(JANE, other)), JANE)


def test_a_namesake_without_birth_date_blocks_but_the_number() -> None:
    other = patient("other", "Harlow, Jane", "00999999", None)
    assert_review(
        decide(page(name=NAME, born=BORN, ssn="6712"), among=(JANE, other)), Reason.TWIN_OR_NAMESAKE
    )
    assert_filed(decide(page(**LABEL), among=(JANE, other)), JANE)


def test_twins_need_the_number_and_enough_to_part_them() -> None:
    jane = replace(JANE, multiple_birth=True)
    twin = replace(
        jane,
        id="pat_twin",
        name=PersonName("Harlow", "Olga"),
        identifiers=(PatientIdentifier("00482914", ""),),
    )
    among = (jane, twin)
    assert_filed(decide(page(**LABEL), among=among), jane)
    assert_review(decide(page(mrn=MRN, born=BORN), among=among), Reason.TWIN_OR_NAMESAKE)
    assert_review(
        decide(page(name=NAME, born=BORN, phone="5035550144"), among=among), Reason.TWIN_OR_NAMESAKE
    )
    shared = page(born=BORN, name="Harlow")
    assert_review(decide(page(**LABEL), shared, among=among), Reason.PAGE_UNBOUND)


def test_whoever_is_a_twin_on_record_needs_the_first_name() -> None:
    jane = replace(JANE, multiple_birth=True)
    assert_review(decide(page(mrn=MRN, born=BORN), among=(jane,)), Reason.TWIN_OR_NAMESAKE)
    assert_filed(decide(page(**LABEL), among=(jane,)), jane)


def test_two_records_of_one_person_that_are_not_linked() -> None:
    double = replace(JANE, id="pat_double", identifiers=(PatientIdentifier("00777777", ""),))
    for sheet in (page(name=NAME, born=BORN, ssn="6712"), page(**LABEL)):
        assert_review(decide(sheet, among=(JANE, double)), Reason.SUSPECTED_DUPLICATE)


# --- merged, suspect and review-only records ----------------------------------------------------------


def test_a_merged_record_is_its_survivor() -> None:
    old = patient("old", "Smith, Jane", "00111222", merged_into=JANE.id)
    among = (JANE, old)
    assert_filed(decide(page(mrn="00111222", born=BORN), among=among), JANE, Reason.MRN_AND_BIRTH_DATE)
    assert_filed(decide(page(mrn="00111222", name="Smith, Jane"), among=among), JANE, Reason.MRN_AND_NAME)
    both = decide(page(mrn=MRN, born=BORN), page(mrn="00111222", born=BORN), among=among)
    assert_filed(both, JANE)
    assert len(both.candidates) == 1


def test_a_merge_that_leads_nowhere_receives_nothing() -> None:
    lost = replace(JANE, merged_into="pat_gone")
    assert_review(decide(page(**LABEL), among=(lost,)), Reason.NOT_IN_INDEX)
    round_trip = (replace(JANE, merged_into="pat_b"), patient("b", "Harlow, Jane", "5", merged_into=JANE.id))
    assert_review(decide(page(**LABEL), among=round_trip), Reason.NOT_IN_INDEX)


def test_a_suspect_number_identifies_nobody() -> None:
    jane = replace(JANE, identifiers=(suspect(MRN),))
    other = patient("other", "Quill, Olga", "5", "1950-02-03", identifiers=(suspect(MRN),))
    assert_review(decide(page(**LABEL), among=(jane, other)), Reason.NUMBER_SUSPECT)
    assert_review(decide(page(name=NAME, born=BORN, ssn="6712"), among=(jane, other)), Reason.NUMBER_SUSPECT)


def test_a_number_that_is_one_persons_and_was_anothers_identifies_nobody() -> None:
    other = patient(
        "other", "Quill, Olga", "5", "1950-02-03", identifiers=(PatientIdentifier("5", ""), previous(MRN))
    )
    assert_review(decide(page(**LABEL), among=(JANE, other)), Reason.NUMBER_SUSPECT)


def test_a_record_without_birth_date_receives_nothing() -> None:
    unknown = patient("unknown", "Harlow, Jane", MRN, None)
    assert_review(decide(page(mrn=MRN, name=NAME), among=(unknown,)), Reason.REVIEW_ONLY_PATIENT)


# --- placeholders and newborns ------------------------------------------------------------------------

MOTHER = replace(JANE, birth_date=JANE.birth_date and JANE.birth_date.replace(year=1995))
BABY = patient("baby", "Harlow, Baby Boy", "00990011", "2026-11-01", mother_mrn=MRN, sex="M")
BABY_LABEL: dict[str, Any] = {"mrn": "00990011", "born": "2026-11-01"}
FAMILY = (MOTHER, BABY)


@pytest.mark.parametrize("name", ["Doe, John", "Trauma, Alpha", "ZZTEST, Ann", "Unknown, Male"])
def test_a_placeholder_name_never_counts(name: str) -> None:
    doe = patient("doe", name, MRN)
    assert decide(page(mrn=MRN, name=name), among=(doe,)).state is DocumentState.REVIEW
    assert decide(page(name=name, born=BORN, ssn="6712"), among=(doe,)).state is DocumentState.REVIEW


def test_a_placeholder_on_a_named_patients_page_forbids() -> None:
    assert_review(decide(page(mrn=MRN, born=BORN, name="Harlow, Baby Girl")), Reason.PLACEHOLDER_NAME)


@pytest.mark.parametrize("extra", [{}, {"name": "Harlow, Baby Boy"}, {"service": "2026-11-03", "sex": "M"}])
def test_a_newborn_by_its_own_number_and_birth_date(extra: dict[str, Any]) -> None:
    assert_filed(decide(page(**BABY_LABEL, **extra), among=FAMILY), BABY, Reason.MRN_AND_BIRTH_DATE)


@pytest.mark.parametrize(
    "extra",
    [
        {"other_number": MRN},
        {"relative": "Harlow, Jane"},
        {"name": "Harlow, Jane"},
        {"name": "Harlow, Baby Girl"},
    ],
)
def test_a_newborns_page_with_the_mothers_identifiers_forbids(extra: dict[str, Any]) -> None:
    outcome = decide(page(**BABY_LABEL, **extra), among=FAMILY)
    assert outcome.state is DocumentState.REVIEW


def test_the_mothers_name_further_down_is_no_matter() -> None:
    told = page(see("relative", "Harlow, Jane", top=0.6), **BABY_LABEL)
    assert_filed(decide(told, among=FAMILY), BABY)


def test_a_named_newborn_needs_number_and_birth_date() -> None:
    zoe = patient("zoe", "Harlow, Zoe", "00990011", "2026-11-01", phone="5035550144")
    young: dict[str, Any] = {"name": "Harlow, Zoe", "service": "2026-11-20"}
    assert_review(decide(page(mrn="00990011", **young), among=(zoe,)), Reason.NEWBORN)
    assert_review(decide(page(born="2026-11-01", phone="5035550144", **young), among=(zoe,)), Reason.NEWBORN)
    assert_filed(decide(page(**BABY_LABEL, **young), among=(zoe,)), zoe)
    assert_filed(decide(page(mrn="00990011", name="Harlow, Zoe", service="2026-12-20"), among=(zoe,)), zoe)


def test_a_newborn_under_a_header_sheet_needs_the_same() -> None:
    assert_review(decide(page(mrn="00990011"), header=BABY.id, among=FAMILY), Reason.NEWBORN)


# --- nothing to decide with ---------------------------------------------------------------------------


def test_no_identifiers_is_an_exception() -> None:
    for nothing in (
        page(),
        page(service="2020-01-02"),
        page(sex="F", other_date=BORN, other_number=MRN, relative=NAME),
    ):
        outcome = decide(nothing)
        assert outcome.state is DocumentState.EXCEPTION
        assert outcome.reason is Reason.NO_IDENTIFIERS
        assert outcome.candidates == ()


def test_nobody_fits() -> None:
    stranger: dict[str, Any] = {"mrn": "70010020", "name": "Quill, Zed", "born": "1933-03-03"}
    assert_review(decide(page(**stranger)), Reason.NOT_IN_INDEX)
    assert_review(decide(page(**stranger), among=()), Reason.NOT_IN_INDEX)


def test_a_doubtful_boundary_forbids() -> None:
    assert_review(decide(page(**LABEL), doubtful=True), Reason.DOUBTFUL_BOUNDARY)


def test_every_field_is_explained() -> None:
    outcome = decide(page(mrn=MRN, name="Harlow, Jane Q", born="1961-04-13", phone="5035550199", sex="F"))
    told = {one.field: one.agreement for one in outcome.comparisons}
    assert told == {
        "mrn": Agreement.AGREE,
        "last_name": Agreement.AGREE,
        "first_name": Agreement.AGREE,
        "middle_name": Agreement.CONFLICT,
        "suffix": Agreement.MISSING,
        "birth_date": Agreement.CLOSE,
        "sex": Agreement.AGREE,
        "ssn_last4": Agreement.MISSING,
        "phone": Agreement.CONFLICT,
        "address": Agreement.MISSING,
    }
    notes = " ".join(one.note for one in outcome.comparisons)
    assert "one digit differs" in notes
    assert not any(char.isdigit() for char in notes)


def test_at_most_five_candidates_best_first() -> None:
    many = tuple(patient(f"p{n}", "Harlow, Jane", f"7{n:06}", f"19{50 + n}-01-02") for n in range(9))
    outcome = decide(page(name=NAME, born=BORN), among=(*many, JANE))
    assert len(outcome.candidates) == 5
    assert outcome.candidates[0].patient_id == JANE.id
    chances = [one.probability for one in outcome.candidates]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1


GILL = patient("gill", "Gill, Kamala", "00771204", "1944-10-18")


def test_a_name_without_a_comma_may_begin_with_either_name() -> None:
    for value, raw in (("Kamala, Gill", "KAMALA GILL"), ("Gill, Kamala", "GILL KAMALA")):
        read = page(see("name", value, raw=raw), born="1944-10-18", mrn="00771204")
        assert_filed(decide(read, among=(GILL, JANE)), GILL, Reason.MRN_AND_BIRTH_DATE)


def test_a_comma_says_which_is_the_last_name() -> None:
    read = page(see("name", "Kamala, Gill", raw="KAMALA, GILL"), mrn="00771204")
    assert decide(read, among=(GILL, JANE)).state is DocumentState.REVIEW


def test_who_bears_the_names_the_other_way_round_is_a_namesake() -> None:
    other = patient("kamala", "Kamala, Gill", "00771999", "1944-10-18", phone="5035550144")
    gill = replace(GILL, phone="5035550144")
    read = page(see("name", "Gill, Kamala", raw="GILL KAMALA"), born="1944-10-18", phone="5035550144")
    assert_filed(decide(read, among=(gill, JANE)), gill)
    assert decide(read, among=(gill, other, JANE)).state is DocumentState.REVIEW


def test_a_name_without_a_comma_has_one_last_name_or_two() -> None:
    double = patient("double", "Rodriguez Estrada, Miguel", "00445566", "1967-07-17")
    read = page(see("name", "Estrada, Miguel Rodriguez", raw="Miguel Rodriguez Estrada"), mrn="00445566")
    assert_filed(decide(read, among=(double, JANE)), double, Reason.MRN_AND_NAME)
