"""Makes the backs of sheets: empty ones as scanners see them, and ones with a single faint mark.

Paper tone, light, grain, resolution, JPEG, holes, specks, shadows, streaks and what shines through from the
other side are drawn widely and independently of each other; so are kind, size, strength and place of the
mark. A mark is always one that a person would see: darker than the paper by 12 gray levels and 2.5 times
the grain, and no paler than what shines through. Strengths are gray levels, sizes millimetres.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from backfile.domain.geometry import Box
from benchmarks.imaging_hand import add_strokes, draw_writer, sign, write_line
from benchmarks.imaging_held_out import (
    cover_by_font,
    cover_by_script,
    lay_on_paper,
    scribble_strokes,
)
from benchmarks.imaging_leaf import print_leaf
from ocr.raster_image import Pixels
from samples import damage

PRINT_DPI = 150
"""Of the printed pages that shine through."""

_DPIS = ((100, 25), (150, 25), (200, 32), (240, 6), (300, 12))
_SHEETS = ((215.9, 279.4, 60), (210, 297, 20), (148, 210, 8), (139.7, 215.9, 6), (215.9, 355.6, 6))
_NOTE = "see chart over call wife allergy ok for surgery no code pt refused dose given per md filed copy"
_NOTES = tuple(_NOTE.split())
_CAPITALS = "ABCDEGHJKLMNOPRSTVW"
_MARKS = (
    *(("signature", 28), ("initial", 24), ("initials", 12), ("note", 16)),
    *(("lines", 6), ("print", 9), ("tick", 5)),
)
"""What somebody puts on a side, and how often of 100."""
_LETTER_MM = {"initial": (1.5, 4.5), "initials": (1.5, 3.5), "note": (1.6, 3.0), "lines": (1.6, 3.0)}
_LEAST_CONTRAST = 12.0
_LEAST_OVER_GRAIN = 2.5
_EDGE_MM = 5.0


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet, scanned."""

    image: Pixels
    dpi: float
    mark: str
    """What somebody put on it; "" for none."""
    place: Box | None
    """Where, relative to the side."""
    dirt: tuple[str, ...]
    """What else is to be seen."""
    front: Pixels
    """The page before it in the file: the other side of the leaf if something shines through."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Asks for kinds on which no constant was chosen."""

    fonts: tuple[Path, ...] = ()
    """That look written by hand, for notes beside those that are drawn."""


def make_side(
    seed: int, prints: Sequence[Pixels], *, is_marked: bool, held_out: HeldOut | None = None
) -> Side:
    """Make one; the same arguments give the same side.

    Args:
        seed: decides everything.
        prints: pages of print at ``PRINT_DPI``, which may shine through.
        is_marked: put a mark on it.
        held_out: other hands, papers and ways of shining through than those that constants were chosen on.
    """
    rng = random.Random(f"side {seed} {is_marked} {held_out is not None}")
    dpi = rng.choices([d for d, _ in _DPIS], [w for _, w in _DPIS])[0]
    across, down, _ = rng.choices(_SHEETS, [sheet[2] for sheet in _SHEETS])[0]
    mm = dpi / 25.4
    size = (round(down * mm), round(across * mm))
    if rng.random() < 0.15:
        size = size[::-1]
    bilevel = rng.random() < 0.1
    grain = rng.uniform(0, 4) if rng.random() < 0.5 else rng.uniform(3, 10)
    dirt: list[str] = []
    ink: Pixels = np.zeros(size, np.uint8)
    through = 0.0
    front = rng.choice(prints)  # of another leaf, unless it shines through
    if rng.random() < 0.45:
        through = rng.uniform(5, 22) if rng.random() < 0.6 else rng.uniform(15, 50)
        leaf = print_leaf(
            front, rng, size, mm, strength=through, is_bilevel=bilevel, held_out=held_out is not None
        )
        ink, front = leaf.through, leaf.front
        dirt.append("bleed-through")
    mark, strength, place = "", 0.0, None
    if is_marked:
        least = max(_LEAST_CONTRAST, _LEAST_OVER_GRAIN * grain, through)
        least = 90.0 if bilevel else least
        mark, cover, strength = _draw_mark(rng, size, mm, least=least, held_out=held_out)
        place = _place_of(cover)
        ink = cv2.max(ink, cover) if rng.random() < 0.5 else cv2.add(ink, cover)  # type: ignore[assignment]
    page: Pixels = np.asarray(cv2.bitwise_not(ink), dtype=np.uint8)
    page = _dirty(page, rng, mm, dirt)
    white = rng.randint(238, 255) if rng.random() < 0.6 else rng.randint(190, 240)
    page = damage.tint_paper(page, white=white)
    if held_out is not None and not bilevel:
        page = lay_on_paper(page, rng, mm)
    if not bilevel and rng.random() < 0.35:  # black-and-white scanners follow the paper's gray
        page = _shade(page, rng)
        dirt.append("uneven light")
    if rng.random() < 0.25:
        page = damage.add_edge_shadow(page.copy(), rng, dpi=dpi)
        dirt.append("edge shadow")
    page = damage.soften(page, sigma=rng.uniform(0.3, 0.7))
    if bilevel:
        # Such a scanner keeps what is darker than its threshold; a mark that it dropped is on no scan.
        over = 0.45 * strength if mark else max(60.0, through + 25.0)
        page = damage.add_noise(page, rng, sigma=min(grain, over / 4.5))
        dark = 0.62 * white if rng.random() < 0.5 else white - 60
        limit = max(white - over, through + 10) if mark else min(dark, white - over)
        page = np.asarray(cv2.threshold(page, limit, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
        dirt.append("black and white")
    else:
        if grain > 0.3:
            page = damage.add_noise(page, rng, sigma=grain)
        if rng.random() < 0.6:
            page = damage.squeeze_jpeg(page, quality=rng.randint(30, 92))
    return Side(page, float(dpi), mark, place, tuple(dirt), front)


def _draw_mark(
    rng: random.Random, size: tuple[int, int], mm: float, *, least: float, held_out: HeldOut | None
) -> tuple[str, Pixels, float]:
    """Return its kind, the gray levels it takes away, and how many of them where it is full."""
    kind = rng.choices([kind for kind, _ in _MARKS], [often for _, often in _MARKS])[0]
    text = _word_mark(rng, kind)
    strokes = _write_mark(rng, kind, text, mm, held_out=held_out)
    pencil = rng.random() < 0.5
    thick = mm * (rng.uniform(0.3, 0.55) if pencil else rng.uniform(0.4, 0.9))
    strongest = max(least + 15, 70.0 if pencil else 180.0)
    strength = min(250.0, math.exp(rng.uniform(math.log(least + 4), math.log(strongest))))
    if strokes:
        cover = _lay_strokes(rng, size, strokes, mm, thick=thick)
    elif kind == "print":
        cover = _print_note(rng, size, text.upper(), mm)
    elif held_out is not None and held_out.fonts and kind != "initial":
        cover = cover_by_font(size, text, rng, mm, fonts=held_out.fonts)
    else:
        cover = cover_by_script(size, text, rng, mm)
    full = float(np.percentile(cover[cover > 20], 80))
    return kind, np.asarray(cv2.convertScaleAbs(cover, alpha=strength / full), dtype=np.uint8), strength


def _word_mark(rng: random.Random, kind: str) -> str:
    match kind:
        case "initial":
            return rng.choice(_CAPITALS)
        case "initials":
            return "".join(rng.choices(_CAPITALS, k=rng.randint(2, 3)))
        case "print":
            return " ".join(rng.choices(_NOTES, k=rng.randint(2, 5)))
        case _:
            return " ".join(rng.choices(_NOTES, k=rng.randint(1, 4)))


def _write_mark(
    rng: random.Random, kind: str, text: str, mm: float, *, held_out: HeldOut | None
) -> list[NDArray[np.float64]]:
    """Return the strokes of a mark, (points, 2) each, in pixels; none where it is set in letters."""
    if kind == "tick":
        h = rng.uniform(3, 8) * mm
        return [np.array([[0, -0.4 * h], [0.25 * h, 0], [0.8 * h, -h]])]
    if kind == "print":
        return []
    lines = rng.randint(3, 24) if kind == "lines" else 1
    if held_out is not None:
        if kind in {"signature", "lines"} or (kind == "note" and not held_out.fonts):
            return scribble_strokes(rng, mm, lines=0 if kind == "signature" else lines)
        return []
    writer = draw_writer(rng)
    if kind == "signature":
        return sign(writer, rng, height=rng.uniform(1.8, 4.5) * mm)
    height = rng.uniform(*_LETTER_MM[kind]) * mm
    strokes = []
    for number in range(lines):
        words = " ".join(rng.choices(_NOTES, k=rng.randint(2, 8))) if kind == "lines" else text
        down = np.array((0.0, 3.6 * height * number))
        strokes += [stroke + down for stroke in write_line(words, writer, rng, height=height)]
    return strokes


def _lay_strokes(
    rng: random.Random, size: tuple[int, int], strokes: list[NDArray[np.float64]], mm: float, *, thick: float
) -> Pixels:
    """Return how far strokes cover the side, somewhere on it, at any of the four turns and askew."""
    points = np.concatenate(strokes)
    turn = rng.choice([0, 0, 0, 0, 90, 180, 270]) + rng.uniform(-8, 8)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    matrix = np.array([[cos, -sin], [sin, cos]])
    points, strokes = points @ matrix, [stroke @ matrix for stroke in strokes]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = _EDGE_MM * mm
    room = np.array(size[::-1]) - 2 * margin - (high - low)
    at = margin - low + np.array([rng.random(), rng.random()]) * np.maximum(room, 1.0)
    cover: Pixels = np.zeros(size, np.uint8)
    add_strokes(cover, strokes, (float(at[0]), float(at[1])), thickness=thick)
    if thick < 1.5 or rng.random() < 0.5:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.45), dtype=np.uint8)
    return cover


def _print_note(rng: random.Random, size: tuple[int, int], text: str, mm: float) -> Pixels:
    """Return how far a printed note covers the side."""
    margin = _EDGE_MM * mm
    scale, pen = rng.uniform(2.0, 3.5) * mm / 21.0, max(1, round(0.3 * mm))
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, pen)
    x = rng.uniform(margin, max(margin + 1, size[1] - margin - wide))
    y = rng.uniform(margin + high, size[0] - margin)
    cover: Pixels = np.zeros(size, np.uint8)
    cv2.putText(cover, text, (round(x), round(y)), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, pen, cv2.LINE_AA)
    return cover


def _place_of(cover: Pixels) -> Box:
    x, y, wide, high = cv2.boundingRect(cover)
    height, width = cover.shape
    return x / width, y / height, (x + wide) / width, (y + high) / height


def _dirty(page: Pixels, rng: random.Random, mm: float, dirt: list[str]) -> Pixels:
    """Add holes, specks, staple marks and streaks."""
    height, width = page.shape
    if rng.random() < 0.35:
        _punch(page, rng, mm)
        dirt.append("holes")
    if rng.random() < 0.45:
        for _ in range(rng.choice([3, 8, 20, 60, 150])):
            radius = rng.uniform(0.05, 0.4) * mm
            x, y = rng.uniform(0, width), rng.uniform(0, height)
            shade = rng.randint(20, 220)
            axes = (max(1, round(radius * 16)), max(1, round(radius * rng.uniform(0.5, 1.0) * 16)))
            center = (round(x * 16), round(y * 16))
            polygon = cv2.ellipse2Poly(center, axes, rng.randrange(180), 0, 360, 30)
            cv2.fillPoly(page, [np.asarray(polygon)], shade, cv2.LINE_AA, 4)
        dirt.append("specks")
    if rng.random() < 0.08:
        x, shade = rng.randrange(width), rng.randint(120, 235)
        cv2.line(
            page, (x, 0), (x + rng.randint(-1, 1), height), shade, max(1, round(rng.uniform(0.1, 0.4) * mm))
        )
        dirt.append("streak")
    return page


def _punch(page: Pixels, rng: random.Random, mm: float) -> None:
    """Punch holes along an edge: seen dark, gray, or white with a dark rim on one side."""
    height, width = page.shape
    count, gap = rng.choice([(2, 80.0), (2, 70.0), (3, 108.0), (4, 80.0)])
    radius, inset = rng.uniform(2.6, 4.0) * mm, rng.uniform(8.0, 13.0) * mm
    shade, is_rim = rng.choice([10, 40, 80, 120, 180]), rng.random() < 0.25
    lit, sweep, rim = rng.uniform(0, 360), rng.uniform(90, 200), max(1, round(rng.uniform(0.2, 0.6) * mm))
    side = rng.randrange(4)
    length = width if side % 2 else height
    if (count - 1) * gap * mm + 2 * radius > length:
        count, gap = 2, 80.0
    for n in range(count):
        along = length / 2 + (n - (count - 1) / 2) * gap * mm + rng.uniform(-0.5, 0.5) * mm
        if not radius < along < length - radius:
            continue
        x, y = {
            0: (inset, along), 1: (along, inset), 2: (width - inset, along), 3: (along, height - inset)
        }[side]  # fmt: skip
        center = (round(x * 16), round(y * 16))
        if is_rim:
            axes = (round(radius * 16), round(radius * 16))
            cv2.ellipse(page, center, axes, lit, 0, sweep, shade, rim, cv2.LINE_AA, 4)
        else:
            cv2.circle(page, center, round(radius * 16), shade, -1, cv2.LINE_AA, 4)


def _shade(page: Pixels, rng: random.Random) -> Pixels:
    """Lay soft light and dark over the page."""
    height, width = page.shape
    coarse = np.array([[rng.uniform(0.88, 1.0) for _ in range(3)] for _ in range(4)], dtype=np.float32)
    light = cv2.resize((coarse * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.multiply(page, light, scale=1 / 255), dtype=np.uint8)
