"""Importing encounters from the files that sites really send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backfile.domain.patient import IdentifierStatus, PatientIdentifier
from backfile.errors import UsageError
from backfile.services.import_encounters import EncounterImport, import_encounters
from backfile.store.catalog import Catalog
from tests.services.conftest import PATIENT

HEADER = "encounter,mrn,facility,class,admit,discharge,attending\n"
OTHER = replace(PATIENT, id="pat_2", identifiers=(PatientIdentifier("77", ""),))

Load = Callable[[str | bytes], EncounterImport]


@pytest.fixture
def load(catalog: Catalog, tmp_path: Path) -> Load:
    with catalog.begin() as uow:
        uow.patients.add(OTHER)
        uow.commit()
    file = tmp_path / "encounters.csv"

    def load(text: str | bytes, *, facility: tuple[str, ...] = ("Cedar Falls",)) -> EncounterImport:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_encounters(file, catalog=catalog, facility=facility, today=dt.date(2026, 11, 24))

    return load


def _counts(result: EncounterImport) -> tuple[int, int, int]:
    return (result.imported, result.updated, result.unchanged)


def _bad(result: EncounterImport) -> list[tuple[int, str, str]]:
    return [(bad.line, bad.column, bad.reason) for bad in result.bad]


def test_every_column_arrives(load: Load, catalog: Catalog) -> None:
    result = load(HEADER + 'V-001,0012345,CEDAR FALLS,Inpatient,3/2/2019,2019-03-09,"Okafor, Ann MD"\n')
    assert (_counts(result), _bad(result), set(result.touched)) == ((1, 0, 0), [], {"pat_1"})
    with catalog.look() as uow:
        (one,) = uow.encounters.find_by_numbers(["v001"])
        assert uow.encounters.of_patients(["pat_1"]) == [one]
    assert (one.number, one.patient_id, one.facility, one.kind) == ("V-001", "pat_1", "", "Inpatient")
    assert (one.admitted, one.discharged) == (dt.date(2019, 3, 2), dt.date(2019, 3, 9))
    assert one.attending == "Okafor, Ann MD"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_encodings(load: Load, catalog: Catalog, encoding: str, mark: str) -> None:
    rows = [["MRN", "Attending", "Encounter"], ["0012345", "Müller", "9"], ["77", "Nuñez", "10"]]
    assert _counts(load("\r\n".join(mark.join(row) for row in rows).encode(encoding))) == (2, 0, 0)
    with catalog.look() as uow:
        assert [one.attending for one in uow.encounters.find_by_numbers(["9"])] == ["Müller"]


def test_again_changes_nothing_and_a_change_is_an_update(load: Load) -> None:
    text = HEADER + "V1,0012345,,,2019-03-02,,\nV2,77,,,,,\n"
    assert _counts(load(text)) == (2, 0, 0)
    assert _counts(load(text)) == (0, 0, 2)
    result = load(text.replace("2019-03-02,,", "2019-03-02,2019-03-09,"))
    assert (_counts(result), set(result.touched)) == ((0, 1, 1), {"pat_1"})


def test_bad_lines_are_named_without_values_and_the_rest_is_imported(load: Load) -> None:
    result = load(
        HEADER
        + ",0012345,,,,,\n"
        + "V1,,,,,,\n"
        + "V2,9999,,,,,\n"
        + "V3,0012345,Riverbend,,,,\n"
        + "V4,0012345,,,31.31.2019,2019-03-01,\n"
        + "V5,0012345,,,2019-03-09,2019-03-01,\n"
        + f"{'8' * 60},0012345,,,,,\n"
        + 'V6,0012345,,,,,"never closed\n'
        + "V7,0012345,,,2019-03-09,2019-03-10,\n"
        + "V7,0012345,,,2019-03-08,2019-03-10,\n"
        + "V7,0012345,,,2019-03-09,2019-03-10,\n"
    )
    assert _counts(result) == (3, 0, 1)
    assert _bad(result) == [
        (2, "encounter", "is missing or has no letter or digit"),
        (3, "mrn", "is missing or has no letter or digit"),
        (4, "mrn", "names no patient of the index at this facility"),
        (5, "mrn", "names no patient of the index at this facility"),
        (6, "admit", "is not a date; it was left out"),
        (7, "discharge", "lies before admit; both were left out"),
        (8, "encounter", "is longer than 40 characters"),
        (9, "", "a quotation mark is not closed"),
        (11, "encounter", "stands on line 10 already; this line was left out"),
    ]


def test_a_number_given_to_two_patients_is_kept_for_both_and_named(load: Load, catalog: Catalog) -> None:
    load(HEADER + "V1,0012345,,,,,\n")
    result = load(HEADER + "V1,77,,,,,\n")
    assert _bad(result) == [(2, "encounter", "was given to another patient too; it identifies nobody")]
    assert result.touched == {"pat_1", "pat_2"}
    with catalog.look() as uow:
        assert {one.patient_id for one in uow.encounters.find_by_numbers(["V1"])} == {"pat_1", "pat_2"}


def test_a_number_that_two_people_claim_takes_no_encounter(load: Load, catalog: Catalog) -> None:
    suspect = PatientIdentifier("77", "", status=IdentifierStatus.SUSPECT)
    with catalog.begin() as uow:
        uow.patients.update(replace(OTHER, identifiers=(suspect,)))
        uow.commit()
    assert _bad(load(HEADER + "V1,77,,,,,\n")) == [(2, "mrn", "is claimed by more than one patient")]


@pytest.mark.parametrize(
    "text", [b"", b"\n \n", b"encounter,name\n1,2\n", b"mrn,mrn,encounter\n", b"\x00\x01"]
)
def test_what_is_no_encounter_file_is_refused(load: Load, text: bytes) -> None:
    with pytest.raises(UsageError, match="encounter file"):
        load(text)
