"""Lays a page on the one whose other side it may be: mirrored, moved, turned and stretched a little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

COARSE = 2.0
FINE = 4.0
"""Pixels for a millimetre at which pages are laid on each other, and at which traces are compared."""
_SAME_SIZE = 0.06
_FARTHEST_MM = 12.0
_LEAST_LIKENESS = 0.1
_PROVEN_LIKENESS, _AS_LIKE = 0.25, 0.95
"""Correlation from which it is worth to lay two pages on each other precisely, from which one is taken for
the mirror image of the other, and the part of it that a sharper place must keep on the whole page."""
_ANGLES = (-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8)
_MOST_STRETCH = 0.015
"""Degrees at which the other page is laid on this one first, and by how much of its size it is stretched or
bent askew at most: two scans of a leaf differ by less than a hundredth."""
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 5e-4)

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Laid:
    """Another page, laid on this one."""

    likeness: float
    place: Levels
    """Where it lies, at the coarse scale."""
    quarter: int
    """By how many quarter turns it was turned."""
    other: Levels
    """Mirrored, at the fine scale."""
    is_soft: bool
    """It is like all that is on the page, and not only its marks."""


def lay_leaf(levels: Levels, mm: float, *, marked: Levels, whole: Levels) -> Laid | None:
    """Return where another page lies, if it is like the mirror image of this one.

    All that is on a page finds its place less sharply than its marks do, but more surely.

    Args:
        levels: of the other page's ink.
        mm: its pixels for a millimetre.
        marked: this page's marks alone, at the coarse scale.
        whole: all of its ink, those too paled to be marks as well.
    """
    soft = _lay_on(whole, levels, mm, is_soft=True)
    best = _choose(soft, _lay_on(marked, levels, mm, is_soft=False, near=soft), whole)
    return best if best is not None and best.likeness >= _PROVEN_LIKENESS else None


def _choose(soft: Laid | None, marked: Laid | None, page: Levels) -> Laid | None:
    """Return the place that marks found, unless all that is on the page says that it is wrong."""
    if soft is None or marked is None:
        return soft or marked
    likeness = max(soft.likeness, marked.likeness)
    is_right = _compare(page, marked) >= _AS_LIKE * _compare(page, soft)
    return replace(marked if is_right else soft, likeness=likeness)


def _compare(page: Levels, laid: Laid) -> float:
    """Return the correlation of a page at the coarse scale with another one where it was laid."""
    other = _soften(scale_levels(laid.other, COARSE / FINE))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = np.asarray(cv2.warpAffine(other, laid.place, page.shape[::-1], flags=flags))
    return float(np.corrcoef(page.ravel(), there.ravel())[0, 1]) if there.any() and page.any() else 0.0


def scale_levels(levels: Levels, factor: float) -> Levels:
    """Return levels at another scale, averaged."""
    size = tuple(max(1, round(side * factor)) for side in levels.shape[::-1])
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _lay_on(
    page: Levels, levels: Levels, mm: float, *, is_soft: bool, near: Laid | None = None
) -> Laid | None:
    """Return where the mirrored other page is most like this one, also ``near`` a place."""
    best: Laid | None = None
    mirrored = np.ascontiguousarray(scale_levels(levels, FINE / mm)[:, ::-1])
    coarse = _soften(scale_levels(mirrored, COARSE / FINE))
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
                best = Laid(likeness, place, quarter, fine, is_soft)
    return best


def _soften(levels: Levels) -> Levels:
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), 0.4 * COARSE), dtype=np.float32)


def _find_start(page: Levels, other: Levels) -> tuple[float, Levels]:
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
    place: Levels = np.asarray(back, np.float32)
    place[:, 2] -= place[:, :2] @ np.array((right, down), np.float32)
    return likeness, place


def _lay_precisely(page: Levels, other: Levels, start: Levels) -> Iterator[tuple[float, Levels]]:
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


def _improve(page: Levels, other: Levels, start: Levels, motion: int) -> tuple[float, Levels] | None:
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


def _find_shift(page: Levels, other: Levels) -> tuple[tuple[float, float], float]:
    """Return how far right and down of the other's place the page has the same, and their correlation."""
    rows, columns = (cv2.getOptimalDFTSize(max(a, b)) for a, b in zip(page.shape, other.shape, strict=True))
    spectra = []
    for image in (page, other):
        padded: Levels = np.zeros((rows, columns), np.float32)
        padded[: image.shape[0], : image.shape[1]] = image - image.mean()
        spectra.append(cv2.dft(padded))
    product = cv2.mulSpectrums(spectra[0], spectra[1], 0, conjB=True)
    found = np.asarray(cv2.idft(product, flags=cv2.DFT_SCALE))
    far = round(_FARTHEST_MM * COARSE)
    near = np.roll(found, (far, far), axis=(0, 1))[: 2 * far + 1, : 2 * far + 1]
    y, x = np.unravel_index(int(near.argmax()), near.shape)
    energy = float(page.std()) * float(other.std()) * (page.size * other.size) ** 0.5
    return (float(x) - far, float(y) - far), float(near[y, x]) / max(energy, 1e-6)
