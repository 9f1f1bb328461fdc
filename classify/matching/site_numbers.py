"""Who bears a number at the site, asked of the index once for each number."""

from __future__ import annotations

from backfile.domain.normalize import normalize_number
from backfile.domain.patient import IdentifierStatus, Patient, PatientIndex
from classify.matching.letterheads import LetterheadJudge
from classify.matching.people import group_people


class SiteNumbers:
    """The numbers of the site, as one document's comparisons need them."""

    def __init__(self, index: PatientIndex, judge: LetterheadJudge) -> None:
        """Ask ``index``; ``judge`` knows which facilities are the site."""
        self._index, self._judge = index, judge
        self._bearers: dict[str, frozenset[str]] = {}
        self._holders: dict[str, list[Patient]] = {}

    def find_bearers(self, number: str) -> frozenset[str]:
        """Return the ids of the people who bear a number at the site."""
        if number not in self._bearers:
            holders = [p for p in self.find_holders(number) if self.standings(p, number)]
            self._bearers[number] = frozenset(one.id for one in group_people(holders, self._index))
        return self._bearers[number]

    def find_holders(self, number: str) -> list[Patient]:
        """Return the records that bear a number, at any facility."""
        if number not in self._holders:
            self._holders[number] = self._index.find_by_number(number)
        return self._holders[number]

    def standings(self, patient: Patient, number: str) -> list[IdentifierStatus]:
        """Return the standing of the number at the site, where the patient has it there."""
        return [
            i.status
            for i in patient.identifiers
            if normalize_number(i.value) == number and self._judge.is_own(i.facility)
        ]
