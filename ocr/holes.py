"""Finds punch holes: dark discs near the edge, or rims alike in a row along it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_HOLE_MM = (3.5, 11.0)
_HOLE_MARGIN_MM = 25.0
_HOLE_SHARE = 0.6
"""How dark each part of a hole is, for its usual one."""
_ROUND = 0.75
"""How much of the circle around it a disc fills at least."""
_DISC_MM = 4.5
_JOINED_MM = 25.0
_DISC_SCALE = 3.0
_DISC_PAPER_MM = 14.0
_DISC_LEVEL = 18
_DISC_RIM_MM = 0.8
"""Least width; width with what touches it; pixels for a millimetre at which discs are looked for; what is
narrower than this is no paper there; gray levels below the paper; and how far beyond it the blur and the
shadow of a hole reach."""
_MAX_RIMS = 12
_TWIN_APART_MM = 60.0
_TWIN_LINE_MM = 2.0
_TWIN_SIZE_MM = 0.9
_TWIN_OVERLAP = 0.5
"""Two rims alike in a row along the edge, as far apart as punches are: no hand draws a thing twice so. The
overlap is that of their pixels, over those of both."""

_LEFT, _TOP, _WIDTH, _HEIGHT = range(4)


@dataclass(frozen=True, slots=True)
class Disc:
    """A dark disc, in pixels."""

    x: float
    y: float
    radius: float


def are_holes(
    labels: NDArray[np.int32],
    boxes: NDArray[np.int32],
    keep: NDArray[np.bool_],
    small: Pixels,
    mm: float,
) -> NDArray[np.bool_]:
    """Return which are punch holes: dark discs near the edge, or rims alike in a row along it."""
    height, width = labels.shape
    longer = np.maximum(boxes[:, _WIDTH], boxes[:, _HEIGHT])
    x, y = boxes[:, _LEFT] + boxes[:, _WIDTH] / 2, boxes[:, _TOP] + boxes[:, _HEIGHT] / 2
    from_edge = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    near = keep & (from_edge <= _HOLE_MARGIN_MM * mm) & (longer <= _HOLE_MM[1] * mm)
    found = np.zeros(len(boxes), np.bool_)
    rims: list[tuple[int, NDArray[np.uint8]]] = []
    for disc in find_discs(small, mm):
        reach = disc.radius + _DISC_RIM_MM * mm
        inside = np.abs(x - disc.x) + boxes[:, _WIDTH] / 2 <= reach
        inside &= np.abs(y - disc.y) + boxes[:, _HEIGHT] / 2 <= reach
        found |= keep & inside
    near &= ~found
    for number in map(int, np.flatnonzero(near & (longer >= _HOLE_MM[0] * mm))):
        left, top, wide, high = (int(value) for value in boxes[number, :4])
        rims.append((number, (labels[top : top + high, left : left + wide] == number).astype(np.uint8)))
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


def find_discs(small: Pixels, mm: float, *, border_mm: float = 0.0) -> list[Disc]:
    """Return dark discs near the edge that may be punch holes.

    Args:
        small: gray page.
        mm: its pixels for a millimetre.
        border_mm: how far a scanner's border reaches into the scan.
    """
    factor = _DISC_SCALE / mm
    coarse = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(coarse, (0, 0), 0.7)
    window = 2 * round(_DISC_PAPER_MM * _DISC_SCALE / 2) + 1
    paper = cv2.blur(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8)), (9, 9))
    thick = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))  # lines and letters are thinner
    dark = np.asarray(cv2.morphologyEx(cv2.subtract(paper, soft), cv2.MORPH_OPEN, thick), dtype=np.uint8)
    found = []
    count, labels, boxes, middles = cv2.connectedComponentsWithStats((dark > _DISC_LEVEL).astype(np.uint8))
    for number in range(1, count):
        left, top, wide, high = (int(value) for value in boxes[number, :4])
        if min(wide, high) < _DISC_MM * _DISC_SCALE or max(wide, high) > _JOINED_MM * _DISC_SCALE:
            continue
        x, y = (float(value) for value in middles[number])
        edge = min(x, y, coarse.shape[1] - x, coarse.shape[0] - y)
        if edge > (_HOLE_MARGIN_MM + border_mm) * _DISC_SCALE:
            continue
        window_of = slice(top, top + high), slice(left, left + wide)
        levels = np.where(labels[window_of] == number, dark[window_of], np.uint8(0)).astype(np.uint8)
        disc = _find_disc(levels)
        if disc is not None:
            found.append(Disc((left + disc.x) / factor, (top + disc.y) / factor, disc.radius / factor))
    return found


def _find_disc(levels: NDArray[np.uint8]) -> Disc | None:
    """Return the disc in a patch, if it has one that is dark all over; a ring or a letter may touch it."""
    usual = float(np.percentile(levels[levels > 0], 60))
    part = np.pad((levels > _HOLE_SHARE * usual).astype(np.uint8), 1)
    part = np.asarray(cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), dtype=np.uint8)
    outline, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outline:
        return None
    longest = max(outline, key=cv2.contourArea)
    left, top, wide, high = cv2.boundingRect(longest)
    if not _DISC_MM * _DISC_SCALE <= min(wide, high) <= max(wide, high) <= _HOLE_MM[1] * _DISC_SCALE:
        return None
    middle = part[top + high // 4 : top + high - high // 4, left + wide // 4 : left + wide - wide // 4]
    (x, y), radius = cv2.minEnclosingCircle(longest)
    filled = float(part[top : top + high, left : left + wide].sum())
    if not middle.all() or filled < _ROUND * np.pi * (radius + 0.5) ** 2:
        return None  # an O has paper inside, a B and an 8 have some
    return Disc(x - 0.5, y - 0.5, radius + 0.5)
