from __future__ import annotations

import datetime as dt

import pytest

from backfile.domain.patient import IdentifierKind, PatientIdentifier, PersonName
from backfile.errors import UsageError
from tests.ui.archive import Archive, make_archive, make_patient
from ui.finding.patients import FoundPatients, find_patients

PEOPLE = (
    make_patient("pat_1", "Marsh-Doe, Odette", "1950-03-12", "0012345", sex="F"),
    make_patient("pat_2", "Marsh, Odile", "1950-03-12", "7700001"),
    make_patient("pat_3", "Tran, Minh", "1961-04-18", "7700002"),
    make_patient("pat_4", "Tran, Minh", "1988-11-02", "7700003"),
    make_patient("pat_5", "Quill, Basil", "1944-01-30", "7700004", merged_into="pat_6"),
    make_patient("pat_6", "Quill, Basil", "1944-01-30", "7700005"),
    make_patient("pat_7", "Vane, Iris", None, "7700006"),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = make_archive(tmp_path_factory.mktemp("patients"))
    archive.add_patients(*PEOPLE)
    return archive


def look(archive: Archive, text: str) -> FoundPatients:
    with archive.workshop.catalog.look() as uow:
        return find_patients(text, uow=uow, today=dt.date(2026, 3, 1))


def ids(archive: Archive, text: str) -> list[str]:
    return [card.id for card in look(archive, text).patients]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0012345", ["pat_1"]),
        ("MRN 0012345", ["pat_1"]),
        ("#0012345", ["pat_1"]),
        ("12345", []),  # zeros belong to the number
        ("03/12/1950", ["pat_2", "pat_1"]),
        ("March 12, 1950", ["pat_2", "pat_1"]),
        ("Marsh, Odette", ["pat_1"]),  # by its sound: nobody is called exactly so
        ("Marsh-Doe, Od", ["pat_1"]),
        ("marsh", ["pat_1", "pat_2"]),
        ("Odile Marsh", ["pat_2"]),
        ("Marsh Odile", ["pat_2"]),
        ("Tran 04/18/1961", ["pat_3"]),
        ("Tran, Minh 11/02/1988", ["pat_4"]),
        ("7700003 Tran", ["pat_4"]),
        ("7700003 Marsh", []),
        ("7700003 04/18/1961", []),
        ("Nobody, Here", []),
    ],
)
def test_everything_typed_must_fit(archive: Archive, text: str, found: list[str]) -> None:
    assert sorted(ids(archive, text)) == sorted(found)


def test_a_merged_record_gives_way_to_the_survivor_and_says_so(archive: Archive) -> None:
    (card,) = look(archive, "7700004").patients
    assert card.id == "pat_6"
    assert card.mrn == "7700005"
    assert any("7700004" in note for note in card.notes)
    assert ids(archive, "Quill") == ["pat_6"]


def test_namesakes_are_named(archive: Archive) -> None:
    assert all(any("2 people" in note for note in card.notes) for card in look(archive, "Tran").patients)
    (card,) = look(archive, "0012345").patients
    assert card.notes == ()


def test_a_name_that_only_sounds_alike_is_offered_as_such(archive: Archive) -> None:
    found = look(archive, "Trann, Mihn")
    assert found.is_by_sound
    assert {card.id for card in found.patients} == {"pat_3", "pat_4"}


def test_an_entry_without_a_birth_date_is_found_by_name_and_says_so(archive: Archive) -> None:
    (card,) = look(archive, "Vane").patients
    assert card.birth_date is None
    assert "No birth date in the index." in card.notes
    assert ids(archive, "Vane 01/01/1950") == []


def test_a_former_number_is_said_to_be_one(archive: Archive) -> None:
    former = PatientIdentifier("5550000", "", IdentifierKind.PREVIOUS)
    patient = make_patient("pat_8", "Ash, Rowan", "1970-05-05", "7700009")
    archive.add_patients(
        type(patient)(
            id=patient.id,
            name=patient.name,
            identifiers=(*patient.identifiers, former),
            birth_date=patient.birth_date,
            aliases=(PersonName("Elm", "Rowan"),),
        )
    )
    (card,) = look(archive, "5550000").patients
    assert card.mrn == "7700009"
    assert "5550000 is a former MRN." in card.notes
    assert ids(archive, "Elm, Rowan") == ["pat_8"]


@pytest.mark.parametrize("text", ["", "  ", "a", "12", "!!", ","])
def test_nothing_to_look_for_is_refused(archive: Archive, text: str) -> None:
    with pytest.raises(UsageError):
        look(archive, text)


def test_a_long_list_is_cut_and_says_so(archive: Archive) -> None:
    archive.add_patients(
        *(make_patient(f"pat_x{n}", f"Zander, A{n:02d}", "1950-01-01", f"88000{n:02d}") for n in range(25))
    )
    found = look(archive, "Zander")
    assert len(found.patients) == 20
    assert found.are_more
