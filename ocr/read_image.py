"""Reads a page from its image: upright, straight, clean, and a second time where that was unsure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backfile.domain.page import Barcode, PageQuality, PageReading, PageSource, Word
from backfile.domain.reading_order import order_words
from backfile.settings import Reading
from ocr.barcodes import find_barcodes
from ocr.blank import InkKind, InkMeasure, measure_ink
from ocr.clean import PageTone, level_paper, measure_tone, remove_rules, scale_letters, smooth_noise
from ocr.combine import join_readings, keep_words, mean_confidence, measure_cover
from ocr.deskew import deskew_page, estimate_skew
from ocr.engine import OcrEngine, PageMode
from ocr.letters import Letters, find_letters, turn_letters
from ocr.orient import is_convincing, rank_turns, survey_lines, turn_page, vote_by_reading
from ocr.quality import is_reliable, measure_sharpness
from ocr.raster_image import Pixels
from ocr.rasterize import RasterPage
from ocr.stopwatch import Stopwatch

_UNSURE_CONFIDENCE = 0.88
"""Mean confidence by letters under which a page is read a second time."""
_UNSURE_COVER = 0.9
"""Share of the ink of letter size in words, under which a page is read a second time."""


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
    words: list[Word]
    cover: float

    @property
    def aspect(self) -> float:
        height, width = self.image.shape
        return float(width / height)

    @property
    def is_convincing(self) -> bool:
        return is_convincing(self.words, aspect=self.aspect)


def read_image(raster: RasterPage, *, engine: OcrEngine, reading: Reading, watch: Stopwatch) -> PageReading:
    """Read a page.

    Args:
        raster: the page as a viewer shows it.
        engine: that recognises words.
        reading: fast reads once; balanced a second time where the first was unsure; best always.
        watch: notes the seconds of each stage.

    Raises:
        PageRefused: recognition took too long.
    """
    with watch.stage("blank"):
        ink = measure_ink(raster.image, dpi=raster.dpi)
    with watch.stage("clean"):
        tone = measure_tone(raster.image)
    if ink.kind is InkKind.NONE:
        return _report_blank(raster, ink, tone, engine, watch)
    with watch.stage("orient"):
        sheet = _Sheet(raster.image, raster.dpi, tone, find_letters(raster.image))
        skew = estimate_skew(sheet.image, letters=sheet.letters).degrees
        survey = survey_lines(sheet.letters, skew=skew)
        turns = rank_turns(sheet.image, survey, letter=sheet.letters.height)
    attempt, rotation = _find_upright(sheet, turns[0], engine, watch)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(attempt.image)
    if ink.kind is InkKind.GHOST and not attempt.is_convincing and not barcodes:
        return _report_blank(raster, ink, tone, engine, watch)
    if reading is not Reading.FAST and (reading is Reading.BEST or _is_unsure(attempt)):
        attempt = _read_again(sheet, attempt, engine, watch)
    return _report(raster, ink, tone, attempt, rotation, barcodes, engine, watch)


def _find_upright(
    sheet: _Sheet, turn: int, engine: OcrEngine, watch: Stopwatch
) -> tuple[_Attempt, int | None]:
    """Read at the likeliest turn, and look for a better one where that does not convince."""
    attempt = _attempt(sheet, turn, engine, watch)
    if attempt.is_convincing:
        return attempt, turn
    with watch.stage("orient"):
        lying = _prepare(sheet.image, sheet, sheet.letters)
        voted = vote_by_reading(lying, engine=engine, dpi=sheet.dpi * lying.shape[1] / sheet.image.shape[1])
    wanted = voted if voted is not None else 0  # unsure: it is read as it lies
    if wanted != turn:
        attempt = _attempt(sheet, wanted, engine, watch)
    return attempt, voted


def _attempt(sheet: _Sheet, turn: int, engine: OcrEngine, watch: Stopwatch) -> _Attempt:
    """Turn, straighten and read."""
    with watch.stage("deskew"):
        image = turn_page(sheet.image, turn)
        skew = estimate_skew(image, letters=turn_letters(sheet.letters, turn)).degrees
        image = deskew_page(image, skew)
    with watch.stage("clean"):
        letters = find_letters(image)
        cleaned = _prepare(image, sheet, letters)
    with watch.stage("ocr"):
        dpi = sheet.dpi * cleaned.shape[1] / image.shape[1]
        words = keep_words(engine.read_words(cleaned, dpi=dpi, mode=PageMode.PROSE))
    return _Attempt(turn, skew, image, letters, words, measure_cover(words, letters))


def _prepare(image: Pixels, sheet: _Sheet, letters: Letters, *, without_rules: bool = False) -> Pixels:
    """Clean a page for reading."""
    cleaned = level_paper(smooth_noise(image, sheet.tone, dpi=sheet.dpi), sheet.tone)
    cleaned = scale_letters(cleaned, letter=letters.height)
    if without_rules:  # after scaling: on a coarse image rules and letters are hardly apart
        cleaned = remove_rules(cleaned, letter=letters.height * cleaned.shape[1] / image.shape[1])
    return cleaned


def _is_unsure(attempt: _Attempt) -> bool:
    return mean_confidence(attempt.words) < _UNSURE_CONFIDENCE or attempt.cover < _UNSURE_COVER


def _read_again(sheet: _Sheet, attempt: _Attempt, engine: OcrEngine, watch: Stopwatch) -> _Attempt:
    """Read another time, without rules and as scattered words, and join both readings."""
    with watch.stage("clean"):
        cleaned = _prepare(attempt.image, sheet, attempt.letters, without_rules=True)
    with watch.stage("ocr"):
        dpi = sheet.dpi * cleaned.shape[1] / attempt.image.shape[1]
        second = keep_words(engine.read_words(cleaned, dpi=dpi, mode=PageMode.SPARSE))
        words = join_readings(attempt.words, second)
    return replace(attempt, words=words, cover=measure_cover(words, attempt.letters))


def _report(
    raster: RasterPage,
    ink: InkMeasure,
    tone: PageTone,
    attempt: _Attempt,
    rotation: int | None,
    barcodes: tuple[Barcode, ...],
    engine: OcrEngine,
    watch: Stopwatch,
) -> PageReading:
    height, width = attempt.image.shape
    return PageReading(
        source=PageSource.OCR,
        words=order_words(attempt.words),
        rotation=rotation,
        skew=attempt.skew,
        blank=False,
        quality=_measure_quality(
            raster,
            ink,
            tone,
            reliable=is_reliable(attempt.words, rotation=rotation, cover=attempt.cover),
        ),
        width=width,
        height=height,
        barcodes=barcodes,
        stages=watch.stages,
        engine=engine.name,
    )


def _report_blank(
    raster: RasterPage, ink: InkMeasure, tone: PageTone, engine: OcrEngine, watch: Stopwatch
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
        engine=engine.name,
    )


def _measure_quality(raster: RasterPage, ink: InkMeasure, tone: PageTone, *, reliable: bool) -> PageQuality:
    return PageQuality(
        dpi=raster.dpi,
        ink=ink.share,
        contrast=min(1.0, tone.contrast / 255.0),
        sharpness=measure_sharpness(raster.image),
        reliable=reliable,
    )
