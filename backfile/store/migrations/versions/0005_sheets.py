"""Which sheet a page is, what batch header sheets stand for, and who a chart header sheet was printed for.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from backfile.store.schema import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and table; no sheet was printed before."""
    op.create_table(
        "batch_sheets",
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type_name", sa.String(60), nullable=False),
        sa.Column("printed_by", sa.Text, nullable=False),
        sa.Column("printed_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_batch_sheets"),
    )
    op.add_column("header_sheets", sa.Column("identity", sa.String(64)))
    op.add_column("pages", sa.Column("sheet_kind", sa.String(12)))
    op.add_column("pages", sa.Column("sheet_value", sa.String(60)))
    op.add_column("batches", sa.Column("sheet", sa.String(40)))


def downgrade() -> None:
    """There is no way back: sheets that were printed lie in charts."""
    raise NotImplementedError("restore the copy that the upgrade made")
