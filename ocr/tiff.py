"""Walks the directories of a TIFF file without decoding anything: how many pages, how big, all there?

Source of the layout: TIFF 6.0 specification, section 2; BigTIFF as in the libtiff documentation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_STRIP_OFFSETS, _STRIP_BYTES = 273, 279
_TILE_OFFSETS, _TILE_BYTES = 324, 325

WHITE_IS_ZERO, BLACK_IS_ZERO = 0, 1

_READABLE_COMPRESSIONS = {1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 50000}
"""None, G3 without and with ends of lines, G4, LZW, JPEG old and new, Deflate, PackBits, Deflate under
its first number, ZSTD."""

_INTEGERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MAX_ENTRIES = 4096
_MAX_VALUES = 4_000_000
"""Integers read from one file; a scan has some hundred strips a page. Beyond, offsets are not looked at."""


class BrokenTiff(ValueError):
    """The chain of directories leaves the file or runs in a circle."""


@dataclass(frozen=True, slots=True)
class TiffPage:
    """What one directory says of its page."""

    width: int
    height: int
    data_end: int
    """Offset after the last byte of its strips or tiles; 0 where it has none."""
    compression: int = 1
    """As the tag has it; 1: none."""
    photometric: int = BLACK_IS_ZERO

    @property
    def is_readable(self) -> bool:
        """Whether the libraries at hand know its compression."""
        return self.compression in _READABLE_COMPRESSIONS


@dataclass(frozen=True, slots=True)
class _Layout:
    """The two layouts of the format, in the file's byte order."""

    order: str
    big: bool

    def read(self, file: BinaryIO, offset: int, code: str) -> int:
        form = struct.Struct(self.order + code)
        file.seek(offset)
        data = file.read(form.size)
        if len(data) < form.size:
            raise BrokenTiff("the file ends inside a directory")
        return int(form.unpack(data)[0])


def walk_pages(file: BinaryIO, *, size: int) -> Iterator[TiffPage]:
    """Yield the pages in order.

    Args:
        file: opened for reading bytes.
        size: its length in bytes.

    Raises:
        BrokenTiff: after the last page that can be had.
    """
    file.seek(0)
    head = file.read(16)
    layout = _Layout("<" if head[:2] == b"II" else ">", big=head[2:4] in (b"+\0", b"\0+"))
    offset = layout.read(file, 8 if layout.big else 4, "Q" if layout.big else "I")
    seen: set[int] = set()
    budget = _MAX_VALUES
    while offset:
        if offset in seen or offset >= size:
            raise BrokenTiff("the chain of directories is broken")
        seen.add(offset)
        page, offset, values = _read_directory(file, layout, offset, budget)
        budget -= values
        yield page


def _read_directory(file: BinaryIO, layout: _Layout, offset: int, budget: int) -> tuple[TiffPage, int, int]:
    """Return the page at ``offset``, where the next directory lies (0: nowhere), and the values read."""
    count_code, entry_bytes, offset_code = ("Q", 20, "Q") if layout.big else ("H", 12, "I")
    count = layout.read(file, offset, count_code)
    if not 0 < count <= _MAX_ENTRIES:
        raise BrokenTiff("a directory has an impossible number of entries")
    start = offset + struct.calcsize(count_code)
    following = layout.read(file, start + count * entry_bytes, offset_code)
    file.seek(start)
    entries = file.read(count * entry_bytes)
    found: dict[int, tuple[int, ...]] = {}
    wanted = {
        _WIDTH,
        _HEIGHT,
        _COMPRESSION,
        _PHOTOMETRIC,
        _STRIP_OFFSETS,
        _STRIP_BYTES,
        _TILE_OFFSETS,
        _TILE_BYTES,
    }
    for at in range(0, len(entries), entry_bytes):
        tag, kind = struct.unpack_from(layout.order + "HH", entries, at)
        if tag in wanted - found.keys() and kind in _INTEGERS:
            entry = entries[at : at + entry_bytes]
            found[tag] = _read_values(file, layout, entry, kind, budget)
            budget -= len(found[tag])
    places = found.get(_STRIP_OFFSETS) or found.get(_TILE_OFFSETS) or ()
    lengths = found.get(_STRIP_BYTES) or found.get(_TILE_BYTES) or ()
    page = TiffPage(
        width=next(iter(found.get(_WIDTH, ())), 0),
        height=next(iter(found.get(_HEIGHT, ())), 0),
        data_end=max((p + n for p, n in zip(places, lengths, strict=False)), default=0),
        compression=next(iter(found.get(_COMPRESSION, ())), 1),
        photometric=next(iter(found.get(_PHOTOMETRIC, ())), BLACK_IS_ZERO),
    )
    return page, following, sum(len(values) for values in found.values())


def _read_values(file: BinaryIO, layout: _Layout, entry: bytes, kind: int, budget: int) -> tuple[int, ...]:
    """Return the integers of one entry, wherever they lie; nothing where they are too many."""
    count_code, offset_code, value_at = ("Q", "Q", 12) if layout.big else ("I", "I", 8)
    (count,) = struct.unpack_from(layout.order + count_code, entry, 4)
    if count > budget:
        return ()
    form = struct.Struct(f"{layout.order}{count}{_INTEGERS[kind]}")
    inline = struct.calcsize(offset_code)
    data = entry[value_at : value_at + form.size]
    if form.size > inline:
        (offset,) = struct.unpack_from(layout.order + offset_code, entry, value_at)
        file.seek(offset)
        data = file.read(form.size)
    if len(data) < form.size:
        raise BrokenTiff("the file ends inside a directory entry")
    return form.unpack(data)
