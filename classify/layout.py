"""A page as forms see it: pieces of words on lines, with the gaps between them.

A word as OCR gives it is often a label and a value glued together ("DOB:03/12/1950"), or ruled with
underscores and bars. Pieces are what remains after such words are parted; each knows its word, so that
everything found can be traced to boxes and confidences on the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from backfile.domain.geometry import Box, union_boxes
from backfile.domain.page import PageReading, Word

CELL_GAP = 2.6
"""Gap, in letters, from which two pieces on a line stand in different cells."""

_RULING = re.compile(r"[_|¦\[\]{}«»]+|\.{3,}|-{4,}|(?<![\w])[=~]+(?![\w])")
"""What ruled lines, boxes and dot leaders become in OCR."""
_AFTER_LABEL = re.compile(r"(?<=[A-Za-z#.)])[:;](?=[^\s:/\\])|(?<=[A-Za-z.)])#(?=[\dA-Z:])")
"""Where a label ends inside a word: a colon after a letter ("DOB:03/12"), a number sign ("MR#00123")."""
_GLUED = re.compile(
    r"^(DOB|D\.O\.B\.?|MRN|SSN|FIN|CSN|Acct|Phone|Tel)(?=\d)|^#(?=\w)|^(Name|Patient)(?=[A-Z]{2})"
    r"|^(\d{1,2}[-/.]\d{1,2}[-/.])?(18|19|20)\d\d(?=[MF]$)"
)
_TIME = re.compile(r"^\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of letters that belongs together."""

    text: str
    box: Box
    confidence: float
    """That of its word."""
    word: int
    """Position of its word in the page's words."""
    line: int
    """Index of its line among the page's lines that have pieces."""
    gap: float
    """Space before it, in letters; infinite at the start of a line."""

    @property
    def starts_cell(self) -> bool:
        """Whether a wide space, or nothing, stands before it."""
        return self.gap >= CELL_GAP


@dataclass(frozen=True, slots=True)
class PageLayout:
    """All pieces of a page, line by line."""

    pieces: tuple[Piece, ...]
    lines: tuple[tuple[int, int], ...]
    """Start and end (exclusive) of each line among the pieces."""
    letter: float
    """Width of an average letter, as a share of the page's width."""
    height: float
    """Height of an average word, as a share of the page's height."""

    def line_of(self, piece: int) -> tuple[int, int]:
        """Return where the line of a piece starts and ends."""
        return self.lines[self.pieces[piece].line]

    def end_of_cell(self, piece: int, limit: int) -> int:
        """Return the piece before which the cell ends that goes on with ``piece``; ``limit`` at most."""
        end = min(piece + 1, limit)
        while end < limit and self.pieces[end].gap < CELL_GAP:
            end += 1
        return end

    def text(self, start: int, end: int) -> str:
        """Return the pieces from ``start`` to before ``end`` as they stand, by single spaces."""
        return " ".join(piece.text for piece in self.pieces[start:end])


def lay_out_page(reading: PageReading) -> PageLayout:
    """Part the words of a page into pieces."""
    return lay_out_words(reading.words)


def lay_out_words(words: Sequence[Word]) -> PageLayout:
    """Part words, given in reading order, into pieces."""
    widths = [(w.box[2] - w.box[0]) / max(len(w.text), 1) for w in words]
    letter = max(median(widths), 1e-6) if widths else 0.01
    height = max(median([w.box[3] - w.box[1] for w in words]), 1e-6) if words else 0.015
    pieces: list[Piece] = []
    lines: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(words), key=lambda numbered: numbered[1].line):
        start = len(pieces)
        right = None
        for number, word in group:
            for text, box in split_word(word):
                # Big letters have wide spaces: a gap is measured by the wider of page and word.
                own = max(letter, (box[2] - box[0]) / max(len(text), 1) * 0.8)
                gap = float("inf") if right is None else (box[0] - right) / own
                pieces.append(Piece(text, box, word.confidence, number, len(lines), gap))
                right = box[2]
        if len(pieces) > start:
            lines.append((start, len(pieces)))
    return PageLayout(tuple(pieces), tuple(lines), letter, height)


def split_word(word: Word) -> list[tuple[str, Box]]:
    """Return the pieces of one word with their shares of its box, letters taken as equally wide."""
    text = word.text
    if text.isalnum() and not _GLUED.match(text):
        return [(text, word.box)]
    blank = _RULING.sub(lambda ruling: " " * len(ruling.group()), text)
    if not _TIME.match(text):
        cuts = [found.end() for found in _AFTER_LABEL.finditer(blank)]
        if glued := _GLUED.match(blank):
            cuts.append(glued.end())
        for cut in sorted(set(cuts), reverse=True):
            blank = f"{blank[:cut]}\0{blank[cut:]}"
    pieces = []
    at = 0
    for part in re.split(r"([\0 ]+)", blank):
        length = len(part.replace("\0", ""))
        if part.strip("\0 "):
            pieces.append((part, _share(word.box, at, at + length, len(text))))
        at += length
    return pieces


def _share(box: Box, start: int, end: int, length: int) -> Box:
    width = (box[2] - box[0]) / max(length, 1)
    return (box[0] + width * start, box[1], box[0] + width * end, box[3])


def box_of(pieces: Sequence[Piece]) -> Box:
    """Return the box around pieces."""
    return union_boxes(piece.box for piece in pieces)
