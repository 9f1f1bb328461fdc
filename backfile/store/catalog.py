"""The catalog's database: opening, upgrading, transactions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from backfile.errors import Busy, HomeError, ServerDown
from backfile.ports import Clock, SystemClock
from backfile.store.schema import SCHEMA_VERSION
from backfile.store.unit_of_work import UnitOfWork

_BUSY_SECONDS = 60
_MAPPED = 2 << 30
"""Bytes of a SQLite catalog that readers map; a million patients take one."""


class Catalog:
    """The one place where everything that Backfile knows is kept.

    Connections are made for each transaction and closed after it, so a catalog may be carried over a
    fork. On SQLite a writing transaction takes the write lock at once (BEGIN IMMEDIATE): writers wait
    for each other instead of failing halfway.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        """Open the database at a SQLAlchemy URL; nothing is read yet."""
        self.clock = clock or SystemClock()
        self.url = url
        self._is_sqlite = url.startswith("sqlite")
        arguments = {"isolation_level": None, "timeout": _BUSY_SECONDS} if self._is_sqlite else {}
        self._engine = create_engine(url, poolclass=NullPool, connect_args=arguments)
        if self._is_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)

    def begin(self) -> UnitOfWork:
        """Begin a transaction that writes.

        Raises:
            Busy: another process held the write lock for a minute.
        """
        return self._unit(writes=True)

    def look(self) -> UnitOfWork:
        """Begin a transaction that only reads, on one consistent state."""
        return self._unit(writes=False)

    def _unit(self, *, writes: bool) -> UnitOfWork:
        try:
            connection = self._engine.connect().execution_options(writes=writes)
            connection.begin()
        except OperationalError as error:
            if self._is_sqlite and "locked" in str(error.orig):
                raise Busy(
                    "The catalog is locked by another process.",
                    next_step="Try again in a minute.",
                ) from None
            raise ServerDown(
                "The catalog's database cannot be opened.",
                next_step="Check catalog_url, the disk and the folder's permissions.",
            ) from None
        return UnitOfWork(connection, self.clock)

    def version(self) -> str | None:
        """Return the schema's version; None for an empty database."""
        with self._engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(
                text("SELECT version_num FROM alembic_version")
            ).scalar_one_or_none()
            return found

    def migrate(self) -> None:
        """Bring the schema up to this program's version; a SQLite catalog is copied first.

        Raises:
            HomeError: a newer program wrote it.
        """
        current = self.version()
        if current == SCHEMA_VERSION:
            return
        from backfile.store import upgrade  # half a second of imports, which few commands need

        if current is not None:
            if current not in upgrade.known_versions():
                raise HomeError(
                    f"The catalog has schema {current}, which this version does not know.",
                    next_step="Use the newer Backfile that wrote it.",
                )
            self._copy_before_upgrade(current)
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            upgrade.upgrade_schema(connection)

    def check(self) -> None:
        """Refuse a catalog that this version cannot use as it is.

        Raises:
            HomeError: it is empty, older or newer.
        """
        if self.version() != SCHEMA_VERSION:
            raise HomeError(
                "The catalog's schema is not of this version.",
                next_step="Run: backfile init (it upgrades the catalog after a copy).",
            )

    def check_integrity(self) -> bool:
        """Say whether the database's own structure is sound."""
        if not self._is_sqlite:
            return True
        with self._engine.connect() as connection:
            found: str = connection.execute(text("PRAGMA integrity_check")).scalar_one()
            return found == "ok"

    def _copy_before_upgrade(self, version: str) -> None:
        """Keep the catalog as it was beside it: ``catalog.db.<version>-<time>``."""
        path = self._engine.url.database
        if not self._is_sqlite or not path or path == ":memory:":
            return
        stamp = f"{self.clock.now():%Y%m%dT%H%M%S}"
        with (
            sqlite3.connect(path) as source,
            sqlite3.connect(f"{path}.{version}-{stamp}") as target,
        ):
            source.backup(target)


def open_catalog(url: str, folder_file: Path, *, clock: Clock | None = None) -> Catalog:
    """Return the catalog at ``url``, or at the home's SQLite file where the setting is empty."""
    return Catalog(url or f"sqlite:///{folder_file}", clock=clock)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits at power loss
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(
        "PRAGMA cache_size=-65536"
    )  # KiB; the usual 2 MB make an import write pages again and again
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    if not writes:  # pages of a large index are looked at where they lie, without a system call each
        connection.exec_driver_sql(f"PRAGMA mmap_size={_MAPPED}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
