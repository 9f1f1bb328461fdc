"""What an engine's confidence is worth: the probability that a word was read right.

Engines' own confidences cannot be compared: Tesseract's seldom exceeds 0.97 and is spread wide, a CTC
recogniser's crowds at 1. And the best witness is neither: it is whether another reader read the same. So for
each situation in which a word can be found there is a curve, a logistic regression on both confidences
(Platt, Probabilistic Outputs for Support Vector Machines, 1999), fitted on pages with known words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

_CLIP = (0.02, 0.998)
"""Confidences beyond are taken as these; an engine's 1.0 is not certainty."""
_SHORT_LETTERS = 2
_RIDGE = 1.0
"""Weight that holds the curve's slopes small where few words speak, as so many words would."""
_STEPS = 50


class Situation(StrEnum):
    """How a word was found."""

    FIRST_ONLY = "first_only"
    """By the first reader; the second did not look there."""
    SECOND_ONLY = "second_only"
    """By the second reader; the first did not look there."""
    AGREED = "agreed"
    """Both read the same letters."""
    FIRST_ALONE = "first_alone"
    """By the first; the second looked and saw nothing there."""
    SECOND_ALONE = "second_alone"
    FIRST_AGAINST = "first_against"
    """By the first; the second read something else there."""
    SECOND_AGAINST = "second_against"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a curve looks at."""

    text: str
    own: float
    """Confidence of the reader whose word it is, 0..1; where both agree, that of the first."""
    other: float = 0.5
    """Confidence of the other, where it read something there."""

    def features(self) -> tuple[float, ...]:
        """Return what is weighed: 1, both log odds, whether it is short, whether it has a digit."""
        letters = sum(c.isalnum() for c in self.text)
        return (
            1.0,
            _log_odds(self.own),
            _log_odds(self.other),
            float(letters <= _SHORT_LETTERS),
            float(any(c.isdigit() for c in self.text)),
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """Weights of the features."""

    weights: tuple[float, ...]

    def probability(self, evidence: Evidence) -> float:
        """Return the probability that the word is right, 0..1."""
        total = sum(w * f for w, f in zip(self.weights, evidence.features(), strict=True))
        return 1.0 / (1.0 + exp(-min(max(total, -30.0), 30.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve for each situation."""

    curves: dict[Situation, Curve]

    def probability(self, situation: Situation, evidence: Evidence) -> float:
        """Return the probability that a word found so is right."""
        return self.curves[situation].probability(evidence)

    def dump(self) -> str:
        """Return it as JSON."""
        return _ADAPTER.dump_json(self, indent=1).decode()


_ADAPTER = TypeAdapter(Calibration)


def parse_calibration(data: str | bytes) -> Calibration:
    """Return what ``Calibration.dump`` wrote."""
    return _ADAPTER.validate_json(data)


@cache
def load_calibration() -> Calibration:
    """Return the calibration that is shipped; ``benchmarks/reader_confidence.py`` fits and checks it."""
    return parse_calibration((files("ocr") / "calibration.json").read_bytes())


def fit_curve(evidence: Sequence[Evidence], right: Sequence[bool]) -> Curve:
    """Return the curve under which what happened is likeliest, by Newton's method.

    Args:
        evidence: of words.
        right: whether each was read right.
    """
    x = np.array([e.features() for e in evidence], dtype=np.float64)
    y = np.array(right, dtype=np.float64)
    weights: NDArray[np.float64] = np.zeros(x.shape[1])
    hold = np.full(x.shape[1], _RIDGE)
    hold[0] = 1e-3
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (y - p) - hold * weights
        bend = (x * (p * (1 - p))[:, None]).T @ x + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return Curve(tuple(round(float(w), 4) for w in weights))


def _log_odds(confidence: float) -> float:
    clipped = min(max(confidence, _CLIP[0]), _CLIP[1])
    return log(clipped / (1.0 - clipped))
