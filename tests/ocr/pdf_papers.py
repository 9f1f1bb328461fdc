"""Small PDF files of one page, as tests of PDF/A need them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import reportlab
from pikepdf import Array
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
"""Bitstream Vera, which comes with reportlab."""


def page_with(path: Path, make: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> Path:
    """Write a page that ``make`` fills."""
    with pikepdf.new() as pdf:
        make(pdf, pdf.add_blank_page(page_size=(200, 200)))
        pdf.save(path)
    return path


def embedded_font_page(path: Path, *, wrong_by: int = 0) -> Path:
    """Write a page in an embedded TrueType font; its stated widths may be wrong by some thousandths."""
    registerFont(TTFont("Vera", str(_VERA)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 200), invariant=True)
    canvas.setFont("Vera", 11)
    for line in range(6):
        canvas.drawString(20, 170 - 16 * line, f"Embedded line {line}: Größe 5 µg, naïve café")
    canvas.save()
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            if wrong_by and "/Widths" in font:
                font.Widths = Array([int(width) + wrong_by for width in font.Widths])
        pdf.save(path)
    return path
