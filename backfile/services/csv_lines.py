"""Reading the records of a delimited text file as sites really send them.

Any usual delimiter, encoding and line end; quoted fields may hold line breaks. A quotation mark that is
never closed costs one line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backfile.errors import UsageError

DELIMITERS = ",;\t|"
_MOST_LINES = 40
"""Lines that one quoted field may span; more are taken for a quotation mark left open."""
_MOST_CHARACTERS = 100_000
"""Of one record."""


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One record: its fields, or what is wrong with it."""

    line: int
    """Line of the file on which it begins, from 1."""
    fields: tuple[str, ...]
    problem: str = ""
    """In words; "" where the record is whole."""


def detect_encoding(path: Path, *, what: str) -> str:
    """Return the encoding of a text file: UTF-8, UTF-16 with its mark, else Windows' cp1252.

    Args:
        path: the file.
        what: what it is called in messages: "patient file".

    Raises:
        UsageError: the file cannot be opened, or is no text.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith((b"\xff\xfe", b"\xfe\xff")):
                return "utf-16"
            if b"\x00" in head:
                raise UsageError(f"The {what} is no text file.", next_step="Save it as CSV and try again.")
        with path.open(encoding="utf-8") as text:
            while text.read(1 << 20):
                pass
    except OSError:
        raise UsageError(
            f"The {what} cannot be opened.", next_step="Check its path and permissions."
        ) from None
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def detect_delimiter(header: str, known: Iterable[str]) -> str:
    """Return the delimiter under which the header line names the most known columns."""
    names = set(known)
    return max(DELIMITERS, key=lambda mark: len(names & set(map(column_name, split_line(header, mark)))))


def column_name(text: str) -> str:
    """Return a column's name as we write it: "Last Name" becomes ``last_name``."""
    return re.sub(r"[\s\-.]+", "_", text.strip().strip("\"'").lower())


def split_line(text: str, delimiter: str) -> list[str]:
    """Return the fields of one record."""
    return next(csv.reader([text], delimiter=delimiter), [])


def read_lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the physical lines of a file without their ends; NULs, which no name has, are dropped."""
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        for line in file:
            yield line.rstrip("\n").replace("\x00", "")


def read_records(lines: Iterable[str], *, delimiter: str, width: int, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records of the lines after the header; empty ones are left out.

    Args:
        lines: Physical lines.
        delimiter: The mark between fields.
        width: Number of columns of the header.
        first_line: Number of the first of ``lines``.
    """
    source = _PushBack(lines, first_line)
    while (head := source.take()) is not None:
        number, text = head
        if not text.strip():
            continue
        if '"' not in text:  # nearly all of them
            yield _record(number, text.split(delimiter), width)
            continue
        taken, fields = _complete(text, source, delimiter)
        if fields is not None and (len(taken) == 1 or len(fields) <= width):
            yield _record(number, fields, width)
            continue
        # An open quotation mark swallowed what follows: give those lines back.
        source.give_back(taken[1:], number + 1)
        yield CsvRecord(number, (), "a quotation mark is not closed")


def _record(number: int, fields: list[str], width: int) -> CsvRecord:
    if len(fields) == width and fields[0].strip():
        return CsvRecord(number, tuple(fields))  # nearly all of them
    if len(fields) > width and any(map(str.strip, fields[width:])):
        return CsvRecord(number, (), "has more fields than the header has columns")
    if not any(map(str.strip, fields)):
        return CsvRecord(number, ())
    return CsvRecord(number, tuple(fields[:width] + [""] * (width - len(fields))))


def _complete(text: str, source: _PushBack, delimiter: str) -> tuple[list[str], list[str] | None]:
    """Take lines until a quoted field is closed; return them and the fields, None where it never is."""
    taken, size = [text], len(text)
    while True:
        # Strict, so that an open field is an error instead of ending with the text.
        reader = csv.reader(io.StringIO("\n".join(taken), newline=""), delimiter=delimiter, strict=True)
        try:
            return taken, next(reader, [])
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return taken, None
        following = source.take() if len(taken) < _MOST_LINES and size < _MOST_CHARACTERS else None
        if following is None:
            return taken, None
        taken.append(following[1])
        size += len(following[1])


class _PushBack:
    """Numbered lines, some of which may be given back."""

    def __init__(self, lines: Iterable[str], first_line: int) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self.next_line = first_line

    def take(self) -> tuple[int, str] | None:
        text = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if text is None:
            return None
        self.next_line += 1
        return self.next_line - 1, text

    def give_back(self, lines: list[str], first_line: int) -> None:
        self._waiting.extendleft(reversed(lines))
        self.next_line = first_line
