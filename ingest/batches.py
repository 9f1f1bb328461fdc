"""Batches whose files are one stack of paper: joined by the setting, or by a batch header sheet."""

from __future__ import annotations

from backfile.domain.document import FileState
from backfile.domain.records import BatchSheet, ReceivedFile, TaskKind
from backfile.domain.sheets import SheetKind
from backfile.store.unit_of_work import UnitOfWork


def note_batch_sheet(page_id: str, file: ReceivedFile, uow: UnitOfWork) -> None:
    """Do what a batch header sheet says, in the transaction that keeps its reading.

    A file of a folder joins the files of the folder that are not put together yet; documents that were, stay
    as they are. A file by itself gets the sheet's name as its batch. A sheet that was not printed here, and a
    second one in the same batch, say nothing.
    """
    page = uow.pages.get(page_id)
    if page is None or page.sheet is None or page.sheet.kind is not SheetKind.BATCH:
        return
    printed = uow.sheets.get_batch(page.sheet.value)
    if printed is None:
        return
    now = uow.clock.now()
    if file.batch_id is None:
        batch = uow.files.ensure_batch(printed.name, printed.token, at=now)
        uow.files.put_in_batch(file.id, batch.id)
        uow.files.mark_sheet(batch.id, printed.token)
        return
    batch_now = uow.files.get_batch(file.batch_id)
    if batch_now is None or batch_now.sheet is not None:
        return
    uow.files.mark_sheet(file.batch_id, printed.token)
    for other in uow.files.of_batch(file.batch_id):
        if other.state is FileState.WORKING:
            uow.tasks.cancel(TaskKind.ASSEMBLE, other.id, at=now)


def is_joined(batch_id: str | None, uow: UnitOfWork, *, join_files: bool) -> bool:
    """Say whether documents may span the files of a batch.

    Args:
        batch_id: the batch; None for a file outside one.
        uow: the transaction.
        join_files: the site's setting.
    """
    batch = uow.files.get_batch(batch_id) if batch_id else None
    if batch is None or batch.source == batch.sheet:
        return False  # what a sheet named is a batch by name alone
    return join_files or batch.sheet is not None


def sheet_of_batch(batch_id: str | None, uow: UnitOfWork) -> BatchSheet | None:
    """Return the batch header sheet that was scanned with a batch."""
    batch = uow.files.get_batch(batch_id) if batch_id else None
    return uow.sheets.get_batch(batch.sheet) if batch is not None and batch.sheet else None
