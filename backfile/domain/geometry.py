"""Boxes on a page.

Every box in Backfile is relative to the page *after* it was turned upright and deskewed about its
centre with the canvas size kept: ``(x0, y0, x1, y1)`` in 0..1, origin at the top left. So a box
survives any resampling, and the same box fits the thumbnail and the 300 dpi image.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""(left, top, right, bottom), each 0..1 of the page's width or height."""

WHOLE_PAGE: Box = (0.0, 0.0, 1.0, 1.0)


def clamp_box(box: Box) -> Box:
    """Return the box cut to the page, corners in order."""
    x0, x1 = sorted((min(max(box[0], 0.0), 1.0), min(max(box[2], 0.0), 1.0)))
    y0, y1 = sorted((min(max(box[1], 0.0), 1.0), min(max(box[3], 0.0), 1.0)))
    return (x0, y0, x1, y1)


def union_boxes(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around all of them.

    Raises:
        ValueError: there is no box.
    """
    every = list(boxes)
    if not every:
        raise ValueError("union_boxes needs at least one box, got none")
    return (
        min(b[0] for b in every),
        min(b[1] for b in every),
        max(b[2] for b in every),
        max(b[3] for b in every),
    )


def turn_box(box: Box, degrees: int) -> Box:
    """Return where a box lies after the page was turned by clockwise ``degrees``, a multiple of 90."""
    x0, y0, x1, y1 = box
    match degrees % 360:
        case 90:
            return (1 - y1, x0, 1 - y0, x1)
        case 180:
            return (1 - x1, 1 - y1, 1 - x0, 1 - y0)
        case 270:
            return (y0, 1 - x1, y1, 1 - x0)
        case _:
            return box


def box_area(box: Box) -> float:
    """Return the area as a share of the page."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def intersect_boxes(a: Box, b: Box) -> Box | None:
    """Return the common part, or None where they do not overlap."""
    x0, y0 = max(a[0], b[0]), max(a[1], b[1])
    x1, y1 = min(a[2], b[2]), min(a[3], b[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def box_overlap(a: Box, b: Box) -> float:
    """Return intersection over union, 0..1."""
    common = intersect_boxes(a, b)
    if common is None:
        return 0.0
    shared = box_area(common)
    return shared / (box_area(a) + box_area(b) - shared)


def box_center(box: Box) -> tuple[float, float]:
    """Return the middle point."""
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
