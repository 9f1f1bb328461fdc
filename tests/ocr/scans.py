"""PDF pages that are one scanned image, by each filter; and image files that no encoder at hand writes."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from ocr.raster_image import Pixels

SHAPE = (211, 403)
"""Rows and columns of ``small_note``: odd, so that padding and strips are met."""


def small_note() -> Pixels:
    """Three lines on white paper, gray."""
    image = Image.new("L", SHAPE[::-1], 255)
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(("MRN 00482913", "Heart regular rate", "Potassium 4.1")):
        pen.text((20, 20 + 55 * row), line, font=ImageFont.load_default(26), fill=0)
    return np.asarray(image)


def to_bilevel(image: Pixels) -> Pixels:
    return np.where(image < 128, 0, 255).astype(np.uint8)


def encode(image: Image.Image | Pixels, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(buffer, form, **options)
    return buffer.getvalue()


def write_tiff(
    tags: Mapping[int, tuple[int, Sequence[int]]],
    parts: Sequence[bytes],
    *,
    order: str = "<",
    big: bool = False,
    tiled: bool = False,
) -> bytes:
    """Return a TIFF file of one page; tags are (type, values), parts its strips or tiles."""
    codes = {3: "H", 4: "I", 16: "Q"}
    offsets, counts = (324, 325) if tiled else (273, 279)
    wide = 16 if big else 4
    every = dict(tags) | {offsets: (wide, [0] * len(parts)), counts: (wide, [len(p) for p in parts])}
    head = struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8)
    out = (b"II" if order == "<" else b"MM") + head
    inline, entry, count_code = (8, 20, "Q") if big else (4, 12, "H")
    after = len(out) + struct.calcsize(count_code) + entry * len(every) + inline
    sizes = {tag: len(values) * struct.calcsize(codes[kind]) for tag, (kind, values) in every.items()}
    places, at = {}, after
    for tag in sorted(every):
        if sizes[tag] > inline:
            places[tag], at = at, at + sizes[tag]
    starts = [at + sum(len(p) for p in parts[:n]) for n in range(len(parts))]
    every[offsets] = (wide, starts)
    out += struct.pack(order + count_code, len(every))
    rest = b""
    for tag in sorted(every):
        kind, values = every[tag]
        data = struct.pack(f"{order}{len(values)}{codes[kind]}", *values)
        out += struct.pack(order + "HH" + ("Q" if big else "I"), tag, kind, len(values))
        if tag in places:
            rest += data
            data = struct.pack(order + ("Q" if big else "I"), places[tag])
        out += data.ljust(inline, b"\0")
    return out + bytes(inline) + rest + b"".join(parts)


def basic_tags(
    *,
    bits: int = 8,
    compression: int = 1,
    photometric: int = 1,
    samples: int = 1,
    shape: tuple[int, int] = SHAPE,
    **more: int,
) -> dict[int, tuple[int, list[int]]]:
    """Return the tags of a page in one strip; ``more`` as ``t274=6``."""
    tags = {
        256: (4, [shape[1]]),
        257: (4, [shape[0]]),
        258: (3, [bits] * samples),
        259: (3, [compression]),
        262: (3, [photometric]),
        277: (3, [samples]),
        278: (4, [shape[0]]),
    }
    return tags | {int(name[1:]): (3, [value]) for name, value in more.items()}


def group4(image: Pixels) -> bytes:
    """Return CCITT G4 data, black is 1."""
    inverse = (255 - image).astype(np.uint8)  # the writer takes white for ones
    stored = encode(
        Image.fromarray(inverse).convert("1", dither=Image.Dither.NONE),
        "TIFF",
        compression="group4",
        tiffinfo={278: image.shape[0]},
    )
    page = Image.open(io.BytesIO(stored))
    tags = page.tag_v2  # type: ignore[attr-defined]
    assert tags[262] == 1
    assert len(tags[273]) == 1
    return stored[tags[273][0] : tags[273][0] + tags[279][0]]


def jbig2(image: Pixels) -> bytes:
    """Return an embedded JBIG2 stream: one generic region, coded as G4 is (ITU-T T.88, 6.2.6)."""
    height, width = image.shape
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x01" + group4(image)
    segments = ((0, 48, page), (1, 38, region))
    return b"".join(struct.pack(">IBBBI", n, kind, 0, 1, len(data)) + data for n, kind, data in segments)


def scan_pdf(
    path: Path,
    data: bytes,
    *,
    size: tuple[int, int],
    page: tuple[float, float] = (612.0, 792.0),
    rotate: int = 0,
    extra: bytes = b"",
    notes: Mapping[str, Any] | None = None,
    **image: Any,
) -> Path:
    """Write a page that is one image; ``size`` is its width and height, ``image`` its other entries."""
    pdf = pikepdf.new()
    sheet = pdf.add_blank_page(page_size=page)
    picture = pdf.make_stream(data)
    entries = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8} | image
    for key, value in {"Type": Name.XObject, "Subtype": Name.Image, **entries}.items():
        picture[f"/{key}"] = value
    picture.Width, picture.Height = size
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    sheet.obj.Resources = Dictionary(XObject=Dictionary(I=picture), Font=Dictionary(F=font))
    sheet.obj.Contents = pdf.make_stream(b"q %f 0 0 %f 0 0 cm /I Do Q " % page + extra)
    sheet.obj.Rotate = rotate
    for key, value in (notes or {}).items():
        sheet.obj[f"/{key}"] = value
    pdf.save(path)
    return path


def flate_scan(path: Path, image: NDArray[np.uint8], **options: Any) -> Path:
    """Write a page that is one losslessly kept image, gray or RGB."""
    space = Name.DeviceGray if image.ndim == 2 else Name.DeviceRGB
    options = {"ColorSpace": space, "Filter": Name.FlateDecode} | options
    return scan_pdf(path, zlib.compress(image.tobytes()), size=(image.shape[1], image.shape[0]), **options)


def fax_parameters(image: Pixels) -> Dictionary:
    return Dictionary(K=-1, Columns=image.shape[1], Rows=image.shape[0])


__all__ = [
    "SHAPE", "Array", "Dictionary", "Name", "basic_tags", "encode", "fax_parameters", "flate_scan", "group4",
    "jbig2", "scan_pdf", "small_note", "to_bilevel", "write_tiff",
]  # fmt: skip
