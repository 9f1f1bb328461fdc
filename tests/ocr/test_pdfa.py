"""What claims to be PDF/A, what says why it is none, and what is told of a document."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ocr.pdf_export import ExportedPdf, Obstacle, obstacle_text, source_page
from ocr.pdfa_truetype import read_truetype
from tests.ocr.pages import form_page, prose_page, render, save_image, save_pdf
from tests.ocr.pdf_papers import embedded_font_page, page_with
from tests.ocr.pdf_readback import ABOUT, export, reading_of, render_page, text_by_pdfium

PLANTED = ("Whitfield", "Okafor", "0012345")


def claims(path: Path) -> tuple[str, str] | None:
    with pikepdf.open(path) as pdf, pdf.open_metadata() as meta:
        if "pdfaid:part" not in meta:
            return None
        return (str(meta["pdfaid:part"]), str(meta["pdfaid:conformance"]))


def export_one(path: Path, folder: Path) -> tuple[Path, ExportedPdf]:
    return export([source_page(path, 1, None)], folder)


def test_a_scan_claims_it_and_carries_what_that_takes(tmp_path: Path) -> None:
    page = form_page(1)
    path = save_image(render(page, dpi=100), tmp_path / "scan.png", dpi=100)
    target, result = export(
        [source_page(path, 1, reading_of(page.words, size=(850, 1100), dpi=100))], tmp_path
    )
    assert result.is_pdfa
    assert claims(target) == ("2", "B")
    with pikepdf.open(target) as pdf:
        assert pdf.pdf_version == "1.7"
        assert not pdf.is_encrypted
        (intent,) = pdf.Root.OutputIntents
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        font = pdf.pages[0].Resources.Font.BackfileText
        program = read_truetype(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes())
        assert program is not None
        assert font.ToUnicode is not None


def test_a_page_whose_fonts_are_not_there_stays_a_plain_pdf_and_says_so(tmp_path: Path) -> None:
    path = save_pdf(prose_page(2), tmp_path / "born.pdf")
    target, result = export_one(path, tmp_path)
    assert result.obstacles == (Obstacle.FONT_NOT_EMBEDDED,)
    assert claims(target) is None
    assert "font" in obstacle_text(result.obstacles[0])
    assert np.array_equal(render_page(target), render_page(path))


def test_one_such_page_is_enough(tmp_path: Path) -> None:
    scan = save_image(render(prose_page(3), dpi=60), tmp_path / "scan.png", dpi=60)
    born = save_pdf(prose_page(2), tmp_path / "born.pdf")
    target, result = export([source_page(scan, 1, None), source_page(born, 1, None)], tmp_path)
    assert not result.is_pdfa
    assert claims(target) is None


def test_embedded_fonts_are_no_obstacle(tmp_path: Path) -> None:
    path = embedded_font_page(tmp_path / "born.pdf")
    target, result = export_one(path, tmp_path)
    assert result.obstacles == ()
    assert claims(target) == ("2", "B")
    assert text_by_pdfium(target).split() == text_by_pdfium(path).split()


@pytest.mark.parametrize("by", [-40, 40])
def test_an_embedded_font_of_false_widths_is(tmp_path: Path, by: int) -> None:
    path = embedded_font_page(tmp_path / "born.pdf", wrong_by=by)
    _, result = export_one(path, tmp_path)
    assert result.obstacles == (Obstacle.FONT_UNSUITABLE,)


def _cmyk(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_stream(b"1 0 0 0.2 k 10 10 100 100 re f 0 1 1 0 K 20 20 m 90 90 l S")


def _interpolated(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    image = pdf.make_stream(bytes(16), Type=Name.XObject, Subtype=Name.Image, Width=4, Height=4,
                            BitsPerComponent=8, ColorSpace=Name.DeviceGray, Interpolate=True)  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(A=image))
    page.obj.Contents = pdf.make_stream(b"q 100 0 0 100 10 10 cm /A Do Q")


def _form_without_resources(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    form = pdf.make_stream(b"/G gs 10 10 50 50 re f", Type=Name.XObject, Subtype=Name.Form,
                           BBox=Array([0, 0, 200, 200]))  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(A=form), ExtGState=Dictionary(G=Dictionary(ca=0.5)))
    page.obj.Contents = pdf.make_stream(b"/A Do")


def _jpx(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((64, 64)).save(buffer, "JPEG2000")
    image = pdf.make_stream(buffer.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64,
                            Filter=Name.JPXDecode)  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(A=image))
    page.obj.Contents = pdf.make_stream(b"q 100 0 0 100 10 10 cm /A Do Q")


MENDED: dict[str, Callable[[pikepdf.Pdf, pikepdf.Page], None]] = {
    "cmyk": _cmyk,
    "interpolated": _interpolated,
    "form without resources": _form_without_resources,
    "jpeg 2000": _jpx,
}


@pytest.mark.parametrize("name", MENDED)
def test_what_nobody_sees_is_put_right(tmp_path: Path, name: str) -> None:
    path = page_with(tmp_path / "page.pdf", MENDED[name])
    target, result = export_one(path, tmp_path)
    assert result.is_pdfa
    shown, before = render_page(target), render_page(path)
    assert np.abs(shown.astype(int) - before.astype(int)).mean() < 2.5


def _state(entries: dict[str, Any]) -> Callable[[pikepdf.Pdf, pikepdf.Page], None]:
    def make(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources = Dictionary(ExtGState=Dictionary(G=Dictionary(entries)))
        page.obj.Contents = pdf.make_stream(b"/G gs 10 10 50 50 re f")

    return make


def _unknown_operator(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_stream(b"BX 1 2 glow EX 10 10 50 50 re f")


def _deep(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_stream(b"q " * 29 + b"10 10 50 50 re f" + b" Q" * 29)


def _malformed(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_stream(b"Tr /A Tf () Tj Do 10 10 50 50 re f")


def _bare_codestream(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 90).save(buffer, "JPEG2000", no_jp2=True)
    image = pdf.make_stream(buffer.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64,
                            Filter=Name.JPXDecode, ColorSpace=Name.DeviceGray)  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(A=image))
    page.obj.Contents = pdf.make_stream(b"q 100 0 0 100 10 10 cm /A Do Q")


def _broken_profile(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    space = Array([Name.ICCBased, pdf.make_stream(bytes(200), N=3)])
    page.obj.Resources = Dictionary(ColorSpace=Dictionary(C=space))
    page.obj.Contents = pdf.make_stream(b"/C cs 1 0 0 sc 10 10 50 50 re f")


@pytest.mark.parametrize(
    ("make", "obstacle"),
    [
        (_unknown_operator, Obstacle.CONTENT_UNSUITABLE),
        (_deep, Obstacle.CONTENT_UNSUITABLE),
        (_malformed, Obstacle.CONTENT_UNSUITABLE),
        (_bare_codestream, Obstacle.CONTENT_UNSUITABLE),
        (_state({"/TR": Name.Identity}), Obstacle.CONTENT_UNSUITABLE),
        (_state({"/BM": Name("/Glow")}), Obstacle.CONTENT_UNSUITABLE),
        (_broken_profile, Obstacle.COLOR_UNSUITABLE),
    ],
)
def test_what_cannot_be_put_right_is_said(
    tmp_path: Path, make: Callable[[pikepdf.Pdf, pikepdf.Page], None], obstacle: Obstacle
) -> None:
    path = page_with(tmp_path / "page.pdf", make)
    target, result = export_one(path, tmp_path)
    assert result.obstacles == (obstacle,)
    assert claims(target) is None


@pytest.mark.long
def test_contents_that_unfold_without_end_are_taken_as_they_are(tmp_path: Path) -> None:
    def unfold(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        contents = zlib.compress(b"10 10 50 50 re f " + b"[1 2 3] 0 d " * 8_000_000, 9)
        page.obj.Contents = pdf.make_stream(contents, Filter=Name.FlateDecode)

    path = page_with(tmp_path / "page.pdf", unfold)
    assert path.stat().st_size < 400_000
    reading = reading_of([("legible", (0.1, 0.1, 0.4, 0.2))], size=(200, 200), dpi=72)
    target, result = export([source_page(path, 1, reading)], tmp_path)
    assert result.obstacles == (Obstacle.TOO_COMPLEX,)
    with pikepdf.open(target) as pdf:
        assert pdf.pages[0].obj.Contents[1].read_raw_bytes() == _contents_of(path)


def _contents_of(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        return bytes(pdf.pages[0].obj.Contents.read_raw_bytes())


def test_what_is_said_of_a_document_names_no_patient(tmp_path: Path) -> None:
    words = [(text, (0.1, 0.1 + 0.05 * n, 0.3, 0.12 + 0.05 * n)) for n, text in enumerate(PLANTED)]
    path = save_image(np.full((1100, 850), 255, np.uint8), tmp_path / "Whitfield 0012345.png", dpi=100)
    target, _ = export([source_page(path, 1, reading_of(words, size=(850, 1100), dpi=100))], tmp_path)
    with pikepdf.open(target) as pdf:
        assert str(pdf.docinfo.Title) == "Progress note"
        assert str(pdf.docinfo.CreationDate) == "D:20260301083000+00'00'"
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == "Progress note"
            assert meta["dc:identifier"] == "doc_1"
            assert meta["dc:date"] == ["2019-03-02"]
            assert meta["xmp:CreateDate"] == "2026-03-01T08:30:00+00:00"
            assert set(meta["dc:relation"]) == set(ABOUT.sources)
            told = str(meta) + str(dict(pdf.docinfo.items()))
        with pdf.open_outline() as outline:
            told += "".join(item.title for item in outline.root)
    assert not [word for word in PLANTED if word in told]


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    page = form_page(2)
    path = save_image(render(page, dpi=60), tmp_path / "scan.png", dpi=60)
    source = source_page(path, 1, reading_of(page.words, size=(510, 660), dpi=60))
    one, _ = export([source], tmp_path, name="one.pdf")
    other, _ = export([source], tmp_path, name="other.pdf")
    assert one.read_bytes() == other.read_bytes()


def test_form_fields_and_stamps_are_kept_as_they_look(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 300))
    canvas.acroForm.textfield(name="ward", value="Ward 7", x=50, y=150, width=120, height=24)
    canvas.showPage()
    canvas.save()
    path = tmp_path / "form.pdf"
    path.write_bytes(buffer.getvalue())
    target, _ = export_one(path, tmp_path)
    with pikepdf.open(target) as pdf:
        assert "/Annots" not in pdf.pages[0].obj
        assert "/AcroForm" not in pdf.Root
    assert "Ward 7" in text_by_pdfium(target)
