"""What the screens need: sessions, claims on documents of the queue, decisions applied once.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from backfile.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; documents of before get their place in the queue."""
    op.create_table(
        "sessions",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("key", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_key", "sign_in_failures", ["key"])
    op.create_table(
        "claims",
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_claims_document_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_claims_user_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_claims"),
    )
    op.create_index("ix_claims_holder", "claims", ["holder"])
    # Batch mode copies a table on SQLite; plain columns do without.
    op.add_column("documents", sa.Column("queue_key", sa.String(120), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("postponed_at", UtcDateTime(timezone=True)))
    op.create_index("ix_documents_state_queue_key", "documents", ["state", "queue_key"])
    op.add_column("pages", sa.Column("view_rotation", sa.Integer, nullable=False, server_default="0"))
    op.add_column("decisions", sa.Column("request", sa.String(40)))
    op.create_index("uq_decisions_request", "decisions", ["request"], unique=True)
    op.execute(
        "UPDATE documents SET queue_key = coalesce((SELECT files.received_at || '|' || files.id || '|' ||"
        " substr('00000' || pages.number, -6) FROM pages JOIN files ON files.id = pages.file_id"
        " WHERE pages.document_id = documents.id ORDER BY pages.position LIMIT 1), '')"
    )


def downgrade() -> None:
    """There is no way back: decisions and sessions are not thrown away."""
    raise NotImplementedError("restore the copy that the upgrade made")
