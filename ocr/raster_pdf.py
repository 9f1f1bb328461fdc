"""Renders a page of a PDF file. Only ever called in a child process (``ocr.sandbox``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from ocr.pdf_open import open_pdf
from ocr.raster_image import Pixels

_POINTS_PER_INCH = 72.0
_MAX_OBJECTS = 20_000
"""Page objects that are looked at; a scan has few, a drawing has no native resolution."""

_ROUND_DOWN = 1 - 1e-6
"""Keeps 3300.0000001 from being rendered as 3301 rows, which would resample a scan."""

_FULL_PAGE = 0.8
"""Share of the page that images cover where the page is a scan."""
_USEFUL_IMAGE = 0.02
"""Share of the page from which the resolution of an image counts."""
_NATIVE_DPI = (60.0, 1.5)
"""Lowest native resolution that is taken, and highest as a multiple of the one asked for."""
_HIDDEN_MODES = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}


class TextLayer(StrEnum):
    """What text a page carries beside its looks."""

    NONE = "none"
    HIDDEN = "hidden"
    """Only text that nobody sees, such as what other software read from the scan under or over it."""
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a page is made of."""

    text: TextLayer
    image_share: float
    """Share of the page that images cover, 0..1."""
    scan_dpi: float | None
    """Resolution of the image that fills the page; None where nothing or something else does."""


def render_page(
    path: Path, page: int, *, dpi: float, max_pixels: int, color: bool, repair: bool
) -> tuple[Pixels, float, TextLayer, float]:
    """Return the pixels of a page, their dots per inch, its text layer, and the share images cover.

    A page that is one scanned image is rendered at the resolution of that image, if it is near ``dpi``
    or below: nothing is won by stretching it here.

    Args:
        path: the file.
        page: from 1.
        dpi: what is asked for; lowered to keep within ``max_pixels``.
        max_pixels: of the page image.
        color: RGB; else gray.
        repair: open what qpdf makes of the file.

    Raises:
        FileRefused: encrypted or broken_file.
        PageRefused: page_unreadable or page_too_large.
    """
    document = open_pdf(path, repair=repair)
    if not 1 <= page <= len(document):
        raise PageRefused(Reason.PAGE_UNREADABLE)
    try:
        sheet = document[page - 1]
        contents = _look_inside(sheet)
        if contents.scan_dpi and _NATIVE_DPI[0] <= contents.scan_dpi <= _NATIVE_DPI[1] * dpi:
            dpi = contents.scan_dpi
        dpi = _bearable_dpi(sheet, dpi, max_pixels)
        bitmap = sheet.render(
            scale=dpi / _POINTS_PER_INCH * _ROUND_DOWN,
            grayscale=not color,
            rev_byteorder=color,
            limit_image_cache=True,
        )
    except pypdfium2.PdfiumError:
        raise PageRefused(Reason.PAGE_UNREADABLE) from None
    pixels = np.array(bitmap.to_numpy(), dtype=np.uint8, copy=True)
    pixels = pixels[..., :3] if pixels.ndim == 3 else pixels
    return pixels, dpi, contents.text, contents.image_share


def _bearable_dpi(sheet: pypdfium2.PdfPage, dpi: float, max_pixels: int) -> float:
    """Lower the resolution until the page image is small enough."""
    width, height = (side / _POINTS_PER_INCH for side in sheet.get_size())
    if width <= 0 or height <= 0:
        raise PageRefused(Reason.PAGE_UNREADABLE)
    most = (max_pixels / (width * height)) ** 0.5
    if most < 36:  # letters of a form would have three pixels
        raise PageRefused(Reason.PAGE_TOO_LARGE)
    return min(dpi, float(most))


def _look_inside(sheet: pypdfium2.PdfPage) -> _Contents:
    """Look through the page's objects, those in forms included."""
    left, bottom, right, top = sheet.get_bbox()
    area = max((right - left) * (top - bottom), 1e-6)
    covered = best_dpi = 0.0
    shown = hidden = drawn = 0
    wanted = [pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]
    for count, item in enumerate(sheet.get_objects(filter=wanted)):
        if count > _MAX_OBJECTS:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            matrix = item.get_matrix()
            width, height = item.get_px_size()
            across, down = hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d)
            share = across * down / area
            covered += share
            if share >= _FULL_PAGE:  # what was written before lies under it
                shown, hidden = 0, hidden + shown
            if share >= _USEFUL_IMAGE:
                density = max(width / across, height / down) * _POINTS_PER_INCH
                best_dpi = max(best_dpi, density)
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            drawn += 1
        elif pdfium.FPDFTextObj_GetTextRenderMode(item) in _HIDDEN_MODES:
            hidden += 1
        else:
            shown += 1
    text = TextLayer.SHOWN if shown else TextLayer.HIDDEN if hidden else TextLayer.NONE
    is_scan = covered >= _FULL_PAGE and not shown
    return _Contents(text, min(1.0, covered), best_dpi if is_scan and best_dpi else None)
