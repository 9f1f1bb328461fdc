"""Records of the index as people: a merged record and its survivor are one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backfile.domain.patient import Patient, PatientIdentifier, PatientIndex, PersonName, find_survivor


@dataclass(frozen=True, slots=True)
class Person:
    """One person with all records that are known to be theirs."""

    record: Patient
    """The surviving one: where pages are filed."""
    merged: tuple[Patient, ...] = ()

    @property
    def id(self) -> str:
        """Id of the surviving record."""
        return self.record.id

    @property
    def records(self) -> tuple[Patient, ...]:
        """All of them, the surviving one first."""
        return (self.record, *self.merged)

    @property
    def names(self) -> tuple[PersonName, ...]:
        """The name of record first, then every other name."""
        own = (self.record.name, *self.record.aliases)
        if not self.merged:
            return own
        return (*own, *[name for record in self.merged for name in (record.name, *record.aliases)])

    @property
    def identifiers(self) -> tuple[PatientIdentifier, ...]:
        """Every number, former ones and those of merged records included."""
        own = self.record.identifiers
        return (*own, *[i for one in self.merged for i in one.identifiers]) if self.merged else own


def group_people(patients: Iterable[Patient], index: PatientIndex) -> list[Person]:
    """Return the people whom these records belong to, in the order of their first record."""
    survivors: dict[str, Patient] = {}
    merged: dict[str, list[Patient]] = {}
    for patient in patients:
        survivor = find_survivor(patient, index)
        if survivor is None:
            continue
        survivors.setdefault(survivor.id, survivor)
        if patient.id != survivor.id:
            merged.setdefault(survivor.id, []).append(patient)
    return [
        Person(survivor, tuple({record.id: record for record in merged.get(survivor.id, ())}.values()))
        for survivor in survivors.values()
    ]
