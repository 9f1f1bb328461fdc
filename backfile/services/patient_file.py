"""The patient CSV as a whole: its columns, and what only all of its rows together tell."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from backfile.domain.normalize import fold_name, normalize_number
from backfile.domain.patient import Patient
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
from backfile.services.patient_rows import (
    COLUMNS,
    REQUIRED_COLUMNS,
    PatientRow,
    RowProblem,
    RowReading,
    proves_order,
    read_row,
)
from backfile.services.same_person import is_same_person


@dataclass(frozen=True, slots=True)
class PatientTable:
    """A patient CSV whose header was understood."""

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


def open_table(path: Path) -> PatientTable:
    """Return the table of a file.

    Raises:
        UsageError: the file cannot be opened, is no text, or lacks a required column.
    """
    encoding = detect_encoding(path)
    marked = ""
    for number, line in enumerate(read_lines(path, encoding), start=1):
        if not line.strip():
            continue
        if line.lower().startswith("sep=") and len(line) == 5:  # Excel's note of its delimiter
            marked = line[4]
            continue
        delimiter = marked or detect_delimiter(line, COLUMNS)
        columns = tuple(map(column_name, split_line(line, delimiter)))
        _check_columns(columns)
        return PatientTable(path, encoding, delimiter, columns, number)
    raise UsageError("The patient file is empty.", next_step=f"It needs a header: {', '.join(COLUMNS)}.")


def _check_columns(columns: tuple[str, ...]) -> None:
    missing = [column for column in REQUIRED_COLUMNS if column not in columns]
    if missing:
        raise UsageError(
            f"The patient file lacks the column {', '.join(missing)}.",
            next_step=f"Its first line must name the columns, {', '.join(REQUIRED_COLUMNS)} among them.",
        )
    twice = [column for column in COLUMNS if columns.count(column) > 1]
    if twice:
        raise UsageError(
            f"The patient file has the column {', '.join(twice)} more than once.",
            next_step="Give each column one name.",
        )


@dataclass(slots=True)
class PatientSurvey:
    """What only the whole file tells: how to read it, and which numbers it gives twice."""

    how: RowReading
    first: dict[tuple[str, str], list[tuple[int, Patient]]] = field(default_factory=dict)
    """Of numbers on several lines: the first line of each different person."""

    keys: frozenset[tuple[str, str]] = frozenset()
    """Every number of the file with its facility."""

    def is_suspect(self, key: tuple[str, str]) -> bool:
        """Say whether the file gives the number to different people."""
        return len(self.first.get(key, ())) > 1


def survey_table(table: PatientTable, *, own: frozenset[str], today: dt.date) -> PatientSurvey:
    """Read the file once for what must be known before its first row is taken.

    Args:
        table: The file.
        own: Folded names of the site.
        today: The day of import.
    """
    facilities: Counter[str] = Counter()
    orders: set[str] = set()
    lines: dict[tuple[str, str], list[int]] = {}
    at_mrn = table.columns.index("mrn")
    at_facility = table.columns.index("facility") if "facility" in table.columns else None
    dates = [table.columns.index(name) for name in ("birth_date", "death_date") if name in table.columns]
    for record in table.records():
        if not record.fields:
            continue
        facility = fold_name(record.fields[at_facility]) if at_facility is not None else ""
        facilities[facility] += 1
        orders.update(proves_order(record.fields[at]) for at in dates)
        key = (normalize_number(record.fields[at_mrn]), facility)
        lines.setdefault(key, []).append(record.line)
    own = own or _guess_site(facilities)
    survey = PatientSurvey(RowReading(own | {""}, today, "day" in orders and "month" not in orders))
    for number, facility in [key for key in lines if key[1] in own and key[1]]:
        lines.setdefault((number, ""), []).extend(lines.pop((number, facility)))
    repeated = {line for found in lines.values() if len(found) > 1 for line in found}
    survey.keys = frozenset(lines)
    if repeated:
        for line, row in read_rows(table, survey.how, only=repeated):
            if isinstance(row, PatientRow):
                people = survey.first.setdefault(row.key, [])
                if not any(is_same_person(row.patient, other) for _, other in people):
                    people.append((line, row.patient))
    return survey


def _guess_site(facilities: Counter[str]) -> frozenset[str]:
    """Return the facility of most rows, where every row names one: then the site names itself as well."""
    most, rows = facilities.most_common(1)[0] if facilities else ("", 0)
    is_site = "" not in facilities and rows * 2 > facilities.total()
    return frozenset([most]) if is_site else frozenset()


def read_rows(
    table: PatientTable, how: RowReading, *, only: set[int] | None = None
) -> Iterator[tuple[int, PatientRow | tuple[RowProblem, ...]]]:
    """Yield each row with its line, or what forbids to import it; blank ones are left out."""
    for record in table.records():
        if only is not None and record.line not in only:
            continue
        if record.problem:
            yield record.line, (RowProblem("", record.problem),)
        elif record.fields:
            yield record.line, read_row(dict(zip(table.columns, record.fields, strict=True)), how)
