"""Borders and holes are cleared for reading; writing at the edge, bars and clean pages stay."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from benchmarks.imaging_borders import add_borders, add_holes
from ocr.edges import clear_edges
from ocr.raster_image import Pixels
from tests.ocr.pages import form_page, prose_page, render, table_page

DPI = 150.0
MM = DPI / 25.4


def page_of(seed: int) -> Pixels:
    return np.ascontiguousarray(render(prose_page(seed), dpi=150))


@pytest.mark.parametrize("draw", [prose_page, form_page, table_page])
def test_a_clean_page_comes_back_as_it_is(draw: type) -> None:
    page = render(draw(2), dpi=150)
    assert clear_edges(page, dpi=DPI) is page


@pytest.mark.parametrize("seed", range(6))
def test_borders_and_holes_go_and_the_words_stay(seed: int) -> None:
    page = page_of(seed)
    spoiled = add_borders(add_holes(page, random.Random(seed), DPI), random.Random(seed), DPI)
    cleared = clear_edges(spoiled, dpi=DPI)
    frame = np.concatenate((cleared[0], cleared[-1], cleared[:, 0], cleared[:, -1]))
    assert np.mean(frame > 150) > 0.97
    inner = (slice(300, -300), slice(350, -250))
    assert np.array_equal(cleared[inner], spoiled[inner])


def test_holes_are_painted_over_without_their_neighbours() -> None:
    page: Pixels = np.full((1650, 1275), 240, np.uint8)
    cv2.circle(page, (60, 500), round(3 * MM), 30, -1, cv2.LINE_AA)
    cv2.ellipse(page, (60, 500), (22, 22), 0, 0, 200, 150, 2, cv2.LINE_AA)
    cv2.putText(page, "BP 120/80", (92, 510), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 20, 2, cv2.LINE_AA)
    cleared = clear_edges(page, dpi=DPI)
    assert np.mean(cleared[480:520, 40:80] < 200) < 0.01
    assert np.array_equal(cleared[:, 90:], page[:, 90:])


def test_a_letter_close_beside_a_hole_stays() -> None:
    page: Pixels = np.full((1650, 1275), 240, np.uint8)
    cv2.circle(page, (60, 500), round(3 * MM), 30, -1, cv2.LINE_AA)
    cv2.putText(page, "i", (87, 506), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 20, 1, cv2.LINE_AA)
    cleared = clear_edges(page, dpi=DPI)
    assert cleared is not page
    assert np.array_equal(cleared[:, 85:], page[:, 85:])


def test_writing_at_the_edge_stays() -> None:
    page: Pixels = np.full((1650, 1275), 240, np.uint8)
    cv2.putText(page, "DOE JANE 4471", (-12, 700), cv2.FONT_HERSHEY_DUPLEX, 1.6, 10, 4, cv2.LINE_AA)
    cv2.putText(page, "STAT", (400, 22), cv2.FONT_HERSHEY_DUPLEX, 1.6, 10, 5, cv2.LINE_AA)
    cv2.line(page, (0, 900), (300, 860), 30, 4, cv2.LINE_AA)
    assert clear_edges(page, dpi=DPI) is page


def test_a_bar_with_white_letters_and_a_picture_stay() -> None:
    page: Pixels = np.full((1650, 1275), 240, np.uint8)
    page[:70] = 20
    cv2.putText(
        page, "EMERGENCY DEPARTMENT RECORD", (60, 50), cv2.FONT_HERSHEY_DUPLEX, 1.3, 250, 2, cv2.LINE_AA
    )
    page[600:1300, 800:] = 35
    assert clear_edges(page, dpi=DPI) is page


def test_small_images_and_dark_ones_are_left() -> None:
    for page in (np.full((3, 5), 20, np.uint8), np.full((900, 700), 15, np.uint8)):
        assert clear_edges(page, dpi=DPI) is page
