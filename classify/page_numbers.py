"""The number that is printed on a page: "Page 2 of 3", "Pg. 2", "Page Two", "2/3"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classify.layout import PageLayout

_MIDDLE = (0.3, 0.8)
"""Share of the page's height between which no page number stands, but on its last line."""
_MOST = 300
"""Pages of the longest document."""
_PAGE_OF = re.compile(
    r"(?:\b(?:page|pg|pag|p)\b\.?\s*(?:no|#|number)?\.?\s*[:#]?\s*)"
    r"(?P<n>[\dlIoO]{1,3})\s*(?:of|/|0f|or)\s*(?P<m>[\dlIoO]{1,3})\b",
    re.IGNORECASE,
)
_BARE_PAGE_OF = re.compile(r"^[-–(]*\s*(?P<n>\d{1,3})\s*(?:of)\s*(?P<m>\d{1,3})\s*[-–)]*$", re.IGNORECASE)
_SHARE = re.compile(r"^[-–(]*\s*(?P<n>\d{1,2})\s*/\s*(?P<m>\d{1,2})\s*[-–)]*$")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PAGE_NUMBER = re.compile(
    rf"\b(?:page|pg)\b\.?\s*(?:no|#)?\.?\s*[-–:#]?\s*(?:(?P<n>\d{{1,3}})|(?P<word>{'|'.join(_WORDS)}))\b",
    re.IGNORECASE,
)
_TO_DIGITS = str.maketrans("lIoO", "1100")


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """What a page says about its number; None where it does not."""

    page_of: tuple[int, int] | None = None
    """(n, m) of "page n of m"."""
    alone: int | None = None
    """Its number, with or without a count."""
    share: tuple[int, int] | None = None
    """(n, m) of "n/m" alone in its cell at head or foot, which may be a date as well."""


def find_page_numbers(layout: PageLayout) -> PageNumbers:
    """Return what a page says about its number, at its head, at its foot or on its last line."""
    alone: int | None = None
    share: tuple[int, int] | None = None
    for number, (start, end) in enumerate(layout.lines):
        is_last = number == len(layout.lines) - 1
        if _MIDDLE[0] < layout.pieces[start].box[1] < _MIDDLE[1] and not is_last:
            continue
        text = layout.text(start, end)
        cells = list(_cells(layout, start, end))
        for found in (_PAGE_OF.search(text), *map(_BARE_PAGE_OF.match, [text, *cells])):
            if found and (pair := _pair(found)):
                return PageNumbers(pair, pair[0])
        share = share or next((pair for m in map(_SHARE.match, cells) if m and (pair := _pair(m))), None)
        if alone is None and (said := _PAGE_NUMBER.search(text)):
            alone = int(said["n"]) if said["n"] else _WORDS.index(said["word"].lower()) + 1
    return PageNumbers(None, alone, share)


def _cells(layout: PageLayout, start: int, end: int) -> Iterator[str]:
    """Yield what stands between wide spaces on a line."""
    while start < end:
        stop = layout.end_of_cell(start, end)
        yield layout.text(start, stop)
        start = stop


def _pair(found: re.Match[str]) -> tuple[int, int] | None:
    first, last = found["n"].translate(_TO_DIGITS), found["m"].translate(_TO_DIGITS)
    if not first.isdigit() or not last.isdigit():
        return None
    pair = (int(first), int(last))
    return pair if 1 <= pair[0] <= pair[1] <= _MOST else None
