"""The catalog as the search room sees it, and the process that keeps the index up with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from backfile.domain.document import DocumentState, FieldName
from backfile.errors import BackfileError, Busy
from backfile.ports import IndexFilter
from backfile.store.unit_of_work import UnitOfWork
from ingest.announcer import Announcer
from ingest.stopping import StopRequest
from ingest.workshop import Workshop
from search.engine import IndexedDocument, SearchEngine
from search.find import FoundPage
from search.indexer import OutboxChange, build_indexed_document, ensure_index, rebuild_index
from search.indexer import drain_outbox as drain_into
from search.open_engine import open_engine as open_engine_of

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
_CHECK_SECONDS = 5.0
"""How soon an indexer with nothing to do sees that its index is gone."""
_REBUILD_NOTICE = "reindex"
_WAITING = (DocumentState.REVIEW, DocumentState.EXCEPTION)


def open_engine(workshop: Workshop) -> SearchEngine:
    """Return the search engine of an installation; nothing is opened and nothing is sent yet.

    Raises:
        UsageError: a setting of the engine cannot be meant.
        HomeError: the home's id cannot be read or written.
    """
    return open_engine_of(workshop.settings, workshop.home)


class CatalogOutbox:
    """The outbox and the documents of one installation."""

    def __init__(self, workshop: Workshop) -> None:
        """Read an installation's catalog."""
        self._catalog = workshop.catalog

    def fetch(self, *, after: int, limit: int) -> Sequence[OutboxChange]:
        """Return the oldest changes not done."""
        with self._catalog.look() as uow:
            rows = uow.outbox.fetch(after=after, limit=limit)
        return [OutboxChange(row.seq, row.document_id, row.version) for row in rows]

    def load(self, document_ids: Sequence[str]) -> Sequence[IndexedDocument]:
        """Return the documents as they are now."""
        with self._catalog.look() as uow:
            return [
                build_indexed_document(
                    document,
                    [(page, uow.pages.reading_of(page.id)) for page in uow.pages.of_document(document.id)],
                )
                for document_id in document_ids
                if (document := uow.documents.get(document_id)) is not None
            ]

    def mark_done(self, seqs: Sequence[int]) -> None:
        """Forget changes."""
        if not seqs:
            return
        with self._catalog.begin() as uow:
            uow.outbox.remove(seqs)
            uow.commit()

    def note_all(self) -> int:
        """Note a change for every document."""
        with self._catalog.begin() as uow:
            noted = uow.outbox.add_all_documents(at=uow.clock.now())
            uow.commit()
        return noted


class CatalogPages:
    """The pages of hits, as the catalog holds them within one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read in a unit of work."""
        self._uow = uow

    def load_pages(self, page_ids: Sequence[str]) -> Mapping[str, FoundPage]:
        """Return the pages that stand in a document."""
        found = {page_id: self._load(page_id) for page_id in page_ids}
        return {page_id: page for page_id, page in found.items() if page is not None}

    def _load(self, page_id: str) -> FoundPage | None:
        page = self._uow.pages.get(page_id)
        if page is None or page.document_id is None or page.position is None:
            return None
        document = self._uow.documents.get(page.document_id)
        file = self._uow.files.get(page.file_id)
        reading = self._uow.pages.reading_of(page_id)
        if document is None or file is None or reading is None:
            return None
        patient = self._uow.patients.get(document.patient_id) if document.patient_id else None
        return FoundPage(
            id=page.id,
            document=document.id,
            number=page.position,
            file=file.name,
            file_page=page.number,
            words=reading.words,
            patient=document.patient_id or "",
            mrn=patient.mrn.value if patient else "",
            type=document.type.name,
            service_date=document.field(FieldName.SERVICE_DATE),
            state=document.state,
            batch=document.batch_id or "",
        )

    def count_waiting(self, *, only: IndexFilter) -> int:
        """Return how many documents were not looked at: any of them may be of the patient in question."""
        unseen = [state for state in _WAITING if state.value not in only.states]
        return len(self._uow.documents.ids_in(unseen) | self._uow.outbox.documents())


def prepare_index(workshop: Workshop) -> None:
    """See that there is an index, unless a running indexer sees to it."""
    engine = open_engine(workshop)
    try:
        ensure_index(engine, CatalogOutbox(workshop))
    except Busy:
        return
    finally:
        engine.close()


def request_rebuild(workshop: Workshop) -> None:
    """Ask the running indexer to build the index anew."""
    with workshop.catalog.begin() as uow:
        uow.notices.set(_REBUILD_NOTICE, "The search index is being built anew.", at=uow.clock.now())
        uow.commit()


def is_rebuild_pending(workshop: Workshop) -> bool:
    """Say whether a rebuild was asked for and has not begun."""
    with workshop.catalog.look() as uow:
        return _REBUILD_NOTICE in uow.notices.all()


def rebuild_here(workshop: Workshop) -> int:
    """Build the index anew in this process, to the end; return the number of documents.

    Raises:
        Busy: a running indexer holds the index.
    """
    engine, source = open_engine(workshop), CatalogOutbox(workshop)
    try:
        noted = rebuild_index(engine, source)
        drain_into(source, engine)
    finally:
        engine.close()
    return noted


def drain_outbox(workshop: Workshop, *, stop: StopRequest, announcer: Announcer) -> None:
    """Keep the index up with the catalog until asked to stop; nothing that fails ends it."""
    source: CatalogOutbox = CatalogOutbox(workshop)
    engine = open_engine(workshop)
    is_checked, checked_at = False, 0.0
    while not stop:
        try:
            if not is_checked or time.monotonic() - checked_at >= _CHECK_SECONDS:
                ensure_index(engine, source)
                is_checked, checked_at = True, time.monotonic()
            if is_rebuild_pending(workshop):
                rebuild_index(engine, source)
                with workshop.catalog.begin() as uow:
                    uow.notices.clear(_REBUILD_NOTICE)
                    uow.commit()
            done = drain_into(source, engine)
        except BackfileError as error:
            announcer.say("index", f"{error.what} {error.next_step}")
            is_checked = False
        except Exception:
            log.warning("the outbox could not be drained", exc_info=True)
            announcer.say("index", "The search index could not be written. It is tried again in a moment.")
            is_checked = False
        else:
            announcer.say("index", _broken_text(len(done.failed)))
        stop.wait(POLL_SECONDS if is_checked else 4 * POLL_SECONDS)
    engine.close()
    announcer.withdraw()


def _broken_text(count: int) -> str | None:
    return f"{count} documents cannot be indexed. Run: backfile verify" if count else None
