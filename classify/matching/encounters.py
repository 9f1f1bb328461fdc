"""The account and encounter numbers of a page beside one person's, and dates of service beside their stays.

A number says whose the page is only while it is one person's at the site: one of another institution, one
that was given twice, or one that was read with doubt says nothing for anybody.
"""

from __future__ import annotations

import datetime as dt

from rapidfuzz.distance import DamerauLevenshtein

from backfile.domain.encounter import Encounter
from backfile.domain.normalize import normalize_number
from backfile.domain.patient import Patient, PatientIndex
from classify.matching.facts import Facts, SeenNumber
from classify.matching.letterheads import LetterheadJudge, Standing
from classify.matching.levels import Compared, Field, Level, speak_for_all
from classify.matching.people import Person, group_people

SLACK = dt.timedelta(days=30)
"""How far before admission and after discharge papers of a stay are dated: a history may be 30 days old when
the patient comes, and the record need not be complete before 30 days after discharge (42 CFR 482.22(c)(5) and
482.24(c)(4)); tests before admission and late results lie in between."""


class EncounterBook:
    """The site's encounters, as one document's comparisons need them."""

    def __init__(self, index: PatientIndex, judge: LetterheadJudge) -> None:
        """Ask ``index``; ``judge`` knows which facilities are the site."""
        self._index, self._judge = index, judge
        self._found: dict[str, tuple[Encounter, ...]] = {}
        self._bearers: dict[str, frozenset[str]] = {}
        self._numbers: dict[str, frozenset[str]] = {}

    def find(self, number: str) -> tuple[Encounter, ...]:
        """Return the site's encounters of a number."""
        if number not in self._found:
            every = self._index.find_encounters(number)
            self._found[number] = tuple(one for one in every if self._judge.is_own(one.facility))
        return self._found[number]

    def find_patients(self, facts: Facts) -> list[Patient]:
        """Return the records under which the numbers of a page were registered."""
        numbers = (seen.value for seen in facts.encounters if seen.standing is not Standing.FOREIGN)
        ids = dict.fromkeys(one.patient_id for number in numbers for one in self.find(number))
        return [patient for one in ids if (patient := self._index.get(one))]

    def bearers(self, number: str) -> frozenset[str]:
        """Return the ids of the people who were given a number."""
        if number not in self._bearers:
            ids = {one.patient_id for one in self.find(number)}
            patients = [patient for one in ids if (patient := self._index.get(one))]
            people = {person.id for person in group_people(patients, self._index)}
            self._bearers[number] = frozenset(people)
        return self._bearers[number]

    def numbers_of(self, person: Person) -> frozenset[str]:
        """Return every number of a person's encounters at the site."""
        if person.id not in self._numbers:
            every = self._index.encounters_of([record.id for record in person.records])
            own = {normalize_number(one.number) for one in every if self._judge.is_own(one.facility)}
            self._numbers[person.id] = frozenset(own)
        return self._numbers[person.id]


def compare_encounters(facts: Facts, person: Person, book: EncounterBook) -> dict[Field, Compared]:
    """Compare the encounter numbers of a page, and its dates of service with the stays that they name."""
    if not facts.encounters:
        return {}
    compared = [_compare_number(seen, person, book) for seen in facts.encounters]
    named = [
        stay
        for seen, one in zip(facts.encounters, compared, strict=True)
        if one.level in (Level.EXACT, Level.UNSURE)
        for stay in book.find(seen.value)
    ]
    return {
        Field.ENCOUNTER: speak_for_all(compared),
        Field.STAY: speak_for_all([_compare_stay(date, named) for date in facts.services if named]),
    }


def _compare_number(seen: SeenNumber, person: Person, book: EncounterBook) -> Compared:
    if seen.standing is Standing.FOREIGN:
        return Compared(Level.MISSING, "a number of another institution")
    bearers = book.bearers(seen.value)
    if not bearers:
        return Compared(Level.MISSING, "not among the encounters of the index")
    if person.id not in bearers:
        near = any(
            DamerauLevenshtein.distance(seen.value, number, score_cutoff=1) <= 1
            for number in book.numbers_of(person)
        )
        return Compared(Level.CONFLICT, "the encounter of another patient", seen.is_sure, is_far=not near)
    if len(bearers) > 1:
        return Compared(Level.MISSING, "given to more than one patient")
    if seen.standing is Standing.DOUBTFUL:
        return Compared(Level.UNSURE, "equal, but perhaps of another institution")
    if not seen.is_sure:
        return Compared(Level.UNSURE, "equal, but read with doubt")
    return Compared(Level.EXACT, is_sure=True)


def _compare_stay(date: dt.date, stays: list[Encounter]) -> Compared:
    """Say whether a date of service lies in one of the stays, or so near that papers of it may bear it."""
    for stay in stays:
        begins = stay.admitted or stay.discharged
        is_after = begins is None or begins - SLACK <= date
        is_before = stay.discharged is None or date <= stay.discharged + SLACK
        if is_after and is_before:
            return Compared()
    return Compared(Level.CONFLICT, "outside the dates of its encounter")
