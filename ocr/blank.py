"""Tells blank pages: what scanners and paper leave on them is not ink.

Left out of account are specks, punch holes, shadows along the edges, streaks over the whole page, and
what shines through from the other side. In doubt a page is not blank: a faint signature or a few
words by hand count, even where nothing can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_LOOK_DPI = 150.0
_MM = _LOOK_DPI / 25.4
"""Pixels of a millimetre on the image that is looked at."""

_LEAST_CONTRAST = 12.0
"""Gray levels below the paper from which anything is looked at."""
_NOISE_FACTOR = 5.0
_MEDIAN_TO_SIGMA = 1.4826
_PAPER_WINDOW = 25

_SPECK_MM = 1.0
_MARK_MM = 2.0
"""A single mark this long is writing; shorter ones only where there are several."""
_MANY_MARKS = 3
_BORDER_MM = 15.0
"""How far a shadow that touches the edge is taken for one."""
_HOLE_MM = (3.5, 10.0)
_HOLE_MARGIN_MM = 25.0
_HOLE_FULLNESS = (0.66, 0.9)
"""How much of its box a disc fills: 0.785."""
_STREAK_MM = 2.0
_STREAK_SHARE = 0.85

_SHINE_THROUGH_MARKS = 60
"""What shines through is a page of print, not one signature."""
_STRONG_CONTRAST = 70.0
"""Ink this much darker than the paper never shines through."""
_PENCIL_CONTRAST = 20.0
_STRONGER = 1.5
_CLEARER = 1.1
"""Ink of this side among what shines through, compared with the usual mark: by contrast alone, or by
contrast together with steep edges."""
_SHARP_EDGE = 0.4
"""Steepest gray step from pixel to pixel, as a share of a stroke's contrast: a pen's stroke has more,
what shone through paper less."""
_STROKE_MM2 = 1.0
"""Area of a short word in pencil."""
_SOFTEN = 0.6
_STEP_NOISE = 4.0
"""Times the usual step between pixels, which is noise, that the steepest of many is by chance."""

_LEFT, _TOP, _WIDTH, _HEIGHT, _AREA = range(5)


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
    small = _bring_to_size(image, dpi)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER_WINDOW, _PAPER_WINDOW), np.uint8))
    paper = cv2.blur(paper, (_PAPER_WINDOW, _PAPER_WINDOW))
    ink: Pixels = np.asarray(cv2.subtract(paper, small), dtype=np.uint8)
    usual = float(np.median(ink))
    noise = float(np.median(np.abs(ink.astype(np.float32) - usual))) * _MEDIAN_TO_SIGMA
    mask = (ink > max(_LEAST_CONTRAST, usual + _NOISE_FACTOR * noise)).astype(np.uint8)
    mask[_find_shadows(mask)] = 0
    labels, stats = _find_marks(mask)
    share = float(stats[:, _AREA].sum()) / mask.size
    if not _is_writing(stats):
        return InkMeasure(InkKind.NONE, share)
    shines_through = len(stats) >= _SHINE_THROUGH_MARKS and not _has_strokes(small, ink, labels)
    return InkMeasure(InkKind.GHOST if shines_through else InkKind.INK, share)


def _bring_to_size(image: Pixels, dpi: float) -> Pixels:
    factor = _LOOK_DPI / dpi
    if 0.9 < factor < 1.1:
        return image
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), dtype=np.uint8)


def _find_shadows(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return what hangs together with the edge of the page, near it."""
    height, width = mask.shape
    _, labels, _, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    edge = np.unique(np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1])))
    touching = np.zeros(int(labels.max()) + 1, np.bool_)
    touching[edge] = True
    touching[0] = False
    margin = round(_BORDER_MM * _MM)
    near = np.ones(mask.shape, np.bool_)
    if height > 2 * margin and width > 2 * margin:
        near[margin:-margin, margin:-margin] = False
    return np.asarray(touching[labels] & near, dtype=np.bool_)


def _find_marks(mask: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the components that may be ink (0 elsewhere), and their boxes and areas."""
    height, width = mask.shape
    _, labels, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    stats: NDArray[np.int32] = np.asarray(found, dtype=np.int32)
    longer = np.maximum(stats[:, _WIDTH], stats[:, _HEIGHT])
    keep = longer >= _SPECK_MM * _MM
    streak = _STREAK_MM * _MM
    keep &= ~((stats[:, _HEIGHT] > _STREAK_SHARE * height) & (stats[:, _WIDTH] < streak))
    keep &= ~((stats[:, _WIDTH] > _STREAK_SHARE * width) & (stats[:, _HEIGHT] < streak))
    keep[0] = False
    for number in np.flatnonzero(keep & _may_be_hole(stats, width, height)):
        left, top, wide, high = (int(value) for value in stats[number, :4])
        part = (labels[top : top + high, left : left + wide] == number).astype(np.uint8)
        outline, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        filled = sum(cv2.contourArea(line) for line in outline) / max((wide - 1) * (high - 1), 1)
        if _HOLE_FULLNESS[0] <= filled <= _HOLE_FULLNESS[1]:
            keep[number] = False
    numbers = np.where(keep, np.arange(len(stats)), 0)
    return np.asarray(numbers[labels], dtype=np.int32), np.asarray(stats[keep], dtype=np.int32)


def _may_be_hole(stats: NDArray[np.int32], width: int, height: int) -> NDArray[np.bool_]:
    """Return which components have the size and place of a punch hole."""
    shorter = np.minimum(stats[:, _WIDTH], stats[:, _HEIGHT])
    longer = np.maximum(stats[:, _WIDTH], stats[:, _HEIGHT])
    x, y = stats[:, _LEFT] + stats[:, _WIDTH] / 2, stats[:, _TOP] + stats[:, _HEIGHT] / 2
    from_edge = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    return np.asarray(
        (shorter >= _HOLE_MM[0] * _MM)
        & (longer <= _HOLE_MM[1] * _MM)
        & (longer <= 1.3 * shorter)
        & (from_edge <= _HOLE_MARGIN_MM * _MM)
    )


def _is_writing(stats: NDArray[np.int32]) -> bool:
    """Say whether the marks are more than stray specks."""
    longer = np.maximum(stats[:, _WIDTH], stats[:, _HEIGHT])
    return bool((longer >= _MARK_MM * _MM).any() or len(longer) >= _MANY_MARKS)


def _has_strokes(small: Pixels, ink: Pixels, labels: NDArray[np.int32]) -> bool:
    """Say whether among many marks some are of this side: dark, or with the steep edges of a stroke."""
    values = cv2.GaussianBlur(small.astype(np.float32), (0, 0), _SOFTEN)
    step = np.zeros(values.shape, np.float32)
    step[:, 1:] = np.abs(np.diff(values, axis=1))
    step[1:] = np.maximum(step[1:], np.abs(np.diff(values, axis=0)))
    step -= _STEP_NOISE * float(np.median(step))
    inside = np.flatnonzero(labels)
    inside = inside[np.argsort(labels.ravel()[inside], kind="stable")]
    starts = np.flatnonzero(np.diff(labels.ravel()[inside], prepend=0))
    soft_ink = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), _SOFTEN)
    peaks = np.maximum.reduceat(soft_ink.ravel()[inside], starts)
    edges = np.maximum.reduceat(step.ravel()[inside], starts)
    area = np.diff(np.append(starts, len(inside)))
    usual = float(np.median(peaks))
    strong = peaks >= max(_STRONG_CONTRAST, _STRONGER * usual)
    steep = (edges >= _SHARP_EDGE * peaks) & (peaks >= max(_PENCIL_CONTRAST, _CLEARER * usual))
    if usual >= _STRONG_CONTRAST:  # a page of plain print
        return True
    return bool(area[strong | steep].sum() >= _STROKE_MM2 * _MM**2)
