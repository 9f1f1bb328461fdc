"""Estimates the skew of a page and turns it straight.

Own projection-profile method (the idea is Postl's: "Detection of linear oblique structures and skew
scan in digitized documents", ICPR 1986). What is projected are not all pixels but the lower edges of
components of letter size: baselines are sharp there, and rules, pictures and scanner shadows are out.
The angle with the most concentrated profile is searched coarse to fine; at the end straight lines are
fitted to the edges of each text line (common slope, least squares), which is finer than any histogram.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.letters import Letters, find_letters
from ocr.raster_image import Pixels

_RANGE_DEGREES = 15.0
_SEARCH = ((0.5, 2.0), (0.1, 1.0), (0.02, 0.5))
"""Steps in degrees with the bin of the profile, in thousandths of the page's longer side."""

_MIN_POINTS = 150
"""Edge pixels from which the profile says something: about one line of text."""
_MIN_STRENGTH = 1.12
"""How much more concentrated than usual the best profile is where there are lines at all."""

_FIT_ROUNDS = 3
_FIT_WINDOW = 1.5
"""Half width of a baseline, in thousandths of the longer side."""
_MIN_BASELINE_POINTS = 6.0

_SMALLEST_CORRECTION = 0.1
"""Degrees; a smaller skew does no harm, and turning blurs."""

_Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SkewEstimate:
    """How a page lies."""

    degrees: float
    """Angle of the text baseline, counter-clockwise positive; 0 where there is no text to tell."""
    strength: float
    """Concentration of the best profile over that of a typical one; 1 where there are no lines."""


def estimate_skew(image: Pixels, *, letters: Letters | None = None) -> SkewEstimate:
    """Return the skew of a page whose lines run across, within ±15°.

    Args:
        image: gray.
        letters: what ``find_letters`` found on it, if that is known.
    """
    x, y, unit = _baseline_points(letters or find_letters(image))
    if len(x) < _MIN_POINTS:
        return SkewEstimate(0.0, 1.0)
    best, reach, strength = 0.0, _RANGE_DEGREES, 1.0
    for step, bin_width in _SEARCH:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        scores = np.array([_concentration(x, y, angle, bin_width * unit) for angle in angles])
        best = float(angles[int(scores.argmax())])
        if reach == _RANGE_DEGREES:
            strength = float(scores.max() / np.median(scores))
        reach = step
    if strength < _MIN_STRENGTH:
        return SkewEstimate(0.0, strength)
    return SkewEstimate(_fit_baselines(x, y, best, unit), strength)


def rotate_page(image: Pixels, degrees: float) -> Pixels:
    """Turn the image counter-clockwise about its centre; canvas kept, corners filled white."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return np.asarray(turned, dtype=np.uint8)


def deskew_page(image: Pixels, skew: float) -> Pixels:
    """Turn the page straight; one that is straight within 0.1° comes back as it is.

    Args:
        image: gray or RGB.
        skew: its baseline angle, counter-clockwise positive.
    """
    return image if abs(skew) < _SMALLEST_CORRECTION else rotate_page(image, -skew)


def _baseline_points(letters: Letters) -> tuple[_Points, _Points, float]:
    """Return x and y of the lower edges of letters, and a thousandth of the longer side, in pixels."""
    mask = letters.mask
    edges = mask.copy()
    edges[:-1] &= ~mask[1:]
    y, x = np.nonzero(edges)
    height, width = mask.shape
    center_x, center_y = np.float32(width / 2), np.float32(height / 2)
    return x.astype(np.float32) - center_x, y.astype(np.float32) - center_y, max(height, width) / 1000


def _project(x: _Points, y: _Points, degrees: float) -> _Points:
    """Return the height of each point over lines that rise by ``degrees`` to the right."""
    angle = np.deg2rad(degrees)
    return np.asarray(y * np.float32(np.cos(angle)) + x * np.float32(np.sin(angle)), dtype=np.float32)


def _concentration(x: _Points, y: _Points, degrees: float, bin_width: float) -> float:
    """Return how concentrated the profile is: mean height of a point's own bin."""
    across = _project(x, y, degrees)
    bins = np.bincount(((across - across.min()) / bin_width).astype(np.int32)).astype(np.float64)
    return float((bins @ bins) / len(x))


def _fit_baselines(x: _Points, y: _Points, degrees: float, unit: float) -> float:
    """Return the angle after fitting straight lines to the points near each baseline."""
    bin_width, window = _SEARCH[-1][1] * unit, _FIT_WINDOW * unit
    for _ in range(_FIT_ROUNDS):
        angle = np.deg2rad(degrees)
        across = _project(x, y, degrees)
        along = x * np.cos(angle) - y * np.sin(angle)
        centers = _find_baselines(across, bin_width)
        if not len(centers):
            break
        after = np.clip(np.searchsorted(centers, across), 1, len(centers) - 1) if len(centers) > 1 else 0
        before = after - 1 if len(centers) > 1 else 0
        nearer = np.abs(across - centers[before]) < np.abs(across - centers[after])
        line = np.where(nearer, before, after)
        near = np.abs(across - centers[line]) < window
        slope = _common_slope(line[near], along[near], across[near], len(centers))
        degrees -= float(np.rad2deg(np.arctan(slope)))
    return degrees


def _find_baselines(across: _Points, bin_width: float) -> NDArray[np.float64]:
    """Return the heights at which points gather."""
    lowest = float(across.min())
    bins = np.bincount(((across - lowest) / bin_width).astype(np.int32)).astype(np.float64)
    bins = np.convolve(bins, (0.5, 1.0, 0.5), mode="same")
    inner = bins[1:-1]
    least = max(_MIN_BASELINE_POINTS, float(np.percentile(bins, 70)))
    peaks = (inner >= bins[:-2]) & (inner > bins[2:]) & (inner > least)
    return np.asarray((np.nonzero(peaks)[0] + 1.5) * bin_width + lowest, dtype=np.float64)


def _common_slope(line: NDArray[np.int64], along: _Points, across: _Points, lines: int) -> float:
    """Return the one slope that fits all lines best, each at its own height."""
    count = np.maximum(np.bincount(line, minlength=lines), 1)
    from_along = along - (np.bincount(line, along, lines) / count)[line]
    from_across = across - (np.bincount(line, across, lines) / count)[line]
    spread = float(from_along @ from_along)
    return float(from_along @ from_across) / spread if spread > 0 else 0.0
