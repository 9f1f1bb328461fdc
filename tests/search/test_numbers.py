from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates import MONTHS, date_token, expand_date, find_dates
from search.numbers import repair_digits, split_number

MONTH_NAMES = [name for name in MONTHS if len(name) == 3]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1O5", "105"),
        ("1o5", "105"),
        ("2l5", "215"),
        ("2I5", "215"),
        ("l.5", "1.5"),
        ("5.O", "5.0"),
        ("O12345", "012345"),
        ("12345O", "123450"),
        ("l23456", "123456"),
        ("03/l2/1987", "03/12/1987"),
        ("O3/I2/l987", "03/12/1987"),
        ("555-O12-3456", "555-012-3456"),
        ("I-II-III", "I-II-III"),
        # what is no number stays
        ("O2", "O2"),
        ("37o", "37o"),
        ("2l", "2l"),
        ("B12", "B12"),
        ("SpO2", "SpO2"),
        ("L4", "L4"),
        ("HbA1c", "HbA1c"),
        ("Illinois", "Illinois"),
        ("COVID19", "COVID19"),
    ],
)
def test_letters_inside_numbers_become_digits(read: str, meant: str) -> None:
    assert repair_digits(read) == meant


@given(st.text(alphabet="0123456789.,/-() ", max_size=20))
def test_clean_numbers_are_never_changed(text: str) -> None:
    assert repair_digits(text) == text


@given(st.text(alphabet="OoIl|0123456789./-amg", max_size=12))
def test_repairing_keeps_every_character_in_its_place(text: str) -> None:
    repaired = repair_digits(text)
    assert len(repaired) == len(text)
    assert all(
        new == old or (old in "OoIl|" and new in "01") for new, old in zip(repaired, text, strict=True)
    )


@pytest.mark.parametrize(
    ("run", "before", "tokens"),
    [
        ("1.5", "", ("1.5",)),
        ("98.60", "", ("98.60",)),
        ("1,000", "", ("1000",)),
        ("12,345,678.90", "", ("12345678.90",)),
        ("12,13", "", ("12", "13")),
        ("555.123.4567", "", ("555", "123", "4567")),
        ("0012345", "", ("0012345",)),
        ("5", ".", ("0.5",)),
        ("5", "o.", ("5",)),
        ("1,5", "", ("1", "5")),
    ],
)
def test_numbers_are_kept_whole_or_fall_into_parts(run: str, before: str, tokens: tuple[str, ...]) -> None:
    assert split_number(run, before=before) == tokens


@pytest.mark.parametrize(
    ("word", "token"),
    [
        ("03/12/1987", "1987-03-12"),
        ("3/12/1987", "1987-03-12"),
        ("3-12-1987", "1987-03-12"),
        ("03.12.1987", "1987-03-12"),
        ("1987-03-12", "1987-03-12"),
        ("1987/3/12", "1987-03-12"),
        ("13/12/1987", "1987-12-13"),
        ("3/12/87", "~87-03-12"),
        ("12-mar-1987", "1987-03-12"),
        ("12mar1987", "1987-03-12"),
        ("mar-12-1987", "1987-03-12"),
        ("dob:03/12/1987", "1987-03-12"),
        ("2/29/00", "~00-02-29"),
        ("12sept2001", "2001-09-12"),
    ],
)
def test_dates_in_one_word_are_found(word: str, token: str) -> None:
    assert [date.token for date in find_dates(word)] == [token]


@pytest.mark.parametrize(
    "word",
    [
        "123-45-6789",
        "555-123-4567",
        "120/80",
        "31/31/1987",
        "2/30/1987",
        "1.2.3",
        "3/12",
        "10/12/13/14",
        "00/00/0000",
    ],
)
def test_what_is_no_date_is_not_found(word: str) -> None:
    assert list(find_dates(word)) == []


def test_two_digit_years_are_sought_in_both_centuries() -> None:
    assert expand_date("~87-03-12") == ("~87-03-12", "1987-03-12", "2087-03-12")
    assert expand_date("1987-03-12") == ("1987-03-12", "~87-03-12")
    assert expand_date("1850-03-12") == ("1850-03-12",)
    assert expand_date("pain") == ("pain",)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_date_is_found_however_it_is_written(day: dt.date) -> None:
    token = date_token(f"{day.year:04d}", day.month, day.day)
    for written in (
        f"{day.month}/{day.day}/{day.year}",
        f"{day.month:02d}-{day.day:02d}-{day.year}",
        day.isoformat(),
        f"{day.day}{MONTH_NAMES[day.month - 1]}{day.year}",
    ):
        assert [found.token for found in find_dates(written)] == [token]
