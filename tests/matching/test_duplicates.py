"""Two records of one person are suspected by names that are equal or nearly so; kin are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from backfile.domain.duplicates import is_suspected_duplicate
from backfile.domain.patient import Patient, PersonName
from backfile.store.patients import PatientRepository
from backfile.store.schema import metadata
from tests.matching.builders import JANE, patient

BARE = replace(JANE, name=PersonName("Harlow", "Jane"), ssn_last4="", phone="", sex="")
"""Jane by name, birth date, number and street alone."""


def other(name: str, **changes: object) -> Patient:
    return replace(patient("other", name, "70000001", "1961-04-18"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "record",
    [
        other("Harlow, Jane", phone=JANE.phone),
        other("Harlow, Janie", phone=JANE.phone),
        other("Harlow, Jane Marie"),
        other("Harlew, Jane", ssn_last4="6712"),
        other("Harolw, Jane", phone=JANE.phone),
        other("Harlow, Jand", ssn_last4="6712"),
        other("Harlow, Jnae Marie", address=JANE.address),
        other("Ott, Jane", aliases=(PersonName("Harlow", "Jane"),), ssn_last4="6712"),
    ],
)
def test_suspected(record: Patient) -> None:
    assert is_suspected_duplicate(JANE, record)
    assert is_suspected_duplicate(record, JANE)


@pytest.mark.parametrize(
    "record",
    [
        other("Harlow, Jane"),  # a namesake of one day
        other("Harlow, June", phone=JANE.phone),  # twins share the telephone
        other("Harlow, June", address=JANE.address),
        other("Harlow, Jane", ssn_last4="9999", phone=JANE.phone),
        other("Harlow, Jand Marie"),  # a middle name of thousands
        other("Harlow, Jand Karen", ssn_last4="6712"),
        other("Marlew, Jane", ssn_last4="6712"),
        other("Harlew, Jand", ssn_last4="6712"),
        other("Harlow, Janie", phone=JANE.phone, multiple_birth=True),
        other("Harlew, Jane", phone=JANE.phone, multiple_birth=True),
        other("Harlow, Jane", phone=JANE.phone, birth_date=None),
        other("Harlow, Jane", phone=JANE.phone, merged_into=JANE.id),
    ],
)
def test_not_suspected(record: Patient) -> None:
    assert not is_suspected_duplicate(JANE, record)
    assert not is_suspected_duplicate(record, JANE)


def test_short_names_of_which_one_letter_differs_are_two() -> None:
    an, ann = (other(f"Le, {first}", ssn_last4="6712", id=f"pat_{first}") for first in ("Anh", "Anu"))
    assert not is_suspected_duplicate(an, ann)


def test_the_catalog_reports_each_pair_once() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    near = [
        JANE,
        other("Harlew, Jane", ssn_last4="6712", id="pat_edit"),
        other("Harlow, Janie", phone=JANE.phone, id="pat_short"),
        other("Harlow, June", phone=JANE.phone, id="pat_twin"),
        other("Harlow, Jane", phone=JANE.phone, birth_date=None, id="pat_undated"),
        patient("later", "Harlow, Jane Marie", "70000009", "1961-04-19"),
    ]
    with engine.begin() as connection:
        index = PatientRepository(connection)
        index.add(*near)
        found = [frozenset((one.id, two.id)) for one, two in index.find_suspected_duplicates()]
    engine.dispose()
    assert len(found) == len(set(found))
    assert set(found) == {
        frozenset((JANE.id, "pat_edit")),
        frozenset((JANE.id, "pat_short")),
    }


def test_bare_records_share_a_street() -> None:
    assert is_suspected_duplicate(BARE, other("Harlow, Jane", address=JANE.address))
