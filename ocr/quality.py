"""Measures of a page's image and of how well it was read."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from backfile.domain.page import Word
from ocr.combine import mean_confidence
from ocr.letters import Letters
from ocr.raster_image import Pixels

_TILE = 320
_TILE_PLACES = (0.1, 0.35, 0.6, 0.85)
_MAX_STEP = 8.0
"""What Sobel's operator makes of a step of one gray level over one pixel."""

_RELIABLE_CONFIDENCE = 0.88
"""Mean probability by letters that they were read right, from which a page counts as read."""
_RELIABLE_COVER = 0.75
"""Share of the ink of letter size that must lie in words."""
_FEW_WORDS = 3

_PRINT_HEIGHT = (0.6, 2.5)
_EDGE_LETTERS = 0.1
_NEXT_LETTERS = 1.5
"""In heights of small letters: what is text, how near to the edge it is cut, how near the next letter is."""
_CUT_LINES = 3
"""Lines that run into one edge; a stray mark is none."""


def measure_sharpness(image: Pixels) -> float:
    """Return the relative strength of edges, 0..1: the steepest steps between pixels over the contrast.

    Args:
        image: gray.
    """
    height, width = image.shape
    steps, grays = [], []
    for row in _TILE_PLACES:
        for column in _TILE_PLACES:
            top, left = int(row * max(height - _TILE, 0)), int(column * max(width - _TILE, 0))
            tile = image[top : top + _TILE, left : left + _TILE]
            steps.append(np.abs(cv2.Sobel(tile, cv2.CV_16S, 1, 0, ksize=3))[::2].ravel())
            grays.append(tile[::4, ::4].ravel())
    low, high = np.percentile(np.concatenate(grays), (0.5, 99))
    if high - low < 8:
        return 0.0
    steepest = float(np.percentile(np.concatenate(steps), 99.7))
    return min(1.0, steepest / _MAX_STEP / float(high - low))


def is_cut_off(letters: Letters, *, skew: float) -> bool:
    """Say whether text runs into an edge of the scan.

    Args:
        letters: of the upright, straight page.
        skew: by which it was straightened, degrees counter-clockwise: the scan's edges lie askew on it.
    """
    small = letters.height * letters.factor
    if small <= 0:
        return False
    left, top, wide, high = letters.boxes.astype(np.float64).T
    of_print = (high >= _PRINT_HEIGHT[0] * small) & (high <= _PRINT_HEIGHT[1] * small)
    left, top, wide, high = (values[of_print] for values in (left, top, wide, high))
    height, width = letters.mask.shape
    angle = np.deg2rad(skew)
    y = top + high / 2 - height / 2
    ends = ((left - width / 2, -width / 2), (left + wide - width / 2, width / 2))
    for side, (x, edge) in enumerate(ends):
        on_scan = x * np.cos(angle) + y * np.sin(angle)
        at_edge = np.abs(on_scan - edge) <= max(2.0, _EDGE_LETTERS * small)
        ours = np.flatnonzero(at_edge)[:, None]  # few: asking all letters would take longer than all else
        inner = left[None] - (left + wide)[ours] if side == 0 else left[ours] - (left + wide)[None]
        same_row = np.abs(y[None] - y[ours]) <= small
        has_neighbour = ((inner >= -2) & (inner <= _NEXT_LETTERS * small) & same_row).any(axis=1)
        if np.count_nonzero(has_neighbour) >= _CUT_LINES:
            return True
    return False


def is_reliable(words: Sequence[Word], *, rotation: int | None, cover: float) -> bool:
    """Say whether what stands on a page was probably read, so that a search may count on it.

    Args:
        words: as read.
        rotation: None where it is not known which way up the page stands.
        cover: share of the ink of letter size that lies in words.
    """
    if rotation is None or mean_confidence(words) < _RELIABLE_CONFIDENCE:
        return False
    return cover >= _RELIABLE_COVER or len(words) < _FEW_WORDS
