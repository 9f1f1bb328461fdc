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
from ocr.limits import RasterLimits
from ocr.pdf_open import open_page
from ocr.pdf_scan import take_jpeg_scan
from ocr.pdf_single import has_whole_contents, says_something
from ocr.raster_image import Pixels, make_square

_POINTS_PER_INCH = 72.0
_MAX_OBJECTS = 20_000
"""Page objects that are looked at; a scan has few, a drawing has no native resolution."""

_ROUND_DOWN = 1 - 1e-6
"""Keeps 3300.0000001 from being rendered as 3301 rows, which would resample a scan."""
_EDGE = 0.005
"""Part of the page's side by which the image of a scan may miss or pass its edge."""

_FULL_PAGE = 0.8
"""Share of the page that images cover where the page is a scan."""
_USEFUL_IMAGE = 0.02
"""Share of the page from which the resolution of an image counts."""
_NATIVE_DPI = (60.0, 1.5)
"""Lowest native resolution that is taken, and highest as a multiple of the one asked for."""
_VIEWER_FORMS = {pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND}
"""Forms whose pages are laid out by Adobe's viewers alone."""
_MAX_NOTES = 500
_SILENT_NOTES = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}
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
    grid: tuple[int, int] | None
    """Pixels across and down of the one image that fills the page to its edges, as the page is shown."""
    shown: int
    """Text objects that should be seen."""
    pictures: tuple[pypdfium2.PdfObject, ...]


def render_page(
    path: Path, page: int, *, dpi: float, limits: RasterLimits, color: bool, repair: bool
) -> tuple[Pixels, float, TextLayer, float]:
    """Return the pixels of a page, their dots per inch, its text layer, and the share images cover.

    A page that is one scanned image comes as that image, pixel for pixel, so it may be larger than asked
    for; one of several images is rendered at their resolution, if that is near ``dpi`` or below.

    Args:
        path: the file.
        page: from 1.
        dpi: what is asked for; lowered to keep within the limits, but for a scan that is taken as it is.
        limits: of the page image and of one that is decoded.
        color: RGB; else gray.
        repair: open what qpdf makes of the file.

    Raises:
        FileRefused: encrypted or broken_file.
        PageRefused: page_unreadable or page_too_large.
    """
    try:
        sheet = open_page(path, page, repair=repair)
        contents = _look_inside(sheet)
        scan = (
            None if repair else _take_scan(sheet, contents, path, page, dpi=dpi, limits=limits, color=color)
        )
        pixels, dpi = scan or _render(sheet, contents, dpi=dpi, limits=limits, color=color)
    except pypdfium2.PdfiumError:
        raise PageRefused(Reason.PAGE_UNREADABLE) from None
    if _is_plain(pixels):
        misses_text = contents.shown > 0 and says_something(path, page)
        is_left_to_viewer = sheet.pdf.get_formtype() in _VIEWER_FORMS
        if (
            misses_text
            or is_left_to_viewer
            or _misses_pictures(contents)
            or not has_whole_contents(path, page)
        ):
            raise PageRefused(Reason.PAGE_UNREADABLE)  # it would pass for a blank page
    return pixels, dpi, contents.text, contents.image_share


def _is_plain(pixels: Pixels) -> bool:
    """Say whether all pixels are alike; a few of them show of most pages that they are not."""
    few = pixels[:: max(1, len(pixels) // 64)]
    return bool(few.min() == few.max() and pixels.min() == pixels.max())


def _take_scan(
    sheet: pypdfium2.PdfPage,
    contents: _Contents,
    path: Path,
    page: int,
    *,
    dpi: float,
    limits: RasterLimits,
    color: bool,
) -> tuple[Pixels, float] | None:
    """Return the picture itself of a page that is one upright JPEG picture, with its dots per inch."""
    if not _is_taken_whole(contents, dpi=dpi, limits=limits, color=color) or not contents.grid:
        return None
    matrix = contents.pictures[0].get_matrix()
    if matrix.a <= 0 or matrix.d <= 0 or sheet.pdf.get_formtype() != pdfium.FORMTYPE_NONE:
        return None
    size, turn = contents.pictures[0].get_px_size(), sheet.get_rotation()
    pixels = take_jpeg_scan(path, page, size=size, turn=turn, color=color)
    return None if pixels is None else _with_square_pixels(pixels, sheet, contents.grid)


def _is_taken_whole(contents: _Contents, *, dpi: float, limits: RasterLimits, color: bool) -> bool:
    """Say whether the page is one scan that comes pixel for pixel."""
    if not contents.grid or not contents.scan_dpi or contents.scan_dpi < _NATIVE_DPI[0]:
        return False
    is_borne = contents.grid[0] * contents.grid[1] <= limits.decoded_pixels
    return is_borne and (contents.scan_dpi <= _NATIVE_DPI[1] * dpi or not color)


def _render(
    sheet: pypdfium2.PdfPage, contents: _Contents, *, dpi: float, limits: RasterLimits, color: bool
) -> tuple[Pixels, float]:
    """Return the pixels and their dots per inch: those of the scan itself, if the page is one."""
    if contents.grid and _is_taken_whole(contents, dpi=dpi, limits=limits, color=color):
        return _render_on_grid(sheet, contents.grid, color=color)
    scan_dpi = contents.scan_dpi
    if scan_dpi and _NATIVE_DPI[0] <= scan_dpi <= _NATIVE_DPI[1] * dpi:
        dpi = scan_dpi
    dpi = _bearable_dpi(sheet, dpi, limits.pixels)
    bitmap = sheet.render(
        scale=dpi / _POINTS_PER_INCH * _ROUND_DOWN,
        grayscale=not color,
        rev_byteorder=color,
        limit_image_cache=True,
    )
    return _pixels_of(bitmap), dpi


def _render_on_grid(sheet: pypdfium2.PdfPage, grid: tuple[int, int], *, color: bool) -> tuple[Pixels, float]:
    """Render so that each pixel of the scan becomes one pixel; whatever else is drawn comes along."""
    width, height = grid
    across, down = width / sheet.get_width(), height / sheet.get_height()
    form = pdfium.FPDFBitmap_BGR if color else pdfium.FPDFBitmap_Gray
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, form)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    matrix = pdfium.FS_MATRIX(across * _ROUND_DOWN, 0, 0, down * _ROUND_DOWN, 0, 0)
    flags = pdfium.FPDF_REVERSE_BYTE_ORDER if color else pdfium.FPDF_GRAYSCALE
    flags |= pdfium.FPDF_RENDER_LIMITEDIMAGECACHE
    pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, sheet, matrix, pdfium.FS_RECTF(0, 0, width, height), flags)
    return _with_square_pixels(_pixels_of(bitmap), sheet, grid)


def _with_square_pixels(
    pixels: Pixels, sheet: pypdfium2.PdfPage, grid: tuple[int, int]
) -> tuple[Pixels, float]:
    """Return the pixels of a scan, made square, and their dots per inch."""
    across, down = grid[0] / sheet.get_width(), grid[1] / sheet.get_height()
    return make_square(pixels, across, down), max(across, down) * _POINTS_PER_INCH


def _pixels_of(bitmap: pypdfium2.PdfBitmap) -> Pixels:
    """Return a copy of a bitmap's pixels, gray or of three colours."""
    pixels = np.array(bitmap.to_numpy(), dtype=np.uint8, copy=True)
    if pixels.ndim == 2:
        return pixels
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels[..., :3]


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
    shown = hidden = 0
    pictures: list[pypdfium2.PdfObject] = []
    wanted = [pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE]
    for count, item in enumerate(sheet.get_objects(filter=wanted)):
        if count > _MAX_OBJECTS:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(item)
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
        elif pdfium.FPDFTextObj_GetTextRenderMode(item) in _HIDDEN_MODES:
            hidden += 1
        else:
            shown += 1
    is_scan = covered >= _FULL_PAGE and not shown
    is_noted = _has_notes(sheet)
    text = TextLayer.SHOWN if shown or is_noted else TextLayer.HIDDEN if hidden else TextLayer.NONE
    return _Contents(
        text=text,
        image_share=min(1.0, covered),
        scan_dpi=best_dpi if is_scan and best_dpi else None,
        grid=_find_grid(sheet, pictures[0]) if is_scan and len(pictures) == 1 and not is_noted else None,
        shown=shown,
        pictures=tuple(pictures),
    )


def _misses_pictures(contents: _Contents) -> bool:
    """Say whether a picture of the page cannot be decoded."""
    try:
        for picture in contents.pictures:
            picture.get_bitmap()
    except pypdfium2.PdfiumError:
        return True
    return False


def _has_notes(sheet: pypdfium2.PdfPage) -> bool:
    """Say whether form fields, stamps or the like lie on the page; their text is not in its contents."""
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(sheet), _MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(sheet, number)
        if note:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            pdfium.FPDFPage_CloseAnnot(note)
            if kind not in _SILENT_NOTES:
                return True
    return False


def _find_grid(sheet: pypdfium2.PdfPage, picture: pypdfium2.PdfObject) -> tuple[int, int] | None:
    """Return the pixels across and down, as shown, of an image that lies straight on the whole page."""
    matrix = picture.get_matrix()
    turned = abs(matrix.a) + abs(matrix.d) < abs(matrix.b) + abs(matrix.c)
    slant = (matrix.a, matrix.d) if turned else (matrix.b, matrix.c)
    left, bottom, right, top = sheet.get_bbox()
    bounds = picture.get_bounds()
    margins = [
        abs(mine - its) / side
        for mine, its, side in zip(
            bounds, (left, bottom, right, top), (right - left, top - bottom) * 2, strict=True
        )
    ]
    if max(abs(value) for value in slant) > _EDGE or max(margins) > _EDGE:
        return None
    width, height = picture.get_px_size()
    return (height, width) if turned != (sheet.get_rotation() in (90, 270)) else (width, height)
