"""Sorting out what one engine read."""

from __future__ import annotations

import pytest

from backfile.domain.page import Word
from ocr.combine import join_readings, keep_words, mend_bars


def word(text: str, x: float, top: float = 0.1, foot: float = 0.11, sure: float = 0.97) -> Word:
    return Word(text, (x, top, x + 0.008 * len(text), foot), sure)


def texts(words: list[Word]) -> list[str]:
    return [w.text for w in words]


def test_a_capital_taken_for_a_bar_is_mended() -> None:
    read = [word("4.", 0.1), word("|", 0.13), word("certify", 0.15), word("that", 0.22)]
    assert texts(mend_bars(read)) == ["4.", "I", "certify", "that"]


@pytest.mark.parametrize(("top", "foot"), [(0.07, 0.11), (0.1, 0.114), (0.097, 0.113), (0.104, 0.11)])
def test_a_bar_that_is_higher_or_lower_than_letters_stays(top: float, foot: float) -> None:
    assert texts(mend_bars([word("Dose", 0.1), word("|", 0.15, top, foot), word("Units", 0.2)]))[1] == "|"


def test_a_bar_alone_stays() -> None:
    assert texts(mend_bars([word("|", 0.1), word("Patient", 0.1, 0.3, 0.31)])) == ["|", "Patient"]


def test_marks_and_single_letters_of_little_confidence_are_no_words() -> None:
    read = [word("~", 0.1, sure=0.5), word("il", 0.2, sure=0.2), word("dose", 0.3, sure=0.2), word("-", 0.4)]
    assert texts(keep_words(read)) == ["dose", "-"]


def test_of_two_readings_each_place_stands_once() -> None:
    first = [word("Metfornin", 0.1, sure=0.6), word("daily", 0.3)]
    second = [word("Metformin", 0.1, sure=0.9), word("daily", 0.3, sure=0.9), word("500", 0.5, sure=0.8)]
    assert sorted(texts(join_readings(first, second))) == ["500", "Metformin", "daily"]
