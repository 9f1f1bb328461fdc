"""Who in the index could be taken for a patient, said in words for the person who must tell them apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.confusable import are_confusable
from backfile.domain.names import fold_name
from backfile.domain.patient import Patient, PatientIndex
from classify.matching.people import Person, group_people

SHOWN = 3
"""Lookalikes told of for one patient; more would only be skipped over."""


class Likeness(StrEnum):
    """In what way another patient is alike, the most dangerous first."""

    TWIN = "twin"
    SUFFIX = "suffix"
    """Jr and Sr: one name, two generations."""
    NAMESAKE = "namesake"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Another patient who could be meant."""

    patient_id: str
    likeness: Likeness
    text: str
    """In words, with the other's data: for the screen alone, never for a log."""


def find_lookalikes(person: Person, index: PatientIndex) -> tuple[Lookalike, ...]:
    """Return the patients who could be confused with a person, the most dangerous first."""
    found = [other for record in person.records for other in index.find_neighbours(record)]
    return _tell_all(person, [other.record for other in group_people(found, index)])


def find_lookalikes_among(person: Person, others: Iterable[Patient]) -> tuple[Lookalike, ...]:
    """Return those of some patients who could be confused with a person: no search of the whole index."""
    return _tell_all(person, [other for other in others if are_confusable(person.record, other)])


def _tell_all(person: Person, others: Iterable[Patient]) -> tuple[Lookalike, ...]:
    told = [_tell(person.record, other) for other in others if other.id != person.id]
    order = list(Likeness)
    return tuple(sorted(told, key=lambda one: (order.index(one.likeness), one.patient_id))[:SHOWN])


def _tell(patient: Patient, other: Patient) -> Lookalike:
    likeness = _likeness(patient, other)
    born = f"born {_day(other.birth_date)}" if other.birth_date else "birth date not known"
    who = f"{other.name}, {born}, MRN {other.mrn.value}"
    text = {
        Likeness.TWIN: f"Possible twin: {who}",
        Likeness.SUFFIX: f"Jr/Sr of the same name: {who}",
        Likeness.NAMESAKE: f"Namesake: {who}",
        Likeness.SIMILAR: f"Easily confused: {who}",
    }[likeness]
    return Lookalike(other.id, likeness, text)


def _likeness(patient: Patient, other: Patient) -> Likeness:
    is_same_last = fold_name(patient.name.last) == fold_name(other.name.last)
    is_same_first = fold_name(patient.name.first) == fold_name(other.name.first)
    is_same_day = patient.birth_date is not None and patient.birth_date == other.birth_date
    has_one_mother = bool(patient.mother_mrn) and patient.mother_mrn == other.mother_mrn
    if is_same_day and not is_same_first and (is_same_last or has_one_mother):
        return Likeness.TWIN
    if is_same_last and is_same_first:
        return Likeness.SUFFIX if patient.name.suffix != other.name.suffix else Likeness.NAMESAKE
    return Likeness.SIMILAR


def _day(date: dt.date) -> str:
    return f"{date:%m/%d/%Y}"
