"""Reads a page of a file: the facade of this room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2

from backfile.domain.page import PageReading
from backfile.errors import PageRefused, UsageError
from backfile.settings import Reading
from ocr.attempt import Readers
from ocr.engine import LineReader, OcrEngine
from ocr.neighbours import get_neighbours
from ocr.pdf_text import read_pdf_text
from ocr.probe import probe_file
from ocr.rapid_ocr import RapidOcrEngine, get_rapid_ocr, reads_languages, uses_latin_letters
from ocr.raster_pdf import TextLayer
from ocr.rasterize import rasterize_page
from ocr.read_digital import read_digital
from ocr.read_image import read_image
from ocr.stopwatch import Stopwatch
from ocr.tesseract_api import TesserocrEngine, get_orientation_detector, get_tesserocr

__all__ = ["ENGINES", "ReadOptions", "get_engine", "preload_engine", "read_file", "read_page"]

# There is a worker for each core; and OpenCV's threads do not survive the forks of ocr.sandbox.
cv2.setNumThreads(1)

ENGINES = ("tesserocr", "pytesseract", "rapidocr")
"""Names of the reading engines: Tesseract's library, the site's own command, and the second reader alone."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How pages are read."""

    reading: Reading = Reading.BALANCED
    languages: str = "eng"
    """As Tesseract names them: "eng+spa"."""
    engine: str = ENGINES[0]


def get_engine(options: ReadOptions) -> OcrEngine:
    """Return this process's engine.

    Raises:
        UsageError: there is no engine of that name, or its program or models are not on this machine.
    """
    if options.engine == "tesserocr":
        return get_tesserocr(options.languages)
    if options.engine == "pytesseract":
        from ocr.tesseract_cli import get_pytesseract  # brings pandas along, which takes a second

        return get_pytesseract(options.languages)
    if options.engine == "rapidocr":
        return _get_rapid_ocr(options.languages)
    raise UsageError(
        f"There is no reading engine {options.engine!r}.", next_step=f"Use one of {', '.join(ENGINES)}."
    )


def _get_rapid_ocr(languages: str) -> RapidOcrEngine:
    if not reads_languages(languages):
        raise UsageError(
            f"RapidOCR's models do not read {languages!r}.", next_step="Use the engine tesserocr for it."
        )
    return get_rapid_ocr(latin=uses_latin_letters(languages))


def get_readers(options: ReadOptions, *, engine: OcrEngine | None = None) -> Readers:
    """Return who reads a page under these options.

    The second reader takes no part where it does not know the languages, and where it is the first.

    Args:
        options: how pages are read.
        engine: that recognises words; None: the one that the options name.

    Raises:
        UsageError: the engine is not on this machine.
    """
    first = engine or get_engine(options)
    wanted = options.reading is not Reading.FAST and options.engine != "rapidocr"
    second: LineReader | None = None
    if wanted and reads_languages(options.languages):
        second = _get_rapid_ocr(options.languages)
    return Readers(first, second, options.reading)


def preload_engine(options: ReadOptions) -> None:
    """Load engines and models now, so that processes forked from this one share them.

    Raises:
        UsageError: a program or a model is not on this machine.
    """
    readers = get_readers(options)
    for engine in (readers.first, readers.second):
        if isinstance(engine, TesserocrEngine | RapidOcrEngine):
            engine.load()
        if engine is not None:
            _ = engine.name
    get_orientation_detector().load()


def read_page(path: Path, page: int, *, options: ReadOptions, engine: OcrEngine | None = None) -> PageReading:
    """Read one page of a file.

    Args:
        path: a PDF or image file of any kind in ``ocr.kinds``.
        page: from 1.
        options: how.
        engine: that recognises words; None: the one that the options name.

    Raises:
        PageRefused: page_unreadable, page_too_large or took_too_long.
        OSError: the file cannot be read at the moment.
        UsageError: the engine is not on this machine.
    """
    readers = get_readers(options, engine=engine)
    watch = Stopwatch()
    with watch.stage("rasterize"):
        raster = rasterize_page(path, page)
    if raster.text_layer is TextLayer.SHOWN:
        with watch.stage("pdf_text"):
            text = read_pdf_text(path, page)
        if text is not None:
            digital = read_digital(raster, text, readers=readers, watch=watch)
            if digital is not None:
                return digital
    beside = partial(get_neighbours, path, page)
    return read_image(raster, readers=readers, watch=watch, get_neighbours=beside)


def read_file(path: Path, *, options: ReadOptions) -> Iterator[PageReading | PageRefused]:
    """Read all pages of a file in order; one that cannot be had gives why.

    Raises:
        FileRefused: no page can be had.
        OSError: the file cannot be read at the moment.
    """
    for page in range(1, probe_file(path).pages + 1):
        try:
            yield read_page(path, page, options=options)
        except PageRefused as refused:
            yield refused
