"""Reading pages: words where they stand, turned and leaning pages set straight, blank ones told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backfile.domain.page import PageReading, PageSource, Word
from backfile.errors import PageRefused
from backfile.settings import Reading
from backfile.store.codec import pack_reading, unpack_reading
from ocr.attempt import Readers
from ocr.engine import FakeEngine
from ocr.rapid_ocr import get_rapid_ocr
from ocr.rasterize import rasterize_page
from ocr.read import ReadOptions, get_engine, preload_engine, read_page
from ocr.read_image import read_image
from ocr.stopwatch import Stopwatch
from tests.ocr.pages import (
    blank_sheet,
    form_page,
    prose_page,
    recall,
    render,
    save_image,
    save_pdf,
    skew,
    wear,
)

OPTIONS = ReadOptions()


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    preload_engine(OPTIONS)


def texts(reading: PageReading) -> list[str]:
    return [word.text for word in reading.words]


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


def test_the_second_reader_rescues_words(tmp_path: Path) -> None:
    page = form_page(8, rules=False)
    worn = wear(render(page, dpi=110), 3, noise=12, blur=0.6, fade=0.6)
    path = save_image(worn, tmp_path / "worn.png", dpi=110)
    readings = {r: read_page(path, 1, options=ReadOptions(reading=r)) for r in Reading}
    shares = {r: recall(texts(reading), page.tokens()) for r, reading in readings.items()}
    assert shares[Reading.BALANCED] > shares[Reading.FAST] + 0.05
    assert shares[Reading.BEST] > shares[Reading.FAST] + 0.05
    assert "rapidocr" in readings[Reading.BALANCED].engine
    assert "rapidocr" not in readings[Reading.FAST].engine
    assert any(word.alternatives for word in readings[Reading.BEST].words)
    assert unpack_reading(pack_reading(readings[Reading.BEST])) == readings[Reading.BEST]


def test_a_sure_page_is_read_once_but_for_its_identifiers(tmp_path: Path) -> None:
    page = prose_page(11)
    path = save_image(render(page, dpi=200), tmp_path / "clean.png", dpi=200)
    mrn = next(text for text, after in zip(page.tokens()[1:], page.tokens(), strict=False) if after == "MRN:")
    reading = read_page(path, 1, options=OPTIONS)
    number = next(word for word in reading.words if word.text == mrn)
    others = [word.confidence for word in reading.words if word.box[1] > 0.4]
    assert number.confidence > 0.98  # two witnesses
    assert number.confidence > sum(others) / len(others)


def test_a_word_that_only_the_second_reader_saw_is_kept_and_a_contradicted_one_says_so(
    tmp_path: Path,
) -> None:
    image = render(prose_page(2), dpi=150)
    box = (0.2, 0.5, 0.3, 0.52)
    first = FakeEngine((Word("Delgado", (0.1, 0.1, 0.2, 0.12), 0.9), Word("1988", box, 0.6)))
    second = FakeEngine((Word("1983", box, 0.99), Word("Maria", (0.5, 0.5, 0.6, 0.52), 0.999)))
    raster = rasterize_page(save_image(image, tmp_path / "page.png", dpi=150), 1)
    reading = read_image(raster, readers=Readers(first, second, Reading.BEST), watch=Stopwatch())
    kept = {word.text: word for word in reading.words}
    assert set(kept) == {"Delgado", "1983", "Maria"}
    assert kept["1983"].alternatives == ("1988",)
    assert kept["1983"].confidence < 0.9


def test_the_second_reader_alone_reads_a_page(tmp_path: Path) -> None:
    page = prose_page(12)
    path = save_image(render(page, dpi=150), tmp_path / "page.png", dpi=150)
    reading = read_page(path, 1, options=ReadOptions(engine="rapidocr"))
    assert recall(texts(reading), page.tokens()) >= 0.95
    assert reading.engine == get_rapid_ocr().name


def test_languages_that_only_tesseract_reads_are_read_twice(tmp_path: Path) -> None:
    page = form_page(3)
    raster = rasterize_page(save_image(render(page, dpi=100), tmp_path / "form.png", dpi=100), 1)
    options = ReadOptions()
    once = read_page(tmp_path / "form.png", 1, options=ReadOptions(reading=Reading.FAST))
    twice = read_image(raster, readers=Readers(get_engine(options), None, Reading.BEST), watch=Stopwatch())
    assert recall(texts(twice), page.tokens()) >= recall(texts(once), page.tokens())
    assert "second" not in {stage.stage for stage in twice.stages}
    assert twice.engine == once.engine
