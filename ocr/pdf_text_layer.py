"""Writes the words of a page as invisible text that lies over them.

Text render mode 3 (ISO 32000-1, 9.3.6) paints nothing, yet viewers find, mark and copy the text. Each word
begins at its box's left edge and is stretched to its width; a space follows each, so that words stay apart
where text is taken out without looking at places.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from itertools import groupby

from backfile.domain.geometry import Box
from backfile.domain.page import Word
from ocr.pdf_font import TextCodes
from ocr.pdf_frame import Matrix

FONT_NAME = "BackfileText"
"""Of the font among a page's resources."""
_STEPS = 10
"""Parts of a point to which places are rounded: 0.1 is half a pixel at 300 dpi, and keeps numbers short.

The matrix must not stretch in their place: PDFium takes a word for its neighbour's shadow where both are
equal and nearer than a part of the bare font size.
"""
_FLAT = 0.5
"""Part of its line's height; what is flatter (a dash, a dot) gets the line's height. Programs that sort
text by its tops would else put it on a line of its own: measured with pdfplumber on eleven pages, words in
the order read rose from 98.3 to 99.9 %."""
_MOST_DRIFT = 0.4
"""Points by which a word may rise or fall. Poppler (Evince, Okular) takes a word whose letters drift by
more than half a point for several; so such a word says as a whole what it is. Measured on a page of prose
that leans by 2°: words found by pdftotext 100 % instead of 80 %, for 1.3 KB."""
_LEAST_STRETCH, _MOST_STRETCH = 1.0, 20_000.0
"""Percent."""


def write_text_layer(
    words: Sequence[Word], *, matrix: Matrix, size: tuple[float, float], codes: TextCodes
) -> bytes:
    """Return contents that write the words in the order given.

    Args:
        words: with boxes in the reading's frame.
        matrix: from that frame, in points, to user space (``reading_matrix``).
        size: width and height of that frame in points.
        codes: of the font.
    """
    lines = [f"q {matrix.write()} cm BT 3 Tr".encode()]
    at, high, stretch = (0, 0), 0, ""
    lean = min(abs(matrix.a), abs(matrix.b))  # of a turn by quarters one of the two is nothing
    for word, (x0, y0, x1, y1) in _place_words(words):
        line = b""
        place = (round(x0 * size[0] * _STEPS), round((1 - y1) * size[1] * _STEPS))
        height = max(1, round((y1 - y0) * size[1] * _STEPS))
        natural = codes.width(word.text) * height
        if natural <= 0:  # nothing but controls
            continue
        if height != high:
            line += f"/{FONT_NAME} {_tenths(height)} Tf ".encode()
            high = height
        wished = _stretch(100 * (x1 - x0) * size[0] * _STEPS / natural)
        if wished != stretch:
            line += f"{wished} Tz ".encode()
            stretch = wished
        line += f"{_tenths(place[0] - at[0])} {_tenths(place[1] - at[1])} Td ".encode()
        shown = _write_string(codes.encode(word.text + " ")) + b"Tj"
        drifts = (x1 - x0) * size[0] * lean > _MOST_DRIFT
        lines.append(line + (_say_whole(word.text + " ", shown) if drifts else shown))
        at = place
    return b"\n".join([*lines, b"ET Q\n"])


def _place_words(words: Sequence[Word]) -> Iterator[tuple[Word, Box]]:
    """Yield each word with the box that its text takes."""
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        top = sorted(word.box[1] for word in line)[len(line) // 4]
        bottom = sorted(word.box[3] for word in line)[len(line) * 3 // 4]
        for word in line:
            x0, y0, x1, y1 = word.box
            if y1 - y0 < _FLAT * (bottom - top):
                y0, y1 = min(top, y0), max(bottom, y1)
            yield word, (x0, y0, x1, y1)


def _say_whole(text: str, shown: bytes) -> bytes:
    """Return a sequence marked with what it says as a whole (ISO 32000-1, 14.9.4)."""
    said = text.encode("ascii") if text.isascii() else codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return b"/Span<</ActualText" + _write_string(said) + b">>BDC " + shown + b" EMC"


def _tenths(steps: int) -> str:
    return f"{steps / _STEPS:.1f}".removesuffix(".0")


def _stretch(percent: float) -> str:
    percent = min(max(percent, _LEAST_STRETCH), _MOST_STRETCH)
    return f"{percent:.1f}".removesuffix(".0")


def _write_string(data: bytes) -> bytes:
    """Return a literal string (ISO 32000-1, 7.3.4.2)."""
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return b"(" + data.replace(b"\r", b"\\r") + b")"
