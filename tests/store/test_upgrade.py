"""A catalog of the first schema is upgraded with its documents in the queue."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

import backfile.store
from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.ports import FixedClock
from backfile.services.queue import Holder, claim_documents
from backfile.store.catalog import Catalog
from samples.patients import make_patients
from tests.services.station import put_chart


def test_documents_of_the_first_schema_get_their_place(tmp_path: Path, clock: FixedClock) -> None:
    old = Catalog(f"sqlite:///{tmp_path / 'old.db'}", clock=clock)
    config = Config()
    config.set_main_option("script_location", str(Path(backfile.store.__file__).parent / "migrations"))
    with old.begin() as uow:
        config.attributes["connection"] = uow.connection
        command.upgrade(config, "0001")
        uow.commit()
    # The same documents, once with the place that the upgrade gives and once with that of today.
    new = Catalog(f"sqlite:///{tmp_path / 'new.db'}", clock=clock)
    new.migrate()
    put_chart(new, documents=2, pages=2)
    clock.advance(1.5)
    put_chart(new, state=DocumentState.EXCEPTION, reason=Reason.NO_IDENTIFIERS)
    _copy(new, old)
    old.migrate()
    with new.look() as theirs, old.look() as ours:
        keys = {d.id: d.queue_key for d in theirs.documents.all()}
        assert {d.id: d.queue_key for d in ours.documents.all()} == keys
        assert all(keys.values())
    with old.begin() as uow:
        uow.connection.execute(
            text(
                "INSERT INTO users (id, name, role, password_hash, disabled, created_at)"
                " VALUES ('usr_1', 'tina', 'technician', '-', 0, '2026-03-01 08:00:00.000000')"
            )
        )
        uow.commit()
    claimed = claim_documents(Holder("usr_1", "tina", "s1"), count=9, catalog=old)
    assert [d.id for d in claimed] == sorted(keys, key=lambda document: keys[document])


def test_patients_of_an_older_schema_are_found_as_those_of_today(tmp_path: Path, clock: FixedClock) -> None:
    old = Catalog(f"sqlite:///{tmp_path / 'old.db'}", clock=clock)
    config = Config()
    config.set_main_option("script_location", str(Path(backfile.store.__file__).parent / "migrations"))
    with old.begin() as uow:
        config.attributes["connection"] = uow.connection
        command.upgrade(config, "0006")
        uow.commit()
    new = Catalog(f"sqlite:///{tmp_path / 'new.db'}", clock=clock)
    new.migrate()
    people = [one.patient for one in make_patients(300, seed=4)]
    with new.begin() as uow:
        uow.patients.add(*people)
        uow.commit()
    _copy(new, old, tables=("patients", "patient_identifiers", "patient_aliases"))
    old.migrate()
    with new.look() as theirs, old.look() as ours:
        for table in ("patient_blocks", "patient_identifiers"):
            rows = [
                sorted(map(tuple, uow.connection.execute(text(f"SELECT * FROM {table}"))))
                for uow in (theirs, ours)
            ]
            assert rows[0] == rows[1]
            assert len(rows[0]) >= 300
        for person in people[:40]:
            assert ours.patients.get(person.id) == person
            assert ours.patients.find_neighbours(person) == theirs.patients.find_neighbours(person)


def _copy(
    source: Catalog, target: Catalog, *, tables: tuple[str, ...] = ("files", "documents", "pages")
) -> None:
    """Copy tables, as far as the older schema has their columns."""
    with source.look() as uow, target.begin() as old:
        for table in tables:
            known = {row.name for row in old.connection.execute(text(f"PRAGMA table_info({table})"))}
            for row in uow.connection.execute(text(f"SELECT * FROM {table}")).mappings():
                values = {name: value for name, value in row.items() if name in known}
                columns = ", ".join(f'"{name}"' for name in values)
                places = ", ".join(f":{name}" for name in values)
                old.connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)
        old.commit()
