"""Importing encounters from CSV: which account or visit number was given to which patient, from when to when.

A number counts for a patient only while it is one person's: a row that gives a known number to somebody
else is kept, so that the number identifies nobody, and is named. Importing the same file again changes
nothing. What cannot be used is named by line, column and reason, never by value; the rest is imported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from backfile.domain.audit import AuditAction
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import fold_name, normalize_number
from backfile.domain.patient import IdentifierStatus, Patient, find_survivor
from backfile.ids import new_id
from backfile.services.csv_table import (
    BadLine,
    CsvTable,
    ReadingSurvey,
    RowProblem,
    RowReading,
    open_table,
    some,
)
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import SERVICE, UnitOfWork

REQUIRED_COLUMNS = ("encounter", "mrn")
COLUMNS = (*REQUIRED_COLUMNS, "facility", "class", "admit", "discharge", "attending")

_ROWS_AT_ONCE = 1000
_NUMBER_LENGTH, _CLASS_LENGTH, _NAME_LENGTH = 40, 20, 140


@dataclass(frozen=True, slots=True)
class EncounterImport:
    """What an import did."""

    imported: int
    updated: int
    unchanged: int
    bad: tuple[BadLine, ...]
    touched: frozenset[str] = frozenset()
    """Ids of the records whose encounters were added or changed."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    encounter: Encounter
    """Without id and patient."""
    mrn: str


def import_encounters(
    path: Path,
    *,
    catalog: Catalog,
    actor: str = SERVICE,
    facility: Iterable[str] = (),
    today: dt.date | None = None,
) -> EncounterImport:
    """Import a CSV file into the catalog, all in one transaction with its audit event.

    Args:
        path: the file; columns as ``COLUMNS``, in any order, unknown ones ignored.
        catalog: the catalog.
        actor: who imports.
        facility: the site's names; with none, the facility of most rows, where every row names one.
        today: the day of import, for two-digit years.

    Raises:
        UsageError: the file cannot be opened, is no text, or lacks a required column.
    """
    table = open_table(path, what="encounter file", columns=COLUMNS, required=REQUIRED_COLUMNS)
    with catalog.begin() as uow:
        survey = ReadingSurvey(table, dates=("admit", "discharge"))
        for record in table.records():
            if record.fields:
                survey.take(record)
        own = frozenset(map(fold_name, facility)) - {""}
        run = _Run(uow, survey.decide(own=own, today=today or uow.clock.now().date()))
        rows = run.read(table)
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            run.take(batch)
        result = run.result()
        uow.record(
            AuditAction.ENCOUNTERS_IMPORTED,
            "catalog",
            "encounters",
            actor=actor,
            imported=str(result.imported),
            updated=str(result.updated),
            unchanged=str(result.unchanged),
            bad=str(len(result.bad)),
        )
        uow.commit()
    return result


class _Run:
    """One import in progress."""

    def __init__(self, uow: UnitOfWork, how: RowReading) -> None:
        self.uow, self.how = uow, how
        self.imported = self.updated = self.unchanged = 0
        self.bad: list[BadLine] = []
        self.touched: set[str] = set()
        self._lines: dict[str, int] = {}
        """Of each encounter that this file gave: its first line."""

    def result(self) -> EncounterImport:
        bad = tuple(sorted(self.bad, key=lambda one: (one.line, one.column)))
        return EncounterImport(self.imported, self.updated, self.unchanged, bad, frozenset(self.touched))

    def read(self, table: CsvTable) -> Iterator[_Row]:
        """Yield the rows that say something; note what is wrong with them."""
        for record in table.records():
            if record.problem:
                self.bad.append(BadLine(record.line, "", record.problem))
            elif record.fields:
                problems: list[RowProblem] = []
                cells = dict(zip(table.columns, record.fields, strict=True))
                encounter = _read_row(cells, self.how, problems)
                self.bad += [BadLine(record.line, one.column, one.reason) for one in problems]
                if encounter is not None:
                    yield _Row(record.line, encounter, cells["mrn"].strip())

    def take(self, batch: Sequence[_Row]) -> None:
        """Write a batch of rows."""
        patients = self.uow.patients.find_by_numbers(row.mrn for row in batch)
        known: dict[tuple[str, str], list[Encounter]] = {}
        for one in self.uow.encounters.find_by_numbers(row.encounter.number for row in batch):
            known.setdefault(_key(one), []).append(one)
        added: dict[str, Encounter] = {}
        changed: dict[str, Encounter] = {}
        for row in batch:
            holder = self._find_patient(row, patients.get(normalize_number(row.mrn), []))
            if holder is None:
                continue
            bearers = known.setdefault(_key(row.encounter), [])
            mine = next((one for one in bearers if self._is_one_person(one.patient_id, holder)), None)
            if mine is None and bearers:
                reason = "was given to another patient too; it identifies nobody"
                self.bad.append(BadLine(row.line, "encounter", reason))
                self.touched.update(one.patient_id for one in bearers)
            if mine is None:
                made = replace(row.encounter, id=new_id("enc"), patient_id=holder.id)
                added[made.id] = made
                bearers.append(made)
                self._lines[made.id] = row.line
                self.imported += 1
                self.touched.add(holder.id)
            elif first := self._lines.get(mine.id):
                if replace(row.encounter, id=mine.id, patient_id=mine.patient_id) == mine:
                    self.unchanged += 1
                else:
                    reason = f"stands on line {first} already; this line was left out"
                    self.bad.append(BadLine(row.line, "encounter", reason))
            else:
                self._lines[mine.id] = row.line
                now = replace(row.encounter, id=mine.id, patient_id=holder.id)
                if now == mine:
                    self.unchanged += 1
                    continue
                bearers[bearers.index(mine)] = changed[mine.id] = now
                self.updated += 1
                self.touched.update((mine.patient_id, now.patient_id))
        self.uow.encounters.add(*added.values())
        self.uow.encounters.update(*changed.values())

    def _find_patient(self, row: _Row, found: Sequence[Patient]) -> Patient | None:
        """Return the record whose MRN the row gives; None where it is not exactly one person's."""
        number = normalize_number(row.mrn)
        holders = [
            (patient, i.status)
            for patient in found
            for i in patient.identifiers
            if normalize_number(i.value) == number
            and fold_name(i.facility) == fold_name(row.encounter.facility)
        ]
        if not holders:
            self.bad.append(BadLine(row.line, "mrn", "names no patient of the index at this facility"))
            return None
        people = {one.id for patient, _ in holders if (one := find_survivor(patient, self.uow.patients))}
        if len(people) != 1 or any(status is IdentifierStatus.SUSPECT for _, status in holders):
            self.bad.append(BadLine(row.line, "mrn", "is claimed by more than one patient"))
            return None
        return holders[0][0]

    def _is_one_person(self, patient_id: str, holder: Patient) -> bool:
        if patient_id == holder.id:
            return True
        other = self.uow.patients.get(patient_id)
        mine, theirs = (
            find_survivor(holder, self.uow.patients),
            other and find_survivor(other, self.uow.patients),
        )
        return mine is not None and theirs is not None and mine.id == theirs.id


def _read_row(cells: Mapping[str, str], how: RowReading, problems: list[RowProblem]) -> Encounter | None:
    """Return what a row says, None where it cannot be imported."""
    number, mrn = cells["encounter"].strip(), cells["mrn"].strip()
    for column, text in (("encounter", number), ("mrn", mrn)):
        if not normalize_number(text):
            problems.append(RowProblem(column, "is missing or has no letter or digit"))
            return None
    if len(number) > _NUMBER_LENGTH:
        problems.append(RowProblem("encounter", f"is longer than {_NUMBER_LENGTH} characters"))
        return None
    admitted, discharged = (_read_day(column, cells, how, problems) for column in ("admit", "discharge"))
    if admitted and discharged and discharged < admitted:
        problems.append(RowProblem("discharge", "lies before admit; both were left out"))
        admitted = discharged = None
    return Encounter(
        id="",
        number=number,
        patient_id="",
        facility=how.own_or_text(cells.get("facility", "")),
        kind=" ".join(some(cells.get("class", "")).split())[:_CLASS_LENGTH],
        admitted=admitted,
        discharged=discharged,
        attending=" ".join(some(cells.get("attending", "")).split())[:_NAME_LENGTH],
    )


def _read_day(
    column: str, cells: Mapping[str, str], how: RowReading, problems: list[RowProblem]
) -> dt.date | None:
    text = some(cells.get(column, ""))
    parsed = how.read_date(text) if text else None
    if text and (parsed is None or not parsed.exact):
        problems.append(RowProblem(column, "is not a date; it was left out"))
        return None
    return parsed.date if parsed else None


def _key(encounter: Encounter) -> tuple[str, str]:
    return normalize_number(encounter.number), fold_name(encounter.facility)
