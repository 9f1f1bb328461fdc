"""Reads lines with RapidOCR's recogniser, and tells the words of a line apart.

The recogniser gives a character and its probability for each step of eight pixels along a line. So a
character's place is known roughly; the gaps in the ink make it exact. They also show spaces that the model
swallowed, which is its most frequent fault in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from backfile.domain.geometry import Box, clamp_box
from backfile.domain.page import Word
from ocr.rapid_models import Recognizer
from ocr.raster_image import Pixels

_HEIGHT = 48
"""Pixels to which a line is brought."""
_SQUEEZE = 0.85
"""Lines that are higher are made narrower by this as well, which saves time and costs no words: on aged pages
recall was 0.982 so, 0.978 without, and 0.936 at 0.7. Coarse lines bear none of it."""
_MIN_WIDTH = 48
_MAX_WIDTH = 2400
_BATCH_WIDTH = 4000
"""Columns that are read at a time; more take memory and no less time."""
_SAME_WIDTH = 0.8
"""Lines are read together when the shorter is at least this part of the longer: the rest is padding."""
_SPACE = 0.2
"""Gap in the ink, in heights of the line's box, that is a space where the characters also stand apart."""
_APART = 1.5
"""Their distance then, in usual distances of neighbours: type of fixed width has wide gaps inside words."""


@dataclass(frozen=True, slots=True)
class Character:
    """A character on a line."""

    text: str
    at: float
    """Its middle, in pixels of the line's image."""
    probability: float


def read_lines(image: Pixels, lines: Sequence[Box], *, recognizer: Recognizer) -> list[list[Word]]:
    """Return the words of each line.

    Args:
        image: gray, straight.
        lines: boxes of lines.
        recognizer: reads them.
    """
    crops = [_crop(image, line) for line in lines]
    fitted = [_fit(crop) for crop in crops]
    words: list[list[Word]] = [[] for _ in lines]
    for batch in _batches([line.shape[1] for line in fitted]):
        widest = max(fitted[n].shape[1] for n in batch)
        planes = np.zeros((len(batch), _HEIGHT, widest), np.float32)
        for row, n in enumerate(batch):
            planes[row, :, : fitted[n].shape[1]] = fitted[n] / np.float32(127.5) - 1.0
        stack = np.ascontiguousarray(np.broadcast_to(planes[:, None], (len(batch), 3, _HEIGHT, widest)))
        scores = recognizer.session.run(None, {recognizer.session.get_inputs()[0].name: stack})[0]
        for row, n in enumerate(batch):
            if min(crops[n].shape) > 1:
                step = widest / scores.shape[1] * crops[n].shape[1] / fitted[n].shape[1]
                characters = decode(scores[row], recognizer.characters, step=step)
                words[n] = _place_words(characters, crops[n], lines[n], image.shape)
    return words


def _crop(image: Pixels, box: Box) -> Pixels:
    height, width = image.shape
    x0, y0, x1, y1 = box
    return image[int(y0 * height) : max(int(y1 * height), 1), int(x0 * width) : max(int(x1 * width), 1)]


def _fit(crop: Pixels) -> Pixels:
    """Bring a line to the recogniser's height."""
    high, wide = crop.shape
    if min(high, wide) < 2:
        return np.full((_HEIGHT, _MIN_WIDTH), 255, np.uint8)
    squeeze = _SQUEEZE if high >= _HEIGHT else 1.0
    width = min(max(round(wide * _HEIGHT / high * squeeze), _MIN_WIDTH), _MAX_WIDTH)
    how = cv2.INTER_AREA if high > _HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (width, _HEIGHT), interpolation=how), dtype=np.uint8)


def _batches(widths: Sequence[int]) -> Iterable[list[int]]:
    """Put lines of like widths together."""
    batch: list[int] = []
    for n in sorted(range(len(widths)), key=lambda n: -widths[n]):
        if batch:
            widest = widths[batch[0]]
            if widths[n] < _SAME_WIDTH * widest or widest * (len(batch) + 1) > _BATCH_WIDTH:
                yield batch
                batch = []
        batch.append(n)
    if batch:
        yield batch


def decode(scores: NDArray[np.float32], characters: Sequence[str], *, step: float) -> list[Character]:
    """Return the characters of a line by greedy CTC decoding (Graves et al., 2006).

    Args:
        scores: probabilities, steps by classes; class 0 is the blank.
        characters: what the classes stand for.
        step: pixels of a step.
    """
    best = scores.argmax(axis=1)
    found: list[Character] = []
    start = 0
    for end in range(1, len(best) + 1):
        if end < len(best) and best[end] == best[start]:
            continue
        kind = int(best[start])
        if kind:
            probability = float(scores[start:end, kind].max())
            found.append(Character(characters[kind], (start + end) / 2 * step, probability))
        start = end
    return found


def _place_words(
    characters: Sequence[Character], crop: Pixels, line: Box, shape: tuple[int, ...]
) -> list[Word]:
    """Cut a line into words, each with the box of its ink."""
    ink = _find_ink(crop)
    gaps = _find_gaps(ink)
    pitch = _usual_pitch(characters)
    pieces: list[list[Character]] = []
    cuts: list[tuple[float, float]] = []
    before: Character | None = None
    spaced = False
    for character in characters:
        if character.text.isspace():
            spaced = True
            continue
        if before is not None:
            gap = _widest_gap(gaps, before.at, character.at)
            wide = gap[1] - gap[0] > _SPACE * crop.shape[0] and character.at - before.at > _APART * pitch
            if spaced or (wide and before.text.isalnum() and character.text.isalnum()):
                pieces.append([])
                cuts.append(gap)
        if not pieces:
            pieces.append([])
        pieces[-1].append(character)
        before, spaced = character, False
    edges = [0.0, *(x for cut in cuts for x in cut), float(crop.shape[1])]
    words = []
    for n, piece in enumerate(pieces):
        text = "".join(c.text for c in piece)
        confidence = float(np.exp(np.mean([np.log(max(c.probability, 1e-6)) for c in piece])))
        words.append(
            Word(text, _tighten(ink, edges[2 * n], edges[2 * n + 1], line, shape), min(confidence, 1.0))
        )
    return words


def _usual_pitch(characters: Sequence[Character]) -> float:
    """Return the usual distance between neighbours inside words, in pixels; 0 where there are none."""
    return float(
        np.median(
            [b.at - a.at for a, b in pairwise(characters) if not a.text.isspace() and not b.text.isspace()]
            or [0.0]
        )
    )


def _find_ink(crop: Pixels) -> NDArray[np.bool_]:
    level, _ = cv2.threshold(np.ascontiguousarray(crop), 0, 255, cv2.THRESH_OTSU)
    return np.asarray(crop <= level, dtype=np.bool_)


def _find_gaps(ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of columns without ink; a line under or over the text counts as none."""
    rows = ink.mean(axis=1) < 0.7  # a rule fills its rows
    columns = ink[rows].sum(axis=0) > max(1, 0.03 * ink.shape[0])
    edges = np.flatnonzero(np.diff(np.concatenate(([True], columns, [True])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _widest_gap(gaps: Sequence[tuple[int, int]], start: float, end: float) -> tuple[float, float]:
    """Return the widest gap between two places; the middle between them where there is none."""
    middle = (start + end) / 2
    inside = [(max(a, start), min(b, end)) for a, b in gaps if a < end and b > start]
    return max(inside, key=lambda gap: gap[1] - gap[0], default=(middle, middle))


def _tighten(ink: NDArray[np.bool_], left: float, right: float, line: Box, shape: tuple[int, ...]) -> Box:
    """Return the relative box of the ink between two places of a line."""
    height, width = shape
    first = min(int(left), ink.shape[1] - 1)
    last = max(int(np.ceil(right)), first + 1)
    own = ink[:, first:last]
    columns, rows = np.flatnonzero(own.any(axis=0)), np.flatnonzero(own.mean(axis=1) > 0.02)
    x, y = int(line[0] * width), int(line[1] * height)
    if not len(columns) or not len(rows):
        return clamp_box(((x + first) / width, line[1], (x + last) / width, line[3]))
    return clamp_box(
        (
            (x + first + int(columns[0])) / width,
            (y + int(rows[0])) / height,
            (x + first + int(columns[-1]) + 1) / width,
            (y + int(rows[-1]) + 1) / height,
        )
    )
