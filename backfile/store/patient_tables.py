"""The patient index's tables, on the catalog's ``metadata``."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from backfile.store.schema import metadata

patients = Table(
    "patients",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("last_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("middle_name", Text, nullable=False),
    Column("suffix", String(8), nullable=False),
    Column("birth_date", String(10)),
    Column("sex", String(20), nullable=False),
    Column("ssn_last4", String(4), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("street", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("zip", String(20), nullable=False),
    Column("death_date", String(10)),
    Column("mother_mrn", String(80), nullable=False),
    Column("multiple_birth", Boolean, nullable=False),
    # No foreign key: the survivor of a merge may stand later in the same file.
    Column("merged_into", String(40), index=True),
    Column("review_only", Boolean, nullable=False),
    Index("ix_patients_phone", "phone"),
    Index("ix_patients_ssn_last4_zip", "ssn_last4", "zip"),
)

patient_identifiers = Table(
    "patient_identifiers",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("value", String(80), nullable=False),
    Column("normalized", String(80), nullable=False, index=True),
    Column("facility", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("status", String(12), nullable=False),
    sqlite_with_rowid=False,
)

patient_aliases = Table(
    "patient_aliases",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("last_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("middle_name", Text, nullable=False),
    Column("suffix", String(8), nullable=False),
)

patient_blocks = Table(
    "patient_blocks",
    metadata,
    Column("key", String(160), primary_key=True),  # first: one search asks for keys of all kinds
    Column("kind", String(16), primary_key=True),
    Column("patient_id", String(40), primary_key=True),
    Column("names", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Where a patient is found by name and birth date, with the names that are asked for there (``spell_names``).

Rows of ``backfile.domain.blocking``, derived from the tables above; numbers, telephones and SSN-4 with ZIP
are found where they stand. No foreign key: checking one for each row would be a fifth of an import.
"""

LOADED_LAST = (
    ("ix_patients_phone", "patients", "phone"),
    ("ix_patients_ssn_last4_zip", "patients", "ssn_last4, zip"),
)
"""Indexes that a first import makes when all rows are there."""
