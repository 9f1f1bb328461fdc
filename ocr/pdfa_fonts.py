"""Judges whether a font may stand in PDF/A-2 as it is (ISO 19005-2, 6.2.11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from ocr.pdfa_contents import FontUse, Obstacle
from ocr.pdfa_truetype import TrueTypeFont, read_truetype

_SYMBOLIC = 4
"""Flag of the descriptor (ISO 32000-1, table 123)."""
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_IDENTITY = "/Identity-H"
_PROGRAMS = {
    "/Type1": ("/FontFile", "/FontFile3"),
    "/MMType1": ("/FontFile", "/FontFile3"),
    "/TrueType": ("/FontFile2",),
    "/CIDFontType0": ("/FontFile3",),
    "/CIDFontType2": ("/FontFile2",),
}
_WIDTH_TOLERANCE = 1.0
"""Thousandths by which dictionary and program may differ (6.2.11.5)."""
_USUAL_WIDTH = 1000.0


def judge_font(use: FontUse) -> set[Obstacle]:
    """Return why a font that is used visibly is against the rules."""
    font = use.font
    kind = str(font.get("/Subtype"))
    inner = font
    if kind == "/Type0":
        descendants = font.get("/DescendantFonts")
        if not descendants:
            return {Obstacle.FONT_UNSUITABLE}
        inner = descendants[0]
        kind = str(inner.get("/Subtype"))
    descriptor = inner.get("/FontDescriptor")
    if not _is_embedded(descriptor, kind):
        return {Obstacle.FONT_NOT_EMBEDDED}
    if kind not in ("/TrueType", "/CIDFontType2"):
        return {Obstacle.FONT_NOT_JUDGED}
    program = read_truetype(descriptor.FontFile2.read_bytes())
    if program is None:
        return {Obstacle.FONT_UNSUITABLE}
    is_sound = _is_simple_sound if kind == "/TrueType" else _is_composite_sound
    return set() if is_sound(use, program) else {Obstacle.FONT_UNSUITABLE}


def mend_font(font: Any) -> None:
    """Take out optional lists that may be incomplete, say what holds by default (6.2.11.3, 6.2.11.4)."""
    descendants = font.get("/DescendantFonts")
    for one in (font, *(descendants or ())):
        descriptor = one.get("/FontDescriptor")
        if descriptor is not None:
            for key in ("/CharSet", "/CIDSet"):
                if key in descriptor:
                    del descriptor[key]
        if one.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in one:
            one.CIDToGIDMap = Name.Identity


def _is_embedded(descriptor: Any, kind: str) -> bool:
    if not isinstance(descriptor, Dictionary):
        return False
    return any(isinstance(descriptor.get(key), pikepdf.Stream) for key in _PROGRAMS.get(kind, ()))


def _is_simple_sound(use: FontUse, program: TrueTypeFont) -> bool:
    """Compare encoding (6.2.11.6) and the widths of the codes in use with the program."""
    font, descriptor = use.font, use.font.FontDescriptor
    encoding = font.get("/Encoding")
    is_symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC)
    if isinstance(encoding, Dictionary):
        encoding = None if "/Differences" in encoding else encoding.get("/BaseEncoding")
        if encoding is None:
            return False
    codec = _ENCODINGS.get(str(encoding))
    if is_symbolic != (encoding is None) or (not is_symbolic and codec is None):
        return False
    first, widths = int(font.get("/FirstChar", 0)), font.get("/Widths")
    if not isinstance(widths, Array):
        return False
    for code in {code for text in use.texts for code in text}:
        if codec is None:
            glyph = program.glyph_of_symbol(code)
        else:
            char = bytes([code]).decode(codec, "replace")
            glyph = program.glyph_of_text(char)
        if not 0 <= code - first < len(widths) or not _fits(program, glyph, float(widths[code - first])):
            return False
    return True


def _is_composite_sound(use: FontUse, program: TrueTypeFont) -> bool:
    """Compare the widths of the codes in use, which are those of CIDs, with the program."""
    if str(use.font.get("/Encoding")) != _IDENTITY:
        return False
    inner = use.font.DescendantFonts[0]
    to_glyph = inner.get("/CIDToGIDMap")
    glyphs = to_glyph.read_bytes() if isinstance(to_glyph, pikepdf.Stream) else None
    widths = _read_widths(inner.get("/W"))
    usual = float(inner.get("/DW", _USUAL_WIDTH))
    for cid in _codes_of_two(use.texts):
        glyph = cid if glyphs is None else int.from_bytes(glyphs[2 * cid : 2 * cid + 2], "big")
        if not _fits(program, glyph, widths.get(cid, usual)):
            return False
    return True


def _fits(program: TrueTypeFont, glyph: int, width: float) -> bool:
    """Say whether a glyph is there and as wide as said; ``.notdef`` may not be shown (6.2.11.8)."""
    return 0 < glyph < len(program.advances) and abs(program.advances[glyph] - width) <= _WIDTH_TOLERANCE


def _codes_of_two(texts: Iterable[bytes]) -> set[int]:
    return {int.from_bytes(text[at : at + 2], "big") for text in texts for at in range(0, len(text) - 1, 2)}


def _read_widths(entries: Any) -> dict[int, float]:
    """Return the widths of a composite font by CID (ISO 32000-1, 9.7.4.3)."""
    found: dict[int, float] = {}
    items = list(entries) if isinstance(entries, Array) else []
    at = 0
    while at + 1 < len(items):
        first = int(items[at])
        if isinstance(items[at + 1], Array):
            found.update({first + n: float(width) for n, width in enumerate(items[at + 1])})
            at += 2
        elif at + 2 < len(items):
            last = min(int(items[at + 1]), 0xFFFF)
            found.update(dict.fromkeys(range(first, last + 1), float(items[at + 2])))
            at += 3
        else:
            break
    return found
