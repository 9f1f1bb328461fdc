"""The patient index in the catalog."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, func, select

from backfile.domain.blocking import BlockKind, Key, full_name_key, neighbour_keys, query_keys, sound_keys
from backfile.domain.candidate_ranking import rank_candidates
from backfile.domain.confusable import are_confusable, are_spelled_alike, begin_spelled, spell_names
from backfile.domain.duplicates import is_suspected_duplicate
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import fold_name, normalize_number, normalize_zip
from backfile.domain.patient import (
    IdentifierStatus,
    Patient,
    PatientIdentifier,
    PatientQuery,
    PersonName,
)
from backfile.store.block_rows import BlockRows
from backfile.store.encounters import EncounterRepository
from backfile.store.near_numbers import NearNumbers
from backfile.store.patient_lookups import Lookup, PatientLookups
from backfile.store.patient_records import alias_of, identifier_of, patient_of
from backfile.store.patient_tables import patient_blocks, patient_identifiers, patients
from backfile.store.patient_writer import PatientWriter

_MOST_OF_SOUND = 400
"""People who are looked at for sounding alike; a sound may be that of thousands."""
_KEPT = 2000
"""Patients that are kept in memory: one search asks for the same ones several times."""

_LAST_SIGN = "\U0010ffff"
"""Sorts after every sign of a key."""


class PatientRepository:
    """The rows of ``patients`` and what hangs on them; serves ``PatientIndex``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection
        self._look = PatientLookups(connection)
        self._writer = PatientWriter(connection)
        self._encounters = EncounterRepository(connection)
        self._count: int | None = None
        self._kept: dict[str, Patient] = {}
        self._near = NearNumbers(self._look)
        self._blocks = BlockRows(self._look)

    def get(self, patient_id: str) -> Patient | None:
        """Return the patient with this id; merged records are returned as they are."""
        return next(iter(self.get_all([patient_id])), None)

    def get_all(self, patient_ids: Sequence[str]) -> list[Patient]:
        """Return the patients with these ids, in this order; unknown ids are left out."""
        wanted = list(dict.fromkeys(patient_ids))
        missing = [one for one in wanted if one not in self._kept]
        if missing:
            if len(self._kept) > _KEPT:
                self._kept.clear()
                missing = wanted
            self._kept |= self._load(missing)
        return [self._kept[one] for one in wanted if one in self._kept]

    def find_by_number(self, number: str) -> list[Patient]:
        """Return all patients who bear this number exactly (case and punctuation folded), at any facility."""
        normalized = normalize_number(number)
        near = self._near.recall(normalized)  # nearly every number was asked for as a candidate's before
        if near is not None:
            return self.get_all(sorted(near.bearers))
        return self.get_all(sorted([one for _, one in self._look.find(Lookup.NUMBERS, [normalized])]))

    def find_by_numbers(self, numbers: Iterable[str]) -> dict[str, list[Patient]]:
        """Return the patients of many numbers at once, by normalised number."""
        wanted = {normalize_number(number) for number in numbers} - {""}
        found = self.get_all(sorted({one for _, one in self._look.find(Lookup.NUMBERS, sorted(wanted))}))
        by_number: dict[str, list[Patient]] = defaultdict(list)
        for patient in found:
            for number in {normalize_number(i.value) for i in patient.identifiers} & wanted:
                by_number[number].append(patient)
        return dict(by_number)

    def find_candidates(self, query: PatientQuery, *, limit: int = 50) -> list[Patient]:
        """Return patients who share a block with the query, those who share most first."""
        names: dict[str, str] = {}
        hits: list[tuple[str, str]] = [
            (BlockKind.NUMBER, one) for number in query.mrns for one in self._near.find(number).all
        ]
        hits += self._hits(query_keys(query), names)
        if len({one for _, one in hits}) < limit:
            hits += self._hits(sound_keys(query), names, most=_MOST_OF_SOUND)
        unknown = list(dict.fromkeys(one for _, one in hits if one not in names))
        names |= {one.id: spell_names((one.name, *one.aliases)) for one in self.get_all(unknown)}
        return self.get_all(rank_candidates(hits, query, names, limit=limit))

    def find_neighbours(
        self, patient: Patient, *, near_dates: bool = True, limit: int = 200
    ) -> list[Patient]:
        """Return others who could be confused with the patient (``confusable.are_confusable``).

        Args:
            patient: the patient.
            near_dates: whether to look for names that sound otherwise on birth dates that are alike.
            limit: most to return.
        """
        keys = neighbour_keys(patient, near_dates=near_dates)
        numbers = dict.fromkeys(normalize_number(i.value) for i in patient.identifiers)
        numbered = [one for number in numbers for one in self._near.find(number).all]
        near = [one for one in (*numbered, *self._alike(patient, keys)) if one != patient.id]
        found: list[Patient] = []
        for at in range(0, len(near), limit):
            part = dict.fromkeys(near[at : at + limit])
            found += [other for other in self.get_all(list(part)) if are_confusable(patient, other)]
            if len(found) >= limit:
                break
        return found[:limit]

    def _alike(self, patient: Patient, keys: Sequence[Key]) -> Iterator[str]:
        """Yield ids of those who could be confused with a patient by name, birth date and home.

        By first and last name together, or by one of them or a shared home on one birth date. The names stand
        beside the keys; of other birth dates only those are asked for who share a first letter.
        """
        spelled = spell_names((patient.name, *patient.aliases))
        unlike: list[str] = []
        if patient.birth_date is not None:
            born = patient.birth_date.isoformat()
            for _, _, one, names in self._blocks.find([born]):
                if are_spelled_alike(spelled, names, partly=True):
                    yield one
                else:
                    unlike.append(one)
            yield from self._sharing_home(patient, unlike)
            dates = [key for kind, key in keys if kind is BlockKind.BIRTH_DATE and key != born]
            letters = begin_spelled(spelled)
            for _, _, one, names in self._look.find(Lookup.BLOCKS, dates, beginnings=letters):
                if are_spelled_alike(spelled, names):
                    yield one
        named = [key for kind, key in keys if kind in (BlockKind.FULL_NAME, BlockKind.SOUND)]
        for _, _, one, names in self._blocks.find(named):
            if are_spelled_alike(spelled, names):
                yield one

    def _sharing_home(self, patient: Patient, ids: Sequence[str]) -> Iterator[str]:
        street = fold_name(patient.address.street)
        if not (street or patient.phone or patient.mother_mrn):
            return
        for one, phone, other_street, mother_mrn in self._look.find(Lookup.HOMES, ids):
            if (
                (patient.phone and phone == patient.phone)
                or (patient.mother_mrn and mother_mrn == patient.mother_mrn)
                or (street and fold_name(other_street) == street)
            ):
                yield one

    def find_suspected_duplicates(self) -> Iterator[tuple[Patient, Patient]]:
        """Yield pairs of records that are probably one person's: born on one day, with names alike."""
        blocks = patient_blocks.c
        rows = self._connection.execute(
            select(blocks.key, blocks.patient_id, blocks.names)
            .where(blocks.kind == BlockKind.BIRTH_DATE.value)
            .order_by(blocks.key, blocks.patient_id)
        )
        for _, born in itertools.groupby(rows, key=lambda row: str(row.key)):
            for one, other in _pair_alike([(row.patient_id, row.names) for row in born]):
                pair = self.get_all([one, other])
                if len(pair) == 2 and is_suspected_duplicate(*pair):
                    yield pair[0], pair[1]

    def find_doubted(self) -> Iterator[tuple[str, list[Patient]]]:
        """Yield each number that more than one record claims, with those records."""
        table = patient_identifiers.c
        suspect = table.status == IdentifierStatus.SUSPECT.value
        numbers = select(table.normalized).where(suspect).distinct().order_by(table.normalized)
        for number in self._connection.execute(numbers).scalars().all():
            yield number, self.find_by_number(number)

    def find_under_prefix(self, kind: BlockKind, prefix: str, *, limit: int = 200) -> list[Patient]:
        """Return patients one of whose keys of this kind begins with ``prefix``, by key."""
        if not prefix:
            return []
        if kind is BlockKind.NUMBER:
            key, found = patient_identifiers.c.normalized, select(patient_identifiers.c.patient_id)
        else:
            key = patient_blocks.c.key
            found = select(patient_blocks.c.patient_id).where(patient_blocks.c.kind == kind.value)
        rows = self._connection.execute(
            found.where(key >= prefix, key < prefix + _LAST_SIGN).order_by(key).limit(limit)
        )
        return self.get_all(list(rows.scalars()))

    def count_name(self, name: PersonName) -> int:
        """Return how many people bear this first and last name, as a name of record or an alias."""
        key = full_name_key(name)
        return self._blocks.count_bearers(key) if key else 0

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
        self._forget()
        self._writer.add(added)

    def update(self, *changed: Patient) -> None:
        """Write patients anew who are in the index already."""
        self._forget()
        self._writer.update(changed, self.get_all([patient.id for patient in changed]))
        self._forget()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Add many patients: until the end of it, they are found by number alone."""
        with self._writer.loading():
            yield
        self._forget()

    def _forget(self) -> None:
        self._count = None
        self._kept.clear()
        self._near.forget()
        self._blocks.forget()

    def _hits(
        self, keys: Sequence[Key], names: dict[str, str], *, most: int | None = None
    ) -> list[tuple[str, str]]:
        """Return kind and id of whoever has any of the keys, in their order; any ``most`` where given.

        What the index knows of their names beside the keys is added to ``names``.
        """
        rank = {key: at for at, key in enumerate(keys)}
        by_kind: dict[str, list[str]] = defaultdict(list)
        for kind, key in rank:
            by_kind[kind].append(key)
        found: list[tuple[int, str, str]] = []
        sharing: dict[str, list[PersonName]] = {}
        for phone, one, last, first in self._look.find(Lookup.PHONES, by_kind.pop(BlockKind.PHONE, ())):
            found.append((rank[BlockKind.PHONE, phone], one, BlockKind.PHONE))
            sharing[one] = [PersonName(last, first)]
        for row in sorted(self._look.find(Lookup.ALIASES, list(sharing))):
            sharing[row[0]].append(alias_of(row))
        names |= {one: spell_names(known) for one, known in sharing.items()}
        coded = by_kind.pop(BlockKind.SSN_ZIP, ())
        last4s, codes = (sorted(set(parts)) for parts in ([k[:4] for k in coded], [k[4:] for k in coded]))
        for last4, code, one in self._look.find(Lookup.SSNS, last4s, beginnings=codes):
            at = rank.get((BlockKind.SSN_ZIP, last4 + normalize_zip(code)))
            if at is not None:
                found.append((at, one, BlockKind.SSN_ZIP))
        others = list(dict.fromkeys(key for kept in by_kind.values() for key in kept))
        for kind, key, one, spelled in self._blocks.find(others, most=most):
            at = rank.get((kind, key))
            if at is not None:
                found.append((at, one, kind))
                names[one] = spelled
        found.sort()
        return [(kind, one) for _, one, kind in found]

    def _load(self, ids: Sequence[str]) -> dict[str, Patient]:
        numbers: dict[str, list[PatientIdentifier]] = defaultdict(list)
        aliases: dict[str, list[PersonName]] = defaultdict(list)
        for row in sorted(self._look.find(Lookup.IDENTIFIERS, ids)):
            numbers[row[0]].append(identifier_of(row))
        for row in sorted(self._look.find(Lookup.ALIASES, ids)):
            aliases[row[0]].append(alias_of(row))
        return {
            row[0]: patient_of(row, tuple(numbers.get(row[0], ())), tuple(aliases.get(row[0], ())))
            for row in self._look.find(Lookup.PATIENTS, ids)
        }


def _pair_alike(born: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids whose names are alike; only those with a first letter in common are looked at."""
    by_letter: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, names in born:
        for letter in begin_spelled(names):
            by_letter[letter].append((one, names))
    told: set[tuple[str, str]] = set()
    for group in by_letter.values():
        for (one, names), (other, other_names) in itertools.combinations(group, 2):
            if (one, other) not in told and are_spelled_alike(names, other_names):
                told.add((one, other))
                yield one, other
