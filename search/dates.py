"""Dates in the many ways that charts write them, brought to one token.

The token of a date is ``1987-03-12``, or ``~87-03-12`` where the page gives two digits of the year. No other
token holds a hyphen or a tilde. Numeric dates are read month first, as in the United States; day first
where that cannot be. A site that writes day first loses nothing but the tie between "3/12/1987" and
"12 March 1987": the same numbers still find each other.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS: dict[str, int] = {
    name: number for number, full in enumerate(_MONTH_NAMES, start=1) for name in (full, full[:3])
} | {"sept": 9}
"""English month names and their abbreviations, lower case."""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"""
    (?<!\d)(?<!\d[-/.])                                       # not inside a longer number
    (?: (?P<y1>\d{{4}}) (?P<s1>[-/.]) (?P<m1>\d{{1,2}}) (?P=s1) (?P<d1>\d{{1,2}})
      | (?P<a>\d{{1,2}}) (?P<s2>[-/.]) (?P<b>\d{{1,2}}) (?P=s2) (?P<y2>\d{{4}}|\d{{2}})
      | (?P<d3>\d{{1,2}}) [-/.]? (?P<n3>{_MONTH}) [-/.,]{{0,2}} (?P<y3>\d{{4}}|\d{{2}})
      | (?<![^\W_]) (?P<n4>{_MONTH}) [-/.] (?P<d4>\d{{1,2}}) [-/.,]{{1,2}} (?P<y4>\d{{4}}|\d{{2}})
    )
    (?![-/.]?\d)
    """,
    re.VERBOSE,
)
_SHORT = "~"


@dataclass(frozen=True, slots=True)
class DateInWord:
    """A date found inside one word."""

    start: int
    end: int
    token: str


def find_dates(folded: str) -> Iterator[DateInWord]:
    """Yield the dates in a folded word, left to right; impossible dates are no dates."""
    for found in _DATE.finditer(folded):
        if found["y1"]:
            token = date_token(found["y1"], int(found["m1"]), int(found["d1"]))
        elif found["y2"]:
            a, b = int(found["a"]), int(found["b"])
            token = date_token(found["y2"], a, b) or date_token(found["y2"], b, a)
        elif found["y3"]:
            token = date_token(found["y3"], MONTHS[found["n3"]], int(found["d3"]))
        else:
            token = date_token(found["y4"], MONTHS[found["n4"]], int(found["d4"]))
        if token:
            yield DateInWord(found.start(), found.end(), token)


def date_token(year: str, month: int, day: int) -> str:
    """Return the token of a date; "" where the calendar has no such day.

    Args:
        year: four digits, or two.
        month: from 1.
        day: from 1.
    """
    of_year = int(year) if len(year) == 4 else 2000
    if not (1 <= month <= 12 and of_year >= 1) or not 1 <= day <= calendar.monthrange(of_year, month)[1]:
        return ""
    head = year if len(year) == 4 else f"{_SHORT}{year}"
    return f"{head}-{month:02d}-{day:02d}"


def expand_date(token: str) -> tuple[str, ...]:
    """Return the tokens under which a page may hold what a query asks for; the token itself comes first.

    A year of two digits is taken for both centuries, a full year also for its short form.
    Tokens that are no dates are returned alone.
    """
    if "-" not in token:
        return (token,)
    if token.startswith(_SHORT):
        return (token, f"19{token[1:]}", f"20{token[1:]}")
    if token[:2] in ("19", "20"):
        return (token, _SHORT + token[2:])
    return (token,)
