"""Words of born-digital PDF pages, by pdfplumber, in a limited child process.

A page's own text is exact where it is sound: of real characters, shown, and where it is said to stand.
Form fields and stamps are drawn into the page first, because their text is not in its contents.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from math import atan2, degrees
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf

from backfile.domain.geometry import Box, clamp_box
from backfile.domain.page import Word
from backfile.errors import FileRefused, PageRefused
from ocr.limits import ChildLimits
from ocr.sandbox import run_limited

_LIMITS = ChildLimits(wall_seconds=30.0, cpu_seconds=20)
"""pdfplumber can take an hour for a page; the page is then read from its image."""
_MAX_CHARACTERS = 60_000
_MIN_LETTERS = 3
_MAX_DEPTH = 50
"""Of a page tree; a broken one may run in a circle."""
_SPACE_RATIO = 0.15
"""Gap between letters of two words, in type sizes."""
_STRAIGHT_DEGREES = 0.3

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
    """Clockwise degrees by which the page as a viewer shows it must be turned for the text to stand."""


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
    """In the child: read the words, after turning the page if its text runs another way."""
    source = _single_page(path, page)
    with _open(path, page, source, turn=0) as pdf:
        sheet = pdf.pages[0]
        if len(sheet.chars) > _MAX_CHARACTERS:
            return None
        turn = _main_direction(sheet.chars)
        if turn is None:
            return None
        if turn == 0 or source is None:
            return PdfText(_words_of(sheet), 0) if turn == 0 else None
    with _open(path, page, source, turn=turn) as pdf:
        return PdfText(_words_of(pdf.pages[0]), turn)


def _open(path: Path, page: int, source: pikepdf.Pdf | None, *, turn: int) -> Any:
    """Open the one page in pdfplumber, turned by further clockwise degrees."""
    if source is None:
        return pdfplumber.open(path, pages=[page])
    sheet = source.pages[0]
    sheet.obj.Rotate = (int(sheet.obj.get("/Rotate", 0)) + turn) % 360
    buffer = io.BytesIO()
    source.save(buffer)
    return pdfplumber.open(buffer)


def _single_page(path: Path, page: int) -> pikepdf.Pdf | None:
    """Return a document of just this page, as it is shown; None where qpdf cannot make it."""
    try:
        with pikepdf.open(path) as whole:
            sheet = whole.pages[page - 1]
            shown = shown_box(sheet)
            rotate = page_rotation(sheet.obj)
            single = pikepdf.new()
            single.pages.append(sheet)
            copy = single.pages[0]
            copy.obj.MediaBox = copy.obj.CropBox = pikepdf.Array(shown)
            copy.obj.Rotate = rotate % 360
            if any(str(note.get("/Subtype")) != "/Link" for note in copy.obj.get("/Annots", [])):
                single.flatten_annotations(mode="screen")
            buffer = io.BytesIO()
            single.save(buffer)
            return pikepdf.open(buffer)
    except (pikepdf.PdfError, IndexError, ValueError, TypeError, AttributeError):
        return None


def shown_box(sheet: pikepdf.Page) -> list[float]:
    """Return what a viewer shows of the page: its crop box within its media box, in points."""
    media, crop = ([float(v) for v in box] for box in (sheet.mediabox, sheet.cropbox))
    media, crop = (
        [min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])] for b in (media, crop)
    )
    inner = [max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])]
    return inner if inner[0] < inner[2] and inner[1] < inner[3] else media


def page_rotation(node: pikepdf.Object) -> int:
    """Return /Rotate of the page or of its nearest ancestor that has one."""
    for _ in range(_MAX_DEPTH):
        if "/Rotate" in node:
            return int(node.Rotate)
        if "/Parent" not in node:
            break
        node = node.Parent
    return 0


def _main_direction(characters: list[dict[str, Any]]) -> int | None:
    """Return the clockwise turn that sets most of the text upright; None where it leans."""
    turns: Counter[int] = Counter()
    leaning = 0
    for character in characters:
        a, b = character["matrix"][:2]
        angle = degrees(atan2(b, a)) % 360
        quarter = round(angle / 90) % 4
        if abs((angle - 90 * quarter + 180) % 360 - 180) > _STRAIGHT_DEGREES:
            leaning += 1
        else:
            turns[90 * quarter] += 1
    if not turns or leaning > sum(turns.values()):
        return None if leaning else 0
    return turns.most_common(1)[0][0]


def _words_of(sheet: Any) -> tuple[Word, ...]:
    """Return the words of a page that lie on it, with boxes relative to it."""
    left, top, right, bottom = (float(value) for value in sheet.bbox)
    width, height = right - left, bottom - top
    words: list[Word] = []
    for found in sheet.dedupe_chars().extract_words(x_tolerance_ratio=_SPACE_RATIO, y_tolerance=2.0):
        box: Box = (
            (float(found["x0"]) - left) / width,
            (float(found["top"]) - top) / height,
            (float(found["x1"]) - left) / width,
            (float(found["bottom"]) - top) / height,
        )
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if 0 <= x <= 1 and 0 <= y <= 1 and str(found["text"]).strip():
            words.append(Word(str(found["text"]).strip(), clamp_box(box), 1.0))
    return tuple(words)
