"""What a patient index must find, asked of the catalog's and of the one in memory alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from backfile.domain.blocking import dates_like, numbers_one_edit_away
from backfile.domain.confusable import are_confusable
from backfile.domain.patient import Patient, PatientIdentifier, PatientIndex, PatientQuery, PersonName
from backfile.store.patients import PatientRepository
from backfile.store.schema import metadata
from classify.matching import MemoryPatientIndex
from samples.patients import make_patients
from tests.matching.builders import JANE, patient, previous

MakeIndex = Callable[..., PatientIndex]


@pytest.fixture(params=["memory", "catalog"])
def make_index(request: pytest.FixtureRequest) -> Iterator[MakeIndex]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:

        def make(*patients: Patient) -> PatientIndex:
            if request.param == "memory":
                return MemoryPatientIndex(patients)
            repository = PatientRepository(connection)
            repository.add(*patients)
            return repository

        yield make
    engine.dispose()


def _ids(patients: list[Patient]) -> set[str]:
    return {one.id for one in patients}


def test_everything_comes_back(make_index: MakeIndex) -> None:
    whole = replace(
        JANE,
        identifiers=(*JANE.identifiers, previous("77-A"), PatientIdentifier("9", "Riverbend")),
        aliases=(PersonName("Smith", "Jane"), PersonName("Ott", "Janie", "M", "Jr")),
        death_date=dt.date(2020, 2, 3),
        mother_mrn="0001",
        multiple_birth=True,
    )
    index = make_index(whole, patient("no_date", "Roe, Al", "5", None))
    assert index.get(JANE.id) == whole
    assert index.get("pat_no_date") == patient("no_date", "Roe, Al", "5", None)
    assert index.get("nobody") is None


def test_numbers_at_any_facility_and_former_ones(make_index: MakeIndex) -> None:
    riverbend = patient("river", "Roe, Al", "1", identifiers=(PatientIdentifier("004-82913", "Riverbend"),))
    former = patient("former", "Poe, Bo", "2", identifiers=(PatientIdentifier("2", ""), previous("00482913")))
    index = make_index(JANE, riverbend, former)
    assert _ids(index.find_by_number("00482913")) == {JANE.id, "pat_river", "pat_former"}
    assert _ids(index.find_by_number("004-829-13")) == {JANE.id, "pat_river", "pat_former"}
    assert index.find_by_number("482913") == index.find_by_number("") == []


@pytest.mark.parametrize(
    "query",
    [
        PatientQuery(mrns=("00482913",)),
        PatientQuery(mrns=("00482973",)),
        PatientQuery(mrns=("0048291",)),
        PatientQuery(mrns=("004829133",)),
        PatientQuery(mrns=("00489213",)),
        PatientQuery(mrns=("O0482913",)),
        PatientQuery(birth_dates=(dt.date(1961, 4, 18),)),
        PatientQuery(names=(PersonName("Harlow", "Jane"),)),
        PatientQuery(names=(PersonName("Jane", "Harlow"),)),
        PatientQuery(names=(PersonName("Harlowe", "Jayne"),)),
        PatientQuery(names=(PersonName("Harlow-Smith", "Jane"),)),
        PatientQuery(phones=("5035550144",)),
        PatientQuery(ssn_last4s=("6712",), zips=("97301",)),
    ],
)
def test_candidates_by_every_block(make_index: MakeIndex, query: PatientQuery) -> None:
    index = make_index(JANE, patient("other", "Quill, Zed", "99999999", "1990-01-02"))
    assert _ids(index.find_candidates(query)) == {JANE.id}


def test_candidates_by_swapped_day_and_month_nickname_and_alias(make_index: MakeIndex) -> None:
    bob = patient("bob", "Smith, Robert", "7", "1950-03-05", aliases=(PersonName("Quill", "Robert"),))
    index = make_index(bob)
    for query in (
        PatientQuery(birth_dates=(dt.date(1950, 5, 3),)),
        PatientQuery(names=(PersonName("Smith", "Bob"),)),
        PatientQuery(names=(PersonName("Quill", "Robert"),)),
    ):
        assert _ids(index.find_candidates(query)) == {"pat_bob"}
    assert index.find_candidates(PatientQuery()) == []
    assert index.find_candidates(PatientQuery(ssn_last4s=("6712",))) == []


def test_the_most_telling_come_first_and_the_limit_holds(make_index: MakeIndex) -> None:
    many = [patient(f"{n:03}", f"Harlow, Jane {n}", f"7{n:05}", "1980-01-02") for n in range(50)]
    index = make_index(*many, JANE)
    assert len(index.find_candidates(PatientQuery(names=(PersonName("Harlow", "Jane"),)), limit=10)) == 10
    query = PatientQuery(mrns=("00482913",), names=(PersonName("Harlow", "Jane"),))
    assert index.find_candidates(query, limit=10)[0].id == JANE.id
    assert len(index.find_neighbours(JANE, limit=7)) == 7


def test_of_many_who_share_one_thing_of_several_only_the_best_are_looked_at(make_index: MakeIndex) -> None:
    """Everybody who shares two things is found, however many share a name or a birth date alone."""
    born = "1961-04-18"
    many = [patient(f"{n:03}", f"Harlow, Jane {n}", f"7{n:05}", "1980-01-02") for n in range(30)]
    others = [patient(f"other{n}", f"{'ABCDEFGHIJ'[n % 10]}q{n}, Zed", f"8{n:05}", born) for n in range(30)]
    both = [patient(f"both{n}", f"Harlow, Jane {n}", f"9{n:05}", born) for n in range(12)]
    index = make_index(*many, *others, *both)
    query = PatientQuery(names=(PersonName("Harlow", "Jane"),), birth_dates=(dt.date(1961, 4, 18),))
    found = [one.id for one in index.find_candidates(query)]
    assert set(found[:12]) == {one.id for one in both}
    assert 5 <= len(found) - 12 <= 10


@pytest.mark.parametrize(
    "other",
    [
        patient("twin", "Harlow, June", "70000001"),
        patient("twin", "Harlow, Oscar", "70000001"),
        patient("namesake", "Harlow, Jane", "70000001", "1990-12-01"),
        patient("nickname", "Harlow, Janie", "70000001", "1990-12-01"),
        patient("one_edit", "Harlew, Jane", "70000001", "1961-04-13"),
        patient("day", "Harlow, Jane", "70000001", "1961-04-19"),
        patient("no_date", "Harlow, Jane", "70000001", None),
        patient("number", "Quill, Jane", "00482918", "1990-12-01"),
        patient("alias", "Quill, Jane", "70000001", "1990-12-01", aliases=(PersonName("Harlow", "Jane"),)),
    ],
)
def test_neighbours(make_index: MakeIndex, other: Patient) -> None:
    index = make_index(JANE, other, patient("far", "Quill, Zed", "99999999", "1990-01-02"))
    assert _ids(index.find_neighbours(JANE)) == {other.id}
    assert _ids(index.find_neighbours(other)) == {JANE.id}


def test_whoever_is_registered_by_an_initial_is_a_neighbour(make_index: MakeIndex) -> None:
    index = make_index(JANE, patient("initial", "Harlow, J", "70000001", "1990-12-01"))
    assert _ids(index.find_neighbours(JANE)) == {"pat_initial"}


def test_twins_of_different_names_are_found_by_their_mother(make_index: MakeIndex) -> None:
    a = patient("a", "Roe, Al", "100", "2026-11-01", mother_mrn="5")
    b = patient("b", "Poe, Bo", "900000", "2026-11-01", mother_mrn="5")
    assert _ids(make_index(a, b).find_neighbours(a)) == {"pat_b"}


def test_names_are_counted_once_for_each_person(make_index: MakeIndex) -> None:
    index = make_index(
        JANE,
        patient("b", "HÁRLOW, jane", "2"),
        patient(
            "c", "Quill, Jane", "3", aliases=(PersonName("Harlow", "Jane"), PersonName("Harlow", "Jane", "X"))
        ),
        patient("d", "Harlow, Jane", "4", merged_into=JANE.id),
        patient("e", "Harlow, June", "5"),
    )
    assert index.count_name(PersonName("Harlow", "Jane", "Q", "Jr")) == 3
    assert index.count_name(PersonName("Harlow", "")) == 0
    assert len(index) == 4


def test_an_updated_patient_is_found_anew_and_not_as_before() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        index = PatientRepository(connection)
        index.add(JANE)
        assert len(index) == 1
        changed = replace(
            JANE,
            name=PersonName("Quill", "Zed"),
            identifiers=(PatientIdentifier("5", ""),),
            aliases=(),
            merged_into="pat_other",
        )
        index.update(changed)
        assert index.get(JANE.id) == changed
        assert index.find_by_number("00482913") == []
        assert len(index) == index.count_name(JANE.name) == 0
        assert _ids(index.find_by_number("5")) == {JANE.id}
        assert set(index.find_by_numbers(["5", "6", ""])) == {"5"}
    engine.dispose()


def test_both_indexes_give_the_same_answers() -> None:
    people = [person.patient for person in make_patients(400, seed=5)]
    memory = MemoryPatientIndex(people)
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        catalog = PatientRepository(connection)
        catalog.add(*people)
        for one in people[::7]:
            query = PatientQuery(
                mrns=(one.mrn.value,),
                names=(one.name,),
                birth_dates=(one.birth_date,) if one.birth_date else (),
                phones=(one.phone,) if one.phone else (),
            )
            assert catalog.find_candidates(query) == memory.find_candidates(query)
            assert _ids(catalog.find_neighbours(one)) == _ids(memory.find_neighbours(one))
            assert catalog.count_name(one.name) == memory.count_name(one.name)
        assert len(catalog) == len(memory)
    engine.dispose()


def test_neighbours_are_all_who_are_confusable() -> None:
    people = [person.patient for person in make_patients(300, seed=8)]
    index = MemoryPatientIndex(people)
    for one in people[::9]:
        confusable = {other.id for other in people if are_confusable(one, other)}
        # Names one edit apart that also sound otherwise are only found where the birth dates are near.
        near = set(dates_like(one.birth_date)) if one.birth_date else set()
        told = {i for i in confusable if (other := index.get(i)) and (other.birth_date in near)}
        assert told <= _ids(index.find_neighbours(one)) <= confusable


numbers = st.from_regex(r"[0-9A-Z]?[0-9]{3,8}", fullmatch=True)


@given(numbers, st.integers(0, 7), st.sampled_from("0123456789"))
def test_every_edit_is_among_the_numbers_one_edit_away(number: str, at: int, sign: str) -> None:
    at = min(at, len(number) - 1)
    around = set(numbers_one_edit_away(number))
    changed = number[:at] + sign + number[at + 1 :]
    assert changed == number or changed in around
    assert number[:at] + number[at + 1 :] in around
    assert number[:at] + sign + number[at:] in around
    assert number not in around


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)))
def test_a_date_is_like_itself_and_likeness_is_mutual(date: dt.date) -> None:
    near = dates_like(date)
    assert date in near
    assert all(date in dates_like(other) for other in near)


def _word(number: int) -> str:
    """Return a name that sounds otherwise for every number."""
    syllables = []
    for _ in range(3):
        number, at = divmod(number, 20)
        syllables.append("bdfgklmnprstvzchshthwljrx"[at] + "aeiou"[at % 5])
    return "".join(syllables).title()


@pytest.mark.long
@pytest.mark.parametrize("count", [2_000, 100_000])
def test_everybody_is_found_among_many(count: int) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    people = [
        patient(
            f"{n:06}",
            f"{_word(n % 4001)}, {_word(n % 211)}",
            f"{n * 7:08}",
            f"{1930 + n % 89}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            phone=f"503{n:07}",
        )
        for n in range(count)
    ]
    with engine.begin() as connection:
        index = PatientRepository(connection)
        for at in range(0, count, 1000):
            index.add(*people[at : at + 1000])
        for one in people[:: count // 400]:
            query = PatientQuery((one.mrn.value,), (one.name,), (one.birth_date,), (one.phone,))  # type: ignore[arg-type]
            found = index.find_candidates(query)
            assert one.id in _ids(found)
    engine.dispose()
