"""One attempt at a page: turned, straightened, read by the first reader and, by policy, by the second."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backfile.domain.geometry import Box
from backfile.domain.page import Word
from backfile.settings import Reading
from ocr.clean import PageTone, level_paper, remove_rules, scale_letters, smooth_noise
from ocr.combine import (
    join_readings,
    keep_once,
    keep_words,
    mark_ornaments,
    mean_confidence,
    measure_cover,
    mend_bars,
    part_ornaments,
)
from ocr.confidence import load_calibration
from ocr.deskew import deskew_page, estimate_skew
from ocr.engine import LineReader, OcrEngine, PageMode
from ocr.fusion import EVERYWHERE, calibrate_words, fuse_readings
from ocr.letters import Letters, find_letters, tilt_letters, turn_letters
from ocr.orient import is_convincing, is_plainly_upright, turn_page
from ocr.policy import find_doubtful, find_first_part, find_identifiers, is_poor
from ocr.rapid_ocr import RapidOcrEngine
from ocr.raster_image import Pixels
from ocr.stopwatch import Stopwatch

_UNSURE_CONFIDENCE = 0.88
"""Mean confidence by letters under which a page without a second reader is read a second time."""
_UNSURE_COVER = 0.9
"""Share of the ink of letter size in words, under which it is read a second time."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads a page, and how thoroughly."""

    first: OcrEngine
    second: LineReader | None
    """None where nobody else can read the languages asked for: then the first reads twice."""
    reading: Reading

    @property
    def ask_second(self) -> bool:
        """Whether the second reader is asked at all."""
        return self.second is not None and self.reading is not Reading.FAST


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it lies, with what is known of it before reading."""

    image: Pixels
    dpi: float
    tone: PageTone
    letters: Letters
    skew: float
    """Of lines that run across it, as it lies."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A page set upright by one turn, of which the first reader has read the beginning."""

    turn: int
    skew: float
    image: Pixels
    """Upright and straight."""
    letters: Letters
    cleaned: Pixels
    """The image as it is given to the first reader."""
    dpi: float
    """Of what is given."""
    cut: float | None
    """Share of the height above which it has read; None: all."""
    words: list[Word]

    @property
    def row(self) -> int:
        """Row of the cleaned image below what was read."""
        return len(self.cleaned) if self.cut is None else round(self.cut * len(self.cleaned))

    @property
    def is_plainly_upright(self) -> bool:
        """Whether what was read leaves no doubt that the page stands upright."""
        height, width = self.image.shape
        return is_plainly_upright(self.words, aspect=width / height)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A page read at one turn."""

    turn: int
    skew: float
    image: Pixels
    """Upright and straight."""
    letters: Letters
    first: list[Word]
    """What the first reader read, with its own confidences."""
    first_looked: tuple[Box, ...]
    second: list[Word]
    second_looked: tuple[Box, ...]

    @property
    def is_convincing(self) -> bool:
        """Whether either reader's words show that the page stands upright."""
        height, width = self.image.shape
        return any(is_convincing(words, aspect=width / height) for words in (self.first, self.second))

    def fuse(self) -> list[Word]:
        """Return the words of both readers, with the probability that each is right."""
        return fuse_readings(
            part_ornaments(self.first)[0],
            self.second,
            calibration=load_calibration(),
            first_looked=self.first_looked,
            second_looked=self.second_looked,
        )


def look_at_sheet(image: Pixels, *, dpi: float, tone: PageTone) -> Sheet:
    """Return a page as it lies, with its letters and their skew."""
    letters = find_letters(image)
    return Sheet(image, dpi, tone, letters, estimate_skew(image, letters=letters).degrees)


def attempt_turn(sheet: Sheet, turn: int, readers: Readers, watch: Stopwatch) -> Attempt:
    """Turn, straighten and read; the second reader reads at once where the first cannot."""
    in_parts = readers.ask_second and readers.reading is Reading.BALANCED
    return finish_attempt(
        begin_attempt(sheet, turn, readers, watch, in_parts=in_parts), sheet, readers, watch
    )


def begin_attempt(sheet: Sheet, turn: int, readers: Readers, watch: Stopwatch, *, in_parts: bool) -> Begun:
    """Turn, straighten and let the first reader begin.

    Args:
        sheet: the page as it lies.
        turn: clockwise degrees.
        readers: who read.
        watch: notes the seconds.
        in_parts: read only the first lines of a page that can be cut below them.
    """
    with watch.stage("deskew"):
        image, letters, skew = sheet.image, sheet.letters, sheet.skew
        if turn:
            image, letters = turn_page(image, turn), turn_letters(letters, turn)
            skew = estimate_skew(image, letters=letters).degrees
        straight = deskew_page(image, skew)
        if straight is not image:
            image, letters = straight, tilt_letters(letters, -skew) or find_letters(straight)
    with watch.stage("clean"):
        cleaned = prepare_page(image, sheet, letters)
    cut = find_first_part(letters) if in_parts else None
    begun = Begun(turn, skew, image, letters, cleaned, sheet.dpi * cleaned.shape[1] / image.shape[1], cut, [])
    with watch.stage("ocr"):
        return replace(begun, words=_read_rows(begun, readers, 0, begun.row))


def finish_attempt(begun: Begun, sheet: Sheet, readers: Readers, watch: Stopwatch) -> Attempt:
    """Read on; the second reader reads at once where the first cannot."""
    with watch.stage("ocr"):
        words, looked = _read_on(begun, readers)
    attempt = Attempt(begun.turn, begun.skew, begun.image, begun.letters, words, looked, [], ())
    if isinstance(readers.first, RapidOcrEngine):  # its confidences are those of the second reader
        return replace(attempt, first=[], first_looked=(), second=words, second_looked=looked)
    if readers.second is None or not readers.ask_second:
        return attempt
    if readers.reading is Reading.BEST or looked != EVERYWHERE or not attempt.is_convincing:
        with watch.stage("second"):
            second = list(readers.second.read_words(begun.image, dpi=sheet.dpi, mode=PageMode.SPARSE))
        attempt = replace(attempt, second=second, second_looked=EVERYWHERE)
    return attempt


def _read_on(begun: Begun, readers: Readers) -> tuple[list[Word], tuple[Box, ...]]:
    """Return what the first reader read, and where it looked: it stops early where another takes over."""
    if begun.cut is None:
        return begun.words, EVERYWHERE
    if readers.ask_second and readers.reading is Reading.BALANCED:
        calibrated = calibrate_words(begun.words, calibration=load_calibration())
        if is_poor(calibrated, cover=measure_cover(begun.words, begun.letters, within=begun.cut)):
            return begun.words, ((0.0, 0.0, 1.0, begun.cut),)
    return [*begun.words, *_read_rows(begun, readers, begun.row, len(begun.cleaned))], EVERYWHERE


def _read_rows(begun: Begun, readers: Readers, top: int, bottom: int) -> list[Word]:
    """Return what the first reader reads on some rows of the page."""
    part = np.ascontiguousarray(begun.cleaned[top:bottom])
    read = readers.first.read_words(part, dpi=begun.dpi, mode=PageMode.PROSE)
    words = mark_ornaments(mend_bars(keep_words(read)))
    height = len(begun.cleaned)
    return words if len(part) == height else [_lower(word, top, bottom, height) for word in words]


def _lower(word: Word, top: int, bottom: int, height: int) -> Word:
    """Return a word of a part of the page's rows with its box on the page."""
    x0, y0, x1, y1 = word.box
    high = bottom - top
    return replace(word, box=(x0, (top + y0 * high) / height, x1, (top + y1 * high) / height))


def prepare_page(image: Pixels, sheet: Sheet, letters: Letters, *, without_rules: bool = False) -> Pixels:
    """Clean a page for reading."""
    cleaned = level_paper(smooth_noise(image, sheet.tone, dpi=sheet.dpi), sheet.tone)
    cleaned = scale_letters(cleaned, letter=letters.height)
    if without_rules:  # after scaling: on a coarse image rules and letters are hardly apart
        cleaned = remove_rules(cleaned, letter=letters.height * cleaned.shape[1] / image.shape[1])
    return cleaned


def read_more(sheet: Sheet, attempt: Attempt, readers: Readers, watch: Stopwatch) -> Attempt:
    """Read again where that is worth it, once it is known which way up the page stands."""
    if readers.reading is Reading.FAST or attempt.second_looked == EVERYWHERE:
        return attempt
    if readers.second is None:
        return _read_twice(sheet, attempt, readers, watch)
    words = calibrate_words(attempt.first, calibration=load_calibration())
    cover = measure_cover(words, attempt.letters)
    with watch.stage("second"):
        if is_poor(words, cover=cover):
            whole = readers.second.read_words(attempt.image, dpi=sheet.dpi, mode=PageMode.SPARSE)
            return replace(attempt, second=list(whole), second_looked=EVERYWHERE)
        places = find_doubtful(words, attempt.letters) + find_identifiers(words, attempt.letters)
        second = keep_once(readers.second.read_lines(attempt.image, places))
    return replace(attempt, second=second, second_looked=tuple(places))


def _read_twice(sheet: Sheet, attempt: Attempt, readers: Readers, watch: Stopwatch) -> Attempt:
    """Let the first reader read again, without rules and as scattered words, where that is worth it."""
    cover = measure_cover(attempt.first, attempt.letters)
    sure = mean_confidence(attempt.first) >= _UNSURE_CONFIDENCE and cover >= _UNSURE_COVER
    if sure and readers.reading is not Reading.BEST:
        return attempt
    with watch.stage("clean"):
        cleaned = prepare_page(attempt.image, sheet, attempt.letters, without_rules=True)
    with watch.stage("ocr"):
        dpi = sheet.dpi * cleaned.shape[1] / attempt.image.shape[1]
        again = keep_words(readers.first.read_words(cleaned, dpi=dpi, mode=PageMode.SPARSE))
    return replace(attempt, first=join_readings(attempt.first, again))
