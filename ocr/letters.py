"""Finds what has the size of letters on a page: the base of skew, letter height and blankness."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_SIDE = 1650
"""Longer side to which a page is brought for looking at it, in pixels: a letter sheet at 150 dpi."""
_WHOLE_FACTOR_SIDES = (1400, 1760)
"""Sides that do as well where a whole factor leads to them, which is five times faster."""
_SMOOTH = 0.7
_MIN_INK = 25
"""Gray levels by which ink is darker than the paper around it."""
_PAPER_WINDOW = 31

_MIN_HEIGHT = 0.004
"""Height of the smallest letter, in longer sides: 3 points on a letter sheet."""
_MAX_HEIGHT = 0.06
"""Height and (twice) width of what is taken for letters, in shorter sides; touching letters are wide."""
_MAX_WIDTH = 0.12
_SHAPE = (0.25, 1.6)
"""Width of a single letter, in heights."""
_FULLNESS = 0.15
"""How much of its box a letter's ink fills at least."""
_MIN_LETTER_PIXELS = 4

_RULE_LENGTH = 0.015
"""Of what may be a short rule, in longer sides: 12 points."""
_RULE_BREADTH = 0.0009
"""Deviation across a rule, in longer sides; letters that touch have twice as much, however small."""
_RULE_SLENDER = 8.0
"""Deviation along it for one across."""

_PLAIN_LETTERS = 150
_PLAIN_CONTRAST = 80.0
"""So many letters so much darker than the paper neither shine through from the other side nor are specks."""
_MOST_TILT = 3.0
"""Degrees up to which components are turned with the page; more changes the boxes around them."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Components of letter size on a page."""

    mask: NDArray[np.bool_]
    """Their ink, on the shrunk or stretched page."""
    factor: float
    """Pixels of the mask for one of the page."""
    height: float
    """Usual height of a small letter, in pixels of the page; 0 where there are none to tell."""
    count: int
    boxes: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 4), np.int32))
    """Left, top, width and height of each component on the mask, (n, 4)."""
    ink: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    """All that is dark, of whatever size, on the same frame as the mask."""
    contrast: float = 0.0
    """Gray levels by which their ink is usually darker than the paper around it."""

    @property
    def is_plain_print(self) -> bool:
        """Whether so many are so dark that nothing is to be asked whether the page is blank."""
        return self.count >= _PLAIN_LETTERS and self.contrast >= _PLAIN_CONTRAST


def turn_letters(letters: Letters, clockwise: int) -> Letters:
    """Return the letters of the page turned by 0, 90, 180 or 270 degrees clockwise."""
    mask, boxes = letters.mask, letters.boxes
    for _ in range(clockwise // 90 % 4):
        left, top, width, height = boxes.T
        boxes = np.stack((mask.shape[0] - top - height, left, height, width), axis=1)
        mask = np.rot90(mask, k=-1)
    ink = np.ascontiguousarray(np.rot90(letters.ink, k=-(clockwise // 90)))
    return replace(letters, mask=np.ascontiguousarray(mask), boxes=boxes, ink=ink)


def tilt_letters(letters: Letters, degrees: float) -> Letters | None:
    """Return the letters of the page turned by a few degrees counter-clockwise; None where it is too many."""
    if abs(degrees) > _MOST_TILT:
        return None
    height, width = letters.mask.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)

    def tilt(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        turned = cv2.warpAffine(mask.view(np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST)
        return np.asarray(turned).view(np.bool_)

    sizes = letters.boxes[:, 2:]
    middles = letters.boxes[:, :2] + (sizes - 1) / 2
    moved = middles @ matrix[:, :2].T + matrix[:, 2] - (sizes - 1) / 2
    inside = np.clip(np.rint(moved), 0, np.maximum((width, height) - sizes, 0)).astype(np.int32)
    boxes = np.concatenate((inside, sizes), axis=1)
    ink = tilt(letters.ink) if letters.ink.size else letters.ink
    return replace(letters, mask=tilt(letters.mask), boxes=boxes, ink=ink)


def find_letters(image: Pixels) -> Letters:
    """Look for components of letter size.

    Args:
        image: gray.
    """
    small, factor = _bring_to_size(image)
    paper = cv2.blur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (_PAPER_WINDOW, _PAPER_WINDOW))
    ink = np.asarray(cv2.subtract(paper, small), dtype=np.uint8)
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    mask = (ink > max(level, _MIN_INK)).astype(np.uint8)
    _, found_labels, found_stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels, stats = np.asarray(found_labels, dtype=np.int32), np.asarray(found_stats, dtype=np.int32)
    shorter, longer = sorted(mask.shape)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    is_letter = (
        (height >= _MIN_HEIGHT * longer)
        & (height <= _MAX_HEIGHT * shorter)
        & (width >= 2)
        & (width <= _MAX_WIDTH * shorter)
    )
    is_letter[0] = False
    is_letter &= ~_are_rules(labels, stats, longer)
    area = stats[:, cv2.CC_STAT_AREA]
    single = (height >= _MIN_LETTER_PIXELS) & (height <= _MAX_HEIGHT * shorter)
    single &= (width >= _SHAPE[0] * height) & (width <= _SHAPE[1] * height)
    single &= area >= _FULLNESS * width * height
    single[0] = False
    heights = height[single]
    letters = np.take(is_letter, labels)
    return Letters(
        mask=letters,
        factor=factor,
        height=_usual_height(heights.astype(np.float64)) / factor,
        count=len(heights),
        boxes=stats[is_letter, :4],
        ink=mask.view(np.bool_),
        contrast=_usual_level(ink, letters),
    )


def _usual_level(ink: Pixels, where: NDArray[np.bool_]) -> float:
    """Return the median of the levels in a part of an image."""
    counts = cv2.calcHist([ink], [0], where.view(np.uint8), [256], [0, 256]).ravel().cumsum()
    return float(np.searchsorted(counts, counts[-1] / 2)) if counts[-1] else 0.0


def _are_rules(labels: NDArray[np.int32], stats: NDArray[np.int32], side: int) -> NDArray[np.bool_]:
    """Return which components are short rules, at whatever angle: a box would show only those that lie flat.

    Args:
        labels: of components.
        stats: as OpenCV gives them.
        side: longer side of the page, in pixels.
    """
    found = np.zeros(len(stats), np.bool_)
    length = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    thin = stats[:, cv2.CC_STAT_AREA] <= 4 * _RULE_BREADTH * side * length
    thin &= (length >= _RULE_LENGTH * side) & (length < side)
    thin[0] = False
    for number in np.flatnonzero(thin):
        left, top, width, height = (int(value) for value in stats[number, :4])
        part = (labels[top : top + height, left : left + width] == number).astype(np.uint8)
        moments = cv2.moments(part, binaryImage=True)
        area = moments["m00"]
        xx, yy, xy = moments["mu20"] / area, moments["mu02"] / area, moments["mu11"] / area
        middle, spread = (xx + yy) / 2, float(np.hypot((xx - yy) / 2, xy))
        across, along = max(middle - spread, 1e-6) ** 0.5, (middle + spread) ** 0.5
        found[number] = across <= _RULE_BREADTH * side and along >= _RULE_SLENDER * across
    return found


def _bring_to_size(image: Pixels) -> tuple[Pixels, float]:
    """Return the page at a size at which letters are looked at, and that size for one of the page's."""
    longer = max(image.shape)
    if longer < _SIDE:
        factor = _SIDE / longer
        small = cv2.GaussianBlur(image, (0, 0), _SMOOTH)
        small = cv2.resize(small, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
        return np.asarray(small, dtype=np.uint8), factor
    whole = round(longer / _SIDE)
    least, most = _WHOLE_FACTOR_SIDES
    factor = 1.0 / whole if least <= longer / whole <= most else _SIDE / longer
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), _SMOOTH), dtype=np.uint8), factor


def _usual_height(heights: NDArray[np.float64]) -> float:
    """Return the height that most have; a page of print has more small letters than tall ones."""
    if len(heights) < 20:
        return 0.0
    counts = np.bincount(np.rint(heights).astype(np.int64)).astype(np.float64)
    smooth = np.convolve(counts, (0.5, 1.0, 0.5), mode="same")
    peak = int(smooth.argmax())
    near = heights[np.abs(heights - peak) <= 1.5]
    return float(near.mean()) if len(near) else float(peak)
