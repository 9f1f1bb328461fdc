"""The look-ups of the patient index by a list of values, built once for each kind of database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, bindparam, func, select

from backfile.store.patient_tables import patient_aliases, patient_blocks, patient_identifiers, patients


class Statements:
    """The look-ups by a list of values, built once for each kind of database.

    A search runs several of them, and on SQLite a list of 300 keys written out as parameters costs more than
    finding them: there it is one parameter, unfolded by the database.
    """

    def __init__(self, *, is_sqlite: bool) -> None:
        """Build them."""
        self._is_sqlite = is_sqlite
        blocks = patient_blocks.c
        self.blocks = select(blocks.kind, blocks.key, blocks.patient_id).where(self._among(blocks.key))
        slim = [patients.c[name] for name in ("last_name", "first_name", "phone", "street", "mother_mrn")]
        self.slim = select(patients.c.id, patients.c.birth_date, *slim).where(self._among(patients.c.id))
        alias = patient_aliases.c
        self.alias_names = select(alias.patient_id, alias.last_name, alias.first_name).where(
            self._among(alias.patient_id)
        )
        self.patients = select(patients).where(self._among(patients.c.id))
        self.identifiers, self.aliases = (
            select(table)
            .where(self._among(table.c.patient_id))
            .order_by(table.c.patient_id, table.c.position)
            for table in (patient_identifiers, patient_aliases)
        )

    def values(self, values: Sequence[str]) -> dict[str, object]:
        """Return the parameters of a statement."""
        return {"values": json.dumps(values) if self._is_sqlite else values}

    def _among(self, column: Column[Any]) -> ColumnElement[bool]:
        if not self._is_sqlite:
            return column.in_(bindparam("values", expanding=True))
        unfolded = func.json_each(bindparam("values", type_=Text)).table_valued("value")
        return column.in_(select(unfolded.c.value))


ON_SQLITE, ELSEWHERE = Statements(is_sqlite=True), Statements(is_sqlite=False)
