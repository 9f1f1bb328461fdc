"""Tesseract's table of words, the same from its library and its command."""

from __future__ import annotations

import os

from backfile.domain.geometry import clamp_box
from backfile.domain.page import Word
from ocr.engine import PageMode

# Set before either wrapper starts a Tesseract: its OpenMP threads cost nine times what they gain
# when several pages are read at once, and one worker a core is how pages are read.
os.environ["OMP_THREAD_LIMIT"] = "1"

PAGE_SEGMENTATION = {PageMode.SPARSE: 11, PageMode.PROSE: 3, PageMode.BLOCK: 6}
"""Tesseract's numbers for how text lies on a page."""

RECOGNIZE_SECONDS = 120
"""A page that takes longer is given up."""

_WORD_LEVEL = "5"
_COLUMNS = 12


def parse_tsv(table: str, *, width: int, height: int) -> tuple[Word, ...]:
    """Return the words of a TSV table.

    Args:
        table: as Tesseract writes it, with or without the line of headings.
        width: of the image, in pixels.
        height: of the image, in pixels.
    """
    words: list[Word] = []
    for row in table.split("\n"):
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS or cells[0] != _WORD_LEVEL:
            continue
        text = cells[11].strip()
        if not text:
            continue
        left, top, across, down = (int(cell) for cell in cells[6:10])
        box = (left / width, top / height, (left + across) / width, (top + down) / height)
        confidence = min(max(float(cells[10]) / 100.0, 0.0), 1.0)
        words.append(Word(text, clamp_box(box), confidence))
    return tuple(words)
