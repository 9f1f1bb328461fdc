"""Holds a born-digital page's own text against its looks: is each font's text what its letters show?

A font may say of its glyphs what it likes: subsets without a table of characters, tables that belong to
another subset, digits that are exchanged. Whoever copies the text gets something else than whoever reads
the page, and an MRN that is wrong in all copies looks right to every later step. So some words of each font
are cut out of the page image, set on one small sheet and read by the engine. Only what it reads surely
and otherwise speaks against a font: a script that it cannot read does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from backfile.domain.geometry import Box, box_area, intersect_boxes
from backfile.domain.page import Word
from ocr.engine import OcrEngine, PageMode
from ocr.raster_image import Pixels

_LETTER_SAMPLES, _NUMBER_SAMPLES = 6, 6
"""Words and numbers of a font that are looked at."""
_MIN_LETTERS, _MIN_DIGITS = 4, 3
_MAX_LENGTH = 24
_MAX_FONTS = 12
"""Fonts that are looked at; a page with more is judged by its main ones."""

_SHEET_WIDTH = 1500
_WORD_HEIGHT = 44
"""Pixels of a word's box on the sheet: 10 point type at 300 dpi."""
_MAX_STRETCH = 3.0
_GAP, _ROW = 60, 80
_MARGIN = 0.08

_SURE = 0.7
_VERY_SURE = 0.85
"""Confidence from which a word that is read otherwise speaks against a font; alone it must be very sure."""
_SAME = 0.7
_OTHER = 0.5
"""Similarity from which a word is as the font says, and up to which it is another: 1 - edits / length."""

_MIN_WRONG, _WRONG_SHARE = 2, 0.08
"""Characters that are surely read otherwise, at least and as a share of those that are surely read; two of
ten digits exchanged make a fifth, and Tesseract reads one in some hundred of clean print wrongly."""

_LOOK_ALIKE = str.maketrans("0oil|5s8b2z", "oolllssbbzz")


@dataclass(frozen=True, slots=True)
class _Sample:
    """A word that is looked at."""

    font: str
    text: str
    box: Box

    @property
    def is_number(self) -> bool:
        return sum(c.isdigit() for c in self.text) >= _MIN_DIGITS


def find_false_fonts(
    image: Pixels, words: Sequence[Word], fonts: Sequence[str], *, engine: OcrEngine, dpi: float
) -> frozenset[str]:
    """Return the fonts whose letters show another text than they say.

    Args:
        image: the page, gray, upright.
        words: its own words.
        fonts: the name of each word's font.
        engine: that reads the samples.
        dpi: of the image.
    """
    samples = list(_choose_samples(words, fonts, aspect=image.shape[1] / image.shape[0]))
    if not samples:
        return frozenset()
    sheet, places = _set_samples(image, samples)
    found = engine.read_words(sheet, dpi=max(dpi, 200.0), mode=PageMode.BLOCK)
    heard: dict[tuple[str, bool], list[_Vote]] = {}
    for sample, place in zip(samples, places, strict=True):
        seen = _read_at(place, found)
        if seen is not None:
            vote = _compare(sample.text, *seen)
            heard.setdefault((sample.font, sample.is_number), []).append(vote)
    return frozenset(font for (font, _), votes in heard.items() if _is_false(votes))


@dataclass(frozen=True, slots=True)
class _Vote:
    """What the reading of one sample says."""

    likeness: float
    """0..1: 1 - edits / length."""
    confidence: float
    letters: int
    """Letters and digits that stand opposite each other; 0 where the lengths differ."""
    others: int
    """Those of them that differ."""


def _compare(said: str, shown: str, confidence: float) -> _Vote:
    said, shown = _fold(said), _fold(shown)
    pairs = list(zip(said, shown, strict=True)) if len(said) == len(shown) else []
    likeness = Levenshtein.normalized_similarity(said, shown)
    return _Vote(likeness, confidence, len(pairs), sum(a != b for a, b in pairs))


def _is_false(votes: Sequence[_Vote]) -> bool:
    """Say whether the samples of one font and sort, words or numbers, speak against it.

    All of its characters may be exchanged, or a few: then the same few are wrong again and again, which
    no reader of clean print is.
    """
    sure = [vote for vote in votes if vote.confidence >= _SURE]
    same = sum(vote.likeness >= _SAME for vote in votes)
    other = [vote for vote in sure if vote.likeness <= _OTHER]
    letters, others = sum(vote.letters for vote in sure), sum(vote.others for vote in sure)
    if others >= _MIN_WRONG and others >= _WRONG_SHARE * letters:
        return True
    if len(other) == 1:
        return same == 0 and other[0].confidence >= _VERY_SURE
    return len(other) > same


def _choose_samples(words: Sequence[Word], fonts: Sequence[str], *, aspect: float) -> Iterable[_Sample]:
    """Yield the longest words and numbers of each font, those that stand upright and are plain letters."""
    by_font: dict[str, list[_Sample]] = {}
    for word, font in zip(words, fonts, strict=True):
        x0, y0, x1, y1 = word.box
        text = word.text
        lies = (y1 - y0) > (x1 - x0) * aspect  # upright words of four letters are broader than high
        plain = sum(c.isascii() and c.isalnum() for c in text)
        if not lies and plain >= 0.8 * len(text) and len(text) <= _MAX_LENGTH:
            by_font.setdefault(font, []).append(_Sample(font, text, word.box))
    main = sorted(by_font.values(), key=len, reverse=True)[:_MAX_FONTS]
    for group in main:
        numbers = [s for s in group if s.is_number]
        letters = [s for s in group if sum(c.isalpha() for c in s.text) >= _MIN_LETTERS and not s.is_number]
        for some, most in ((letters, _LETTER_SAMPLES), (numbers, _NUMBER_SAMPLES)):
            distinct = {sample.text.casefold(): sample for sample in some}
            yield from sorted(distinct.values(), key=lambda sample: -len(sample.text))[:most]


def _set_samples(image: Pixels, samples: Sequence[_Sample]) -> tuple[Pixels, list[Box]]:
    """Return a sheet with the words in rows, dark on white, and where each stands on it, relative."""
    x, row = _GAP, 0
    cuts: list[tuple[Pixels, int, int]] = []
    for sample in samples:
        cut = _cut_out(image, sample.box)
        if x + cut.shape[1] + _GAP > _SHEET_WIDTH and x > _GAP:
            x, row = _GAP, row + 1
        cuts.append((cut, x, _GAP // 2 + row * _ROW))
        x += cut.shape[1] + _GAP
    width = max(_SHEET_WIDTH, max(x + cut.shape[1] + _GAP for cut, x, _ in cuts))
    height = _GAP + (row + 1) * _ROW
    sheet = np.full((height, width), 255, dtype=np.uint8)
    places: list[Box] = []
    for cut, left, top in cuts:
        high, wide = cut.shape
        sheet[top : top + high, left : left + wide] = cut
        places.append((left / width, top / height, (left + wide) / width, (top + high) / height))
    return sheet, places


def _cut_out(image: Pixels, box: Box) -> Pixels:
    """Return a word's part of the page at the height of the sheet's rows, dark on white."""
    height, width = image.shape
    margin = _MARGIN * (box[3] - box[1]) * height
    rows = slice(int(max(0.0, box[1] * height - margin)), int(box[3] * height + margin) + 1)
    columns = slice(int(max(0.0, box[0] * width - margin)), int(box[2] * width + margin) + 1)
    part = image[rows, columns].astype(np.float32)
    low, high = float(part.min()), float(part.max())
    part = (part - low) * (255.0 / max(high - low, 1.0))
    if float(np.median(part)) < 127.5:
        part = 255.0 - part
    scale = min(_WORD_HEIGHT / part.shape[0], _MAX_STRETCH)
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    scaled = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return np.clip(scaled, 0, 255).astype(np.uint8)


def _read_at(place: Box, found: Sequence[Word]) -> tuple[str, float] | None:
    """Return what was read at a place of the sheet, and how surely; None where nothing was."""
    here = [
        word
        for word in found
        if (common := intersect_boxes(word.box, place)) and box_area(common) > 0.5 * box_area(word.box)
    ]
    if not here:
        return None
    here.sort(key=lambda word: word.box[0])
    return "".join(word.text for word in here), min(word.confidence for word in here)


def _fold(text: str) -> str:
    """Return the letters and digits, those that look alike as one."""
    return "".join(c for c in text.casefold() if c.isalnum() or c == "|").translate(_LOOK_ALIKE)
