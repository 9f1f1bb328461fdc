"""The catalog: schema, transactions, audit trail."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

import backfile.store.patient_tables  # noqa: F401 - its tables belong to the metadata
from backfile.domain.audit import AuditAction, find_broken_seal
from backfile.errors import HomeError
from backfile.store.catalog import Catalog
from backfile.store.schema import SCHEMA_VERSION, metadata
from backfile.store.upgrade import known_versions


def test_the_migrations_lead_to_the_schema_that_the_code_uses(catalog: Catalog) -> None:
    engine = create_engine(catalog.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_what_is_not_committed_did_not_happen(catalog: Catalog) -> None:
    with catalog.begin() as uow:
        uow.notices.set("disk", "full", at=uow.clock.now())
    with catalog.look() as uow:
        assert uow.notices.all() == {}
    with catalog.begin() as uow:
        uow.notices.set("disk", "full", at=uow.clock.now())
        uow.notices.set("disk", "nearly full", at=uow.clock.now())
        uow.commit()
    with catalog.look() as uow:
        assert uow.notices.all() == {"disk": "nearly full"}


def test_a_reader_sees_one_consistent_state(catalog: Catalog) -> None:
    with catalog.look() as reader:
        assert reader.notices.all() == {}
        with catalog.begin() as writer:
            writer.notices.set("a", "b", at=writer.clock.now())
            writer.commit()
        assert reader.notices.all() == {}


def test_the_audit_trail_cannot_be_changed(catalog: Catalog) -> None:
    with catalog.begin() as uow:
        for number in range(3):
            uow.record(AuditAction.VIEWED, "document", f"doc_{number}", actor="ann", patient="pat_1")
        uow.commit()
    for statement in ("UPDATE audit_events SET actor = 'eve'", "DELETE FROM audit_events"):
        with catalog.begin() as uow, pytest.raises(IntegrityError, match="append only"):
            uow.connection.execute(text(statement))
    with catalog.look() as uow:
        assert find_broken_seal(uow.audit.all()) is None
        assert uow.audit.head()[0] == 3


def test_a_change_behind_the_programs_back_is_found(catalog: Catalog) -> None:
    with catalog.begin() as uow:
        for number in range(3):
            uow.record(AuditAction.VIEWED, "document", f"doc_{number}")
        uow.commit()
    path = catalog.url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER audit_events_no_update")
    connection.execute("UPDATE audit_events SET subject = 'doc_9' WHERE number = 2")
    connection.commit()
    connection.close()
    with catalog.look() as uow:
        assert find_broken_seal(uow.audit.all()) == 2


def test_the_programs_version_is_that_of_the_newest_step() -> None:
    assert known_versions()[0] == SCHEMA_VERSION


def test_a_newer_catalog_is_refused(catalog: Catalog) -> None:
    with catalog.begin() as uow:
        uow.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        uow.commit()
    with pytest.raises(HomeError, match="does not know"):
        catalog.migrate()
    with pytest.raises(HomeError, match="not of this version"):
        catalog.check()


def test_an_unused_database_is_no_catalog_yet(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="init"):
        Catalog(f"sqlite:///{tmp_path / 'empty.db'}").check()


def test_the_database_survives_power_loss_settings(catalog: Catalog) -> None:
    with catalog.look() as uow:
        assert uow.connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert uow.connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    assert catalog.check_integrity()
