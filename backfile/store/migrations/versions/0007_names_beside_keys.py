"""Names stand beside the keys by which patients are found; numbers, telephones and SSN-4 are found where they stand.

Revision ID: 0007
Revises: 0006
"""

import datetime as dt
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from backfile.domain.blocking import name_block_keys
from backfile.domain.confusable import spell_names
from backfile.domain.patient import PersonName

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 5000


def upgrade() -> None:
    """Make the table of keys anew from the patients; it is derived from them."""
    op.drop_table("patient_blocks")
    blocks = op.create_table(
        "patient_blocks",
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("patient_id", sa.String(40), nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", "kind", "patient_id", name="pk_patient_blocks"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        _lay_numbers_in_order()
    op.create_index("ix_patients_phone", "patients", ["phone"])
    op.create_index("ix_patients_ssn_last4_zip", "patients", ["ssn_last4", "zip"])
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT id, 0 AS alias, 0 AS position, last_name, first_name, birth_date, merged_into FROM patients "
            "UNION ALL SELECT a.patient_id, 1, a.position, a.last_name, a.first_name, NULL, NULL "
            "FROM patient_aliases AS a ORDER BY 1, 2, 3"
        )
    )
    found: list[dict[str, str]] = []
    for patient_id, group in groupby(rows, key=lambda row: str(row.id)):
        record, *aliases = group
        names = [PersonName(row.last_name, row.first_name) for row in (record, *aliases)]
        birth_date = dt.date.fromisoformat(record.birth_date) if record.birth_date else None
        for kind, key in name_block_keys(names, birth_date, is_merged=record.merged_into is not None):
            values = {"key": key, "kind": kind.value, "patient_id": patient_id, "names": spell_names(names)}
            found.append(values)
        if len(found) >= _AT_ONCE:
            connection.execute(sa.insert(blocks), found)
            found = []
    if found:
        connection.execute(sa.insert(blocks), found)


def _lay_numbers_in_order() -> None:
    """Keep the numbers of a patient in one place instead of behind an index."""
    op.rename_table("patient_identifiers", "former_identifiers")
    op.drop_index("ix_patient_identifiers_normalized", "former_identifiers")
    op.create_table(
        "patient_identifiers",
        sa.Column("patient_id", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("normalized", sa.String(80), nullable=False),
        sa.Column("facility", sa.Text, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_patient_identifiers_patient_id"
        ),
        sa.PrimaryKeyConstraint("patient_id", "position", name="pk_patient_identifiers"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO patient_identifiers (patient_id, position, value, normalized, facility, kind, status) "
        "SELECT patient_id, position, value, normalized, facility, kind, status FROM former_identifiers"
    )
    op.drop_table("former_identifiers")
    op.create_index("ix_patient_identifiers_normalized", "patient_identifiers", ["normalized"])


def downgrade() -> None:
    """There is no way back."""
    raise NotImplementedError("restore the copy that the upgrade made")
