"""Every field of a page beside a person's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.patient import Address, PersonName
from classify.matching import MemoryPatientIndex
from classify.matching.compare import compare_birth_date, compare_facts
from classify.matching.compare_names import compare_names
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, Seen, SeenNumber
from classify.matching.letterheads import LetterheadJudge, Standing
from classify.matching.levels import Comparison, Field, Level
from classify.matching.people import Person
from tests.matching.builders import JANE, previous

L = Level
JUDGE = LetterheadJudge(())
BOOK = EncounterBook(MemoryPatientIndex(), JUDGE)


def _name(text: str) -> PersonName:
    last, _, given = text.partition(", ")
    first, _, middle = given.partition(" ")
    return PersonName(last, first, middle)


def _levels(read: str, known: str) -> tuple[Level, Level, Level]:
    person = Person(replace(JANE, name=_name(known)))
    fields = compare_names((Seen(_name(read), True),), person)
    return fields[Field.LAST_NAME].level, fields[Field.FIRST_NAME].level, fields[Field.MIDDLE_NAME].level


@pytest.mark.parametrize(
    ("read", "known", "levels"),
    [
        ("HARLOW, JANE", "Harlow, Jane", (L.EXACT, L.EXACT, L.MISSING)),
        ("Núñez, José", "Nunez, Jose", (L.EXACT, L.EXACT, L.MISSING)),
        ("O'Brien, Pat", "OBrien, Pat", (L.EXACT, L.EXACT, L.MISSING)),
        ("MC DONALD, ANN", "McDonald, Ann", (L.EXACT, L.EXACT, L.MISSING)),
        ("Harlow, Bob", "Harlow, Robert", (L.EXACT, L.NICKNAME, L.MISSING)),
        ("Harlow, Bob", "Harlow, Rob", (L.EXACT, L.NICKNAME, L.MISSING)),
        ("Harlow, J", "Harlow, Jane", (L.EXACT, L.INITIAL, L.MISSING)),
        ("Harlow, K", "Harlow, Jane", (L.EXACT, L.CONFLICT, L.MISSING)),
        ("Harlow-Smith, Jane", "Harlow, Jane", (L.PART, L.EXACT, L.MISSING)),
        ("Smith, Jane", "Harlow-Smith, Jane", (L.PART, L.EXACT, L.MISSING)),
        ("Lopez, Maria Garcia", "Garcia, Maria", (L.PART, L.EXACT, L.MISSING)),
        ("Chavez, Ana K Salazar", "Salazar Chavez, Ana Kay", (L.EXACT, L.EXACT, L.INITIAL)),
        ("Cruz, Ana De La", "De La Cruz, Ana", (L.EXACT, L.EXACT, L.MISSING)),
        ("Chavez, Ana K Salazar", "Salazar Ortiz, Ana Kay", (L.CONFLICT, L.EXACT, L.INITIAL)),
        ("Jane, Harlow", "Harlow, Jane", (L.SWAPPED, L.SWAPPED, L.CONFLICT)),
        ("Harl0w, Jane", "Harlow, Jane", (L.CLOSE, L.EXACT, L.MISSING)),
        ("Harlov, Jnae", "Harlow, Jane", (L.CLOSE, L.CLOSE, L.MISSING)),
        ("Schmidt, Ann", "Schmitt, Ann", (L.CLOSE, L.EXACT, L.MISSING)),
        ("Quill, Jane", "Harlow, Jane", (L.CONFLICT, L.EXACT, L.MISSING)),
        ("Harlow, Olga", "Harlow, Jane", (L.EXACT, L.CONFLICT, L.MISSING)),
        ("Harlow, Jane Marie", "Harlow, Jane Marie", (L.EXACT, L.EXACT, L.EXACT)),
        ("Harlow, Jane M", "Harlow, Jane Marie", (L.EXACT, L.EXACT, L.INITIAL)),
        ("Harlow, Jane Q", "Harlow, Jane Marie", (L.EXACT, L.EXACT, L.CONFLICT)),
        ("Harlow, Jane Olga", "Harlow, Jane Marie", (L.EXACT, L.EXACT, L.CONFLICT)),
        ("Harlow, Mary Ann", "Harlow, Mary-Ann", (L.EXACT, L.EXACT, L.MISSING)),
        ("Harlow, Mary", "Harlow, Mary-Ann", (L.EXACT, L.PART, L.MISSING)),
        ("Harlow, Mary-Beth", "Harlow, Mary-Ann", (L.EXACT, L.PART, L.MISSING)),
    ],
)
def test_names(read: str, known: str, levels: tuple[Level, Level, Level]) -> None:
    found = _levels(read, known)
    assert found[:2] == levels[:2]
    assert found[2] is levels[2] or levels[0] is L.SWAPPED


def test_the_alias_that_fits_is_taken_whole() -> None:
    person = Person(replace(JANE, aliases=(PersonName("Quill", "Olga"),)))
    fields = compare_names((Seen(PersonName("Quill", "Jane"), True),), person)
    assert {fields[Field.LAST_NAME].level, fields[Field.FIRST_NAME].level} == {L.EXACT, L.CONFLICT}


def test_a_conflict_outweighs_an_agreement_on_one_page() -> None:
    names = (Seen(JANE.name, True), Seen(PersonName("Quill", "Olga"), True))
    assert compare_names(names, Person(JANE))[Field.LAST_NAME].level is L.CONFLICT


def test_no_name_is_missing() -> None:
    assert all(one.level is L.MISSING for one in compare_names((), Person(JANE)).values())


@pytest.mark.parametrize(
    ("read", "level"),
    [
        ("1961-04-18", L.EXACT),
        ("1961-04-13", L.CLOSE),
        ("1961-04-81", None),
        ("1916-04-18", L.CLOSE),
        ("2061-04-18", L.CLOSE),
        ("1972-12-30", L.CONFLICT),
        ("1962-05-18", L.CONFLICT),
    ],
)
def test_birth_dates(read: str, level: Level | None) -> None:
    if level is not None:
        seen = Seen(dt.date.fromisoformat(read), True)
        assert compare_birth_date(seen, dt.date(1961, 4, 18)).level is level


def test_birth_dates_swapped_and_doubtful() -> None:
    assert compare_birth_date(Seen(dt.date(1961, 8, 4), True), dt.date(1961, 4, 8)).level is L.SWAPPED
    assert compare_birth_date(Seen(dt.date(1961, 4, 8), False), dt.date(1961, 4, 8)).level is L.UNSURE


dates = st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1))


@given(dates, dates, st.booleans())
def test_birth_dates_compare_the_same_both_ways(one: dt.date, other: dt.date, sure: bool) -> None:
    there, back = compare_birth_date(Seen(one, sure), other), compare_birth_date(Seen(other, sure), one)
    assert there.level is back.level
    assert there.agrees == (one == other and sure)


def _compare(facts: Facts, person: Person | None = None, *, others: tuple[str, ...] = ()) -> Comparison:
    person, ids = person or Person(JANE), frozenset(others)
    return compare_facts(facts, person, judge=JUDGE, book=BOOK, bearers=lambda number: ids)


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("00482913", L.EXACT),
        ("777", L.EXACT),
        ("00482918", L.CLOSE),
        ("0O482913", L.CLOSE),
        ("482913", L.CLOSE),
        ("00489213", L.CLOSE),
        ("00111111", L.CONFLICT),
    ],
)
def test_numbers(number: str, level: Level) -> None:
    person = Person(replace(JANE, identifiers=(*JANE.identifiers, previous("777"))))
    facts = Facts(1, numbers=(SeenNumber(number, True, Standing.OWN),))
    assert _compare(facts, person)[Field.MRN].level is level
    assert _compare(facts, person, others=("pat_x",))[Field.MRN].level in (level, L.CONFLICT)


def test_a_near_number_that_is_anothers_conflicts() -> None:
    facts = Facts(1, numbers=(SeenNumber("00482918", True, Standing.OWN),))
    compared = _compare(facts, others=("pat_x",))[Field.MRN]
    assert compared.conflicts
    assert not compared.is_far


@pytest.mark.parametrize(
    ("standing", "level"),
    [(Standing.OWN, L.EXACT), (Standing.DOUBTFUL, L.UNSURE), (Standing.FOREIGN, L.MISSING)],
)
def test_numbers_by_letterhead(standing: Standing, level: Level) -> None:
    facts = Facts(1, numbers=(SeenNumber("00482913", True, standing),))
    assert _compare(facts)[Field.MRN].level is level


@pytest.mark.parametrize(
    ("address", "level"),
    [
        (Address("12 Oak Street", "Salem", "OR", "97301"), L.EXACT),
        (Address("12 OAK ST"), L.EXACT),
        (Address("12 Oak St Salem OR 97301"), L.EXACT),
        (Address("12 Oak Sl", "Salem", "OR", "97301"), L.CLOSE),
        (Address("12 Oak St", "Bend", "OR", "97701"), L.CLOSE),
        (Address("14 Oak St", "Salem", "OR", "97301"), L.CONFLICT),
        (Address("9 Elm Ave", "Bend", "OR", "97701"), L.CONFLICT),
        (Address(), L.MISSING),
    ],
)
def test_addresses(address: Address, level: Level) -> None:
    assert _compare(Facts(1, addresses=(Seen(address, True),)))[Field.ADDRESS].level is level


@pytest.mark.parametrize(
    ("phone", "level"),
    [("5035550144", L.EXACT), ("5415550144", L.CLOSE), ("5035550149", L.CLOSE), ("2125550999", L.CONFLICT)],
)
def test_phones(phone: str, level: Level) -> None:
    assert _compare(Facts(1, phones=(Seen(phone, True),)))[Field.PHONE].level is level


def test_one_of_two_phones_is_enough() -> None:
    facts = Facts(1, phones=(Seen("2125550999", True), Seen("5035550144", True)))
    assert _compare(facts)[Field.PHONE].agrees


@pytest.mark.parametrize(
    ("last4", "sure", "level"),
    [
        ("6712", True, L.EXACT),
        ("6712", False, L.UNSURE),
        ("6713", True, L.CONFLICT),
        ("6713", False, L.CLOSE),
    ],
)
def test_ssns(last4: str, sure: bool, level: Level) -> None:
    assert _compare(Facts(1, ssns=(Seen(last4, sure),)))[Field.SSN_LAST4].level is level


def test_what_the_index_does_not_know_is_missing() -> None:
    bare = Person(replace(JANE, ssn_last4="", phone="", address=Address(), sex="U", birth_date=None))
    facts = Facts(
        1,
        births=(Seen(dt.date(1961, 4, 18), True),),
        ssns=(Seen("1111", True),),
        phones=(Seen("2125550999", True),),
        addresses=(Seen(Address("9 Elm Ave"), True),),
        sexes=("M",),
        services=(dt.date(1900, 1, 1),),
    )
    compared = _compare(facts, bare)
    assert all(compared[name].level is L.MISSING for name in Field)
