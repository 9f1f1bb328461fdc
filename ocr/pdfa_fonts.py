"""Judges whether a font may stand in PDF/A-2 as it is (ISO 19005-2, 6.2.11)."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from ocr.pdfa_contents import Obstacle

_SYMBOLIC = 4
"""Flag of the descriptor (ISO 32000-1, table 123)."""
_TRUETYPE_ENCODINGS = {"/WinAnsiEncoding", "/MacRomanEncoding"}
_IDENTITIES = {"/Identity-H", "/Identity-V"}
_PROGRAMS = {
    "/Type1": ("/FontFile", "/FontFile3"),
    "/MMType1": ("/FontFile", "/FontFile3"),
    "/TrueType": ("/FontFile2",),
    "/CIDFontType0": ("/FontFile3",),
    "/CIDFontType2": ("/FontFile2",),
}


def judge_font(font: Any) -> set[Obstacle]:
    """Return why a font that is used visibly is against the rules."""
    kind = str(font.get("/Subtype"))
    if kind == "/Type0":
        return _judge_composite(font)
    descriptor = font.get("/FontDescriptor")
    if not _is_embedded(descriptor, kind):
        return {Obstacle.FONT_NOT_EMBEDDED}
    if "/Widths" not in font or "/FirstChar" not in font or "/LastChar" not in font:
        return {Obstacle.FONT_UNSUITABLE}
    if kind == "/TrueType" and not _is_encoding_sound(font.get("/Encoding"), descriptor):
        return {Obstacle.FONT_UNSUITABLE}
    return set()


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


def _judge_composite(font: Any) -> set[Obstacle]:
    descendants = font.get("/DescendantFonts")
    if not descendants:
        return {Obstacle.FONT_UNSUITABLE}
    inner = descendants[0]
    if not _is_embedded(inner.get("/FontDescriptor"), str(inner.get("/Subtype"))):
        return {Obstacle.FONT_NOT_EMBEDDED}
    if str(font.get("/Encoding")) not in _IDENTITIES:
        return {Obstacle.FONT_UNSUITABLE}
    return set()


def _is_embedded(descriptor: Any, kind: str) -> bool:
    if not isinstance(descriptor, Dictionary):
        return False
    return any(isinstance(descriptor.get(key), pikepdf.Stream) for key in _PROGRAMS.get(kind, ()))


def _is_encoding_sound(encoding: Any, descriptor: Any) -> bool:
    """Say whether the encoding of a TrueType font is what 6.2.11.6 asks for."""
    if int(descriptor.get("/Flags", 0)) & _SYMBOLIC:
        return encoding is None
    if isinstance(encoding, Dictionary):
        return "/Differences" not in encoding and str(encoding.get("/BaseEncoding")) in _TRUETYPE_ENCODINGS
    return encoding is not None and str(encoding) in _TRUETYPE_ENCODINGS
