"""Makes the picture of a page that people look at: in colour, upright and straight.

It lies in exactly the frame in which all boxes are: the page as a viewer shows it, turned by its
rotation, straightened by its skew about the centre, canvas size kept. So a box of a word, times the
picture's width and height, is where the word stands.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ocr.deskew import deskew_page
from ocr.limits import RASTER_LIMITS, RasterLimits
from ocr.orient import turn_page
from ocr.raster_image import Pixels
from ocr.rasterize import RasterPage, with_raster_page

VIEW_WIDTH = 1700
"""Pixels across of a picture to read from: letter paper at 200 dpi."""
THUMB_WIDTH = 220
_VIEW_DPI = 200.0
_THUMB_DPI = 72.0
_VIEW_QUALITY = 80
_THUMB_QUALITY = 72

# OpenCV's threads do not survive the forks of ocr.sandbox.
cv2.setNumThreads(1)


def render_page_image(
    path: Path,
    page: int,
    *,
    rotation: int | None,
    skew: float | None,
    width: int = VIEW_WIDTH,
    limits: RasterLimits = RASTER_LIMITS,
) -> bytes:
    """Return a page as a JPEG picture.

    Args:
        path: a PDF or image file of any kind in ``ocr.kinds``.
        page: from 1.
        rotation: clockwise degrees as its reading says; None and 0 leave it as a viewer shows it.
        skew: degrees as its reading says, counter-clockwise positive; None: unknown, left as it is.
        width: most pixels across; a page that has fewer is not stretched.
        limits: of pixels, time and memory.

    Raises:
        PageRefused: page_unreadable, page_too_large or took_too_long.
        OSError: the file cannot be read at the moment.
    """
    (picture,) = render_page_images(path, page, rotation=rotation, skew=skew, widths=(width,), limits=limits)
    return picture


def render_page_images(
    path: Path,
    page: int,
    *,
    rotation: int | None,
    skew: float | None,
    widths: tuple[int, ...],
    limits: RasterLimits = RASTER_LIMITS,
) -> tuple[bytes, ...]:
    """Return a page as JPEG pictures of several widths, the file opened once; see ``render_page_image``."""
    draw = partial(_draw, rotation=(rotation or 0) % 360, skew=skew or 0.0, widths=widths)
    dpi = _VIEW_DPI if max(widths) > 2 * THUMB_WIDTH else _THUMB_DPI
    return with_raster_page(path, page, draw, dpi=dpi, color=True, limits=limits)


def _draw(raster: RasterPage, *, rotation: int, skew: float, widths: tuple[int, ...]) -> tuple[bytes, ...]:
    """In the child: make it small first, then turn it, which is quicker and gives the same picture."""
    pictures = []
    image = raster.image
    for width in sorted(widths, reverse=True):
        image = _fit(image, width, is_lying=rotation in (90, 270))
        picture = deskew_page(turn_page(image, rotation), skew)
        pictures.append(_encode(picture, _VIEW_QUALITY if width > 2 * THUMB_WIDTH else _THUMB_QUALITY))
    by_width = dict(zip(sorted(widths, reverse=True), pictures, strict=True))
    return tuple(by_width[width] for width in widths)


def _fit(image: Pixels, width: int, *, is_lying: bool) -> Pixels:
    """Make the image smaller until it is ``width`` across once it is turned."""
    high, wide = image.shape[:2]
    scale = width / (high if is_lying else wide)
    if scale >= 1.0:
        return image
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _encode(image: Pixels, quality: int) -> bytes:
    swapped = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    done, data = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()
