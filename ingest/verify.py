"""``verify``: the stored bytes, the catalog's rows, the index and the audit trail against each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from backfile.domain.audit import find_broken_seal
from backfile.domain.document import DocumentState, FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import SET_ASIDE
from backfile.errors import IndexUnusable, ServerDown
from backfile.store.unit_of_work import UnitOfWork
from ingest.workshop import Workshop
from search.engine import SearchEngine

_LIVE = {FileState.WORKING, FileState.TAKEN}
_PAGE_OF_DOCUMENT = {
    DocumentState.FILED: PageState.FILED,
    DocumentState.REVIEW: PageState.REVIEW,
    DocumentState.EXCEPTION: PageState.EXCEPTION,
    DocumentState.REMOVED: PageState.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found wrong: ids and codes only."""

    problems: tuple[str, ...]
    stale_documents: tuple[str, ...]
    """Documents that the index does not hold in their newest version, and that no outbox row is for."""
    index_problem: str | None
    """Why the index cannot answer."""
    is_search_down: bool
    """The index does not answer at all, so nothing is known about it; else it is built anew without loss."""
    files: int
    pages: int
    documents: int
    audit_events: int

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong with the truth; a stale index alone is repaired without loss."""
        return not self.problems


def verify_home(workshop: Workshop, engine: SearchEngine) -> Verification:
    """Check everything once. Reads every stored byte."""
    with workshop.catalog.look() as uow:
        problems = [
            *_check_catalog(workshop),
            *_check_bytes(uow, workshop),
            *_check_pages(uow),
            *_check_documents(uow),
            *_check_audit(uow),
        ]
        summary = uow.counts.summarize()
        if not summary.is_balanced:
            problems.append("accounting: files or pages do not add up")
        stale, index_error = _check_index(uow, engine)
        return Verification(
            problems=tuple(problems),
            stale_documents=tuple(stale),
            index_problem=index_error.what if index_error else None,
            is_search_down=index_error is not None and not isinstance(index_error, IndexUnusable),
            files=summary.files.received,
            pages=summary.pages.received,
            documents=sum(1 for _ in uow.documents.all()),
            audit_events=uow.audit.head()[0],
        )


def _check_catalog(workshop: Workshop) -> list[str]:
    return [] if workshop.catalog.check_integrity() else ["catalog: the database file is damaged"]


def _check_bytes(uow: UnitOfWork, workshop: Workshop) -> list[str]:
    problems = []
    for file in uow.files.all():
        if not workshop.blobs.has(file.sha256):
            problems.append(f"file {file.id}: its bytes are missing")
        elif not workshop.blobs.is_sound(file.sha256):
            problems.append(f"file {file.id}: its bytes were altered")
    return problems


def _check_pages(uow: UnitOfWork) -> list[str]:
    problems = []
    files = {file.id: file for file in uow.files.all()}
    counted = {
        file_id: [page.number for page in pages]
        for file_id, pages in groupby(uow.pages.all(), key=lambda page: page.file_id)
    }
    for file in files.values():
        expected = list(range(1, file.page_count + 1)) if file.state in _LIVE else []
        if counted.get(file.id, []) != expected:
            problems.append(f"file {file.id}: its pages are not all there once")
        if file.state is FileState.TAKEN and any(
            page.state is PageState.WORKING for page in uow.pages.of_file(file.id)
        ):
            problems.append(f"file {file.id}: is taken, but a page has no end state")
    return problems


def _check_documents(uow: UnitOfWork) -> list[str]:
    problems = []
    for document in uow.documents.all():
        pages = uow.pages.of_document(document.id)
        if not pages and document.state is not DocumentState.REMOVED:
            problems.append(f"document {document.id}: has no pages")
        if any(page.state is not _PAGE_OF_DOCUMENT[document.state] for page in pages):
            problems.append(f"document {document.id}: a page's state is not its own")
        is_filed = document.state is DocumentState.FILED
        if is_filed and (document.patient_id is None or uow.patients.get(document.patient_id) is None):
            problems.append(f"document {document.id}: is filed under nobody")
        if not is_filed and document.patient_id is not None:
            problems.append(f"document {document.id}: names a patient and is not filed")
        is_waiting = document.state in {DocumentState.REVIEW, DocumentState.EXCEPTION}
        if is_waiting and not (
            document.queue_key or document.reason in SET_ASIDE or uow.queue.is_read_again(document.id)
        ):
            problems.append(f"document {document.id}: waits for a person and is not in the queue")
    return problems


def _check_audit(uow: UnitOfWork) -> list[str]:
    broken = find_broken_seal(uow.audit.all())
    return [] if broken is None else [f"audit: the trail was altered at event {broken}"]


def _check_index(uow: UnitOfWork, engine: SearchEngine) -> tuple[list[str], ServerDown | None]:
    """Return documents whose entry is missing, old or too many, and what keeps the index from answering."""
    try:
        engine.check(deep=True)
        held = {document: entry.version for document, entry in engine.versions().items()}
    except ServerDown as error:
        return [], error
    waiting = uow.outbox.documents()
    wanted = uow.documents.versions()
    stale = sorted(
        document
        for document in wanted.keys() | held.keys()
        if wanted.get(document) != held.get(document) and document not in waiting
    )
    return stale, None
