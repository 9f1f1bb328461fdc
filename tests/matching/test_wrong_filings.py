"""Ways in which a page could end under the wrong patient; none of them may be filed there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient, PersonName
from backfile.domain.reasons import Reason
from classify.matching import FilingRules
from tests.matching.builders import (
    JANE,
    OAK,
    TODAY,
    assert_filed,
    assert_review,
    decide,
    numbered,
    page,
    patient,
    see,
)

FATHER = patient("father", "Ortega, Luis", "00300100", "1950-06-07", sex="M", phone="5035550101", address=OAK)
SON = patient("son", "Ortega, Luis", "00450220", "1978-09-10", sex="M", phone="5035550101", address=OAK)
ANA = patient("ana", "Ortega, Ana", "00300101", "1981-02-03", sex="F", ssn_last4="4455", phone="5035550102")


def assert_not_filed(outcome: MatchOutcome) -> None:
    assert outcome.state is not DocumentState.FILED, outcome.reason


# --- fathers and sons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Ortega, Luis"},
        {"name": "Ortega, Luis", "phone": "5035550101", "address": "12 Oak St, Salem, OR 97301"},
        {"name": "Ortega, Luis Jr", "phone": "5035550101"},
        {"name": "Ortega, Luis", "sex": "M", "ssn": "1234"},
    ],
)
def test_father_and_son_of_one_name_without_number_or_birth_date(values: dict[str, Any]) -> None:
    assert_not_filed(decide(page(**values), among=(FATHER, SON)))


def test_a_page_of_the_son_with_the_fathers_number() -> None:
    mixed = page(mrn="00300100", name="Ortega, Luis", born="1978-09-10")
    assert_review(decide(mixed, among=(FATHER, SON)), Reason.CONFLICT_BIRTH_DATE)


def test_a_page_of_a_son_who_is_not_in_the_index() -> None:
    for values in ({"born": "1978-09-10"}, {"name": "Ortega, Luis Jr"}, {"mrn": "00450220"}):
        label: dict[str, Any] = {"name": "Ortega, Luis", "phone": "5035550101", **values}
        assert_not_filed(decide(page(**label), among=(FATHER,)))


def test_the_sons_page_among_the_fathers() -> None:
    own: dict[str, Any] = {"mrn": "00300100", "name": "Ortega, Luis", "born": "1950-06-07"}
    assert_filed(decide(page(**own), among=(FATHER, SON)), FATHER)
    for other in (
        page(name="Ortega, Luis"),
        page(name="Ortega, Luis", born="1978-09-10"),
        page(mrn="00450220"),
    ):
        assert_not_filed(decide(page(**own), other, among=(FATHER, SON)))


def test_junior_on_the_page_and_the_father_alone_would_fit() -> None:
    junior = replace(SON, name=PersonName("Ortega", "Luis", "", "Jr"))
    mixed = page(mrn="00300100", name="Ortega, Luis Jr")
    assert_review(decide(mixed, among=(FATHER, junior)), Reason.TWIN_OR_NAMESAKE)


# --- numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Reyes, Ana", "Ortega, Rosa"])
def test_a_misread_number_that_is_another_patients(name: str) -> None:
    """A digit misread with full confidence turns one's number into another's; one name is the same."""
    own: dict[str, Any] = {"mrn": ANA.mrn.value, "name": name}
    assert_not_filed(decide(page(**own), among=(ANA, FATHER)))
    assert_not_filed(decide(page(**own, sex="F"), among=(ANA, FATHER)))
    assert_not_filed(decide(page(**own, born="1990-03-04"), among=(ANA, FATHER)))


def test_a_misread_number_between_namesakes_in_the_index() -> None:
    other = replace(ANA, id="pat_other", birth_date=SON.birth_date, identifiers=numbered("00300107"))
    misread = page(mrn="00300101", name="Ortega, Ana")
    assert_review(decide(misread, among=(ANA, other)), Reason.TWIN_OR_NAMESAKE)


def test_a_misread_number_between_twins_in_the_index() -> None:
    eva = replace(ANA, id="pat_eva", name=PersonName("Ortega", "Eva"), identifiers=numbered("00300102"))
    for values in ({"born": "1981-02-03"}, {"name": "Ortega, A"}, {"name": "Ortega, Eva"}):
        label: dict[str, Any] = {"mrn": "00300101", "born": "1981-02-03", **values}
        assert_not_filed(decide(page(**label), among=(ANA, eva)))


def test_a_recycled_number() -> None:
    every: tuple[dict[str, Any], ...] = (
        {"name": "Quill, Zed", "born": "1922-03-04"},
        {"name": "Quill, Zed"},
        {"name": "Quill, Ana"},
        {"born": "1922-03-04"},
        {"name": "Ortega, Ana", "born": "1922-03-04"},
    )
    for values in every:
        assert_not_filed(decide(page(mrn=ANA.mrn.value, **values), among=(ANA,)))


def test_an_account_number_that_equals_a_patients_mrn() -> None:
    assert_not_filed(decide(page(see("other_number", ANA.mrn.value), name="Quill, Ana"), among=(ANA,)))
    assert_not_filed(decide(page(see("mrn", ANA.mrn.value), name="Quill, Zed"), among=(ANA,)))


def test_a_number_of_elsewhere_that_equals_a_patients_mrn() -> None:
    rules = FilingRules(facility=("General Hospital",), today=TODAY)
    foreign = page(letterhead="Riverbend Medical Center", mrn=ANA.mrn.value, name="Ortega, Ana")
    assert_not_filed(decide(foreign, among=(ANA,), rules=rules))
    second = page(mrn=ANA.mrn.value, name="Ortega, Ana")
    first = page(letterhead="Riverbend Medical Center", name="Ortega, Ana", born="1981-02-03")
    assert_not_filed(decide(first, second, among=(ANA,), rules=rules))


# --- strangers ----------------------------------------------------------------------------------------


def test_a_stranger_with_the_same_name_and_birth_date_and_a_number_of_their_own() -> None:
    own: dict[str, Any] = {"mrn": "00777888", "name": "Ortega, Ana", "born": "1981-02-03"}
    assert_review(decide(page(**own), among=(ANA,)), Reason.CONFLICT_MRN)
    assert_review(decide(page(**own, phone="5035550102"), among=(ANA,)), Reason.CONFLICT_MRN)


def test_a_stranger_with_the_same_common_name_and_birth_date() -> None:
    namesake = replace(ANA, id="pat_n", birth_date=SON.birth_date, identifiers=numbered("0099"))
    same = page(name="Ortega, Ana", born="1981-02-03")
    assert_review(decide(same, among=(ANA, namesake)), Reason.TOO_FEW_IDENTIFIERS)
    foreign = page(letterhead="Riverbend", mrn="31", name="Ortega, Ana", born="1981-02-03")
    rules = FilingRules(facility=("General Hospital",), today=TODAY)
    assert_review(decide(foreign, among=(ANA,), rules=rules), Reason.FOREIGN_NUMBER)
    other_ssn = page(name="Ortega, Ana", born="1981-02-03", ssn="9999")
    assert_review(decide(other_ssn, among=(ANA,)), Reason.CONFLICT_SSN)


def test_kin_at_one_address() -> None:
    rosa: dict[str, Any] = {"phone": "5035550102", "address": "12 Oak St, Salem, OR 97301"}
    every: tuple[dict[str, Any], ...] = (
        {"name": "Ortega, Rosa", "born": "1985-05-06"},
        {"name": "Ortega, Rosa", "born": "1981-02-03"},
        {"name": "Ortega, A", "born": "1985-05-06"},
        {"name": "Ortega", "born": "1981-02-03"},
    )
    for values in every:
        assert_not_filed(decide(page(**rosa, **values), among=(replace(ANA, address=OAK),)))


# --- dates --------------------------------------------------------------------------------------------


def test_a_date_of_service_taken_for_the_birth_date() -> None:
    """The one who was born that day has the name of the page's patient; the date stands twice."""
    infant = patient("infant", "Ortega, Ana", "00900900", "2024-05-06", phone="5035550102")
    both: dict[str, Any] = {"born": "2024-05-06", "service": "2024-05-06"}
    outcome = decide(page(name="Ortega, Ana", phone="5035550102", **both), among=(ANA, infant))
    assert_not_filed(outcome)
    assert_not_filed(decide(page(mrn=ANA.mrn.value, name="Ortega, Ana", **both), among=(ANA, infant)))


def test_a_century_that_the_page_leaves_open() -> None:
    old = patient("old", "Ortega, Ana", "00900900", "1920-03-12", phone="5035550102")
    young = page(see("born", "2020-03-12", raw="3/12/20"), name="Ortega, Ana", phone="5035550102")
    assert_not_filed(decide(young, among=(old,)))


def test_an_old_page_of_somebody_before_the_patients_birth() -> None:
    label: dict[str, Any] = {"mrn": ANA.mrn.value, "name": "Ortega, Ana", "service": "1979-01-02"}
    assert_review(decide(page(**label), among=(ANA,)), Reason.SERVICE_BEFORE_BIRTH)


# --- mothers and newborns -----------------------------------------------------------------------------

BABY = patient("baby", "Ortega, Baby Girl", "00900900", "2026-11-10", mother_mrn=ANA.mrn.value, sex="F")


@pytest.mark.parametrize(
    "values",
    [
        {"mrn": "00900900", "name": "Ortega, Ana", "born": "1981-02-03"},
        {"mrn": "00900900", "name": "Ortega, Ana"},
        {"mrn": "00900900", "born": "2026-11-10", "name": "Ortega, Ana"},
        {"mrn": "00300101", "born": "2026-11-10"},
        {"mrn": "00300101", "name": "Ortega, Baby Girl"},
        {"mrn": "00300101", "born": "1981-02-03", "name": "Ortega, Baby Girl"},
        {"name": "Ortega, Baby Girl", "born": "2026-11-10", "phone": "5035550102"},
        {"mrn": "00900900", "name": "Ortega, Baby Girl"},
        {"mrn": "00900900", "born": "2026-11-10", "name": "Ortega, Baby Boy"},
        {"mrn": "00900900", "born": "2026-11-10", "other_number": "00300101"},
    ],
)
def test_mother_and_newborn_mixed(values: dict[str, Any]) -> None:
    assert_not_filed(decide(page(**values), among=(ANA, BABY)))


def test_the_mothers_page_among_the_newborns() -> None:
    own = page(mrn="00900900", born="2026-11-10", of=(1, 2))
    assert_filed(decide(own, among=(ANA, BABY)), BABY)
    for mothers in (page(mrn="00300101"), page(name="Ortega, Ana"), page(born="1981-02-03")):
        assert_not_filed(decide(own, mothers, among=(ANA, BABY)))
    assert_filed(decide(page(mrn="00300101", born="1981-02-03"), among=(ANA, BABY)), ANA)


def test_unnamed_twins() -> None:
    a = replace(BABY, id="pat_a", name=PersonName("Ortega", "BG A"), multiple_birth=True)
    b = replace(a, id="pat_b", name=PersonName("Ortega", "BG B"), identifiers=numbered("00955012"))
    label: dict[str, Any] = {"mrn": "00900900", "born": "2026-11-10"}
    for name in ("", "Ortega, BG A", "Ortega, BG B"):
        assert_not_filed(decide(page(name=name, **label), among=(ANA, a, b)))


# --- several people on the pages ----------------------------------------------------------------------


def test_a_sticker_of_somebody_else() -> None:
    label: dict[str, Any] = {"mrn": ANA.mrn.value, "name": "Ortega, Ana", "born": "1981-02-03"}
    for sticker in (see("name", "Harlow, Jane"), see("mrn", JANE.mrn.value), see("born", "1961-04-18")):
        assert_not_filed(decide(page(sticker, **label), among=(ANA, JANE)))


def test_a_sheet_of_somebody_else_whose_number_continues_by_chance() -> None:
    label: dict[str, Any] = {"mrn": ANA.mrn.value, "name": "Ortega, Ana", "born": "1981-02-03"}
    for sight in (see("name", "Harlow, Jane"), see("mrn", JANE.mrn.value), see("born", "1961-04-18")):
        assert_not_filed(decide(page(of=(1, 2), **label), page(sight, of=(2, 2)), among=(ANA, JANE)))


def test_a_folder_of_another_patient() -> None:
    label: dict[str, Any] = {"mrn": ANA.mrn.value, "name": "Ortega, Ana", "born": "1981-02-03"}
    outcome = decide(page(**label), among=(ANA, JANE), header=JANE.id)
    assert_not_filed(outcome)


def test_a_header_sheet_that_names_nobody_changes_nothing() -> None:
    label: dict[str, Any] = {"mrn": ANA.mrn.value, "name": "Ortega, Ana", "born": "1981-02-03"}
    assert_filed(decide(page(**label), among=(ANA,), header="pat_gone"), ANA)


# --- doubles in the index -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 300])
def test_many_of_one_name(count: int) -> None:
    many: tuple[Patient, ...] = tuple(
        replace(ANA, id=f"pat_{n}", identifiers=numbered(f"8{n:06}"), ssn_last4="") for n in range(count)
    )
    assert_not_filed(decide(page(name="Ortega, Ana", born="1981-02-03", phone="5035550102"), among=many))
    assert_not_filed(decide(page(mrn="8000000", name="Ortega, Ana"), among=many))
