"""The embedded engine: tantivy in a folder of the home.

One process writes, any number read. The lock of the writer is the operating system's (``flock``), so a killed
writer leaves none behind; its uncommitted pages are gone, its committed ones are whole. A writer always
begins from the folder's newest commit: two writers with commits of their own in mind would throw each
other's files away. Readers look at ``meta.json`` before every search, so a commit is seen at once, and a
folder that vanished or changed its make is an error and never an empty answer.
"""

from __future__ import annotations

import fcntl
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

import tantivy

from backfile.errors import BackfileError, DiskFull, IndexUnusable, ServerDown, UsageError
from backfile.ports import IndexAnswer, IndexFilter, IndexHit
from search.engine import HeldDocument, IndexCount, IndexedDocument, check_limit, day_number
from search.query import QueryNode
from search.tantivy_errors import translated
from search.tantivy_files import META, WRITER_LOCK, check_make, check_sums
from search.tantivy_query import (
    KIND_GONE,
    KIND_PAGE,
    TOKENS,
    build_schema,
    compile_filter,
    compile_search,
    reliable_mark,
)

_FULL_BYTES = 16_000_000
"""With less room than this, a failed write is put down to the disk: the library does not always say so."""
_HEAP_BYTES = 64_000_000
"""Memory of the writing thread before it writes a segment; tantivy wants at least 15 MB."""


class TantivyEngine:
    """A ``SearchEngine`` on a folder; the first writing call takes the writer's lock, ``close`` ends it."""

    def __init__(self, folder: Path) -> None:
        """Use the index in ``folder``; nothing is opened or made yet."""
        self._folder = folder
        self._lock = RLock()
        self._schema = build_schema()
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int, int] | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._put: dict[str, int] = {}
        """Versions put since the last commit."""

    def check(self, *, deep: bool = False) -> None:
        """See whether the index can answer; deep, also whether every file is what was written."""
        with self._reading():
            if deep:
                check_sums(self._folder)

    def put_documents(self, documents: Sequence[IndexedDocument]) -> int:
        """Put or replace documents; return how many were refused as older than what is held."""
        refused = 0
        with self._lock, self._writing() as writer:
            searcher = self._searcher()
            for document in documents:
                held = self._put.get(document.id)
                if held is None:
                    held = self._held_version(searcher, document.id)
                if held is not None and held > document.version:
                    refused += 1
                    continue
                self._replace(writer, document)
        return refused

    def commit(self) -> None:
        """Make what was put durable and visible."""
        with self._lock, self._writing() as writer:
            writer.commit()
            self._put.clear()

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        """Return the pages that answer, best first."""
        check_limit(limit)
        with self._reading() as searcher:
            result = self._ask(searcher, compile_search(self._schema, query, only), limit)
            hits = []
            for score, address in result.hits:
                entry = searcher.doc(address)
                hits.append(IndexHit(_text(entry, "page"), _text(entry, "document"), float(score)))
        hits.sort(key=lambda hit: (-hit.score, hit.page))
        return IndexAnswer(_count(result), tuple(hits))

    def count_pages(self, *, only: IndexFilter) -> IndexCount:
        """Return how many pages a search with this filter looks through."""
        with self._reading() as searcher:
            pages = _count(searcher.search(compile_filter(self._schema, only), limit=1))
            unreliable = _count(searcher.search(compile_filter(self._schema, only, reliable=False), limit=1))
        return IndexCount(pages, unreliable)

    def versions(self) -> dict[str, HeldDocument]:
        """Return every document that has pages in the index."""
        with self._reading() as searcher:
            query = compile_filter(self._schema, IndexFilter())
            found = searcher.search(query, limit=max(1, searcher.num_docs), count=False)
            entries = [searcher.doc(address) for _, address in found.hits]
        versions = {_text(entry, "document"): int(entry.get_first("version") or 0) for entry in entries}
        pages = Counter(_text(entry, "document") for entry in entries)
        return {document: HeldDocument(version, pages[document]) for document, version in versions.items()}

    def clear(self) -> None:
        """Throw the index away, whatever its condition, and begin an empty one."""
        with self._lock:
            self.close()
            with translated():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _hold_lock(self._folder / WRITER_LOCK):
                    # meta.json goes first: without it there is no index, whatever else a crash leaves behind
                    for path in sorted(self._folder.iterdir(), key=lambda path: path.name != META):
                        if path.name != WRITER_LOCK and path.is_file():
                            path.unlink()
                    self._index = tantivy.Index(self._schema, path=str(self._folder))
            self._take_writer()

    def close(self) -> None:
        """Let go of the index; what was not committed is gone."""
        with self._lock:
            self._writer = self._index = self._seen = None
            self._put.clear()

    # reading

    @contextmanager
    def _reading(self) -> Iterator[tantivy.Searcher]:
        with translated():
            with self._lock:
                searcher = self._searcher()
            yield searcher

    def _searcher(self) -> tantivy.Searcher:
        """Return a view of the newest commit."""
        now = self._look()
        if self._index is None or (now != self._seen and self._writer is None):
            self._index = self._open()
        elif now != self._seen:
            self._index.reload()
        self._seen = now
        return self._index.searcher()

    def _look(self) -> tuple[int, int, int]:
        """Return what changes with every commit of any process."""
        try:
            stat = (self._folder / META).stat()
        except (FileNotFoundError, NotADirectoryError):
            self._index = None
            raise IndexUnusable("The search index is missing.") from None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _open(self) -> tantivy.Index:
        self._look()
        check_make(self._folder)
        return tantivy.Index.open(str(self._folder))

    def _ask(self, searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> tantivy.SearchResult:
        try:
            return searcher.search(query, limit=max(1, min(limit, searcher.num_docs)))
        except ValueError as error:
            if "max expansions" in str(error):
                raise UsageError(
                    "Too many words of the index begin like a word of the phrase.",
                    next_step="Type more of the word before the star.",
                ) from None
            raise

    # writing

    def _take_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            with translated():
                # never the index this reader has open: it may stem from before another writer's commit
                self._index, self._seen = self._open(), None
                self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        return self._writer

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """Lend the writer; one that failed is let go, and with it all that was put since the last commit."""
        try:
            with translated():
                yield self._take_writer()
        except IndexUnusable:
            self.close()
            raise self._judge_failure() from None
        except BackfileError:
            self.close()
            raise

    def _judge_failure(self) -> BackfileError:
        """Tell why writing failed: an index that can still be read is not to be thrown away for it."""
        try:
            if shutil.disk_usage(self._folder).free < _FULL_BYTES:
                return DiskFull()
            self.check()
        except BackfileError as error:
            return error
        except OSError:
            return IndexUnusable("The search index is missing.")
        return ServerDown(
            "The search index could not be written.",
            next_step="It is tried again; if that fails too, look at the disk, then run `backfile reindex`.",
        )

    def _held_version(self, searcher: tantivy.Searcher, document: str) -> int | None:
        query = tantivy.Query.term_query(self._schema, "document", document, "basic")
        found = searcher.search(query, limit=1, count=False).hits
        if not found:
            return None
        value = searcher.fast_field_values("version", [found[0][1]])[0]
        return None if value is None else int(value)

    def _replace(self, writer: tantivy.IndexWriter, document: IndexedDocument) -> None:
        writer.delete_documents_by_term("document", document.id)
        if not document.pages:
            entry = tantivy.Document(document=document.id, kind=KIND_GONE)
            entry.add_unsigned("version", document.version)
            writer.add_document(entry)
        for page in document.pages:
            writer.delete_documents_by_term("page", page.id)
            entry = tantivy.Document(
                page=page.id,
                document=document.id,
                kind=KIND_PAGE,
                patient=page.patient,
                state=page.state,
                type=page.type,
                batch=page.batch,
                reliable=reliable_mark(page.reliable),
            )
            entry.add_text(TOKENS, page.tokens)
            entry.add_unsigned("day", day_number(page.service_date))
            entry.add_unsigned("version", document.version)
            writer.add_document(entry)
        self._put[document.id] = document.version


def _count(result: tantivy.SearchResult) -> int:
    count: int = result.count  # type: ignore[attr-defined]  # left out of the library's stub
    return count


def _text(entry: tantivy.Document, field: str) -> str:
    return str(entry.get_first(field))


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    """Hold the writer's lock as tantivy itself does, so that nobody writes meanwhile."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
