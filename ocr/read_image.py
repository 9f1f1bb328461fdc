"""Reads a page from its image: upright, straight, clean, by one reader or two."""

from __future__ import annotations

from backfile.domain.page import Barcode, PageQuality, PageReading, PageSource
from backfile.domain.reading_order import order_words
from ocr.attempt import Attempt, Readers, Sheet, attempt_turn, look_at_sheet, prepare_page, read_more
from ocr.barcodes import find_barcodes
from ocr.blank import InkKind, InkMeasure, measure_ink
from ocr.clean import PageTone, measure_tone
from ocr.combine import measure_cover
from ocr.handwriting import measure_handwriting
from ocr.orient import rank_turns, survey_lines, vote_by_reading
from ocr.quality import is_cut_off, is_reliable, measure_sharpness
from ocr.rasterize import RasterPage
from ocr.stopwatch import Stopwatch


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
        sheet = look_at_sheet(raster.image, dpi=raster.dpi, tone=tone)
        survey = survey_lines(sheet.letters, skew=sheet.skew)
        turns = rank_turns(sheet.image, survey, letter=sheet.letters.height)
    attempt, rotation = _find_upright(sheet, turns[0], readers, watch)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(attempt.image)
    if ink.kind is InkKind.GHOST and not attempt.is_convincing and not barcodes:
        return _report_blank(raster, ink, tone, readers, watch)
    attempt = read_more(sheet, attempt, readers, watch)
    return _report(raster, ink, tone, attempt, rotation, barcodes, readers, watch)


def _find_upright(sheet: Sheet, turn: int, readers: Readers, watch: Stopwatch) -> tuple[Attempt, int | None]:
    """Read at the likeliest turn, and look for a better one where that does not convince."""
    attempt = attempt_turn(sheet, turn, readers, watch)
    if attempt.is_convincing:
        return attempt, turn
    with watch.stage("orient"):
        lying = prepare_page(sheet.image, sheet, sheet.letters)
        dpi = sheet.dpi * lying.shape[1] / sheet.image.shape[1]
        voted = vote_by_reading(lying, engine=readers.first, dpi=dpi)
        if voted is None and readers.second is not None and readers.ask_second:
            voted = vote_by_reading(lying, engine=readers.second, dpi=dpi)
    wanted = voted if voted is not None else 0  # unsure: it is read as it lies
    if wanted != turn:
        attempt = attempt_turn(sheet, wanted, readers, watch)
    return attempt, voted


def _report(
    raster: RasterPage,
    ink: InkMeasure,
    tone: PageTone,
    attempt: Attempt,
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
            handwriting=measure_handwriting(attempt.letters),
            cut_off=is_cut_off(attempt.letters, skew=attempt.skew),
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


def _measure_quality(
    raster: RasterPage,
    ink: InkMeasure,
    tone: PageTone,
    *,
    reliable: bool,
    handwriting: float = 0.0,
    cut_off: bool = False,
) -> PageQuality:
    return PageQuality(
        dpi=raster.dpi,
        ink=ink.share,
        contrast=min(1.0, tone.contrast / 255.0),
        sharpness=measure_sharpness(raster.image),
        reliable=reliable,
        handwriting=handwriting,
        cut_off=cut_off,
    )
