"""Born-digital PDF pages as the world makes them: sound, garbled, hidden, turned, mixed with scans."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import reportlab
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LINES = (
    "RIVERSIDE COMMUNITY HOSPITAL",
    "Patient Delgado, Maria MRN 00482913",
    "Born 03/14/1957 Admitted 11/02/2019",
    "The patient was admitted with acute onset of chest discomfort",
    "radiating to the left arm and mild dyspnea on exertion.",
    "Glucose 184 mg/dL, potassium 4.7, creatinine 1.32, troponin 0.06",
    "Return to the clinic within two weeks for a further examination.",
)
TOKENS = [token for line in LINES for token in line.split()]
PAGE = (612.0, 792.0)
_FONT = "Vera"


def write_canvas(path: Path, paint: Callable[[Canvas], None], *, page: tuple[float, float] = PAGE) -> Path:
    canvas = Canvas(str(path), pagesize=page, invariant=True)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return path


def set_lines(canvas: Canvas, *, font: str = "Times-Roman", size: float = 12, top: float = 720) -> None:
    canvas.setFont(font, size)
    for row, line in enumerate(LINES):
        canvas.drawString(72, top - 1.6 * size * row, line)


def write_subset(path: Path, change: Callable[[pikepdf.Object], None]) -> Path:
    """Write the lines in a subset of a TrueType font, and change the font's dictionary."""
    pdfmetrics.registerFont(TTFont(_FONT, str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=True)
    set_lines(canvas, font=_FONT)
    canvas.save()
    with pikepdf.open(buffer) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            if "/ToUnicode" in font:
                change(font)
        pdf.save(path)
    return path


def exchange_characters(font: pikepdf.Object, exchange: dict[str, str]) -> None:
    """Let the font's table say other characters than its glyphs show."""
    table = font.ToUnicode.read_bytes().decode("latin-1")

    def change(found: re.Match[str]) -> str:
        return f"<{ord(exchange.get(chr(int(found[1], 16)), chr(int(found[1], 16)))):04X}>"

    begin, end = table.index("endcodespacerange"), len(table)
    font.ToUnicode.write((table[:begin] + re.sub(r"<([0-9A-Fa-f]{4})>", change, table[begin:end])).encode())


def write_fields(
    path: Path, fields: dict[str, tuple[str, bool]], *, contents: bytes = b"", base: Path | None = None
) -> Path:
    """Write a form; each field's value, and whether its writer drew it."""
    with pikepdf.open(base) if base else pikepdf.new() as pdf:
        page = pdf.pages[0] if base else pdf.add_blank_page(page_size=PAGE)
        helvetica = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        widgets = Array()
        for row, (name, (value, is_drawn)) in enumerate(fields.items()):
            widget = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(name), V=String(value), F=4,
                Rect=Array([200, 600 - 40 * row, 450, 620 - 40 * row]), DA=String("/Helv 12 Tf 0 g"),
            )  # fmt: skip
            if is_drawn:
                looks = pdf.make_stream(b"/Tx BMC BT /Helv 12 Tf 2 5 Td (" + value.encode() + b") Tj ET EMC")
                looks.Type, looks.Subtype = Name.XObject, Name.Form
                looks.BBox = Array([0, 0, 250, 20])
                looks.Resources = Dictionary(Font=Dictionary(Helv=helvetica))
                widget.AP = Dictionary(N=looks)
            widgets.append(pdf.make_indirect(widget))
        page.obj.Annots = widgets
        pdf.Root.AcroForm = Dictionary(
            Fields=widgets, DA=String("/Helv 12 Tf 0 g"), DR=Dictionary(Font=Dictionary(Helv=helvetica))
        )
        if contents:
            page.obj.Resources = Dictionary(Font=Dictionary(Helv=helvetica))
            page.obj.Contents = pdf.make_stream(contents)
        pdf.save(path)
    return path


def turn_page_of(path: Path, degrees: int) -> Path:
    """Set /Rotate."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = degrees
        pdf.save(path)
    return path


def hidden_lines(lines: tuple[str, ...], mode: bytes = b"3 Tr") -> bytes:
    """Return the contents of a layer such as OCR software writes."""
    shown = b"".join(b"0 -19.2 Td (" + line.encode() + b") Tj " for line in lines)
    return b" BT /F 12 Tf " + mode + b" 72 739.2 Td " + shown + b"ET "
