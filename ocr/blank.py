"""Tells blank pages: what scanners and paper leave on them is not ink.

What is no mark at all ``ocr.marks`` leaves out. What shines through from the other side makes marks, many
of them, all of one kind: soft, because paper scatters light, and pale. A mark of this side stands out by
strength and sharpness together; print that shines through gains strength only by being broader, and so
softer. In doubt a page is not blank: a faint signature, a note in pencil or a single initial counts, even
where nothing can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.marks import Marks, find_marks
from ocr.pieces import cut_marks
from ocr.raster_image import Pixels

_STROKE_MM = 2.4
"""A single mark this long is writing; a speck is not, nor are two that touch."""
_CROWD = 4
_CROWD_MM = 5.0
"""So many smaller marks within this distance are writing as well: small print."""
_CROWD_CONTRAST = 15.0
_CROWD_OVER_GRAIN = 4.0

_GRAINY = 4.0
_EVEN_OUT_MM = 0.15
"""Gray levels of grain from which a page without marks is looked at again, and the sigma that softens it."""

_FEW_MARKS = 15
"""Fewer are never taken for what shines through."""
_SHINE_THROUGH_MARKS = 60
"""What shines through is a page of print; fewer marks may be a note."""
_PRINT_MM = 1.8
"""Specks are shorter, letters that shine through are longer or run into each other."""
_SOFT_MM = 0.9
_SOFT_PIXELS = 6.0
"""No pen or pencil is softer: the usual piece of a page must be, and each piece where marks are fewer. A page
of faint pencil is all of one kind as well, and has 0.5 to 0.8 mm at 150 and 200 dpi, up to 5.3 pixels at 100.
What shines through more sharply than that remains a page."""
_STRONG_CONTRAST = 60.0
"""Ink this much darker than the paper never shines through."""
_PIECE_AREA = 1.0
"""Square millimetres of a piece that tells anything."""
_LEAST_OVER_GRAIN = 5.0
"""What shines through must be so much stronger than the grain, in which the edges of a thin pencil drown."""
_STANDS_OUT = 0.8
"""Logarithm of strength times sharpness, for the usual piece, from which one is of this side. In a trial on
generated sides nine in ten pages that shone through had under 0.8, and marks on them 1.0 and more."""


class InkKind(StrEnum):
    """What is on a page."""

    NONE = "none"
    """Nothing."""
    GHOST = "ghost"
    """Only faint blurred traces, as of the other side; blank if nothing can be read either."""
    INK = "ink"
    """Something printed or written."""


@dataclass(frozen=True, slots=True)
class InkMeasure:
    """How much ink is on a page."""

    kind: InkKind
    share: float
    """Of the page that is ink, 0..1; holes, edges and specks left out."""


def measure_ink(image: Pixels, *, dpi: float) -> InkMeasure:
    """Measure the ink on a page.

    Args:
        image: gray.
        dpi: its dots per inch, to tell sizes.
    """
    marks = find_marks(image, dpi=dpi)
    if not _is_writing(marks):
        if marks.grain < _GRAINY:
            return InkMeasure(InkKind.NONE, marks.share)
        # Thin faint lines drown in the grain, and come out of it once more of it is evened out.
        evened = cv2.GaussianBlur(image, (0, 0), _EVEN_OUT_MM * dpi / 25.4)
        found = find_marks(np.asarray(evened, dtype=np.uint8), dpi=dpi)
        return InkMeasure(InkKind.INK if _is_writing(found) else InkKind.NONE, marks.share)
    return InkMeasure(InkKind.GHOST if _shines_through(marks, image, dpi=dpi) else InkKind.INK, marks.share)


def _is_writing(marks: Marks) -> bool:
    """Say whether the marks are more than stray specks."""
    if (marks.length >= _STROKE_MM).any():
        return True
    clear = marks.strength >= max(_CROWD_CONTRAST, _CROWD_OVER_GRAIN * marks.grain)
    x, y = marks.x[clear], marks.y[clear]
    return any(
        np.count_nonzero(np.hypot(x - at_x, y - at_y) <= _CROWD_MM) >= _CROWD
        for at_x, at_y in zip(x, y, strict=True)
    )


def _shines_through(marks: Marks, image: Pixels, *, dpi: float) -> bool:
    """Say whether all the marks are of one kind, pale and soft."""
    if len(marks.length) < _FEW_MARKS:
        return False
    strokes = marks.length >= _STROKE_MM
    family = (marks.strength <= _STRONG_CONTRAST) & (marks.length >= _PRINT_MM)
    if not family.any() or not strokes.any() or (marks.strength[strokes] >= _STRONG_CONTRAST).any():
        return False  # most pages of print end here, and need no closer look
    pieces = cut_marks(marks, image, dpi=dpi)
    whole = pieces.area >= _PIECE_AREA
    strokes = whole & (pieces.length >= _STROKE_MM)
    of_print = whole & (pieces.length >= _PRINT_MM) & (pieces.strength <= _STRONG_CONTRAST)
    if not strokes.any() or not of_print.any():
        return False
    weight = np.where(of_print, pieces.area, 0.0)
    strength, breadth = _usual(pieces.strength, weight), _usual(pieces.breadth, weight)
    if strength < _LEAST_OVER_GRAIN * marks.grain:
        return False
    is_page = np.count_nonzero(family) >= _SHINE_THROUGH_MARKS
    sharpest = breadth if is_page else float(pieces.breadth[strokes].min())
    if sharpest < max(_SOFT_MM, _SOFT_PIXELS * 25.4 / dpi):
        return False
    out = np.log(pieces.strength[strokes] / strength) + np.log(breadth / pieces.breadth[strokes])
    return bool(out.max() < _STANDS_OUT)


def _usual(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the weighted median."""
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    return max(float(values[order][int(np.searchsorted(total, total[-1] / 2))]), 1e-6)
