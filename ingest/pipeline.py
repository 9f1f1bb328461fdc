"""The tasks that turn a received file into documents: read a page, assemble documents, understand one anew.

A task is claimed with a fencing token, worked on without holding the catalog, and its result written
in one transaction that ends the task under the same token. So a task may be killed at any line, or run
twice at once, and its result still counts exactly once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import perf_counter

from backfile.domain.audit import AuditAction
from backfile.domain.page import PageReading, StageSeconds
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredPage, Task, TaskKind
from backfile.errors import BackfileError, LeaseLost, PageRefused
from backfile.faults import fault
from backfile.store.unit_of_work import UnitOfWork
from ingest.assembly import plan_documents, write_plan
from ingest.batches import is_joined, note_batch_sheet
from ingest.lease import LeaseKeeper
from ingest.rereading import read_identifiers_again
from ingest.tools import Tools
from ingest.understanding import read_again, write_understanding
from ingest.views_cache import draw_ahead
from ingest.workshop import Workshop
from ocr.read import read_page

log = logging.getLogger(__name__)

TASK_DEADLINE_SECONDS = 600.0
"""No page and no file's assembly may take longer; a worker that does is stopped."""
_ASSEMBLE_PRIORITY = 10
"""Assembly goes before reading, so that finished files do not wait behind a new batch."""


def run_task(task_id: str, *, workshop: Workshop, tools: Tools, owner: str) -> Sequence[str]:
    """Do one task, if it is still to be done.

    Returns:
        Ids of tasks that became ready by it.
    """
    with workshop.catalog.begin() as uow:
        task = uow.tasks.claim(task_id, owner=owner, at=uow.clock.now())
        uow.commit()
    if task is None:
        return ()
    step = _STEPS[task.kind]
    try:
        with LeaseKeeper(workshop.catalog, task, deadline_seconds=TASK_DEADLINE_SECONDS):
            ready = step(task, workshop, tools)
    except LeaseLost:
        log.warning("task %s: taken over by another worker, result thrown away", task.id)
    except Exception:
        # Whatever it was, the page must not be lost: the task is given back and counted; after three
        # attempts the dispatcher ends it as an exception that a person sees.
        log.warning("task %s: attempt %d failed", task.id, task.attempts, exc_info=True)
        with workshop.catalog.begin() as uow:
            uow.tasks.release(task.id, task.token)
            uow.commit()
    else:
        if task.kind is TaskKind.ASSEMBLE:
            draw_ahead(task.subject, workshop=workshop)  # what people will look at
        return ready
    return ()


def _read_page(task: Task, workshop: Workshop, tools: Tools) -> Sequence[str]:
    """Read one page and keep the reading; the last page of a file asks for its assembly."""
    fault("read_page.claimed")
    with workshop.catalog.look() as uow:
        page = uow.pages.get(task.subject)
        file = uow.files.get(page.file_id) if page else None
    if page is None or file is None:
        raise BackfileError(f"Page {task.subject} is not in the catalog.", next_step="Run: backfile verify")
    try:
        path = workshop.blobs.path_of(file.sha256)
        read = read_page(path, page.number, options=tools.reading)
        reading: PageReading | Reason = read_identifiers_again(path, page.number, read, options=tools.reading)
    except PageRefused as refused:
        reading = refused.reason
    fault("read_page.read")
    with workshop.catalog.begin() as uow:
        uow.tasks.finish(task.id, task.token, at=uow.clock.now())
        if isinstance(reading, PageReading):
            uow.pages.save_reading(page.id, reading, at=uow.clock.now())
            note_batch_sheet(page.id, file, uow)
            uow.counts.add_stages(page.file_id, reading.stages)
        else:
            note_unreadable(uow, page, reading)
        ready = ask_for_assembly(uow, page.file_id, join_files=workshop.settings.join_files)
        fault("read_page.saving")
        uow.commit()
    fault("read_page.saved")
    return ready


def note_unreadable(uow: UnitOfWork, page: StoredPage, reason: Reason) -> None:
    """Write down that reading a page ended without a reading."""
    uow.pages.mark_unreadable(page.id, reason)
    uow.record(AuditAction.PAGE_FAILED, "page", page.id, reason=reason.value)


def ask_for_assembly(uow: UnitOfWork, file_id: str, *, join_files: bool) -> Sequence[str]:
    """Ask for the assembly of a file all of whose pages are read; a joined batch waits until it closes."""
    file = uow.files.get(file_id)
    if file is None or uow.pages.count_unread(file_id):
        return ()
    if file.batch_id and is_joined(file.batch_id, uow, join_files=join_files):
        batch = uow.files.get_batch(file.batch_id)
        # One that is closed already has pages that are read again.
        is_closed = batch is not None and batch.closed_at is not None
        return ask_for_batch_assembly(uow, file.batch_id) if is_closed else ()
    return uow.tasks.add(TaskKind.ASSEMBLE, [file_id], at=uow.clock.now(), priority=_ASSEMBLE_PRIORITY)


def ask_for_batch_assembly(uow: UnitOfWork, batch_id: str) -> Sequence[str]:
    """Ask for the assembly of a closed batch whose files are joined, once all its pages are read."""
    if any(uow.pages.count_unread(file.id) for file in uow.files.of_batch(batch_id)):
        return ()
    return uow.tasks.add(TaskKind.ASSEMBLE, [batch_id], at=uow.clock.now(), priority=_ASSEMBLE_PRIORITY)


def _assemble(task: Task, workshop: Workshop, tools: Tools) -> Sequence[str]:
    """Cut the pages of a file or batch into documents and decide each."""
    fault("assemble.claimed")
    started = perf_counter()
    while not _write_assembly(task, workshop, tools, started):
        log.info("task %s: planned anew, a sheet of it was used meanwhile", task.id)
    fault("assemble.saved")
    return ()


def _write_assembly(task: Task, workshop: Workshop, tools: Tools, started: float) -> bool:
    """Plan and write; False where the plan no longer held when it was to be written."""
    plan = plan_documents(task.subject, workshop=workshop, tools=tools)
    fault("assemble.planned")
    with workshop.catalog.begin() as uow:
        uow.tasks.finish(task.id, task.token, at=uow.clock.now())
        if not write_plan(plan, uow):
            return False
        if plan.files:
            spent = StageSeconds("understand", perf_counter() - started)
            uow.counts.add_stages(plan.files[0].id, [spent])
        fault("assemble.saving")
        uow.commit()
    return True


def _understand(task: Task, workshop: Workshop, tools: Tools) -> Sequence[str]:
    """Read type, fields and candidates of a document anew, after a person split it."""
    fault("understand.claimed")
    understanding = read_again(task.subject, workshop=workshop, tools=tools)
    with workshop.catalog.begin() as uow:
        uow.tasks.finish(task.id, task.token, at=uow.clock.now())
        if understanding is not None:
            write_understanding(understanding, uow)
        fault("understand.saving")
        uow.commit()
    return ()


_STEPS = {
    TaskKind.READ_PAGE: _read_page,
    TaskKind.ASSEMBLE: _assemble,
    TaskKind.UNDERSTAND: _understand,
}
