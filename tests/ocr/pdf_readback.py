"""Reads a searchable PDF back as other programs do: words with places, pictures, pages as pixels."""

from __future__ import annotations

import ctypes
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pdfplumber
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import ImageDraw

from backfile.domain.geometry import Box
from backfile.domain.page import PageQuality, PageReading, PageSource, Word
from ocr.pdf_export import ExportedPdf, PdfAbout, SourcePage, write_searchable_pdf
from ocr.raster_image import Pixels

_FINE = 100_000
"""Parts of a page in which PDFium is asked for places."""
ABOUT = PdfAbout(
    title="Progress note",
    identifier="doc_1",
    made_at=dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC),
    service_date="2019-03-02",
    sources=("sha256:00 page 1",),
    version="0.1.0",
)


def export(
    pages: Sequence[SourcePage], folder: Path, *, name: str = "export.pdf"
) -> tuple[Path, ExportedPdf]:
    """Write a document in a folder of one's own."""
    target = folder / name
    return target, write_searchable_pdf(pages, target, about=ABOUT)


def reading_of(
    words: Sequence[tuple[str, Box]],
    *,
    size: tuple[int, int],
    dpi: float,
    rotation: int | None = 0,
    skew: float = 0.0,
    source: PageSource = PageSource.OCR,
    confidence: float = 0.9,
) -> PageReading:
    """Return a reading of these words, one a line; ``size`` is that of the upright page in pixels."""
    read = tuple(Word(text, box, confidence, line) for line, (text, box) in enumerate(words))
    quality = PageQuality(dpi=dpi, ink=0.1, contrast=1.0, sharpness=1.0, reliable=True)
    return PageReading(source, read, rotation, skew, False, quality, size[0], size[1])


def words_by_pdfplumber(path: Path, page: int = 1) -> list[tuple[str, Box]]:
    """Return the words in the order of the contents, with boxes relative to the page as it is shown."""
    with pdfplumber.open(path) as pdf:
        sheet = pdf.pages[page - 1]
        width, height = float(sheet.width), float(sheet.height)
        return [
            (
                str(word["text"]),
                (word["x0"] / width, word["top"] / height, word["x1"] / width, word["bottom"] / height),
            )
            for word in sheet.extract_words(use_text_flow=True, x_tolerance=1.5)
        ]


def text_box_by_pdfium(path: Path, page: int = 1) -> Box:
    """Return the box around all text of a page, relative to what a viewer shows of it."""
    xs, ys = [], []
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        text = sheet.get_textpage()
        for number in range(text.count_chars()):
            if text.get_text_range(number, 1).isspace():
                continue
            left, bottom, right, top = text.get_charbox(number, loose=True)
            for point in ((left, bottom), (right, top)):
                x, y = ctypes.c_int(), ctypes.c_int()
                pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, _FINE, _FINE, 0, *point, x, y)
                xs.append(x.value / _FINE)
                ys.append(y.value / _FINE)
    return (min(xs), min(ys), max(xs), max(ys))


def text_by_pdfium(path: Path, page: int = 1) -> str:
    """Return what one gets who marks everything in Chromium and copies it."""
    with pypdfium2.PdfDocument(path) as document:
        return str(document[page - 1].get_textpage().get_text_range())


def picture_bytes(path: Path) -> list[bytes]:
    """Return the stored bytes of every picture, in the order in which the file numbers them."""
    with pikepdf.open(path) as pdf:
        return [
            item.read_raw_bytes()
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]


def render_page(path: Path, page: int = 1, *, dpi: float = 72.0) -> Pixels:
    """Return what a viewer shows, as RGB."""
    with pypdfium2.PdfDocument(path) as document:
        shown = document[page - 1].render(scale=dpi / 72 * (1 - 1e-6)).to_pil().convert("RGB")
        return np.asarray(shown, dtype=np.uint8)


def show_text_layer(path: Path, target: Path, page: int = 1, *, dpi: float = 100.0) -> None:
    """Draw the page with a frame around each word of its text, for a person to look at."""
    with pypdfium2.PdfDocument(path) as document:
        image = document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    draw = ImageDraw.Draw(image)
    for _, (x0, y0, x1, y1) in words_by_pdfplumber(path, page):
        corners = (x0 * image.width, y0 * image.height, x1 * image.width, y1 * image.height)
        draw.rectangle(corners, outline=(220, 0, 0))
    image.save(target)
