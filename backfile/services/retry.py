"""Trying again what a person asks to be tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.audit import AuditAction
from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState, FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredPage, TaskKind
from backfile.errors import UsageError
from backfile.ids import new_id
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork


def retry_pages(subject: str, *, catalog: Catalog, actor: str) -> Sequence[str]:
    """Read the pages of a file, a page or a document again.

    Pages of a filed document, and of one that a person decided, stay as they are. The documents that the
    pages stood in are removed (kept, and their pages given to the new ones).

    Returns:
        Ids of the tasks that are ready now.

    Raises:
        UsageError: there is no such file, page or document, or nothing of it may be tried again.
    """
    with catalog.begin() as uow:
        pages = _pages_of(subject, uow)
        documents = {page.document_id for page in pages if page.document_id}
        for document_id in sorted(documents):
            _retire(document_id, uow, actor=actor)
        again = [
            page
            for page in pages
            if page.document_id in documents or page.state in {PageState.BLANK, PageState.SEPARATOR}
        ]
        siblings = [page for d in sorted(documents) for page in uow.pages.of_document(d)]
        ids = list(dict.fromkeys(page.id for page in [*again, *siblings]))
        if not ids:
            raise UsageError(
                f"Nothing of {subject} can be tried again.", next_step="See its state with: backfile files"
            )
        uow.pages.mark_unread(ids)
        for file_id in sorted({page.file_id for page in [*again, *siblings]}):
            uow.files.mark_working(file_id)
        tasks = uow.tasks.add(TaskKind.READ_PAGE, ids, at=uow.clock.now())
        uow.record(AuditAction.RETRIED, subject.partition("_")[0], subject, actor=actor, pages=str(len(ids)))
        uow.commit()
    return tasks


def _pages_of(subject: str, uow: UnitOfWork) -> list[StoredPage]:
    file = uow.files.get(subject)
    if file is not None:
        if file.state is not FileState.TAKEN:
            raise UsageError(
                f"File {subject} is {file.state.value}; only a taken file can be tried again.",
                next_step="A rejected file is dropped again once it is mended.",
            )
        return [page for page in uow.pages.of_file(subject) if not _is_settled(page, uow)]
    page = uow.pages.get(subject)
    pages = [page] if page is not None else uow.pages.of_document(subject)
    if not pages:
        raise UsageError(
            f"There is no file, page or document {subject}.",
            next_step="Find ids with: backfile files --json, backfile documents --json",
        )
    return [page for page in pages if not _is_settled(page, uow)]


def _is_settled(page: StoredPage, uow: UnitOfWork) -> bool:
    """Filed, or decided by a person: not for a machine to touch."""
    if page.state in {PageState.FILED, PageState.REMOVED, PageState.WORKING}:
        return True
    if page.document_id is None:
        return False
    kinds = {decision.kind for decision in uow.documents.decisions_of(page.document_id)}
    return kinds != {DecisionKind.MACHINE}


def _retire(document_id: str, uow: UnitOfWork, *, actor: str) -> None:
    before = uow.documents.get(document_id)
    if before is None:
        return
    after = replace(
        before,
        state=DocumentState.REMOVED,
        reason=Reason.READ_AGAIN,
        patient_id=None,
        version=before.version + 1,
    )
    decision = Decision(new_id("dec"), document_id, DecisionKind.REMOVE, actor, uow.clock.now())
    uow.documents.save(after)
    uow.documents.add_decision(decision, before=before, after=after)
    uow.record(AuditAction.DOCUMENT_REMOVED, "document", document_id, actor=actor, decision=decision.id)
    uow.outbox.add(document_id, after.version, at=uow.clock.now())
    uow.queue.place(after)
