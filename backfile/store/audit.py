"""The audit trail in the catalog: append only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection, insert, select

from backfile.domain.audit import GENESIS, AuditAction, AuditEvent, SealedEvent, seal_event
from backfile.store.schema import audit_events


class AuditRepository:
    """The rows of ``audit_events``; database triggers refuse any change to one."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def append(self, event: AuditEvent) -> None:
        """Seal an event to the end of the chain. The unit of work holds the write lock."""
        number, seal = self.head()
        self._connection.execute(
            insert(audit_events).values(
                number=number + 1,
                at=event.at,
                actor=event.actor,
                action=event.action.value,
                subject_kind=event.subject_kind,
                subject=event.subject,
                patient=event.patient,
                details=json.dumps(event.details, sort_keys=True),
                seal=seal_event(seal, number + 1, event),
            )
        )

    def head(self) -> tuple[int, str]:
        """Return number and seal of the last event."""
        row = self._connection.execute(
            select(audit_events.c.number, audit_events.c.seal).order_by(audit_events.c.number.desc()).limit(1)
        ).first()
        return (0, GENESIS) if row is None else (row.number, row.seal)

    def all(self, *, subject: str | None = None) -> Iterator[SealedEvent]:
        """Return the events in order."""
        query = select(audit_events).order_by(audit_events.c.number)
        if subject is not None:
            query = query.where(audit_events.c.subject == subject)
        for row in self._connection.execute(query):
            yield SealedEvent(
                number=row.number,
                event=AuditEvent(
                    at=row.at,
                    actor=row.actor,
                    action=AuditAction(row.action),
                    subject_kind=row.subject_kind,
                    subject=row.subject,
                    patient=row.patient,
                    details=json.loads(row.details),
                ),
                seal=row.seal,
            )
