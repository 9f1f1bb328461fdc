"""Reads a page from its image: upright, straight, clean, by one reader or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from backfile.domain.page import Barcode, PageQuality, PageReading, PageSource, Word
from backfile.domain.reading_order import order_words
from ocr.attempt import (
    Attempt,
    Readers,
    Sheet,
    attempt_turn,
    begin_attempt,
    finish_attempt,
    look_at_sheet,
    prepare_page,
    read_more,
)
from ocr.barcodes import find_barcodes
from ocr.blank import InkKind, InkMeasure, measure_ink
from ocr.clean import PageTone, measure_tone
from ocr.combine import mean_confidence, measure_cover, part_ornaments
from ocr.edges import clear_edges
from ocr.handwriting import measure_handwriting
from ocr.orient import detect_turn, survey_lines, vote_by_reading
from ocr.quality import is_cut_off, is_reliable, measure_sharpness
from ocr.rasterize import RasterPage
from ocr.shine import Neighbour
from ocr.stopwatch import Stopwatch

_MANY_WORDS = 50
_PRINT_COVER = 0.9
_PRINT_CONFIDENCE = 0.95
"""Words, share of the ink of letter size in them, and their mean probability, which no writing has."""


def read_image(
    raster: RasterPage,
    *,
    readers: Readers,
    watch: Stopwatch,
    get_neighbours: Callable[[], Sequence[Neighbour]] = tuple,
) -> PageReading:
    """Read a page.

    Args:
        raster: the page as a viewer shows it.
        readers: who recognise words.
        watch: notes the seconds of each stage.
        get_neighbours: gives the pages beside it in its file, whose print may shine through.

    Raises:
        PageRefused: recognition took too long.
    """
    with watch.stage("clean"):
        image = clear_edges(raster.image, dpi=raster.dpi)
        tone = measure_tone(image)
    with watch.stage("orient"):
        sheet = look_at_sheet(image, dpi=raster.dpi, tone=tone)
    with watch.stage("blank"):
        ink = _measure_ink(sheet, raster, get_neighbours)
    if ink.kind is InkKind.NONE:
        return _report_blank(raster, ink, tone, readers, watch)
    attempt, rotation = _find_upright(sheet, readers, watch)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(attempt.image)
    if ink.kind is InkKind.GHOST and not attempt.is_convincing and not barcodes:
        return _report_blank(raster, ink, tone, readers, watch)
    attempt = read_more(sheet, attempt, readers, watch)
    return _report(raster, ink, tone, attempt, rotation, barcodes, readers, watch)


def _measure_ink(
    sheet: Sheet, raster: RasterPage, get_neighbours: Callable[[], Sequence[Neighbour]]
) -> InkMeasure:
    """Say whether there is ink; a page full of plain letters is not looked at as closely as a faint one."""
    if sheet.letters.is_plain_print:
        return InkMeasure(InkKind.INK, float(np.count_nonzero(sheet.letters.ink) / sheet.letters.ink.size))
    return measure_ink(raster.image, dpi=raster.dpi, get_neighbours=get_neighbours)


def _find_upright(sheet: Sheet, readers: Readers, watch: Stopwatch) -> tuple[Attempt, int | None]:
    """Read at the likeliest turn, and look for a better one where that does not convince."""
    turn, attempt = _read_likeliest(sheet, readers, watch)
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
    cover = measure_cover([*words, *part_ornaments(attempt.first)[1]], attempt.letters)
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
            handwriting=0.0 if _reads_as_print(words, cover) else measure_handwriting(attempt.letters),
            cut_off=is_cut_off(attempt.letters, skew=attempt.skew),
        ),
        width=width,
        height=height,
        barcodes=barcodes,
        stages=watch.stages,
        engine=_name_readers(readers, both=bool(attempt.second_looked)),
    )


def _read_likeliest(sheet: Sheet, readers: Readers, watch: Stopwatch) -> tuple[int, Attempt]:
    """Read at the turn that lines, first words or the detection say, whoever says it first."""
    with watch.stage("orient"):
        survey = survey_lines(sheet.letters, skew=sheet.skew)
    if survey.is_upright:
        return 0, attempt_turn(sheet, 0, readers, watch)
    begun = begin_attempt(sheet, 0, readers, watch, in_parts=True) if survey.may_be_upright else None
    if begun is not None and begun.is_plainly_upright:
        return 0, finish_attempt(begun, sheet, readers, watch)
    with watch.stage("orient"):
        turn = detect_turn(sheet.image, survey, sheet.letters)
    if begun is not None and turn == 0:
        return 0, finish_attempt(begun, sheet, readers, watch)
    return turn, attempt_turn(sheet, turn, readers, watch)


def _reads_as_print(words: Sequence[Word], cover: float) -> bool:
    """Say whether a page was read as no page by hand is; then its strokes need not be measured."""
    return len(words) >= _MANY_WORDS and cover >= _PRINT_COVER and mean_confidence(words) >= _PRINT_CONFIDENCE


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
