"""The measures of reading: each against a value worked out by hand or by trying everything."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading_metrics import (
    Token,
    assign_cheapest,
    count_edits,
    count_ordered_pairs,
    score_page,
    split_tokens,
    sum_overlap,
)
from benchmarks.reading_readers import lay_box
from benchmarks.reading_tally import Figures, Measured, mix_figures, recall_difference, sum_figures

_costs = st.integers(1, 5).flatmap(
    lambda rows: st.integers(rows, 6).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


def _tokens(text: str) -> list[Token]:
    return split_tokens(text)


def test_tokens_are_letters_and_digits_in_small_case() -> None:
    assert [t.text for t in _tokens("MRN: 00-4711 O'Brien ")] == ["mrn", "00", "4711", "o", "brien"]


@given(_costs)
def test_the_cheapest_assignment_is_found(costs: list[list[int]]) -> None:
    columns = range(len(costs[0]))
    best = min(
        sum(row[at] for row, at in zip(costs, chosen, strict=True))
        for chosen in permutations(columns, len(costs))
    )
    assert assign_cheapest(np.array(costs, dtype=np.int64)) == best


@given(st.lists(st.text("ab1", min_size=1, max_size=4), max_size=6))
def test_edits_depend_on_neither_order_nor_what_is_read_beside(words: list[str]) -> None:
    assert count_edits(Counter(words), Counter([*reversed(words), "zz"])) == 0
    assert count_edits(Counter(words), Counter()) == sum(map(len, words))


@pytest.mark.parametrize(
    ("truth", "read", "edits"),
    [
        ("patient name", "patlent name", 1),
        ("patient name", "name", 7),
        ("aspirin 81", "xxxxxxxxxxxx 81", 7),  # no nearer than missed
        ("left right", "rigth lef", 3),
    ],
)
def test_edits_of_known_cases(truth: str, read: str, edits: int) -> None:
    score = score_page([_tokens(truth)], _tokens(read))
    assert score.edits == edits
    assert score.letters == sum(len(word) for word in truth.split())


def test_counts_of_a_page() -> None:
    score = score_page(
        [_tokens("MRN 00123456 seen 2019 twice twice")], _tokens("2019 mrn 00123458 twice dust")
    )
    assert (score.truth, score.read, score.found) == (6, 5, 3)
    assert (score.digit_truth, score.digit_found) == (2, 1)


def test_order_is_judged_within_chains_and_on_words_that_occur_once() -> None:
    assert count_ordered_pairs([_tokens("a b c d")], _tokens("a b c d")) == (6, 6)
    assert count_ordered_pairs([_tokens("a b c d")], _tokens("d c b a")) == (6, 0)
    assert count_ordered_pairs([_tokens("a b"), _tokens("c d")], _tokens("c d a b")) == (2, 2)
    assert count_ordered_pairs([_tokens("a b a c")], _tokens("c b a a")) == (1, 0)


def test_boxes_of_equal_words_are_paired_by_their_place() -> None:
    here, there = (0.1, 0.1, 0.2, 0.2), (0.6, 0.6, 0.8, 0.8)
    truth = [Token("dose", here), Token("dose", there), Token("missed", here)]
    half = (0.6, 0.6, 0.7, 0.8)
    count, overlap = sum_overlap(truth, [Token("dose", half), Token("dose", here)])
    assert count == 2
    assert overlap == pytest.approx(1.5)
    count, overlap = sum_overlap(truth, [Token("dose", there), Token("missed", there)])
    assert count == 2
    assert overlap == pytest.approx(1.0)
    assert sum_overlap(truth, [Token("dose")]) == (0, 0.0)


@given(
    st.tuples(*(st.floats(0.2, 0.4), st.floats(0.2, 0.4), st.floats(0.6, 0.8), st.floats(0.6, 0.8))),
    st.sampled_from((0, 90, 180, 270)),
)
def test_four_quarter_turns_lay_a_box_where_it_was(
    box: tuple[float, float, float, float], rotation: int
) -> None:
    turned = box
    for _ in range(4):
        turned = lay_box(turned, rotation=rotation, skew=0.0, aspect=0.8)
    assert turned == pytest.approx(box)


def test_a_page_that_must_be_turned_clockwise_has_its_left_edge_at_the_foot() -> None:
    assert lay_box((0.0, 0.4, 0.1, 0.5), rotation=90, skew=0.0, aspect=1.3) == pytest.approx(
        (0.4, 0.9, 0.5, 1.0)
    )


def test_a_page_that_leans_counter_clockwise_has_its_right_side_higher() -> None:
    left, right = (0.1, 0.49, 0.12, 0.51), (0.88, 0.49, 0.9, 0.51)
    lean = {"rotation": 0, "skew": 3.0, "aspect": 0.77}
    assert lay_box(right, **lean)[3] < lay_box(left, **lean)[1]  # type: ignore[arg-type]


def _measured(found: int, truth: int = 10, cpu: float = 1.0) -> Measured:
    words = [Token(f"w{n}") for n in range(truth)]
    return Measured(score_page([words], words[:found]), cpu)


def test_figures_are_shares_of_all_tokens() -> None:
    figures = sum_figures([_measured(10, 10, 1.0), _measured(0, 30, 3.0)])
    assert figures.recall == pytest.approx(0.25)
    assert figures.precision == 1.0
    assert figures.cpu == pytest.approx(2.0)
    assert np.isnan(figures.digits)


def test_a_mix_weighs_its_groups() -> None:
    def even(value: float) -> Figures:
        return Figures(*[value] * 7)

    mixed = mix_figures({"clean": even(1.0), "poor": even(0.5)}, {"clean": 0.75, "poor": 0.25})
    assert mixed.recall == pytest.approx(0.875)


def test_a_difference_that_every_page_shows_is_sure_and_one_of_a_single_page_is_not() -> None:
    shares = {"all": 1.0}
    worse = {"all": [_measured(7)] * 20}
    exact, low, high = recall_difference({"all": [_measured(9)] * 20}, worse, shares)
    assert (exact, low, high) == pytest.approx((0.2, 0.2, 0.2))
    one = {"all": [_measured(9), *[_measured(7)] * 19]}
    exact, low, _ = recall_difference(one, worse, shares)
    assert exact == pytest.approx(0.01)
    assert low == 0.0
