"""Writes by hand, so to say: strokes of a pen or pencil for pages, notes, signatures and initials.

Letters are given by a few points each and drawn as smooth curves (Catmull and Rom, 1974), bent differently
by every writer and again at every letter. Nobody's hand was copied. The words are the caller's.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_Points = NDArray[np.float64]

_GLYPHS = {
    "a": ".75 .8 .4 1 .05 .5 .35 0 .75 .8 .7 .15 .95 .15",
    "b": "0 .2 .35 1.2 .3 2 .1 1.6 .1 .1 .5 .1 .55 .8 .85 .85",
    "c": ".65 .8 .4 1 .05 .5 .35 0 .8 .2",
    "d": ".65 .8 .35 .95 .05 .45 .35 0 .65 .6 .8 2 .7 .2 .95 .15",
    "e": "0 .3 .5 .55 .5 .95 .2 .9 .15 .2 .45 0 .8 .3",
    "f": "0 .2 .45 1.5 .35 2 .2 1.5 .2 -.8 .45 -.7 .3 .1 .7 .3",
    "g": ".7 .8 .35 1 .05 .5 .4 .05 .7 .8 .6 -.8 .2 -.9 .2 -.5 .9 .2",
    "h": "0 .2 .35 1.5 .25 2 .15 1.5 .1 0 .3 .8 .6 .95 .6 .1 .9 .15",
    "i": "0 .2 .3 .95 .25 .15 .55 .15|.4 1.45 .42 1.38",
    "j": "0 .2 .35 .95 .25 -.8 -.1 -.8 .6 .2|.42 1.45 .44 1.38",
    "k": "0 .2 .35 1.5 .2 2 .12 0|.12 .5 .5 .95 .2 .5 .5 .05 .8 .15",
    "l": "0 .2 .4 1.6 .25 2 .15 .3 .3 0 .6 .2",
    "m": "0 .3 .15 .95 .12 0 .3 .9 .5 .9 .45 0 .65 .9 .85 .9 .85 .1 1.15 .15",
    "n": "0 .3 .15 .95 .12 0 .35 .9 .6 .85 .58 .1 .9 .15",
    "o": ".5 .95 .1 .7 .15 .1 .55 .1 .6 .7 .4 .95 .85 .85",
    "p": "0 .3 .2 .95 .12 -.9 .15 .7 .5 .95 .6 .4 .3 0 .85 .15",
    "q": ".7 .8 .35 1 .05 .5 .4 .05 .7 .8 .65 -.9 .9 -.6 .95 .1",
    "r": "0 .2 .2 1.05 .4 .85 .4 .15 .7 .15",
    "s": "0 .2 .35 1 .5 .3 .2 0 .7 .15",
    "t": "0 .2 .35 1.6 .28 .15 .6 .15|.1 1.2 .6 1.25",
    "u": "0 .3 .2 .95 .2 .1 .55 .2 .7 .95 .7 .15 1 .15",
    "v": "0 .3 .2 .95 .4 .05 .65 .9 .9 .85",
    "w": "0 .3 .15 .95 .25 .05 .5 .7 .65 .05 .9 .9 1.1 .85",
    "x": "0 .9 .3 .5 .6 .05 .85 .2|.65 .95 .05 .05",
    "y": "0 .3 .2 .95 .25 .15 .6 .3 .7 .95 .6 -.8 .2 -.9 .2 -.5 .9 .2",
    "z": "0 .85 .55 .95 .1 .1 .5 .1 .45 -.7 .15 -.7 .75 .2",
    "0": ".4 1.7 .05 1 .25 .05 .65 .5 .6 1.4 .35 1.7",
    "1": ".1 1.3 .35 1.7 .3 0",
    "2": ".05 1.4 .35 1.7 .6 1.3 .05 .05 .7 .1",
    "3": ".05 1.5 .4 1.7 .55 1.2 .25 .9 .6 .5 .35 0 0 .2",
    "4": ".45 1.7 .05 .7 .7 .75|.55 1.2 .45 0",
    "5": ".65 1.65 .15 1.65 .1 1 .5 1 .55 .2 .05 .05",
    "6": ".55 1.65 .1 .7 .3 .02 .6 .4 .35 .8 .1 .4",
    "7": "0 1.6 .65 1.65 .2 0",
    "8": ".55 1.5 .2 1.6 .15 1.1 .55 .5 .3 0 .1 .4 .55 1.2 .55 1.5",
    "9": ".6 1.3 .25 1.7 .1 1.1 .5 1 .6 1.5 .45 0",
    "/": ".05 -.2 .55 1.8",
    ".": ".1 .03 .14 0",
    ",": ".14 .05 .05 -.3",
    "-": ".1 .6 .5 .62",
    "A": "0 0 .5 2 .9 0|.15 .8 .85 .8",
    "B": ".1 0 .15 2 .6 1.8 .2 1.05 .75 .6 .5 0 .1 .05",
    "C": ".8 1.7 .5 2 .05 1 .4 0 .9 .4",
    "D": ".15 2 .1 0 .7 .3 .85 1.3 .1 2",
    "E": ".75 1.8 .35 2 .2 1.3 .5 1.05 .1 .7 .3 0 .8 .3",
    "G": ".8 1.7 .45 2 .05 1 .4 0 .8 .7 .5 .8|.8 .7 .8 -.2",
    "H": ".1 2 .1 0|.8 2 .8 0|.1 1 .8 1.05",
    "J": ".3 1.9 .7 2 .55 .2 .25 -.1 .05 .4",
    "K": ".1 2 .12 0|.75 2 .15 1 .8 0",
    "L": ".4 1.9 .2 2 .2 .3 .05 .05 .4 .1 .9 .05",
    "M": "0 0 .2 2 .5 .5 .85 2 1 0",
    "N": "0 0 .15 2 .7 0 .85 2",
    "O": ".5 2 .05 1.2 .3 .05 .85 .6 .7 1.8 .45 2",
    "P": ".15 0 .2 2 .75 1.7 .6 1 .2 1",
    "R": ".1 0 .15 2 .7 1.7 .5 1.05 .2 1 .85 0",
    "S": ".7 1.7 .4 2 .15 1.5 .65 .7 .4 0 .05 .3",
    "T": "0 1.9 .9 2|.45 1.95 .4 0",
    "V": "0 2 .4 0 .85 2",
    "W": "0 2 .25 0 .5 1.3 .75 0 1.1 2",
}
_LETTERS = "".join(sorted(_GLYPHS))
_STEPS = 6
_SUBPIXEL_BITS = 4
_SPACE = 0.75
"""Between words, in heights of small letters."""


@dataclass(frozen=True, slots=True)
class Writer:
    """How somebody writes."""

    slant: float
    """Shift to the right for one unit up."""
    width: float
    """Of letters, as a multiple."""
    joined: bool
    wobble: float
    """How far the points of letters go astray, in heights of small letters."""
    drift: float
    """How far the baseline wanders, likewise."""
    slope: float
    """Rise of the lines to the right."""


def draw_writer(rng: random.Random) -> Writer:
    """Draw somebody's hand."""
    return Writer(
        slant=rng.uniform(-0.25, 0.6),
        width=rng.uniform(0.7, 1.3),
        joined=rng.random() < 0.65,
        wobble=rng.uniform(0.03, 0.09),
        drift=rng.uniform(0.05, 0.35),
        slope=rng.uniform(-0.02, 0.03),
    )


def write_line(text: str, writer: Writer, rng: random.Random, *, height: float) -> list[_Points]:
    """Return the strokes of a line of text, the first letter at the origin.

    Args:
        text: letters that are not known are written as some other one.
        writer: whose hand.
        rng: for what differs each time.
        height: of small letters, in pixels.

    Returns:
        Strokes of shape (points, 2): x to the right, y down.
    """
    strokes: list[_Points] = []
    pen: list[_Points] = []
    at, phase = 0.0, rng.uniform(0, 6)

    def lift() -> None:
        if pen:
            strokes.append(smooth_stroke(np.concatenate(pen)))
            pen.clear()

    for letter in text:
        if letter == " ":
            lift()
            at += _SPACE * rng.uniform(0.8, 1.5)
            continue
        known = letter if letter in _GLYPHS else letter.lower()
        glyph = _GLYPHS.get(known) or _GLYPHS[rng.choice(_LETTERS)]
        size = rng.uniform(0.88, 1.14)
        parts = [_points_of(part) for part in glyph.split("|")]
        wide = max(float(part[:, 0].max()) for part in parts) * writer.width * size
        rise = writer.drift * math.sin(phase + at / 6.0) + rng.gauss(0, 0.03)
        for number, part in enumerate(parts):
            bent = part * (writer.width * size, size) + _gauss(rng, part.shape, writer.wobble)
            bent[:, 0] += at + writer.slant * bent[:, 1]
            bent[:, 1] += rise + writer.slope * at
            placed = bent * (height, -height)
            if number == 0 and writer.joined and letter.islower():
                pen.append(placed)
            else:
                (lift() if number == 0 else None)
                strokes.append(smooth_stroke(placed))
        if not (writer.joined and letter.islower()):
            lift()
        at += wide + (0.0 if writer.joined else rng.uniform(0.1, 0.3))
    lift()
    return strokes


def sign(writer: Writer, rng: random.Random, *, height: float) -> list[_Points]:
    """Return the strokes of a signature: capitals with flourishes that trail off."""
    initials = [c for c in _LETTERS if c.isupper()]
    strokes: list[_Points] = []
    at = 0.0
    for _ in range(rng.randint(1, 2)):
        for stroke in write_line(rng.choice(initials), writer, rng, height=height * rng.uniform(0.9, 1.4)):
            strokes.append(stroke + np.array((at, 0.0)))
        at += height * rng.uniform(0.8, 1.2)
        count = rng.randint(4, 12)
        steps = np.arange(count) * rng.uniform(0.35, 0.7) * height
        fall = np.linspace(1.0, rng.uniform(0.1, 0.6), count)
        ups = np.array([rng.uniform(0.2, 1.2) if n % 2 else rng.uniform(-0.3, 0.2) for n in range(count)])
        strokes.append(smooth_stroke(np.stack((at + steps, -ups * fall * height), axis=1)))
        at += float(steps[-1]) + height * rng.uniform(0.2, 0.8)
    return strokes


def draw_strokes(
    size: tuple[int, int], strokes: list[_Points], at: tuple[float, float], *, thickness: float
) -> Pixels:
    """Return how far strokes cover each pixel, 0..255, on a sheet of (height, width).

    Args:
        size: of the sheet in pixels.
        strokes: as written.
        at: where their origin stands, (x, y).
        thickness: of the pen in pixels; may be below one.
    """
    cover: Pixels = np.zeros(size, np.uint8)
    add_strokes(cover, strokes, at, thickness=thickness)
    return cover


def add_strokes(cover: Pixels, strokes: list[_Points], at: tuple[float, float], *, thickness: float) -> None:
    """Draw strokes into what is covered already."""
    shade = 255 if thickness >= 1 else round(255 * max(thickness, 0.2))
    for stroke in strokes:
        points = ((stroke + at) * (1 << _SUBPIXEL_BITS)).round().astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(cover, [points], False, shade, max(1, round(thickness)), cv2.LINE_AA, _SUBPIXEL_BITS)


def _points_of(text: str) -> _Points:
    return np.array(text.split(), dtype=np.float64).reshape(-1, 2)


def _gauss(rng: random.Random, shape: tuple[int, ...], sigma: float) -> _Points:
    return np.array([rng.gauss(0, sigma) for _ in range(shape[0] * shape[1])]).reshape(shape)


def smooth_stroke(points: _Points) -> _Points:
    """Return a curve through points of shape (n, 2)."""
    if len(points) < 3:
        return points
    ends = np.concatenate((points[:1], points, points[-1:]))
    a, b, c, d = ends[:-3, None], ends[1:-2, None], ends[2:-1, None], ends[3:, None]
    t = np.linspace(0, 1, _STEPS, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate((curve.reshape(-1, 2), points[-1:]))
