"""The patient index in the catalog."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import (
    Connection,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from backfile.domain.blocking import (
    BlockKind,
    Key,
    are_confusable,
    are_names_alike,
    are_names_partly_alike,
    block_keys,
    full_name_key,
    neighbour_keys,
    query_keys,
    sound_keys,
    weigh_hits,
    weigh_names,
)
from backfile.domain.duplicates import is_suspected_duplicate
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import (
    IdentifierKind,
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PatientQuery,
    PersonName,
)
from backfile.store.encounters import EncounterRepository
from backfile.store.patient_records import (
    alias_rows,
    identifier_rows,
    name_of,
    patient_of,
    patient_row,
)
from backfile.store.patient_statements import ELSEWHERE, ON_SQLITE
from backfile.store.patient_tables import patient_aliases, patient_blocks, patient_identifiers, patients

_CHUNK = 900
"""Values in one list; more would make statements that databases refuse."""
_MOST_OF_SOUND = 400
"""People who are looked at for sounding alike; a sound may be that of thousands."""

_LAST_SIGN = "\U0010ffff"
"""Sorts after every sign of a key."""


class PatientRepository:
    """The rows of ``patients`` and what hangs on them; serves ``PatientIndex``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection
        self._statements = ON_SQLITE if connection.dialect.name == "sqlite" else ELSEWHERE
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

    def find_candidates(self, query: PatientQuery, *, limit: int = 50) -> list[Patient]:
        """Return patients who share a block with the query, those who share most first."""
        worth = weigh_hits(self._hits(query_keys(query)))
        if len(worth) < limit:
            worth = weigh_hits(self._hits(sound_keys(query), most=_MOST_OF_SOUND), worth)
        if len(worth) > limit:
            worth = weigh_names(worth, query.names, self._names(list(worth)))
        return self.get_all(sorted(worth, key=lambda one: -worth[one])[:limit])

    def _names(self, ids: Sequence[str]) -> Iterator[tuple[str, PersonName]]:
        for chunk in _chunks(ids):
            values = self._statements.values(chunk)
            rows = self._connection.execute(self._statements.slim, values).all()
            yield from ((row.id, PersonName(row.last_name, row.first_name)) for row in rows)
            for row in self._connection.execute(self._statements.alias_names, values).all():
                yield row.patient_id, PersonName(row.last_name, row.first_name)

    def find_neighbours(self, patient: Patient, *, limit: int = 200) -> list[Patient]:
        """Return others who could be confused with the patient (``blocking.are_confusable``)."""
        kinds: dict[str, None] = {}
        same_day: set[str] = set()
        numbered: set[str] = set()
        for kind, patient_id in self._hits(neighbour_keys(patient)):
            kinds[patient_id] = None
            if kind == BlockKind.BIRTH_DATE.value:
                same_day.add(patient_id)
            elif kind == BlockKind.NUMBER.value:
                numbered.add(patient_id)
        kinds.pop(patient.id, None)
        near = numbered | self._alike(patient, [one for one in kinds if one not in numbered], same_day)
        found: list[Patient] = []
        for chunk in _chunks([one for one in kinds if one in near]):
            found += [other for other in self.get_all(chunk) if are_confusable(patient, other)]
            if len(found) >= limit:
                break
        return found[:limit]

    def _alike(self, patient: Patient, ids: Sequence[str], same_day: set[str]) -> set[str]:
        """Return those of the ids who could be confused with a patient by what few columns tell.

        Whoever has no number like the patient's is taken for them only by first and last name together, or by
        one of them or a shared home on one birth date.
        """
        names = (patient.name, *patient.aliases)
        found: set[str] = set()
        for chunk in _chunks(ids):
            values = self._statements.values(chunk)
            for row in self._connection.execute(self._statements.slim, values).all():
                is_home = row.id in same_day and (
                    (patient.phone and row.phone == patient.phone)
                    or (patient.mother_mrn and row.mother_mrn == patient.mother_mrn)
                    or (patient.address.street and row.street)
                )
                if is_home or _is_name_alike(names, row.last_name, row.first_name, row.id in same_day):
                    found.add(row.id)
            for row in self._connection.execute(self._statements.alias_names, values).all():
                if _is_name_alike(names, row.last_name, row.first_name, row.patient_id in same_day):
                    found.add(row.patient_id)
        return found

    def find_suspected_duplicates(self) -> Iterator[tuple[Patient, Patient]]:
        """Yield pairs of records that are probably one person's, of those with equal names and birth date."""
        blocks = patient_blocks.c
        groups = self._connection.execute(
            select(blocks.key, patients.c.birth_date)
            .join(patients, patients.c.id == blocks.patient_id)
            .where(blocks.kind == BlockKind.FULL_NAME.value, patients.c.birth_date.is_not(None))
            .group_by(blocks.key, patients.c.birth_date)
            .having(func.count() > 1)
            .order_by(blocks.key, patients.c.birth_date)
        ).all()
        told: set[tuple[str, str]] = set()
        for key, birth_date in groups:
            found = self.get_all(self._ids([(BlockKind.FULL_NAME, key)]))
            born = [one for one in found if one.birth_date and one.birth_date.isoformat() == birth_date]
            for one, other in itertools.combinations(sorted(born, key=lambda patient: patient.id), 2):
                if (one.id, other.id) not in told and is_suspected_duplicate(one, other):
                    told.add((one.id, other.id))
                    yield one, other

    def find_doubted(self) -> Iterator[tuple[str, list[Patient]]]:
        """Yield each number that more than one record claims, with those records."""
        table = patient_identifiers.c
        suspect = table.status == IdentifierStatus.SUSPECT.value
        numbers = select(table.normalized).where(suspect).distinct().order_by(table.normalized)
        for number in self._connection.execute(numbers).scalars().all():
            yield number, self.find_by_number(number)

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
        self._insert(patients, [patient_row(patient) for patient in added])
        self._add_details(added)

    def update(self, *changed: Patient) -> None:
        """Write patients anew who are in the index already."""
        if not changed:
            return
        self._count = None
        for patient in changed:
            row = patient_row(patient)
            self._connection.execute(update(patients).where(patients.c.id == patient.id).values(row))
        for chunk in _chunks([patient.id for patient in changed]):
            for table in (patient_identifiers, patient_aliases, patient_blocks):
                self._connection.execute(delete(table).where(table.c.patient_id.in_(chunk)))
        self._add_details(changed)

    def _add_details(self, added: Sequence[Patient]) -> None:
        numbers = [row for patient in added for row in identifier_rows(patient)]
        aliases = [row for patient in added for row in alias_rows(patient)]
        blocks: list[dict[str, object]] = [
            {"key": key, "kind": kind, "patient_id": patient_id}
            for key, kind, patient_id in sorted(  # rows that will lie together are written together
                (key, kind.value, patient.id) for patient in added for kind, key in block_keys(patient)
            )
        ]
        for table, rows in (
            (patient_identifiers, numbers),
            (patient_aliases, aliases),
            (patient_blocks, blocks),
        ):
            self._insert(table, rows)

    def _insert(self, table: Table, rows: Sequence[dict[str, object]]) -> None:
        """Add rows that all have the same columns; values are such as the database takes them."""
        if not rows:
            return
        if self._connection.dialect.name != "sqlite":
            self._connection.execute(insert(table), list(rows))
            return
        # Half the cost of an import was turning dictionaries into parameters one by one.
        columns = list(rows[0])
        places = ", ".join("?" * len(columns))
        names = ", ".join(f'"{column}"' for column in columns)
        self._connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({places})',  # noqa: S608 - names of the schema
            [tuple(row.values()) for row in rows],
        )

    def _ids(self, keys: Sequence[Key]) -> list[str]:
        """Return the ids under these keys, in the order of the keys."""
        return list(dict.fromkeys(patient_id for _, patient_id in self._hits(keys)))

    def _hits(self, keys: Sequence[Key], *, most: int | None = None) -> list[tuple[str, str]]:
        """Return kind and id of whoever has any of the keys, in their order; any ``most`` where given."""
        rank = {(kind.value, key): at for at, (kind, key) in enumerate(keys)}
        found: list[tuple[int, str, str]] = []
        for chunk in _chunks(list(dict.fromkeys(key for _, key in keys))):
            query = self._statements.blocks if most is None else self._statements.blocks.limit(most)
            for kind, key, patient_id in self._connection.execute(
                query, self._statements.values(chunk)
            ).all():
                at = rank.get((kind, key))
                if at is not None:
                    found.append((at, patient_id, kind))
        return [(kind, patient_id) for _, patient_id, kind in sorted(found)]

    def _load(self, ids: Sequence[str]) -> dict[str, Patient]:
        values = self._statements.values(ids)
        numbers: dict[str, list[PatientIdentifier]] = defaultdict(list)
        aliases: dict[str, list[PersonName]] = defaultdict(list)
        for row in self._connection.execute(self._statements.identifiers, values).all():
            numbers[row.patient_id].append(
                PatientIdentifier(
                    row.value, row.facility, IdentifierKind(row.kind), IdentifierStatus(row.status)
                )
            )
        for row in self._connection.execute(self._statements.aliases, values).all():
            aliases[row.patient_id].append(name_of(row))
        rows = self._connection.execute(self._statements.patients, values).all()
        return {
            row.id: patient_of(row, tuple(numbers.get(row.id, ())), tuple(aliases.get(row.id, ())))
            for row in rows
        }


def _is_name_alike(names: Sequence[PersonName], last: str, first: str, is_same_day: bool) -> bool:
    other = PersonName(last, first)
    alike = are_names_partly_alike if is_same_day else are_names_alike
    return any(alike(name, other) for name in names)


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
