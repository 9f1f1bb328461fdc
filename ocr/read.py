"""Reads a page of a file: the facade of this room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from backfile.domain.page import PageReading
from backfile.errors import PageRefused, UsageError
from backfile.settings import Reading
from ocr.engine import OcrEngine
from ocr.pdf_text import read_pdf_text
from ocr.probe import probe_file
from ocr.raster_pdf import TextLayer
from ocr.rasterize import rasterize_page
from ocr.read_digital import read_digital
from ocr.read_image import read_image
from ocr.stopwatch import Stopwatch
from ocr.tesseract_api import get_orientation_detector, get_tesserocr
from ocr.tesseract_cli import get_pytesseract

__all__ = ["ENGINES", "ReadOptions", "get_engine", "preload_engine", "read_file", "read_page"]

# There is a worker for each core; and OpenCV's threads do not survive the forks of ocr.sandbox.
cv2.setNumThreads(1)

ENGINES = ("tesserocr", "pytesseract")
"""Names of the reading engines: Tesseract's library, and the site's own command."""


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
        return get_pytesseract(options.languages)
    raise UsageError(
        f"There is no reading engine {options.engine!r}.", next_step=f"Use one of {', '.join(ENGINES)}."
    )


def preload_engine(options: ReadOptions) -> None:
    """Load engine and models now, so that processes forked from this one share them.

    Raises:
        UsageError: the program or a model is not on this machine.
    """
    engine = get_engine(options)
    if options.engine == "tesserocr":
        get_tesserocr(options.languages).load()
    _ = engine.name
    get_orientation_detector().load()


def read_page(path: Path, page: int, *, options: ReadOptions, engine: OcrEngine | None = None) -> PageReading:
    """Read one page of a file.

    Args:
        path: a PDF, TIFF, JPEG or PNG file.
        page: from 1.
        options: how.
        engine: that recognises words; None: the one that the options name.

    Raises:
        PageRefused: page_unreadable, page_too_large or took_too_long.
        OSError: the file cannot be read at the moment.
        UsageError: the engine is not on this machine.
    """
    engine = engine or get_engine(options)
    watch = Stopwatch()
    with watch.stage("rasterize"):
        raster = rasterize_page(path, page)
    if raster.text_layer is TextLayer.SHOWN:
        with watch.stage("pdf_text"):
            text = read_pdf_text(path, page)
        if text is not None:
            digital = read_digital(raster, text, engine=engine, reading=options.reading, watch=watch)
            if digital is not None:
                return digital
    return read_image(raster, engine=engine, reading=options.reading, watch=watch)


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
