"""What the search index has still to learn: one row for each change of a document, in its transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from backfile.store.schema import documents, outbox


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One change that is not in the index yet."""

    seq: int
    document_id: str
    version: int


class OutboxRepository:
    """The rows of ``outbox``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, document_id: str, version: int, *, at: dt.datetime) -> None:
        """Note a change."""
        self._connection.execute(
            insert(outbox).values(document_id=document_id, version=version, created_at=at)
        )

    def add_all_documents(self, *, at: dt.datetime) -> int:
        """Note every document, to build the index anew; return how many."""
        rows = self._connection.execute(select(documents.c.id, documents.c.version)).all()
        if rows:
            self._connection.execute(
                insert(outbox), [{"document_id": r.id, "version": r.version, "created_at": at} for r in rows]
            )
        return len(rows)

    def fetch(self, *, limit: int, after: int = 0) -> list[OutboxRow]:
        """Return the oldest changes with a ``seq`` above ``after``."""
        rows = self._connection.execute(
            select(outbox).where(outbox.c.seq > after).order_by(outbox.c.seq).limit(limit)
        )
        return [OutboxRow(row.seq, row.document_id, row.version) for row in rows]

    def remove(self, seqs: Sequence[int]) -> None:
        """Forget changes that are durably in the index."""
        self._connection.execute(delete(outbox).where(outbox.c.seq.in_(seqs)))

    def documents(self) -> set[str]:
        """Return the documents that the index does not hold as they are."""
        return set(self._connection.execute(select(outbox.c.document_id).distinct()).scalars())

    def count(self) -> int:
        """Return how many changes wait."""
        return self._connection.execute(select(func.count()).select_from(outbox)).scalar_one()
