"""The synthetic patient index."""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import pytest

from backfile.domain.names import fold_name, is_placeholder_name
from samples.patients import (
    CSV_COLUMNS,
    NOW,
    SamplePatient,
    make_patients,
    make_stranger,
    write_patients_csv,
)


@pytest.fixture(scope="module")
def patients() -> tuple[SamplePatient, ...]:
    return make_patients(2000, seed=5)


def test_same_seed_gives_the_same_people(patients: tuple[SamplePatient, ...]) -> None:
    assert make_patients(2000, seed=5) == patients
    assert make_patients(2000, seed=6) != patients


def test_every_number_is_given_once_per_facility(patients: tuple[SamplePatient, ...]) -> None:
    numbers = Counter((i.value, i.facility) for p in patients for i in p.patient.identifiers)
    assert max(numbers.values()) == 1


def test_some_numbers_mean_somebody_else_at_the_second_facility(patients: tuple[SamplePatient, ...]) -> None:
    site = {p.mrn for p in patients if not p.facility}
    assert any(p.mrn in site for p in patients if p.facility)


def test_twins_share_surname_birth_date_and_address(patients: tuple[SamplePatient, ...]) -> None:
    twins = [p for p in patients if p.patient.multiple_birth]
    groups = Counter((p.name.last, p.birth_date, str(p.patient.address)) for p in twins)
    assert sum(count == 2 for count in groups.values()) >= 10
    for (last, birth, _), count in groups.items():
        if count == 2:
            first = {p.name.first for p in twins if p.name.last == last and p.birth_date == birth}
            assert len(first) == 2


def test_has_the_people_that_make_matching_hard(patients: tuple[SamplePatient, ...]) -> None:
    namesakes = Counter((fold_name(p.name.last), fold_name(p.name.first)) for p in patients)
    same_year = Counter((p.name.last, p.name.first, p.birth_date.year) for p in patients)
    assert sum(n > 1 for n in namesakes.values()) >= 40
    assert sum(n > 1 for n in same_year.values()) >= 8
    assert sum(p.name.suffix in {"Jr", "II"} for p in patients) >= 8
    assert sum(is_placeholder_name(p.name) for p in patients) >= 5
    assert sum(bool(p.patient.mother_mrn) for p in patients) >= 8
    assert sum(p.patient.merged_into is not None for p in patients) >= 8
    assert sum(p.patient.birth_date is None for p in patients) >= 8
    assert sum(bool(p.patient.aliases) for p in patients) >= 50
    assert all(p.patient.review_only == (p.patient.birth_date is None) for p in patients)


def test_nobody_is_born_after_today(patients: tuple[SamplePatient, ...]) -> None:
    assert all(p.birth_date <= NOW for p in patients)


def test_names_come_from_many_origins(patients: tuple[SamplePatient, ...]) -> None:
    lasts = {p.name.last for p in patients}
    assert len(lasts) > 900
    assert any("-" in last for last in lasts)
    assert any(" " in last for last in lasts)
    assert any("'" in last for last in lasts)
    assert any(not last.isascii() for last in lasts)


def test_strangers_are_in_nobodys_index(patients: tuple[SamplePatient, ...]) -> None:
    rng = random.Random(1)
    numbers = {i.value for p in patients for i in p.patient.identifiers}
    people = {(p.name.last, p.name.first, p.birth_date) for p in patients}
    lasts = Counter[bool]()
    for _ in range(80):
        stranger = make_stranger(rng, patients)
        assert not stranger.indexed
        assert stranger.mrn not in numbers
        assert (stranger.name.last, stranger.name.first, stranger.birth_date) not in people
        lasts[any(p.name.last == stranger.name.last for p in patients)] += 1
    assert lasts[True] > 20


def test_csv_holds_the_index(patients: tuple[SamplePatient, ...], tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    write_patients_csv(patients, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(patients)
    numbers = {row["mrn"] for row in rows}
    for row, person in zip(rows, patients, strict=True):
        assert row["mrn"] == person.mrn
        assert row["last_name"] == person.name.last
        assert row["birth_date"] == (
            person.patient.birth_date.isoformat() if person.patient.birth_date else ""
        )
        assert not row["merged_into"] or row["merged_into"] in numbers
        assert not row["mother_mrn"] or row["mother_mrn"] in numbers
    assert {row["merged_into"] for row in rows} != {""}
