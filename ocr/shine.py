"""Says what of a page is explained by the page before or after it, whose print shines through the leaf.

The back of a leaf shows its front mirrored, blurred and pale. So the other page's ink is mirrored, laid on
this page's (moved, turned and stretched a little), blurred by the mixture of blurs that fits best, and made
as pale as this page shows it all around. What is no darker than that is explained, and nothing else: ink
that the other page does not have at that place stays ink, however faint it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.leaf import COARSE, FINE, Laid, Levels, lay_leaf, scale_levels
from ocr.marks import Marks, look_at_page
from ocr.raster_image import Pixels

_HOLES_AT = 60.0
"""Levels up to which a page shows anything of its other side; what is darker counts as so dark."""
_LEAST_PRINT = 5.0
"""Gray levels of ink that may shine through."""
_BLURS_MM = (0.12, 0.25, 0.45, 0.8, 1.6)
_MOST_SHINE = 0.75
"""Share of its darkness with which a page shines through at most: two pages with the same pale form are no
leaf."""
_TILE_MM, _BEND_MM = 24.0, 1.0
_BEND_BLUR_MM, _BEND_SMOOTH = 0.3, 1.0
_LEAST_TILE = 0.5
"""Leaves bend: tiles of this side are moved up to so far, if they are then so alike. Those around one (the
second blur, in half tiles) have a say in it."""
_AROUND_MARK_MM = 3.0
"""How far around a mark nothing is asked of what is too pale to be one."""
_REACH_MM, _MARGIN = 0.3, 1.3
_FAR_MM, _FAR_SHARE = 0.7, 0.35
"""How far a trace may lie beside its place, and how dark it may be there, as a multiple."""
_AROUND_MM = 6.0
_GAINS = (0.4, 1.7)
_LEAST_TRACE = 1.0
"""Gray levels of a trace below which it explains nothing."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page beside another in a file, which may be the other side of its leaf."""

    image: Pixels
    dpi: float


@dataclass(frozen=True, slots=True)
class Explained:
    """What of a page a neighbour explains."""

    levels: Levels
    """Of each pixel that shine through."""
    beyond_marks: float
    """How like the neighbour is what is too pale to be a mark, as a correlation."""


def explain_ink(ink: Levels, marks: Marks, neighbours: Sequence[Neighbour]) -> Iterator[Explained]:
    """Give what shines through from a neighbour, from the likeliest on.

    Two neighbours may both be like a page: copies of one form, of which one alone was signed.

    Args:
        ink: of the page, in gray levels below the paper.
        marks: found on it.
        neighbours: pages of the same file.
    """
    mm = marks.patches.mm
    pages = scale_levels(_keep_marks(marks), COARSE / mm), _keep_soft(ink, marks)
    found: list[Laid] = []
    for neighbour in neighbours:
        look = look_at_page(neighbour.image, dpi=neighbour.dpi)
        levels = np.where(look.ink < max(_LEAST_PRINT, 2.0 * look.grain), np.float32(0), look.ink)
        laid = lay_leaf(levels, look.mm, marked=pages[0], whole=pages[1])
        if laid is not None:
            found.append(laid)
    for laid in sorted(found, key=lambda laid: -laid.likeness):
        explained = _predict(ink, marks, laid)
        if explained is not None:
            yield explained


def _keep_marks(marks: Marks) -> Levels:
    """Return the levels of marks alone, without grain, shadows and holes."""
    patches = marks.patches
    levels = np.zeros(patches.shape, np.float32)
    levels.ravel()[patches.at] = np.minimum(patches.level, np.float32(_HOLES_AT))
    return levels


def _keep_soft(ink: Levels, marks: Marks) -> Levels:
    """Return all levels at the coarse scale, those too paled to be marks as well, grain evened out."""
    dark = (ink > _HOLES_AT).astype(np.uint8)  # holes and shadows, as far as they are no marks
    dark.ravel()[marks.patches.at] = 0
    side = 2 * round(marks.patches.mm) + 1
    rest = np.where(cv2.dilate(dark, np.ones((side, side), np.uint8)) > 0, np.float32(0), ink)
    coarse = scale_levels(
        np.minimum(np.asarray(rest, np.float32), np.float32(_HOLES_AT)), COARSE / marks.patches.mm
    )
    return np.asarray(np.maximum(cv2.GaussianBlur(coarse, (0, 0), 0.5 * COARSE) - 0.5, 0), np.float32)


def _predict(ink: Levels, marks: Marks, other_page: Laid) -> Explained | None:
    """Return the most that shines through at each pixel of the page."""
    factor = FINE / marks.patches.mm
    page = np.minimum(scale_levels(ink, factor), np.float32(_HOLES_AT))
    matrix = other_page.place.copy()
    matrix[:, 2] *= FINE / COARSE
    matrix[:, 2] += (1 - np.sum(matrix[:, :2], axis=1)) * 0.5 * (FINE / COARSE - 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(
        cv2.warpAffine(other_page.other, matrix, page.shape[::-1], flags=flags), dtype=np.float32
    )
    laid = _bend(laid, _soften_all(page) if other_page.is_soft else scale_levels(_keep_marks(marks), factor))
    trace = _fit_blur(page, laid)
    if trace is None:
        return None
    trace *= _find_gain(page, trace)
    most = np.maximum(
        _spread(trace, _REACH_MM) * np.float32(_MARGIN), _spread(trace, _FAR_MM) * np.float32(_FAR_SHARE)
    )
    most[most < _LEAST_TRACE] = 0.0
    full = cv2.resize(most, ink.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return Explained(np.asarray(full, dtype=np.float32), _compare_beyond_marks(ink, marks, trace))


def _compare_beyond_marks(ink: Levels, marks: Marks, trace: Levels) -> float:
    """Return the correlation of a page with a trace, marks and what is around them left out."""
    soft = _keep_soft(ink, marks)
    wanted = cv2.resize(trace, soft.shape[::-1], interpolation=cv2.INTER_AREA)
    side = 2 * round(_AROUND_MARK_MM * COARSE) + 1
    is_near = cv2.dilate(
        scale_levels(_keep_marks(marks), COARSE / marks.patches.mm), np.ones((side, side), np.uint8)
    )
    beyond = np.asarray(is_near) <= 0
    seen, wanted = soft[beyond], np.asarray(wanted)[beyond]
    if len(seen) < 2 or seen.std() <= 0 or wanted.std() <= 0:
        return 0.0
    return float(np.corrcoef(seen, wanted)[0, 1])


def _soften_all(page: Levels) -> Levels:
    """Return all ink at the fine scale, grain evened out."""
    soft = cv2.GaussianBlur(page, (0, 0), 2 * _BEND_BLUR_MM * FINE)
    return np.asarray(np.maximum(soft - 0.5, 0), dtype=np.float32)


def _spread(trace: Levels, reach: float) -> Levels:
    """Return the darkest trace within some millimetres of each place."""
    side = 2 * round(reach * FINE) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(trace, kernel), dtype=np.float32)


def _bend(laid: Levels, page: Levels) -> Levels:
    """Return the other page bent as this one: moved, tile by tile, to where it is most like it."""
    height, width = page.shape
    side, reach = round(_TILE_MM * FINE), round(_BEND_MM * FINE)
    rows, columns = max(1, height // (side // 2) - 1), max(1, width // (side // 2) - 1)
    moved = np.zeros((rows, columns, 2), np.float32)
    weights = np.zeros((rows, columns), np.float32)
    soft = np.asarray(cv2.GaussianBlur(laid, (0, 0), _BEND_BLUR_MM * FINE), dtype=np.float32)
    for row in range(rows):
        for column in range(columns):
            top, left = row * side // 2 + reach, column * side // 2 + reach
            part = soft[top : top + side - 2 * reach, left : left + side - 2 * reach]
            around = page[top - reach : top + side - reach, left - reach : left + side - reach]
            if part.shape[0] < side // 2 or part.shape[1] < side // 2 or not part.any() or not around.any():
                continue
            found = cv2.matchTemplate(around, part, cv2.TM_CCORR_NORMED)
            _, best, _, (x, y) = cv2.minMaxLoc(found)
            if best < _LEAST_TILE or x in (0, found.shape[1] - 1) or y in (0, found.shape[0] - 1):
                continue
            moved[row, column] = (
                x - reach + _find_peak(*(float(v) for v in found[y, x - 1 : x + 2])),
                y - reach + _find_peak(*(float(v) for v in found[y - 1 : y + 2, x])),
            )
            weights[row, column] = best * float(around.sum())
    if not weights.any():
        return laid
    weights /= weights.max()
    smooth = [cv2.GaussianBlur(moved[..., axis] * weights, (0, 0), _BEND_SMOOTH) for axis in (0, 1)]
    total = cv2.GaussianBlur(weights, (0, 0), _BEND_SMOOTH) + np.float32(0.02)
    across, along = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    # The grid of tiles covers the page up to a margin that the stretched field may as well cover.
    right, down = (
        cv2.resize(np.asarray(part / total, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        for part in smooth
    )
    return np.asarray(cv2.remap(laid, across - right, along - down, cv2.INTER_LINEAR), dtype=np.float32)


def _find_peak(before: float, at: float, after: float) -> float:
    """Return how far from the middle of three values a parabola through them has its peak."""
    curve = before - 2 * at + after
    return 0.0 if curve >= 0 else float(np.clip(0.5 * (before - after) / curve, -0.5, 0.5))


def _fit_blur(page: Levels, laid: Levels) -> Levels | None:
    """Return the other page's ink, blurred and made pale as it fits this page best; None if not pale."""
    blurred = [np.asarray(cv2.GaussianBlur(laid, (0, 0), blur * FINE), np.float32) for blur in _BLURS_MM]
    columns = np.stack([image[::2, ::2].ravel() for image in blurred]).astype(np.float64)
    wanted = page[::2, ::2].ravel().astype(np.float64)
    weights = _solve(columns, wanted)
    off = np.abs(wanted - weights @ columns)
    inside = off <= max(4.0, 4.0 * float(np.median(off)))  # marks of this side are no trace
    weights = _solve(columns[:, inside], wanted[inside])
    if not 0.0 < weights.sum() <= _MOST_SHINE:
        return None
    trace = np.zeros_like(page)
    for weight, image in zip(weights, blurred, strict=True):
        trace += np.float32(weight) * image
    return trace


def _solve(columns: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights, none below zero, by which the columns come nearest to what is wanted."""
    square, right = columns @ columns.T, columns @ wanted
    square += np.eye(len(square)) * 1e-6 * max(float(np.trace(square)), 1e-9)
    weights = np.zeros(len(right))
    for _ in range(300):
        for n in range(len(right)):
            rest = right[n] - square[n] @ weights + square[n, n] * weights[n]
            weights[n] = max(0.0, rest / square[n, n])
    return weights


def _find_gain(page: Levels, trace: Levels) -> Levels:
    """Return how much more or less than usual shines through around each place."""
    bounded = np.clip(
        page, 0.4 * trace - 2.0, 1.6 * trace + 2.0
    )  # alike on both sides, or grain makes it pale
    sigma = _AROUND_MM * FINE / 4
    with_page, with_trace = (_blur_wide(trace * other, sigma) for other in (bounded, trace))
    usual = float(np.mean(with_trace))
    gain = (with_page + 0.1 * usual) / (with_trace + 0.1 * usual + np.float32(1e-6))
    return np.asarray(np.clip(gain, *_GAINS), dtype=np.float32)


def _blur_wide(levels: Levels, sigma: float) -> Levels:
    small = cv2.resize(levels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(small, (0, 0), sigma)
    return np.asarray(cv2.resize(wide, levels.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
