"""Estimates the skew of a page and turns it straight.

Own projection-profile method (the idea is Postl's: "Detection of linear oblique structures and skew
scan in digitized documents", ICPR 1986). What is projected are not all pixels but the lower and upper edges
of components of letter size: lines of print are sharp there, and rules, pictures and scanner shadows are
out. The angle with the most concentrated profile is searched coarse to fine; the last profiles are
smoothed, so that their maximum is found between the steps.

Two things matter for the last tenth of a degree. Scans of few dots per inch have flat feet of letters in
whole rows of pixels, which draws every estimate towards 0: edges are strewn over the height of a pixel
first. And short rules under words may lie otherwise than typed words: they are no letters, at any angle.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.letters import Letters, find_letters
from ocr.raster_image import Pixels

_RANGE_DEGREES = 20.0
_SEARCH = ((0.5, 2.0), (0.1, 1.0))
"""Steps in degrees with the bin of the profile, in thousandths of the page's longer side."""
_NEAR_DEGREES = 0.8
_COARSE_POINTS = 8000
"""Edge pixels that are enough for the first search."""
_FINE = ((0.3, 0.06), (0.06, 0.03))
"""Reach and step in degrees of the last searches."""
_FINE_BIN = 0.5
_FINE_SIGMA = 0.8
"""Bin and smoothing of their profiles, in pixels of the page (at least of the mask)."""

_MIN_LETTERS = 8
_ROW_BIN = 2.0
"""Height of a row of letters' feet, in thousandths of the longer side."""
_ROW_TURNS = (-0.2, -0.1, 0.0, 0.1, 0.2)
_OTHER_DEGREES = np.concatenate((np.arange(-40.0, -2.5, 1.3), np.arange(2.6, 40.0, 1.3)))
_MIN_STRENGTH = 1.15
"""How much better letters must stand in rows at the angle found than at any other. Print has 2 to 9, also a
single line of it, handwriting 1.0 to 1.7, photographs and what lies on its side under 1."""
_FEW_LETTERS = 28.0
"""The fewer letters, the more may stand in a row by chance: this, for their number, is asked on top."""
_SURE_STRENGTH = 2.0
"""From this on rules are not asked, which may be printed otherwise than the words between them."""

_MIN_RULES = 3
_RULE_SHARE = 0.15
"""A rule's length at least, for the page's width."""
_SAME_END = 0.012
"""How near to each other rules of a form begin or end, for the width; a drawing's lines do not."""
_ALIKE_SHARE = 0.4
"""Of the rules; among many strokes of a drawing that run one way a few begin alike by chance."""
_MOST_EDGES = 0.4
"""Share of the edges outside text that rules must have: a drawing's lines lead in many directions."""

_SMALLEST_CORRECTION = 0.1
"""Degrees; a smaller skew does no harm, and turning blurs."""

_Points = NDArray[np.float32]
_Edges = tuple[_Points, _Points]
"""x and y of edge pixels, from the page's centre."""


@dataclass(frozen=True, slots=True)
class SkewEstimate:
    """How a page lies."""

    degrees: float
    """Angle of the text baseline, counter-clockwise positive; 0 where nothing tells it."""
    strength: float
    """How much better letters stand in rows at this angle than at any other; 0 where none are."""


def estimate_skew(image: Pixels, *, letters: Letters | None = None) -> SkewEstimate:
    """Return the skew of a page whose lines run across, within ±20°; 0 where that is doubtful.

    Lines of text tell it. Where they do so weakly, as by hand, long rules count more, if there are any.

    Args:
        image: gray.
        letters: what ``find_letters`` found on it, if that is known.
    """
    letters = letters or find_letters(image)
    strength, degrees = 0.0, 0.0
    if len(letters.boxes) >= _MIN_LETTERS:
        degrees = _find_angle(letters.mask, pixel=max(1.0, letters.factor), kinds=(False, True))
        strength = _compare_rows(letters, degrees)
    if strength < _SURE_STRENGTH:
        by_rules = _ask_rules(letters)
        if by_rules is not None:
            return SkewEstimate(by_rules, strength)
    least = _MIN_STRENGTH + _FEW_LETTERS / max(len(letters.boxes), 1)
    if strength < least or abs(degrees) > _RANGE_DEGREES:
        return SkewEstimate(0.0, strength)
    return SkewEstimate(degrees, strength)


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


def _find_angle(mask: NDArray[np.bool_], *, pixel: float, kinds: tuple[bool, ...]) -> float:
    """Return the angle at which edges lie in lines.

    Args:
        mask: of what has edges.
        pixel: of the page, on the mask.
        kinds: of edges: upper ones for True.
    """
    edges = tuple(_find_edges(mask, pixel, is_upper=is_upper) for is_upper in kinds)
    if any(not len(kind[0]) for kind in edges):
        return 0.0
    best = _search(edges[0], max(mask.shape) / 1000)
    for reach, step in _FINE:
        best = _refine(edges, best, reach=reach, step=step, sigma=_FINE_SIGMA * pixel)
    return best


def _compare_rows(letters: Letters, degrees: float) -> float:
    """Return how crowded the rows of letters' feet are at an angle, for the most crowded at others."""
    height, width = letters.mask.shape
    boxes = letters.boxes.astype(np.float32)
    feet: _Edges = (boxes[:, 0] + boxes[:, 2] / 2 - width / 2, boxes[:, 1] + boxes[:, 3] - height / 2)
    bin_width = _ROW_BIN * max(height, width) / 1000

    def crowd(turn: float) -> float:
        profile = _profile(feet, degrees + turn, bin_width)
        return float(profile @ profile) / len(boxes) - 1.0  # without each letter itself

    others = max(crowd(turn) for turn in _OTHER_DEGREES)
    return max(crowd(turn) for turn in _ROW_TURNS) / max(others, 0.1)


def _ask_rules(letters: Letters) -> float | None:
    """Return the angle of long rules across; None where there are not several of one angle."""
    if letters.ink.shape != letters.mask.shape:
        return None
    rest = letters.ink & ~letters.mask
    pixel = max(1.0, letters.factor)
    degrees = _find_angle(rest, pixel=pixel, kinds=(False,))
    edges = _find_edges(rest, 0.0, is_upper=False)
    if not len(edges[0]) or abs(degrees) > _RANGE_DEGREES:
        return None
    angle = np.deg2rad(degrees)
    along = edges[0] * np.float32(np.cos(angle)) - edges[1] * np.float32(np.sin(angle))
    across = _project(edges, degrees)
    row = ((across - across.min()) / np.float32(2 * pixel)).astype(np.int32)
    # A rule may lie on the border of two bins.
    pairs = np.convolve(np.bincount(row).astype(np.float64), (1.0, 1.0))
    is_rule = pairs >= _RULE_SHARE * rest.shape[1]
    is_rule = is_rule[1:] | is_rule[:-1]
    in_rules = is_rule[row]
    if np.count_nonzero(in_rules) < max(1.0, _MOST_EDGES * len(row)):
        return None
    number = np.cumsum(np.diff(is_rule.astype(np.int8), prepend=0) == 1)[row[in_rules]] - 1
    starts = np.full(int(number.max()) + 1, np.inf)
    ends = np.full(len(starts), -np.inf)
    np.minimum.at(starts, number, along[in_rules])
    np.maximum.at(ends, number, along[in_rules])
    near = _SAME_END * rest.shape[1]
    alike = max(int((np.abs(side[:, None] - side) <= near).sum(axis=1).max()) for side in (starts, ends))
    return degrees if alike >= max(_MIN_RULES, _ALIKE_SHARE * len(starts)) else None


def _find_edges(mask: NDArray[np.bool_], pixel: float, *, is_upper: bool) -> _Edges:
    """Return the upper or lower edges of letters, strewn over the height of a pixel of the page."""
    ink = mask.view(np.uint8)
    inner = np.zeros_like(ink)
    if is_upper:
        inner[1:] = ink[:-1]
    else:
        inner[:-1] = ink[1:]
    found = cv2.findNonZero(cv2.subtract(ink, inner))
    places = np.zeros((0, 2), np.float32) if found is None else found.reshape(-1, 2).astype(np.float32)
    x, y = places[:, 0], places[:, 1]
    height, width = mask.shape
    strewn = np.random.default_rng(0).random(len(y), dtype=np.float32) - np.float32(0.5)
    return x - np.float32(width / 2), y - np.float32(height / 2) + strewn * np.float32(pixel)


def _project(edges: _Edges, degrees: float) -> _Points:
    """Return the height of each point over lines that rise by ``degrees`` to the right."""
    angle = np.deg2rad(degrees)
    return np.asarray(edges[1] * np.float32(np.cos(angle)) + edges[0] * np.float32(np.sin(angle)))


def _profile(edges: _Edges, degrees: float, bin_width: float) -> NDArray[np.float64]:
    """Return how many points lie at each height."""
    across = _project(edges, degrees)
    return np.bincount(((across - across.min()) / np.float32(bin_width)).astype(np.int32)).astype(np.float64)


def _search(edges: _Edges, unit: float) -> float:
    """Return the best angle to a tenth of a degree or so."""
    every = max(1, len(edges[0]) // _COARSE_POINTS)
    points: _Edges = (edges[0][::every], edges[1][::every])
    best, reach = 0.0, _RANGE_DEGREES
    for step, bin_width in _SEARCH:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        profiles = (_profile(points, angle, bin_width * unit) for angle in angles)
        best = float(angles[int(np.argmax([profile @ profile for profile in profiles]))])
        points, reach = edges, _NEAR_DEGREES
    return best


def _refine(edges: tuple[_Edges, ...], degrees: float, *, reach: float, step: float, sigma: float) -> float:
    """Return the angle near ``degrees`` at which smooth profiles are most concentrated."""
    half = int(3 * sigma / _FINE_BIN) + 1
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) * _FINE_BIN / sigma) ** 2)
    angles = degrees + np.arange(-reach, reach + step / 2, step)
    scores = np.zeros(len(angles))
    for number, angle in enumerate(angles):
        for kind in edges:
            profile = np.convolve(_profile(kind, angle, _FINE_BIN), kernel, mode="same")
            scores[number] += float(profile @ profile)
    peak = int(np.clip(scores.argmax(), 1, len(angles) - 2))
    before, top, after = scores[peak - 1 : peak + 2]
    bend = before - 2 * top + after  # of the parabola through the three
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(angles[peak] + np.clip(shift, -1, 1) * step)
