"""Numbers of encounters as they are looked up; what was filed unaided, what people found of it, what is stopped.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from backfile.store.schema import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the tables; nothing wrote encounters before."""
    op.add_column("encounters", sa.Column("normalized", sa.String(80), nullable=False, server_default=""))
    op.create_index("ix_encounters_normalized", "encounters", ["normalized"])
    op.create_table(
        "unaided_filings",
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("stratum", sa.String(80), nullable=False),
        sa.Column("patient_id", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("drawn", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.String(8)),
        sa.Column("checked_at", UtcDateTime(timezone=True)),
        sa.Column("checked_by", sa.Text),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_unaided_filings_document_id"
        ),
        sa.PrimaryKeyConstraint("document_id", name="pk_unaided_filings"),
    )
    op.create_index("ix_unaided_filings_stratum_verdict", "unaided_filings", ["stratum", "verdict"])
    op.create_index("ix_unaided_filings_drawn_verdict", "unaided_filings", ["drawn", "verdict"])
    op.create_table(
        "stopped_strata",
        sa.Column("stratum", sa.String(80), nullable=False),
        sa.Column("stopped_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("stratum", name="pk_stopped_strata"),
    )


def downgrade() -> None:
    """There is no way back: what people found is not thrown away."""
    raise NotImplementedError("restore the copy that the upgrade made")
