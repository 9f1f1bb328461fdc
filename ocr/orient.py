"""By which quarter turn a page must be turned to stand upright.

Tesseract's orientation detection answers first, on a page of moderate size; its confidence grows with the
number of letters. Where it is not sure, the four turns are read in part and the most confidently read one
wins, if it wins clearly. Otherwise the answer is "unsure", and never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr.engine import OcrEngine, PageMode
from ocr.letters import Letters
from ocr.raster_image import Pixels
from ocr.tesseract_api import get_orientation_detector

_SURE = 2.0
"""Confidence from which the detection is believed."""
_WISHED_LETTER = 20.0
"""Height in pixels to which small letters are brought for the detection."""
_MIN_LETTERS = 12
_MIN_SIDE = 1200
"""Pixels of the longer side from which a part of the page is enough."""
_STRIP = 0.3
"""Share of the page's height that is read in the vote."""
_CLEAR_WIN = 1.6


@dataclass(frozen=True, slots=True)
class Upright:
    """How a page stands."""

    rotation: int | None
    """Clockwise degrees that set it upright; None: unsure."""


def find_upright(image: Pixels, *, letters: Letters, dpi: float, engine: OcrEngine) -> Upright:
    """Return the turn that sets a page upright.

    Args:
        image: gray, as a viewer shows it.
        letters: found on it.
        dpi: its resolution.
        engine: reads in the vote.
    """
    if letters.count < _MIN_LETTERS:
        return Upright(None)
    scale = min(3.0, max(0.3, _WISHED_LETTER / letters.height)) if letters.height > 0 else 1.0
    resized = _resize(image, scale)
    found = get_orientation_detector().detect(_middle_of(resized), dpi=dpi * scale)
    if found is not None and found.confidence >= _SURE:
        return Upright(found.clockwise)
    return Upright(_vote(resized, dpi=dpi * scale, engine=engine))


def turn_page(image: Pixels, rotation: int | None) -> Pixels:
    """Turn a page clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, -((rotation or 0) // 90)))


def _resize(image: Pixels, scale: float) -> Pixels:
    if 0.9 < scale < 1.1:
        return image
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=how), dtype=np.uint8)


def _middle_of(image: Pixels) -> Pixels:
    """Return the middle half of the longer side: enough letters to tell, at 0.7 of the time."""
    height, width = image.shape
    if max(height, width) < _MIN_SIDE:
        return image
    if height >= width:
        return np.ascontiguousarray(image[height // 8 : height * 5 // 8])
    return np.ascontiguousarray(image[:, width // 8 : width * 5 // 8])


def _vote(image: Pixels, *, dpi: float, engine: OcrEngine) -> int | None:
    """Read the middle of each turn; the sum of confident letters decides, if it does so clearly."""
    scores = {}
    for rotation in (0, 90, 180, 270):
        turned = turn_page(image, rotation)
        height = turned.shape[0]
        strip = np.ascontiguousarray(turned[int(height * 0.2) : int(height * (0.2 + _STRIP))])
        words = engine.read_words(strip, dpi=dpi, mode=PageMode.SPARSE)
        scores[rotation] = sum(
            len(word.text) * max(0.0, word.confidence - 0.4)
            for word in words
            if len(word.text) > 2 and word.text.isalnum()
        )
    best, second = sorted(scores, key=lambda rotation: scores[rotation], reverse=True)[:2]
    if scores[best] < 4.0 or scores[best] < _CLEAR_WIN * scores[second]:
        return None
    return best
