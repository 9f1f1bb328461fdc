"""Reads a page from its image: upright, straight, clean, and a second time where that was unsure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backfile.domain.geometry import Box
from backfile.domain.page import Barcode, PageQuality, PageReading, PageSource, Word
from backfile.domain.reading_order import order_words
from backfile.settings import Reading
from ocr.barcodes import find_barcodes
from ocr.blank import InkKind, InkMeasure, measure_ink
from ocr.clean import PageTone, level_paper, measure_tone, remove_rules, scale_letters, smooth_noise
from ocr.combine import join_readings, keep_words, mean_confidence, measure_cover
from ocr.confidence import load_calibration
from ocr.deskew import deskew_page, estimate_skew
from ocr.engine import LineReader, OcrEngine, PageMode
from ocr.fusion import EVERYWHERE, calibrate_words, fuse_readings
from ocr.letters import Letters, find_letters, turn_letters
from ocr.orient import is_convincing, rank_turns, survey_lines, turn_page, vote_by_reading
from ocr.policy import find_doubtful, find_first_part, find_identifiers, is_poor
from ocr.quality import is_reliable, measure_sharpness
from ocr.rapid_ocr import RapidOcrEngine
from ocr.raster_image import Pixels
from ocr.rasterize import RasterPage
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
class _Sheet:
    """A page as it lies, with what is known of it before reading."""

    image: Pixels
    dpi: float
    tone: PageTone
    letters: Letters


@dataclass(frozen=True, slots=True)
class _Attempt:
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
            self.first,
            self.second,
            calibration=load_calibration(),
            first_looked=self.first_looked,
            second_looked=self.second_looked,
        )


def read_image(raster: RasterPage, *, readers: Readers, watch: Stopwatch) -> PageReading:
    """Read a page.

    Args:
        raster: the page as a viewer shows it.
        readers: who recognise words.
        watch: notes the seconds of each stage.

    Raises:
        PageRefused: recognition took too long.
    """
    with watch.stage("blank"):
        ink = measure_ink(raster.image, dpi=raster.dpi)
    with watch.stage("clean"):
        tone = measure_tone(raster.image)
    if ink.kind is InkKind.NONE:
        return _report_blank(raster, ink, tone, readers, watch)
    with watch.stage("orient"):
        sheet = _Sheet(raster.image, raster.dpi, tone, find_letters(raster.image))
        skew = estimate_skew(sheet.image, letters=sheet.letters).degrees
        survey = survey_lines(sheet.letters, skew=skew)
        turns = rank_turns(sheet.image, survey, letter=sheet.letters.height)
    attempt, rotation = _find_upright(sheet, turns[0], readers, watch)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(attempt.image)
    if ink.kind is InkKind.GHOST and not attempt.is_convincing and not barcodes:
        return _report_blank(raster, ink, tone, readers, watch)
    attempt = _read_more(sheet, attempt, readers, watch)
    return _report(raster, ink, tone, attempt, rotation, barcodes, readers, watch)


def _find_upright(
    sheet: _Sheet, turn: int, readers: Readers, watch: Stopwatch
) -> tuple[_Attempt, int | None]:
    """Read at the likeliest turn, and look for a better one where that does not convince."""
    attempt = _attempt(sheet, turn, readers, watch)
    if attempt.is_convincing:
        return attempt, turn
    with watch.stage("orient"):
        lying = _prepare(sheet.image, sheet, sheet.letters)
        dpi = sheet.dpi * lying.shape[1] / sheet.image.shape[1]
        voted = vote_by_reading(lying, engine=readers.first, dpi=dpi)
        if voted is None and readers.second is not None and readers.ask_second:
            voted = vote_by_reading(lying, engine=readers.second, dpi=dpi)
    wanted = voted if voted is not None else 0  # unsure: it is read as it lies
    if wanted != turn:
        attempt = _attempt(sheet, wanted, readers, watch)
    return attempt, voted


def _attempt(sheet: _Sheet, turn: int, readers: Readers, watch: Stopwatch) -> _Attempt:
    """Turn, straighten and read; the second reader reads at once where the first cannot."""
    with watch.stage("deskew"):
        image = turn_page(sheet.image, turn)
        skew = estimate_skew(image, letters=turn_letters(sheet.letters, turn)).degrees
        image = deskew_page(image, skew)
    with watch.stage("clean"):
        letters = find_letters(image)
        cleaned = _prepare(image, sheet, letters)
    dpi = sheet.dpi * cleaned.shape[1] / image.shape[1]
    with watch.stage("ocr"):
        words, looked = _read_first(cleaned, dpi, letters, readers)
    attempt = _Attempt(turn, skew, image, letters, words, looked, [], ())
    if isinstance(readers.first, RapidOcrEngine):  # its confidences are those of the second reader
        return replace(attempt, first=[], first_looked=(), second=words, second_looked=looked)
    if readers.second is None or not readers.ask_second:
        return attempt
    if readers.reading is Reading.BEST or looked != EVERYWHERE or not attempt.is_convincing:
        with watch.stage("second"):
            second = list(readers.second.read_words(image, dpi=sheet.dpi, mode=PageMode.SPARSE))
        attempt = replace(attempt, second=second, second_looked=EVERYWHERE)
    return attempt


def _read_first(
    cleaned: Pixels, dpi: float, letters: Letters, readers: Readers
) -> tuple[list[Word], tuple[Box, ...]]:
    """Return what the first reader read, and where it looked: it stops early where another takes over."""

    def read(top: int, bottom: int) -> list[Word]:
        part = np.ascontiguousarray(cleaned[top:bottom])
        words = keep_words(readers.first.read_words(part, dpi=dpi, mode=PageMode.PROSE))
        return words if part.shape == cleaned.shape else [_lower(w, top, bottom, height) for w in words]

    height = cleaned.shape[0]
    cut = find_first_part(letters) if readers.ask_second and readers.reading is Reading.BALANCED else None
    if cut is None:
        return read(0, height), EVERYWHERE
    row = round(cut * height)
    words = read(0, row)
    looked: Box = (0.0, 0.0, 1.0, cut)
    calibrated = calibrate_words(words, calibration=load_calibration())
    if is_poor(calibrated, cover=measure_cover(words, letters, within=cut)):
        return words, (looked,)
    return [*words, *read(row, height)], EVERYWHERE


def _lower(word: Word, top: int, bottom: int, height: int) -> Word:
    """Return a word of a part of the page's rows with its box on the page."""
    x0, y0, x1, y1 = word.box
    high = bottom - top
    return replace(word, box=(x0, (top + y0 * high) / height, x1, (top + y1 * high) / height))


def _prepare(image: Pixels, sheet: _Sheet, letters: Letters, *, without_rules: bool = False) -> Pixels:
    """Clean a page for reading."""
    cleaned = level_paper(smooth_noise(image, sheet.tone, dpi=sheet.dpi), sheet.tone)
    cleaned = scale_letters(cleaned, letter=letters.height)
    if without_rules:  # after scaling: on a coarse image rules and letters are hardly apart
        cleaned = remove_rules(cleaned, letter=letters.height * cleaned.shape[1] / image.shape[1])
    return cleaned


def _read_more(sheet: _Sheet, attempt: _Attempt, readers: Readers, watch: Stopwatch) -> _Attempt:
    """Read again where that is worth it, once it is known which way up the page stands."""
    if readers.reading is Reading.FAST or attempt.second_looked == EVERYWHERE:
        return attempt
    if readers.second is None:
        return _read_twice(sheet, attempt, readers, watch)
    words = calibrate_words(attempt.first, calibration=load_calibration())
    cover = measure_cover(words, attempt.letters)
    with watch.stage("second"):
        if is_poor(words, cover=cover):
            second = readers.second.read_words(attempt.image, dpi=sheet.dpi, mode=PageMode.SPARSE)
            return replace(attempt, second=list(second), second_looked=EVERYWHERE)
        places = find_doubtful(words, attempt.letters) + find_identifiers(words, attempt.letters)
        second = readers.second.read_lines(attempt.image, places)
    return replace(attempt, second=list(second), second_looked=tuple(places))


def _read_twice(sheet: _Sheet, attempt: _Attempt, readers: Readers, watch: Stopwatch) -> _Attempt:
    """Let the first reader read again, without rules and as scattered words, where that is worth it."""
    cover = measure_cover(attempt.first, attempt.letters)
    sure = mean_confidence(attempt.first) >= _UNSURE_CONFIDENCE and cover >= _UNSURE_COVER
    if sure and readers.reading is not Reading.BEST:
        return attempt
    with watch.stage("clean"):
        cleaned = _prepare(attempt.image, sheet, attempt.letters, without_rules=True)
    with watch.stage("ocr"):
        dpi = sheet.dpi * cleaned.shape[1] / attempt.image.shape[1]
        again = keep_words(readers.first.read_words(cleaned, dpi=dpi, mode=PageMode.SPARSE))
    return replace(attempt, first=join_readings(attempt.first, again))


def _report(
    raster: RasterPage,
    ink: InkMeasure,
    tone: PageTone,
    attempt: _Attempt,
    rotation: int | None,
    barcodes: tuple[Barcode, ...],
    readers: Readers,
    watch: Stopwatch,
) -> PageReading:
    height, width = attempt.image.shape
    words = attempt.fuse()
    cover = measure_cover(words, attempt.letters)
    return PageReading(
        source=PageSource.OCR,
        words=order_words(words),
        rotation=rotation,
        skew=attempt.skew,
        blank=False,
        quality=_measure_quality(
            raster,
            ink,
            tone,
            reliable=is_reliable(words, rotation=rotation, cover=cover),
        ),
        width=width,
        height=height,
        barcodes=barcodes,
        stages=watch.stages,
        engine=_name_readers(readers, both=bool(attempt.second_looked)),
    )


def _name_readers(readers: Readers, *, both: bool) -> str:
    """Return who read the page."""
    return f"{readers.first.name}; {readers.second.name}" if both and readers.second else readers.first.name


def _report_blank(
    raster: RasterPage, ink: InkMeasure, tone: PageTone, readers: Readers, watch: Stopwatch
) -> PageReading:
    """Report a page with nothing on it: which way up it lies cannot be known, and nothing was missed."""
    height, width = raster.image.shape
    return PageReading(
        source=PageSource.OCR,
        words=(),
        rotation=None,
        skew=0.0,
        blank=True,
        quality=_measure_quality(raster, ink, tone, reliable=True),
        width=width,
        height=height,
        stages=watch.stages,
        engine=readers.first.name,
    )


def _measure_quality(raster: RasterPage, ink: InkMeasure, tone: PageTone, *, reliable: bool) -> PageQuality:
    return PageQuality(
        dpi=raster.dpi,
        ink=ink.share,
        contrast=min(1.0, tone.contrast / 255.0),
        sharpness=measure_sharpness(raster.image),
        reliable=reliable,
    )
