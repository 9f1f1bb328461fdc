"""Reads the widths and character tables of a TrueType program, to compare them with what a PDF says.

Tables as in the OpenType specification: ``head``, ``hhea``, ``hmtx``, ``maxp``, ``cmap`` (formats 0, 4, 6).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_MAX_TABLES = 64
_MICROSOFT_UNICODE, _MICROSOFT_SYMBOL, _MACINTOSH = (3, 1), (3, 0), (1, 0)


@dataclass(frozen=True, slots=True)
class TrueTypeFont:
    """What a program says of its glyphs."""

    advances: tuple[float, ...]
    """Width of each glyph, in thousandths of the font size."""
    characters: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)
    """By platform and encoding: character code to glyph."""

    def glyph_of_text(self, char: str) -> int:
        """Return the glyph of a Unicode character; 0: none."""
        return self.characters.get(_MICROSOFT_UNICODE, {}).get(ord(char), 0)

    def glyph_of_symbol(self, code: int) -> int:
        """Return the glyph of a code of a symbolic font (ISO 32000-1, 9.6.6.4); 0: none."""
        symbols = self.characters.get(_MICROSOFT_SYMBOL, {})
        for start in (0xF000, 0, 0xF100, 0xF200):
            if start + code in symbols:
                return symbols[start + code]
        return self.characters.get(_MACINTOSH, {}).get(code, 0)


def read_truetype(data: bytes) -> TrueTypeFont | None:
    """Return what a program says; None where it is damaged or of another kind."""
    try:
        tables = _read_directory(data)
        (units,) = struct.unpack_from(">H", tables[b"head"], 18)
        (metrics,) = struct.unpack_from(">H", tables[b"hhea"], 34)
        (count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
        if not units or not 0 < metrics <= count:
            return None
        widths = struct.unpack_from(">" + "Hh" * metrics, tables[b"hmtx"])[::2]
        advances = [width * 1000 / units for width in widths]
        advances += [advances[-1]] * (count - metrics)
        return TrueTypeFont(tuple(advances), _read_characters(tables.get(b"cmap", b"")))
    except (struct.error, KeyError, IndexError):
        return None


def _read_directory(data: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for number in range(min(count, _MAX_TABLES)):
        tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[tag] = data[start : start + length]
    return tables


def _read_characters(table: bytes) -> dict[tuple[int, int], dict[int, int]]:
    found: dict[tuple[int, int], dict[int, int]] = {}
    if not table:
        return found
    (count,) = struct.unpack_from(">H", table, 2)
    for number in range(min(count, _MAX_TABLES)):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * number)
        if (platform, encoding) in (_MICROSOFT_UNICODE, _MICROSOFT_SYMBOL, _MACINTOSH):
            found[platform, encoding] = _read_map(table[start:])
    return found


def _read_map(table: bytes) -> dict[int, int]:
    (form,) = struct.unpack_from(">H", table)
    if form == 0:
        return {code: glyph for code, glyph in enumerate(table[6:262]) if glyph}
    if form == 6:
        first, count = struct.unpack_from(">HH", table, 6)
        return {first + n: glyph for n, glyph in enumerate(struct.unpack_from(f">{count}H", table, 10))}
    return _read_segments(table) if form == 4 else {}


def _read_segments(table: bytes) -> dict[int, int]:
    (twice,) = struct.unpack_from(">H", table, 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + twice)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * twice)
    offsets_at = 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", table, offsets_at)
    found = {}
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offsets[number]:
                place = offsets_at + 2 * number + offsets[number] + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", table, place)
                if not glyph:
                    continue
            found[code] = (glyph + deltas[number]) & 0xFFFF
    return found
