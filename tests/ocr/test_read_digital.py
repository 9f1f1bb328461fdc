"""Whose words a PDF page gets: its own where they are what it shows, else those read from its image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.lib.colors import Color, white
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.page import PageReading, PageSource
from backfile.settings import Reading
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, preload_engine, read_page
from tests.ocr.digital import (
    LINES,
    TOKENS,
    exchange_characters,
    hidden_lines,
    set_lines,
    turn_page_of,
    write_canvas,
    write_fields,
    write_subset,
)
from tests.ocr.pages import recall
from tests.ocr.scans import flate_scan

OPTIONS = ReadOptions(reading=Reading.FAST)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    preload_engine(OPTIONS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def read(path: Path) -> PageReading:
    return read_page(path, 1, options=OPTIONS)


def texts(reading: PageReading) -> list[str]:
    return [word.text for word in reading.words]


def scan_of(path: Path, *, dpi: float = 200) -> Pixels:
    """Return the image of a PDF page, as a scanner would give it."""
    page = pypdfium2.PdfDocument(path)[0]
    return np.array(page.render(scale=dpi / 72, grayscale=True).to_numpy(), dtype=np.uint8)


def scanned_lines(tmp_path: Path) -> Pixels:
    return scan_of(write_canvas(tmp_path / "paper.pdf", set_lines))


@pytest.mark.parametrize("font", ["Times-Roman", "Helvetica-Bold", "Courier"])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_sound_text_is_taken_as_it_is(font: str, rotate: int, path: Path) -> None:
    write_canvas(path, lambda canvas: set_lines(canvas, font=font))
    reading = read(turn_page_of(path, rotate))
    assert reading.source is PageSource.PDF
    assert texts(reading) == TOKENS
    assert reading.rotation == -rotate % 360


def test_a_subset_with_a_true_table_is_believed(path: Path) -> None:
    reading = read(write_subset(path, lambda font: None))
    assert reading.source is PageSource.PDF
    assert texts(reading) == TOKENS


_SHIFT = {chr(n): chr(n + 3) for n in range(ord("a"), ord("w"))}
_FEW_DIGITS = {"4": "9", "8": "1", "9": "4", "1": "8"}
_DIGITS = dict(zip("0123456789", "5678901234", strict=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda font: exchange_characters(font, _SHIFT),
        lambda font: exchange_characters(font, _DIGITS),
        lambda font: exchange_characters(font, _FEW_DIGITS),
        lambda font: exchange_characters(font, {"e": "\ue005", "t": "\ue006", "a": "\ue007"}),
    ],
    ids=["letters", "digits", "few digits", "private"],
)
def test_a_font_that_says_other_than_it_shows_is_not_believed(
    change: Callable[[pikepdf.Object], None], path: Path
) -> None:
    reading = read(write_subset(path, change))
    assert reading.source is PageSource.OCR
    assert recall(texts(reading), TOKENS) > 0.9
    assert "00482913" in texts(reading)


@pytest.mark.parametrize("first", [0, 1000])
def test_a_subset_without_a_table_is_read_rightly_all_the_same(first: int, path: Path) -> None:
    """Its codes may be those of letters, or names that say nothing."""

    def change(font: pikepdf.Object) -> None:
        del font.ToUnicode
        if first:
            font.Encoding = Dictionary(Differences=Array([0, *(Name(f"/g{first + n}") for n in range(128))]))

    found = texts(read(write_subset(path, change)))
    assert recall(found, TOKENS) > 0.9
    assert "00482913" in found


def test_text_that_nobody_sees_is_not_read(path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        set_lines(canvas)
        canvas.setFillColor(white)
        canvas.drawString(72, 500, "Invisible penicillin")
        canvas.setFillColor(Color(0, 0, 0, alpha=0))
        canvas.drawString(72, 480, "Transparent morphine")
        canvas.setFillColor(Color(0, 0, 0))
        canvas.drawString(700, 460, "Outside warfarin")
        clip = canvas.beginPath()
        clip.rect(72, 300, 10, 10)
        canvas.clipPath(clip, stroke=0)
        canvas.drawString(72, 440, "Clipped digoxin")

    reading = read(write_canvas(path, paint))
    assert reading.source is PageSource.PDF
    assert texts(reading) == TOKENS


def test_a_value_that_was_painted_over_is_the_one_to_be_seen(path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        set_lines(canvas)
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, 400, "Allergies:")
        canvas.drawString(160, 400, "PENICILLIN")
        canvas.setFillColor(white)
        canvas.rect(155, 395, 120, 18, fill=1, stroke=0)
        canvas.setFillColor(Color(0, 0, 0))
        canvas.drawString(160, 400, "SULFONAMIDE")

    found = texts(read(write_canvas(path, paint)))
    assert "SULFONAMIDE" in found
    assert "PENICILLIN" not in found


_WRONG = tuple(line[::-1].replace(" ", "x ") for line in LINES)


@pytest.mark.parametrize("layer", [LINES, _WRONG], ids=["right", "wrong"])
def test_a_hidden_layer_over_a_scan_counts_for_nothing(
    layer: tuple[str, ...], path: Path, tmp_path: Path
) -> None:
    reading = read(flate_scan(path, scanned_lines(tmp_path), extra=hidden_lines(layer)))
    assert reading.source is PageSource.OCR
    assert recall(texts(reading), TOKENS) > 0.95
    assert all(word.confidence < 1.0 for word in reading.words)


def test_the_head_of_a_fax_stands_over_what_is_read_of_the_scan(path: Path, tmp_path: Path) -> None:
    head = b" BT /F 9 Tf 0 Tr 40 775 Td (FAX 2019-11-04 09:12 5550143 Page 002 of 005) Tj ET "
    wrong = hidden_lines(_WRONG)
    reading = read(flate_scan(path, scanned_lines(tmp_path), extra=wrong + head))
    assert reading.source is PageSource.MIXED
    found = texts(reading)
    assert found[:4] == ["FAX", "2019-11-04", "09:12", "5550143"]
    assert recall(found, TOKENS) > 0.95
    assert not set(found) & {token for line in _WRONG for token in line.split()}


def test_a_head_over_a_scan_that_lies_is_kept(path: Path, tmp_path: Path) -> None:
    head = b" BT /F 9 Tf 40 775 Td (FAX 2019-11-04 09:12 5550143 Page 002 of 005) Tj ET "
    lying = np.ascontiguousarray(np.rot90(scanned_lines(tmp_path)))
    reading = read(flate_scan(path, lying, page=(792.0, 612.0), extra=head.replace(b"40 775", b"40 595")))
    assert reading.rotation == 90
    assert recall(texts(reading), TOKENS) > 0.95
    assert {"5550143", "2019-11-04"} <= set(texts(reading))
    number = next(word for word in reading.words if word.text == "5550143")
    assert number.box[0] > 0.95  # it stands along the right edge of the upright page


def test_half_a_page_of_text_and_half_a_scan_give_both(path: Path, tmp_path: Path) -> None:
    paper = scanned_lines(tmp_path)

    def paint(canvas: Canvas) -> None:
        canvas.drawInlineImage(Image.fromarray(paper[: len(paper) // 2]), 0, 0, 612, 396)
        canvas.setFont("Helvetica", 11)
        for row in range(12):
            canvas.drawString(72, 740 - 20 * row, f"Addendum line {row}: seen and discussed with family")

    reading = read(write_canvas(path, paint))
    assert reading.source is PageSource.MIXED
    assert recall(texts(reading), TOKENS) > 0.95
    assert texts(reading).count("Addendum") == 12


def test_text_beneath_a_scan_is_not_read_twice(path: Path, tmp_path: Path) -> None:
    """Older software wrote what it had read visibly, and laid the scan over it."""
    paper = Image.fromarray(scanned_lines(tmp_path))

    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        for row, line in enumerate(_WRONG):
            canvas.drawString(72, 720 - 19 * row, line)
        canvas.drawInlineImage(paper, 0, 0, 612, 792)
        canvas.drawString(400, 30, "Bates 000471")

    found = texts(read(write_canvas(path, paint)))
    assert "000471" in found
    assert recall(found, TOKENS) > 0.95
    assert not set(found) & {token for line in _WRONG for token in line.split()}


@pytest.mark.parametrize("is_drawn", [True, False])
def test_the_values_of_a_form_are_read(is_drawn: bool, path: Path) -> None:
    fields = {"mrn": ("00482913", is_drawn), "name": ("Delgado Maria", is_drawn)}
    labels = b"BT /Helv 12 Tf 72 605 Td (Record number) Tj 0 -40 Td (Patient name) Tj ET"
    reading = read(write_fields(path, fields, contents=labels))
    assert reading.source is PageSource.PDF
    assert texts(reading) == ["Record", "number", "00482913", "Patient", "name", "Delgado", "Maria"]


def test_fields_over_a_scan_are_exact(path: Path, tmp_path: Path) -> None:
    scan = flate_scan(tmp_path / "scan.pdf", np.roll(scanned_lines(tmp_path), 900, axis=0))
    reading = read(write_fields(path, {"mrn": ("00482913", True)}, base=scan))
    assert reading.source is PageSource.MIXED
    assert any(word.text == "00482913" and word.confidence == 1.0 for word in reading.words)
    assert recall(texts(reading), TOKENS) > 0.95


def test_a_stamp_is_read(path: Path) -> None:
    write_canvas(path, set_lines)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        looks = pdf.make_stream(b"BT /F 14 Tf 0 0 1 rg 4 6 Td (COPY TO CHART) Tj ET")
        looks.Type, looks.Subtype, looks.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 24])
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        looks.Resources = Dictionary(Font=Dictionary(F=font))
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([300, 200, 500, 224]), F=4,
            AP=Dictionary(N=looks),
        )  # fmt: skip
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
        pdf.save(path)
    assert texts(read(path)) == [*TOKENS, "COPY", "TO", "CHART"]


def test_text_along_the_edge_is_read_the_right_way_round(path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        set_lines(canvas)
        for angle, place, text in ((90, (40, 200), "Upward 0471"), (-90, (580, 400), "Downward 0982")):
            canvas.saveState()
            canvas.translate(*place)
            canvas.rotate(angle)
            canvas.drawString(0, 0, text)
            canvas.restoreState()
        canvas.saveState()
        canvas.translate(120, 150)
        canvas.rotate(40)
        canvas.setFillColor(Color(0.93, 0.93, 0.93))
        canvas.setFont("Helvetica-Bold", 70)
        canvas.drawString(0, 0, "DRAFT")
        canvas.restoreState()

    reading = read(write_canvas(path, paint))
    found = texts(reading)
    assert reading.source is PageSource.PDF
    assert {"Upward", "0471", "Downward", "0982"} <= set(found)
    assert recall(found, TOKENS) == 1.0
    assert not {"D", "R", "A", "F", "T"} & set(found)


def test_a_tick_is_no_digit(path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        set_lines(canvas)
        canvas.setFont("ZapfDingbats", 12)
        canvas.drawString(72, 400, "4")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(90, 400, "Interpreter needed")

    found = texts(read(write_canvas(path, paint)))
    assert found[-2:] == ["Interpreter", "needed"]
    assert "4" not in found


def test_a_form_object_and_a_small_page(path: Path) -> None:
    def paint(canvas: Canvas) -> None:
        canvas.beginForm("label")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(8, 30, "Delgado, Maria")
        canvas.drawString(8, 18, "MRN 00482913")
        canvas.endForm()
        canvas.doForm("label")

    reading = read(write_canvas(path, paint, page=(144, 72)))
    assert texts(reading) == ["Delgado,", "Maria", "MRN", "00482913"]
    assert read(write_canvas(path, lambda canvas: None, page=(3, 3))).blank


def test_ligatures_and_soft_hyphens_are_plain_letters(path: Path) -> None:
    def change(font: pikepdf.Object) -> None:
        exchange_characters(font, {"f": "\ufb01", ",": "\u00ad"})

    found = texts(read(write_subset(path, change)))
    assert "disco\ufb01ort" not in found
    assert not any("\ufb01" in text or "\u00ad" in text for text in found)


def test_type_3_glyphs_without_a_name_are_read_from_the_image(path: Path) -> None:
    """Each line is one glyph: a picture of letters that says it is the letter A."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        glyphs = Dictionary()
        for n, line in enumerate(LINES):
            draw = f"1000 0 d0 BT /H 20 Tf ({line}) Tj ET".encode()
            glyphs[f"/g{n}"] = pdf.make_stream(draw)
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, -200, 1000, 200]),
            FontMatrix=Array([0.05, 0, 0, 0.05, 0, 0]), CharProcs=glyphs, FirstChar=65,
            LastChar=64 + len(LINES), Widths=Array([20] * len(LINES)),
            Encoding=Dictionary(Differences=Array([65, *(Name(f"/g{n}") for n in range(len(LINES)))])),
            Resources=Dictionary(Font=Dictionary(H=helvetica)),
        )  # fmt: skip
        page.obj.Resources = Dictionary(Font=Dictionary(T=pdf.make_indirect(font)))
        shown = "".join(f"0 -30 Td ({chr(65 + n)}) Tj " for n in range(len(LINES)))
        page.obj.Contents = pdf.make_stream(f"BT /T 12 Tf 72 740 Td {shown} ET".encode())
        pdf.save(path)
    reading = read(path)
    assert recall(texts(reading), TOKENS) > 0.9
