"""Rates of what must hardly ever happen are given with their bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.unaided import find_upper_bound


@pytest.mark.parametrize(
    ("wrong", "count", "bound"),
    [(0, 10_000, 2.995e-4), (1, 10, 0.3942), (5, 1200, 8.741e-3), (3, 3, 1.0)],
)
def test_known_bounds(wrong: int, count: int, bound: float) -> None:
    assert find_upper_bound(wrong, count) == pytest.approx(bound, rel=1e-3)


@given(st.integers(0, 40), st.integers(41, 5000))
def test_a_bound_lies_above_what_was_seen_and_rises_with_it(wrong: int, count: int) -> None:
    assert wrong / count < find_upper_bound(wrong, count) < find_upper_bound(wrong + 1, count)


@given(st.integers(1, 20_000))
def test_the_bound_of_none_seen_is_the_closed_one(count: int) -> None:
    assert find_upper_bound(0, count) == pytest.approx(1 - 0.05 ** (1 / count), rel=1e-6)
