"""What an import makes of wrong files: a report for each line that cannot be used, the rest imported."""

from __future__ import annotations

import datetime as dt

import pytest

from backfile.domain.patient import PatientQuery, PersonName
from tests.matching.test_import_patients import HEADER, Desk, _counts, desk, index

__all__ = ["desk", "index"]


@pytest.mark.parametrize(
    "born", ["00/00/0000", "13/45/2000", "1850-01-01", "2026-02-30", "yesterday", "19500102X"]
)
def test_an_impossible_birth_date_is_named_and_the_patient_blocks_only(desk: Desk, born: str) -> None:
    result = desk.load(HEADER + f"1,Roe,Al,{born}\n2,Poe,Bo,1950-01-02\n")
    assert (result.imported, [(bad.line, bad.column) for bad in result.bad]) == (2, [(2, "birth_date")])
    assert desk.one("1").review_only
    assert not desk.one("2").review_only


@pytest.mark.parametrize("column", ["mrn", "last_name", "first_name"])
def test_200_characters_are_named_by_their_column_and_the_rest_imported(desk: Desk, column: str) -> None:
    values = {"mrn": "1", "last_name": "Roe", "first_name": "Al"}
    values[column] = "X" * 200
    result = desk.load(HEADER + ",".join(values.values()) + ",1950-01-02\n2,Poe,Bo,1950-01-02\n")
    assert (result.imported, [(bad.line, bad.column) for bad in result.bad]) == (1, [(2, column)])


def test_200_characters_in_what_is_not_required_are_cut(desk: Desk) -> None:
    long = "Y" * 200
    result = desk.load(
        "mrn,last_name,first_name,middle_name,aliases,address,birth_date\n"
        f"1,Roe,Al,{long},{long} {long},{long},1950-01-02\n"
    )
    assert (result.imported, result.bad) == (1, ())
    (alias,) = desk.one("1").aliases
    assert max(len(desk.one("1").name.middle), len(alias.last), len(alias.first)) <= 70


def test_bytes_of_two_encodings_in_one_file_lose_no_line(desk: Desk) -> None:
    text = HEADER.encode() + "1,Müller,Al,1950-01-02\n".encode() + "2,Müller,Bo,1950-01-02\n".encode("cp1252")
    assert _counts(desk.load(text)) == (2, 0, 0, 0)
    assert desk.one("2").name.last == "Müller"


def test_a_file_without_patients_imports_none(desk: Desk) -> None:
    assert _counts(desk.load(HEADER)) == (0, 0, 0, 0)
    assert len(desk.index) == 0
    assert desk.index.find_candidates(PatientQuery(mrns=("1",), names=(PersonName("Roe", "Al"),))) == []
    assert not list(desk.index.find_suspected_duplicates())
    assert not list(desk.index.find_doubted())


def test_a_record_that_is_rewritten_within_one_import_is_found_as_it_is_in_the_end(desk: Desk) -> None:
    """A later line distrusts the number of an earlier one, which is then written anew."""
    desk.load("mrn,last_name,first_name,birth_date,previous_mrns\n100,Harlow,Jane,1961-04-18,\n")
    desk.load(
        "mrn,last_name,first_name,birth_date,previous_mrns\n"
        "200,Tillman,Roy,1944-02-03,\n"
        "100,Blackwood,Amos,1950-01-01,\n"
        "100,Harlow-Ott,Jane,1961-04-18,\n"
    )
    for last, first, born in (
        ("Harlow-Ott", "Jane", dt.date(1961, 4, 18)),
        ("Blackwood", "Amos", dt.date(1950, 1, 1)),
        ("Tillman", "Roy", dt.date(1944, 2, 3)),
    ):
        (found,) = desk.index.find_candidates(
            PatientQuery(names=(PersonName(last, first),), birth_dates=(born,)), limit=1
        )
        assert (found.name.last, found.birth_date) == (last, born)
    assert desk.index.count_name(PersonName("Harlow", "Jane")) == 0
