"""The one writer: carries changed documents from the catalog's outbox into the index.

The index is a projection. A change is marked done only after the engine has made it durable, so a crash in
between puts the same documents once more, which changes nothing. The catalog is asked for a document as it
is *now*, not as it was when the change was noted, so order and repetition of changes do not matter.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from backfile.domain.document import DocumentState, FieldName
from backfile.domain.page import PageReading
from backfile.domain.records import StoredDocument, StoredPage
from backfile.errors import BadInput, IndexUnusable, IntegrityViolated
from backfile.ports import IndexedPage
from search.analysis import join_page
from search.engine import IndexedDocument, SearchEngine

log = logging.getLogger(__name__)

MAX_BATCH = 200
"""Documents in one commit."""


@dataclass(frozen=True, slots=True)
class OutboxChange:
    """One change of a document that the index does not know yet."""

    seq: int
    """Grows with every change."""
    document_id: str
    version: int


class OutboxSource(Protocol):
    """What the indexer needs of the catalog. Each call is a transaction of its own."""

    def fetch(self, *, after: int, limit: int) -> Sequence[OutboxChange]:
        """Return the oldest changes not done, with ``seq`` above ``after``, by ``seq``."""

    def load(self, document_ids: Sequence[str]) -> Sequence[IndexedDocument]:
        """Return the documents as they are now, by ``build_indexed_document``; unknown ones are left out.

        Raises:
            IntegrityViolated: what is stored of one of them cannot be read.
        """

    def mark_done(self, seqs: Sequence[int]) -> None:
        """Forget changes: they are durably in the index."""

    def note_all(self) -> int:
        """Note a change for every document; return how many."""


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one pass over the outbox did."""

    changes: int = 0
    """Marked done."""
    documents: int = 0
    pages: int = 0
    refused: int = 0
    """Documents that the index holds in a higher version."""
    failed: tuple[str, ...] = ()
    """Ids of documents that could not be loaded; their changes stay and are tried again in the next pass."""
    seconds: float = 0.0


def ensure_index(engine: SearchEngine, source: OutboxSource) -> bool:
    """Make sure that there is an index which can answer; return whether it had to be begun anew.

    First every document is noted, then the empty index is made: after a crash between the two, all are noted
    twice, and none is missing.

    Raises:
        ServerDown: the engine does not answer.
        Busy: another process writes to the index.
    """
    try:
        engine.check()
    except IndexUnusable:
        rebuild_index(engine, source)
        return True
    return False


def rebuild_index(engine: SearchEngine, source: OutboxSource) -> int:
    """Throw the index away and note every document for it; return how many. ``drain_outbox`` does the rest.

    Raises:
        ServerDown: the engine does not answer.
        Busy: another process writes to the index.
    """
    noted = source.note_all()
    engine.clear()
    return noted


def drain_outbox(source: OutboxSource, engine: SearchEngine, *, batch: int = MAX_BATCH) -> DrainResult:
    """Bring every change that waits into the index, in one pass.

    A document that cannot be loaded holds up no other: it is named in the result and its change stays.

    Raises:
        ServerDown: the engine does not answer; nothing is lost, changes not done stay.
        Busy: another process writes to the index.
        DiskFull: there is no room for the index; changes not done stay.
    """
    begun = time.perf_counter()
    done = documents = pages = refused = after = 0
    failed: list[str] = []
    while changes := source.fetch(after=after, limit=batch):
        after = changes[-1].seq
        loaded, broken = _load_documents(source, _latest_versions(changes))
        refused += engine.put_documents(loaded)
        engine.commit()
        settled = [change.seq for change in changes if change.document_id not in broken]
        source.mark_done(settled)
        failed += broken
        done += len(settled)
        documents += len(loaded)
        pages += sum(len(document.pages) for document in loaded)
    return DrainResult(done, documents, pages, refused, tuple(failed), time.perf_counter() - begun)


def build_indexed_document(
    document: StoredDocument, pages: Sequence[tuple[StoredPage, PageReading | None]]
) -> IndexedDocument:
    """Return a document as the index takes it, all words analysed.

    Removed documents have no pages in the index. A page that could not be read is there without words: it
    counts among the unreliable pages of a search.

    Args:
        document: as the catalog holds it.
        pages: those of the document, each with what was read from it.
    """
    if document.state is DocumentState.REMOVED:
        return IndexedDocument(document.id, document.version, ())
    service_date = document.field(FieldName.SERVICE_DATE)
    return IndexedDocument(
        document.id,
        document.version,
        tuple(
            IndexedPage(
                id=page.id,
                document=document.id,
                version=document.version,
                patient=document.patient_id or "",
                state=document.state.value,
                type=document.type.name,
                service_date=service_date,
                batch=document.batch_id or "",
                tokens=join_page([word.text for word in reading.words]) if reading else "",
                reliable=reading is not None and reading.quality.reliable,
            )
            for page, reading in pages
        ),
    )


def _latest_versions(changes: Sequence[OutboxChange]) -> dict[str, int]:
    """Return each changed document once, with its highest version."""
    versions: dict[str, int] = {}
    for change in changes:
        versions[change.document_id] = max(change.version, versions.get(change.document_id, 0))
    return versions


def _load_documents(
    source: OutboxSource, versions: dict[str, int]
) -> tuple[list[IndexedDocument], list[str]]:
    """Return the documents, unknown ones without pages, and the ids of those that cannot be loaded."""
    broken: list[str] = []
    try:
        loaded = list(source.load(list(versions)))
    except (IntegrityViolated, BadInput):
        loaded = []
        for document_id in versions:  # one by one, to find the culprit
            try:
                loaded += source.load([document_id])
            except (IntegrityViolated, BadInput) as error:
                log.error("document %s cannot be indexed: %s", document_id, type(error).__name__)
                broken.append(document_id)
    known = {document.id for document in loaded} | set(broken)
    loaded += [IndexedDocument(gone, version, ()) for gone, version in versions.items() if gone not in known]
    return loaded, broken
