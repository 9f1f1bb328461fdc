"""Reading one page: from a file's page to its words, turned upright and straight."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from backfile.domain.page import PageQuality, PageReading, PageSource, StageSeconds, Word
from backfile.domain.reading_order import order_words
from backfile.settings import Reading
from ocr.barcodes import find_barcodes
from ocr.blank import measure_ink
from ocr.clean import PageTone, level_paper, measure_tone, remove_rules, scale_letters, smooth_noise
from ocr.deskew import deskew_page, estimate_skew
from ocr.engine import OcrEngine, PageMode
from ocr.letters import Letters, find_letters
from ocr.orient import find_upright, turn_page
from ocr.pdf_text import read_pdf_words
from ocr.raster_image import Pixels
from ocr.raster_pdf import TextLayer
from ocr.rasterize import RasterPage, rasterize_page
from ocr.tesseract_api import get_orientation_detector, get_tesserocr
from ocr.tesseract_cli import PytesseractEngine

cv2.setNumThreads(1)  # there is a worker for each core: threads on top of that only get in the way

ENGINES = ("tesserocr", "pytesseract")
"""Names of the reading engines."""
_RELIABLE_CONFIDENCE = 0.65
"""Mean word confidence from which a page counts as reliably read."""
_MIN_CONFIDENCE = 0.05
_SPARSE_PAGE = 0.6
"""Mean confidence under which a page is read a second time, as scattered words."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How pages are read."""

    reading: Reading = Reading.BALANCED
    languages: str = "eng"
    engine: str = ENGINES[0]


@dataclass(slots=True)
class _Stopwatch:
    stages: list[StageSeconds] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.stages.append(StageSeconds(name, perf_counter() - started))


def get_engine(options: ReadOptions) -> OcrEngine:
    """Return this process's engine.

    Raises:
        UsageError: its program or models are not on this machine.
    """
    if options.engine == "pytesseract":
        return PytesseractEngine(options.languages)
    return get_tesserocr(options.languages)


def preload_engine(options: ReadOptions) -> None:
    """Load engine and models now, so that processes forked from this one share them."""
    if options.engine == ENGINES[0]:
        get_tesserocr(options.languages).load()
    get_orientation_detector().load()


def read_page(path: Path, page: int, *, options: ReadOptions) -> PageReading:
    """Read one page of a file.

    Args:
        path: a PDF, TIFF, JPEG or PNG file.
        page: from 1.
        options: how.

    Raises:
        PageRefused: the page cannot be had, or took too long.
    """
    watch = _Stopwatch()
    with watch.stage("rasterize"):
        raster = rasterize_page(path, page)
    if raster.text_layer is TextLayer.SHOWN:
        with watch.stage("pdf_text"):
            words = order_words(read_pdf_words(path, page))
        if words:
            return _read_born_digital(raster, words, watch)
    return _read_image(raster, get_engine(options), watch)


def _read_born_digital(raster: RasterPage, words: tuple[Word, ...], watch: _Stopwatch) -> PageReading:
    """Take the page's own text; it stands as its viewer shows it."""
    with watch.stage("barcodes"):
        barcodes = find_barcodes(raster.image)
    return PageReading(
        source=PageSource.PDF,
        words=words,
        rotation=0,
        skew=0.0,
        blank=False,
        quality=PageQuality(raster.dpi, measure_ink(raster.image).ink, 1.0, 1.0, reliable=True),
        width=raster.image.shape[1],
        height=raster.image.shape[0],
        barcodes=barcodes,
        stages=tuple(watch.stages),
        engine="pdfplumber",
    )


def _read_image(raster: RasterPage, engine: OcrEngine, watch: _Stopwatch) -> PageReading:
    """Turn, straighten and read a page's image."""
    with watch.stage("blank"):
        measure = measure_ink(raster.image)
        tone = measure_tone(raster.image)
    if measure.is_blank:
        return _blank_reading(raster, measure.ink, tone, engine, watch)
    with watch.stage("orient"):
        letters = find_letters(raster.image)
        upright = find_upright(raster.image, letters=letters, dpi=raster.dpi, engine=engine)
        image = turn_page(raster.image, upright.rotation)
    with watch.stage("deskew"):
        skew = estimate_skew(image).degrees
        image = deskew_page(image, skew)
    with watch.stage("barcodes"):
        barcodes = find_barcodes(image)
    with watch.stage("clean"):
        cleaned = _clean(image, tone, letters, dpi=raster.dpi)
    with watch.stage("ocr"):
        words = _read_words(cleaned, engine, dpi=raster.dpi * cleaned.shape[1] / image.shape[1])
    confidence = float(np.mean([word.confidence for word in words])) if words else 0.0
    reliable = upright.rotation is not None and confidence >= _RELIABLE_CONFIDENCE
    return PageReading(
        source=PageSource.OCR,
        words=words,
        rotation=upright.rotation,
        skew=skew,
        blank=False,
        quality=PageQuality(
            raster.dpi, measure.ink, min(1.0, tone.contrast / 255), measure_sharpness(image), reliable
        ),
        width=image.shape[1],
        height=image.shape[0],
        barcodes=barcodes,
        stages=tuple(watch.stages),
        engine=engine.name,
    )


def _blank_reading(
    raster: RasterPage, ink: float, tone: PageTone, engine: OcrEngine, watch: _Stopwatch
) -> PageReading:
    return PageReading(
        source=PageSource.OCR,
        words=(),
        rotation=0,
        skew=0.0,
        blank=True,
        quality=PageQuality(raster.dpi, ink, min(1.0, tone.contrast / 255), 0.0, reliable=True),
        width=raster.image.shape[1],
        height=raster.image.shape[0],
        stages=tuple(watch.stages),
        engine=engine.name,
    )


def _clean(image: Pixels, tone: PageTone, letters: Letters, *, dpi: float) -> Pixels:
    """Prepare a page for reading only."""
    cleaned = level_paper(smooth_noise(image, tone, dpi=dpi), tone)
    cleaned = remove_rules(cleaned, letter=letters.height)
    return scale_letters(cleaned, letter=letters.height)


def _read_words(image: Pixels, engine: OcrEngine, *, dpi: float) -> tuple[Word, ...]:
    """Read as prose; a page that reads badly so is read as scattered words, and the better one counts."""
    words = _keep_words(engine.read_words(image, dpi=dpi, mode=PageMode.PROSE))
    if _weigh(words) and float(np.mean([word.confidence for word in words])) >= _SPARSE_PAGE:
        return order_words(words)
    scattered = _keep_words(engine.read_words(image, dpi=dpi, mode=PageMode.SPARSE))
    return order_words(words if _weigh(words) >= _weigh(scattered) else scattered)


def _weigh(words: list[Word]) -> float:
    """Return how much was read: letters by their confidence."""
    return sum(len(word.text) * word.confidence for word in words)


def _keep_words(words: tuple[Word, ...]) -> list[Word]:
    """Drop what is no word: blobs of marks read with little confidence."""
    return [
        word
        for word in words
        if word.confidence >= _MIN_CONFIDENCE
        and (word.confidence >= 0.5 or any(letter.isalnum() for letter in word.text))
    ]


def measure_sharpness(image: Pixels) -> float:
    """Return the relative strength of edges, 0..1: the largest step of gray beside the range of grays."""
    low, high = np.percentile(image[::4, ::4], (1, 99))
    if high - low < 1:
        return 0.0
    edges = np.abs(cv2.Sobel(image, cv2.CV_32F, 1, 0, ksize=3)) / 8
    return float(min(1.0, np.percentile(edges[::2, ::2], 99.5) / (high - low)))
