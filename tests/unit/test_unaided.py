"""The bound that checks show, held against tabled values and against the binomial itself."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.reasons import Reason
from backfile.domain.unaided import count_needed, describe_stratum, find_upper_bound, name_stratum


@pytest.mark.parametrize(
    ("wrong", "checked", "bound"),
    [
        (0, 0, 1.0),
        (0, 10, 0.2589),  # 1 - 0.05^(1/10)
        (1, 10, 0.3942),  # Clopper and Pearson's tables, one-sided 95 %
        (2, 20, 0.2826),
        (5, 5, 1.0),
        (0, 2995, 0.001),
        (0, 29956, 0.0001),
    ],
)
def test_bounds(wrong: int, checked: int, bound: float) -> None:
    assert find_upper_bound(wrong, checked) == pytest.approx(bound, abs=6e-5)


@given(st.integers(1, 400), st.integers(0, 12))
def test_at_the_bound_so_few_errors_are_as_rare_as_agreed(checked: int, wrong: int) -> None:
    if wrong >= checked:
        assert find_upper_bound(wrong, checked) == 1.0
        return
    rate = find_upper_bound(wrong, checked)
    chance = sum(math.comb(checked, k) * rate**k * (1 - rate) ** (checked - k) for k in range(wrong + 1))
    assert chance == pytest.approx(0.05, abs=1e-6)


@given(st.floats(1e-6, 0.01))
def test_so_many_checks_as_are_said_to_be_needed_are_enough(risk: float) -> None:
    needed = count_needed(risk)
    assert find_upper_bound(0, needed) <= risk * (1 + 1e-9)
    assert needed < 3 or find_upper_bound(0, needed - 2) > risk


def test_a_kind_is_clean_only_if_every_page_is() -> None:
    kind = Reason.MRN_AND_BIRTH_DATE
    assert name_stratum(kind, [(True, 0.95), (True, 0.91)]) == "mrn_and_birth_date/clean"
    assert name_stratum(kind, [(True, 0.95), (True, 0.8)]) == "mrn_and_birth_date/worn"
    assert name_stratum(kind, [(False, 0.95)]) == "mrn_and_birth_date/worn"
    words = describe_stratum("mrn_and_birth_date/worn")
    assert words == "on worn scans: MRN and birth date agree with exactly one patient"
