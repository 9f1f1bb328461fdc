"""What sides show on which no constant was chosen: other hands, other papers, other ways of shining through.

Signatures and lines of notes are the strokes of ``samples.designs.scribble``, initials Hershey's scripts,
longer notes any fonts that look written by hand and that a folder holds. Paper scatters by two exponential
tails and not by a Gaussian, and unevenly; its grain has fibres and stains.
"""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.imaging_hand import smooth_stroke
from ocr.raster_image import Pixels
from samples.designs.scribble import draw_scribble, draw_signature
from samples.sheet import PathOp

_SCRIPTS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX)
_MM = 25.4 / 72
"""Millimetres of a point, in which samples draw."""
_FONT_SUFFIXES = {".ttf", ".otf", ".woff", ".woff2"}
_FIBRE_MM = (0.25, 1.2)


def scribble_strokes(rng: random.Random, mm: float, *, lines: int) -> list[NDArray[np.float64]]:
    """Return the strokes of a signature (``lines`` 0), or of that many lines of writing.

    Args:
        rng: draws them.
        mm: pixels of a millimetre.
        lines: how many.

    Returns:
        Strokes of shape (points, 2) in pixels: x to the right, y down.
    """
    ops: list[PathOp] = []
    if not lines:
        ops += draw_signature(rng, 0.0, 0.0, "x" * rng.randint(6, 24))
    for number in range(lines):
        ops += draw_scribble(rng, 0.0, 18.0 * number, rng.uniform(40, 300))
    return [smooth_stroke(np.array(op.points, dtype=np.float64) * (_MM * mm)) for op in ops]


def cover_by_script(size: tuple[int, int], text: str, rng: random.Random, mm: float) -> Pixels:
    """Return how far initials in a script of Hershey's cover a sheet, 0..255."""
    cover: Pixels = np.zeros(size, np.uint8)
    scale, pen = rng.uniform(3.0, 7.0) * mm / 21.0, max(1, round(rng.uniform(0.25, 0.5) * mm))
    font = rng.choice(_SCRIPTS)
    (wide, high), _ = cv2.getTextSize(text, font, scale, pen)
    at = _draw_place(size, (wide, high), rng, mm)
    cv2.putText(cover, text, (at[0], at[1] + high), font, scale, 255, pen, cv2.LINE_AA)
    return cover


def cover_by_font(
    size: tuple[int, int], text: str, rng: random.Random, mm: float, *, fonts: tuple[Path, ...]
) -> Pixels:
    """Return how far text in one of the fonts covers a sheet, 0..255."""
    line = set_line(text, rng.choice(fonts), height=round(rng.uniform(4.0, 9.0) * mm))
    x, y = _draw_place(size, line.shape[::-1], rng, mm)
    cover: Pixels = np.zeros(size, np.uint8)
    part = line[: size[0] - y, : size[1] - x]
    cover[y : y + part.shape[0], x : x + part.shape[1]] = part
    return cover


def set_line(text: str, font: Path, *, height: int) -> Pixels:
    """Return how far text in a font covers the pixels of its own box, 0..255.

    Args:
        text: one line.
        font: file of a font.
        height: of the font in pixels, from the top of its tallest letters to the foot of its deepest.
    """
    loaded = _load_font(font, height)
    left, top, right, bottom = (round(side) for side in loaded.getbbox(text))
    line = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(line).text((-left, -top), text, fill=255, font=loaded)
    return np.asarray(line, dtype=np.uint8)


def find_fonts(folder: Path | None) -> tuple[Path, ...]:
    """Return the fonts in a folder and those below it; none for none."""
    if folder is None:
        return ()
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() in _FONT_SUFFIXES))


def scatter(ink: Pixels, rng: random.Random, mm: float) -> Pixels:
    """Return print as paper scatters it: steep in the middle, with long tails, not alike everywhere."""
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.12, 0.3) * mm), dtype=np.uint8)
    near = round(rng.uniform(0.1, 0.35) * mm) * 2 + 1
    far = round(rng.uniform(0.4, 1.2) * mm) * 2 + 1
    tails = cv2.blur(cv2.blur(ink, (far, far)), (far, far))
    spread = cv2.addWeighted(cv2.blur(ink, (near, near)), 0.75, tails, 0.25, 0)
    height, width = ink.shape
    coarse = np.array([[rng.uniform(0.6, 1.0) for _ in range(3)] for _ in range(4)], dtype=np.float32)
    often = cv2.resize((coarse * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(spread, often, scale=1 / 255), dtype=np.uint8)


def lay_on_paper(page: Pixels, rng: random.Random, mm: float) -> Pixels:
    """Give the paper fibres and, now and then, a soft stain."""
    height, width = page.shape
    draw = np.random.default_rng(rng.getrandbits(64))
    across = max(1.0, rng.uniform(*_FIBRE_MM) * mm)
    cells = (max(2, round(height / across)), max(2, round(width / across)))
    levels = (draw.standard_normal(cells, dtype=np.float32) * rng.uniform(0.3, 1.6)).clip(-6, 6) + 6
    fibres = cv2.resize((levels * 16).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    page = np.asarray(cv2.subtract(page, cv2.convertScaleAbs(fibres, alpha=1 / 16)), dtype=np.uint8)
    if rng.random() < 0.15:
        stain: Pixels = np.zeros((height // 8, width // 8), np.uint8)
        center = (rng.randrange(width // 8), rng.randrange(height // 8))
        axes = (rng.randint(12, 60), rng.randint(12, 40))
        cv2.ellipse(stain, center, axes, rng.uniform(0, 180), 0, 360, rng.randint(6, 30), -1)
        stain = np.asarray(cv2.GaussianBlur(stain, (0, 0), 8), dtype=np.uint8)
        page = np.asarray(cv2.subtract(page, cv2.resize(stain, (width, height))), dtype=np.uint8)
    return page


def _draw_place(
    size: tuple[int, int], box: tuple[int, ...], rng: random.Random, mm: float
) -> tuple[int, int]:
    """Return a left upper corner at which a box lies on the sheet with a margin of 5 mm."""
    room = [max(1.0, side - 10 * mm - of) for side, of in zip(size[::-1], box, strict=True)]
    return round(5 * mm + rng.random() * room[0]), round(5 * mm + rng.random() * room[1])


@lru_cache(maxsize=64)
def _load_font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)
