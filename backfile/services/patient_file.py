"""The patient CSV as a whole: its columns, and what only all of its rows together tell."""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient
from backfile.services.csv_table import CsvTable, ReadingSurvey, RowProblem, RowReading, open_table
from backfile.services.patient_rows import COLUMNS, REQUIRED_COLUMNS, PatientRow, read_row
from backfile.services.same_person import is_same_person


class _Numbers:
    """The numbers of a file with their facilities, as hashes: of a million, texts would take 150 MB.

    Two numbers with one hash cost a closer look at their lines, or a former number that is not followed up.
    """

    def __init__(self) -> None:
        self._hashes, self._places, self._lines = array("q"), array("I"), array("I")
        self._facilities: dict[str, int] = {}
        self._sorted = array("q")

    def add(self, number: str, facility: str, line: int) -> None:
        """Take the number of a line; the facility is folded."""
        self._hashes.append(hash(number))
        self._places.append(self._facilities.setdefault(facility, len(self._facilities)))
        self._lines.append(line)

    def close(self, own: frozenset[str]) -> set[int]:
        """Take all facilities of ``own`` for one, and return the lines whose number others have too."""
        places = {at: self._place(name, own) for name, at in self._facilities.items()}
        for at, place in enumerate(self._places):
            self._hashes[at] = hash((self._hashes[at], places[place]))
        self._sorted = array("q", sorted(self._hashes))
        again = {one for one, other in pairwise(self._sorted) if one == other}
        lines = {line for one, line in zip(self._hashes, self._lines, strict=True) if one in again}
        self._hashes, self._places, self._lines = array("q"), array("I"), array("I")
        return lines

    def __contains__(self, key: tuple[str, str]) -> bool:
        number, facility = key
        wanted = hash((hash(number), self._place(facility, frozenset())))
        at = bisect_left(self._sorted, wanted)
        return at < len(self._sorted) and self._sorted[at] == wanted

    def __len__(self) -> int:
        return len(self._sorted)

    @staticmethod
    def _place(facility: str, own: frozenset[str]) -> int:
        return 0 if not facility or facility in own else hash(facility) or 1


@dataclass(slots=True)
class PatientSurvey:
    """What only the whole file tells: how to read it, and which numbers it gives twice."""

    how: RowReading
    keys: _Numbers
    """Every number of the file with its folded facility, "" for the site."""
    first: dict[tuple[str, str], list[tuple[int, Patient]]] = field(default_factory=dict)
    """Of numbers on several lines: the first line of each different person."""

    def is_suspect(self, key: tuple[str, str]) -> bool:
        """Say whether the file gives the number to different people."""
        return len(self.first.get(key, ())) > 1


def open_patient_table(path: Path) -> CsvTable:
    """Return the table of a patient file.

    Raises:
        UsageError: the file cannot be opened, is no text, or lacks a required column.
    """
    return open_table(path, what="patient file", columns=COLUMNS, required=REQUIRED_COLUMNS)


def survey_table(table: CsvTable, *, own: frozenset[str], today: dt.date) -> PatientSurvey:
    """Read the file once for what must be known before its first row is taken.

    Args:
        table: The file.
        own: Folded names of the site.
        today: The day of import.
    """
    reading = ReadingSurvey(table, dates=("birth_date", "death_date"))
    numbers = _Numbers()
    at_mrn = table.columns.index("mrn")
    for record in table.records():
        if record.fields:
            numbers.add(normalize_number(record.fields[at_mrn]), reading.take(record), record.line)
    survey = PatientSurvey(reading.decide(own=own, today=today), numbers)
    repeated = numbers.close(survey.how.own_facility)
    if repeated:
        for line, row in read_rows(table, survey.how, only=repeated):
            if isinstance(row, PatientRow):
                people = survey.first.setdefault(row.key, [])
                if not any(is_same_person(row.patient, other) for _, other in people):
                    people.append((line, row.patient))
    return survey


def read_rows(
    table: CsvTable, how: RowReading, *, only: set[int] | None = None, ids: Iterator[str] | None = None
) -> Iterator[tuple[int, PatientRow | tuple[RowProblem, ...]]]:
    """Yield each row with its line, or what forbids to import it; blank ones are left out.

    Args:
        table: the file.
        how: how its rows are read.
        only: lines to be read; None: all.
        ids: what new patients are called; "" where there are none left.
    """
    for record in table.records():
        if only is not None and record.line not in only:
            continue
        if record.problem:
            yield record.line, (RowProblem("", record.problem),)
        elif record.fields:
            filled = {name: text for name, text in zip(table.columns, record.fields, strict=True) if text}
            yield record.line, read_row(filled, how, patient_id=next(ids, "") if ids else "")
