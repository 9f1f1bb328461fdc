"""The queue of documents that wait for a person, in chart order, and the claims on them.

A document's ``queue_key`` is its place: receipt, file and page of its first page. Postponed documents have
``z`` and the time before it, so that they sort behind all others; a document that no person can settle now
(set aside, or being read again) has none. So the index on (state, queue_key) alone answers what comes next
and how many wait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, union_all, update

from backfile.domain.document import DocumentState
from backfile.domain.reasons import SET_ASIDE
from backfile.domain.records import StoredDocument, TaskKind, TaskState
from backfile.store.schema import claims, documents, files, pages, tasks

_WAITING = (DocumentState.REVIEW, DocumentState.EXCEPTION)
_STATES = tuple(state.value for state in _WAITING)
POSTPONED = "z"
"""What the keys of postponed documents begin with: behind every digit, whatever the collation."""
_PARTS = 3


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A document in the queue."""

    document: str
    key: str

    @property
    def chart(self) -> str:
        """What the documents of one file have in common."""
        return chart_of(self.key)

    @property
    def is_postponed(self) -> bool:
        """It stands behind all that are not."""
        return self.key.startswith(POSTPONED)


@dataclass(frozen=True, slots=True)
class Claim:
    """A document on somebody's screen."""

    place: QueuePlace
    holder: str
    user_id: str
    until: dt.datetime


def chart_of(key: str) -> str:
    """Return the part of a queue key that the documents of one file share."""
    return "|".join(key.split("|")[-_PARTS:-1])


def end_of_chart(chart: str) -> str:
    """Return a key behind every document of a chart and before the next chart."""
    return f"{chart}|9999999"


class QueueRepository:
    """The column ``documents.queue_key`` and the rows of ``claims``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def place(self, document: StoredDocument) -> None:
        """Give a document its place, from its pages, state and tasks as the transaction sees them.

        Whoever decides about a document calls it last. Claims on what is not in the queue are ended.
        """
        key = self._first_page_key(document.id)
        if document.state in _WAITING:
            if document.reason in SET_ASIDE or self.is_read_again(document.id):
                key = ""
            elif key and document.postponed_at is not None:
                key = f"{POSTPONED}|{_stamp(document.postponed_at)}|{key}"
        self._connection.execute(update(documents).where(documents.c.id == document.id).values(queue_key=key))
        if document.state not in _WAITING or not key:
            self.release_document(document.id)

    def _first_page_key(self, document_id: str) -> str:
        row = self._connection.execute(
            select(files.c.received_at, files.c.id, pages.c.number)
            .join(files, files.c.id == pages.c.file_id)
            .where(pages.c.document_id == document_id)
            .order_by(pages.c.position)
            .limit(1)
        ).first()
        return "" if row is None else f"{_stamp(row.received_at)}|{row.id}|{row.number:06d}"

    def is_read_again(self, document_id: str) -> bool:
        """Say whether a worker is still to read it anew, after a split."""
        row = self._connection.execute(
            select(tasks.c.id).where(
                tasks.c.kind == TaskKind.UNDERSTAND.value,
                tasks.c.subject == document_id,
                tasks.c.state.in_([TaskState.READY.value, TaskState.LEASED.value]),
            )
        ).first()
        return row is not None

    def next_after(self, key: str, *, limit: int, until: str | None = None) -> list[QueuePlace]:
        """Return the documents that come after a key, in order; claimed ones among them."""
        parts = []
        for state in _STATES:
            part = select(documents.c.queue_key, documents.c.id).where(
                documents.c.state == state, documents.c.queue_key > key
            )
            parts.append(part if until is None else part.where(documents.c.queue_key < until))
        # SQLite merges the two, each in the order of the index, without sorting.
        both = union_all(*parts)
        rows = self._connection.execute(both.order_by(both.selected_columns.queue_key).limit(limit))
        return [QueuePlace(row.id, row.queue_key) for row in rows]

    def place_of(self, document_id: str) -> QueuePlace | None:
        """Return the place of a document; None where it has none."""
        key = self._connection.execute(
            select(documents.c.queue_key).where(documents.c.id == document_id)
        ).scalar_one_or_none()
        return QueuePlace(document_id, key) if key else None

    def count(self, *, postponed: bool) -> int:
        """Return how many documents are in the queue, of those postponed or of the others."""
        key = documents.c.queue_key
        chosen = key >= POSTPONED if postponed else (key > "") & (key < POSTPONED)
        counted = select(func.count()).select_from(documents).where(documents.c.state.in_(_STATES), chosen)
        return self._connection.execute(counted).scalar_one()

    def count_claims(self, *, at: dt.datetime) -> int:
        """Return how many documents are on a screen."""
        return self._connection.execute(
            select(func.count()).select_from(claims).where(claims.c.until > at)
        ).scalar_one()

    def claims(self) -> list[Claim]:
        """Return every claim, those that ran out among them."""
        rows = self._connection.execute(
            select(claims, documents.c.queue_key).join(documents, documents.c.id == claims.c.document_id)
        )
        return [
            Claim(QueuePlace(row.document_id, row.queue_key), row.holder, row.user_id, row.until)
            for row in rows
        ]

    def holder_of(self, document_id: str, *, at: dt.datetime) -> str | None:
        """Return the screen that a document is on; None where on none."""
        return self._connection.execute(
            select(claims.c.holder).where(claims.c.document_id == document_id, claims.c.until > at)
        ).scalar_one_or_none()

    def claim(self, document_ids: Sequence[str], *, holder: str, user_id: str, until: dt.datetime) -> None:
        """Put documents on a screen; the caller has seen to it that nobody else has them."""
        for document_id in document_ids:
            self.release_document(document_id)
            self._connection.execute(
                insert(claims).values(document_id=document_id, holder=holder, user_id=user_id, until=until)
            )

    def renew(self, holder: str, *, until: dt.datetime) -> None:
        """Keep what a screen has for longer."""
        self._connection.execute(update(claims).where(claims.c.holder == holder).values(until=until))

    def release(self, holder: str) -> None:
        """Give back what a screen has."""
        self._connection.execute(delete(claims).where(claims.c.holder == holder))

    def release_document(self, document_id: str) -> None:
        """Take a document from whichever screen it is on."""
        self._connection.execute(delete(claims).where(claims.c.document_id == document_id))

    def expire(self, *, at: dt.datetime) -> None:
        """Forget claims that ran out."""
        self._connection.execute(delete(claims).where(claims.c.until <= at))


def _stamp(at: dt.datetime) -> str:
    """Return a time as SQLite keeps it: of fixed width, so that it sorts as text."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}"
