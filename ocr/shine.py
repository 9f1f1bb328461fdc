"""Says what of a page is explained by the page before or after it, whose print shines through the leaf.

The back of a leaf shows its front mirrored, blurred and pale. So the other page's ink is mirrored, laid on
this page's (moved, turned and stretched a little), blurred by the mixture of blurs that fits best, and made
as pale as this page shows it all around. What is no darker than that is explained, and nothing else: ink
that the other page does not have at that place stays ink, however faint it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.marks import Marks, look_at_page
from ocr.raster_image import Pixels

_COARSE = 2.0
_FINE = 4.0
"""Pixels for a millimetre at which pages are laid on each other, and at which traces are compared."""
_SAME_SIZE = 0.06
_FARTHEST_MM = 12.0
_HOLES_AT = 60.0
"""Levels up to which a page shows anything of its other side; what is darker counts as so dark."""
_LEAST_PRINT = 5.0
"""Gray levels of ink that may shine through."""
_LEAST_LIKENESS = 0.1
_PROVEN_LIKENESS, _AS_LIKE = 0.25, 0.95
"""Correlation from which it is worth to lay two pages on each other precisely, from which one is taken for
the mirror image of the other, and the part of it that a sharper place must keep on the whole page."""
_ANGLES = (-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8)
_MOST_STRETCH = 0.015
"""Degrees at which the other page is laid on this one first, and by how much of its size it is stretched or
bent askew at most: two scans of a leaf differ by less than a hundredth."""
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 5e-4)
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

_Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page beside another in a file, which may be the other side of its leaf."""

    image: Pixels
    dpi: float


@dataclass(frozen=True, slots=True)
class Explained:
    """What of a page a neighbour explains."""

    levels: _Levels
    """Of each pixel that shine through."""
    beyond_marks: float
    """How like the neighbour is what is too pale to be a mark, as a correlation."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """Another page, laid on this one."""

    likeness: float
    place: _Levels
    """Where it lies, at the coarse scale."""
    quarter: int
    """By how many quarter turns it was turned."""
    other: _Levels
    """Mirrored, at the fine scale."""
    is_soft: bool
    """It is like all that is on the page, and not only its marks."""


def explain_ink(ink: _Levels, marks: Marks, neighbours: Sequence[Neighbour]) -> Iterator[Explained]:
    """Give what shines through from a neighbour, from the likeliest on.

    Two neighbours may both be like a page: copies of one form, of which one alone was signed.

    Args:
        ink: of the page, in gray levels below the paper.
        marks: found on it.
        neighbours: pages of the same file.
    """
    mm = marks.patches.mm
    pages = _scale(_keep_marks(marks), _COARSE / mm), _keep_soft(ink, marks)
    found: list[_Laid] = []
    for neighbour in neighbours:
        look = look_at_page(neighbour.image, dpi=neighbour.dpi)
        levels = np.where(look.ink < max(_LEAST_PRINT, 2.0 * look.grain), np.float32(0), look.ink)
        # All that is on a page finds its place less sharply than its marks do, but more surely.
        soft = _lay_on(pages[1], levels, look.mm, is_soft=True)
        marked = _lay_on(pages[0], levels, look.mm, is_soft=False, near=soft)
        best = _choose(soft, marked, pages[1])
        if best is not None and best.likeness >= _PROVEN_LIKENESS:
            found.append(best)
    for laid in sorted(found, key=lambda laid: -laid.likeness):
        explained = _predict(ink, marks, laid)
        if explained is not None:
            yield explained


def _choose(soft: _Laid | None, marked: _Laid | None, page: _Levels) -> _Laid | None:
    """Return the place that marks found, unless all that is on the page says that it is wrong."""
    if soft is None or marked is None:
        return soft or marked
    likeness = max(soft.likeness, marked.likeness)
    is_right = _compare(page, marked) >= _AS_LIKE * _compare(page, soft)
    return replace(marked if is_right else soft, likeness=likeness)


def _compare(page: _Levels, laid: _Laid) -> float:
    """Return the correlation of a page at the coarse scale with another one where it was laid."""
    other = _soften(_scale(laid.other, _COARSE / _FINE))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = np.asarray(cv2.warpAffine(other, laid.place, page.shape[::-1], flags=flags))
    return float(np.corrcoef(page.ravel(), there.ravel())[0, 1]) if there.any() and page.any() else 0.0


def _keep_marks(marks: Marks) -> _Levels:
    """Return the levels of marks alone, without grain, shadows and holes."""
    patches = marks.patches
    levels = np.zeros(patches.shape, np.float32)
    levels.ravel()[patches.at] = np.minimum(patches.level, np.float32(_HOLES_AT))
    return levels


def _keep_soft(ink: _Levels, marks: Marks) -> _Levels:
    """Return all levels at the coarse scale, those too paled to be marks as well, grain evened out."""
    dark = (ink > _HOLES_AT).astype(np.uint8)  # holes and shadows, as far as they are no marks
    dark.ravel()[marks.patches.at] = 0
    side = 2 * round(marks.patches.mm) + 1
    rest = np.where(cv2.dilate(dark, np.ones((side, side), np.uint8)) > 0, np.float32(0), ink)
    coarse = _scale(
        np.minimum(np.asarray(rest, np.float32), np.float32(_HOLES_AT)), _COARSE / marks.patches.mm
    )
    return np.asarray(np.maximum(cv2.GaussianBlur(coarse, (0, 0), 0.5 * _COARSE) - 0.5, 0), np.float32)


def _scale(levels: _Levels, factor: float) -> _Levels:
    size = tuple(max(1, round(side * factor)) for side in levels.shape[::-1])
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _lay_on(
    page: _Levels, levels: _Levels, mm: float, *, is_soft: bool, near: _Laid | None = None
) -> _Laid | None:
    """Return where the mirrored other page is most like this one, also ``near`` a place."""
    best: _Laid | None = None
    mirrored = np.ascontiguousarray(_scale(levels, _FINE / mm)[:, ::-1])
    coarse = _soften(_scale(mirrored, _COARSE / _FINE))
    for quarter in range(4):
        turned = np.ascontiguousarray(np.rot90(coarse, -quarter))
        apart = np.abs(np.subtract(turned.shape, page.shape)) / page.shape
        if (apart > _SAME_SIZE).any():
            continue
        likeness, start = _find_start(page, turned)
        if likeness < _LEAST_LIKENESS or (best is not None and likeness <= best.likeness):
            continue
        starts = (start, near.place) if near is not None and near.quarter == quarter else (start,)
        for likeness, place in chain(*(_lay_precisely(page, turned, begin) for begin in starts)):
            if best is None or likeness > best.likeness:
                fine = np.ascontiguousarray(np.rot90(mirrored, -quarter))
                best = _Laid(likeness, place, quarter, fine, is_soft)
    return best


def _soften(levels: _Levels) -> _Levels:
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), 0.4 * _COARSE), dtype=np.float32)


def _find_start(page: _Levels, other: _Levels) -> tuple[float, _Levels]:
    """Return how like the page is the other one at the best of some angles, and where it lies there."""
    middle = (other.shape[1] - 1) / 2, (other.shape[0] - 1) / 2
    found = []
    for degrees in _ANGLES:
        turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
        turned = np.asarray(cv2.warpAffine(other, turn, other.shape[::-1]), np.float32) if degrees else other
        shift, likeness = _find_shift(page, turned)
        found.append((likeness, degrees, shift))
    likeness, degrees, (right, down) = max(found)
    back = cv2.invertAffineTransform(cv2.getRotationMatrix2D(middle, degrees, 1.0))
    place: _Levels = np.asarray(back, np.float32)
    place[:, 2] -= place[:, :2] @ np.array((right, down), np.float32)
    return likeness, place


def _lay_precisely(page: _Levels, other: _Levels, start: _Levels) -> Iterator[tuple[float, _Levels]]:
    """Give places near the start where the other page is like this one, each with its likeness.

    Where little is printed, a free transform finds it alike where no leaf could lie; those are left out.
    """
    rigid = _improve(page, other, start, cv2.MOTION_EUCLIDEAN)
    for begin in (start, *([rigid[1]] if rigid else [])):
        free = _improve(page, other, begin, cv2.MOTION_AFFINE)
        if free is not None and (rigid is None or free[0] > rigid[0]):
            yield free
    if rigid is not None:
        yield rigid


def _improve(page: _Levels, other: _Levels, start: _Levels, motion: int) -> tuple[float, _Levels] | None:
    """Return a place near the start where the other page is likest, and how like; None where none is."""
    try:
        likeness, found = cv2.findTransformECC(
            page,
            other,
            start.copy(),
            motion,
            _STEPS,
            None,
            5,  # type: ignore[call-overload]
        )
    except cv2.error:  # it does not converge: they are not alike
        return None
    place = np.asarray(found, np.float32)
    stretch = np.abs(np.linalg.svd(place[:, :2], compute_uv=False) - 1.0).max()
    return (float(likeness), place) if stretch <= _MOST_STRETCH else None


def _find_shift(page: _Levels, other: _Levels) -> tuple[tuple[float, float], float]:
    """Return how far right and down of the other's place the page has the same, and their correlation."""
    rows, columns = (cv2.getOptimalDFTSize(max(a, b)) for a, b in zip(page.shape, other.shape, strict=True))
    spectra = []
    for image in (page, other):
        padded: _Levels = np.zeros((rows, columns), np.float32)
        padded[: image.shape[0], : image.shape[1]] = image - image.mean()
        spectra.append(cv2.dft(padded))
    product = cv2.mulSpectrums(spectra[0], spectra[1], 0, conjB=True)
    found = np.asarray(cv2.idft(product, flags=cv2.DFT_SCALE))
    far = round(_FARTHEST_MM * _COARSE)
    near = np.roll(found, (far, far), axis=(0, 1))[: 2 * far + 1, : 2 * far + 1]
    y, x = np.unravel_index(int(near.argmax()), near.shape)
    energy = float(page.std()) * float(other.std()) * (page.size * other.size) ** 0.5
    return (float(x) - far, float(y) - far), float(near[y, x]) / max(energy, 1e-6)


def _predict(ink: _Levels, marks: Marks, other_page: _Laid) -> Explained | None:
    """Return the most that shines through at each pixel of the page."""
    factor = _FINE / marks.patches.mm
    page = np.minimum(_scale(ink, factor), np.float32(_HOLES_AT))
    matrix = other_page.place.copy()
    matrix[:, 2] *= _FINE / _COARSE
    matrix[:, 2] += (1 - np.sum(matrix[:, :2], axis=1)) * 0.5 * (_FINE / _COARSE - 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(
        cv2.warpAffine(other_page.other, matrix, page.shape[::-1], flags=flags), dtype=np.float32
    )
    laid = _bend(laid, _soften_all(page) if other_page.is_soft else _scale(_keep_marks(marks), factor))
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


def _compare_beyond_marks(ink: _Levels, marks: Marks, trace: _Levels) -> float:
    """Return the correlation of a page with a trace, marks and what is around them left out."""
    soft = _keep_soft(ink, marks)
    wanted = cv2.resize(trace, soft.shape[::-1], interpolation=cv2.INTER_AREA)
    side = 2 * round(_AROUND_MARK_MM * _COARSE) + 1
    is_near = cv2.dilate(
        _scale(_keep_marks(marks), _COARSE / marks.patches.mm), np.ones((side, side), np.uint8)
    )
    beyond = np.asarray(is_near) <= 0
    seen, wanted = soft[beyond], np.asarray(wanted)[beyond]
    if len(seen) < 2 or seen.std() <= 0 or wanted.std() <= 0:
        return 0.0
    return float(np.corrcoef(seen, wanted)[0, 1])


def _soften_all(page: _Levels) -> _Levels:
    """Return all ink at the fine scale, grain evened out."""
    soft = cv2.GaussianBlur(page, (0, 0), 2 * _BEND_BLUR_MM * _FINE)
    return np.asarray(np.maximum(soft - 0.5, 0), dtype=np.float32)


def _spread(trace: _Levels, reach: float) -> _Levels:
    """Return the darkest trace within some millimetres of each place."""
    side = 2 * round(reach * _FINE) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(trace, kernel), dtype=np.float32)


def _bend(laid: _Levels, page: _Levels) -> _Levels:
    """Return the other page bent as this one: moved, tile by tile, to where it is most like it."""
    height, width = page.shape
    side, reach = round(_TILE_MM * _FINE), round(_BEND_MM * _FINE)
    rows, columns = max(1, height // (side // 2) - 1), max(1, width // (side // 2) - 1)
    moved = np.zeros((rows, columns, 2), np.float32)
    weights = np.zeros((rows, columns), np.float32)
    soft = np.asarray(cv2.GaussianBlur(laid, (0, 0), _BEND_BLUR_MM * _FINE), dtype=np.float32)
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


def _fit_blur(page: _Levels, laid: _Levels) -> _Levels | None:
    """Return the other page's ink, blurred and made pale as it fits this page best; None if not pale."""
    blurred = [np.asarray(cv2.GaussianBlur(laid, (0, 0), blur * _FINE), np.float32) for blur in _BLURS_MM]
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


def _find_gain(page: _Levels, trace: _Levels) -> _Levels:
    """Return how much more or less than usual shines through around each place."""
    bounded = np.clip(
        page, 0.4 * trace - 2.0, 1.6 * trace + 2.0
    )  # alike on both sides, or grain makes it pale
    sigma = _AROUND_MM * _FINE / 4
    with_page, with_trace = (_blur_wide(trace * other, sigma) for other in (bounded, trace))
    usual = float(np.mean(with_trace))
    gain = (with_page + 0.1 * usual) / (with_trace + 0.1 * usual + np.float32(1e-6))
    return np.asarray(np.clip(gain, *_GAINS), dtype=np.float32)


def _blur_wide(levels: _Levels, sigma: float) -> _Levels:
    small = cv2.resize(levels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(small, (0, 0), sigma)
    return np.asarray(cv2.resize(wide, levels.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
