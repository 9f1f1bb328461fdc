"""Layout families: wide, and disjoint where they must be."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from backfile.domain.document_types import DOCUMENT_TYPES, UNKNOWN
from samples.designs import DESIGNS, designs_for
from samples.documents import TYPES
from samples.facilities import draw_facility
from samples.families import FamilySplit, part_of_pool
from samples.patients import make_patients
from samples.phrases import HPI
from samples.texts import PATIENT_SEEDS
from samples.wording import HEADINGS, LABELS


def _plain(label: str) -> str:
    return label.casefold().rstrip(":").strip()


def test_every_type_has_twelve_families_with_every_set_present() -> None:
    assert set(TYPES) == set(DOCUMENT_TYPES) - {UNKNOWN}
    for name in TYPES:
        counts = [len(designs_for(name, families)) for families in FamilySplit]
        assert min(counts) >= 2, name
        assert sum(counts) >= 12, name


def test_there_are_twelve_page_designs_each_in_one_set() -> None:
    assert sum(not design.is_card for design in DESIGNS.values()) >= 12
    opened = [design.open_page for design in DESIGNS.values()]
    assert len(set(opened)) == len(opened)


@pytest.mark.parametrize("key", LABELS)
def test_no_two_sets_share_the_wording_of_a_label(key: str) -> None:
    for one, other in combinations(FamilySplit, 2):
        assert not {*map(_plain, LABELS[key][one])} & {*map(_plain, LABELS[key][other])}


def test_no_two_sets_share_an_institution() -> None:
    names = {f: {draw_facility(random.Random(i), f).name for i in range(400)} for f in FamilySplit}
    for one, other in combinations(FamilySplit, 2):
        assert not names[one] & names[other]


def test_no_two_sets_share_a_person() -> None:
    people = {
        f: {(p.name.last, p.name.first, p.birth_date) for p in make_patients(2000, seed=seed)}
        for f, seed in PATIENT_SEEDS.items()
    }
    for one, other in combinations(FamilySplit, 2):
        assert not people[one] & people[other]


def test_the_demo_says_things_that_training_never_says() -> None:
    train, demo = (set(part_of_pool(HPI, f)) for f in (FamilySplit.TRAIN, FamilySplit.DEMO))
    assert demo - train
    assert train - demo


def test_headings_are_varied_for_every_type() -> None:
    for name in TYPES:
        assert len({h.casefold() for h in HEADINGS[name]}) >= 5
