"""The patient index: people and the numbers by which institutions know them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backfile.domain.encounter import Encounter


class IdentifierKind(StrEnum):
    """What sort of number it is."""

    MRN = "mrn"
    PREVIOUS = "previous"
    """A former MRN of the same person: it still points at them."""


class IdentifierStatus(StrEnum):
    """Whether the number may be relied on."""

    ACTIVE = "active"
    MERGED = "merged"
    """The record was merged into another; the number resolves to the survivor."""
    SUSPECT = "suspect"
    """Two records claim it: it identifies nobody."""


@dataclass(frozen=True, slots=True)
class PatientIdentifier:
    """A number that means something only together with its facility."""

    value: str
    """Text, zeros kept."""
    facility: str
    """"" is the site itself."""
    kind: IdentifierKind = IdentifierKind.MRN
    status: IdentifierStatus = IdentifierStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, as given by the index."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        """Return "Last, First Middle Suffix"."""
        given = " ".join(part for part in (self.first, self.middle, self.suffix) if part)
        return f"{self.last}, {given}" if given else self.last


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in parts."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    def __str__(self) -> str:
        """Return "street, city, state zip"."""
        region = f"{self.state} {self.zip}".strip()
        return ", ".join(part for part in (self.street, self.city, region) if part)


@dataclass(frozen=True, slots=True)
class Patient:
    """One person of the patient index."""

    id: str
    """Opaque."""
    name: PersonName
    identifiers: tuple[PatientIdentifier, ...]
    birth_date: dt.date | None = None
    sex: str = ""
    """``F``, ``M``, another code of the site, or "" where not known."""
    ssn_last4: str = ""
    phone: str = ""
    """Digits only."""
    address: Address = Address()
    aliases: tuple[PersonName, ...] = ()
    """Other names: maiden, former, as registered elsewhere."""
    death_date: dt.date | None = None
    mother_mrn: str = ""
    multiple_birth: bool = False
    merged_into: str | None = None
    """Id of the surviving record where this one was merged."""
    review_only: bool = False
    """Without a usable birth date: it can block a filing, never receive one."""

    @property
    def names(self) -> tuple[PersonName, ...]:
        """Name of record and aliases."""
        return (self.name, *self.aliases)

    @property
    def mrn(self) -> PatientIdentifier:
        """The number to show: the first active MRN."""
        for identifier in self.identifiers:
            if identifier.kind is IdentifierKind.MRN and identifier.status is IdentifierStatus.ACTIVE:
                return identifier
        return self.identifiers[0]


@dataclass(frozen=True, slots=True)
class PatientQuery:
    """What is known of the patient of a document, for the search of candidates; values normalised."""

    mrns: tuple[str, ...] = ()
    names: tuple[PersonName, ...] = ()
    birth_dates: tuple[dt.date, ...] = ()
    phones: tuple[str, ...] = ()
    ssn_last4s: tuple[str, ...] = ()
    zips: tuple[str, ...] = ()


class PatientIndex(Protocol):
    """Look-ups that matching needs. ``MemoryPatientIndex`` and the catalog's repository both serve it."""

    def get(self, patient_id: str) -> Patient | None:
        """Return the patient with this id; merged records are returned as they are."""

    def find_by_number(self, number: str) -> list[Patient]:
        """Return all patients who bear this MRN exactly (case and punctuation folded), at any facility."""

    def find_candidates(self, query: PatientQuery, *, limit: int = 50) -> list[Patient]:
        """Return patients who share a block with the query.

        Blocks: number (also one edit away), birth date (also day and month swapped), phonetic names
        (also swapped), phone, SSN-4 with ZIP.
        """

    def find_neighbours(
        self, patient: Patient, *, near_dates: bool = True, limit: int = 200
    ) -> list[Patient]:
        """Return others who could be confused with the patient.

        Twins, Jr/Sr, namesakes, and whoever has a name and birth date at most one edit away; without
        ``near_dates`` these last only on the same birth date, or where the names sound alike.
        """

    def count_name(self, name: PersonName) -> int:
        """Return how many people bear this first and last name."""

    def find_encounters(self, number: str) -> list[Encounter]:
        """Return the encounters of this number (case and punctuation folded), at any facility."""

    def encounters_of(self, patient_ids: Iterable[str]) -> list[Encounter]:
        """Return the encounters that were registered under these records."""

    def __len__(self) -> int:
        """Return the number of people, merged records left out."""


LONGEST_CHAIN = 20
"""Merges of merges; longer is a circle."""


def find_survivor(patient: Patient, index: PatientIndex) -> Patient | None:
    """Return the record that a merged one was merged into; None where the chain leads nowhere."""
    current: Patient | None = patient
    for _ in range(LONGEST_CHAIN):
        if current is None or current.merged_into is None:
            return current
        current = index.get(current.merged_into)
    return None


def resolve_patient(patient_id: str, index: PatientIndex) -> Patient | None:
    """Return who stands now for the record with this id; None where nobody does."""
    patient = index.get(patient_id)
    return None if patient is None else find_survivor(patient, index)
