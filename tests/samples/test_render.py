from __future__ import annotations

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from samples.markup import Markup
from samples.render import print_pdf, render_sheet
from samples.sheet import CodeOp, PathOp, Sheet
from tests.samples.scans import lay_out


@pytest.mark.parametrize("face", ["Helvetica", "Times-Roman", "Courier-Bold", "Vera"])
def test_ink_stands_where_the_sheet_says(face: str) -> None:
    sheet = Sheet(Markup())
    sheet.put(123.0, 456.0, "Hxdp", face, 18.0)
    ink = render_sheet(sheet, dpi=200) < 128
    (word,) = sheet.words
    x0, y0, x1, y1 = sheet.relative(word)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert ink.shape == (2200, 1700)
    assert columns[0] == pytest.approx(x0 * 1700, abs=6)
    assert columns[-1] == pytest.approx(x1 * 1700, abs=6)
    assert rows[0] == pytest.approx(y0 * 2200, abs=6)
    assert rows[-1] == pytest.approx(y1 * 2200, abs=6)


@pytest.mark.parametrize("format", ["Code128", "QRCode"])
def test_barcodes_can_be_read(format: str) -> None:
    sheet = Sheet(Markup())
    sheet.ops.append(CodeOp(200, 200, 400, 200 + (200 if format == "QRCode" else 60), format, "PATCHT"))
    (found,) = zxingcpp.read_barcodes(render_sheet(sheet, dpi=150))
    assert found.text == "PATCHT"


def test_a_pen_stroke_passes_through_its_points() -> None:
    sheet = Sheet(Markup())
    sheet.ops.append(PathOp(((100, 100), (150, 140), (200, 90)), 2.0, 0.0))
    page = render_sheet(sheet, dpi=72)
    assert all(page[y, x] < 128 for x, y in ((101, 101), (150, 139), (199, 91)))


def test_pdf_has_the_words_as_text_and_is_the_same_each_time() -> None:
    page = lay_out(1)
    data = print_pdf([page, page])
    document = pypdfium2.PdfDocument(data)
    text = document[1].get_textpage().get_text_range()
    size = len(document)
    document.close()
    assert size == 2
    assert sorted(text.split()) == sorted(word.text for word in page.words)
    assert data == print_pdf([page, page])
