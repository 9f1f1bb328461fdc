"""Reads some rows of a page once more, where what they hold was read with doubt.

On a whole page a line can be lost beside a rule, a stain or larger letters; alone it is often read. Both
readers look at the rows, the first at an enlarged image, and are weighed against each other as on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from backfile.domain.geometry import Box, box_center
from backfile.domain.page import PageReading, Word
from backfile.domain.reading_order import order_words
from ocr.clean import level_paper, measure_tone
from ocr.combine import keep_words, mend_bars
from ocr.confidence import Calibration, Curve, Situation, load_calibration
from ocr.deskew import deskew_page
from ocr.engine import OcrEngine, PageMode
from ocr.fusion import fuse_readings
from ocr.orient import turn_page
from ocr.raster_image import Pixels
from ocr.rasterize import rasterize_page

Rows = tuple[float, float]
"""Top and bottom of some rows, as shares of the page's height."""

_LARGER = 2.0
_TAKEN_AS_IT_IS = Curve((0.0, 1.0, 0.0, 0.0, 0.0))
_AS_JUDGED = Calibration(
    {
        situation: Curve((0.0, 0.5, 0.5, 0.0, 0.0)) if situation is Situation.AGREED else _TAKEN_AS_IT_IS
        for situation in Situation
    }
)
"""Both readings have been judged already: the likelier stands, and two that agree meet in the middle."""


def read_rows(
    path: Path, page: int, reading: PageReading, rows: Sequence[Rows], *, first: OcrEngine, second: OcrEngine
) -> tuple[Word, ...]:
    """Return the words on some rows of a page as a second look gives them.

    Args:
        path: of the file.
        page: from 1.
        reading: of the page, which tells how it was turned and straightened.
        rows: to look at.
        first: who looks at them enlarged.
        second: who looks at them as they are.

    Returns:
        Words in the frame of the reading, with the probability that each is right; none where the page cannot
        be set up as it was.

    Raises:
        PageRefused: the page cannot be had any more.
        OSError: the file cannot be read at the moment.
    """
    raster = rasterize_page(path, page)
    image = turn_page(raster.image, reading.rotation) if reading.rotation else raster.image
    image = deskew_page(image, reading.skew)
    if image.shape != (reading.height, reading.width):
        return ()
    tone = measure_tone(raster.image)
    words: list[Word] = []
    for top, bottom in rows:
        start, end = round(top * reading.height), round(bottom * reading.height)
        part = level_paper(np.ascontiguousarray(image[start:end]), tone)
        found = look_again(part, dpi=raster.dpi, first=first, second=second)
        words += [_place_on_page(word, start, end, reading.height) for word in found]
    return tuple(words)


def look_again(image: Pixels, *, dpi: float, first: OcrEngine, second: OcrEngine) -> list[Word]:
    """Return the words of both readers on an image, with the probability that each is right.

    The second looks at it as it is, the first at the image enlarged.
    """
    size = (round(image.shape[1] * _LARGER), round(image.shape[0] * _LARGER))
    larger: Pixels = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    by_first = mend_bars(keep_words(first.read_words(larger, dpi=dpi * _LARGER, mode=PageMode.SPARSE)))
    by_second = list(second.read_words(image, dpi=dpi, mode=PageMode.SPARSE))
    return fuse_readings(by_first, by_second, calibration=load_calibration())


def _place_on_page(word: Word, start: int, end: int, height: int) -> Word:
    x0, y0, x1, y1 = word.box
    high = end - start
    return replace(word, box=(x0, (start + y0 * high) / height, x1, (start + y1 * high) / height))


def merge_rows(reading: PageReading, again: Sequence[Word], rows: Sequence[Rows]) -> PageReading:
    """Return a reading with what a second look at some rows gave; what does not stand is kept beside it."""
    inside = [word for word in reading.words if _is_on(word.box, rows)]
    outside = [word for word in reading.words if not _is_on(word.box, rows)]
    known = [
        word for word in again if len(word.text) > 1 or _stands_on(word, inside)
    ]  # else a piece of a rule
    fused = fuse_readings(inside, known, calibration=_AS_JUDGED)
    return replace(reading, words=order_words([*outside, *(_keep_what_was(word, inside) for word in fused)]))


def _stands_on(word: Word, words: Sequence[Word]) -> bool:
    """Say whether the middle of a word lies on one of the words."""
    x, y = box_center(word.box)
    return any(w.box[0] <= x <= w.box[2] and w.box[1] <= y <= w.box[3] for w in words)


def _keep_what_was(word: Word, before: Sequence[Word]) -> Word:
    """Return a word no less sure than it was before, with what was disputed before."""
    x, y = box_center(word.box)
    own = [old for old in before if old.box[0] <= x <= old.box[2] and old.box[1] <= y <= old.box[3]]
    sure = max([word.confidence, *(old.confidence for old in own if old.text == word.text)])
    others = [*word.alternatives, *(text for old in own for text in old.alternatives)]
    return replace(
        word, confidence=sure, alternatives=tuple(dict.fromkeys(t for t in others if t != word.text))
    )


def _is_on(box: Box, rows: Sequence[Rows]) -> bool:
    middle = box_center(box)[1]
    return any(top <= middle <= bottom for top, bottom in rows)
