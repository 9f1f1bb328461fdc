"""Words of born-digital PDF pages, by pdfplumber, in a limited child process.

A page's own text is exact where it is sound: of real characters, shown, and where it is said to stand.
Form fields and stamps are drawn into the page first, because their text is not in its contents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import atan2, degrees
from pathlib import Path
from typing import Any

import pdfplumber
from pdfplumber.utils.text import extract_words

from backfile.domain.geometry import Box, clamp_box, turn_box
from backfile.domain.page import Word
from backfile.errors import FileRefused, PageRefused
from ocr.limits import ChildLimits
from ocr.pdf_chars import list_shown_characters
from ocr.pdf_single import copy_page
from ocr.sandbox import run_limited

_LIMITS = ChildLimits(wall_seconds=30.0, cpu_seconds=20)
"""pdfplumber can take an hour for a page; the page is then read from its image."""
_MAX_CHARACTERS = 60_000
_MIN_LETTERS = 3
_SPACE_RATIO = 0.15
"""Gap between letters of two words, in type sizes."""
_STRAIGHT_DEGREES = 0.3
_MOSTLY_STRAIGHT = 0.5
_CHARACTERS = {0xAD: "-", **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None)}
"""A soft hyphen that is shown is a hyphen; what has no width is nothing."""

_MAX_JUNK = 0.02
_MIN_ALNUM = 0.5
_LEADERS = str.maketrans("", "", "._-–—*")
"""What lines are filled up with."""
_MANY_LETTERS = 100
_VOWELS = frozenset("aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüýÿ")
_VOWEL_SHARE = (0.20, 0.65)
"""Share of vowels among letters in European languages, abbreviations and codes included: 0.3 to 0.5.
Text whose letters were mixed up by a wrong font table has another."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text of a page, in the frame of the page turned upright."""

    words: tuple[Word, ...]
    rotation: int
    """Clockwise degrees by which the page as a viewer shows it must be turned for most text to stand."""
    fonts: tuple[str, ...]
    """The name of each word's font."""


def read_pdf_text(path: Path, page: int) -> PdfText | None:
    """Return the words of a PDF page's contents; None where they are not to be believed.

    Args:
        path: the file.
        page: from 1.
    """
    try:
        text = run_limited(_extract, path.absolute(), page, limits=_LIMITS, refused=PageRefused)
    except (PageRefused, FileRefused):
        return None
    return text if text is not None and is_sound([word.text for word in text.words]) else None


def is_sound(tokens: list[str]) -> bool:
    """Say whether text is made of real characters in a real language."""
    text = "".join(tokens)
    letters = [c for c in text.lower() if c.isalpha()]
    if len(text) < _MIN_LETTERS:
        return False
    plain = text.translate(_LEADERS)
    if sum(c.isalnum() for c in plain) < _MIN_ALNUM * len(plain):
        return False
    junk = text.count("(cid:") * 5 + sum(_is_junk(c) for c in text)
    if junk > _MAX_JUNK * len(text):
        return False
    latin = [c for c in letters if c < "\u0250"]
    if len(latin) < _MANY_LETTERS:
        return True
    vowels = sum(c in _VOWELS for c in latin) / len(latin)
    return _VOWEL_SHARE[0] <= vowels <= _VOWEL_SHARE[1]


def _is_junk(character: str) -> bool:
    """Say whether a character stands for none: replacement, private use, control."""
    code = ord(character)
    return character == "\ufffd" or 0xE000 <= code <= 0xF8FF or code < 0x20 or 0x7F <= code <= 0x9F


def _extract(path: Path, page: int) -> PdfText | None:
    """In the child: read the words of all directions, in the frame of the page turned upright."""
    source = copy_page(path, page, draw_notes=True)
    with pdfplumber.open(source) if source else pdfplumber.open(path, pages=[page]) as pdf:
        sheet = pdf.pages[0]
        characters = list_shown_characters(sheet)
        if len(characters) > _MAX_CHARACTERS:
            return None
        groups = _sort_by_direction(characters)
        if not groups:
            return None
        turn = max(groups, key=lambda quarter: len(groups[quarter]))
        left, top, right, bottom = (float(value) for value in sheet.bbox)
    found: list[tuple[Word, str]] = []
    for quarter, group in groups.items():
        placed = [_place(character, left, top, right - left, bottom - top) for character in group]
        words = _words_of(placed, quarter, width=right - left, height=bottom - top)
        found += [(replace(word, box=turn_box(word.box, turn - quarter)), font) for word, font in words]
    return PdfText(tuple(word for word, _ in found), turn, tuple(font for _, font in found))


def _sort_by_direction(characters: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return the characters by the clockwise turn that sets them upright.

    Those that lean, such as a watermark's, belong to none; where most do, there is no group.
    """
    groups: dict[int, list[dict[str, Any]]] = {}
    for character in characters:
        a, b = character["matrix"][:2]
        angle = degrees(atan2(b, a)) % 360
        quarter = round(angle / 90) % 4
        if abs((angle - 90 * quarter + 180) % 360 - 180) <= _STRAIGHT_DEGREES:
            groups.setdefault(90 * quarter, []).append(character)
    straight = sum(len(group) for group in groups.values())
    return groups if straight >= _MOSTLY_STRAIGHT * len(characters) else {}


def _place(
    character: dict[str, Any], left: float, top: float, width: float, height: float
) -> tuple[Box, dict[str, Any]]:
    """Return where a character stands relative to the page, and the character."""
    box = (
        (float(character["x0"]) - left) / width,
        (float(character["top"]) - top) / height,
        (float(character["x1"]) - left) / width,
        (float(character["bottom"]) - top) / height,
    )
    return box, character


def _words_of(
    placed: list[tuple[Box, dict[str, Any]]], turn: int, *, width: float, height: float
) -> Iterator[tuple[Word, str]]:
    """Yield the words that lie on the page and their fonts; boxes are relative to it turned by ``turn``."""
    if turn in (90, 270):
        width, height = height, width
    upright = []
    for box, character in placed:
        x0, y0, x1, y1 = turn_box(box, turn)
        at = {"x0": x0 * width, "x1": x1 * width, "top": y0 * height, "bottom": y1 * height}
        size = (y1 - y0) * height
        upright.append({**character, **at, "doctop": y0 * height, "size": size, "upright": True})
    for word in extract_words(upright, return_chars=True, x_tolerance_ratio=_SPACE_RATIO, y_tolerance=2.0):
        box = (word["x0"] / width, word["top"] / height, word["x1"] / width, word["bottom"] / height)
        if any(character["disputed"] for character in word["chars"]):
            continue
        text = str(word["text"]).translate(_CHARACTERS).strip()
        if text and 0 <= (box[0] + box[2]) / 2 <= 1 and 0 <= (box[1] + box[3]) / 2 <= 1:
            fonts = Counter(str(character["fontname"]) for character in word["chars"])
            yield Word(text, clamp_box(box), 1.0), fonts.most_common(1)[0][0]
