"""Cuts marks into pieces, so that a pen is told from print that shines through and that it touches."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.marks import SPECK_MM, Marks, Patches, find_skirts, skirt_window
from ocr.raster_image import Pixels

_EDGE_DPI = 300.0
_MEDIAN_TO_MEAN = 1.4427
"""Of the sum of two squares of noise."""
_SPECK_DARK = 2.0
"""How much darker than the usual pixel of marks a speck on them is, as a multiple."""
_SPECK_ALONE_MM = 3.0
_SPECK_COMPANY = 2
"""How near to each other dark dots are a row, and how many of them (itself too) are none."""
_PIECE_MM = 4.0
"""Side of the squares by which marks are cut: a few letters of print, half an initial."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Marks cut into pieces by a grid, so that a pen's stroke is told from print that it touches."""

    strength: NDArray[np.float64]
    """Gray levels below the paper, the darker parts counting more."""
    breadth: NDArray[np.float64]
    """How softly it fades, in millimetres: root of its energy over that of its gradient. A pen's line has
    about 0.4 at 200 dpi, print that shines through more."""
    area: NDArray[np.float64]
    """Square millimetres."""
    length: NDArray[np.float64]
    """Longer side of the box of the whole mark, in millimetres."""


def cut_marks(marks: Marks, image: Pixels, *, dpi: float) -> Pieces:
    """Cut marks into pieces and measure those; black specks on them are left out.

    Args:
        marks: of the page.
        image: that they were found on.
        dpi: its dots per inch.
    """
    patches = marks.patches
    rest = ~_find_specks(patches)
    at, mark = patches.at[rest], patches.mark[rest]
    level = patches.level[rest].astype(np.float64)
    edges = _find_edges(image, dpi, patches.shape).ravel()[at].astype(np.float64)
    width = patches.shape[1]
    side = max(1, round(_PIECE_MM * patches.mm))
    tile = (at // width // side) * (width // side + 1) + at % width // side
    tiles = int(tile.max(initial=0)) + 1
    keys, piece = np.unique(mark * tiles + tile, return_inverse=True)
    energy = np.bincount(piece, level**2, len(keys))
    steps = np.bincount(piece, edges, len(keys))
    return Pieces(
        strength=energy / np.maximum(np.bincount(piece, level, len(keys)), 1e-6),
        breadth=np.asarray(np.sqrt(energy / np.maximum(steps, 1e-6)), dtype=np.float64),
        area=np.bincount(piece, minlength=len(keys)) / patches.mm**2,
        length=marks.length[keys // tiles],
    )


def _find_specks(patches: Patches) -> NDArray[np.bool_]:
    """Return which pixels of marks belong to specks on them: much darker than marks are, small, alone."""
    found = np.zeros(len(patches.at), np.bool_)
    if not len(found):
        return found
    mm = patches.mm
    levels = np.zeros(patches.shape, np.float32)
    levels.ravel()[patches.at] = patches.level
    usual = float(np.median(patches.level))
    dark = levels > np.maximum(_SPECK_DARK * usual, find_skirts(levels, mm, casts=_SPECK_DARK * usual))
    _, labels, boxes, middles = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    small = np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]) <= SPECK_MM * mm
    small[0] = False
    places = middles[1:]
    for number in np.flatnonzero(small):
        # A pencil's line falls apart into dots as well, but into a row of them.
        near = np.abs(places - middles[number]).max(axis=1) <= _SPECK_ALONE_MM * mm
        small[number] = np.count_nonzero(near) <= _SPECK_COMPANY
    specks = np.asarray(small[labels], dtype=np.uint8)
    specks = np.asarray(cv2.dilate(specks, np.ones((skirt_window(mm), skirt_window(mm)), np.uint8)))
    return np.asarray(specks.ravel()[patches.at] > 0, dtype=np.bool_)


def _find_edges(image: Pixels, dpi: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the squared steepness of the page's gray, in levels for a millimetre, the grain's left out.

    It is measured at up to twice the resolution at which marks are looked for: what shines through paper
    is soft, what was written on it is as sharp as the scanner.
    """
    factor = min(1.0, _EDGE_DPI / dpi)
    if factor < 0.9:
        image = np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    else:
        factor = 1.0
    gray = cv2.GaussianBlur(image, (0, 0), 0.6).astype(np.float32)
    across, down = (
        cv2.Sobel(gray, cv2.CV_32F, 1, 0, scale=1 / 8),
        cv2.Sobel(gray, cv2.CV_32F, 0, 1, scale=1 / 8),
    )
    squares = np.asarray(across * across + down * down, dtype=np.float32)
    noise = float(np.median(squares[::3, ::3])) * _MEDIAN_TO_MEAN
    edges = np.maximum(squares - np.float32(noise), 0.0) * np.float32((dpi * factor / 25.4) ** 2)
    if edges.shape != shape:
        edges = cv2.resize(edges, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(edges, dtype=np.float32)
