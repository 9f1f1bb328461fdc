"""A page is prepared for reading: small letters are made larger, large ones smaller, right ones left."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.clean import measure_tone, scale_letters
from ocr.raster_image import Pixels

PAGE: Pixels = np.full((1100, 850), 240, np.uint8)


@pytest.mark.parametrize("letter", [5.0, 8.0, 12.0, 14.9, 15.0, 19.9, 20.0, 30.0, 42.0, 60.0, 90.0])
def test_letters_come_to_a_size_that_is_read_well(letter: float) -> None:
    scaled = scale_letters(PAGE, letter=letter)
    factor = scaled.shape[0] / PAGE.shape[0]
    assert scaled.shape[1] / PAGE.shape[1] == pytest.approx(factor, abs=0.01)
    assert 14.9 <= letter * factor <= 34.0
    assert (factor > 1) == (letter < 15)
    assert (factor < 1) == (letter >= 20)


def test_where_no_letters_are_known_the_page_stays_as_it_is() -> None:
    assert scale_letters(PAGE, letter=0.0) is PAGE


@pytest.mark.parametrize("paper", [250, 200])
@pytest.mark.parametrize("ink", [20, 120])
def test_paper_and_contrast_are_those_of_the_page(paper: int, ink: int) -> None:
    page: Pixels = np.full((1100, 850), paper, np.uint8)
    for row in range(100, 1000, 40):
        page[row : row + 12, 100:750] = ink
    tone = measure_tone(page)
    assert tone.paper == pytest.approx(paper, abs=2)
    assert tone.contrast == pytest.approx(paper - ink, abs=4)
    assert tone.noise < 1
    assert tone.unevenness < 5


def test_noise_is_measured_in_gray_levels() -> None:
    grain = np.random.default_rng(1).normal(200, 8, (1100, 850))
    assert measure_tone(np.clip(grain, 0, 255).astype(np.uint8)).noise == pytest.approx(8, rel=0.1)
