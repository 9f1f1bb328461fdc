"""Finds what is darker than the paper on a page, and leaves out what scanners and punches leave there.

A mark is a connected patch of ink. Left out are specks, punch holes (dark discs, or rows of equal rims),
shadows that hang on the edge, and streaks over the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_LOOK_DPI = 150.0
"""Dots per inch to which finer pages are brought: a pencil's line is two pixels wide then."""

_PAPER_MM = 4.2
"""What is narrower than this is not paper."""
_SOFTEN_MM = 0.13
"""Sigma that evens grain out and keeps a pencil's line."""
_CONTRASTS = (5.5, 7.0)
"""Gray levels below the paper, after softening, from which anything is looked at."""
_NOISE_FACTORS = (3.0, 3.4)
"""A mark begins where it is darker by the first, and has a part darker by the second; times the grain's
deviation. With the size that is asked for, chance makes no mark of it."""
_MEDIAN_TO_SIGMA = 1.4826

SPECK_MM = 1.2
_CASTS_SKIRT = 60.0
_SKIRT_SHARE = 0.4
_SKIRT_MM, _LEAST_SKIRT = 0.4, 3
"""What is less than this share of something that dark, and as near to it as this (at least so many pixels),
is its blur: else a black speck seems to be as long as a pencil's tick, most of all at few dots per inch."""
_BORDER_MM = 15.0
"""How far a shadow that touches the edge is taken for one."""
_SHADOW_DEPTH_MM = 3.0
_STRAIGHT_MM = 0.7
"""What hangs on the edge and is deeper is a shadow only if it is a straight band of this deviation."""
_STREAK_MM = 2.0
_STREAK_PIECE_MM = 6.0
_STREAK_SLENDER = 6.0
_STREAK_ROW_MM = 1.0
_STREAK_SHARE = 0.5
_SPAN_SHARE = 0.9
"""A streak is thin and runs over the page in pieces that together have half its length, or in one."""

_HOLE_MM = (3.5, 11.0)
_HOLE_MARGIN_MM = 25.0
_HOLE_SHARE = 0.6
"""How dark the inside of a hole is, for its rim: an O has paper inside."""
_ROUND, _CONVEX = 0.75, 0.92
"""How much of the circle around it, and of its convex hull, a disc fills at least."""
_MAX_RIMS = 12
_TWIN_APART_MM = 60.0
_TWIN_LINE_MM = 2.0
_TWIN_SIZE_MM = 0.9
_TWIN_OVERLAP = 0.5
"""Two rims alike in a row along the edge, as far apart as punches are: no hand draws a thing twice so. The
overlap is that of their pixels, over those of both."""

_LEFT, _TOP, _WIDTH, _HEIGHT, _AREA = range(5)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patches:
    """The pixels of marks, on the page as it was looked at."""

    shape: tuple[int, ...]
    at: NDArray[np.intp]
    """Flat places of all pixels of marks."""
    mark: NDArray[np.intp]
    """The mark of each of them."""
    level: NDArray[np.float32]
    """Gray levels of each below the paper."""
    mm: float
    """Pixels for a millimetre."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Patches of ink on a page, one entry each."""

    x: _Floats
    """Middle of the box, in millimetres from the left."""
    y: _Floats
    length: _Floats
    """Longer side of the box, in millimetres."""
    area: _Floats
    """Square millimetres."""
    strength: _Floats
    """Gray levels below the paper, the darker parts counting more."""
    share: float
    """Of the page that they cover, 0..1."""
    grain: float
    """Deviation of the paper's gray after softening, in levels."""
    patches: Patches
    """Where they lie."""


def find_marks(image: Pixels, *, dpi: float) -> Marks:
    """Find the marks on a page.

    Args:
        image: gray.
        dpi: its dots per inch, to tell sizes.
    """
    small, mm = _bring_to_size(image, dpi)
    ink = _find_ink(small, mm)
    sample = ink[::3, ::3]
    usual = float(np.median(sample))
    grain = float(np.median(np.abs(sample - usual))) * _MEDIAN_TO_SIGMA
    ink = np.asarray(ink - usual, dtype=np.float32)
    least, clear = (
        max(level, factor * grain) for level, factor in zip(_CONTRASTS, _NOISE_FACTORS, strict=True)
    )
    mask = (ink > np.maximum(least, find_skirts(ink, mm, casts=_CASTS_SKIRT))).astype(np.uint8)
    _, found_labels, found_boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels, boxes = np.asarray(found_labels, dtype=np.int32), np.asarray(found_boxes, dtype=np.int32)
    keep = np.maximum(boxes[:, _WIDTH], boxes[:, _HEIGHT]) >= SPECK_MM * mm
    is_clear = np.zeros(len(boxes), np.bool_)
    is_clear[labels[ink > clear]] = True
    keep &= is_clear
    keep[0] = False
    keep &= ~_are_streaks(boxes, mask.shape, mm)
    keep &= ~_are_shadows(labels, boxes, mm)
    white = float(np.percentile(small[::4, ::4], 70))
    keep &= ~_are_holes(labels, boxes, keep, small, white, mm)
    return _measure(ink, labels, boxes, keep, grain, mm)


def _find_ink(small: Pixels, mm: float) -> NDArray[np.float32]:
    """Return by how many levels each pixel is darker than the paper around it, softened.

    Args:
        small: gray page.
        mm: its pixels for a millimetre.
    """
    window = 2 * round(_PAPER_MM * mm / 2) + 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    soft = 2 * (window // 6) + 1
    ink = np.subtract(cv2.blur(paper, (soft, soft)), small, dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), max(_SOFTEN_MM * mm, 0.6)), dtype=np.float32)


def skirt_window(mm: float) -> int:
    """Return the side of a window that reaches as far as the blur of something dark, in pixels."""
    return 2 * max(_LEAST_SKIRT, round(_SKIRT_MM * mm)) + 1


def find_skirts(ink: NDArray[np.float32], mm: float, *, casts: float) -> NDArray[np.float32]:
    """Return the level that ink beside something dark must have, to be more than its blurred edge.

    Args:
        ink: levels below the paper.
        mm: pixels for a millimetre.
        casts: what is as dark as this has such an edge.
    """
    darkest = cv2.dilate(ink, np.ones((skirt_window(mm), skirt_window(mm)), np.uint8))
    return np.where(darkest >= casts, np.float32(_SKIRT_SHARE) * darkest, np.float32(0.0))


def _bring_to_size(image: Pixels, dpi: float) -> tuple[Pixels, float]:
    """Return the page at the resolution that is looked at, and its pixels for a millimetre."""
    factor = _LOOK_DPI / dpi
    if factor > 0.9:
        return image, dpi / 25.4
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), _LOOK_DPI / 25.4


def _measure(
    ink: NDArray[np.float32],
    labels: NDArray[np.int32],
    boxes: NDArray[np.int32],
    keep: NDArray[np.bool_],
    grain: float,
    mm: float,
) -> Marks:
    numbers = np.flatnonzero(keep)
    mark_of = np.cumsum(keep) - 1
    inside = np.flatnonzero(labels)
    label = labels.ravel()[inside]
    inside, mark = inside[keep[label]], mark_of[label[keep[label]]]
    value = ink.ravel()[inside].astype(np.float64)
    energy = np.asarray(np.bincount(mark, value**2, len(numbers)), dtype=np.float64)
    return Marks(
        x=(boxes[numbers, _LEFT] + boxes[numbers, _WIDTH] / 2) / mm,
        y=(boxes[numbers, _TOP] + boxes[numbers, _HEIGHT] / 2) / mm,
        length=np.maximum(boxes[numbers, _WIDTH], boxes[numbers, _HEIGHT]) / mm,
        area=boxes[numbers, _AREA] / mm**2,
        strength=energy / np.maximum(np.bincount(mark, value, len(numbers)), 1e-6),
        share=float(boxes[numbers, _AREA].sum()) / labels.size,
        grain=grain,
        patches=Patches(ink.shape, inside, mark, ink.ravel()[inside], mm),
    )


def _are_streaks(boxes: NDArray[np.int32], shape: tuple[int, ...], mm: float) -> NDArray[np.bool_]:
    """Return which are thin lines from one edge to the other, in one piece or in several."""
    found = np.zeros(len(boxes), np.bool_)
    for start, extent, side in ((_LEFT, _WIDTH, shape[0]), (_TOP, _HEIGHT, shape[1])):
        long_extent = _HEIGHT if extent == _WIDTH else _WIDTH
        length = boxes[:, long_extent]
        pieces = (boxes[:, extent] <= _STREAK_MM * mm) & (length >= _STREAK_PIECE_MM * mm)
        pieces &= length >= _STREAK_SLENDER * boxes[:, extent]
        middle = boxes[:, start] + boxes[:, extent] / 2
        for number in np.flatnonzero(pieces):
            row = pieces & (np.abs(middle - middle[number]) <= _STREAK_ROW_MM * mm)
            if length[row].sum() >= _STREAK_SHARE * side:
                found |= row
    # Dirt that touches a streak makes it broader in one place.
    length = np.maximum(boxes[:, _WIDTH], boxes[:, _HEIGHT])
    breadth = boxes[:, _AREA] / np.maximum(length, 1)
    spans = (boxes[:, _HEIGHT] >= _SPAN_SHARE * shape[0]) | (boxes[:, _WIDTH] >= _SPAN_SHARE * shape[1])
    narrow = np.minimum(boxes[:, _WIDTH], boxes[:, _HEIGHT]) <= 1.5 * _STREAK_MM * mm
    found |= spans & narrow & (breadth <= _STREAK_MM * mm)
    return found


def _are_shadows(labels: NDArray[np.int32], boxes: NDArray[np.int32], mm: float) -> NDArray[np.bool_]:
    """Return which hang on the edge of the page as shadows do: flat, or straight bands near it."""
    height, width = labels.shape
    found = np.zeros(len(boxes), np.bool_)
    for number in np.unique(np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))):
        left, top, wide, high, _ = (int(value) for value in boxes[number])
        if number == 0:
            continue
        depth = min(wide, high)
        border = _BORDER_MM * mm
        along_side = high >= _SPAN_SHARE * height and (left + wide <= border or left >= width - border)
        along_end = wide >= _SPAN_SHARE * width and (top + high <= border or top >= height - border)
        if along_side or along_end:
            found[number] = True
            continue
        if depth <= _SHADOW_DEPTH_MM * mm:
            found[number] = True
            continue
        y, x = np.nonzero(labels[top : top + high, left : left + wide] == number)
        from_edge = np.minimum(
            np.minimum(x + left, width - 1 - x - left), np.minimum(y + top, height - 1 - y - top)
        )
        is_near = float(from_edge.max()) <= _BORDER_MM * mm
        found[number] = is_near and (_is_band(x, y, mm) or float(from_edge.mean()) < _SHADOW_DEPTH_MM * mm)
    return found


def _is_band(x: NDArray[np.int64], y: NDArray[np.int64], mm: float) -> bool:
    """Say whether pixels lie along a straight line."""
    values = np.linalg.eigvalsh(np.cov(np.stack((x, y)).astype(np.float64)))
    return bool(values[0] <= (_STRAIGHT_MM * mm) ** 2)


def _are_holes(
    labels: NDArray[np.int32],
    boxes: NDArray[np.int32],
    keep: NDArray[np.bool_],
    small: Pixels,
    white: float,
    mm: float,
) -> NDArray[np.bool_]:
    """Return which are punch holes: dark discs near the edge, or rims alike in a row along it."""
    height, width = labels.shape
    shorter = np.minimum(boxes[:, _WIDTH], boxes[:, _HEIGHT])
    longer = np.maximum(boxes[:, _WIDTH], boxes[:, _HEIGHT])
    x, y = boxes[:, _LEFT] + boxes[:, _WIDTH] / 2, boxes[:, _TOP] + boxes[:, _HEIGHT] / 2
    from_edge = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    near = keep & (from_edge <= _HOLE_MARGIN_MM * mm) & (longer <= _HOLE_MM[1] * mm)
    found = np.zeros(len(boxes), np.bool_)
    rims: list[tuple[int, NDArray[np.uint8]]] = []
    for number in map(int, np.flatnonzero(near & (longer >= _HOLE_MM[0] * mm))):
        left, top, wide, high = (int(value) for value in boxes[number, :4])
        part = (labels[top : top + high, left : left + wide] == number).astype(np.uint8)
        is_disc_sized = shorter[number] >= _HOLE_MM[0] * mm and longer[number] <= 1.3 * shorter[number]
        if is_disc_sized and _is_disc(part, small[top : top + high, left : left + wide], white):
            found[number] = True
        else:
            rims.append((number, part))
    for (one, part), (other, other_part) in combinations(rims[:_MAX_RIMS], 2):
        off = np.sort(np.abs([x[one] - x[other], y[one] - y[other]]))
        if off[0] > _TWIN_LINE_MM * mm or off[1] < _TWIN_APART_MM * mm:
            continue
        if np.abs(np.subtract(part.shape, other_part.shape)).max() <= _TWIN_SIZE_MM * mm:
            same_size = np.asarray(
                cv2.resize(other_part, part.shape[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8
            )
            if (part & same_size).sum() >= _TWIN_OVERLAP * (part | same_size).sum():
                found[[one, other]] = True
    return found


def _is_disc(part: NDArray[np.uint8], grays: Pixels, white: float) -> bool:
    """Say whether a patch is round and dark inside."""
    outline, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    high, wide = part.shape
    longest = max(outline, key=len)
    _, radius = cv2.minEnclosingCircle(longest)
    area = cv2.contourArea(longest)
    if area < _ROUND * np.pi * radius**2 or area < _CONVEX * cv2.contourArea(cv2.convexHull(longest)):
        return False
    middle = grays[high // 4 : high - high // 4, wide // 4 : wide - wide // 4]
    rim = white - float(np.median(grays[part > 0]))
    # A 0 or an 8 may have a stroke in its middle; a hole is dark all over.
    return white - float(np.percentile(middle, 85)) >= _HOLE_SHARE * rim
