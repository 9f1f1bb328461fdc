"""What screens' requests were answered, so that one that comes again gets its first answer.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from backfile.store.schema import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "request_answers",
        sa.Column("request", sa.String(40), nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("decision", sa.String(40)),
        sa.Column("version", sa.Integer),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_request_answers"),
    )


def downgrade() -> None:
    """There is no way back: answers that were given are not thrown away."""
    raise NotImplementedError("restore the copy that the upgrade made")
