"""A font without ink: what lets a viewer find, mark and copy the words of a picture.

The idea is that of Tesseract's PDF renderer: a TrueType font that paints nothing, and a table that says which
character each code stands for. Here the codes are numbered by the characters that a document uses, so that
accents, signs and characters outside the basic plane all work and the tables stay small; and glyphs have
several widths, so that part of a word is marked about where it stands.

Ascent is the font size and descent nothing: a word's box is exactly as high as its font size.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_EM = 1000
_WIDTHS = (222, 278, 333, 500, 556, 667, 722, 833, 1000)
"""Advance widths of the glyphs after ``.notdef``, in thousandths of the font size."""
_USUAL_WIDTH = 556
_CLASSES = (
    (222, "ijl'`|"),
    (278, " .,:;/\\!ftI[]-"),
    (333, 'r()-"*{}°'),
    (500, "ckszvxyJ^"),
    (667, "ABEKPSVXY&"),
    (722, "CDHNRUw"),
    (833, "mGMOQT+=<>~"),
    (1000, "W%@—…"),
)
"""About the widths of a sans serif; they are stretched to each word anyway."""
_WIDTH_OF = {char: width for width, chars in _CLASSES for char in chars}
_WIDE_FROM = 0x2E80
"""From here on lie characters as wide as high: Chinese, Japanese, Korean."""

_NAME = "BackfileGlyphless"
_MAX_CODES = 0xFFFF


@dataclass(frozen=True, slots=True)
class TextCodes:
    """Which code each character of a document has."""

    code_of: dict[str, int]

    def encode(self, text: str) -> bytes:
        """Return a text as a string of two-byte codes; characters without one are left out."""
        return b"".join(struct.pack(">H", self.code_of[char]) for char in text if char in self.code_of)

    def width(self, text: str) -> float:
        """Return how wide a text is, in font sizes."""
        return sum(_width_of(char) for char in text if char in self.code_of) / _EM


def number_characters(texts: Iterable[str]) -> TextCodes:
    """Give a code to each character of some texts and to the space; controls have none."""
    used = {char for text in texts for char in text if char.isprintable()} | {" "}
    return TextCodes({char: code for code, char in enumerate(sorted(used)[: _MAX_CODES - 1], 1)})


def make_font(pdf: pikepdf.Pdf, codes: TextCodes) -> pikepdf.Object:
    """Return the font as an object of a document."""
    glyphs = [0, *(_glyph_of(char) for char in codes.code_of)]
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + _NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(_describe(pdf)),
        DW=_USUAL_WIDTH,
        W=Array([1, Array([_width_of(char) for char in codes.code_of])]),
        CIDToGIDMap=_flate(pdf, struct.pack(f">{len(glyphs)}H", *glyphs)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + _NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_flate(pdf, _write_map(codes)),
        )
    )


def _width_of(char: str) -> int:
    return _WIDTH_OF.get(char, 1000 if ord(char) >= _WIDE_FROM else _USUAL_WIDTH)


def _glyph_of(char: str) -> int:
    return 1 + _WIDTHS.index(_width_of(char))


def _describe(pdf: pikepdf.Pdf) -> Any:
    data = _write_truetype()
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + _NAME),
        Flags=4,
        FontBBox=Array([0, 0, _EM, _EM]),
        ItalicAngle=0,
        Ascent=_EM,
        Descent=0,
        CapHeight=_EM,
        StemV=80,
        FontFile2=_flate(pdf, data, Length1=len(data)),
    )


def _flate(pdf: pikepdf.Pdf, data: bytes, **entries: object) -> pikepdf.Object:
    return pdf.make_stream(zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)


def _write_map(codes: TextCodes) -> bytes:
    """Return the ToUnicode table (ISO 32000-1, 9.10.3): neighbours in one range, at most 100 a block."""
    ranges = list(_find_ranges(codes))
    lines = []
    for at in range(0, len(ranges), 100):
        block = ranges[at : at + 100]
        lines.append(f"{len(block)} beginbfrange")
        lines += [f"<{first:04X}> <{last:04X}> <{target}>" for first, last, target in block]
        lines.append("endbfrange")
    body = "\n".join(lines)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _find_ranges(codes: TextCodes) -> Iterable[tuple[int, int, str]]:
    """Yield (first code, last code, hexadecimal UTF-16 of the first); only the last byte may count up."""
    pairs = [(code, char.encode("utf-16-be", "surrogatepass")) for char, code in codes.code_of.items()]
    start = 0
    for at in range(1, len(pairs) + 1):
        if at < len(pairs) and _follows(pairs[at - 1], pairs[at]):
            continue
        yield pairs[start][0], pairs[at - 1][0], pairs[start][1].hex().upper()
        start = at


def _follows(before: tuple[int, bytes], after: tuple[int, bytes]) -> bool:
    same_row = before[0] >> 8 == after[0] >> 8 and before[1][:-1] == after[1][:-1]
    return same_row and after[1][-1] == before[1][-1] + 1


def _write_truetype() -> bytes:
    """Return the font program: ``.notdef`` and a glyph for each width, all without ink.

    Tables and their fields as in the OpenType specification; those that PDF asks for in a CIDFontType2.
    """
    advances = (_USUAL_WIDTH, *_WIDTHS)
    count = len(advances)
    head = struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0b1011, _EM, 0, 0, 0, 0, _EM, _EM, 0, 8, 2, 1, 0,
    )  # fmt: skip
    hhea = struct.pack(
        ">IhhhHhhhhhhhhhhhH",
        0x00010000, _EM, 0, 0, max(advances), 0, 0, _EM, 1, 0, 0, 0, 0, 0, 0, 0, count,
    )  # fmt: skip
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, count, 2, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)
    hmtx = b"".join(struct.pack(">Hh", advance, 0) for advance in advances)
    glyphs = [b"", *(_write_corners(advance) for advance in _WIDTHS)]
    loca = struct.pack(f">{count + 1}I", *accumulate((len(glyph) for glyph in glyphs), initial=0))
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": hmtx,
        b"loca": loca,
        b"maxp": maxp,
    }
    return _pack_tables(tables)


def _write_corners(advance: int) -> bytes:
    """Return a glyph of two lone points, at its lower left and upper right: it has a size and paints nothing.

    PDFium, and so Chromium, passes over text of no size where it runs up or down the page.
    """
    contours = struct.pack(">hhhhhHHH", 2, 0, 0, advance, _EM, 0, 1, 0)
    still, moved = 0x31, 0x01  # on the curve: at the origin; and by so much to the right and up
    return contours + struct.pack(">BBhh", still, moved, advance, _EM) + bytes(2)


def _pack_tables(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    at = len(header) + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), at + len(body), len(data))
        body += padded
    font = header + directory + body
    adjusted = struct.pack(">I", (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF)
    place = font.index(tables[b"head"]) + 8
    return font[:place] + adjusted + font[place + 4 :]


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & 0xFFFFFFFF
