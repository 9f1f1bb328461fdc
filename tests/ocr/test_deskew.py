"""Skew is found to a tenth of a degree where lines tell it, and nothing is tilted where they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.imaging_pages import OddPage, draw_odd_page
from ocr.deskew import deskew_page, estimate_skew, rotate_page
from ocr.letters import find_letters, tilt_letters, turn_letters
from ocr.orient import turn_page
from ocr.raster_image import Pixels
from tests.ocr.pages import form_page, prose_page, render, skew, table_page, wear

PAGES: dict[str, Pixels] = {
    "prose": render(prose_page(4), dpi=100),
    "form": render(form_page(4), dpi=100),
    "table": render(table_page(4), dpi=100),
}


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=12, deadline=None)
@given(degrees=st.floats(-19.5, 19.5), seed=st.integers(0, 99))
def test_a_printed_page_is_measured_to_a_twentieth_of_a_degree(name: str, degrees: float, seed: int) -> None:
    askew = wear(skew(PAGES[name], degrees), seed, noise=8)
    assert estimate_skew(askew).degrees == pytest.approx(degrees, abs=0.05)


@pytest.mark.parametrize("kind", [OddPage.ONE_LINE, OddPage.FEW_LABELS, OddPage.TWO_COLUMNS, OddPage.STAMPS])
def test_few_words_rules_and_columns_tell_an_angle_too(kind: OddPage) -> None:
    for seed, degrees in ((1, 0.0), (2, 7.3), (3, -12.1)):
        page = skew(draw_odd_page(kind, seed, dpi=100).image, degrees)
        assert estimate_skew(page).degrees == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("kind", [OddPage.PHOTO, OddPage.DRAWING])
def test_a_straight_page_without_lines_is_not_tilted(kind: OddPage) -> None:
    for seed in (0, 1, 2, 70, 71, 73):
        page = draw_odd_page(kind, seed, dpi=100).image
        assert deskew_page(page, estimate_skew(page).degrees) is page


def test_nothing_and_little_give_no_angle() -> None:
    for shape, gray in (((300, 200), 255), ((300, 200), 0), ((3, 2), 9)):
        assert estimate_skew(np.full(shape, gray, np.uint8)).degrees == 0.0


def test_short_rules_are_no_letters_at_any_angle() -> None:
    sheet: Pixels = np.full((1100, 850), 255, np.uint8)
    for row in range(12):
        sheet[100 + 70 * row : 102 + 70 * row, 100:160] = 0
    for degrees in (0.0, 4.0, 15.0):
        assert not find_letters(skew(sheet, degrees)).mask.any()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_letters_are_those_of_the_turned_page(turn: int) -> None:
    page = PAGES["form"][:, :700]
    turned, found = turn_letters(find_letters(page), turn), find_letters(turn_page(page, turn))
    assert turned.mask.shape == found.mask.shape
    assert (turned.mask ^ found.mask).sum() < 0.1 * found.mask.sum()
    for left, top, width, height in turned.boxes:
        assert turned.mask[top : top + height, left : left + width].any()
    assert turned.ink.shape == turned.mask.shape


@settings(max_examples=12, deadline=None)
@given(degrees=st.floats(-3, 3), name=st.sampled_from(sorted(PAGES)))
def test_letters_turned_by_a_little_are_those_of_the_page_so_turned(degrees: float, name: str) -> None:
    page = PAGES[name]
    tilted, found = tilt_letters(find_letters(page), degrees), find_letters(rotate_page(page, degrees))
    assert tilted is not None
    assert (tilted.mask ^ found.mask).sum() < 0.3 * found.mask.sum()  # edges differ by a pixel
    height, width = tilted.mask.shape
    left, top, wide, high = tilted.boxes.T
    assert left.min() >= 0
    assert top.min() >= 0
    assert (left + wide).max() <= width
    assert (top + high).max() <= height
    filled = [tilted.mask[y : y + h, x : x + w].any() for x, y, w, h in tilted.boxes]
    assert np.mean(filled) > 0.99


def test_letters_are_not_turned_by_more_than_their_boxes_bear() -> None:
    assert tilt_letters(find_letters(PAGES["prose"]), 3.5) is None


@settings(max_examples=20, deadline=None)
@given(degrees=st.floats(-20, 20))
def test_turning_keeps_the_canvas_and_the_centre(degrees: float) -> None:
    page: Pixels = np.full((101, 81), 255, np.uint8)
    page[49:52, 39:42] = 0
    turned = rotate_page(page, degrees)
    assert turned.shape == page.shape
    assert turned[50, 40] == 0
    assert turned[0, 0] == 255
