"""Calibrated confidences: fitted curves say what happened, and survive being written down."""

from __future__ import annotations

import random
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.confidence import (
    Calibration,
    Curve,
    Evidence,
    Situation,
    fit_curve,
    load_calibration,
    parse_calibration,
)

weights = st.tuples(*[st.floats(-3, 3)] * 5)


@given(st.dictionaries(st.sampled_from(list(Situation)), weights.map(Curve), min_size=1))
def test_a_calibration_comes_back_as_it_was_written(curves: dict[Situation, Curve]) -> None:
    calibration = Calibration(curves)
    assert parse_calibration(calibration.dump()) == calibration


def test_the_shipped_calibration_has_a_curve_for_every_situation() -> None:
    calibration = load_calibration()
    assert set(calibration.curves) == set(Situation)
    for situation in Situation:
        for confidence in (0.0, 0.5, 1.0):
            assert 0.0 < calibration.probability(situation, Evidence("word", confidence)) < 1.0


@pytest.mark.parametrize("situation", [Situation.FIRST_ONLY, Situation.SECOND_ONLY, Situation.AGREED])
def test_a_more_confident_reader_is_more_often_right(situation: Situation) -> None:
    calibration = load_calibration()
    rising = [calibration.probability(situation, Evidence("word", c / 10)) for c in range(11)]
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]


def test_a_fitted_curve_says_how_often_words_are_right() -> None:
    rng = random.Random(5)
    evidence, right = [], []
    for _ in range(4000):
        own = rng.uniform(0.05, 0.99)
        evidence.append(Evidence("word", own))
        right.append(rng.random() < 1 / (1 + exp(-(0.5 + 1.5 * log(own / (1 - own))))))
    curve = fit_curve(evidence, right)
    for low, high in ((0.05, 0.3), (0.3, 0.6), (0.6, 0.9)):
        chosen = [
            (curve.probability(e), r) for e, r in zip(evidence, right, strict=True) if low <= e.own < high
        ]
        said = sum(p for p, _ in chosen) / len(chosen)
        assert said == pytest.approx(sum(r for _, r in chosen) / len(chosen), abs=0.05)


def test_a_curve_is_fitted_where_every_word_was_right() -> None:
    curve = fit_curve([Evidence("word", 0.9)] * 50, [True] * 50)
    assert 0.9 < curve.probability(Evidence("word", 0.9)) < 1.0
