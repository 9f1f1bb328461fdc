"""Reading some rows of a page once more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from backfile.domain.page import PageReading, PageSource, Word
from ocr.engine import FakeEngine
from ocr.reread import merge_rows, read_rows
from tests.classify.paper import QUALITY

ROWS = ((0.1, 0.2),)


def reading(*words: Word) -> PageReading:
    return PageReading(PageSource.OCR, words, 0, 0.0, False, QUALITY, 170, 220)


def word(text: str, x: float, confidence: float, *others: str, y: float = 0.14) -> Word:
    return Word(text, (x, y, x + 0.1, y + 0.02), confidence, alternatives=others)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), np.full((220, 170), 255, np.uint8))
    return path


def test_words_are_placed_on_the_page(paper: Path) -> None:
    engine = FakeEngine((Word("H940504", (0.1, 0.25, 0.3, 0.75), 0.99),))
    (seen,) = read_rows(paper, 1, reading(), ROWS, first=engine, second=engine)
    assert seen.text == "H940504"
    assert seen.box == pytest.approx((0.1, 0.125, 0.3, 0.175))
    assert seen.confidence > 0.9


def test_readers_who_differ_are_less_sure_and_both_are_kept(paper: Path) -> None:
    one, other = (FakeEngine((Word(t, (0.1, 0.2, 0.3, 0.8), 0.95),)) for t in ("H727033", "H727833"))
    (seen,) = read_rows(paper, 1, reading(), ROWS, first=one, second=other)
    assert {seen.text, *seen.alternatives} == {"H727033", "H727833"}
    assert seen.confidence < 0.95


def test_a_page_that_does_not_come_out_as_it_was_gives_nothing(paper: Path) -> None:
    engine = FakeEngine((Word("H940504", (0.1, 0.2, 0.3, 0.8), 0.99),))
    assert read_rows(paper, 1, replace(reading(), width=171), ROWS, first=engine, second=engine) == ()


def test_the_likelier_reading_stands_and_the_other_is_kept() -> None:
    merged = merge_rows(reading(word("40504", 0.1, 0.6)), [word("H940504", 0.1, 0.97)], ROWS)
    (now,) = merged.words
    assert (now.text, now.alternatives) == ("H940504", ("40504",))
    merged = merge_rows(reading(word("H940504", 0.1, 0.97)), [word("40504", 0.1, 0.6)], ROWS)
    assert [(w.text, w.alternatives) for w in merged.words] == [("H940504", ("40504",))]


def test_what_both_read_is_no_less_sure_and_stays_disputed() -> None:
    before = word("412233", 0.1, 0.9, "412238")
    (now,) = merge_rows(reading(before), [word("412233", 0.1, 0.5)], ROWS).words
    assert (now.text, now.confidence, now.alternatives) == ("412233", 0.9, ("412238",))


def test_other_rows_stay_as_they_were_and_new_words_are_added() -> None:
    below = word("slept", 0.1, 0.9, y=0.5)
    merged = merge_rows(reading(below), [word("Birth", 0.1, 0.98), word("I", 0.6, 0.9)], ROWS)
    assert [w.text for w in merged.words] == ["Birth", "slept"]  # a lone stroke is a piece of a rule
    assert merged.words[1].confidence == 0.9
