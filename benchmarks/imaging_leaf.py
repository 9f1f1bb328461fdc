"""Prints a leaf: the front as it is scanned, and what of it shines through on the back.

The back is the front's mirror image, never quite in its place: sheets slip and lie askew between two
cameras, paper bends, and lets more light through here than there. A scanner that sets pages upright may
have turned one of the two.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.imaging_hand import add_strokes, draw_writer, sign
from benchmarks.imaging_held_out import scatter
from ocr.raster_image import Pixels
from samples import damage

_ASKEW_DEGREES = 0.35
_STRETCH = 0.004
_SLIP_MM = 3.0
_BEND_MM = 0.2
_MOTTLED = 0.12
"""Deviation by which paper lets more light through at one place than at another, within millimetres."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A printed front, and its traces on the back."""

    front: Pixels
    """As scanned."""
    through: Pixels
    """Gray levels that it takes from the back."""


def print_leaf(
    page: Pixels,
    rng: random.Random,
    size: tuple[int, int],
    mm: float,
    *,
    strength: float,
    is_bilevel: bool,
    held_out: bool,
) -> Leaf:
    """Print a page on the front of a leaf.

    Args:
        page: what is printed.
        rng: draws all else.
        size: of the back's scan in pixels, (height, width).
        mm: its pixels of a millimetre.
        strength: gray levels by which the front shines through where it does most.
        is_bilevel: the scanner makes black and white.
        held_out: paper that scatters in another way than what constants were chosen on.
    """
    if (size[0] > size[1]) != (page.shape[0] > page.shape[1]):
        page = np.rot90(page)
    ink = np.asarray(cv2.bitwise_not(np.ascontiguousarray(page)), dtype=np.uint8)
    if rng.random() < 0.3:  # little is printed there
        ink = ink.copy()
        ink[int(ink.shape[0] * rng.uniform(0.05, 0.5)) :] = 0
    ink = np.asarray(cv2.resize(ink, size[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if rng.random() < 0.4:
        strokes = sign(draw_writer(rng), rng, height=rng.uniform(2, 4) * mm)
        at = (rng.uniform(0.1, 0.6) * size[1], rng.uniform(0.1, 0.9) * size[0])
        add_strokes(ink, strokes, at, thickness=rng.uniform(0.4, 0.8) * mm)
    through = np.ascontiguousarray(ink[:, ::-1])
    if held_out:
        through = scatter(through, rng, mm)
    else:
        through = np.asarray(
            cv2.GaussianBlur(through, (0, 0), max(0.5, rng.uniform(0.15, 0.5) * mm)), dtype=np.uint8
        )
    most = float(np.percentile(through[through > 8], 98)) if (through > 8).any() else 255.0
    levels = _slip(through, rng, mm) * np.float32(strength / most) * _mottle(rng, size, mm)
    return Leaf(
        _scan_front(ink, rng, mm, is_bilevel=is_bilevel), np.clip(levels + 0.5, 0, 255).astype(np.uint8)
    )


def _slip(through: Pixels, rng: random.Random, mm: float) -> NDArray[np.float32]:
    """Lay the traces where the other camera sees them: moved, askew, a little bent."""
    height, width = through.shape
    angle = rng.uniform(-_ASKEW_DEGREES, _ASKEW_DEGREES)
    stretch = 1 + rng.uniform(-_STRETCH, _STRETCH)
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, stretch), np.float64)
    matrix[:, 2] += np.array([rng.uniform(-_SLIP_MM, _SLIP_MM) * mm for _ in range(2)])
    bends = [
        np.array([[rng.uniform(-_BEND_MM, _BEND_MM) * mm for _ in range(3)] for _ in range(4)], np.float32)
        for _ in range(2)
    ]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    inverse = cv2.invertAffineTransform(matrix).astype(np.float32)
    places = [
        row[0] * x + row[1] * y + row[2] + cv2.resize(bend, (width, height), interpolation=cv2.INTER_CUBIC)
        for row, bend in zip(inverse, bends, strict=True)
    ]
    return np.asarray(cv2.remap(through, places[0], places[1], cv2.INTER_LINEAR), dtype=np.float32)


def _mottle(rng: random.Random, size: tuple[int, int], mm: float) -> NDArray[np.float32]:
    """Return how much light the paper lets through at each place, as a multiple."""
    draw = np.random.default_rng(rng.getrandbits(64))
    cells = [max(2, round(side / mm / rng.uniform(4, 12))) for side in size]
    levels = 1.0 + _MOTTLED * draw.standard_normal(cells, dtype=np.float32)
    return np.asarray(cv2.resize(levels, size[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _scan_front(ink: Pixels, rng: random.Random, mm: float, *, is_bilevel: bool) -> Pixels:
    """Return the front as a scanner sees it: pale or dark, grainy, black and white, turned upside down."""
    page = np.asarray(cv2.bitwise_not(cv2.convertScaleAbs(ink, alpha=rng.uniform(0.5, 1.0))), dtype=np.uint8)
    page = damage.tint_paper(page, white=rng.randint(200, 255))
    if rng.random() < 0.3:
        page = damage.punch_holes(page, rng, dpi=25.4 * mm)
    page = damage.soften(page, sigma=rng.uniform(0.3, 0.7))
    if is_bilevel:
        page = damage.binarize(page, rng)
    else:
        page = damage.add_noise(page, rng, sigma=rng.uniform(0.5, 6))
        page = damage.squeeze_jpeg(page, quality=rng.randint(30, 92))
    return np.ascontiguousarray(page[::-1, ::-1]) if rng.random() < 0.2 else page
