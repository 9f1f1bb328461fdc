from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from backfile.domain.document import DocumentState, FieldName, FieldValue, TypeGuess
from backfile.domain.page import PageQuality, PageReading, PageSource, PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, StoredPage
from backfile.errors import IntegrityViolated, ServerDown
from backfile.ports import IndexFilter
from search.engine import HeldDocument, IndexedDocument, SearchEngine
from search.indexer import (
    OutboxChange,
    build_indexed_document,
    drain_outbox,
    ensure_index,
    rebuild_index,
)
from search.memory_engine import MemoryEngine
from search.query import parse_query
from search.tantivy_engine import TantivyEngine
from tests.search.corpus import make_document, place_words

WHEN = dt.datetime(2020, 1, 2, tzinfo=dt.UTC)


class Crash(Exception):
    """The process ends here."""


class MemoryCatalog:
    """Documents and an outbox in memory."""

    def __init__(self) -> None:
        self.documents: dict[str, IndexedDocument] = {}
        self.unreadable: set[str] = set()
        self.changes: list[OutboxChange] = []
        self.crash_before_done = False
        self._seq = 0

    def save(self, document: IndexedDocument) -> None:
        self.documents[document.id] = document
        self.note(document.id, document.version)

    def note(self, document_id: str, version: int) -> None:
        self._seq += 1
        self.changes.append(OutboxChange(self._seq, document_id, version))

    def fetch(self, *, after: int, limit: int) -> Sequence[OutboxChange]:
        return [change for change in self.changes if change.seq > after][:limit]

    def load(self, document_ids: Sequence[str]) -> Sequence[IndexedDocument]:
        if self.unreadable.intersection(document_ids):
            raise IntegrityViolated("A reading is damaged.", next_step="Read the page again.")
        return [self.documents[one] for one in document_ids if one in self.documents]

    def mark_done(self, seqs: Sequence[int]) -> None:
        if self.crash_before_done:
            raise Crash
        self.changes = [change for change in self.changes if change.seq not in seqs]

    def note_all(self) -> int:
        for document in self.documents.values():
            self.note(document.id, document.version)
        return len(self.documents)


def find(engine: SearchEngine, text: str) -> set[str]:
    return {hit.page for hit in engine.search(parse_query(text), only=IndexFilter(), limit=1000).hits}


def test_every_change_is_carried_over_and_marked_done(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    for number in range(25):
        catalog.save(make_document(f"doc{number}", "fever", "cough"))
    result = drain_outbox(catalog, engine, batch=4)
    assert (result.changes, result.documents, result.pages, result.refused) == (25, 25, 50, 0)
    assert result.failed == ()
    assert catalog.changes == []
    assert len(find(engine, "fever")) == 25
    assert drain_outbox(catalog, engine).changes == 0


def test_several_changes_of_a_document_are_one(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    catalog.save(make_document("doc", "fever", version=1))
    catalog.save(make_document("doc", "cough", version=2))
    result = drain_outbox(catalog, engine)
    assert (result.changes, result.documents) == (2, 1)
    assert find(engine, "fever OR cough") == {"doc/1"}
    assert engine.versions() == {"doc": HeldDocument(2, 1)}


def test_a_crash_between_commit_and_done_is_harmless(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    for number in range(10):
        catalog.save(make_document(f"doc{number}", "fever"))
    catalog.crash_before_done = True
    with pytest.raises(Crash):
        drain_outbox(catalog, engine, batch=3)
    assert len(find(engine, "fever")) == 3
    catalog.crash_before_done = False
    result = drain_outbox(catalog, engine, batch=3)
    assert (result.changes, result.refused) == (10, 0)
    assert len(find(engine, "fever")) == 10
    assert catalog.changes == []


def test_documents_that_are_gone_or_have_no_pages_leave_the_index(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    for name in ("gone", "emptied", "kept"):
        catalog.save(make_document(name, "fever"))
    drain_outbox(catalog, engine)
    del catalog.documents["gone"]
    catalog.note("gone", 2)
    catalog.save(IndexedDocument("emptied", 2, ()))
    drain_outbox(catalog, engine)
    assert find(engine, "fever") == {"kept/1"}
    assert set(engine.versions()) == {"kept"}


def test_a_document_that_cannot_be_loaded_holds_up_no_other(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    for name in ("a", "bad", "c", "worse", "e"):
        catalog.save(make_document(name, "fever"))
    catalog.unreadable = {"bad", "worse"}
    result = drain_outbox(catalog, engine, batch=2)
    assert set(result.failed) == {"bad", "worse"}
    assert find(engine, "fever") == {"a/1", "c/1", "e/1"}
    assert [change.document_id for change in catalog.changes] == ["bad", "worse"]
    catalog.unreadable = set()
    assert drain_outbox(catalog, engine).changes == 2
    assert len(find(engine, "fever")) == 5


def test_an_older_state_of_the_catalog_is_refused_and_counted(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    catalog.save(make_document("doc", "fever", version=5))
    drain_outbox(catalog, engine)
    catalog.save(make_document("doc", "cough", version=4))
    assert drain_outbox(catalog, engine).refused == 1
    assert find(engine, "fever") == {"doc/1"}


def test_changes_stay_while_the_index_cannot_be_written(tmp_path: Path) -> None:
    catalog = MemoryCatalog()
    catalog.save(make_document("doc", "fever"))
    engine = TantivyEngine(tmp_path / "index")
    with pytest.raises(ServerDown):
        drain_outbox(catalog, engine)
    assert len(catalog.changes) == 1
    assert ensure_index(engine, catalog)
    drain_outbox(catalog, engine)
    assert find(engine, "fever") == {"doc/1"}
    assert catalog.changes == []
    engine.close()


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_an_unusable_index_is_begun_anew_with_every_document(tmp_path: Path, harm: str) -> None:
    catalog = MemoryCatalog()
    for number in range(12):
        catalog.save(make_document(f"doc{number}", "fever", version=number))
    engine = TantivyEngine(tmp_path / "index")
    ensure_index(engine, catalog)
    drain_outbox(catalog, engine)
    engine.close()
    for path in list((tmp_path / "index").iterdir()):
        if path.suffix in (".idx", ".json"):
            path.unlink() if harm == "missing" else path.write_bytes(b"\x00" * 40)
    assert ensure_index(engine, catalog)
    assert not ensure_index(engine, catalog)
    assert len(catalog.changes) == 12
    drain_outbox(catalog, engine)
    assert len(find(engine, "fever")) == 12
    engine.close()


def test_a_sound_index_is_left_alone(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    catalog.save(make_document("doc", "fever"))
    drain_outbox(catalog, engine)
    assert not ensure_index(engine, catalog)
    assert catalog.changes == []
    assert find(engine, "fever") == {"doc/1"}


def test_rebuilding_takes_lower_versions_too(engine: SearchEngine) -> None:
    catalog = MemoryCatalog()
    catalog.save(make_document("doc", "fever", version=9))
    drain_outbox(catalog, engine)
    catalog.documents["doc"] = make_document("doc", "cough", version=2)  # as after restoring a backup
    assert rebuild_index(engine, catalog) == 1
    drain_outbox(catalog, engine)
    assert find(engine, "cough") == {"doc/1"}
    assert engine.versions() == {"doc": HeldDocument(2, 1)}


# from domain values


def reading(text: str, *, reliable: bool = True) -> PageReading:
    quality = PageQuality(dpi=300, ink=0.1, contrast=0.9, sharpness=0.5, reliable=reliable)
    return PageReading(PageSource.OCR, place_words(text), 0, 0.0, False, quality, 2550, 3300)


def stored(state: DocumentState, **values: object) -> StoredDocument:
    defaults: dict[str, object] = {
        "id": "doc_1",
        "state": state,
        "reason": Reason.MRN_AND_NAME,
        "type": TypeGuess("progress_note", 0.9),
        "match": None,
        "fields": (FieldValue(FieldName.SERVICE_DATE, "2001-02-03", "2/3/01", 0.9, 1, (0, 0, 1, 1)),),
        "cut_reason": "first_page",
        "received_at": WHEN,
        "version": 4,
        "patient_id": "pat_1",
        "batch_id": "bat_1",
    }
    return StoredDocument(**(defaults | values))  # type: ignore[arg-type]


PAGES = [
    (StoredPage("pag_1", "fil_1", 1, PageState.FILED), reading("post-op fever")),
    (StoredPage("pag_2", "fil_1", 2, PageState.FILED), reading("dim words", reliable=False)),
    (StoredPage("pag_3", "fil_1", 3, PageState.FILED), None),
]


def test_a_document_is_indexed_as_the_catalog_holds_it() -> None:
    built = build_indexed_document(stored(DocumentState.FILED), PAGES)
    assert (built.id, built.version) == ("doc_1", 4)
    first, second, third = built.pages
    assert first.id == "pag_1"
    assert (first.patient, first.state, first.type) == ("pat_1", "filed", "progress_note")
    assert (first.service_date, first.batch, first.version) == ("2001-02-03", "bat_1", 4)
    assert first.tokens == "post op fever | postop fever"
    assert [page.reliable for page in (first, second, third)] == [True, False, False]
    assert third.tokens == ""


def test_what_a_document_does_not_have_is_empty() -> None:
    document = stored(DocumentState.REVIEW, patient_id=None, batch_id=None, fields=())
    built = build_indexed_document(document, PAGES)
    page = built.pages[0]
    assert (page.patient, page.batch, page.service_date, page.state) == ("", "", "", "review")


def test_removed_documents_have_no_pages_in_the_index() -> None:
    assert build_indexed_document(stored(DocumentState.REMOVED), PAGES).pages == ()


def test_a_memory_engine_serves_the_indexer_too() -> None:
    engine = MemoryEngine()
    catalog = MemoryCatalog()
    catalog.save(build_indexed_document(stored(DocumentState.FILED), PAGES))
    drain_outbox(catalog, engine)
    assert find(engine, "postop") == {"pag_1"}
