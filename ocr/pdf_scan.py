"""Takes the JPEG picture of a page that is nothing else. Only ever called in a child (``ocr.sandbox``).

PDFium draws such a page in four times the time that libjpeg takes to decode the picture. Whatever is not
plainly one whole picture, drawn once and as it is, is left to PDFium, and so is one that is damaged.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from ocr.raster_image import Pixels

_OPERATORS = {"q", "Q", "cm", "Do"}
_MAX_CONTENTS = 2000
"""Bytes that draw a page which is one picture; more may draw anything."""
_KEYS = {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/Length",
    "/Name", "/Interpolate", "/Intent", "/Metadata", "/DL",
}  # fmt: skip
"""What a picture may say of itself that does not change how it looks. Masks, decode arrays and layers do."""
_MODES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
_FILTERS = {"/DCTDecode", "/DCT"}


def take_jpeg_scan(path: Path, page: int, *, size: tuple[int, int], turn: int, color: bool) -> Pixels | None:
    """Return the pixels of the one JPEG picture of a page; None where there is more to it.

    Args:
        path: the file.
        page: from 1.
        size: width and height that the picture must have; it fills the page.
        turn: clockwise degrees by which a viewer turns the page.
        color: RGB; else gray.
    """
    try:
        with pikepdf.open(path) as pdf:
            picture = _find_picture(pdf.pages[page - 1])
            if picture is None:
                return None
            mode, data = _MODES[str(picture.ColorSpace)], picture.read_raw_bytes()
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError):
        return None
    pixels = _decode(data, mode=mode, size=size, color=color)
    if pixels is None or turn == 0:
        return pixels
    return np.ascontiguousarray(np.rot90(pixels, k=-(turn // 90)))


def _find_picture(sheet: pikepdf.Page) -> pikepdf.Object | None:
    """Return the picture that the page's contents draw, and draw plainly."""
    contents = sheet.obj.get("/Contents")
    if not isinstance(contents, pikepdf.Stream) or len(contents.read_bytes()) > _MAX_CONTENTS:
        return None
    drawn = []
    for instruction in pikepdf.parse_content_stream(contents):
        if str(instruction.operator) not in _OPERATORS:
            return None
        if str(instruction.operator) == "Do":
            drawn.append(str(instruction.operands[0]))
    resources = sheet.obj.get("/Resources")
    if len(drawn) != 1 or resources is None or "/ColorSpace" in resources:
        return None  # default colour spaces would stand for the device's
    picture = resources.XObject[drawn[0]]
    if not isinstance(picture, pikepdf.Stream) or set(picture.keys()) - _KEYS:
        return None
    is_jpeg = str(picture.get("/Filter")) in _FILTERS and int(picture.get("/BitsPerComponent", 0)) == 8
    return picture if is_jpeg and str(picture.get("/ColorSpace")) in _MODES else None


def _decode(data: bytes, *, mode: str, size: tuple[int, int], color: bool) -> Pixels | None:
    """Return the picture's pixels; None where it is damaged, or not what was said of it."""
    Image.MAX_IMAGE_PIXELS = None  # the page was measured before
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.mode != mode or image.size != size:
                return None
            if not color:
                image.draft("L", size)  # brightness is what is stored; colours need not be made of it
            return np.asarray(image.convert("RGB" if color else "L"))
    except MemoryError:
        raise
    except Exception:  # decoders let through all kinds
        return None
