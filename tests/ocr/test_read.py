"""Reading pages: words where they stand, turned and leaning pages set straight, blank ones told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backfile.domain.page import PageReading, PageSource
from backfile.errors import PageRefused
from ocr.engine import FakeEngine, OcrEngine, PageMode
from ocr.read import ENGINES, ReadOptions, get_engine, preload_engine, read_page
from tests.ocr.pages import blank_sheet, form_page, prose_page, recall, render, save_image, save_pdf, skew

OPTIONS = ReadOptions()


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    preload_engine(OPTIONS)


def texts(reading: PageReading) -> list[str]:
    return [word.text for word in reading.words]


@pytest.mark.parametrize("name", ENGINES)
def test_both_engines_read_a_page_with_boxes_and_confidences(name: str) -> None:
    page = prose_page(3)
    engine: OcrEngine = get_engine(ReadOptions(engine=name))
    words = engine.read_words(render(page, dpi=200), dpi=200, mode=PageMode.PROSE)
    assert recall([word.text for word in words], page.tokens()) >= 0.95
    for word in words:
        x0, y0, x1, y1 = word.box
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        assert 0 <= word.confidence <= 1


def test_the_shipped_fake_reads_what_it_was_given() -> None:
    assert FakeEngine().read_words(np.zeros((9, 9), np.uint8), dpi=300, mode=PageMode.PROSE) == ()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_and_leaning_page_is_set_upright_and_straight(tmp_path: Path, turn: int) -> None:
    page = prose_page(5)
    lying = np.rot90(skew(render(page, dpi=200), 2.0), turn // 90)  # needs `turn` degrees clockwise
    reading = read_page(save_image(lying, tmp_path / "page.png", dpi=200), 1, options=OPTIONS)
    assert reading.rotation == turn
    assert reading.skew == pytest.approx(2.0, abs=0.15)
    assert recall(texts(reading), page.tokens()) >= 0.95
    first = reading.words[0]
    true = next(box for text, box in page.words if text == first.text)
    assert first.box[0] == pytest.approx(true[0], abs=0.01)
    assert first.box[1] == pytest.approx(true[1], abs=0.01)


def test_a_ruled_form_is_read_inside_its_boxes(tmp_path: Path) -> None:
    page = form_page(2)
    reading = read_page(save_image(render(page, dpi=300), tmp_path / "form.png", dpi=300), 1, options=OPTIONS)
    assert recall(texts(reading), page.tokens()) >= 0.9
    assert not reading.blank


def test_a_blank_page_is_told_and_a_signed_one_is_not(tmp_path: Path) -> None:
    sheet = render(blank_sheet(), dpi=200).copy()
    reading = read_page(save_image(sheet, tmp_path / "blank.png", dpi=200), 1, options=OPTIONS)
    assert reading.blank
    assert reading.words == ()
    signed = sheet.copy()
    for step in range(160):  # a faint flourish of the pen
        x, y = 900 + 2 * step, int(1500 + 25 * np.sin(step / 9))
        signed[y : y + 3, x : x + 3] = 190
    assert not read_page(save_image(signed, tmp_path / "signed.png", dpi=200), 1, options=OPTIONS).blank


def test_a_born_digital_page_gives_its_own_words(tmp_path: Path) -> None:
    page = prose_page(7)
    reading = read_page(save_pdf(page, tmp_path / "note.pdf"), 1, options=OPTIONS)
    assert reading.source is PageSource.PDF
    assert texts(reading)[:5] == page.tokens()[:5]
    assert {word.confidence for word in reading.words} == {1.0}
    assert [stage.stage for stage in reading.stages][:2] == ["rasterize", "pdf_text"]


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = save_pdf(prose_page(1), tmp_path / "note.pdf")
    with pytest.raises(PageRefused):
        read_page(path, 9, options=OPTIONS)
