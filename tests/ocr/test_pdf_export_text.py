"""The invisible text: over its words at any turn and lean, in order, to be copied, never twice."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.geometry import Box, box_overlap
from backfile.domain.page import PageSource
from backfile.settings import Reading
from ocr.pdf_export import source_page
from ocr.pdf_font import number_characters
from ocr.pdf_frame import LEAST_SKEW
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, read_page
from tests.ocr.pages import (
    DrawnPage,
    form_page,
    prose_page,
    render,
    save_image,
    save_pdf,
    skew,
    table_page,
    wear,
)
from tests.ocr.pdf_readback import (
    export,
    picture_bytes,
    reading_of,
    render_page,
    text_box_by_pdfium,
    text_by_pdfium,
    words_by_pdfplumber,
)

DPI = 100
SIZE = (850, 1100)


def scan(page: DrawnPage, path: Path, *, turn: int, lean: float) -> Path:
    """Write the page as a scanner would that got it leaning, and needs ``turn`` clockwise to be upright."""
    lying = np.ascontiguousarray(np.rot90(skew(render(page, dpi=DPI), lean), k=turn // 90))
    if path.suffix == ".pdf":
        image = Image.fromarray(lying)
        image.save(path, "PDF", resolution=DPI)
        return path
    return save_image(lying, path, dpi=DPI)


def leaning_box(box: Box, lean: float, size: tuple[int, int] = SIZE) -> Box:
    """Return the upright frame around a box once the page leans."""
    width, height = size
    angle = np.deg2rad(lean)
    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])):
        dx, dy = (x - 0.5) * width, (y - 0.5) * height
        xs.append((dx * np.cos(angle) + dy * np.sin(angle)) / width + 0.5)
        ys.append((dy * np.cos(angle) - dx * np.sin(angle)) / height + 0.5)
    return (float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
@pytest.mark.parametrize(
    ("turn", "lean"),
    [(0, 0.0), (90, 0.0), (180, 0.0), (270, 0.0), (0, 3.0), (90, -3.0), (180, 3.0), (270, -3.0)],
)
def test_each_word_lies_over_its_image(tmp_path: Path, turn: int, lean: float, suffix: str) -> None:
    page = form_page(4, rules=False)
    path = scan(page, tmp_path / f"scan{suffix}", turn=turn, lean=lean)
    reading = reading_of(page.words, size=SIZE, dpi=DPI, rotation=turn, skew=lean)
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    found = words_by_pdfplumber(target)
    assert [text for text, _ in found] == [text for text, _ in page.words]
    overlaps = [
        box_overlap(box, leaning_box(true, lean))
        for (_, box), (_, true) in zip(found, page.words, strict=True)
    ]
    assert min(overlaps) > 0.75
    assert np.mean(overlaps) > 0.93
    shown = np.asarray(Image.fromarray(render_page(target, dpi=DPI)).convert("L")) < 128
    assert shown.shape == SIZE[::-1]  # upright
    assert ink_outside(shown, [box for _, box in found]) < 0.03


def ink_outside(ink: np.ndarray, boxes: list[Box]) -> float:
    """Return the share of the ink that is in no box."""
    outside = ink.copy()
    height, width = ink.shape
    for x0, y0, x1, y1 in boxes:
        outside[int(y0 * height) : int(y1 * height) + 1, int(x0 * width) : int(x1 * width) + 1] = False
    return float(outside.sum() / ink.sum())


def test_words_that_were_really_read_lie_over_what_was_printed(tmp_path: Path) -> None:
    """The whole way, with a real engine: the frame of the reading is the frame of the text."""
    page = table_page(2)
    lying = np.ascontiguousarray(np.rot90(skew(wear(render(page, dpi=200), 1), -2.0), k=1))
    path = save_image(lying, tmp_path / "scan.jpg", dpi=200)
    reading = read_page(path, 1, options=ReadOptions(reading=Reading.FAST))
    assert reading.rotation == 90
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    found = words_by_pdfplumber(target)
    # The printed words' frames hold ascent and descent, those that are read hold ink.
    centres = [(text, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for text, box in found]
    hits = 0
    for text, true in page.words:
        x0, y0, x1, y1 = leaning_box(true, -2.0)
        hits += any(text == other and x0 <= x <= x1 and y0 <= y <= y1 for other, x, y in centres)
    assert hits / len(page.words) > 0.9


def test_text_is_copied_in_reading_order_with_spaces(tmp_path: Path) -> None:
    page = prose_page(5)
    path = scan(page, tmp_path / "scan.png", turn=90, lean=2.0)
    target, _ = export(
        [source_page(path, 1, reading_of(page.words, size=SIZE, dpi=DPI, rotation=90, skew=2.0))], tmp_path
    )
    assert text_by_pdfium(target).split() == page.tokens()


@pytest.mark.parametrize(
    "text",
    [
        "Müller-Lüdenscheidt",
        "Łukasiewicz",
        "Señora",
        "Ελένη",
        "Иванов",
        "李小龍",
        "5½°±µ",
        "naïve\u0301",
        "(a\\b)",
        "😀𝄞",
    ],
)
def test_every_character_can_be_copied(tmp_path: Path, text: str) -> None:
    path = save_image(np.full((1100, 850), 255, np.uint8), tmp_path / "scan.png", dpi=DPI)
    reading = reading_of(
        [("before", (0.1, 0.1, 0.2, 0.12)), (text, (0.3, 0.1, 0.5, 0.12))], size=SIZE, dpi=DPI
    )
    target, result = export([source_page(path, 1, reading)], tmp_path)
    assert result.is_pdfa
    assert words_by_pdfplumber(target)[1][0] == text
    assert text_by_pdfium(target).split() == ["before", text]


printable = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn")), min_size=1
)


@given(st.lists(printable, min_size=1, max_size=30))
def test_codes_are_one_to_one_and_wide_enough(texts: list[str]) -> None:
    codes = number_characters(texts)
    assert len(set(codes.code_of.values())) == len(codes.code_of)
    assert " " in codes.code_of
    for text in texts:
        assert len(codes.encode(text)) == 2 * len(text)
        assert codes.width(text) > 0


shares = st.floats(0.15, 0.75)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left=shares,
    top=shares,
    wide=st.floats(0.01, 0.09),
    high=st.floats(0.004, 0.05),
    lean=st.floats(-5, 5),
    turn=st.sampled_from([0, 90, 180, 270]),
    word=st.sampled_from(["i", "MRN", "Whitfield,", "0012345", "mmmmm"]),
)
def test_any_word_lies_where_it_was_read(
    tmp_path: Path, left: float, top: float, wide: float, high: float, lean: float, turn: int, word: str
) -> None:
    path = tmp_path / "white.png"
    if not path.exists():
        save_image(np.full((1100, 850), 255, np.uint8), path, dpi=DPI)
    size = SIZE if turn % 180 == 0 else SIZE[::-1]
    box = (left, top, left + wide, top + high)
    reading = reading_of([(word, box)], size=size, dpi=DPI, rotation=turn, skew=lean)
    target = tmp_path / "export.pdf"
    target.unlink(missing_ok=True)
    export([source_page(path, 1, reading)], tmp_path)
    ((found, where),) = words_by_pdfplumber(target)
    assert found == word
    # Places are rounded to a tenth of a point.
    width, height = (side * 72 / DPI for side in size)
    true = leaning_box(box, lean, size) if abs(lean) >= LEAST_SKEW else box
    for got, wished, side in zip(where, true, (width, height, width, height), strict=True):
        assert abs(got - wished) * side < 0.25


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_are_of_what_a_viewer_shows_of_a_pdf_page(tmp_path: Path, rotate: int, rotation: int) -> None:
    """Its crop box, which begins anywhere, turned by its own /Rotate before the reading's turn."""
    path = tmp_path / "cropped.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.obj.MediaBox = pikepdf.Array([-10, -20, 602, 772])
        page.obj.CropBox = pikepdf.Array([20, 30, 570, 690])
        page.obj.Rotate = rotate
        pdf.save(path)
    upright = (660, 550) if (rotate + rotation) % 180 else (550, 660)
    box = (0.2, 0.1, 0.35, 0.13)
    reading = reading_of([("Whitfield", box)], size=upright, dpi=72, rotation=rotation)
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    assert text_by_pdfium(target).strip() == "Whitfield"
    assert text_box_by_pdfium(target) == pytest.approx(box, abs=0.001)
    assert render_page(target).shape == (upright[1], upright[0], 3)


def test_a_born_digital_page_keeps_its_text_and_gets_no_second(tmp_path: Path) -> None:
    page = prose_page(6)
    path = save_pdf(page, tmp_path / "born.pdf")
    reading = read_page(path, 1, options=ReadOptions(reading=Reading.FAST))
    assert reading.source is PageSource.PDF
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    assert text_by_pdfium(target).split() == text_by_pdfium(path).split()
    assert np.array_equal(render_page(target), render_page(path))


def test_a_mixed_page_gets_the_words_of_its_picture_alone(tmp_path: Path) -> None:
    stamp = Image.fromarray(render(prose_page(7), dpi=200))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792))
    canvas.setFont("Helvetica", 11)
    for line in range(12):
        canvas.drawString(
            72, 740 - 16 * line, f"Typed line number {line} of the discharge summary by Whitfield"
        )
    canvas.drawInlineImage(stamp.crop((0, 100, 1700, 900)), 72, 80, width=468, height=220)
    canvas.save()
    path = tmp_path / "mixed.pdf"
    path.write_bytes(buffer.getvalue())
    reading = read_page(path, 1, options=ReadOptions(reading=Reading.FAST))
    assert reading.source is PageSource.MIXED
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    tokens = text_by_pdfium(target).split()
    assert tokens.count("Typed") == 12
    pictured = [word.text for word in reading.words if word.confidence < 1]
    assert len(pictured) > 20
    assert set(pictured) <= set(tokens)
    assert len(tokens) == len(reading.words)


def hidden_layer(scan: Pixels, path: Path, *, under: bool, in_form: bool) -> Path:
    """Write a scan with the text that other software read: as mode 3 over it, or shown but under it."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792))
    image = Image.fromarray(scan)
    if in_form:
        canvas.beginForm("layer")
    text = canvas.beginText(72, 700)
    text.setFont("Helvetica", 11)
    if not under:
        text.setTextRenderMode(3)
    for line in range(20):
        text.textLine(f"Wr0ngly r3ad 1ine numb3r {line}")
    if under:
        canvas.drawText(text)
        canvas.drawInlineImage(Image.new("L", (9, 9), 255), 0, 0, 9, 9)
        canvas.drawImage(_as_reader(image), 0, 0, 612, 792)
    else:
        canvas.drawText(text)
        if in_form:
            canvas.endForm()
        canvas.drawImage(_as_reader(image), 0, 0, 612, 792)
        if in_form:
            canvas.doForm("layer")
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path


def _as_reader(image: Image.Image) -> object:
    from reportlab.lib.utils import ImageReader

    return ImageReader(image)


@pytest.mark.parametrize(("under", "in_form"), [(False, False), (False, True), (True, False)])
def test_text_that_others_read_from_the_scan_is_replaced(tmp_path: Path, under: bool, in_form: bool) -> None:
    page = prose_page(8)
    path = hidden_layer(render(page, dpi=DPI), tmp_path / "old.pdf", under=under, in_form=in_form)
    assert "Wr0ngly" in text_by_pdfium(path)
    target, result = export([source_page(path, 1, reading_of(page.words, size=SIZE, dpi=DPI))], tmp_path)
    assert text_by_pdfium(target).split() == page.tokens()
    assert np.array_equal(render_page(target), render_page(path))
    assert sorted(picture_bytes(target)) == sorted(picture_bytes(path))
    assert result.is_pdfa


def test_letters_through_which_a_picture_is_seen_stay(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 100))
    canvas.saveState()
    text = canvas.beginText(20, 30)
    text.setFont("Helvetica-Bold", 60)
    text.setTextRenderMode(7)
    text.textLine("SEEN")
    canvas.drawText(text)
    canvas.rect(0, 0, 200, 100, fill=1)
    canvas.drawImage(_as_reader(Image.new("RGB", (20, 10), (200, 0, 0))), 0, 0, 200, 100)
    canvas.restoreState()
    canvas.save()
    path = tmp_path / "clipped.pdf"
    path.write_bytes(buffer.getvalue())
    before = render_page(path)
    assert 0.05 < (before[..., 1] < 100).mean() < 0.6
    target, _ = export([source_page(path, 1, reading_of([], size=(200, 100), dpi=72))], tmp_path)
    assert np.array_equal(render_page(target), before)


def test_on_a_mixed_page_hidden_text_is_replaced_and_shown_text_stays(tmp_path: Path) -> None:
    page = prose_page(8)
    old = hidden_layer(render(page, dpi=DPI), tmp_path / "old.pdf", under=False, in_form=False)
    path = tmp_path / "faxed.pdf"
    with pikepdf.open(old) as pdf:
        sheet = pdf.pages[0]
        sheet.contents_add(b"BT 0 Tr /F1 9 Tf 20 780 Td (RECEIVED BY FAX) Tj ET")
        pdf.save(path)
    reading = reading_of(page.words, size=SIZE, dpi=DPI, source=PageSource.MIXED)
    target, _ = export([source_page(path, 1, reading)], tmp_path)
    assert sorted(text_by_pdfium(target).split()) == sorted([*page.tokens(), "RECEIVED", "BY", "FAX"])
    assert np.array_equal(render_page(target), render_page(path))


def test_the_text_adds_few_bytes(tmp_path: Path) -> None:
    """15 KB a document and 8 KB a page, on the densest page of these."""
    pages = [prose_page(seed, size=7) for seed in range(3)]
    paths = [tmp_path / f"{number}.tif" for number in range(len(pages))]
    for page, path in zip(pages, paths, strict=True):
        Image.fromarray(render(page) > 128).save(path, compression="group4", dpi=(300, 300))
    readings = [reading_of(page.words, size=(2550, 3300), dpi=300) for page in pages]
    assert min(len(page.words) for page in pages) > 700
    _, result = export([source_page(p, 1, r) for p, r in zip(paths, readings, strict=True)], tmp_path)
    images = sum(path.stat().st_size for path in paths)
    assert result.bytes <= 1.05 * images + 15_000 + 8_000 * len(pages)


def test_what_a_person_turned_is_turned_with_its_text(tmp_path: Path) -> None:
    page = form_page(9)
    path = scan(page, tmp_path / "scan.png", turn=0, lean=0)
    reading = reading_of(page.words, size=SIZE, dpi=DPI)
    target, _ = export([source_page(path, 1, reading, view_rotation=270)], tmp_path)
    with pikepdf.open(target) as pdf:
        assert int(pdf.pages[0].obj.Rotate) == 270
    assert render_page(target, dpi=DPI).shape[:2] == SIZE
    assert text_by_pdfium(target).split() == page.tokens()
