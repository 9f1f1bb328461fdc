"""Who bears a number, or one that is a wrong, missing, extra or swapped sign away."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.blocking import numbers_one_edit_away
from backfile.store.patient_lookups import Lookup, PatientLookups

_KEPT = 2000
"""Numbers whose bearers are kept, and ten times as many beginnings of numbers."""


@dataclass(frozen=True, slots=True)
class Near:
    """Ids of patients."""

    bearers: list[str]
    """Of those who bear the very number."""
    all: list[str]
    """Of these, then of those who bear one that is one edit away."""


class NearNumbers:
    """Searches for numbers, each once.

    A number with a letter has seven hundred neighbours, since any sign may be a letter. Nearly all of them
    begin as no number of the index does, so which signs follow a beginning is asked first.
    """

    def __init__(self, look: PatientLookups) -> None:
        """Look them up with ``look``."""
        self._look = look
        self._known: dict[str, Near] = {}
        self._signs: dict[str, str] = {}

    def find(self, number: str) -> Near:
        """Return who bears a normalised number or a near one."""
        if number not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            near = numbers_one_edit_away(number, signs=self._find_signs(number))
            found = self._look.find(Lookup.NUMBERS, [number, *near])
            found.sort(key=lambda row: (row[0] != number, *row))
            bearers = [one for value, one in found if value == number]
            self._known[number] = Near(bearers, list(dict.fromkeys([one for _, one in found])))
        return self._known[number]

    def recall(self, number: str) -> Near | None:
        """Return what was found of a number before."""
        return self._known.get(number)

    def forget(self) -> None:
        """Forget everything: the index changed."""
        self._known.clear()
        self._signs.clear()

    def _find_signs(self, number: str) -> list[str] | None:
        """Return which signs follow each beginning of a number in the index; None: any may."""
        if number.isdigit() or not self._look.is_sqlite:
            return None
        if len(self._signs) > 10 * _KEPT:
            self._signs.clear()
        beginnings = [number[:at] for at in range(len(number) + 1)]
        missing = [one for one in beginnings if one not in self._signs]
        self._signs |= dict.fromkeys(missing, "")
        for beginning, sign in self._look.find(Lookup.SIGNS, missing):
            self._signs[beginning] += sign
        return [self._signs[one] for one in beginnings]
