"""Each filing rule, kept and broken."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.patient import PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from classify.matching import FilingRules
from classify.matching.facts import CLEAR_FLOOR, EXACT_FLOOR
from tests.matching.builders import (
    BORN,
    JANE,
    LABEL,
    MRN,
    NAME,
    RULES,
    TODAY,
    assert_filed,
    assert_review,
    decide,
    page,
    patient,
    previous,
    see,
)


def _with(kind: str, value: str) -> dict[str, Any]:
    """Return name and birth date with one fact more, or one of them changed."""
    return {"name": NAME, "born": BORN, kind: value}


# --- 2. Identity --------------------------------------------------------------------------------------


def test_mrn_and_birth_date() -> None:
    assert_filed(decide(page(mrn=MRN, born=BORN)), JANE, Reason.MRN_AND_BIRTH_DATE)


@pytest.mark.parametrize("name", ["Harlow, Jane", "HARLOW, JANE M", "Harlow, Janie", "Harlow, Jane Marie"])
def test_mrn_and_name(name: str) -> None:
    assert_filed(decide(page(mrn=MRN, name=name)), JANE, Reason.MRN_AND_NAME)


@pytest.mark.parametrize(
    "name", ["Harlow, J", "Harlow, Jaen", "Harlow", "Harlow-Smith, Jane", "Jane, Harlow"]
)
def test_mrn_with_a_name_that_only_resembles_is_too_little(name: str) -> None:
    assert_review(decide(page(mrn=MRN, name=name)), Reason.TOO_FEW_IDENTIFIERS)


def test_mrn_and_birth_date_stand_a_resembling_name() -> None:
    assert_filed(decide(page(mrn=MRN, born=BORN, name="Harlow, Jaen")), JANE, Reason.MRN_AND_BIRTH_DATE)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("name", "Harlow, Jane Marie"),
        ("ssn", "6712"),
        ("phone", "5035550144"),
        ("address", "12 Oak Street, Salem, OR 97301"),
    ],
)
def test_name_birth_date_and_a_third_fact(kind: str, value: str) -> None:
    others = (JANE, patient("other", "Harlow, Jane", "7", "1990-01-02"))  # so that the name is not rare
    outcome = decide(page(**_with(kind, value)), among=others)
    assert_filed(outcome, JANE, Reason.NAME_BIRTH_DATE_AND_THIRD)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("name", "Harlow, Jane M"),
        ("name", "Harlow, Janie Marie"),
        ("phone", "5035550199"),
        ("sex", "F"),
        ("service", "2020-01-02"),
    ],
)
def test_name_and_birth_date_of_a_name_with_bearers_need_a_third_fact(kind: str, value: str) -> None:
    others = (JANE, patient("other", "Harlow, Jane", "7", "1990-01-02"))
    outcome = decide(page(**_with(kind, value)), among=others)
    assert_review(outcome, Reason.TOO_FEW_IDENTIFIERS)


def test_a_rare_name_and_birth_date() -> None:
    assert_filed(decide(page(name=NAME, born=BORN)), JANE, Reason.RARE_NAME_AND_BIRTH_DATE)
    strict = replace(RULES, risk=1e-6)
    many = tuple(patient(f"p{n}", f"Quill, Zed{n}", f"9{n:05}", "1990-01-02") for n in range(300))
    assert_review(
        decide(page(name=NAME, born=BORN), among=(JANE, *many), rules=strict), Reason.TOO_FEW_IDENTIFIERS
    )


@pytest.mark.parametrize("kind", ["name", "born"])
def test_a_rare_name_and_birth_date_must_be_read_clearly(kind: str) -> None:
    for confidence, state in ((CLEAR_FLOOR - 0.01, DocumentState.REVIEW), (CLEAR_FLOOR, DocumentState.FILED)):
        sights = (see(k, v, confidence if k == kind else 0.97) for k, v in (("name", NAME), ("born", BORN)))
        assert decide(page(*sights)).state is state


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "5035550199"),
        ("address", "9 Elm Ave, Bend, OR 97701"),
        ("sex", "M"),
        ("name", "Harlow, Janie"),
        ("name", "Harlow, Jane Q"),
    ],
)
def test_a_rare_name_stands_no_doubt(kind: str, value: str) -> None:
    outcome = decide(page(**_with(kind, value)))
    assert outcome.state is DocumentState.REVIEW


def test_a_number_that_is_not_the_patients_bars_the_rare_name() -> None:
    doubtful = see("mrn", "00482918", 0.5)
    assert_review(decide(page(doubtful, name=NAME, born=BORN)), Reason.NUMBER_NOT_EXACT)


@pytest.mark.parametrize(
    "values",
    [
        {"mrn": MRN},
        {"born": BORN},
        {"name": NAME},
        {"mrn": MRN, "phone": "5035550144", "ssn": "6712", "address": "12 Oak St, Salem, OR 97301"},
        {"name": NAME, "phone": "5035550144", "ssn": "6712"},
        {"born": BORN, "ssn": "6712", "phone": "5035550144"},
        {"mrn": MRN, "sex": "F", "service": "2020-01-02"},
    ],
)
def test_one_identifier_with_whatever_supports_it_is_too_little(values: dict[str, Any]) -> None:
    assert_review(decide(page(**values)), Reason.TOO_FEW_IDENTIFIERS)


def test_facts_of_unconnected_pages_do_not_add_up() -> None:
    assert_review(decide(page(mrn=MRN), page(born=BORN)), Reason.TOO_FEW_IDENTIFIERS)
    assert_filed(decide(page(mrn=MRN, of=(1, 2)), page(born=BORN, ssn="6712", of=(2, 2))), JANE)


def test_a_birth_date_alone_continues_no_sheet() -> None:
    """It may be a twin's label of which nothing else was read; a bare page is a continuation still."""
    first = page(**LABEL, of=(1, 2))
    assert_review(decide(first, page(born=BORN, of=(2, 2))), Reason.PAGE_UNBOUND)
    assert_filed(decide(first, page(of=(2, 2))), JANE)
    assert_filed(decide(first, page(name=NAME, born=BORN, of=(2, 2))), JANE)


@pytest.mark.parametrize("kind", ["mrn", "born"])
def test_what_was_read_with_doubt_does_not_count(kind: str) -> None:
    doubt, sure = EXACT_FLOOR - 0.01, EXACT_FLOOR
    values: dict[str, Any] = {"mrn": MRN, "born": BORN}
    pages = {
        confidence: page(*(see(k, v, confidence if k == kind else 0.97) for k, v in values.items()))
        for confidence in (doubt, sure)
    }
    assert decide(pages[doubt]).state is DocumentState.REVIEW
    assert_filed(decide(pages[sure]), JANE)


def test_what_was_guessed_from_the_raw_text_does_not_count() -> None:
    assert_review(decide(page(see("mrn", MRN, raw="OO48Z913"), see("born", BORN))), Reason.NUMBER_NOT_EXACT)
    guessed = page(see("mrn", MRN), see("born", BORN, raw="O4/18/I961"))
    assert_review(decide(guessed), Reason.TOO_FEW_IDENTIFIERS)


@pytest.mark.parametrize(
    ("number", "confidence"), [("00482918", 0.5), ("0048291", 0.5), ("O0482913", 0.97), ("482913", 0.97)]
)
def test_a_number_that_only_resembles_does_not_count(number: str, confidence: float) -> None:
    resembling = page(see("mrn", number, confidence), born=BORN, name="Harlow, J")
    assert_review(decide(resembling), Reason.NUMBER_NOT_EXACT)


def test_a_resembling_number_does_not_forbid_what_stands_without_it() -> None:
    doubtful = see("mrn", "00482918", 0.5)
    outcome = decide(page(doubtful, born=BORN, name=NAME, phone="5035550144"))
    assert_filed(outcome, JANE, Reason.NAME_BIRTH_DATE_AND_THIRD)


def test_a_former_number_is_the_patients() -> None:
    jane = replace(JANE, identifiers=(*JANE.identifiers, previous("777123")))
    assert_filed(decide(page(mrn="777123", born=BORN), among=(jane,)), jane, Reason.MRN_AND_BIRTH_DATE)


def test_an_alias_is_the_patients_name() -> None:
    jane = replace(JANE, aliases=(PersonName("Smith", "Jane"),))
    assert_filed(decide(page(mrn=MRN, name="Smith, Jane"), among=(jane,)), jane, Reason.MRN_AND_NAME)


# --- numbers of other institutions --------------------------------------------------------------------

SITE = FilingRules(facility=("General Hospital", "GH Clinics"), today=TODAY)


@pytest.mark.parametrize(
    "letterhead",
    [
        "",
        "GENERAL HOSPITAL",
        "General Hospital Department of Radiology",
        "The General Hosp1tal",
        "GH Clinics, Inc.",
    ],
)
def test_numbers_under_the_sites_letterhead_count(letterhead: str) -> None:
    assert_filed(decide(page(letterhead=letterhead, mrn=MRN, born=BORN), rules=SITE), JANE)


@pytest.mark.parametrize("letterhead", ["Mercy General Hospital", "Riverbend Clinic", "Hospital General"])
def test_numbers_under_another_letterhead_do_not_count(letterhead: str) -> None:
    outcome = decide(page(letterhead=letterhead, mrn=MRN, born=BORN), rules=SITE)
    assert_review(outcome, Reason.FOREIGN_NUMBER)


def test_a_foreign_number_is_no_conflict() -> None:
    outcome = decide(
        page(letterhead="Riverbend Clinic", mrn="555", name=NAME, born=BORN, ssn="6712"), rules=SITE
    )
    assert_filed(outcome, JANE, Reason.NAME_BIRTH_DATE_AND_THIRD)


def test_a_foreign_number_is_known_again_on_a_page_without_letterhead() -> None:
    first = page(letterhead="Riverbend Clinic", mrn="555123", name=NAME, born=BORN, ssn="6712")
    assert_filed(decide(first, page(mrn="555123", name=NAME, ssn="6712"), rules=SITE), JANE)
    assert_review(decide(first, page(mrn="999123", name=NAME, ssn="6712"), rules=SITE), Reason.PAGES_DISAGREE)


def test_a_page_without_letterhead_after_a_foreign_one_is_not_trusted() -> None:
    pages = (page(letterhead="Riverbend Clinic", name=NAME, born=BORN), page(mrn=MRN, born=BORN))
    assert_review(decide(*pages, rules=SITE), Reason.FOREIGN_NUMBER)


def test_without_names_of_the_site_letterheads_are_not_judged() -> None:
    assert_filed(decide(page(letterhead="Riverbend Clinic", mrn=MRN, born=BORN)), JANE)


def test_a_number_of_another_facility_in_the_index_does_not_count() -> None:
    al = patient("al", "Roe, Al", "5", identifiers=(PatientIdentifier("900100", "Riverbend"),))
    assert_review(decide(page(mrn="900100", born=BORN), among=(al,)), Reason.FOREIGN_NUMBER)
    named = replace(RULES, facility=("Riverbend",))
    assert_filed(decide(page(mrn="900100", born=BORN), among=(al,), rules=named), al)


def test_the_same_number_at_two_facilities_is_the_sites() -> None:
    al = patient("al", "Roe, Al", "5", "1990-01-02", identifiers=(PatientIdentifier(MRN, "Riverbend"),))
    assert_filed(decide(page(**LABEL), among=(JANE, al)), JANE)
    assert (
        decide(page(mrn=MRN, name="Roe, Al", born="1990-01-02"), among=(JANE, al)).state
        is DocumentState.REVIEW
    )


# --- 3. No conflict -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"born": "1972-12-30"}, Reason.CONFLICT_BIRTH_DATE),
        ({"born": "1961-04-13"}, Reason.CONFLICT_BIRTH_DATE),
        ({"born": "1961-04-19"}, Reason.CONFLICT_BIRTH_DATE),
        ({"name": "Harlow, Olga"}, Reason.CONFLICT_FIRST_NAME),
        ({"name": "Harlow, O"}, Reason.CONFLICT_FIRST_NAME),
        ({"name": "Harlow, Marie"}, Reason.CONFLICT_FIRST_NAME),
        ({"name": "Quill, Jane"}, Reason.CONFLICT_LAST_NAME),
        ({"ssn": "6713"}, Reason.CONFLICT_SSN),
        ({"ssn": "0099"}, Reason.CONFLICT_SSN),
        ({"service": "1960-01-02"}, Reason.SERVICE_BEFORE_BIRTH),
        ({"sex": "M", "name": "Harlow, Jan"}, Reason.CONFLICT_SEX),
        ({"sex": "M", "name": "Harlow, J"}, Reason.CONFLICT_SEX),
    ],
)
def test_every_conflict_forbids(values: dict[str, Any], reason: Reason) -> None:
    assert_review(decide(page(**{**LABEL, **values})), reason)


@pytest.mark.parametrize("spoken_of", [("QUILL",), ("QUILL", "BROWN")])
def test_a_text_about_somebody_else_forbids_the_name_on_the_label(spoken_of: tuple[str, ...]) -> None:
    assert_review(decide(replace(page(**LABEL), spoken_of=spoken_of)), Reason.CONFLICT_LAST_NAME)
    number_and_date = page(mrn=LABEL["mrn"], born=BORN)
    assert_review(decide(replace(number_and_date, spoken_of=spoken_of)), Reason.CONFLICT_LAST_NAME)


@pytest.mark.parametrize("spoken_of", [("HARLOW",), ("HARL0W",), ("HARLOW", "QUILL"), ("HARLOW PITT",)])
def test_a_text_about_the_patient_forbids_nothing(spoken_of: tuple[str, ...]) -> None:
    assert_filed(decide(replace(page(**LABEL), spoken_of=spoken_of)), JANE)


def test_a_text_that_calls_the_patient_by_a_former_name_forbids_nothing() -> None:
    jane = replace(JANE, aliases=(PersonName("Quill", "Jane"),))
    assert_filed(decide(replace(page(**LABEL), spoken_of=("QUILL",)), among=(jane,)), jane)


def test_a_surname_in_the_text_identifies_nobody() -> None:
    assert decide(replace(page(born=BORN), spoken_of=("HARLOW",))).state is DocumentState.REVIEW


def test_an_age_that_is_another_persons_forbids_the_label() -> None:
    old = (dt.date(1930, 1, 1), dt.date(1935, 1, 1))
    assert_review(decide(replace(page(**LABEL), born_between=old)), Reason.CONFLICT_BIRTH_DATE)
    assert_review(
        decide(page(**LABEL), replace(page(mrn=LABEL["mrn"], name=NAME), born_between=old)),
        Reason.CONFLICT_BIRTH_DATE,
    )


def test_an_age_that_may_be_the_patients_forbids_nothing() -> None:
    born = dt.date.fromisoformat(BORN)
    fits = (born - dt.timedelta(days=700), born)
    assert_filed(decide(replace(page(**LABEL), born_between=fits)), JANE)


def test_two_first_names_read_clearly_forbid() -> None:
    both = page(see("name", "Harlow, Jane", 0.99), see("name", "Harlow, Jade", 0.99), mrn=MRN, born=BORN)
    assert_review(decide(both), Reason.CONFLICT_FIRST_NAME)
    forms = page(see("name", "Harlow, Jane", 0.99), see("name", "Harlow, J M", 0.99), mrn=MRN, born=BORN)
    assert_filed(decide(forms), JANE)


def test_another_number_of_the_site_forbids() -> None:
    assert_review(decide(page(mrn="00999999", name=NAME, born=BORN, ssn="6712")), Reason.CONFLICT_MRN)


def test_a_number_surely_read_that_differs_by_one_digit_forbids() -> None:
    for number in ("00482918", "0048291", "004829133"):
        near = page(mrn=number, name=NAME, born=BORN, ssn="6712")
        assert_review(decide(near), Reason.CONFLICT_MRN)
        assert_review(decide(page(**LABEL), near), Reason.PAGES_DISAGREE)


def test_two_numbers_on_one_page_forbid() -> None:
    assert_review(decide(page(see("mrn", "00999999"), **LABEL)), Reason.CONFLICT_MRN)


def test_another_suffix_forbids() -> None:
    senior = replace(JANE, name=PersonName("Harlow", "John", "", "Sr"), sex="M")
    assert_review(
        decide(page(mrn=MRN, born=BORN, name="Harlow, John Jr"), among=(senior,)), Reason.CONFLICT_SUFFIX
    )
    assert_filed(decide(page(mrn=MRN, born=BORN, name="Harlow, John Sr"), among=(senior,)), senior)
    assert_filed(decide(page(mrn=MRN, born=BORN, name="Harlow, John"), among=(senior,)), senior)


@pytest.mark.parametrize(
    "values",
    [
        {"address": "9 Elm Ave, Bend, OR 97701"},
        {"phone": "5035550199"},
        {"sex": "M"},
        {"service": "1961-06-18"},
        {"name": "Harlow, Jane Q"},
        {"name": "Harlow, J"},
    ],
)
def test_what_is_no_conflict(values: dict[str, Any]) -> None:
    assert_filed(decide(page(**{**LABEL, **values})), JANE, Reason.MRN_AND_BIRTH_DATE)


def test_a_conflict_on_any_page_forbids() -> None:
    assert_review(decide(page(**LABEL), page(mrn=MRN, born="1972-12-30")), Reason.CONFLICT_BIRTH_DATE)


def test_pages_of_two_people_are_told_apart() -> None:
    olga = patient("olga", "Quill, Olga", "00777777", "1950-02-03")
    outcome = decide(page(**LABEL), page(mrn="00777777", name="Quill, Olga"), among=(JANE, olga))
    assert_review(outcome, Reason.PAGES_DISAGREE)


def test_a_birth_date_read_with_doubt_is_no_conflict_where_one_digit_differs() -> None:
    outcome = decide(page(see("born", "1961-04-13", 0.4), mrn=MRN, name=NAME))
    assert_filed(outcome, JANE, Reason.MRN_AND_NAME)
