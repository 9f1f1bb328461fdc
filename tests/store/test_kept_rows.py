"""What a search keeps for the next one is what the catalog would have answered."""

from __future__ import annotations

import random

from sqlalchemy import Connection

from backfile.domain.blocking import full_name_key, numbers_one_edit_away
from backfile.domain.patient import PatientQuery, PersonName
from backfile.store.block_rows import BlockRows
from backfile.store.near_numbers import NearNumbers
from backfile.store.patient_lookups import Lookup, PatientLookups
from backfile.store.patients import PatientRepository
from samples.patients import make_patients
from tests.matching.builders import patient


def test_near_numbers_are_all_that_are_one_edit_away(connection: Connection) -> None:
    drawn = random.Random(3)
    numbers = {"".join(drawn.choices("01AB", k=drawn.randint(2, 6))) for _ in range(400)}
    PatientRepository(connection).add(*(patient(one, "Roe, Al", one) for one in sorted(numbers)))
    near = NearNumbers(PatientLookups(connection))
    asked = [*sorted(numbers)[::5], "Z", "01ABZ", "Z01AB", "0101010", "ABAB" * 5, "A" * 21, ""]
    for number in asked:
        others = numbers & set(numbers_one_edit_away(number))
        expected = [f"pat_{one}" for one in (*sorted(numbers & {number}), *sorted(others))]
        assert near.find(number).all == expected, number
        assert near.recall(number) is near.find(number)
    assert sum(len(near.find(number).all) > 1 for number in asked) > 40


def test_kept_blocks_are_those_of_the_catalog_in_its_order(connection: Connection) -> None:
    people = [one.patient for one in make_patients(200, seed=6)]
    PatientRepository(connection).add(*people)
    look = PatientLookups(connection)
    blocks = BlockRows(look)
    keys = [full_name_key(one.name) for one in people[:12]]
    for asked in (keys[:4], keys[2:8], keys, [*keys[3:5], "NOBODY|AT ALL"]):
        every = look.find(Lookup.BLOCKS, asked)
        assert blocks.find(asked) == every
        for most in (1, len(every) - 1, len(every), 400):
            assert blocks.find(asked, most=most) == BlockRows(look).find(asked, most=most) == every[:most]
    assert [blocks.count_bearers(key) for key in keys] == [BlockRows(look).count_bearers(key) for key in keys]
    assert all(map(blocks.count_bearers, keys[:2]))


def test_what_was_kept_is_forgotten_where_the_index_changes(connection: Connection) -> None:
    index = PatientRepository(connection)
    index.add(patient("one", "Harlow, Jane", "7A1"))
    query = PatientQuery(mrns=("7A2",), names=(PersonName("Harlow", "Jane"),))
    assert [one.id for one in index.find_candidates(query)] == ["pat_one"]
    index.add(patient("two", "Harlow, Jane", "7A3"), patient("three", "Roe, Al", "7C2"))
    assert {one.id for one in index.find_candidates(query)} == {"pat_one", "pat_two", "pat_three"}
    assert index.count_name(PersonName("Harlow", "Jane")) == 2
    assert [one.id for one in index.find_by_number("7a3")] == ["pat_two"]
