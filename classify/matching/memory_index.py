"""The patient index in memory: the same answers as the catalog's, for tests and trials."""

from __future__ import annotations

from collections.abc import Iterable

from backfile.domain.blocking import (
    BlockKind,
    Key,
    are_confusable,
    block_keys,
    full_name_key,
    neighbour_keys,
    query_keys,
    sound_keys,
    weigh_hits,
    weigh_names,
)
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient, PatientQuery, PersonName


class MemoryPatientIndex:
    """Serves ``PatientIndex`` from a dictionary."""

    def __init__(self, patients: Iterable[Patient] = (), *, encounters: Iterable[Encounter] = ()) -> None:
        """Begin with these patients and encounters."""
        self._encounters = list(encounters)
        self._patients: dict[str, Patient] = {}
        self._blocks: dict[Key, set[str]] = {}
        self._people = 0
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Add a patient."""
        self._patients[patient.id] = patient
        self._people += patient.merged_into is None
        for key in block_keys(patient):
            self._blocks.setdefault(key, set()).add(patient.id)

    def get(self, patient_id: str) -> Patient | None:
        """Return the patient with this id; merged records are returned as they are."""
        return self._patients.get(patient_id)

    def find_by_number(self, number: str) -> list[Patient]:
        """Return all patients who bear this number exactly (case and punctuation folded), at any facility."""
        return self._under([(BlockKind.NUMBER, normalize_number(number))])

    def find_candidates(self, query: PatientQuery, *, limit: int = 50) -> list[Patient]:
        """Return patients who share a block with the query, those who share most first."""
        worth = weigh_hits(self._hits([*query_keys(query), *sound_keys(query)]))
        if len(worth) > limit:
            known = ((one, self._patients[one]) for one in worth)
            names = ((one, name) for one, p in known for name in (p.name, *p.aliases))
            worth = weigh_names(worth, query.names, names)
        return [self._patients[one] for one in sorted(worth, key=lambda one: -worth[one])[:limit]]

    def _hits(self, keys: Iterable[Key]) -> list[tuple[str, str]]:
        return [(key[0].value, i) for key in keys for i in sorted(self._blocks.get(key, ()))]

    def find_neighbours(self, patient: Patient, *, limit: int = 200) -> list[Patient]:
        """Return others who could be confused with the patient (``blocking.are_confusable``)."""
        others = self._under(neighbour_keys(patient))
        return [other for other in others if are_confusable(patient, other)][:limit]

    def _under(self, keys: Iterable[Key]) -> list[Patient]:
        ids = dict.fromkeys(i for key in keys for i in sorted(self._blocks.get(key, ())))
        return [self._patients[i] for i in ids]

    def count_name(self, name: PersonName) -> int:
        """Return how many people bear this first and last name, as a name of record or an alias."""
        key = full_name_key(name)
        return len(self._blocks.get((BlockKind.FULL_NAME, key), ())) if key else 0

    def find_encounters(self, number: str) -> list[Encounter]:
        """Return the encounters of this number (case and punctuation folded), at any facility."""
        wanted = normalize_number(number)
        return [one for one in self._encounters if normalize_number(one.number) == wanted]

    def encounters_of(self, patient_ids: Iterable[str]) -> list[Encounter]:
        """Return the encounters that were registered under these records."""
        wanted = set(patient_ids)
        return [one for one in self._encounters if one.patient_id in wanted]

    def __len__(self) -> int:
        """Return the number of people, merged records left out."""
        return self._people
