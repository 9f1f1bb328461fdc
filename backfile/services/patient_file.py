"""The patient CSV as a whole: its columns, and what only all of its rows together tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient
from backfile.services.csv_table import CsvTable, ReadingSurvey, RowProblem, RowReading, open_table
from backfile.services.patient_rows import COLUMNS, REQUIRED_COLUMNS, PatientRow, read_row
from backfile.services.same_person import is_same_person


@dataclass(slots=True)
class PatientSurvey:
    """What only the whole file tells: how to read it, and which numbers it gives twice."""

    how: RowReading
    first: dict[tuple[str, str], list[tuple[int, Patient]]] = field(default_factory=dict)
    """Of numbers on several lines: the first line of each different person."""

    keys: Collection[str] = ()
    """Every number of the file with its facility, as ``survey_key``."""

    def is_suspect(self, key: tuple[str, str]) -> bool:
        """Say whether the file gives the number to different people."""
        return len(self.first.get(key, ())) > 1


def survey_key(number: str, facility: str) -> str:
    """Return number and folded facility as one text: of a million, tuples would take twice the memory."""
    return f"{facility}\n{number}"


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
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    at_mrn = table.columns.index("mrn")
    for record in table.records():
        if record.fields:
            key = survey_key(normalize_number(record.fields[at_mrn]), reading.take(record))
            if key in first:
                again.setdefault(key, []).append(record.line)
            else:
                first[key] = record.line
    survey = PatientSurvey(reading.decide(own=own, today=today))
    for facility in survey.how.own_facility - {""}:
        for key in [key for key in first if key.startswith(f"{facility}\n")]:
            own_key = survey_key(key.partition("\n")[2], "")
            lines = [first.pop(key), *again.pop(key, ())]
            if own_key in first:
                again.setdefault(own_key, []).extend(lines)
            else:
                first[own_key], again[own_key] = lines[0], lines[1:]
    repeated = {line for key, lines in again.items() if lines for line in (first[key], *lines)}
    survey.keys = first.keys()
    if repeated:
        for line, row in read_rows(table, survey.how, only=repeated):
            if isinstance(row, PatientRow):
                people = survey.first.setdefault(row.key, [])
                if not any(is_same_person(row.patient, other) for _, other in people):
                    people.append((line, row.patient))
    return survey


def read_rows(
    table: CsvTable, how: RowReading, *, only: set[int] | None = None
) -> Iterator[tuple[int, PatientRow | tuple[RowProblem, ...]]]:
    """Yield each row with its line, or what forbids to import it; blank ones are left out."""
    for record in table.records():
        if only is not None and record.line not in only:
            continue
        if record.problem:
            yield record.line, (RowProblem("", record.problem),)
        elif record.fields:
            yield record.line, read_row(dict(zip(table.columns, record.fields, strict=True)), how)
