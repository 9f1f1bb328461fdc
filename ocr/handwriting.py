"""Tells pages that are written by hand: nobody reads those for sure, so people are told.

Print stands on straight lines: nearly every letter's foot lies within a tenth of its height of its line, and
its letters have two heights. By hand, feet and tops wander, strokes of one line reach high and low, and no
letter is as high as the next. All of it is measured on each run of ink along the lines of an upright,
straight page; no word is read for it. The usual run decides, by its length: a signature, a stamp or a bold
heading on a page of print does not.
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
_LEAST_PART = 4
"""Pixels of a part of a run whose height counts."""
_REACH = 0.3
"""A foot is the lowest ink within this distance, in heights of small letters."""
_NEAR = 0.09
"""How near to its line a foot of print stands, in heights of small letters (at least a pixel)."""
_FIT_ROUNDS = 4
_FIT_NEAR = 0.35
_STEEPEST = 0.15

_EDGE_BLUR = 1.0
_LEVEL_DEGREES = (85.0, 100.0)
"""Directions of the steepest way across an edge that is level."""

_FEWEST_FEET, _PRINTED_FEET = 0.6, 0.9
"""Shares of feet near their line: less says nothing more, and less than that has no print."""
_STROKE_PART = 60.0
"""Percentile of distances from the edge, above which lies the middle of strokes."""
_MOST = np.array((1.0, 1.0, 4.0, 0.35, 0.2, 0.2, 1.0, 1.0))
_WEIGHTS = np.array((-3.92, -2.05, 1.19, 18.33, 12.06, -10.68, 6.9, -13.14))
_BIAS = 2.97
"""A logistic model on the usual run. Shares of feet and of tops near their lines: in print 0.87 to 1 and 0.55
to 1, by hand 0.3 to 0.95 and 0.2 to 0.8. Its height for that of small letters: 1 to 2.8, and 1.1 to 7.7. The
deviation of its parts' heights over their mean: under 0.2, and up to 0.36. How far feet are off, in
heights of small letters: under 0.09, and up to 0.34. Level edges: 0.08 to 0.24, and 0.04 to 0.2.
How much too few feet are near their line for print. The deviation of strokes' breadth over its mean: 0.2 to
0.33, and 0.15 to 0.3. Set on generated pages of drawn hands and of eight fonts that look like hands, against
printed forms of the designs for training and pages of prose; the bias has a margin for other hands."""


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
    steepness, is_level = _find_edges(mask)
    inside = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 3), dtype=np.float32)
    runs, lengths = [], []
    for number in range(1, len(stats)):
        left, top, width, height = (int(value) for value in stats[number, :4])
        if width < _LEAST_RUN[0] * small or not _LEAST_RUN[1] <= height / small <= _MOST_HEIGHT:
            continue
        window = slice(top, top + height), slice(left, left + width)
        is_run = labels[window] == number
        found = _measure_run(is_run & (mask[window] > 0), small)
        if found is not None:
            edges = steepness[window][is_run]
            level = float(edges[is_level[window][is_run]].sum() / max(float(edges.sum()), 1e-6))
            few_feet = max(0.0, _PRINTED_FEET - max(found[0], _FEWEST_FEET))
            varies = _measure_breadth(inside[window][is_run & (mask[window] > 0)])
            runs.append((*found, level, few_feet, varies))
            lengths.append(width)
    if len(runs) < _LEAST_RUNS:
        return 0.0
    usual = [_find_usual(values, np.asarray(lengths)) for values in np.array(runs).T]
    return float(1.0 / (1.0 + np.exp(-(np.minimum(usual, _MOST) @ _WEIGHTS + _BIAS))))


def _find_edges(mask: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return how steep the edge of ink is at each place, and whether it is level."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), _EDGE_BLUR)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    steepness = np.asarray(cv2.magnitude(across, down), dtype=np.float32)
    along = np.copysign(across, across * down)  # both turned about where the way across leads up
    first, last = np.cos(np.radians(_LEVEL_DEGREES)).astype(np.float32)
    return steepness, (along <= first * steepness) & (along > last * steepness) & (steepness > 0)


def _measure_breadth(inside: NDArray[np.float32]) -> float:
    """Return how much the breadth of strokes varies: its deviation over its mean.

    Args:
        inside: how far each pixel of ink is from the edge.
    """
    middle = inside[inside >= np.percentile(inside, _STROKE_PART)]
    return float(middle.std() / max(float(middle.mean()), 1e-6))


def _find_usual(values: NDArray[np.float64], lengths: NDArray[np.int64]) -> float:
    """Return the median by length."""
    order = np.argsort(values)
    total = np.cumsum(lengths[order])
    return float(values[order[int(np.searchsorted(total, total[-1] / 2))]])


def _measure_run(part: NDArray[np.bool_], small: float) -> tuple[float, float, float, float, float] | None:
    """Return the measures of the model for the ink of one run; None where it has too few feet."""
    feet, tops = _fit_line(part, small), _fit_line(part[::-1], small)
    if feet is None or tops is None:
        return None
    near = max(1.0, _NEAR * small)
    _, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT][stats[1:, cv2.CC_STAT_AREA] >= _LEAST_PART]
    spread = float(heights.std() / heights.mean()) if len(heights) else 0.0
    return (
        float(np.mean(feet <= near)),
        float(np.mean(tops <= near)),
        part.shape[0] / small,
        spread,
        float(feet.mean()) / small,
    )


def _fit_line(part: NDArray[np.bool_], small: float) -> NDArray[np.float64] | None:
    """Return how far feet are from the straight line that most stand on; None for too few feet."""
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
    return np.asarray(np.abs(y - level - slope * x), dtype=np.float64)
