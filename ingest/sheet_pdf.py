"""Draws sheets to be laid between the pages of a scan, as a PDF file to print.

The one place that knows the library for it. Every sheet bears its barcode as two QR codes of a third of the
page's width, in opposite corners, and as Code 128 across the page; any of them is enough. At 200 dpi the
squares are 20 pixels wide, the bars 4.
"""

from __future__ import annotations

import functools
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import pagesizes
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.sheets import Sheet, SheetKind, encode_sheet

_PLAIN, _BOLD = "BackfileSheet", "BackfileSheetBold"
_MARGIN = 43.0
"""Points: 15 mm, more than any printer leaves white, and room around the codes."""
_QR_SIDE = 210.0
_BAR_HEIGHT = 72.0
_GAP = 26.0
_FINEST_BAR = 1.0
"""Points; a bar of less than 3 pixels at 200 dpi does not survive a bad copier."""
_WIDEST_BAR = 1.4

_TITLES = {
    SheetKind.SEPARATOR: "DOCUMENT SEPARATOR",
    SheetKind.TYPE: "DOCUMENT TYPE SHEET",
    SheetKind.BATCH: "BATCH HEADER SHEET",
    SheetKind.CHART: "CHART HEADER SHEET",
}
_ADVICE = {
    SheetKind.SEPARATOR: "Lay it before the first page of a document. It may be used again and copied.",
    SheetKind.TYPE: "Lay it before a document of this type. It may be used again and copied.",
    SheetKind.BATCH: "Lay it on top of the batch, in the first file of its folder.",
    SheetKind.CHART: "Lay it on top of this patient's pages, in the same file. For one scan: do not copy it.",
}


class Paper(StrEnum):
    """Sizes of paper."""

    LETTER = "letter"
    A4 = "a4"


_SIZES: dict[Paper, tuple[float, float]] = {Paper.LETTER: pagesizes.letter, Paper.A4: pagesizes.A4}


@dataclass(frozen=True, slots=True)
class SheetText:
    """A sheet with what people read on it."""

    sheet: Sheet
    heading: str = ""
    """Large, beside the code: a patient's name, a batch's, a type's."""
    lines: tuple[str, ...] = ()
    """Under it."""


def draw_sheets(sheets: Sequence[SheetText], *, paper: Paper = Paper.LETTER) -> bytes:
    """Return a PDF file with a page for each sheet."""
    _register_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=_SIZES[paper])
    canvas.setTitle("Backfile sheets")  # nothing of a patient in what file managers show
    for sheet in sheets:
        _draw(canvas, sheet, *_SIZES[paper])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, text: SheetText, width: float, height: float) -> None:
    code = encode_sheet(text.sheet)
    inner = width - 2 * _MARGIN
    y = height - _MARGIN - 30
    canvas.setFont(_BOLD, 28)
    canvas.drawString(_MARGIN, y, _TITLES[text.sheet.kind])
    canvas.setFont(_PLAIN, 10.5)
    for line in simpleSplit(_ADVICE[text.sheet.kind], _PLAIN, 10.5, inner):
        y -= 17
        canvas.drawString(_MARGIN, y, line)
    top = y - _GAP
    _draw_square(canvas, code, _MARGIN, top - _QR_SIDE)
    _draw_square(canvas, code, width - _MARGIN - _QR_SIDE, _MARGIN)
    _write_beside(canvas, text, _MARGIN + _QR_SIDE + _GAP, top, inner - _QR_SIDE - _GAP)
    _draw_bars(canvas, code, width, top - _QR_SIDE - _GAP - _BAR_HEIGHT)


def _draw_square(canvas: Canvas, code: str, x: float, y: float) -> None:
    """Draw the QR code at the highest level of correction: a third of it may be lost."""
    square = QrCodeWidget(code, barLevel="H", barBorder=0, barWidth=_QR_SIDE, barHeight=_QR_SIDE)
    drawing = Drawing(_QR_SIDE, _QR_SIDE)
    drawing.add(square)
    renderPDF.draw(drawing, canvas, x, y)


def _draw_bars(canvas: Canvas, code: str, width: float, y: float) -> None:
    room = width - 2 * _MARGIN
    modules = Code128(code, barWidth=1.0, quiet=False).width
    bar = max(_FINEST_BAR, min(_WIDEST_BAR, room / modules))
    bars = Code128(code, barWidth=bar, barHeight=_BAR_HEIGHT, quiet=False)
    bars.drawOn(canvas, (width - bars.width) / 2, y)


def _write_beside(canvas: Canvas, text: SheetText, x: float, top: float, room: float) -> None:
    """Write what people read, the heading as large as its room allows."""
    heading, lines = _printable(text.heading), [_printable(line) for line in text.lines]
    size = next((size for size in (22.0, 18.0, 14.0) if _fits(heading, size, room)), 11.0)
    y = top
    for face, points, content in [(_BOLD, size, heading), *((_PLAIN, 14.0, line) for line in lines)]:
        canvas.setFont(face, points)
        for line in simpleSplit(content, face, points, room)[:6]:
            y -= points * 1.25
            canvas.drawString(x, y, line)
        y -= 6


def _fits(heading: str, size: float, room: float) -> bool:
    lines = simpleSplit(heading, _BOLD, size, room)
    return len(lines) <= 3 and all(pdfmetrics.stringWidth(line, _BOLD, size) <= room for line in lines)


@functools.cache
def _register_fonts() -> None:
    """Make known the faces that come with the library: embedded, they print alike everywhere."""
    pdfmetrics.registerFont(TTFont(_PLAIN, "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(_BOLD, "VeraBd.ttf"))


def _printable(text: str) -> str:
    """Return a text in signs that the face has: others lose their accents, or become question marks."""
    known = pdfmetrics.getFont(_BOLD).face.charToGlyph
    signs = []
    for sign in unicodedata.normalize("NFC", text):
        plain = "".join(s for s in unicodedata.normalize("NFKD", sign) if ord(s) in known)
        signs.append(sign if ord(sign) in known else plain or "?")
    return "".join(signs)
