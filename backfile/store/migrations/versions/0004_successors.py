"""Which document took the place of one that was superseded.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of documents superseded before, nobody said by what."""
    op.add_column("documents", sa.Column("superseded_by", sa.String(40)))
    op.create_index("ix_documents_superseded_by", "documents", ["superseded_by"])


def downgrade() -> None:
    """There is no way back: what people said is not thrown away."""
    raise NotImplementedError("restore the copy that the upgrade made")
