"""Importing the patient index from CSV: a stream of rows in, patients added and brought up to date.

A patient is known by MRN and facility. Importing the same file again changes nothing. What cannot be
used is named by line, column and reason, never by value, and the rest is imported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from backfile.domain.audit import AuditAction
from backfile.domain.normalize import fold_name, normalize_number
from backfile.domain.patient import IdentifierKind, IdentifierStatus, Patient
from backfile.ids import new_id, new_ids
from backfile.services.csv_table import BadLine, RowProblem
from backfile.services.patient_file import (
    PatientSurvey,
    open_patient_table,
    read_rows,
    survey_table,
)
from backfile.services.patient_rows import PatientRow
from backfile.services.same_person import is_same_person
from backfile.store.catalog import Catalog
from backfile.store.patients import PatientRepository
from backfile.store.unit_of_work import SERVICE

_ROWS_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did."""

    imported: int
    updated: int
    unchanged: int
    bad: tuple[BadLine, ...]
    touched: frozenset[str] = frozenset()
    """Changed records under which something is filed, and those that these were or are merged into."""
    parted: frozenset[str] = frozenset()
    """Of these, the records that were one person's and are no more."""


def import_patients(
    path: Path,
    *,
    catalog: Catalog,
    actor: str = SERVICE,
    facility: Iterable[str] = (),
    today: dt.date | None = None,
) -> ImportResult:
    """Import a CSV file into the catalog, all in one transaction with its audit event.

    Args:
        path: The file; columns as ``COLUMNS``, in any order, unknown ones ignored.
        catalog: The catalog.
        actor: Who imports.
        facility: The site's names: numbers of these, and of no named facility, are the site's own. With
            none given, the facility of most rows is the site, if every row of the file names one.
        today: The day of import, for two-digit years and dates in the future.

    Raises:
        UsageError: the file cannot be opened, is no text, or lacks a required column.
    """
    with catalog.begin() as uow:
        result = import_rows(
            path,
            uow.patients,
            facility=facility,
            today=today or uow.clock.now().date(),
            charts=uow.documents.patients_with_charts(),
        )
        uow.record(
            AuditAction.PATIENTS_IMPORTED,
            "catalog",
            "patients",
            actor=actor,
            imported=str(result.imported),
            updated=str(result.updated),
            unchanged=str(result.unchanged),
            bad=str(len(result.bad)),
        )
        uow.commit()
    return result


def import_rows(
    path: Path,
    index: PatientRepository,
    *,
    facility: Iterable[str],
    today: dt.date,
    charts: frozenset[str] = frozenset(),
) -> ImportResult:
    """Import a CSV file into an index within a transaction that the caller commits.

    Args:
        path: the file.
        index: the index.
        facility: the site's names.
        today: the day of import.
        charts: ids of the records under which something is filed.
    """
    table = open_patient_table(path)
    survey = survey_table(table, own=frozenset(map(fold_name, facility)) - {""}, today=today)
    run = _Run(index, survey, charts)
    merged: list[_Placed] = []
    rows = read_rows(table, survey.how, ids=new_ids("pat", len(survey.keys)))
    with index.loading():
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            merged += run.take(batch)
        run.take_merged(merged)
    return ImportResult(
        run.imported,
        run.updated,
        run.unchanged,
        tuple(sorted(run.bad, key=lambda bad: (bad.line, bad.column))),
        frozenset(run.touched),
        frozenset(run.parted),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with the record of the index that it brings up to date, if there is one."""

    line: int
    row: PatientRow
    stored: Patient | None
    patient: Patient
    """As it will be, with its id."""


class _Run:
    """One import in progress."""

    def __init__(
        self, index: PatientRepository, survey: PatientSurvey, charts: frozenset[str] = frozenset()
    ) -> None:
        self.index, self.survey, self.charts = index, survey, charts
        self.touched: set[str] = set()
        self.parted: set[str] = set()
        self.imported = self.updated = self.unchanged = 0
        self.bad: list[BadLine] = []
        self._renumbered: set[str] = set()

    def take(self, batch: list[tuple[int, PatientRow | tuple[RowProblem, ...]]]) -> list[_Placed]:
        """Write a batch of rows; return those that were merged into others, for later."""
        good: list[tuple[int, PatientRow]] = []
        for line, row in batch:
            problems = row.problems if isinstance(row, PatientRow) else row
            self.bad += [BadLine(line, problem.column, problem.reason) for problem in problems]
            if isinstance(row, PatientRow) and not self._is_repeated(line, row):
                good.append((line, row))
        numbers = {i.value for _, row in good for i in row.patient.identifiers}
        stored = self.index.find_by_numbers(numbers)
        placed = [self._place(line, row, stored) for line, row in good]
        self._write([place for place in placed if not place.row.merged_into])
        return [place for place in placed if place.row.merged_into]

    def take_merged(self, merged: list[_Placed]) -> None:
        """Write the rows that were merged into others, now that every survivor is known."""
        by_number: dict[str, dict[str, set[str]]] = {}
        for place in merged:
            number, facility = place.row.key
            by_number.setdefault(number, {}).setdefault(facility, set()).add(place.patient.id)
        found = self.index.find_by_numbers(normalize_number(place.row.merged_into) for place in merged)
        for number, others in found.items():
            for other in others:
                for facility in {
                    i.facility for i in other.identifiers if normalize_number(i.value) == number
                }:
                    by_number.setdefault(number, {}).setdefault(facility, set()).add(other.id)
        survivors: dict[str, str] = {}
        for place in merged:
            facilities = by_number.get(normalize_number(place.row.merged_into), {})
            # The survivor is of the same facility, or the only one of that number anywhere.
            anywhere = {i for ids in facilities.values() for i in ids}
            survivor = facilities.get(place.row.key[1], anywhere) - {place.patient.id}
            if len(survivor) == 1:
                survivors[place.patient.id] = survivor.pop()
        self._write([self._merge(place, survivors) for place in merged])

    def _is_repeated(self, line: int, row: PatientRow) -> bool:
        """Say whether an earlier line gave this person's number; name the line unless both say the same."""
        people = self.survey.first.get(row.key)
        if people is None:
            return False
        first = next((at for at, other in people if is_same_person(row.patient, other)), line)
        if first == line:
            if len(people) > 1:
                others = ", ".join(str(at) for at, _ in people if at != line)
                self.bad.append(
                    BadLine(line, "mrn", f"is given to another person on line {others}; it identifies nobody")
                )
            return False
        patient = replace(row.patient, id="")
        if any(patient == other for at, other in people if at == first):
            self.unchanged += 1
        else:
            self.bad.append(BadLine(line, "mrn", f"stands on line {first} already; this line was left out"))
        return True

    def _place(self, line: int, row: PatientRow, stored: dict[str, list[Patient]]) -> _Placed:
        holders = _holders(row.key, stored)
        is_suspect = self.survey.is_suspect(row.key)
        # Under a number that this file gives to several people, each entry is only its very own.
        same = next((holder for holder in holders if is_same_person(row.patient, holder)), None)
        if same is None and not is_suspect:
            same = next((h for h in holders if is_same_person(row.patient, h, later=True)), None)
        if same is None and not holders:
            same = self._find_renumbered(row, stored)
        others = [holder for holder in holders if holder is not same and holder.merged_into is None]
        if others and not row.merged_into and not is_suspect:
            is_suspect = True
            reason = "belongs to another person in the index; it identifies nobody"
            self.bad.append(BadLine(line, "mrn", reason))
        patient = row.patient
        if same is not None or not patient.id:
            patient = replace(patient, id=same.id if same else new_id("pat"))
        if is_suspect:
            self._distrust(others, row.key)
            patient = _with_status(patient, row.key, IdentifierStatus.SUSPECT)
        return _Placed(line, row, same, patient)

    def _find_renumbered(self, row: PatientRow, stored: dict[str, list[Patient]]) -> Patient | None:
        """Return the record that a former number of the row still holds, unless the file has it too."""
        for former in row.patient.identifiers[1:]:
            key = (normalize_number(former.value), former.facility)
            if (key[0], fold_name(key[1])) in self.survey.keys:
                continue
            for holder in _holders(key, stored):
                if holder.id not in self._renumbered and is_same_person(row.patient, holder, later=True):
                    self._renumbered.add(holder.id)
                    return holder
        return None

    def _distrust(self, holders: list[Patient], key: tuple[str, str]) -> None:
        """Mark the number as suspect at everybody who bears it."""
        changed = [_with_status(holder, key, IdentifierStatus.SUSPECT) for holder in holders]
        self._update([(old, new) for new, old in zip(changed, holders, strict=True) if new != old])

    def _merge(self, place: _Placed, survivors: dict[str, str]) -> _Placed:
        """Point a record at its survivor; without one it can still block, but receive nothing."""
        survivor = survivors.get(place.patient.id)
        seen = {place.patient.id}
        following = survivor
        while following is not None and following not in seen:
            seen.add(following)
            following = survivors.get(following)
        if survivor is None or following is not None:
            why = "goes round in a circle" if survivor else "names no other patient"
            reason = f"{why}; the patient was imported for review only"
            self.bad.append(BadLine(place.line, "merged_into", reason))
            return replace(place, patient=replace(place.patient, review_only=True))
        patient = _with_status(place.patient, place.row.key, IdentifierStatus.MERGED)
        return replace(place, patient=replace(patient, merged_into=survivor))

    def _write(self, placed: list[_Placed]) -> None:
        added = [place.patient for place in placed if place.stored is None]
        changed = [(p.stored, p.patient) for p in placed if p.stored is not None and p.stored != p.patient]
        self.index.add(*added)
        self._update(changed)
        self.imported += len(added)
        self.updated += len(changed)
        self.unchanged += len(placed) - len(added) - len(changed)

    def _update(self, changed: list[tuple[Patient, Patient]]) -> None:
        """Write records anew, and keep in mind whose documents must be looked at again."""
        self.index.update(*(new for _, new in changed))
        for old, new in changed:
            people = {one for one in (old.id, old.merged_into, new.merged_into) if one is not None}
            if people & self.charts:
                self.touched |= people
                if old.merged_into not in (None, new.merged_into):
                    self.parted |= people


def _holders(key: tuple[str, str], stored: dict[str, list[Patient]]) -> list[Patient]:
    """Return those whose MRN (not a former one) is this number of this facility."""
    number, facility = key
    return [
        patient
        for patient in stored.get(number, ())
        if any(
            (normalize_number(i.value), i.facility) == (number, facility) and i.kind is IdentifierKind.MRN
            for i in patient.identifiers
        )
    ]


def _with_status(patient: Patient, key: tuple[str, str], status: IdentifierStatus) -> Patient:
    return replace(
        patient,
        identifiers=tuple(
            replace(i, status=status) if (normalize_number(i.value), i.facility) == key else i
            for i in patient.identifiers
        ),
    )
