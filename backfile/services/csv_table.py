"""A delimited file whose header was understood, and how the dates and facilities of its rows are read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from backfile.domain.dates import ParsedDate, read_date
from backfile.domain.normalize import fold_name
from backfile.errors import UsageError
from backfile.services.csv_lines import (
    CsvRecord,
    column_name,
    detect_delimiter,
    detect_encoding,
    read_lines,
    read_records,
    split_line,
)

_SLASHED = re.compile(r"^\s*(\d{1,2})([/.\-])(\d{1,2})\2(\d{2}|\d{4})\b")
_NOTHING = {"", "-", "--", "N/A", "NA", "NONE", "NULL", "UNKNOWN", "UNK", "U/K"}
_LONGEST_NOTHING = 1 + max(map(len, _NOTHING))


@dataclass(frozen=True, slots=True)
class BadLine:
    """Something of a file that could not be used."""

    line: int
    """Of the file, from 1; where the record begins."""
    column: str
    reason: str
    """In words; holds no value."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something in a row that cannot be used; holds no value of it."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowReading:
    """How the rows of one file are to be read."""

    own_facility: frozenset[str]
    """Folded names of the site: its numbers are kept with facility ""."""
    today: dt.date
    is_day_first: bool = False
    """Dates with slashes put the day first, as another row of the file proves."""

    def read_date(self, text: str, *, is_birth: bool = False) -> ParsedDate | None:
        """Return the date that a cell gives."""
        found = _SLASHED.match(text) if self.is_day_first else None
        text = f"{found[3]}/{found[1]}/{found[4]}" if found else text
        return read_date(text, today=self.today, is_birth=is_birth)

    def own_or_text(self, facility: str) -> str:
        """Return "" for the site itself, else the facility's name as given."""
        if not facility:
            return ""
        text = " ".join(facility.split())
        return "" if fold_name(text) in self.own_facility else text


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file whose header was understood."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    header_line: int

    def records(self) -> Iterator[CsvRecord]:
        """Yield the records below the header, each time anew from the file."""
        lines = islice(read_lines(self.path, self.encoding), self.header_line, None)
        return read_records(
            lines, delimiter=self.delimiter, width=len(self.columns), first_line=self.header_line + 1
        )


def open_table(path: Path, *, what: str, columns: Sequence[str], required: Sequence[str]) -> CsvTable:
    """Return the table of a file.

    Args:
        path: the file.
        what: what it is called in messages: "patient file".
        columns: those that are known.
        required: those of them that it must have.

    Raises:
        UsageError: the file cannot be opened, is no text, or lacks a required column.
    """
    encoding = detect_encoding(path, what=what)
    marked = ""
    for number, line in enumerate(read_lines(path, encoding), start=1):
        if not line.strip():
            continue
        if line.lower().startswith("sep=") and len(line) == 5:  # Excel's note of its delimiter
            marked = line[4]
            continue
        delimiter = marked or detect_delimiter(line, columns)
        found = tuple(map(column_name, split_line(line, delimiter)))
        _check_columns(found, what, columns, required)
        return CsvTable(path, encoding, delimiter, found, number)
    raise UsageError(f"The {what} is empty.", next_step=f"It needs a header: {', '.join(columns)}.")


def _check_columns(
    found: tuple[str, ...], what: str, columns: Sequence[str], required: Sequence[str]
) -> None:
    missing = [column for column in required if column not in found]
    if missing:
        raise UsageError(
            f"The {what} lacks the column {', '.join(missing)}.",
            next_step=f"Its first line must name the columns, {', '.join(required)} among them.",
        )
    twice = [column for column in columns if found.count(column) > 1]
    if twice:
        raise UsageError(
            f"The {what} has the column {', '.join(twice)} more than once.",
            next_step="Give each column one name.",
        )


class ReadingSurvey:
    """Learns from all records of a file how to read each: whose numbers they are, which way dates run."""

    def __init__(self, table: CsvTable, *, dates: Sequence[str]) -> None:
        """Look at a table; ``dates`` are its columns of dates."""
        self._at_facility = table.columns.index("facility") if "facility" in table.columns else None
        self._at_dates = [table.columns.index(name) for name in dates if name in table.columns]
        self._facilities: Counter[str] = Counter()
        self._orders: set[str] = set()

    def take(self, record: CsvRecord) -> str:
        """Look at a record that is whole; return its folded facility, "" where it names none."""
        facility = fold_name(record.fields[self._at_facility]) if self._at_facility is not None else ""
        self._facilities[facility] += 1
        for at in self._at_dates:
            text = record.fields[at]
            if text and not text[:4].isdigit():  # a year in front proves nothing
                self._orders.add(_prove_order(text))
        return facility

    def decide(self, *, own: frozenset[str], today: dt.date) -> RowReading:
        """Return how to read the file.

        Args:
            own: folded names of the site; with none, the facility of most rows is the site, where every row
                names one: then the site names itself as well.
            today: the day of import.
        """
        own = own or self._guess_site()
        return RowReading(own | {""}, today, "day" in self._orders and "month" not in self._orders)

    def _guess_site(self) -> frozenset[str]:
        most, rows = self._facilities.most_common(1)[0] if self._facilities else ("", 0)
        is_site = "" not in self._facilities and rows * 2 > self._facilities.total()
        return frozenset([most]) if is_site else frozenset()


def some(text: str) -> str:
    """Return the text of a cell, "" where it says that there is nothing."""
    stripped = text.strip()
    if not stripped or len(stripped) >= _LONGEST_NOTHING:
        return stripped
    return "" if stripped.upper() in _NOTHING else stripped


def _prove_order(text: str) -> str:
    """Return ``day`` or ``month`` where a date with slashes can only begin with that; "" otherwise."""
    found = _SLASHED.match(text)
    if not found:
        return ""
    one, two = int(found[1]), int(found[3])
    return "day" if one > 12 >= two else "month" if two > 12 >= one else ""
