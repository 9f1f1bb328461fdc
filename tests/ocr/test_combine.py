"""Sorting out what engines read: what is no word, what is a letter after all, each place once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.page import Word
from ocr.combine import (
    ORNAMENT,
    join_readings,
    keep_once,
    keep_words,
    leave_out,
    mark_ornaments,
    mend_bars,
    part_ornaments,
)


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


@st.composite
def words(draw: st.DrawFn) -> Word:
    left, top = draw(st.integers(0, 20)) / 25, draw(st.integers(0, 20)) / 25
    wide, high = draw(st.integers(1, 4)) / 25, draw(st.integers(1, 4)) / 25
    text = draw(st.sampled_from(["E144242", "Roe", "05.01.1979"]))
    return Word(text, (left, top, left + wide, top + high), draw(st.integers(1, 99)) / 100)


@given(st.lists(words(), max_size=12))
def test_each_place_is_kept_once_by_its_surest_word(read: list[Word]) -> None:
    kept = keep_once(read)
    for at, word in enumerate(kept):
        assert leave_out([word], kept[:at] + kept[at + 1 :]) == [word]
    for lost in [word for word in read if word not in kept]:
        (better, *_) = [word for word in kept if not leave_out([lost], [word])]
        assert better.confidence >= lost.confidence


def row_of(words: list[str], *, sure: float, top: float = 0.1) -> list[Word]:
    return [word(text, 0.05 + 0.09 * n, top, top + 0.01, sure) for n, text in enumerate(words)]


@pytest.mark.parametrize(
    "read", [["KEKE", "KREKREKRE", "EKER", "KEE"], ["eee", "ee", "ee", "ee", "ee"], ["KKEKEKKEKKEKKEKE"]]
)
def test_a_row_of_asterisks_or_dashes_is_no_words(read: list[str]) -> None:
    title = row_of(["REGIONAL", "MEDICAL", "CENTER"], sure=0.96, top=0.13)
    marked = mark_ornaments([*row_of(read, sure=0.3), *title])
    assert {w.text for w in marked[: len(read)]} == {ORNAMENT}
    assert part_ornaments(marked)[0] == title


@pytest.mark.parametrize(
    "read",
    [
        ["denies", "chest", "pain", "and", "cough"],
        ["120", "0", "0", "100", "0"],
        ["been", "seen"],
        ["Mississippi"],
    ],
)
def test_doubtful_words_and_numbers_stay(read: list[str]) -> None:
    words = row_of(read, sure=0.2)
    assert mark_ornaments(words) == words


def test_few_letters_that_were_read_surely_stay() -> None:
    words = row_of(["EKE", "KEKE", "KEEK", "KEK"], sure=0.95)
    assert mark_ornaments(words) == words
