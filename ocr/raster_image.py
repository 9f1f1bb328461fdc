"""Decodes a page of an image file. Only ever called in a child process (``ocr.sandbox``).

The page comes as a viewer shows it: turned as EXIF says, transparency on white, pixels square.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from backfile.domain.reasons import Reason
from backfile.errors import PageRefused
from ocr.image_open import ImageDamaged, ImageUnknown, find_tiff_page, open_frame, refuse_image
from ocr.kinds import FileKind
from ocr.tiff import WHITE_IS_ZERO

Pixels = NDArray[np.uint8]
"""(height, width) gray or (height, width, 3) RGB, 0 black to 255 white."""

_GRAY_MODES = {"1", "L"}
_DEEP_MODES = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
_DEPTHS = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""White of the depths in use: a 12-bit scanner writes 0..4095 into 16 bits."""
_PNG_WHITE = 65535.0
"""PNG files are scaled to all of their 16 bits (PNG specification, section 12.4)."""

_PHOTOMETRIC, _SAMPLE_FORMAT = 262, 339
_UNSIGNED = 1

_STANDARD_DPI = (72.0, 96.0, 100.0, 150.0, 200.0, 240.0, 300.0, 400.0, 600.0, 1200.0)
_PAPER_INCHES = (1.0, 17.5)
"""Shorter side of what lies on a scanner's glass: an insurance card to an A2 sheet."""
_SCREEN_DPI = 96.0
"""What software that knows of no paper writes; believed only where it makes a usual sheet."""
_USUAL_INCHES = 9.5
_LETTER_WIDTH_INCHES = 8.5
_SQUARE_TOLERANCE = 0.03
_FAX_RATIO = 2.5
"""Fax modes have up to 204 by 98 dots per inch; a larger ratio is a false tag."""


def decode_page(
    path: Path, kind: FileKind, page: int, *, max_pixels: int, color: bool
) -> tuple[Pixels, float]:
    """Return the pixels of a page, and its dots per inch: those it states, or those of a letter sheet.

    Args:
        path: the file.
        kind: what it is.
        page: from 1.
        max_pixels: a larger image is not decoded.
        color: keep colours; else gray.

    Raises:
        PageRefused: page_unreadable, page_too_large or unsupported_image.
        OSError: the file cannot be read at the moment.
    """
    try:
        with open_frame(path, kind, page) as image:
            _check_size(image.width, image.height, max_pixels)
            stated = _stated_dpi(image)
            stored_size = image.size
            image.load()
            upright = ImageOps.exif_transpose(image)
            if upright.size != stored_size:  # TIFF images are turned as they load
                stated = stated[::-1]
            tags = getattr(image, "tag_v2", {})
            pixels = _to_pixels(
                upright, tags, color=color, white=_PNG_WHITE if kind is FileKind.PNG else None
            )
    except ImageDamaged as damaged:
        if kind is not FileKind.TIFF or not isinstance(damaged, ImageUnknown):
            raise refuse_image(path, kind, page) from None
        pixels, stated = _decode_by_opencv(path, page, max_pixels=max_pixels, color=color), (0.0, 0.0)
    return _make_square(pixels, stated)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise PageRefused(Reason.PAGE_TOO_LARGE)


def _stated_dpi(image: Image.Image) -> tuple[float, float]:
    """Return the file's own dots per inch across and down, 0 where it states none."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    if not (np.isfinite(across) and np.isfinite(down)):
        return 0.0, 0.0
    return across, down


def _to_pixels(image: Image.Image, tags: Mapping[int, Any], *, color: bool, white: float | None) -> Pixels:
    """Return the image as gray or RGB on white paper.

    Args:
        image: decoded.
        tags: of a TIFF page; empty for another.
        color: keep colours.
        white: the value of white in an image of more than 8 bits; None: unknown.
    """
    if image.mode in _DEEP_MODES:
        values = np.asarray(image)
        if values.dtype == np.int32 and tags.get(_SAMPLE_FORMAT, (1,))[0] == _UNSIGNED:
            values = values.view(np.uint32)
        pixels = _to_bytes(values, white=white)
        return 255 - pixels if tags.get(_PHOTOMETRIC) == WHITE_IS_ZERO else pixels
    if image.mode in _GRAY_MODES and "transparency" not in image.info:
        return np.asarray(image.convert("L"))
    if image.mode == "LAB":
        image = _lab_to_rgb(image)
    if image.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, image)
    rgb = np.asarray(image.convert("RGB"))
    return rgb if color else np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    """Convert from CIELab, as some TIFF files are stored."""
    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, rgb, outputMode="RGB")
    if converted is None:  # only where it is asked to change the image itself
        raise ImageDamaged
    return converted


def _to_bytes(values: NDArray[Any], *, white: float | None = None) -> Pixels:
    """Return values of any depth as 0..255."""
    floats = np.nan_to_num(values.astype(np.float32))
    if white is None:
        most = float(floats.max(initial=0.0))
        white = next((depth for depth in _DEPTHS if most <= depth), most)
    scaled: Pixels = np.clip(floats * (255.0 / white), 0, 255).astype(np.uint8)
    return scaled


def _decode_by_opencv(path: Path, page: int, *, max_pixels: int, color: bool) -> Pixels:
    """Decode what Pillow has no mode for, such as floating-point colours."""
    found = find_tiff_page(path, page)
    if found is None:
        raise PageRefused(Reason.PAGE_UNREADABLE)
    if not found.is_readable:  # OpenCV makes a black page of it
        raise PageRefused(Reason.UNSUPPORTED_IMAGE)
    _check_size(found.width, found.height, max_pixels)
    try:
        done, pages = cv2.imreadmulti(str(path), start=page - 1, count=1, flags=cv2.IMREAD_UNCHANGED)
    except cv2.error:
        done, pages = False, ()
    if not done or not pages or pages[0].ndim not in (2, 3):
        raise refuse_image(path, FileKind.TIFF, page)
    pixels = _to_bytes(np.asarray(pages[0]))
    if pages[0].dtype != np.uint8 and found.photometric == WHITE_IS_ZERO:
        pixels = 255 - pixels
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        share = pixels[..., 3:].astype(np.float32) / 255.0
        pixels = (pixels[..., :3] * share + 255.0 * (1.0 - share)).astype(np.uint8)
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if color else cv2.COLOR_BGR2GRAY))


def _make_square(pixels: Pixels, stated: tuple[float, float]) -> tuple[Pixels, float]:
    """Return the image with equal dots per inch across and down, as many as it has at its better side."""
    pixels = make_square(pixels, *stated)
    return pixels, _believable_dpi(pixels, max(stated))


def make_square(pixels: Pixels, across: float, down: float) -> Pixels:
    """Stretch the side with fewer dots per inch, as fax modes have, unless the ratio is false or near one."""
    ratio = across / down if across > 0 and down > 0 else 1.0
    if 1 / _FAX_RATIO <= ratio <= _FAX_RATIO and abs(ratio - 1) > _SQUARE_TOLERANCE:
        height, width = pixels.shape[:2]
        size = (width, round(height * ratio)) if ratio > 1 else (round(width / ratio), height)
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    return pixels


def _believable_dpi(pixels: Pixels, stated: float) -> float:
    """Return the stated dots per inch if they make a sheet of paper; else those of a letter sheet."""
    shorter = min(pixels.shape[:2])
    longest = _USUAL_INCHES if stated <= _SCREEN_DPI else _PAPER_INCHES[1]
    if stated > 0 and _PAPER_INCHES[0] <= shorter / stated <= longest:
        return stated
    guess = shorter / _LETTER_WIDTH_INCHES
    return min(_STANDARD_DPI, key=lambda dpi: abs(dpi / guess - 1))
