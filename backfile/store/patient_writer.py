"""Writing patients to the index's tables, a few at a time or a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, delete, insert, tuple_

from backfile.domain.patient import Patient
from backfile.store.patient_lookups import CHUNK, Row
from backfile.store.patient_records import (
    ALIAS_COLUMNS,
    BLOCK_COLUMNS,
    IDENTIFIER_COLUMNS,
    PATIENT_COLUMNS,
    alias_rows,
    block_rows,
    identifier_rows,
    patient_row,
)
from backfile.store.patient_tables import (
    LOADED_LAST,
    patient_aliases,
    patient_blocks,
    patient_identifiers,
    patients,
)

_COLUMNS = {
    patients: PATIENT_COLUMNS,
    patient_identifiers: IDENTIFIER_COLUMNS,
    patient_aliases: ALIAS_COLUMNS,
    patient_blocks: BLOCK_COLUMNS,
}


class PatientWriter:
    """Adds and rewrites patients on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection, within its transaction."""
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._round: int | None = None
        """Of ``loading``: how often records were rewritten; None outside of it."""

    def add(self, added: Sequence[Patient]) -> None:
        """Add patients."""
        self._insert(patients, [patient_row(one) for one in added])
        self._add_details(added)

    def update(self, changed: Sequence[Patient], stored: Sequence[Patient]) -> None:
        """Write patients anew who are in the index already.

        Args:
            changed: as they are to be.
            stored: as they are.
        """
        for patient in changed:
            values = dict(zip(PATIENT_COLUMNS, patient_row(patient), strict=True))
            self._connection.execute(patients.update().where(patients.c.id == patient.id).values(values))
        ids = [patient.id for patient in changed]
        for at in range(0, len(ids), CHUNK):
            for table in (patient_identifiers, patient_aliases):
                chosen = table.c.patient_id.in_(ids[at : at + CHUNK])
                self._connection.execute(delete(table).where(chosen))
        self._drop_blocks([row for patient in stored for row in block_rows(patient)])
        if self._round is not None and ids:
            self._round += 1
            rows = [(one, self._round) for one in ids]
            self._run_many("INSERT OR REPLACE INTO rewritten (patient_id, round) VALUES (?, ?)", rows)
        self._add_details(changed)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Keep the rows by which names and birth dates are found until the end, and write them in order.

        A table of millions of rows that come in any order is written again and again; sorted first, it is
        written once. What only searches need is made at the end as well, if the index was empty.
        """
        if not self._is_sqlite or self._round is not None:
            yield
            return
        is_first = self._run("SELECT NOT EXISTS (SELECT 1 FROM patients)")[0][0]
        for name, _, _ in LOADED_LAST if is_first else ():
            self._run(f"DROP INDEX IF EXISTS {name}")
        for name in ("incoming", "rewritten"):
            self._run(f"DROP TABLE IF EXISTS temp.{name}")
        self._run("CREATE TEMP TABLE incoming (key TEXT, kind TEXT, patient_id TEXT, names TEXT, round INT)")
        self._run("CREATE TEMP TABLE rewritten (patient_id TEXT PRIMARY KEY, round INTEGER) WITHOUT ROWID")
        self._round = 0
        try:
            yield
        finally:
            self._round = None
        self._run(
            "INSERT INTO patient_blocks (key, kind, patient_id, names) "
            "SELECT key, kind, i.patient_id, names FROM temp.incoming AS i "
            "LEFT JOIN temp.rewritten AS r ON r.patient_id = i.patient_id "
            "WHERE r.round IS NULL OR i.round >= r.round ORDER BY 1, 2, 3"
        )
        self._run("DROP TABLE temp.incoming")
        self._run("DROP TABLE temp.rewritten")
        for name, table, columns in LOADED_LAST if is_first else ():
            self._run(f"CREATE INDEX {name} ON {table} ({columns})")

    def _add_details(self, added: Sequence[Patient]) -> None:
        self._insert(patient_identifiers, [row for one in added for row in identifier_rows(one)])
        self._insert(patient_aliases, [row for one in added for row in alias_rows(one)])
        blocks = [row for one in added for row in block_rows(one)]
        if self._round is None:
            self._insert(patient_blocks, sorted(blocks))
        else:
            statement = f"INSERT INTO temp.incoming VALUES (?, ?, ?, ?, {self._round:d})"  # noqa: S608 - a number
            self._run_many(statement, blocks)

    def _drop_blocks(self, rows: Sequence[Row]) -> None:
        """Drop rows by their keys: they are many, and no index by patient is kept of them."""
        keys = [row[:3] for row in rows]
        if self._is_sqlite:
            statement = "DELETE FROM patient_blocks WHERE key = ? AND kind = ? AND patient_id = ?"
            self._run_many(statement, keys)
            return
        columns = patient_blocks.c
        for at in range(0, len(keys), CHUNK):
            chosen = tuple_(columns.key, columns.kind, columns.patient_id).in_(keys[at : at + CHUNK])
            self._connection.execute(delete(patient_blocks).where(chosen))

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows; values are such as the database takes them."""
        columns = _COLUMNS[table]
        if not rows:
            return
        if not self._is_sqlite:
            self._connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
            return
        places = ", ".join("?" * len(columns))
        self._run_many(
            f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our own names
            rows,
        )

    def _run(self, statement: str) -> Sequence[Row]:
        result = self._connection.exec_driver_sql(statement)
        return [tuple(row) for row in result] if result.returns_rows else []

    def _run_many(self, statement: str, rows: Sequence[Row]) -> None:
        if rows:  # half the cost of an import was turning dictionaries into parameters one by one
            self._connection.exec_driver_sql(statement, list(rows))
