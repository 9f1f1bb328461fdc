"""The rows by which names and birth dates are found, kept while one search asks for the same ones again."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.blocking import BlockKind
from backfile.store.patient_lookups import Lookup, PatientLookups, Row

_KEPT = 20_000
"""Rows that are kept: those of a few dozen searches."""


class BlockRows:
    """Rows of ``Lookup.BLOCKS`` by their keys.

    Whom a page could mean, and who could be confused with that person, is searched for by the same birth date
    and names: the second time the rows are here.
    """

    def __init__(self, look: PatientLookups) -> None:
        """Look them up with ``look``."""
        self._look = look
        self._rows: dict[str, list[Row]] = {}
        self._count = 0

    def find(self, keys: Sequence[str], *, most: int | None = None) -> list[Row]:
        """Return the rows of any of the keys, by key; any ``most`` of them where given."""
        missing = [key for key in keys if key not in self._rows]
        if missing:
            if self._count > _KEPT:
                self.forget()
                missing = list(keys)
            found = self._look.find(Lookup.BLOCKS, missing, most=most)
            if most is not None and len(found) >= most:  # perhaps not all of them
                if len(missing) == len(keys):
                    return found
                return self._look.find(Lookup.BLOCKS, keys, most=most)
            self._keep(missing, found)
        rows = [row for key in sorted(set(keys)) for row in self._rows[key]]
        return rows if most is None else rows[:most]

    def count_bearers(self, key: str) -> int:
        """Return how many bear the name of this ``full_name_key``."""
        if key in self._rows:
            return sum(row[0] == BlockKind.FULL_NAME for row in self._rows[key])
        ((count,),) = self._look.find(Lookup.BEARERS, [key])
        return int(count)

    def forget(self) -> None:
        """Forget all of them: the index changed."""
        self._rows.clear()
        self._count = 0

    def _keep(self, keys: Sequence[str], rows: Sequence[Row]) -> None:
        for key in keys:
            self._rows[key] = []
        for row in rows:
            self._rows[row[1]].append(row)
        self._count += len(rows) + len(keys)
