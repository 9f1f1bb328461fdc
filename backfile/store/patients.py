"""The patient index in the catalog."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, func, insert, select, update

from backfile.domain.blocking import (
    BlockKind,
    Key,
    are_confusable,
    are_names_alike,
    block_keys,
    full_name_key,
    neighbour_keys,
    query_keys,
    sound_keys,
)
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import (
    Address,
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PatientQuery,
    PersonName,
)
from backfile.store.encounters import EncounterRepository
from backfile.store.patient_tables import patient_aliases, patient_blocks, patient_identifiers, patients

_CHUNK = 900
"""Values in one IN list; SQLite's older builds allow 999 parameters a statement."""

_LAST_SIGN = "\U0010ffff"
"""Sorts after every sign of a key."""

# Built once: a search runs several of them, and building costs as much as running.
_BLOCKS = select(patient_blocks.c.kind, patient_blocks.c.key, patient_blocks.c.patient_id).where(
    patient_blocks.c.key.in_(bindparam("keys", expanding=True))
)
_PATIENTS = select(patients).where(patients.c.id.in_(bindparam("ids", expanding=True)))


def _details(table: Table) -> Select[Any]:
    return (
        select(table)
        .where(table.c.patient_id.in_(bindparam("ids", expanding=True)))
        .order_by(table.c.patient_id, table.c.position)
    )


_NAMES = select(patients.c.id, patients.c.last_name, patients.c.first_name).where(
    patients.c.id.in_(bindparam("ids", expanding=True))
)
_ALIAS_NAMES = select(
    patient_aliases.c.patient_id, patient_aliases.c.last_name, patient_aliases.c.first_name
).where(patient_aliases.c.patient_id.in_(bindparam("ids", expanding=True)))
_ONLY_BY_NAME = (BlockKind.SOUND, BlockKind.BIRTH_INITIAL)
"""Whoever shares nothing else with a patient can be taken for them only by first and last name together."""
_IDENTIFIERS, _ALIASES = _details(patient_identifiers), _details(patient_aliases)


class PatientRepository:
    """The rows of ``patients`` and what hangs on them; serves ``PatientIndex``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection
        self._encounters = EncounterRepository(connection)
        self._count: int | None = None

    def get(self, patient_id: str) -> Patient | None:
        """Return the patient with this id; merged records are returned as they are."""
        return next(iter(self.get_all([patient_id])), None)

    def get_all(self, patient_ids: Sequence[str]) -> list[Patient]:
        """Return the patients with these ids, in this order; unknown ids are left out."""
        found: dict[str, Patient] = {}
        for chunk in _chunks(list(dict.fromkeys(patient_ids))):
            found |= self._load(chunk)
        return [found[patient_id] for patient_id in dict.fromkeys(patient_ids) if patient_id in found]

    def find_by_number(self, number: str) -> list[Patient]:
        """Return all patients who bear this number exactly (case and punctuation folded), at any facility."""
        normalized = normalize_number(number)
        return self.get_all(self._ids([(BlockKind.NUMBER, normalized)])) if normalized else []

    def find_by_numbers(self, numbers: Iterable[str]) -> dict[str, list[Patient]]:
        """Return the patients of many numbers at once, by normalised number."""
        wanted = {normalize_number(number) for number in numbers} - {""}
        found = self.get_all(self._ids([(BlockKind.NUMBER, number) for number in sorted(wanted)]))
        by_number: dict[str, list[Patient]] = defaultdict(list)
        for patient in found:
            for number in {normalize_number(i.value) for i in patient.identifiers} & wanted:
                by_number[number].append(patient)
        return dict(by_number)

    def find_candidates(self, query: PatientQuery, *, limit: int = 200) -> list[Patient]:
        """Return patients who share a block with the query, those of the most telling blocks first."""
        ids = self._ids(query_keys(query))
        if len(ids) < limit:
            ids += self._ids(sound_keys(query), most=limit)
        return self.get_all(list(dict.fromkeys(ids))[:limit])

    def find_neighbours(self, patient: Patient, *, limit: int = 200) -> list[Patient]:
        """Return others who could be confused with the patient (``blocking.are_confusable``)."""
        names = (patient.name, *patient.aliases)
        keys = neighbour_keys(patient)
        near = self._ids([key for key in keys if key[0] not in _ONLY_BY_NAME])
        by_name = self._ids([key for key in keys if key[0] in _ONLY_BY_NAME])
        alike = self._with_names_like(names, sorted(set(by_name) - set(near)))
        found: list[Patient] = []
        for chunk in _chunks([*near, *alike]):
            found += [other for other in self.get_all(chunk) if are_confusable(patient, other)]
            if len(found) >= limit:
                break
        return found[:limit]

    def _with_names_like(self, names: Sequence[PersonName], ids: Sequence[str]) -> list[str]:
        """Return those of the ids one of whose names is like one of ``names``: a sound is that of many."""
        found: dict[str, None] = {}
        for chunk in _chunks(ids):
            for query in (_NAMES, _ALIAS_NAMES):
                for patient_id, last, first in self._connection.execute(query, {"ids": chunk}):
                    if any(are_names_alike(name, PersonName(last, first)) for name in names):
                        found[patient_id] = None
        return list(found)

    def find_under_prefix(self, kind: BlockKind, prefix: str, *, limit: int = 200) -> list[Patient]:
        """Return patients one of whose keys of this kind begins with ``prefix``, by key."""
        keys = patient_blocks.c.key
        rows = self._connection.execute(
            select(patient_blocks.c.patient_id)
            .where(keys >= prefix, keys < prefix + _LAST_SIGN, patient_blocks.c.kind == kind.value)
            .order_by(keys)
            .limit(limit)
        )
        return self.get_all(list(rows.scalars())) if prefix else []

    def count_name(self, name: PersonName) -> int:
        """Return how many people bear this first and last name, as a name of record or an alias."""
        key = full_name_key(name)
        if not key:
            return 0
        return self._connection.execute(
            select(func.count())
            .select_from(patient_blocks)
            .where(patient_blocks.c.kind == BlockKind.FULL_NAME.value, patient_blocks.c.key == key)
        ).scalar_one()

    def find_encounters(self, number: str) -> list[Encounter]:
        """Return the encounters of this number (case and punctuation folded), at any facility."""
        return self._encounters.find_by_numbers([number])

    def encounters_of(self, patient_ids: Iterable[str]) -> list[Encounter]:
        """Return the encounters that were registered under these records."""
        return self._encounters.of_patients(patient_ids)

    def __len__(self) -> int:
        """Return the number of people, merged records left out; counted once for each repository."""
        if self._count is None:
            self._count = self._connection.execute(
                select(func.count()).select_from(patients).where(patients.c.merged_into.is_(None))
            ).scalar_one()
        return self._count

    def add(self, *added: Patient) -> None:
        """Add patients."""
        if not added:
            return
        self._count = None
        self._connection.execute(insert(patients), [_patient_row(patient) for patient in added])
        self._add_details(added)

    def update(self, *changed: Patient) -> None:
        """Write patients anew who are in the index already."""
        if not changed:
            return
        self._count = None
        for patient in changed:
            row = _patient_row(patient)
            self._connection.execute(update(patients).where(patients.c.id == patient.id).values(row))
        for chunk in _chunks([patient.id for patient in changed]):
            for table in (patient_identifiers, patient_aliases, patient_blocks):
                self._connection.execute(delete(table).where(table.c.patient_id.in_(chunk)))
        self._add_details(changed)

    def _add_details(self, added: Sequence[Patient]) -> None:
        numbers = [row for patient in added for row in _identifier_rows(patient)]
        aliases = [row for patient in added for row in _alias_rows(patient)]
        blocks = [
            {"kind": kind.value, "key": key, "patient_id": patient.id}
            for patient in added
            for kind, key in block_keys(patient)
        ]
        for table, rows in (
            (patient_identifiers, numbers),
            (patient_aliases, aliases),
            (patient_blocks, blocks),
        ):
            if rows:
                self._connection.execute(insert(table), rows)

    def _ids(self, keys: Sequence[Key], *, most: int | None = None) -> list[str]:
        """Return the ids under these keys, in the order of the keys; any ``most`` of them where given."""
        rank = {(kind.value, key): at for at, (kind, key) in enumerate(keys)}
        found: list[tuple[int, str]] = []
        for chunk in _chunks(list(dict.fromkeys(key for _, key in keys))):
            query = _BLOCKS if most is None else _BLOCKS.limit(most)
            for kind, key, patient_id in self._connection.execute(query, {"keys": chunk}):
                at = rank.get((kind, key))
                if at is not None:
                    found.append((at, patient_id))
        return list(dict.fromkeys(patient_id for _, patient_id in sorted(found)))

    def _load(self, ids: Sequence[str]) -> dict[str, Patient]:
        numbers: dict[str, list[PatientIdentifier]] = defaultdict(list)
        aliases: dict[str, list[PersonName]] = defaultdict(list)
        for row in self._connection.execute(_IDENTIFIERS, {"ids": ids}):
            numbers[row.patient_id].append(
                PatientIdentifier(
                    row.value, row.facility, IdentifierKind(row.kind), IdentifierStatus(row.status)
                )
            )
        for row in self._connection.execute(_ALIASES, {"ids": ids}):
            aliases[row.patient_id].append(_name_of(row))
        rows = self._connection.execute(_PATIENTS, {"ids": ids})
        return {
            row.id: _patient_of(row, tuple(numbers.get(row.id, ())), tuple(aliases.get(row.id, ())))
            for row in rows
        }


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _name_of(row: Row[Any]) -> PersonName:
    return PersonName(row.last_name, row.first_name, row.middle_name, row.suffix)


def _date_of(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _patient_of(
    row: Row[Any], identifiers: tuple[PatientIdentifier, ...], aliases: tuple[PersonName, ...]
) -> Patient:
    return Patient(
        id=row.id,
        name=_name_of(row),
        identifiers=identifiers,
        birth_date=_date_of(row.birth_date),
        sex=row.sex,
        ssn_last4=row.ssn_last4,
        phone=row.phone,
        address=Address(row.street, row.city, row.state, row.zip),
        aliases=aliases,
        death_date=_date_of(row.death_date),
        mother_mrn=row.mother_mrn,
        multiple_birth=row.multiple_birth,
        merged_into=row.merged_into,
        review_only=row.review_only,
    )


def _patient_row(patient: Patient) -> dict[str, object]:
    return {
        "id": patient.id,
        **_name_row(patient.name),
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
        "ssn_last4": patient.ssn_last4,
        "phone": patient.phone,
        "street": patient.address.street,
        "city": patient.address.city,
        "state": patient.address.state,
        "zip": patient.address.zip,
        "death_date": patient.death_date.isoformat() if patient.death_date else None,
        "mother_mrn": patient.mother_mrn,
        "multiple_birth": patient.multiple_birth,
        "merged_into": patient.merged_into,
        "review_only": patient.review_only,
    }


def _identifier_rows(patient: Patient) -> Iterable[dict[str, object]]:
    for position, identifier in enumerate(patient.identifiers):
        yield {
            "patient_id": patient.id,
            "position": position,
            "value": identifier.value,
            "normalized": normalize_number(identifier.value),
            "facility": identifier.facility,
            "kind": identifier.kind.value,
            "status": identifier.status.value,
        }


def _alias_rows(patient: Patient) -> Iterable[dict[str, object]]:
    for position, alias in enumerate(patient.aliases):
        yield {"patient_id": patient.id, "position": position, **_name_row(alias)}


def _name_row(name: PersonName) -> dict[str, object]:
    return {
        "last_name": name.last,
        "first_name": name.first,
        "middle_name": name.middle,
        "suffix": name.suffix,
    }
