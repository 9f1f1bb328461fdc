"""A page's picture as a PDF holds it, and packing pixels without loss."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from ocr.pdf_frame import Matrix

DEFLATE_LEVEL = 6
_PNG_HEAD = 8
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1}
"""Samples a pixel of the colour types without an alpha channel: gray, RGB, palette."""
_DEPTHS = (1023, 4095, 16383, 65535)
"""White of the depths in use: a 12-bit scanner writes 0..4095 into 16 bits (as ``raster_image`` has it)."""


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A whole picture, or one strip or tile of it."""

    data: bytes
    """Compressed, as the PDF holds it."""
    width: int
    """Pixels."""
    height: int
    entries: dict[str, Any]
    """Of the image's dictionary: colour space, bits, filter."""
    left: int = 0
    """Pixels from the left of the whole picture."""
    top: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a page."""

    parts: tuple[PicturePart, ...]
    width: int
    """Pixels, as it is stored."""
    height: int
    orientation: int = 1
    """How it is to be shown, 1..8 (EXIF 2.3, tag 274)."""
    is_copied: bool = True
    """The coded bytes are those of the file."""


_SHOWN = {
    1: Matrix(1, 0, 0, 1, 0, 0),
    2: Matrix(-1, 0, 0, 1, 1, 0),
    3: Matrix(-1, 0, 0, -1, 1, 1),
    4: Matrix(1, 0, 0, -1, 0, 1),
    5: Matrix(0, -1, -1, 0, 1, 1),
    6: Matrix(0, -1, 1, 0, 0, 1),
    7: Matrix(0, 1, 1, 0, 0, 0),
    8: Matrix(0, 1, -1, 0, 1, 0),
}
"""From the unit square of a stored picture to that of the picture as it is shown, y upwards."""


def part_matrix(picture: Picture, part: PicturePart, size: tuple[float, float]) -> Matrix:
    """Return where a part is drawn on a page of a size (points) that the picture fills."""
    place = Matrix(
        part.width / picture.width,
        0,
        0,
        part.height / picture.height,
        part.left / picture.width,
        1 - (part.top + part.height) / picture.height,
    )
    return place.then(_SHOWN[picture.orientation]).then(Matrix(size[0], 0, 0, size[1]))


def pack_pixels(image: Image.Image) -> Picture | None:
    """Return an image packed without loss; None where its mode is none of paper.

    Black and white as fax Group 4, all else by Deflate; of two ways the smaller one.
    """
    match image.mode:
        case "1":
            return _pack_fax(image)
        case "L" | "RGB" | "P" if "transparency" not in image.info:
            return _smaller(_pack_png(image), _pack_plain(image) if image.mode != "P" else None)
        case "CMYK":
            return _pack_plain(image)
        case "I;16" | "I;16L" | "I;16B":
            return _pack_png(_spread_depth(image))
        case _:
            return None


def read_png(data: bytes) -> Picture | None:
    """Return the picture of a PNG file with its Deflate data as it is; None where a PDF cannot hold that.

    PDF knows PNG's predictors (ISO 32000-1, 7.4.4.4), not its interlacing and alpha channels.
    """
    chunks: dict[bytes, list[bytes]] = {}
    at = _PNG_HEAD
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        chunks.setdefault(name, []).append(data[at + 8 : at + 8 + length])
        at += 12 + length
    head = chunks.get(b"IHDR", [b""])[0]
    if len(head) != 13:
        return None
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    bits, color, _, _, interlaced = head[8:]
    if interlaced or color not in _PNG_SAMPLES:
        return None
    body = b"".join(chunks.get(b"IDAT", []))
    samples = _PNG_SAMPLES[color]
    if not _inflates_to(body, height * (1 + (width * samples * bits + 7) // 8)):
        return None
    clear = chunks.get(b"tRNS", [b""])[0]
    entries: dict[str, Any] = {
        "Filter": Name.FlateDecode,
        "DecodeParms": Dictionary(Predictor=15, Colors=samples, BitsPerComponent=bits, Columns=width),
        "BitsPerComponent": bits,
        "ColorSpace": Name.DeviceRGB if color == 2 else Name.DeviceGray,
    }
    if color == 3:
        entries["ColorSpace"] = _palette(chunks.get(b"PLTE", [b""])[0], clear)
    elif clear:  # one colour that is not painted: the white page shows
        values = [int.from_bytes(clear[n : n + 2], "big") for n in range(0, 2 * samples, 2)]
        entries["Mask"] = Array([value for value in values for _ in range(2)])
    return Picture((PicturePart(body, width, height, entries),), width, height)


def _palette(colors: bytes, clear: bytes) -> Array:
    """Return an indexed colour space; entries that let the page shine through are mixed with its white."""
    mixed = bytearray(colors)
    for number, alpha in enumerate(clear[: len(colors) // 3]):
        for at in range(3 * number, 3 * number + 3):
            mixed[at] = round(255 - (255 - colors[at]) * alpha / 255)
    return Array([Name.Indexed, Name.DeviceRGB, len(colors) // 3 - 1, String(bytes(mixed))])


def _inflates_to(data: bytes, wanted: int) -> bool:
    """Say whether Deflate data are whole: a viewer does not mend them."""
    unpacker = zlib.decompressobj()
    found = 0
    try:
        while data and found <= wanted:
            found += len(unpacker.decompress(data, 1 << 20))
            data = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return found == wanted


def _pack_fax(image: Image.Image) -> Picture | None:
    """Let Pillow write a TIFF with one strip, and take the strip."""
    width, height = image.size
    target = io.BytesIO()
    image.save(target, "TIFF", compression="group4", tiffinfo={262: 0, 278: height})
    with Image.open(target) as tiff:
        tags: Any = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[273], tags[279]
    entries = {
        "ColorSpace": Name.DeviceGray,
        "BitsPerComponent": 1,
        "Filter": Name.CCITTFaxDecode,
        "DecodeParms": Dictionary(K=-1, Columns=width, Rows=height),
    }
    part = PicturePart(target.getvalue()[start : start + length], width, height, entries)
    fax = Picture((part,), width, height, is_copied=False)
    return _smaller(fax, _pack_png(image))  # a dithered picture is no fax


def _pack_png(image: Image.Image) -> Picture | None:
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=DEFLATE_LEVEL)
    found = read_png(target.getvalue())
    return None if found is None else replace(found, is_copied=False)


def _pack_plain(image: Image.Image) -> Picture:
    """Pack without a predictor, which is smaller for pages that are white and black."""
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    data = zlib.compress(image.tobytes(), DEFLATE_LEVEL)
    entries = {"ColorSpace": spaces[image.mode], "BitsPerComponent": 8, "Filter": Name.FlateDecode}
    part = PicturePart(data, image.width, image.height, entries)
    return Picture((part,), image.width, image.height, is_copied=False)


def _smaller(one: Picture | None, other: Picture | None) -> Picture | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda picture: sum(len(part.data) for part in picture.parts))


def _spread_depth(image: Image.Image) -> Image.Image:
    """Let white be 65535, whatever the scanner's depth; every level stays apart."""
    values = np.asarray(image).astype(np.uint16)
    white = next(depth for depth in _DEPTHS if int(values.max(initial=0)) <= depth)
    return Image.fromarray(values * np.uint16(65535 // white))
