"""Finds what is darker than the paper on a page, and leaves out what scanners and punches leave there.

A mark is a connected patch of ink. Left out are specks, punch holes (dark discs, or rows of equal rims),
shadows that hang on the edge, and streaks over the whole page.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.holes import are_holes
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
_BLOCK, _RING_SHARE, _CASTS_RINGS, _RANGE = 8.0, 0.2, 40.0, 6.0
"""Pixels of a JPEG's block, in which something dark makes waves of up to this share of its darkness."""
_BORDER_MM = 15.0
"""How far a shadow that touches the edge is taken for one."""
_SHADOW_DEPTH_MM = 3.0
_STRAIGHT_MM = 0.7
"""What hangs on the edge and is deeper is a shadow only if it is a straight band of this deviation."""
_STREAK_MM, _CORE_MM = 1.3, 0.9
_STREAK_PIECE_MM = 6.0
_STREAK_SLENDER = 6.0
_STREAK_ROW_MM = 1.0
_STREAK_SHARE = 0.5
_SPAN_SHARE = 0.9
_WHOLE_SHARE, _FRINGE_SHARE = 0.85, 0.3
"""A streak is thin and runs over the page in pieces that together have half its length, or in one."""
_STREAK_BESIDE_MM, _STREAK_OUT, _FAINT_STREAK, _STREAK_OVER_GRAIN = 0.5, 2.0, 2.0, 0.8
"""So far beside it, it has less than half of its ink; and it must be so dark."""
_MOST_STREAKS = 4

_MEDIAN_SHRINK, _MEDIAN_WINDOW = 4, 9
"""Paper as the median over so many pixels of the page made so much smaller."""

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


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it is looked at for marks."""

    small: Pixels
    """Gray."""
    ink: NDArray[np.float32]
    """By how many levels each pixel is darker than the paper, softened."""
    grain: float
    """Deviation of the paper's gray after softening, in levels."""
    mm: float
    """Pixels for a millimetre."""
    block: float
    """Pixels of the side of a block of JPEG, if the page was one."""


def look_at_page(image: Pixels, *, dpi: float) -> Look:
    """Bring a page to the resolution at which marks are looked for, and tell its ink from its paper.

    Args:
        image: gray.
        dpi: its dots per inch, to tell sizes.
    """
    small, mm = _bring_to_size(image, dpi)
    ink = _find_ink(small, mm)
    sample = ink[::3, ::3]
    usual = float(np.median(sample))
    grain = float(np.median(np.abs(sample - usual))) * _MEDIAN_TO_SIGMA
    block = _BLOCK * mm * 25.4 / dpi
    return Look(small, np.asarray(ink - usual, dtype=np.float32), grain, mm, block)


def find_marks(look: Look, *, explained: NDArray[np.float32] | None = None) -> Marks:
    """Find the marks on a page.

    Args:
        look: at the page.
        explained: levels of each pixel that are no mark.
    """
    small, mm, grain = look.small, look.mm, look.grain
    ink = look.ink if explained is None else np.asarray(look.ink - explained, dtype=np.float32)
    least, clear = (
        max(level, factor * grain) for level, factor in zip(_CONTRASTS, _NOISE_FACTORS, strict=True)
    )
    mask = (ink > np.maximum(least, find_skirts(ink, mm, casts=_CASTS_SKIRT))).astype(np.uint8)
    _cut_streaks(mask, ink, mm, grain)
    labels, boxes = _label(mask)
    is_ring = (mask > 0) & (ink <= _find_rings(small, mm, look.block, grain))
    if is_ring.any():  # a shadow is one before its inner edge is taken for waves
        mask[is_ring | _are_shadows(labels, boxes, mm)[labels]] = 0
        labels, boxes = _label(mask)
    keep = np.maximum(boxes[:, _WIDTH], boxes[:, _HEIGHT]) >= SPECK_MM * mm
    is_clear = np.zeros(len(boxes), np.bool_)
    is_clear[labels[ink > clear]] = True
    keep &= is_clear
    keep[0] = False
    keep &= ~_are_streaks(boxes, mask.shape, mm)
    keep &= ~_are_shadows(labels, boxes, mm)
    keep &= ~are_holes(labels, boxes, keep, _take_away(small, explained), mm)
    return _measure(ink, labels, boxes, keep, grain, mm)


def _label(mask: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the patches of a mask by number, and their boxes and areas."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.asarray(labels, dtype=np.int32), np.asarray(boxes, dtype=np.int32)


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


def _take_away(small: Pixels, explained: NDArray[np.float32] | None) -> Pixels:
    """Return the page without what is no mark, which may touch a hole and hide that it is round."""
    if explained is None:
        return small
    return np.asarray(cv2.add(small, np.clip(explained, 0, 255).astype(np.uint8)), dtype=np.uint8)


def level_usual(look: Look) -> NDArray[np.float32]:
    """Return the levels that ink loses where paper is the median around it, and not the brightest near it.

    Grain and the blocks of JPEG raise the brightest; strokes are as dark for one as for the other.
    """
    fine = cv2.GaussianBlur(look.small, (0, 0), max(_SOFTEN_MM * look.mm, 0.6)).astype(np.float32)
    side = tuple(max(1, round(side / _MEDIAN_SHRINK)) for side in look.small.shape[::-1])
    coarse = cv2.resize(look.small, side, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.medianBlur(coarse, _MEDIAN_WINDOW), (3, 3)).astype(np.float32)
    around = cv2.resize(paper, look.small.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.maximum(look.ink - (around - fine), np.float32(0.0))


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


def _find_rings(small: Pixels, mm: float, block: float, grain: float) -> NDArray[np.float32]:
    """Return the level that ink beside something dark must have, to be more than the waves JPEG makes there.

    Holes count as well, in which ink is none: they are broader than what is taken for paper.
    """
    window = np.ones((2 * round(block) + 1,) * 2, np.uint8)
    soft = cv2.GaussianBlur(small, (0, 0), max(_SOFTEN_MM * mm, 0.6))
    contrast = cv2.subtract(cv2.dilate(soft, window), cv2.erode(soft, window)).astype(np.float32)
    contrast -= np.float32(_RANGE * grain)
    return np.where(contrast >= _CASTS_RINGS, np.float32(_RING_SHARE) * contrast, np.float32(0.0))


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


def _cut_streaks(mask: NDArray[np.uint8], ink: NDArray[np.float32], mm: float, grain: float) -> None:
    """Take narrow lines from edge to edge out of a mask, or they would join what touches them."""
    for axis, part, levels in ((0, mask, ink), (1, mask.T, ink.T)):
        shares = mask.mean(axis=axis)
        starts, ends = _find_runs(_find_streaks(levels, mm, grain) >= _WHOLE_SHARE)
        if len(starts) > _MOST_STREAKS:
            continue  # ruled, or lines of the smallest print from edge to edge
        for start, end in zip(starts, ends, strict=True):
            margin = min(int(start), len(shares) - int(end))  # what hangs on the edge is a shadow
            if end - start <= _CORE_MM * mm + 2 and margin > _SHADOW_DEPTH_MM * mm:
                while start > 0 and shares[start - 1] >= _FRINGE_SHARE:
                    start -= 1
                while end < len(shares) and shares[end] >= _FRINGE_SHARE:
                    end += 1
                part[:, max(start - 1, 0) : end + 1] = 0


def _find_streaks(ink: NDArray[np.float32], mm: float, grain: float) -> NDArray[np.float64]:
    """Return along how much of each column, taken in long pieces, it stands out of what is close beside it.

    Lines of small letters are broader, and pale ones as wide as the page are no streaks.
    """
    long = cv2.blur(np.ascontiguousarray(ink), (1, 2 * round(_STREAK_PIECE_MM * mm / 2) + 1))
    beside = max(2, round(_STREAK_BESIDE_MM * mm))
    padded = cv2.copyMakeBorder(long, 0, 0, beside, beside, cv2.BORDER_REPLICATE)
    around = np.maximum(padded[:, : long.shape[1]], padded[:, 2 * beside :])
    excess = long - _STREAK_OUT * np.maximum(around, 0)
    near = cv2.dilate(excess, np.ones((1, 3), np.uint8))  # it may lie a little askew
    return np.asarray((near > max(_FAINT_STREAK, _STREAK_OVER_GRAIN * grain)).mean(axis=0), np.float64)


def _find_runs(where: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where runs of True begin, and where the next False stands."""
    change = np.diff(np.concatenate(([0], where.astype(np.int8), [0])))
    return np.flatnonzero(change == 1), np.flatnonzero(change == -1)


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
