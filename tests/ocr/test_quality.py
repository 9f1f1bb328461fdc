"""What is told of a page's quality, and the advice that people get from it."""

from __future__ import annotations

import random
from dataclasses import replace

import cv2
import numpy as np
import pytest

from backfile.domain.page import PageQuality, RescanReason, advise_rescan
from backfile.store.codec import load_json
from benchmarks.imaging_hand import add_strokes
from benchmarks.imaging_held_out import scribble_strokes
from benchmarks.imaging_pages import write_page
from ocr.handwriting import measure_handwriting
from ocr.letters import find_letters
from ocr.quality import is_cut_off, measure_sharpness
from ocr.raster_image import Pixels
from tests.ocr.pages import form_page, prose_page, render, skew, table_page, wear

GOOD = PageQuality(dpi=300, ink=0.05, contrast=0.8, sharpness=0.5, reliable=True)


@pytest.mark.parametrize("draw", [prose_page, form_page, table_page])
def test_print_is_not_taken_for_handwriting(draw: type) -> None:
    page = wear(render(draw(2), dpi=150), 3, noise=6)
    assert measure_handwriting(find_letters(page)) < 0.5


def test_signatures_on_a_printed_page_do_not_make_it_one_by_hand() -> None:
    page = np.ascontiguousarray(render(form_page(2), dpi=150))
    rng, ink = random.Random(8), np.zeros(page.shape, np.uint8)
    for row in range(4):
        add_strokes(ink, scribble_strokes(rng, 150 / 25.4, lines=0), (200, 900 + 160 * row), thickness=2)
    assert measure_handwriting(find_letters(np.minimum(page, 255 - ink))) < 0.5


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_page_by_hand_is_told(seed: int) -> None:
    page: Pixels = np.full((1650, 1275), 255, np.uint8)
    write_page(page, random.Random(seed), 150.0, is_ruled=False)
    assert measure_handwriting(find_letters(wear(page, seed, noise=5))) >= 0.5


@pytest.mark.parametrize("seed", [1, 2])
def test_a_page_of_scribbles_is_told(seed: int) -> None:
    ink: Pixels = np.zeros((1650, 1275), np.uint8)
    strokes = scribble_strokes(random.Random(seed), 150 / 25.4, lines=16)
    add_strokes(ink, strokes, (130.0, 150.0), thickness=2)
    assert measure_handwriting(find_letters(wear(255 - ink, seed, noise=5))) >= 0.5


def test_text_that_runs_into_the_edge_is_cut_off() -> None:
    page = render(prose_page(3), dpi=150)
    assert not is_cut_off(find_letters(page), skew=0.0)
    assert is_cut_off(find_letters(np.ascontiguousarray(page[:, 260:])), skew=0.0)
    assert is_cut_off(find_letters(np.ascontiguousarray(page[:, :800])), skew=0.0)


def test_the_edge_of_a_straightened_scan_is_known() -> None:
    cut = np.ascontiguousarray(skew(render(prose_page(3), dpi=150), 3.0)[:, 330:])
    assert is_cut_off(find_letters(skew(cut, -3.0)), skew=3.0)


def test_blur_is_seen() -> None:
    page = render(prose_page(1), dpi=200)
    assert (
        measure_sharpness(np.asarray(cv2.GaussianBlur(page, (0, 0), 8), np.uint8))
        < 0.1
        < measure_sharpness(page)
    )


def test_advice_names_what_is_wrong() -> None:
    assert advise_rescan(GOOD) == ()
    assert advise_rescan(replace(GOOD, dpi=90, reliable=False)) == (RescanReason.LOW_RESOLUTION,)
    assert advise_rescan(replace(GOOD, dpi=90)) == ()  # read all the same
    assert advise_rescan(replace(GOOD, sharpness=0.05, cut_off=True)) == (
        RescanReason.CUT_OFF,
        RescanReason.BLURRED,
    )
    assert advise_rescan(replace(GOOD, contrast=0.1)) == (RescanReason.FAINT,)
    assert advise_rescan(replace(GOOD, contrast=0.0, sharpness=0.0)) == ()  # blank
    assert advise_rescan(replace(GOOD, handwriting=0.9)) == (RescanReason.HANDWRITTEN,)
    assert all(reason.sentence.endswith(".") for reason in RescanReason)


def test_quality_that_was_stored_before_these_measures_still_loads() -> None:
    stored = '{"dpi":200.0,"ink":0.1,"contrast":0.7,"sharpness":0.4,"reliable":true}'
    assert load_json(PageQuality, stored) == PageQuality(200.0, 0.1, 0.7, 0.4, True)
