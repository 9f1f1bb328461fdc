"""Logistic regression on a few hundred yes-or-no features, and a logistic calibration of its scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS = 40
_INNER_STEPS = 60
_CLOSE = 1e-5
_MAX_SCORE = 35.0


def fit_logistic(rows: Array, truths: Array, shares: Array, *, penalty: float) -> tuple[Array, float]:
    """Return weights and bias that make the weighed likelihood, less a penalty on large weights, greatest.

    Args:
        rows: A document a row, a feature a column.
        truths: 1 or 0 a row, or between.
        shares: How much each row counts.
        penalty: Times half the sum of the squares of the weights.
    """
    design = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.full(design.shape[1], penalty)
    ridge[-1] = 1e-6  # the bias may be what it must
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = _squash(design @ found)
        slope = design.T @ (shares * (chances - truths)) + ridge * found
        step = _solve(design, shares * np.maximum(chances * (1 - chances), 1e-6), ridge, slope)
        found -= step * min(1.0, 8.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < _CLOSE:
            break
    return found[:-1], float(found[-1])


def calibrate_scores(scores: Sequence[float], truths: Sequence[bool], *, prior: float) -> tuple[float, float]:
    """Return (slope, offset) of the probability logistic in ``slope * score + offset``.

    The truths are drawn in a little, as Platt (1999) has it, so that a dozen examples give no certainty.

    Args:
        scores: Of documents that the scorer did not learn from.
        truths: Which of them are of the type.
        prior: Share of the type among documents.
    """
    is_true = np.asarray(truths, dtype=bool)
    positives, negatives = int(is_true.sum()), int((~is_true).sum())
    targets = np.where(is_true, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    shares = np.where(is_true, prior / max(positives, 1), (1 - prior) / max(negatives, 1)) * len(targets)
    rows = np.asarray(scores, dtype=np.float64)[:, None]
    weights, offset = fit_logistic(rows, targets, shares, penalty=1e-3)
    return float(max(weights[0], 1e-3)), offset


def _solve(design: Array, curves: Array, ridge: Array, slope: Array) -> Array:
    """Return the step of Newton's method by conjugate gradients: no square of all features is made."""
    step = np.zeros_like(slope)
    rest = slope.copy()
    # Scaled by the diagonal, for the bias is much steeper than the weights.
    scale = 1.0 / (ridge + curves @ (design * design))
    ahead = scale * rest
    size = float(rest @ ahead)
    for _ in range(_INNER_STEPS):
        turned = design.T @ (curves * (design @ ahead)) + ridge * ahead
        far = size / max(float(ahead @ turned), 1e-300)
        step += far * ahead
        rest -= far * turned
        before, size = size, float(rest @ (scale * rest))
        if size < 1e-16:
            break
        ahead = scale * rest + (size / before) * ahead
    return step


def _squash(scores: Array) -> Array:
    chances: Array = 1.0 / (1.0 + np.exp(-np.clip(scores, -_MAX_SCORE, _MAX_SCORE)))
    return chances
