"""Tells pages that are written by hand: nobody reads those for sure, so people are told.

Print stands on straight lines: nearly every letter's foot lies within a tenth of its height of its line.
By hand, feet wander, and strokes of one line reach high and low. Both are measured on each run of ink along
the lines of an upright, straight page; no word is read for it. The usual run decides, by its length: a
signature, a stamp or a bold heading on a page of print does not.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.letters import Letters

_GAP = 1.1
"""Letters nearer to each other than this, in heights of small letters, are of one run."""
_LEAST_RUN = (3.5, 0.7)
_MOST_HEIGHT = 8.0
"""Length and height of runs that are looked at, in heights of small letters."""
_LEAST_FEET = 6
_LEAST_RUNS = 2
_REACH = 0.3
"""A foot is the lowest ink within this distance, in heights of small letters."""
_NEAR = 0.09
"""How near to its line a foot of print stands, in heights of small letters (at least a pixel)."""
_FIT_ROUNDS = 4
_FIT_NEAR = 0.35
_STEEPEST = 0.15

_PRINTED_FEET = 0.885
_PRINTED_HEIGHT = 2.1
_FEET_WEIGHT = 25.0
_HEIGHT_WEIGHT = 1.5
"""A logistic model on feet near their line (usual share in print 0.9 to 1, by hand 0.5 to 0.86) and on the
height of runs for that of small letters (1.2 to 2, and 1.2 to 7). Set on generated pages of 13 hands."""


def measure_handwriting(letters: Letters) -> float:
    """Return how likely what stands on a page was written by hand, 0..1; 0 where too little stands there.

    Args:
        letters: of the upright, straight page.
    """
    small = letters.height * letters.factor
    if small <= 0:
        heights = letters.boxes[:, 3]
        if len(heights) < _LEAST_FEET:
            return 0.0
        small = max(4.0, 0.8 * float(np.median(heights)))
    mask = letters.mask.astype(np.uint8)
    gap = max(3, 2 * round(_GAP * small) + 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    scores, weights = [], []
    for number in range(1, len(stats)):
        left, top, width, height = (int(value) for value in stats[number, :4])
        is_run = width >= _LEAST_RUN[0] * small and _LEAST_RUN[1] <= height / small <= _MOST_HEIGHT
        if not is_run:
            continue
        window = slice(top, top + height), slice(left, left + width)
        part = (labels[window] == number) & (mask[window] > 0)
        share = _share_on_line(part, small)
        if share is not None:
            high = height / small
            scores.append(_FEET_WEIGHT * (_PRINTED_FEET - share) + _HEIGHT_WEIGHT * (high - _PRINTED_HEIGHT))
            weights.append(width)
    if len(scores) < _LEAST_RUNS:
        return 0.0
    order = np.argsort(scores)
    length = np.cumsum(np.asarray(weights)[order])
    usual = scores[int(order[int(np.searchsorted(length, length[-1] / 2))])]
    return float(1.0 / (1.0 + np.exp(-usual)))


def _share_on_line(part: NDArray[np.bool_], small: float) -> float | None:
    """Return the share of feet near the straight line that most stand on; None for too few feet."""
    has_ink = part.any(axis=0)
    lowest = np.where(has_ink, part.shape[0] - 1 - part[::-1].argmax(axis=0), -1).astype(np.float32)
    reach = 2 * max(1, round(_REACH * small)) + 1
    around = cv2.dilate(lowest[None], np.ones((1, reach), np.uint8))[0]
    is_foot = has_ink & (lowest == around)
    change = np.diff(np.concatenate(([0], is_foot.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if len(starts) < _LEAST_FEET:
        return None
    x, y = (starts + ends - 1) / 2.0, lowest[starts].astype(np.float64)
    slope, level = 0.0, float(np.median(y))
    for _ in range(_FIT_ROUNDS):
        off = np.abs(y - level - slope * x)
        near = off <= max(1.5, _FIT_NEAR * small, 1.2 * float(np.median(off)))
        if np.count_nonzero(near) < 3:
            break
        if np.ptp(x[near]) > small:
            slope = float(np.clip(np.polyfit(x[near], y[near], 1)[0], -_STEEPEST, _STEEPEST))
        level = float(np.median(y[near] - slope * x[near]))
    return float(np.mean(np.abs(y - level - slope * x) <= max(1.0, _NEAR * small)))
