"""Counts and lists for people who watch the work: each figure is a count of its own.

A figure and the list of what is behind it are made of one ``DocumentFilter``, so they cannot disagree.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    true,
)

from backfile.domain.decision import DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.user import Role, User
from backfile.store.schema import decisions, documents, files, pages, users

WAITING = (DocumentState.REVIEW, DocumentState.EXCEPTION)
"""States in which a document waits for a person."""

_NOT_COUNTED = (DecisionKind.MACHINE, DecisionKind.POSTPONE, DecisionKind.ROTATE)
"""Nothing was settled: the machine's own, what was put off, a page turned on the screen."""

Span = tuple[dt.datetime, dt.datetime]
"""From (inclusive) to (exclusive)."""


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions of people; empty means any."""

    actors: tuple[str, ...] = ()
    """Names of accounts."""
    not_actors: tuple[str, ...] = ()
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents; empty means any."""

    states: tuple[DocumentState, ...] = ()
    reasons: frozenset[Reason] = frozenset()
    not_reasons: frozenset[Reason] = frozenset()
    received: Span | None = None
    is_by_person: bool | None = None
    """Filed by a person's confirmation, or without."""
    decided: DecisionFilter | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list."""

    id: str
    state: DocumentState
    reason: Reason
    type: str
    service_date: str
    received_at: dt.datetime
    pages: int
    verified: bool


@dataclass(frozen=True, slots=True)
class WrittenDecision:
    """A decision with what it changed."""

    id: str
    kind: str
    actor: str
    role: Role | None
    """None where the actor has no account: the service, the command line."""
    at: dt.datetime
    undoes: str | None
    request: str | None
    before: DecidedState | None
    after: DecidedState


@dataclass(frozen=True, slots=True)
class DecidedState:
    """A document before or after a decision."""

    state: str
    reason: str
    patient: str | None
    type: str


class ReportRepository:
    """Reads what the overview and the history of a document show."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def count_documents(self, only: DocumentFilter) -> int:
        """Return how many documents there are."""
        query = select(func.count()).select_from(documents).where(_condition(only))
        return self._connection.execute(query).scalar_one()

    def list_documents(self, only: DocumentFilter, *, offset: int, limit: int) -> list[DocumentLine]:
        """Return documents, the longest waiting first."""
        held = (
            select(func.count())
            .select_from(pages)
            .where(pages.c.document_id == documents.c.id)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(
                documents.c.id,
                documents.c.state,
                documents.c.reason,
                documents.c.type_name,
                documents.c.service_date,
                documents.c.received_at,
                held.label("pages"),
            )
            .where(_condition(only))
            .order_by(documents.c.received_at, documents.c.id)
            .offset(offset)
            .limit(limit)
        )
        return [_line_of(row) for row in rows]

    def count_by_span(self, only: DocumentFilter, spans: Sequence[Span]) -> list[int]:
        """Return how many documents were received in each span of time, in one pass."""
        rows = self._connection.execute(
            select(_span_number(documents.c.received_at, spans).label("span"), func.count())
            .where(_condition(only))
            .group_by("span")
        )
        counts = {span: count for span, count in rows}  # noqa: C416 - rows are not pairs to mypy
        return [counts.get(number, 0) for number in range(len(spans))]

    def count_by_reason(self, states: Sequence[DocumentState]) -> list[tuple[Reason, int]]:
        """Return the reasons of documents in these states, the most frequent first."""
        rows = self._connection.execute(
            select(documents.c.reason, func.count().label("n"))
            .where(documents.c.state.in_([state.value for state in states]))
            .group_by(documents.c.reason)
            .order_by(func.count().desc(), documents.c.reason)
        )
        return [(Reason(reason), count) for reason, count in rows]

    def oldest(self, only: DocumentFilter) -> tuple[str, dt.datetime] | None:
        """Return the document that was received first, and when."""
        row = self._connection.execute(
            select(documents.c.id, documents.c.received_at)
            .where(_condition(only))
            .order_by(documents.c.received_at, documents.c.id)
            .limit(1)
        ).first()
        return None if row is None else (row.id, row.received_at)

    def count_decisions(self, spans: Sequence[Span]) -> list[tuple[int, str, str, int]]:
        """Return decisions of people that settled something, as (number of the span, actor, kind, count)."""
        if not spans:
            return []
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        rows = self._connection.execute(
            select(
                _span_number(decisions.c.at, spans).label("span"),
                decisions.c.actor,
                decisions.c.kind,
                func.count(),
            )
            .where(_by_person(), decisions.c.at >= first, decisions.c.at < last)
            .group_by("span", decisions.c.actor, decisions.c.kind)
        )
        return [(span, actor, kind, count) for span, actor, kind, count in rows if span is not None]

    def count_finished_pages(self, spans: Sequence[Span]) -> list[int]:
        """Return the pages of the files whose last page got its end state in each span."""
        rows = self._connection.execute(
            select(_span_number(files.c.finished_at, spans).label("span"), func.sum(files.c.page_count))
            .where(files.c.finished_at.is_not(None), files.c.state == "taken")
            .group_by("span")
        )
        counts = {span: int(count) for span, count in rows}
        return [counts.get(number, 0) for number in range(len(spans))]

    def finished_files(self, *, since: dt.datetime) -> list[tuple[dt.datetime, dt.datetime, int]]:
        """Return receipt, end and pages of the files that ended since a time, by receipt."""
        rows = self._connection.execute(
            select(files.c.received_at, files.c.finished_at, files.c.page_count)
            .where(files.c.finished_at >= since, files.c.state == "taken")
            .order_by(files.c.received_at)
        )
        return [(received, finished, count) for received, finished, count in rows]

    def accounts(self) -> dict[str, User]:
        """Return every account by its name."""
        rows = self._connection.execute(select(users))
        return {row.name: User(row.id, row.name, Role(row.role), row.disabled) for row in rows}

    def history_of(self, document_id: str) -> list[WrittenDecision]:
        """Return the decisions about a document with what each changed, oldest first."""
        rows = self._connection.execute(
            select(decisions, users.c.role)
            .select_from(decisions.outerjoin(users, users.c.name == decisions.c.actor))
            .where(decisions.c.document_id == document_id)
            .order_by(decisions.c.seq)
        )
        return [_decision_of(row) for row in rows]


def _by_person() -> ColumnElement[bool]:
    return decisions.c.kind.not_in([kind.value for kind in _NOT_COUNTED])


def _condition(only: DocumentFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if only.states:
        parts.append(documents.c.state.in_([state.value for state in only.states]))
    if only.reasons:
        parts.append(documents.c.reason.in_([reason.value for reason in only.reasons]))
    if only.not_reasons:
        parts.append(documents.c.reason.not_in([reason.value for reason in only.not_reasons]))
    if only.received is not None:
        parts.append(_is_within(documents.c.received_at, only.received))
    if only.is_by_person is not None:
        by_person = documents.c.reason == Reason.CONFIRMED_BY_PERSON.value
        parts.append(by_person if only.is_by_person else ~by_person)
    if only.decided is not None:
        parts.append(_was_decided(only.decided))
    return and_(*parts)


def _was_decided(only: DecisionFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [decisions.c.document_id == documents.c.id, _by_person()]
    if only.actors:
        parts.append(decisions.c.actor.in_(only.actors))
    if only.not_actors:
        parts.append(decisions.c.actor.not_in(only.not_actors))
    if only.within is not None:
        parts.append(_is_within(decisions.c.at, only.within))
    return exists().where(and_(*parts))


def _is_within(column: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return and_(column >= span[0], column < span[1])


def _span_number(column: ColumnElement[Any], spans: Sequence[Span]) -> ColumnElement[int]:
    """Return the number of the first span in which a time lies, as SQL; NULL for none."""
    whens = [(_is_within(column, span), literal(number)) for number, span in enumerate(spans)]
    return case(*whens, else_=None)


def _line_of(row: Any) -> DocumentLine:
    return DocumentLine(
        id=row.id,
        state=DocumentState(row.state),
        reason=Reason(row.reason),
        type=row.type_name,
        service_date=row.service_date or "",
        received_at=row.received_at,
        pages=row.pages,
        verified=row.reason == Reason.CONFIRMED_BY_PERSON.value,
    )


def _decision_of(row: Row[Any]) -> WrittenDecision:
    after = _decided_state(row.after)
    assert after is not None  # every decision leaves a document behind
    return WrittenDecision(
        id=row.id,
        kind=row.kind,
        actor=row.actor,
        role=Role(row.role) if row.role else None,
        at=row.at,
        undoes=row.undoes,
        request=row.request,
        before=_decided_state(row.before),
        after=after,
    )


def _decided_state(text: str) -> DecidedState | None:
    values = json.loads(text)
    if values is None:
        return None
    return DecidedState(values["state"], values["reason"], values["patient"], values["type"])


__all__ = [
    "WAITING",
    "DecidedState",
    "DecisionFilter",
    "DocumentFilter",
    "DocumentLine",
    "ReportRepository",
    "Span",
    "WrittenDecision",
]
