"""Turns a page of any file into pixels, as a viewer shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from backfile.domain.reasons import Reason
from backfile.errors import FileRefused, PageRefused
from ocr.kinds import HEAD_BYTES, FileKind, sniff_kind
from ocr.limits import RASTER_LIMITS, RasterLimits
from ocr.raster_image import Pixels, decode_page
from ocr.raster_pdf import TextLayer, render_page
from ocr.sandbox import run_limited

READING_DPI = 300.0
"""Dots per inch for reading; what Tesseract's models were trained at."""

_R = TypeVar("_R")

_MUCH_DENSER = 1.5
"""An image that has this many times the dots asked for is made smaller."""


@dataclass(frozen=True, slots=True)
class RasterPage:
    """A page as pixels."""

    image: Pixels
    """(height, width) gray or (height, width, 3) RGB; read-only."""
    dpi: float
    text_layer: TextLayer = TextLayer.NONE
    """Whether a PDF page carries text of its own."""
    image_share: float = 1.0
    """Share of the page that pictures cover, 0..1: a scan has 1, a born-digital page little."""


def rasterize_page(
    path: Path,
    page: int,
    *,
    dpi: float = READING_DPI,
    color: bool = False,
    limits: RasterLimits = RASTER_LIMITS,
) -> RasterPage:
    """Return a page of a file as pixels: turned as /Rotate or EXIF say, transparency on white.

    Args:
        path: a PDF or image file of any kind in ``ocr.kinds``.
        page: from 1.
        dpi: wished for. A scan keeps its own if that is lower or near; one page has as many pixels
            as ``limits`` allow, and so maybe a lower one.
        color: RGB; else gray.
        limits: of pixels, time and memory.

    Raises:
        PageRefused: page_unreadable, page_too_large or took_too_long.
        OSError: the file cannot be read at the moment.
    """
    return with_raster_page(path, page, _keep, dpi=dpi, color=color, limits=limits)


def with_raster_page(
    path: Path,
    page: int,
    use: Callable[[RasterPage], _R],
    *,
    dpi: float = READING_DPI,
    color: bool = False,
    limits: RasterLimits = RASTER_LIMITS,
) -> _R:
    """Return what ``use`` makes of a page's pixels, in the child process that decoded them.

    Args:
        path: a PDF or image file of any kind in ``ocr.kinds``.
        page: from 1.
        use: called in the child; what it returns must be small, and may be what ``run_limited`` carries.
        dpi: as for ``rasterize_page``.
        color: RGB; else gray.
        limits: of pixels, time and memory.

    Raises:
        PageRefused: page_unreadable, page_too_large or took_too_long.
        OSError: the file cannot be read at the moment.
    """
    path = path.absolute()
    with path.open("rb") as file:
        kind = sniff_kind(file.read(HEAD_BYTES))
    if kind is None:
        raise PageRefused(Reason.PAGE_UNREADABLE)
    if kind is not FileKind.PDF:
        return run_limited(
            partial(_use_image, use),
            path,
            kind,
            page,
            dpi,
            color,
            limits,
            limits=limits.child,
            refused=PageRefused,
        )
    try:
        return run_limited(
            partial(_use_pdf, use),
            path,
            page,
            dpi,
            color,
            limits,
            False,
            limits=limits.child,
            refused=PageRefused,
        )
    except PageRefused as refused:
        if refused.reason is not Reason.PAGE_UNREADABLE:
            raise
    # PDFium may have died of the file as it is; qpdf's copy of it is often sound.
    return run_limited(
        partial(_use_pdf, use), path, page, dpi, color, limits, True, limits=limits.child, refused=PageRefused
    )


def _keep(raster: RasterPage) -> RasterPage:
    return raster


def _use_image(
    use: Callable[[RasterPage], _R],
    path: Path,
    kind: FileKind,
    page: int,
    dpi: float,
    color: bool,
    limits: RasterLimits,
) -> _R:
    """In the child."""
    return use(_rasterize_image(path, kind, page, dpi, color, limits))


def _use_pdf(
    use: Callable[[RasterPage], _R],
    path: Path,
    page: int,
    dpi: float,
    color: bool,
    limits: RasterLimits,
    repair: bool,
) -> _R:
    """In the child."""
    return use(_rasterize_pdf(path, page, dpi, color, limits, repair))


def _rasterize_image(
    path: Path, kind: FileKind, page: int, dpi: float, color: bool, limits: RasterLimits
) -> RasterPage:
    """Decode."""
    pixels, has = decode_page(path, kind, page, max_pixels=limits.decoded_pixels, color=color)
    return RasterPage(*_fit(pixels, has, dpi, limits))


def _fit(pixels: Pixels, has: float, dpi: float, limits: RasterLimits) -> tuple[Pixels, float]:
    """Make smaller what is much denser than asked for or larger than is borne; return its dots per inch."""
    height, width = pixels.shape[:2]
    scale = min(1.0, (limits.pixels / (width * height)) ** 0.5)
    if has > _MUCH_DENSER * dpi:
        scale = min(scale, dpi / has)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return pixels, has * scale


def _rasterize_pdf(
    path: Path, page: int, dpi: float, color: bool, limits: RasterLimits, repair: bool
) -> RasterPage:
    """Render."""
    try:
        pixels, has, text, image_share = render_page(
            path, page, dpi=dpi, limits=limits, color=color, repair=repair
        )
    except FileRefused as refused:
        same = refused.reason in (Reason.TOOK_TOO_LONG, Reason.PAGE_TOO_LARGE)
        raise PageRefused(refused.reason if same else Reason.PAGE_UNREADABLE) from None
    return RasterPage(*_fit(pixels, has, dpi, limits), text, image_share)
