"""Words of born-digital PDF pages, by pdfplumber, in a limited child process."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber

from backfile.domain.geometry import clamp_box
from backfile.domain.page import Word
from backfile.errors import FileRefused, PageRefused
from ocr.limits import RASTER_LIMITS
from ocr.sandbox import run_limited

_MIN_WORDS = 5
_SOUND_SHARE = 0.8
"""Share of words of letters, digits and usual marks, from which a text layer is believed."""
_USUAL = re.compile(r"[\w\s.,;:!?()/%$#&@*+<>=\"'’‘“”–—°±µ×·•\[\]{}|~^`\\-]+", re.UNICODE)


def read_pdf_words(path: Path, page: int) -> tuple[Word, ...]:
    """Return the words of a PDF page that a viewer shows; none where its text is not sound.

    Text that is junk (glyphs without meaning), and pages that pdfplumber cannot read, give none: such a
    page is read from its image.
    """
    try:
        found = run_limited(_extract, path.absolute(), page, limits=RASTER_LIMITS.child, refused=PageRefused)
    except (PageRefused, FileRefused):
        return ()
    words = tuple(Word(text, clamp_box(box), 1.0) for text, box in found)
    return words if _is_sound(words) else ()


def _extract(path: Path, page: int) -> list[tuple[str, tuple[float, float, float, float]]]:
    with pdfplumber.open(path) as pdf:
        sheet = pdf.pages[page - 1]
        width, height = float(sheet.width), float(sheet.height)
        left, top = float(sheet.bbox[0]), float(sheet.bbox[1])
        return [
            (
                str(word["text"]),
                (
                    (float(word["x0"]) - left) / width,
                    (float(word["top"]) - top) / height,
                    (float(word["x1"]) - left) / width,
                    (float(word["bottom"]) - top) / height,
                ),
            )
            for word in sheet.extract_words(x_tolerance=1.5, y_tolerance=2.0)
        ]


def _is_sound(words: tuple[Word, ...]) -> bool:
    """Say whether the text can be believed: enough of it, of usual characters, not CID codes."""
    if len(words) < _MIN_WORDS:
        return False
    usual = sum(1 for word in words if _USUAL.fullmatch(word.text) and "(cid:" not in word.text)
    return usual >= _SOUND_SHARE * len(words)
