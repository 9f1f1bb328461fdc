"""The look-ups of the patient index by lists of values.

A search runs a dozen of them. On SQLite they go to the driver itself, with each list as one parameter that
the database unfolds: what SQLAlchemy does around a statement costs many times what finding the rows does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from sqlalchemy import Connection, TextClause, bindparam, text

Row: TypeAlias = tuple[Any, ...]

CHUNK = 900
"""Values in one list; more would make statements that databases refuse."""


class Lookup(StrEnum):
    """Statements; ``{among}`` is the list of values, a comparison may follow."""

    BLOCKS = "SELECT kind, key, patient_id, names FROM patient_blocks WHERE key {among}"
    NUMBERS = "SELECT normalized, patient_id FROM patient_identifiers WHERE normalized {among}"
    SIGNS = (  # steps from one sign to the next, not from number to number; for SQLite alone
        "WITH RECURSIVE following (beginning, number) AS ("
        " SELECT g.value, (SELECT min(normalized) FROM patient_identifiers"
        " WHERE normalized > g.value AND normalized < g.value || '~') FROM json_each(:values) AS g"
        " UNION ALL SELECT beginning, (SELECT min(normalized) FROM patient_identifiers"
        " WHERE normalized >= substr(number, 1, length(beginning) + 1) || '~'"
        " AND normalized < beginning || '~') FROM following WHERE number IS NOT NULL)"
        " SELECT beginning, substr(number, length(beginning) + 1, 1) FROM following WHERE number IS NOT NULL"
    )
    PHONES = "SELECT phone, id, last_name, first_name FROM patients WHERE phone {among}"
    SSNS = "SELECT ssn_last4, zip, id FROM patients WHERE ssn_last4 {among}"
    BEARERS = "SELECT count(*) FROM patient_blocks WHERE kind = 'full_name' AND key {among}"
    HOMES = "SELECT id, phone, street, mother_mrn FROM patients WHERE id {among}"
    PATIENTS = (
        "SELECT id, last_name, first_name, middle_name, suffix, birth_date, sex, ssn_last4, phone, street,"
        " city, state, zip, death_date, mother_mrn, multiple_birth, merged_into, review_only FROM patients"
        " WHERE id {among}"
    )
    IDENTIFIERS = (
        "SELECT patient_id, position, value, facility, kind, status FROM patient_identifiers"
        " WHERE patient_id {among}"
    )
    ALIASES = (
        "SELECT patient_id, position, last_name, first_name, middle_name, suffix FROM patient_aliases"
        " WHERE patient_id {among}"
    )


class PatientLookups:
    """Runs them on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection, within its transaction."""
        self._connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self._driver: sqlite3.Connection | None = None

    def find(
        self,
        lookup: Lookup,
        values: Sequence[str],
        *,
        beginnings: Sequence[str] = (),
        most: int | None = None,
    ) -> list[Row]:
        """Return the rows of any of the values, in no order.

        Args:
            lookup: which rows.
            values: what they have.
            beginnings: for blocks: what one of the names, or the first name in it, must begin with; for
                SSN: what the ZIP code must begin with.
            most: rows to return at most, for each ``CHUNK`` of values.
        """
        if not values:
            return []
        ending = ""
        if beginnings:
            column = "zip" if lookup is Lookup.SSNS else "names"
            ending += f" AND ({' OR '.join(f'{column} LIKE :like{at}' for at in range(len(beginnings)))})"
        if most is not None:
            ending += f" LIMIT {most:d}"
        before = "" if lookup is Lookup.SSNS else "%"
        likes = {f"like{at}": f"{before}{one}%" for at, one in enumerate(beginnings)}
        if len(values) <= CHUNK:
            return self._ask(lookup, ending, values, likes)
        chunks = (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
        return [row for chunk in chunks for row in self._ask(lookup, ending, chunk, likes)]

    def _ask(self, lookup: Lookup, ending: str, values: Sequence[str], likes: dict[str, str]) -> list[Row]:
        if not self.is_sqlite:
            found = self._connection.execute(_elsewhere(lookup + ending), {"values": values, **likes})
            return list(map(tuple, found))
        if self._driver is None:
            self._driver = self._connection.connection.driver_connection
            assert self._driver is not None
        given = {"values": _write_list(values), **likes}
        return self._driver.execute(_ON_SQLITE[lookup] + ending, given).fetchall()


_ON_SQLITE = {
    lookup: lookup.replace("{among}", "IN (SELECT value FROM json_each(:values))") for lookup in Lookup
}


def _write_list(values: Iterable[str]) -> str:
    """Return a JSON list of texts; an encoder made for each of a dozen lists costs more than the encoding."""
    return f"[{','.join(map(encode_basestring, values))}]"


@cache
def _elsewhere(statement: str) -> TextClause:
    return text(statement.replace("{among}", "IN :values")).bindparams(bindparam("values", expanding=True))
