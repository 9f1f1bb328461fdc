"""An encounter number counts like an MRN while it is one patient's, and never otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.encounter import Encounter
from backfile.domain.patient import IdentifierStatus, PatientIdentifier
from backfile.domain.reasons import Reason
from classify.matching import FilingRules
from tests.matching.builders import (
    JANE,
    TODAY,
    assert_filed,
    assert_review,
    decide,
    page,
    patient,
    see,
)

STAY = Encounter("enc_1", "V-0077123", JANE.id, "", "inpatient", dt.date(2019, 3, 2), dt.date(2019, 3, 9))
TWIN = replace(patient("twin", "Harlow, Jo", "00999999"), multiple_birth=True)
OTHER = patient("other", "Blackwood, Amos", "00777777", "1950-01-02")


def test_with_the_birth_date_it_files() -> None:
    outcome = decide(page(encounter="V0077123", born="1961-04-18"), encounters=(STAY,))
    assert_filed(outcome, JANE, Reason.ENCOUNTER_AND_BIRTH_DATE)
    assert [c.note for c in outcome.comparisons if c.field == "encounter"] == [""]


def test_with_the_name_it_files() -> None:
    assert_filed(
        decide(page(encounter="V0077123", name="Harlow, Jane"), encounters=(STAY,)),
        JANE,
        Reason.ENCOUNTER_AND_NAME,
    )


def test_the_candidate_is_found_by_it_alone() -> None:
    outcome = decide(page(encounter="V0077123"), page(sex="F"), among=(JANE, OTHER), encounters=(STAY,))
    assert outcome.state is not DocumentState.FILED


def test_alone_it_files_nothing() -> None:
    outcome = decide(page(encounter="V0077123", sex="F", phone="5035550144"), encounters=(STAY,))
    assert_review(outcome, Reason.TOO_FEW_IDENTIFIERS)


def test_it_binds_a_page_only_beside_the_birth_date() -> None:
    first = page(mrn="00482913", born="1961-04-18")
    assert_filed(decide(first, page(encounter="V0077123", born="1961-04-18"), encounters=(STAY,)), JANE)
    assert_review(decide(first, page(encounter="V0077123"), encounters=(STAY,)), Reason.PAGE_UNBOUND)


@pytest.mark.parametrize("spare", [("born", "1961-04-18"), ("name", "Harlow, Jane")])
def test_what_is_no_sure_number_of_one_patient_never_counts(spare: tuple[str, str]) -> None:
    among = (JANE, OTHER)

    def decided(*encounters: Encounter, seen: str = "V0077123", sure: float = 0.97) -> Reason:
        sighting = see("encounter", seen, sure)
        rules = FilingRules(facility=("Cedar Falls General",), today=TODAY)
        outcome = decide(page(sighting, see(*spare)), among=among, encounters=encounters, rules=rules)
        assert outcome.state is not DocumentState.FILED, outcome.reason
        return outcome.reason

    assert decided() is not None  # unknown to the index
    decided(replace(STAY, facility="Riverbend Medical Center"))  # another institution's
    decided(STAY, replace(STAY, id="enc_2", patient_id=OTHER.id))  # recycled
    decided(STAY, seen="V0077128")  # misread
    decided(STAY, sure=0.6)  # read with doubt


def test_under_another_letterhead_it_never_counts() -> None:
    rules = FilingRules(facility=("Cedar Falls General",), today=TODAY)
    sheet = page(encounter="V0077123", born="1961-04-18", letterhead="Riverbend Medical Center")
    assert decide(sheet, encounters=(STAY,), rules=rules).state is DocumentState.REVIEW
    own = page(encounter="V0077123", born="1961-04-18", letterhead="Cedar Falls General")
    assert_filed(decide(own, encounters=(STAY,), rules=rules), JANE)


def test_the_number_of_another_patient_is_a_conflict() -> None:
    theirs = replace(STAY, patient_id=OTHER.id)
    sheet = page(encounter="V0077123", mrn="00482913", born="1961-04-18", name="Harlow, Jane")
    assert_review(decide(sheet, among=(JANE, OTHER), encounters=(theirs,)), Reason.CONFLICT_ENCOUNTER)


def test_the_number_of_a_twin_one_digit_away_is_not_believed() -> None:
    """Twins are registered one after the other; birth date and last name fit both."""
    theirs = Encounter("enc_2", "V-0077124", TWIN.id)
    sheet = page(encounter="V0077123", born="1961-04-18")
    outcome = decide(sheet, among=(JANE, TWIN), encounters=(STAY, theirs))
    assert_review(outcome, Reason.TWIN_OR_NAMESAKE)


def test_another_number_of_the_site_beside_it_forbids_it() -> None:
    sheet = page(encounter="V0077123", born="1961-04-18", mrn="00555555")
    assert decide(sheet, encounters=(STAY,)).state is DocumentState.REVIEW


def test_of_a_merged_record_it_is_the_survivors() -> None:
    old = replace(patient("old", "Harlow, Jane", "00111111"), merged_into=JANE.id)
    stay = replace(STAY, patient_id=old.id)
    assert_filed(
        decide(page(encounter="V0077123", born="1961-04-18"), among=(JANE, old), encounters=(stay,)), JANE
    )


def test_a_newborn_needs_its_own_mrn() -> None:
    baby = patient("baby", "Harlow, Baby Boy", "00222222", "2026-11-01")
    stay = Encounter("enc_3", "V9", baby.id, admitted=dt.date(2026, 11, 1))
    sheet = page(encounter="V9", born="2026-11-01", service="2026-11-02")
    assert_review(decide(sheet, among=(baby,), encounters=(stay,)), Reason.NEWBORN)


@pytest.mark.parametrize(
    ("service", "filed"),
    [
        ("2019-03-05", True),
        ("2019-02-10", True),  # a history taken before admission
        ("2019-04-08", True),  # completed after discharge
        ("2019-01-30", False),
        ("2019-04-09", False),
        ("1999-03-05", False),
    ],
)
def test_a_service_outside_the_encounter_is_for_review(service: str, filed: bool) -> None:
    sheet = page(encounter="V0077123", mrn="00482913", born="1961-04-18", service=service)
    outcome = decide(sheet, encounters=(STAY,))
    if filed:
        assert_filed(outcome, JANE, Reason.MRN_AND_BIRTH_DATE)
    else:
        assert_review(outcome, Reason.SERVICE_OUTSIDE_ENCOUNTER)
        assert any(c.note == "outside the dates of its encounter" for c in outcome.comparisons)


def test_a_stay_that_is_not_over_has_no_end() -> None:
    stay = replace(STAY, discharged=None)
    sheet = page(encounter="V0077123", mrn="00482913", born="1961-04-18", service="2020-01-05")
    assert_filed(decide(sheet, encounters=(stay,)), JANE)


# --- numbers and records that receive nothing unaided ---------------------------------------------------


def test_a_suspect_number_stops_filing_to_its_record_by_any_way() -> None:
    known = replace(JANE, identifiers=(PatientIdentifier("00482913", "", status=IdentifierStatus.SUSPECT),))
    sheet = page(encounter="V0077123", born="1961-04-18", name="Harlow, Jane", phone="5035550144")
    assert_review(decide(sheet, among=(known,), encounters=(STAY,)), Reason.NUMBER_SUSPECT)


def test_a_suspected_duplicate_stops_filing_to_both_numbers() -> None:
    again = replace(JANE, id="pat_again", identifiers=(PatientIdentifier("00600001", ""),), phone="")
    for number in ("00482913", "00600001"):
        sheet = page(mrn=number, born="1961-04-18", name="Harlow, Jane")
        assert_review(decide(sheet, among=(JANE, again)), Reason.SUSPECTED_DUPLICATE)
    merged = replace(again, merged_into=JANE.id)
    assert_filed(decide(page(mrn="00600001", born="1961-04-18"), among=(JANE, merged)), JANE)


def test_a_namesake_of_one_day_whom_something_parts_is_no_duplicate() -> None:
    other = replace(JANE, id="pat_b", identifiers=(PatientIdentifier("00600001", ""),), ssn_last4="1111")
    assert_filed(decide(page(mrn="00482913", born="1961-04-18"), among=(JANE, other)), JANE)
