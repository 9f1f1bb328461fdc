"""What the screens' requests were answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from backfile.domain.request import Answer, Outcome, RequestKind
from backfile.store.schema import request_answers


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with what was asked, by whom."""

    answer: Answer
    user_id: str
    holder: str
    """Key of the screen (``services.queue.Holder.key``)."""
    document: str
    kind: RequestKind


class AnswerRepository:
    """The rows of ``request_answers``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, given: GivenAnswer, *, at: dt.datetime) -> None:
        """Keep an answer."""
        answer = given.answer
        self._connection.execute(
            insert(request_answers).values(
                request=answer.request,
                user_id=given.user_id,
                holder=given.holder,
                document_id=given.document,
                kind=given.kind.value,
                outcome=answer.outcome.value,
                text=answer.text,
                decision=answer.decision,
                version=answer.version,
                at=at,
            )
        )

    def get(self, request: str) -> GivenAnswer | None:
        """Return what a request was answered; None where it is new."""
        row = self._connection.execute(
            select(request_answers).where(request_answers.c.request == request)
        ).first()
        if row is None:
            return None
        answer = Answer(row.request, Outcome(row.outcome), row.text, row.decision, row.version)
        return GivenAnswer(answer, row.user_id, row.holder, row.document_id, RequestKind(row.kind))

    def made_by(self, holder: str, requests: Collection[str]) -> set[str]:
        """Return those of the requests that came from a screen."""
        rows = self._connection.execute(
            select(request_answers.c.request).where(
                request_answers.c.request.in_(requests), request_answers.c.holder == holder
            )
        )
        return set(rows.scalars())
