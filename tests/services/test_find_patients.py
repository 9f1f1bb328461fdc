"""Looking a patient up by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.services.find_patients import SHOWN, find_patients
from backfile.services.patient_text import read_patient_text
from backfile.store.catalog import Catalog

TODAY = dt.date(2026, 11, 24)
Find = Callable[[str], list[str]]


def made(key: str, last: str, first: str, mrn: str, born: str, **more: object) -> Patient:
    patient = Patient(
        f"pat_{key}",
        PersonName(last, first),
        (PatientIdentifier(mrn, ""),),
        dt.date.fromisoformat(born),
    )
    return replace(patient, **more)  # type: ignore[arg-type]


PATIENTS = (
    made("ann", "Kowalski", "Ann", "00482913", "1961-04-18"),
    made("anna", "Kowalski", "Anna", "00482999", "1988-12-01"),
    made("bob", "Kowalsky", "Robert", "00555001", "1950-03-13"),
    made("maria", "Garcia Lopez", "Maria", "00771234", "1970-06-07"),
    made("obrien", "O'Brien", "Niamh", "00660606", "1999-09-09", aliases=(PersonName("Walsh", "Niamh"),)),
    made("old", "Kowalski", "Anne", "00100100", "1961-04-18", merged_into="pat_ann"),
)


@pytest.fixture
def find(catalog: Catalog) -> Find:
    with catalog.begin() as uow:
        uow.patients.add(*PATIENTS)
        uow.commit()

    def search(text: str) -> list[str]:
        with catalog.look() as uow:
            return [p.id for p in find_patients(text, patients=uow.patients, today=TODAY)]

    return search


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("00482913", "pat_ann"),
        ("482-913", ""),
        ("00482914", "pat_ann"),  # one digit wrong
        ("00100100", "pat_ann"),  # a merged record's number
        ("kowalski ann", "pat_ann"),
        ("ann kowalski", "pat_ann"),
        ("kow, ann", "pat_ann"),
        ("KOWALSKI, ANNA", "pat_anna"),
        ("kowalski 12/1/1988", "pat_anna"),
        ("Dec 1, 1988", "pat_anna"),
        ("kowalsky bob", "pat_bob"),  # a short form
        ("garcia", "pat_maria"),
        ("maria garcia lopez", "pat_maria"),
        ("obrien", "pat_obrien"),
        ("o'brian", "pat_obrien"),
        ("walsh", "pat_obrien"),  # another name of hers
    ],
)
def test_who_fits_best_comes_first(find: Find, text: str, first: str) -> None:
    assert next(iter(find(text)), "") == first


def test_a_name_that_sounds_alike_is_found_too(find: Find) -> None:
    assert set(find("kowelsky")) >= {"pat_ann", "pat_anna", "pat_bob"}


def test_survivors_take_the_place_of_merged_records(find: Find) -> None:
    assert "pat_old" not in find("kowalski anne")


def test_nothing_typed_finds_nobody(find: Find) -> None:
    assert find("") == find("  , ") == find("zz") == []


def test_the_list_has_an_end(catalog: Catalog) -> None:
    many = [made(f"n{n}", "Smith", "Jo", f"8{n:06d}", "1980-01-01") for n in range(SHOWN + 15)]
    with catalog.begin() as uow:
        uow.patients.add(*many)
        uow.commit()
    with catalog.look() as uow:
        assert len(find_patients("smith", patients=uow.patients, today=TODAY)) == SHOWN


@given(some.text(max_size=60))
def test_whatever_is_typed_is_taken_apart(text: str) -> None:
    read = read_patient_text(text, today=TODAY)
    assert all(len(number) >= 3 for number in read.numbers)
    assert read.is_empty == (not read.numbers and read.birth_date is None and not read.words)
