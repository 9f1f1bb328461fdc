"""Weights and probabilities."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.common_names import is_common_name
from backfile.domain.patient import PersonName
from classify.matching import MemoryPatientIndex
from classify.matching.levels import Compared, Comparison, Field, Level
from classify.matching.score import (
    WEIGHTS,
    find_probabilities,
    is_rare_name,
    share_of_name,
    weigh,
)
from tests.matching.builders import JANE, patient


def _weigh(*, name_share: float = 1e-4, **levels: Level) -> float:
    fields = {Field(name): Compared(level) for name, level in levels.items()}
    return weigh(Comparison(fields), name_share=name_share)


@pytest.mark.parametrize("name", list(WEIGHTS))
def test_agreement_speaks_for_and_conflict_against(name: Field) -> None:
    assert _weigh(**{name.value: Level.EXACT}) > 0  # type: ignore[arg-type]
    assert _weigh(**{name.value: Level.CONFLICT}) < 0  # type: ignore[arg-type]
    shares = WEIGHTS[name].values()
    assert all(0 < m < 1 and 0 < u < 1 for m, u in shares)
    assert sum(m for m, _ in shares) <= 1.001
    assert sum(u for _, u in shares) <= 1.001


def test_a_common_name_says_less() -> None:
    whole = {"last_name": Level.EXACT, "first_name": Level.EXACT}
    assert _weigh(name_share=1e-3, **whole) < _weigh(name_share=1e-5, **whole)


def test_nothing_compared_says_nothing() -> None:
    assert _weigh() == 0


def test_phone_and_address_are_one_household() -> None:
    one = _weigh(phone=Level.EXACT)
    both = _weigh(phone=Level.EXACT, address=Level.EXACT)
    assert both < one + _weigh(address=Level.EXACT)


@given(st.lists(st.floats(-60, 90), max_size=8), st.integers(0, 2_000_000))
def test_probabilities_leave_room_for_nobody(weights: list[float], people: int) -> None:
    found = find_probabilities(weights, people=people)
    assert len(found) == len(weights)
    assert all(0 <= one <= 1 for one in found)
    assert sum(found) <= 1 + 1e-9
    ranked = sorted(zip(weights, found, strict=True))
    assert [p for _, p in ranked] == sorted(found)


def test_a_larger_index_makes_everybody_less_likely() -> None:
    (few,) = find_probabilities([10.0], people=100)
    (many,) = find_probabilities([10.0], people=100_000)
    assert many < few


def test_a_header_sheet_makes_its_patient_likely() -> None:
    plain = find_probabilities([2.0, 2.0], people=1000)
    told = find_probabilities([2.0, 2.0], people=1000, header=1)
    assert told[1] > 0.9 > plain[1]


def test_two_like_candidates_share_the_probability() -> None:
    one, other = find_probabilities([50.0, 50.0], people=1000)
    assert one == other
    assert one < 0.51


def test_a_name_is_rare_by_count_and_risk() -> None:
    index = MemoryPatientIndex([JANE, *(patient(f"p{n}", f"Quill, Zed{n}", f"9{n:05}") for n in range(2000))])
    assert is_rare_name(JANE.name, index, risk=1e-4)
    assert not is_rare_name(JANE.name, index, risk=1e-5)
    index.add(replace(JANE, id="pat_other"))
    assert not is_rare_name(JANE.name, index, risk=1e-4)


@pytest.mark.parametrize(
    ("name", "common"),
    [
        (PersonName("Smith", "John"), True),
        (PersonName("García", "MARIA"), True),
        (PersonName("Garcia-Lopez", "Maria Elena"), True),
        (PersonName("Harlow", "John"), False),
        (PersonName("Smith", "Zebulon"), False),
    ],
)
def test_common_names_are_never_rare(name: PersonName, common: bool) -> None:
    assert is_common_name(name) is common
    bearer = replace(JANE, name=name)
    others = [patient(f"p{n}", f"Quill, Zed{n}", f"9{n:05}") for n in range(50)]
    assert is_rare_name(name, MemoryPatientIndex([bearer, *others]), risk=1e-4) is not common


def test_a_share_is_never_below_its_count() -> None:
    assert share_of_name(4, 100_000) >= 4 / 100_000
    assert share_of_name(0, 100_000) > 0
    assert share_of_name(3, 3) <= 1e-3
