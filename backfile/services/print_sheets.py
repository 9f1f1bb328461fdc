"""Issuing sheets that stand for a patient or a batch: each a random token, kept with what it stands for.

Whoever prints is in the audit trail; a token that was issued and never printed does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.audit import AuditAction
from backfile.domain.document_types import UNKNOWN, find_type
from backfile.domain.normalize import fold_name, normalize_number
from backfile.domain.patient import IdentifierStatus, Patient, PatientIndex, find_survivor
from backfile.domain.records import BatchSheet, ChartSheet
from backfile.domain.sheets import make_token
from backfile.errors import UsageError
from backfile.store.catalog import Catalog

MOST_SHEETS = 2000
"""In one file: four boxes of paper."""


@dataclass(frozen=True, slots=True)
class WantedChart:
    """A patient for whom a chart header sheet is asked."""

    line: int
    """Of the list, from 1."""
    mrn: str
    facility: str | None = None
    """Of the number; "" is the site itself, None where only one facility has it."""


@dataclass(frozen=True, slots=True)
class IssuedChart:
    """A sheet to print, with whom it is for."""

    sheet: ChartSheet
    patient: Patient


@dataclass(frozen=True, slots=True)
class RefusedChart:
    """A sheet that cannot be printed."""

    line: int
    reason: str
    """In words; holds nothing of a patient."""


@dataclass(frozen=True, slots=True)
class IssuedCharts:
    """What became of a list."""

    issued: tuple[IssuedChart, ...]
    refused: tuple[RefusedChart, ...]


def issue_chart_sheets(wanted: Sequence[WantedChart], *, catalog: Catalog, actor: str) -> IssuedCharts:
    """Issue a chart header sheet for each patient of a list.

    Args:
        wanted: whom for.
        catalog: the catalog.
        actor: who prints.

    Raises:
        UsageError: more sheets than a file of them holds.
    """
    if len(wanted) > MOST_SHEETS:
        raise UsageError(f"More than {MOST_SHEETS} sheets at once.", next_step="Print the list in parts.")
    issued: list[IssuedChart] = []
    refused: list[RefusedChart] = []
    with catalog.begin() as uow:
        now = uow.clock.now()
        for one in wanted:
            found = _find_patient(one, uow.patients)
            if isinstance(found, str):
                refused.append(RefusedChart(one.line, found))
                continue
            sheet = ChartSheet(make_token(), found.id, identity_of(found), actor, now)
            issued.append(IssuedChart(sheet, found))
            # The token is a key to the patient's chart: the trail tells whose sheet, not which.
            uow.record(AuditAction.SHEET_PRINTED, "sheet", found.id, actor=actor, patient=found.id)
        uow.sheets.add_chart(*(one.sheet for one in issued))
        uow.commit()
    return IssuedCharts(tuple(issued), tuple(refused))


def issue_batch_sheets(
    names: Sequence[str], *, type_name: str, catalog: Catalog, actor: str
) -> tuple[BatchSheet, ...]:
    """Issue a batch header sheet for each name.

    Args:
        names: of the batches.
        type_name: key of the type of every document in them, "" where they differ.
        catalog: the catalog.
        actor: who prints.

    Raises:
        UsageError: a name is empty or too long, or there is no such type.
    """
    if type_name:
        check_type(type_name)
    if any(not 0 < len(name.strip()) <= 80 for name in names):
        raise UsageError("A batch's name has 1 to 80 characters.", next_step="Give another name.")
    with catalog.begin() as uow:
        now = uow.clock.now()
        sheets = tuple(BatchSheet(make_token(), name.strip(), type_name, actor, now) for name in names)
        uow.sheets.add_batch(sheets)
        uow.commit()
    return sheets


def check_type(name: str) -> None:
    """Refuse what is no type that a sheet can give.

    Raises:
        UsageError: it is none.
    """
    if find_type(name) is None or name == UNKNOWN:
        raise UsageError(
            f"There is no document type {name!r}.", next_step="See the types in docs/reference.md."
        )


def identity_of(patient: Patient) -> str:
    """Return who a patient is, as 64 hex digits: another name, birth date or number is another identity."""
    name, mrn = patient.name, patient.mrn
    parts = (
        *map(fold_name, (name.last, name.first, name.suffix)),
        patient.birth_date.isoformat() if patient.birth_date else "",
        normalize_number(mrn.value),
        mrn.facility,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _find_patient(wanted: WantedChart, index: PatientIndex) -> Patient | str:
    """Return the one patient who has the number now, or why there is none."""
    number = normalize_number(wanted.mrn)
    holders: dict[str, Patient] = {}
    for patient in index.find_by_number(number) if number else []:
        for held in patient.identifiers:
            is_it = normalize_number(held.value) == number
            if not is_it or (wanted.facility is not None and held.facility != wanted.facility):
                continue
            if held.status is IdentifierStatus.SUSPECT:
                return "two index entries claim this number"
            survivor = find_survivor(patient, index)
            if survivor is not None:
                holders[survivor.id] = survivor
    if not holders:
        return "no patient of the index has this number"
    if len(holders) > 1:
        return "patients of several facilities have this number: name the facility"
    (patient,) = holders.values()
    return (
        "the index entry has no birth date, so nothing may be filed under it"
        if patient.review_only
        else patient
    )
