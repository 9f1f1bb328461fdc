"""Blank sides are told; a side with any mark of a hand is never one."""

from __future__ import annotations

import math
import random
import tracemalloc

import cv2
import numpy as np
import pytest

from benchmarks.imaging_pages import write_page
from benchmarks.imaging_sides import make_side
from ocr.blank import InkKind, measure_ink
from ocr.letters import find_letters
from ocr.marks import find_marks, look_at_page
from ocr.raster_image import Pixels
from tests.ocr.pages import prose_page, render

PRINTS = [render(prose_page(seed), dpi=150) for seed in (1, 2)]
DPI = 150.0
MM = DPI / 25.4


def sheet() -> Pixels:
    noise = np.random.default_rng(5).normal(235, 2.5, (1650, 1275))
    return np.clip(noise, 0, 255).astype(np.uint8)


def kind(page: Pixels) -> InkKind:
    return measure_ink(page, dpi=DPI).kind


def at(*millimetres: float) -> tuple[int, int]:
    return round(millimetres[0] * MM), round(millimetres[1] * MM)


def test_holes_specks_shadows_and_streaks_are_no_ink() -> None:
    page = sheet()
    for y in (60, 140, 220):
        cv2.circle(page, at(12, y), round(3 * MM), 60, -1, cv2.LINE_AA)
    for n in range(25):
        cv2.circle(page, at(30 + 6 * n, 20 + 9 * n), 2, 40, -1)
    page[:, -30:] = np.minimum(page[:, -30:], np.linspace(230, 60, 30).astype(np.uint8))
    page[:, 700] = 150
    assert kind(page) is InkKind.NONE


def test_rims_of_holes_are_no_ink_but_one_of_them_may_be_a_letter() -> None:
    page = sheet()
    for y in (100, 180):
        cv2.ellipse(page, at(12, y), at(3.2, 3.2), 20, 0, 160, 60, 3, cv2.LINE_AA)
    assert kind(page) is InkKind.NONE
    alone = sheet()
    cv2.ellipse(alone, at(12, 100), at(3.2, 3.2), 20, 0, 160, 60, 3, cv2.LINE_AA)
    assert kind(alone) is InkKind.INK


def test_an_initial_is_ink_even_an_o_where_holes_are() -> None:
    page = sheet()
    cv2.ellipse(page, at(14, 140), at(3.0, 3.2), 0, 0, 360, 190, 2, cv2.LINE_AA)
    assert kind(page) is InkKind.INK


def test_a_stroke_that_crosses_a_streak_is_ink() -> None:
    page = sheet()
    page[:, 700:702] = 150
    points = np.array([[at(110 + t, 272 + 2 * np.sin(t)) for t in np.arange(0, 14, 0.3)]], np.int32)
    cv2.polylines(page, list(points), False, 150, 2, cv2.LINE_AA)
    assert kind(page) is InkKind.INK


def test_print_that_shines_through_is_a_ghost_and_a_pencil_note_on_it_ink() -> None:
    mirrored = 255 - PRINTS[0][:, ::-1].astype(np.float32)
    mirrored[:250] = 0  # a bold heading shines through so much more that it may be of this side
    through = cv2.GaussianBlur(mirrored[:1650], (0, 0), 0.45 * MM) * 0.2
    page = np.clip(sheet().astype(np.float32) - through, 0, 255).astype(np.uint8)
    assert kind(page) is InkKind.GHOST
    cv2.putText(page, "see chart", at(60, 150), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.0, 170, 2, cv2.LINE_AA)
    assert kind(page) is InkKind.INK


def test_only_dark_print_passes_for_plain_print() -> None:
    assert all(find_letters(page).is_plain_print for page in PRINTS)
    for seed in range(60):
        assert not find_letters(make_side(seed, PRINTS, is_marked=False).image).is_plain_print, seed


def test_black_specks_on_print_that_shines_through_do_not_make_it_ink() -> None:
    mirrored = 255 - PRINTS[1][:1650, ::-1].astype(np.float32)
    mirrored[:250] = 0
    through = cv2.GaussianBlur(mirrored, (0, 0), 0.45 * MM) * 0.2
    page = np.clip(sheet().astype(np.float32) - through, 0, 255).astype(np.uint8)
    for n in range(40):
        cv2.circle(page, at(20 + 4.3 * n, 30 + 5.1 * n), 2, 130, -1, cv2.LINE_AA)
    assert kind(page) is InkKind.GHOST


def test_specks_at_few_dots_per_inch_are_no_ink() -> None:
    page = np.ascontiguousarray(sheet()[:1100, :850])
    for n in range(150):
        place = round((20 + 53 * n % 800) * 16), round((20 + 97 * n % 1040) * 16)
        cv2.circle(page, place, 24, 30, -1, cv2.LINE_AA, 4)  # 3 pixels across: 0.8 mm
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.6), dtype=np.uint8)
    assert measure_ink(page, dpi=100).kind is InkKind.NONE


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_a_page_of_faint_pencil_is_ink_though_its_marks_are_all_alike(dpi: int) -> None:
    rng = random.Random(dpi)
    page: Pixels = np.full((11 * dpi, round(8.5 * dpi)), 255, np.uint8)
    write_page(page, rng, dpi, is_ruled=False)
    noise = np.random.default_rng(3).normal(0, 2.0, page.shape)
    faint = 235 - 0.14 * (255.0 - page) + noise
    assert measure_ink(np.clip(faint, 0, 255).astype(np.uint8), dpi=dpi).kind is InkKind.INK


@pytest.mark.parametrize("first", [0, 10, 20])
def test_drawn_sides_with_a_mark_are_never_blank(first: int) -> None:
    for seed in range(first, first + 10):
        side = make_side(seed, PRINTS, is_marked=True)
        assert measure_ink(side.image, dpi=side.dpi).kind is InkKind.INK, (seed, side.mark, side.dirt)


def test_pages_of_any_size_are_measured() -> None:
    for shape in ((1, 1), (2, 900), (40, 30)):
        assert measure_ink(np.full(shape, 250, np.uint8), dpi=200).kind is InkKind.NONE


def squeeze(page: Pixels, quality: int) -> Pixels:
    """Return a page as JPEG brings it back."""
    data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def coarse_sheet(grain: float) -> Pixels:
    noise = np.random.default_rng(8).normal(225, grain, (1100, 850))
    return np.clip(noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("grain", [4.0, 6.0, 8.0])
def test_blocks_of_strong_jpeg_are_no_ink_but_a_faint_initial_in_them_is(grain: int) -> None:
    page = coarse_sheet(grain)
    assert measure_ink(squeeze(page, 32), dpi=100).kind is InkKind.NONE
    cv2.putText(page, "K", (400, 500), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 195, 1, cv2.LINE_AA)
    assert measure_ink(squeeze(page, 32), dpi=100).kind is InkKind.INK


def test_waves_of_jpeg_around_holes_and_specks_are_no_marks_but_a_tick_that_begins_there_is() -> None:
    page = coarse_sheet(1.0)
    for y in (200, 550, 900):
        cv2.circle(page, (50, y), 13, 5, -1, cv2.LINE_AA)
    for n in range(60):
        cv2.circle(page, (90 + 12 * n, 40 + 53 * n % 1000), 1, 60, -1, cv2.LINE_AA)
    assert not len(find_marks(look_at_page(squeeze(page, 32), dpi=100)).length)
    cv2.line(page, (66, 195), (95, 210), 195, 1, cv2.LINE_AA)
    assert measure_ink(squeeze(page, 32), dpi=100).kind is InkKind.INK


def test_a_streak_that_grain_tears_in_pieces_is_no_ink() -> None:
    page = coarse_sheet(5.0)
    page[:, 600] = np.clip(page[:, 600].astype(np.int16) - 22, 0, 255)
    assert measure_ink(page, dpi=100).kind is InkKind.NONE
    page[:700, 600] += 22  # a third of it is a line that somebody drew
    assert measure_ink(page, dpi=100).kind is InkKind.INK


def test_specks_that_lie_together_by_chance_are_no_small_print() -> None:
    page, rng = sheet(), random.Random(4)
    specks: list[tuple[int, int]] = []
    while len(specks) < 160:
        speck = at(rng.uniform(10, 200), rng.uniform(10, 260))
        if all(math.dist(speck, other) > 16 for other in specks):
            specks.append(speck)
            cv2.circle(page, speck, 3, 190, -1, cv2.LINE_AA)
    assert kind(page) is InkKind.NONE
    cv2.putText(page, "see chart", at(60, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 190, 1, cv2.LINE_AA)
    assert kind(page) is InkKind.INK


@pytest.mark.parametrize("seed", [6, 7])
def test_an_initial_that_grain_tears_in_pieces_is_ink(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(200, 10, (1100, 850))
    assert measure_ink(np.clip(noise, 0, 255).astype(np.uint8), dpi=100).kind is InkKind.NONE
    pen = np.zeros(noise.shape, np.uint8)
    points = np.array([[(400, 500), (414, 462), (414, 500), (428, 462)]], np.int32)
    cv2.polylines(pen, list(points), False, 25, 1, cv2.LINE_AA)
    page = np.clip(noise - cv2.GaussianBlur(pen, (0, 0), 0.4), 0, 255).astype(np.uint8)
    assert measure_ink(page, dpi=100).kind is InkKind.INK


@pytest.mark.parametrize("seed", [3, 4])
def test_specks_that_run_into_each_other_where_grain_is_evened_out_are_no_ink(seed: int) -> None:
    draw = np.random.default_rng(seed)
    page = np.clip(draw.normal(225, 11, (1100, 850)), 0, 255).astype(np.uint8)
    for x, y in draw.uniform((20, 20), (830, 1080), (250, 2)):
        cv2.circle(page, (int(x * 16), int(y * 16)), 24, 60, -1, cv2.LINE_AA, 4)
    assert measure_ink(page, dpi=100).kind is InkKind.NONE


def test_a_page_strewn_with_specks_takes_little_memory() -> None:
    page = sheet()
    for x in range(20, 1260, 15):
        for y in range(20, 1640, 15):
            cv2.circle(page, (x + 7 * y % 5, y + 5 * x % 6), 4, 222, -1, cv2.LINE_AA)
    tracemalloc.start()
    kind(page)
    assert tracemalloc.get_traced_memory()[1] < 400 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("lines", [1, 30])
@pytest.mark.parametrize(("height", "level"), [(1.3, 205), (1.6, 215), (2.2, 221)])
def test_pale_lines_from_edge_to_edge_are_no_streaks(height: float, level: int, lines: int) -> None:
    page, text = sheet(), "anemone sauce were on arms as now enormous vase ranch nerve sea con no use " * 3
    margin = page[:, -24:].copy()
    for n in range(lines):
        where, scale = at(4, 20 + 7 * n), height * MM / 14
        cv2.putText(page, text, where, cv2.FONT_HERSHEY_SIMPLEX, scale, level, 1, cv2.LINE_AA)
    page[:, -24:] = margin
    assert kind(page) is InkKind.INK
