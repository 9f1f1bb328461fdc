"""What the dispatcher asks of the catalog: which tasks are ready, which are lost, which have failed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, Task, TaskKind
from backfile.ids import new_id
from backfile.services.decide import note_machine_decision
from backfile.services.split import end_understanding
from backfile.store.unit_of_work import UnitOfWork
from ingest.assembly import files_of
from ingest.batches import is_joined
from ingest.pipeline import ask_for_assembly, ask_for_batch_assembly, note_unreadable
from ingest.workshop import Workshop

log = logging.getLogger(__name__)

BATCH_QUIET_SECONDS = 30.0


class CatalogTaskBoard:
    """The tasks of one installation."""

    def __init__(self, workshop: Workshop) -> None:
        """Work on an installation's catalog."""
        self._workshop = workshop

    def expire_leases(self) -> int:
        """Give back tasks whose worker is gone, end those tried too often, close quiet batches.

        Returns:
            How many leases had run out.
        """
        with self._workshop.catalog.look() as uow:
            now = uow.clock.now()
            is_idle = not (
                uow.tasks.has_expired(at=now) or uow.tasks.exhausted(limit=1) or self._quiet_batches(uow, now)
            )
        if is_idle:
            return 0  # the usual case takes no write lock
        with self._workshop.catalog.begin() as uow:
            expired = uow.tasks.expire_leases(at=uow.clock.now())
            for task in uow.tasks.exhausted():
                end_failed_task(task, uow, join_files=self._workshop.settings.join_files)
            self._close_batches(uow)
            uow.commit()
        return expired

    def ready_tasks(self, limit: int) -> Sequence[str]:
        """Return tasks that a worker may claim, the most urgent first."""
        with self._workshop.catalog.look() as uow:
            return uow.tasks.ready(limit=limit)

    def release_owner(self, owner: str) -> int:
        """Give back what a dead worker held; return how many tasks."""
        with self._workshop.catalog.begin() as uow:
            released = uow.tasks.release_owner(owner)
            uow.commit()
        return released

    def _quiet_batches(self, uow: UnitOfWork, now: dt.datetime) -> bool:
        since = now - dt.timedelta(seconds=BATCH_QUIET_SECONDS)
        return bool(uow.files.open_batches(quiet_since=since))

    def _close_batches(self, uow: UnitOfWork) -> None:
        now = uow.clock.now()
        setting = self._workshop.settings.join_files
        for batch in uow.files.open_batches(quiet_since=now - dt.timedelta(seconds=BATCH_QUIET_SECONDS)):
            join = is_joined(batch.id, uow, join_files=setting)
            if join and any(uow.pages.count_unread(file.id) for file in uow.files.of_batch(batch.id)):
                continue  # closed once its last page is read
            uow.files.close_batch(batch.id, at=now)
            if join:
                ask_for_batch_assembly(uow, batch.id)


def end_failed_task(task: Task, uow: UnitOfWork, *, join_files: bool) -> None:
    """End a task that was tried as often as allowed: its pages go to a person as an exception.

    A document that a person split goes back to the queue as it is.
    """
    now = uow.clock.now()
    uow.tasks.fail(task.id, at=now)
    log.error("task %s: given up after %d attempts", task.id, task.attempts)
    if task.kind is TaskKind.READ_PAGE:
        page = uow.pages.get(task.subject)
        if page is not None and not page.is_read:
            note_unreadable(uow, page, Reason.PAGE_UNREADABLE)
            ask_for_assembly(uow, page.file_id, join_files=join_files)
        return
    if task.kind is TaskKind.UNDERSTAND:
        end_understanding(task.subject, uow)
        return
    files = files_of(task.subject, uow)
    for file in files:
        pages = [page for page in uow.pages.of_file(file.id) if page.state is PageState.WORKING]
        if pages:
            document = StoredDocument(
                id=new_id("doc"),
                state=DocumentState.EXCEPTION,
                reason=Reason.STEP_FAILED,
                type=TypeGuess(UNKNOWN, 0.0),
                match=MatchOutcome(DocumentState.EXCEPTION, Reason.STEP_FAILED),
                fields=(),
                cut_reason="first_page",
                received_at=file.received_at,
                batch_id=file.batch_id,
            )
            uow.documents.add(document)
            uow.pages.set_state(
                [page.id for page in pages],
                PageState.EXCEPTION,
                reason=Reason.STEP_FAILED,
                document_id=document.id,
            )
            note_machine_decision(uow, document, before=None)
        uow.files.mark_taken(file.id, at=now)
