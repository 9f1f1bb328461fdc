"""One use case, one transaction: every change, its audit event and its outbox row, or none of them."""

from __future__ import annotations

import datetime as dt
from types import TracebackType

from sqlalchemy import Connection

from backfile.domain.audit import AuditAction, AuditEvent
from backfile.ports import Clock
from backfile.store.answers import AnswerRepository
from backfile.store.audit import AuditRepository
from backfile.store.counts import CountRepository
from backfile.store.documents import DocumentRepository
from backfile.store.encounters import EncounterRepository
from backfile.store.files import FileRepository
from backfile.store.notices import NoticeRepository
from backfile.store.outbox import OutboxRepository
from backfile.store.pages import PageRepository
from backfile.store.patients import PatientRepository
from backfile.store.queue import QueueRepository
from backfile.store.sessions import SessionRepository
from backfile.store.sheets import SheetRepository
from backfile.store.tasks import TaskRepository
from backfile.store.unaided import UnaidedRepository
from backfile.store.users import UserRepository

SERVICE = "backfile"
"""The actor of what no person did."""


class UnitOfWork:
    """A transaction with its repositories; without ``commit`` everything is undone at its end."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        """Begin on a connection that is in a transaction."""
        self.connection = connection
        self.clock = clock
        self.files = FileRepository(connection)
        self.pages = PageRepository(connection)
        self.documents = DocumentRepository(connection)
        self.patients = PatientRepository(connection)
        self.encounters = EncounterRepository(connection)
        self.queue = QueueRepository(connection)
        self.answers = AnswerRepository(connection)
        self.tasks = TaskRepository(connection)
        self.sheets = SheetRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.audit = AuditRepository(connection)
        self.users = UserRepository(connection)
        self.sessions = SessionRepository(connection)
        self.counts = CountRepository(connection)
        self.unaided = UnaidedRepository(connection)
        self.notices = NoticeRepository(connection)

    def __enter__(self) -> UnitOfWork:
        """Enter."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed, and give the connection back."""
        self.connection.rollback()
        self.connection.close()

    @property
    def today(self) -> dt.date:
        """The day where the service runs; screens and services judge what a person types by the same."""
        return self.clock.now().astimezone().date()

    def commit(self) -> None:
        """Make everything durable."""
        self.connection.commit()

    def record(
        self,
        action: AuditAction,
        subject_kind: str,
        subject: str,
        *,
        actor: str = SERVICE,
        patient: str | None = None,
        **details: str,
    ) -> None:
        """Append an event to the audit trail."""
        self.audit.append(
            AuditEvent(self.clock.now(), actor, action, subject_kind, subject, patient, details)
        )
