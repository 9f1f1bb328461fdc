"""The small logistic regression: finds the optimum, and gives no certainty from a dozen examples."""

from __future__ import annotations

import numpy as np
import pytest

from classify.training.logistic import calibrate_scores, fit_logistic


def test_it_finds_where_the_likelihood_is_flat() -> None:
    rng = np.random.default_rng(3)
    rows = (rng.random((200, 40)) < 0.2).astype(np.float64)
    truths = (rows[:, 0] + rows[:, 1] + 0.3 * rng.random(200) > 0.9).astype(np.float64)
    shares = rng.uniform(0.5, 2.0, 200)
    weights, bias = fit_logistic(rows, truths, shares, penalty=2.0)
    errors = shares * (1 / (1 + np.exp(-(rows @ weights + bias))) - truths)
    assert np.abs(rows.T @ errors + 2.0 * weights).max() < 1e-3
    assert abs(errors.sum()) < 1e-3
    assert weights[0] > weights[2:].max()


def test_weights_of_equal_columns_are_equal() -> None:
    rows = np.repeat(np.array([[1.0], [1.0], [0.0], [0.0]]), 2, axis=1)
    weights, _ = fit_logistic(rows, np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4), penalty=1.0)
    assert weights[0] == pytest.approx(weights[1])
    assert weights[0] > 0


def test_a_dozen_perfect_examples_are_no_certainty() -> None:
    scores = [3.0] * 12 + [-3.0] * 300
    slope, offset = calibrate_scores(scores, [True] * 12 + [False] * 300, prior=1 / 30)
    sure = 1 / (1 + np.exp(-(slope * 3.0 + offset)))
    assert 0.8 < sure < 0.96
    assert 1 / (1 + np.exp(-(slope * -3.0 + offset))) < 0.01


def test_a_rarer_type_is_less_probable() -> None:
    truths = [True] * 12 + [False] * 300
    scores = [1.0, 2.0, 3.0] * 4 + [-3.0, 0.5, -1.0] * 100
    often = calibrate_scores(scores, truths, prior=0.3)
    seldom = calibrate_scores(scores, truths, prior=0.01)
    assert often[0] * 1.5 + often[1] > seldom[0] * 1.5 + seldom[1]
