"""Encounters in the catalog."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, insert, select, update

from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.store.schema import encounters

_CHUNK = 900
"""Values in one IN list; SQLite's older builds allow 999 parameters a statement."""


class EncounterRepository:
    """The rows of ``encounters``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def find_by_numbers(self, numbers: Iterable[str]) -> list[Encounter]:
        """Return the encounters of these numbers (case and punctuation folded), at any facility."""
        wanted = sorted({normalize_number(number) for number in numbers} - {""})
        return list(self._find(encounters.c.normalized, wanted))

    def of_patients(self, patient_ids: Iterable[str]) -> list[Encounter]:
        """Return the encounters that were registered under these records."""
        return list(self._find(encounters.c.patient_id, sorted(set(patient_ids))))

    def add(self, *added: Encounter) -> None:
        """Add encounters."""
        if added:
            self._connection.execute(insert(encounters), [_row(one) for one in added])

    def update(self, *changed: Encounter) -> None:
        """Write encounters anew that are in the catalog already."""
        for one in changed:
            self._connection.execute(update(encounters).where(encounters.c.id == one.id).values(_row(one)))

    def _find(self, column: Column[Any], values: Sequence[str]) -> Iterator[Encounter]:
        for at in range(0, len(values), _CHUNK):
            chosen = column.in_(values[at : at + _CHUNK])
            for row in self._connection.execute(select(encounters).where(chosen).order_by(encounters.c.id)):
                yield _encounter_of(row)


def _encounter_of(row: Row[Any]) -> Encounter:
    return Encounter(
        id=row.id,
        number=row.number,
        patient_id=row.patient_id,
        facility=row.facility,
        kind=row.kind or "",
        admitted=_date_of(row.admitted),
        discharged=_date_of(row.discharged),
        attending=row.attending or "",
    )


def _row(one: Encounter) -> dict[str, object]:
    return {
        "id": one.id,
        "number": one.number,
        "normalized": normalize_number(one.number),
        "patient_id": one.patient_id,
        "facility": one.facility,
        "kind": one.kind,
        "admitted": one.admitted.isoformat() if one.admitted else None,
        "discharged": one.discharged.isoformat() if one.discharged else None,
        "attending": one.attending,
    }


def _date_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
