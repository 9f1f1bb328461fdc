"""Whether anything is printed or written on a page.

Punch holes, dark edges, specks and what shines through from the back do not count; a faint signature or a
few handwritten words do. In doubt a page is not blank.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_WIDTH = 850
"""Pixels of the page on which it is judged: 100 dpi of letter paper."""
_MARGIN = 0.035
"""Share of each side that is left out: dark edges, torn corners."""
_HOLE_STRIP = 0.09
"""Share of each side in which round blobs are taken for punch holes."""
_CONTRAST = 18
"""Gray levels by which a stroke is darker than the paper around it; what shines through is fainter."""
_STROKE = 14
"""Pixels of a component's longer side from which it is a stroke, and not a speck."""
_MIN_STROKES = 1
_ROUND = 0.7


@dataclass(frozen=True, slots=True)
class InkMeasure:
    """How much stands on a page."""

    ink: float
    """Share of the page that is dark, 0..1, edges and punch holes left out."""
    strokes: int
    """Components that are too long for specks."""

    @property
    def is_blank(self) -> bool:
        """Nothing is printed or written on it."""
        return self.strokes < _MIN_STROKES


def measure_ink(image: Pixels) -> InkMeasure:
    """Measure what stands on a gray page."""
    scale = _WIDTH / max(image.shape[1], 1)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    small = cv2.medianBlur(small, 3)
    height, width = small.shape
    paper = cv2.blur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (41, 41))
    mask: NDArray[np.uint8] = np.asarray(cv2.subtract(paper, small) > _CONTRAST, dtype=np.uint8)
    top, left = int(height * _MARGIN), int(width * _MARGIN)
    mask[:top] = mask[height - top :] = 0
    mask[:, :left] = mask[:, width - left :] = 0
    joined = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    strokes = 0
    for index in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[index])
        if max(w, h) >= _STROKE and not _is_hole(x, y, w, h, area, width, height):
            strokes += 1
    return InkMeasure(float(mask.mean()), strokes)


def _is_hole(x: int, y: int, w: int, h: int, area: int, width: int, height: int) -> bool:
    """Say whether a component looks like a punch hole or its rim: round, near an edge."""
    is_round = min(w, h) >= _ROUND * max(w, h) and max(w, h) < width * 0.06
    near_side = min(x, width - x - w) < width * _HOLE_STRIP or min(y, height - y - h) < height * _HOLE_STRIP
    return is_round and near_side and area >= 0.3 * w * h
