"""The catalog's tables, on one ``metadata``.

Columns that no function uses yet are seams that the records themselves need: boxes and volumes, sheets
and sides, documents that amend others, sensitivity, release, legal hold. Times are UTC.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA_VERSION = "0007"
"""The newest of ``migrations/versions``. It stands here too, so that opening a catalog asks no Alembic."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A time with its zone going in, UTC coming out, on databases that forget zones too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn it to UTC."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Put the zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


def _id() -> Column[str]:
    return Column("id", String(40), primary_key=True)


batches = Table(
    "batches",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_file_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("box", String(80)),
    Column("chart_volume", String(80)),
    Column("facility", Text),
    Column("prepped_by", Text),
    Column("scanned_by", Text),
    Column("sheets_expected", Integer),
    Column("pages_held_out", Integer),
    Column("sheet", String(40)),
    UniqueConstraint("source", "name"),
)

files = Table(
    "files",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("kind", String(8)),
    Column("state", String(12), nullable=False, index=True),
    Column("reason", String(40)),
    Column("duplicate_of", ForeignKey("files.id")),
    Column("supersedes", ForeignKey("files.id")),
    Column("batch_id", ForeignKey("batches.id"), index=True),
    Column("call_id", String(40), nullable=False, index=True),
    Column("source_key", String(64), unique=True),
    Column("page_count", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

documents = Table(
    "documents",
    metadata,
    _id(),
    Column("state", String(12), nullable=False, index=True),
    Column("reason", String(40), nullable=False),
    Column("type_name", String(60), nullable=False),
    Column("type_probability", Float, nullable=False),
    Column("type_evidence", Text, nullable=False),
    Column("patient_id", String(40), index=True),
    Column("match", Text),
    Column("fields", Text, nullable=False),
    Column("service_date", String(10)),
    Column("encounter", String(40)),
    Column("cut_reason", String(40), nullable=False),
    Column("is_boundary_doubtful", Boolean, nullable=False, default=False),
    Column("batch_id", ForeignKey("batches.id")),
    Column("received_at", UtcDateTime, nullable=False),
    Column("queue_key", String(120), nullable=False, default=""),
    Column("postponed_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("amends", ForeignKey("documents.id")),
    Column("replaces", ForeignKey("documents.id")),
    Column("superseded_by", String(40), index=True),
    Column("retracts", ForeignKey("documents.id")),
    Column("sensitivity", String(40)),
    Column("sensitivity_by", Text),
    Column("released_at", UtcDateTime),
    Column("legal_hold", Boolean, nullable=False, default=False),
    Index("ix_documents_state_queue_key", "state", "queue_key"),
)
"""``queue_key`` sorts documents by chart: receipt, file, first page; postponed ones stand behind all others.
It is "" for documents that wait for something else than a person."""

pages = Table(
    "pages",
    metadata,
    _id(),
    Column("file_id", ForeignKey("files.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("reason", String(40)),
    Column("is_read", Boolean, nullable=False, default=False),
    Column("document_id", ForeignKey("documents.id"), index=True),
    Column("position", Integer),
    Column("sheet", Integer),
    Column("side", String(5)),
    Column("rotation", Integer),
    Column("skew", Float),
    Column("word_count", Integer),
    Column("confidence", Float),
    Column("reliable", Boolean),
    Column("view_rotation", Integer, nullable=False, default=0),
    Column("sheet_kind", String(12)),
    Column("sheet_value", String(60)),
    UniqueConstraint("file_id", "number"),
)
"""``view_rotation``: clockwise degrees by which a person turned the page on the screen; the file stays."""

readings = Table(
    "readings",
    metadata,
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("engine", String(80), nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("evidence", LargeBinary),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("undoes", ForeignKey("decisions.id"), unique=True),
    Column("request", String(40)),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index("uq_decisions_request", "request", unique=True),
)
"""``request``: what the screen called the decision; one that comes twice is applied once."""

encounters = Table(
    "encounters",
    metadata,
    _id(),
    Column("number", String(40), nullable=False, index=True),
    Column("normalized", String(80), nullable=False, index=True, server_default=""),
    Column("patient_id", String(40), nullable=False, index=True),
    Column("facility", Text, nullable=False),
    Column("kind", String(20)),
    Column("admitted", String(10)),
    Column("discharged", String(10)),
    Column("attending", Text),
)

unaided_filings = Table(
    "unaided_filings",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("stratum", String(80), nullable=False),
    Column("patient_id", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("drawn", Boolean, nullable=False),
    Column("verdict", String(8)),
    Column("checked_at", UtcDateTime),
    Column("checked_by", Text),
    Index("ix_unaided_filings_stratum_verdict", "stratum", "verdict"),
    Index("ix_unaided_filings_drawn_verdict", "drawn", "verdict"),
)
"""What the rules filed, or would have, under whom; ``verdict``: what a person found of it since."""

stopped_strata = Table(
    "stopped_strata",
    metadata,
    Column("stratum", String(80), primary_key=True),
    Column("stopped_at", UtcDateTime, nullable=False),
    Column("document_id", String(40), nullable=False),
)
"""Kinds of documents that file nothing unaided since one of them was found wrong, until they are lifted."""

header_sheets = Table(
    "header_sheets",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("patient_id", String(40), nullable=False),
    Column("printed_by", Text, nullable=False),
    Column("printed_at", UtcDateTime, nullable=False),
    Column("used_by_page", ForeignKey("pages.id")),
    Column("identity", String(64)),
)
"""``identity``: SHA-256 of who the patient was at printing; ``used_by_page``: the first scan."""

batch_sheets = Table(
    "batch_sheets",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("type_name", String(60), nullable=False),
    Column("printed_by", Text, nullable=False),
    Column("printed_at", UtcDateTime, nullable=False),
)

disclosures = Table(
    "disclosures",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("patient_id", String(40), index=True),
)
"""Every view and export, with the patient it was shown under then."""

tasks = Table(
    "tasks",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("owner", String(80)),
    Column("lease_until", UtcDateTime),
    Column("priority", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("kind", "subject"),
    Index("ix_tasks_state_priority", "state", "priority", "created_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject", String(80), nullable=False, index=True),
    Column("patient", String(40), index=True),
    Column("details", Text, nullable=False),
    Column("seal", String(64), nullable=False),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
"""``key``: SHA-256 of what the browser holds, so that a copy of the catalog lets nobody in."""

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)
"""``key``: SHA-256 of the name or address tried; people type passwords into name fields."""

claims = Table(
    "claims",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("holder", String(80), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
"""Who has a document on the screen; nobody else gets it until then."""

request_answers = Table(
    "request_answers",
    metadata,
    Column("request", String(40), primary_key=True),
    Column("user_id", String(40), nullable=False),
    Column("holder", String(80), nullable=False),
    Column("document_id", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("decision", String(40)),
    Column("version", Integer),
    Column("at", UtcDateTime, nullable=False),
)
"""What a screen's request was answered, refusals too: one that comes again gets its first answer."""

stage_seconds = Table(
    "stage_seconds",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("file_id", ForeignKey("files.id"), nullable=False, index=True),
    Column("stage", String(40), nullable=False),
    Column("seconds", Float, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What the running parts have to say in ``status``: one row a subject, e.g. that intake waits for space."""
