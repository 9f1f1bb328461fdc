"""Takes a page of a TIFF file into a PDF: its strips as they are where PDF knows their coding.

Tags as in TIFF 6.0; their counterparts in ISO 32000-1, 7.4.4 and 7.4.6. Fax strips stay apart, each a picture
of its own under the one before: to join them they would have to be coded anew. JPEG strips can be joined as
they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from ocr.jpeg_strips import join_strips
from ocr.pdf_jpeg import jpeg_entries, read_frame
from ocr.pdf_picture import Picture, PicturePart, pack_pixels

_FAX = {2, 3, 4}
_JPEG = 7
_DEFLATE = {8, 32946}
_MOST_PARTS = 32
"""Fax strips that stay apart; more cost more bytes than they are worth (about 200 each), and are joined."""
_FLIP = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
"""Fill order 2 has the first pixel in the lowest bit."""
_TWO_DIMENSIONAL = 1
"""Bit of T4Options."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the data of a page lie, and how they are coded."""

    tags: Any
    width: int
    height: int
    parts: tuple[bytes, ...]
    part_width: int
    part_height: int

    def tag(self, number: int, default: int) -> int:
        value = self.tags.get(number, default)
        return int(value[0] if isinstance(value, tuple) else value)

    def is_plain(self, samples: int) -> bool:
        """Say whether pixels are so many samples beside each other, and nothing else."""
        return self.tag(277, 1) == samples and self.tag(284, 1) == 1 and 338 not in self.tags

    def place(self, number: int) -> tuple[int, int]:
        """Return left and top of a part."""
        across = -(-self.width // self.part_width)
        return number % across * self.part_width, number // across * self.part_height


def take_tiff(path: Path, page: int, *, max_pixels: int) -> Picture | None:
    """Return the picture of a page; None where it must be decoded in another way.

    Args:
        path: the file.
        page: from 1.
        max_pixels: a larger one is not decoded.
    """
    with Image.open(path, formats=("TIFF",)) as image:
        image.seek(page - 1)
        tags: Any = image.tag_v2  # type: ignore[attr-defined]
        layout = _find_layout(path, tags)
        if layout is not None:
            copied = _copy(layout)
            if copied is not None:
                return copied
        if image.width * image.height > max_pixels:
            return None
        image.load()  # which turns it as its orientation says
        return pack_pixels(image)


def _find_layout(path: Path, tags: Any) -> _Layout | None:
    width, height = int(tags[256]), int(tags[257])
    is_tiled = 324 in tags
    starts, lengths = tags.get(324 if is_tiled else 273), tags.get(325 if is_tiled else 279)
    if not starts or not lengths or len(starts) != len(lengths):
        return None
    part_width = int(tags[322]) if is_tiled else width
    part_height = int(tags[323]) if is_tiled else min(int(tags.get(278, height)), height)
    if part_width < 1 or part_height < 1:
        return None
    if len(starts) != -(-width // part_width) * -(-height // part_height):
        return None  # planes apart, or a false table
    parts = []
    with path.open("rb") as file:
        for start, length in zip(starts, lengths, strict=True):
            file.seek(start)
            data = file.read(length)
            if len(data) < length:
                return None
            parts.append(data)
    return _Layout(tags, width, height, tuple(parts), part_width, part_height)


def _copy(layout: _Layout) -> Picture | None:
    compression = layout.tag(259, 1)
    if compression in _FAX:
        return _copy_fax(layout)
    if compression == _JPEG:
        return _copy_jpeg(layout)
    if compression in _DEFLATE:
        return _copy_deflate(layout)
    return None


def _copy_fax(layout: _Layout) -> Picture | None:
    if len(layout.parts) > _MOST_PARTS or not layout.is_plain(1) or layout.tag(258, 1) != 1:
        return None
    is_flipped = layout.tag(266, 1) == 2
    parts = []
    for number, data in enumerate(layout.parts):
        left, top = layout.place(number)
        rows = layout.part_height if 324 in layout.tags else min(layout.part_height, layout.height - top)
        entries = {
            "ColorSpace": Name.DeviceGray,
            "BitsPerComponent": 1,
            "Filter": Name.CCITTFaxDecode,
            "DecodeParms": _fax_parameters(layout, rows),
        }
        data = data.translate(_FLIP) if is_flipped else data
        parts.append(PicturePart(data, layout.part_width, rows, entries, left, top))
    return _assemble(layout, parts, is_copied=not is_flipped)


def _fax_parameters(layout: _Layout, rows: int) -> Dictionary:
    compression = layout.tag(259, 1)
    parameters = Dictionary(Columns=layout.part_width, Rows=rows)
    if compression == 4:
        parameters.K = -1
    else:
        parameters.K = 4 if compression == 3 and layout.tag(292, 0) & _TWO_DIMENSIONAL else 0
        parameters.EndOfBlock = False
        if compression == 2:
            parameters.EncodedByteAlign = True
    if layout.tag(262, 0) == 1:  # what the fax calls white is black
        parameters.BlackIs1 = True
    return parameters


def _copy_jpeg(layout: _Layout) -> Picture | None:
    """Copy JPEG strips; tables that stand once for all are put back into each."""
    tables = bytes(layout.tags.get(347, b""))
    strips = list(layout.parts)
    if tables[:2] == b"\xff\xd8":
        strips = [data[:2] + tables[2:-2] + data[2:] for data in strips]
    joined = join_strips(strips) if len(strips) > 1 and layout.part_width == layout.width else None
    if joined is not None:
        strips = [joined]
    parts = []
    for number, data in enumerate(strips):
        part = _make_jpeg_part(layout, data, *layout.place(number))
        if part is None:
            return None
        parts.append(part)
    return _assemble(layout, parts, is_copied=True)


def _make_jpeg_part(layout: _Layout, data: bytes, left: int, top: int) -> PicturePart | None:
    photometric = layout.tag(262, 1)
    frame = read_frame(data)
    if frame is None or not layout.is_plain(frame.components) or photometric not in (0, 1, 2, 6):
        return None
    entries = jpeg_entries(frame, is_plain_rgb=photometric == 2)
    if entries is None:
        return None
    if photometric == 0:
        entries["Decode"] = Array([1, 0])
    return PicturePart(data, frame.width, frame.height, entries, left, top)


def _copy_deflate(layout: _Layout) -> Picture | None:
    """Copy a page that is one Deflate stream; several are joined by packing anew."""
    photometric, bits, predictor = layout.tag(262, 1), layout.tag(258, 1), layout.tag(317, 1)
    samples = 3 if photometric == 2 else 1
    is_whole = len(layout.parts) == 1 and layout.part_width == layout.width
    if not is_whole or layout.part_height < layout.height or not layout.is_plain(samples):
        return None
    if photometric not in (0, 1, 2, 3) or bits not in (1, 2, 4, 8) or predictor not in (1, 2):
        return None
    if layout.tag(266, 1) != 1 or (predictor == 2 and bits != 8):
        return None
    space = {2: Name.DeviceRGB, 3: _palette(layout, bits)}.get(photometric, Name.DeviceGray)
    if space is None:
        return None
    entries: dict[str, Any] = {
        "ColorSpace": space,
        "BitsPerComponent": bits,
        "Filter": Name.FlateDecode,
    }
    if predictor == 2:
        entries["DecodeParms"] = Dictionary(
            Predictor=2, Colors=samples, BitsPerComponent=bits, Columns=layout.width
        )
    if photometric == 0:
        entries["Decode"] = Array([1, 0])
    part = PicturePart(layout.parts[0], layout.width, layout.height, entries)
    return _assemble(layout, [part], is_copied=True)


def _palette(layout: _Layout, bits: int) -> Array | None:
    """Return the colours: TIFF has all reds, all greens, all blues, of 16 bits each."""
    count = 1 << bits
    values = layout.tags.get(320, ())
    if len(values) != 3 * count:
        return None
    is_wide = max(values) > 255
    levels = [value >> 8 if is_wide else value for value in values]
    colors = bytes(levels[plane * count + n] for n in range(count) for plane in range(3))
    return Array([Name.Indexed, Name.DeviceRGB, count - 1, String(colors)])


def _assemble(layout: _Layout, parts: list[PicturePart], *, is_copied: bool) -> Picture:
    orientation = layout.tag(274, 1)
    return Picture(
        tuple(parts),
        layout.width,
        layout.height,
        orientation if 1 <= orientation <= 8 else 1,
        is_copied,
    )
