"""Dates as they stand on paper."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.normalize import ParsedDate, parse_date, read_date

TODAY = dt.date(2026, 11, 24)
MARCH_12 = dt.date(1987, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "03/12/1987", "3-12-87", "12-MAR-1987", "Mar 12, 1987", "March 12 1987", "1987-03-12",
        "12 March 1987", "19870312", "03121987", "03.12.1987", "03 12 1987", "3 / 12 / 1987",
        "Thursday, March 12, 1987", "12th March 1987", "12MAR1987", "MAR-12-1987", "1987/03/12",
        "03/12/1987 14:30", "1987-03-12T14:30:00Z", "Mar. 12th, 1987", "1987 Mar 12", "12-Mar-87",
        "03/12/1987,", " March 12,1987 ", "12 of March 1987",
    ],
)  # fmt: skip
def test_usual_formats_are_exact(text: str) -> None:
    assert read_date(text, today=TODAY, is_birth=True) == ParsedDate(MARCH_12, exact=True)


@pytest.mark.parametrize(
    "text", ["O3/12/1987", "03/l2/1987", "03/12/I987", "3-12-B7", "12-MAR-19B7", "l2 March 1987"]
)
def test_confused_letters_are_folded_and_reported(text: str) -> None:
    assert read_date(text, today=TODAY) == ParsedDate(MARCH_12, exact=False)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("5EP 3, 1990", (1990, 9, 3)),
        ("0CT 3 1990", (1990, 10, 3)),
        ("3-JU1-1990", (1990, 7, 3)),
        ("O5/2S/1990", (1990, 5, 25)),
    ],
)
def test_confused_months(text: str, date: tuple[int, int, int]) -> None:
    assert read_date(text, today=TODAY) == ParsedDate(dt.date(*date), exact=False)


@pytest.mark.parametrize(
    "text",
    [
        "02/30/1987", "13/32/1987", "", "03/12", "12/1987", "03/12/187", "Foo 12, 1987", "1987", "00/12/1987",
        "03/12/19877", "03-12-1587", "123-45-6789", "555-867-5309", "age 47", "Smith",
        "03/12/1987 03/13/1987",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, today=TODAY) is None


def test_birth_is_not_in_the_future() -> None:
    assert parse_date("11/25/2026", today=TODAY, is_birth=True) is None
    assert parse_date("11/25/2026", today=TODAY) == dt.date(2026, 11, 25)
    assert parse_date("11/24/2026", today=TODAY, is_birth=True) == TODAY


def test_two_digit_years() -> None:
    assert read_date("3/12/27", today=TODAY, is_birth=True) == ParsedDate(dt.date(1927, 3, 12), exact=True)
    assert read_date("3/12/20", today=TODAY, is_birth=True) == ParsedDate(dt.date(2020, 3, 12), exact=False)
    assert read_date("3/12/20", today=TODAY) == ParsedDate(dt.date(2020, 3, 12), exact=True)
    assert read_date("3/12/05", today=TODAY, is_birth=True) == ParsedDate(dt.date(2005, 3, 12), exact=True)


def test_day_first_only_where_it_must_be() -> None:
    assert read_date("25/12/1987", today=TODAY) == ParsedDate(dt.date(1987, 12, 25), exact=False)
    assert read_date("05/12/1987", today=TODAY) == ParsedDate(dt.date(1987, 5, 12), exact=True)


dates = st.dates(dt.date(1880, 1, 1), TODAY)


@given(
    dates,
    st.sampled_from(
        ["%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%b %d, %Y", "%B %d %Y", "%d %B %Y", "%m-%d-%Y"]
    ),
)
def test_round_trip(date: dt.date, form: str) -> None:
    assert read_date(date.strftime(form), today=TODAY, is_birth=True) == ParsedDate(date, exact=True)


@given(dates, st.integers(0, 9), st.sampled_from("OlISB"))
def test_one_confused_letter_gives_no_other_date_as_exact(date: dt.date, at: int, letter: str) -> None:
    text = date.strftime("%m/%d/%Y")
    spoiled = text[:at] + letter + text[at + 1 :]
    parsed = read_date(spoiled, today=TODAY, is_birth=True)
    assert parsed is None or not parsed.exact


@given(st.text(max_size=40))
def test_nothing_breaks_it(text: str) -> None:
    parsed = parse_date(text, today=TODAY, is_birth=True)
    assert parsed is None or dt.date(1880, 1, 1) <= parsed <= TODAY
