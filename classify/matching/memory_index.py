"""The patient index in memory: the same answers as the catalog's, for tests and trials."""

from __future__ import annotations

from collections.abc import Iterable

from backfile.domain.blocking import (
    BlockKind,
    Key,
    block_keys,
    full_name_key,
    neighbour_keys,
    numbers_one_edit_away,
    query_keys,
    sound_keys,
)
from backfile.domain.candidate_ranking import rank_candidates
from backfile.domain.confusable import are_confusable, spell_names
from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient, PatientQuery, PersonName


class MemoryPatientIndex:
    """Serves ``PatientIndex`` from a dictionary."""

    def __init__(self, patients: Iterable[Patient] = (), *, encounters: Iterable[Encounter] = ()) -> None:
        """Begin with these patients and encounters."""
        self._encounters: dict[str, list[Encounter]] = {}
        self._stays: dict[str, list[Encounter]] = {}
        for one in encounters:
            self._encounters.setdefault(normalize_number(one.number), []).append(one)
            self._stays.setdefault(one.patient_id, []).append(one)
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
        numbers = [(BlockKind.NUMBER, near) for number in query.mrns for near in _numbers_near(number)]
        hits = self._hits([*numbers, *query_keys(query), *sound_keys(query)])
        people = {one: self._patients[one] for _, one in hits}
        names = {one: spell_names((p.name, *p.aliases)) for one, p in people.items()}
        return [people[one] for one in rank_candidates(hits, query, names, limit=limit)]

    def _hits(self, keys: Iterable[Key]) -> list[tuple[str, str]]:
        return [(key[0].value, i) for key in keys for i in sorted(self._blocks.get(key, ()))]

    def find_neighbours(
        self, patient: Patient, *, near_dates: bool = True, limit: int = 200
    ) -> list[Patient]:
        """Return others who could be confused with the patient (``confusable.are_confusable``).

        Args:
            patient: the patient.
            near_dates: whether to look for names that sound otherwise on birth dates that are alike.
            limit: most to return.
        """
        own = [normalize_number(i.value) for i in patient.identifiers]
        numbers = [(BlockKind.NUMBER, near) for number in own for near in _numbers_near(number)]
        others = self._under([*numbers, *neighbour_keys(patient, near_dates=near_dates)])
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
        return list(self._encounters.get(normalize_number(number), ()))

    def encounters_of(self, patient_ids: Iterable[str]) -> list[Encounter]:
        """Return the encounters that were registered under these records."""
        return [one for patient_id in sorted(set(patient_ids)) for one in self._stays.get(patient_id, ())]

    def __len__(self) -> int:
        """Return the number of people, merged records left out."""
        return self._people


def _numbers_near(number: str) -> list[str]:
    return [number, *numbers_one_edit_away(number)]
