"""Importing the patient index from the files that sites really send."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from backfile.domain.patient import (
    Address,
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PersonName,
)
from backfile.errors import UsageError
from backfile.services.import_patients import ImportResult, import_patients, import_rows
from backfile.store.catalog import Catalog
from backfile.store.patients import PatientRepository
from samples.patients import make_patients, write_patients_csv

TODAY = dt.date(2026, 11, 24)
HEADER = "mrn,last_name,first_name,birth_date\n"


@pytest.fixture
def index(connection: Connection) -> PatientRepository:
    return PatientRepository(connection)


class Desk:
    """Imports text as a file."""

    def __init__(self, index: PatientRepository, folder: Path) -> None:
        self.index, self.path = index, folder / "patients.csv"

    def load(self, text: str | bytes, *, facility: tuple[str, ...] = ()) -> ImportResult:
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_rows(self.path, self.index, facility=facility, today=TODAY)

    def one(self, number: str) -> Patient:
        (patient,) = self.index.find_by_number(number)
        return patient


@pytest.fixture
def desk(index: PatientRepository, tmp_path: Path) -> Desk:
    return Desk(index, tmp_path)


def _counts(result: ImportResult) -> tuple[int, int, int, int]:
    return (result.imported, result.updated, result.unchanged, len(result.bad))


def test_every_column_arrives(desk: Desk) -> None:
    desk.load(
        "zip,state,city,address,phone,ssn_last4,sex,birth_date,suffix,middle_name,first_name,last_name,mrn,"
        "aliases,previous_mrns,death_date,mother_mrn,multiple_birth,shoe_size\n"
        '97301,OR,Salem,12 Oak St,(503) 555-0100,123-45-6789,Female,03/12/1987,III,Ann,Zoë,"O\'Brien",00-042,'
        '"Smith, Zoë; Jones",77;78,2020-01-02,0007,Y,44\n'
    )
    patient = desk.one("00042")
    assert patient.name == PersonName("O'Brien", "Zoë", "Ann", "III")
    assert patient.birth_date == dt.date(1987, 3, 12)
    assert (patient.sex, patient.ssn_last4, patient.phone) == ("F", "6789", "5035550100")
    assert patient.address == Address("12 Oak St", "Salem", "OR", "97301")
    assert patient.aliases == (PersonName("Smith", "Zoë"), PersonName("Jones", "Zoë", "Ann", "III"))
    assert [(i.value, i.kind) for i in patient.identifiers] == [
        ("00-042", IdentifierKind.MRN),
        ("77", IdentifierKind.PREVIOUS),
        ("78", IdentifierKind.PREVIOUS),
    ]
    assert patient.death_date == dt.date(2020, 1, 2)
    assert (patient.mother_mrn, patient.multiple_birth, patient.review_only) == ("0007", True, False)
    assert desk.one("77").id == patient.id


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_encodings(desk: Desk, mark: str, encoding: str, end: str) -> None:
    rows = [["First Name", "MRN", "LAST_NAME"], ["Zoë", "007", "Müller"], ["Ann", "008", f'"St{mark} John"']]
    text = end.join(mark.join(row) for row in rows) + end
    assert _counts(desk.load(text.encode(encoding))) == (2, 0, 0, 0)
    assert desk.one("007").name == PersonName("Müller", "Zoë")
    assert desk.one("008").name.last.startswith("St")


def test_note_of_excel_about_its_delimiter(desk: Desk) -> None:
    assert _counts(desk.load("sep=;\nmrn;last_name;first_name\n1;Roe;Al\n")) == (1, 0, 0, 0)


def test_again_changes_nothing(desk: Desk) -> None:
    text = HEADER + "1,Roe,Al,1950-01-02\n2,Poe,Bo,\n"
    assert _counts(desk.load(text)) == (2, 0, 0, 0)
    assert _counts(desk.load(text)) == (0, 0, 2, 0)
    changed = text.replace("Poe", "Doyle")
    assert _counts(desk.load(changed)) == (1, 0, 1, 1)  # no birth date and another name: somebody else
    assert _counts(desk.load(text.replace("Roe", "Rowe"))) == (0, 1, 1, 1)


def test_married_named_and_corrected_people_are_updated(desk: Desk) -> None:
    desk.load(HEADER + "1,Roe,Ann,1950-01-02\n2,Poe,Baby Boy,2026-11-01\n3,Loe,Cy,1960-02-03\n")
    before = [desk.one(number).id for number in "123"]
    result = desk.load(HEADER + "1,Doyle,Ann,1950-01-02\n2,Poe,Max,2026-11-01\n3,Loe,Cy,1960-03-02\n")
    assert _counts(result) == (0, 3, 0, 0)
    assert [desk.one(number).id for number in "123"] == before
    assert desk.one("3").birth_date == dt.date(1960, 3, 2)


def test_bad_lines_are_named_and_the_rest_imported(desk: Desk) -> None:
    result = desk.load(
        HEADER
        + "1,Roe,Al,1950-01-02\n"
        + ",Poe,Bo,1950-01-02\n"
        + "3,,Bo,1950-01-02\n"
        + "4,Poe,  ,1950-01-02\n"
        + "--,Poe,Bo,1950-01-02\n"
        + "6,Poe,Bo,1950-01-02,extra,fields\n"
        + '7,"Poe,Bo,1950-01-02\n'
        + "8,Moe,Cy,1950-02-31\n"
        + "9,Moe,Dee,2031-01-01\n"
        + "\n"
        + ",,,\n"
        + "10,Zoe,Flo,12/24/1990\n"
    )
    assert [(bad.line, bad.column) for bad in result.bad] == [
        (3, "mrn"), (4, "last_name"), (5, "first_name"), (6, "mrn"), (7, ""), (8, ""), (9, "birth_date"),
        (10, "birth_date"),
    ]  # fmt: skip
    assert result.imported == 4
    assert desk.one("8").review_only
    assert desk.one("10").birth_date == dt.date(1990, 12, 24)
    assert not any(value in bad.reason for bad in result.bad for value in ("Poe", "1950", "2031", "Moe"))


def test_line_numbers_hold_across_quoted_line_breaks(desk: Desk) -> None:
    result = desk.load(
        "mrn,last_name,first_name,address\n"
        '1,Roe,Al,"12 Oak St\nApt 4\nRear"\n'
        ",Poe,Bo,x\n"
        '3,Poe,Bo,"a ""b"" c"\n'
        "4,Moe,Cy,5'2\" tall\n"
        ",Zoe,Di,x\n"
    )
    assert [bad.line for bad in result.bad] == [5, 8]
    assert result.imported == 3
    assert desk.one("1").address.street == "12 Oak St Apt 4 Rear"


def test_an_open_quotation_mark_costs_one_line(desk: Desk) -> None:
    rows = "".join(f"{number},Roe,Al,1950-01-02\n" for number in range(100, 300))
    result = desk.load(HEADER + '1,"Roe,Al,1950-01-02\n' + rows + '2,Roe,"Al,1950-01-02\n')
    assert [bad.line for bad in result.bad] == [2, 203]
    assert result.imported == 200


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("mrn,last_name\n1,Roe\n", "first_name"),
        ("last_name,first_name\nRoe,Al\n", "mrn"),
        ("a,b,c\n", "mrn, last_name, first_name"),
        ("mrn,last_name,first_name,mrn\n", "mrn"),
        ("", "empty"),
        ("\n\n", "empty"),
        (b"%PDF-1.7\x00\x00\x01", "text"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(desk: Desk, text: str | bytes, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        desk.load(text)


def test_a_missing_file_is_refused(index: PatientRepository, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        import_rows(tmp_path / "none.csv", index, facility=(), today=TODAY)


def test_one_number_for_two_people_identifies_nobody(desk: Desk) -> None:
    text = HEADER + "5,Roe,Al,1950-01-02\n6,Poe,Bo,1960-01-02\n5,Moe,Cy,1970-01-02\n"
    for counts in ((3, 0, 0, 2), (0, 0, 3, 2)):
        result = desk.load(text)
        assert _counts(result) == counts
        assert [(bad.line, bad.column) for bad in result.bad] == [(2, "mrn"), (4, "mrn")]
    statuses = {p.name.last: p.identifiers[0].status for p in desk.index.find_by_number("5")}
    assert statuses == {"Roe": IdentifierStatus.SUSPECT, "Moe": IdentifierStatus.SUSPECT}
    assert desk.one("6").identifiers[0].status is IdentifierStatus.ACTIVE


@pytest.mark.parametrize("rows", [10, 1500])
def test_twins_under_one_number_stay_two(desk: Desk, rows: int) -> None:
    between = "".join(f"{number},Roe,Al,1950-01-02\n" for number in range(100, 100 + rows))
    result = desk.load(HEADER + "5,Roe,Ann,2001-01-02\n" + between + "5,Roe,Beth,2001-01-02\n")
    assert len(desk.index.find_by_number("5")) == 2
    assert [bad.line for bad in result.bad] == [2, rows + 3]


def test_a_recycled_number_identifies_nobody_any_more(desk: Desk) -> None:
    desk.load(HEADER + "5,Roe,Al,1950-01-02\n")
    for imported in (1, 0):
        result = desk.load(HEADER + "5,Moe,Cy,1970-01-02\n")
        assert (result.imported, len(result.bad)) == (imported, 1)
    assert {p.identifiers[0].status for p in desk.index.find_by_number("5")} == {IdentifierStatus.SUSPECT}


def test_a_repeated_line_counts_once(desk: Desk) -> None:
    text = HEADER + "5,Roe,Al,1950-01-02\n5,Roe,Al,1950-01-02\n5,Roe,Al,\n"
    result = desk.load(text)
    assert (result.imported, result.unchanged) == (1, 1)
    assert [(bad.line, bad.column) for bad in result.bad] == [(4, "mrn")]
    assert desk.one("5").birth_date == dt.date(1950, 1, 2)


def test_zeros_count(desk: Desk) -> None:
    assert _counts(desk.load(HEADER + "5,Roe,Al,1950-01-02\n005,Moe,Cy,1970-01-02\n")) == (2, 0, 0, 0)
    assert desk.one("005").name.last == "Moe"


MERGED = "mrn,last_name,first_name,birth_date,merged_into\n"


def test_a_merged_record_finds_its_survivor_further_down(desk: Desk) -> None:
    text = MERGED + "1,Roe,Al,1950-01-02,2\n2,Roe,Al,1950-01-02,3\n3,Roe,Al,1950-01-02,\n"
    assert _counts(desk.load(text)) == (3, 0, 0, 0)
    one, two, three = (desk.one(number) for number in "123")
    assert (one.merged_into, two.merged_into, three.merged_into) == (two.id, three.id, None)
    assert one.identifiers[0].status is IdentifierStatus.MERGED
    assert len(desk.index) == 1
    assert _counts(desk.load(text)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    "rows",
    ["1,Roe,Al,1950-01-02,9\n", "1,Roe,Al,1950-01-02,1\n", "1,Roe,Al,1950-01-02,2\n2,Roe,Al,1950-01-02,1\n"],
)
def test_a_merge_into_nobody_or_in_a_circle_is_named(desk: Desk, rows: str) -> None:
    result = desk.load(MERGED + rows)
    assert {bad.column for bad in result.bad} == {"merged_into"}
    assert len(result.bad) == rows.count("\n")
    assert desk.one("1").review_only
    assert _counts(desk.load(MERGED + rows))[2] == rows.count("\n")


def test_a_merge_into_another_facility(desk: Desk) -> None:
    result = desk.load(
        "mrn,last_name,first_name,facility,merged_into\n1,Roe,Al,,R7\nR7,Roe,Al,Riverbend,\n2,Poe,Bo,,\n"
    )
    assert _counts(result) == (3, 0, 0, 0)
    assert desk.one("1").merged_into == desk.one("R7").id


def test_a_new_number_with_the_former_one_stays_the_same_person(desk: Desk) -> None:
    desk.load(HEADER + "5,Roe,Al,1950-01-02\n")
    before = desk.one("5").id
    result = desk.load("mrn,last_name,first_name,birth_date,previous_mrns\n50,Roe,Al,1950-01-02,5\n")
    assert _counts(result) == (0, 1, 0, 0)
    assert desk.one("5").id == desk.one("50").id == before


FACILITY = "mrn,last_name,first_name,birth_date,facility\n"


def test_the_site_by_any_of_its_names_is_the_site(desk: Desk) -> None:
    rows = "1,Roe,Al,1950-01-02,St. Mary's Hospital\n2,Poe,Bo,1950-01-02,\n1,Moe,Cy,1950-01-02,Riverbend\n"
    result = desk.load(FACILITY + rows, facility=("ST MARYS HOSPITAL",))
    assert _counts(result) == (3, 0, 0, 0)
    assert sorted(p.identifiers[0].facility for p in desk.index.find_by_number("1")) == ["", "Riverbend"]


def test_the_facility_of_most_rows_is_the_site_where_every_row_names_one(desk: Desk) -> None:
    rows = "1,Roe,Al,1950-01-02,Mercy\n2,Poe,Bo,1950-01-02,MERCY\n3,Moe,Cy,1950-01-02,Riverbend\n"
    desk.load(FACILITY + rows)
    assert [desk.one(number).identifiers[0].facility for number in "123"] == ["", "", "Riverbend"]
    desk.load(FACILITY + "4,Doe,Di,1950-01-02,Elm\n5,Zoe,Ed,1950-01-02,Elm\n6,Koe,Flo,1950-01-02,\n")
    assert [desk.one(number).identifiers[0].facility for number in "456"] == ["Elm", "Elm", ""]


def test_of_several_facilities_none_is_taken_for_the_site(desk: Desk) -> None:
    desk.load(FACILITY + "1,Roe,Al,1950-01-02,Mercy\n2,Poe,Bo,1950-01-02,Riverbend\n")
    assert [desk.one(number).identifiers[0].facility for number in "12"] == ["Mercy", "Riverbend"]


def test_day_first_files_are_read_day_first(desk: Desk) -> None:
    desk.load(HEADER + "1,Roe,Al,03/12/1950\n2,Poe,Bo,25/12/1950\n")
    assert desk.one("1").birth_date == dt.date(1950, 12, 3)
    assert desk.one("2").birth_date == dt.date(1950, 12, 25)


def test_dates_that_contradict_each_other_are_not_guessed(desk: Desk) -> None:
    result = desk.load(
        HEADER + "1,Roe,Al,03/12/1950\n2,Poe,Bo,25/12/1950\n3,Moe,Cy,12/25/1950\n4,Zoe,Di,1/2/20\n"
    )
    assert [bad.line for bad in result.bad] == [3, 5]
    assert desk.one("1").birth_date == dt.date(1950, 3, 12)
    assert desk.one("2").review_only


def test_suffix_behind_the_last_name(desk: Desk) -> None:
    desk.load(HEADER + '1,"Roe, Jr.",Al,1950-01-02\n2,Van V,Bo,1950-01-02\n')
    assert desk.one("1").name == PersonName("Roe", "Al", "", "Jr")
    assert desk.one("2").name.last == "Van V"


def test_unusable_extras_are_left_out_and_named(desk: Desk) -> None:
    result = desk.load(
        "mrn,last_name,first_name,birth_date,ssn_last4,death_date,phone\n"
        "1,Roe,Al,1950-01-02,12,1949-01-01,n/a\n2,Poe,Bo,1950-01-02,unknown,,555-0100\n"
    )
    assert [(bad.line, bad.column) for bad in result.bad] == [(2, "death_date"), (2, "ssn_last4")]
    assert result.imported == 2
    assert (desk.one("1").ssn_last4, desk.one("1").death_date, desk.one("2").phone) == ("", None, "")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        # A zero byte makes it no text file: that is refused as a whole, and tested on its own.
        st.text(st.characters(exclude_characters="\x00"), max_size=200),
        st.lists(st.sampled_from(["1", "2", "Roe", "Poe", "Al", ",", ",", ",", "\n", '"', "1950-01-02"])).map(
            "".join
        ),
    )
)
def test_any_text_imported_twice_changes_nothing(desk: Desk, text: str) -> None:
    file = (HEADER + text).encode("utf-8", "surrogatepass")
    first = desk.load(file)
    again = desk.load(file)
    assert (again.imported, again.updated) == (0, 0)
    assert again.unchanged == first.imported + first.updated + first.unchanged


def test_samples_arrive_whole(desk: Desk) -> None:
    people = make_patients(600, seed=3)
    write_patients_csv(people, desk.path)
    result = import_rows(desk.path, desk.index, facility=(), today=TODAY)
    assert _counts(result) == (600, 0, 0, 0)
    for person in people:
        stored = [p for p in desk.index.find_by_number(person.mrn) if p.mrn.facility == person.facility]
        assert [(p.name, p.birth_date, p.phone) for p in stored if p.name == person.name] == [
            (person.name, person.patient.birth_date, person.patient.phone)
        ]


def test_import_is_one_transaction_with_its_audit_event(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    catalog.migrate()
    file = tmp_path / "patients.csv"
    file.write_text(HEADER + "1,Roe,Al,1950-01-02\n2,Poe,Bo,1/2/3/4\n")
    result = import_patients(file, catalog=catalog, actor="ann", today=TODAY)
    assert _counts(result) == (2, 0, 0, 1)
    with catalog.look() as uow:
        assert len(uow.patients) == 2
        (patient,) = uow.patients.find_by_number("2")
        assert patient.review_only


@pytest.mark.long
def test_a_hundred_thousand_patients_are_imported(desk: Desk) -> None:
    lines = (
        f"{number:07d},Last{number % 9000:04d}x,First{number % 700:03d}y,"
        f"19{number % 90 + 10}-0{number % 9 + 1}-1{number % 10}\n"
        for number in range(100_000)
    )
    result = desk.load(HEADER + "".join(lines))
    assert result.imported == 100_000
