"""The distributed engine: a site's Elasticsearch.

Putting gathers documents in memory; ``commit`` writes them and makes all visible at once. One process of a
home writes, any number read. The version of a document stands as the external version of its own entry,
which stays when the document is taken out, so Elasticsearch itself refuses a lower one. A page's entry is
written only if nobody changed it since it was looked at: a request of a killed writer that arrives late
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from elasticsearch import Elasticsearch

from backfile.errors import BackfileError, Busy, IndexUnusable
from backfile.ids import new_id
from backfile.ports import IndexAnswer, IndexFilter, IndexHit
from search.elastic_bulk import send_lines
from search.elastic_client import ElasticAccess, connect
from search.elastic_errors import partial_answer, translated
from search.elastic_mapping import MAPPING, SETTINGS, alias_name, is_our_make, root_name
from search.elastic_plan import EntryStore, plan_changes
from search.elastic_query import compile_filter, compile_search
from search.elastic_scan import read_held_documents, read_listed_documents
from search.engine import HeldDocument, IndexCount, IndexedDocument, check_limit
from search.query import QueryNode
from search.writer_lock import WriterLock

MAX_WINDOW = 10_000
"""Hits of one request; more are fetched in turns."""
SEARCH_SECONDS = "8s"
"""What the server gives itself; then it says that it could not look through everything."""
_ROUNDS = 5
"""How often a change is planned anew because somebody else changed the same entries meanwhile."""


class ElasticEngine:
    """A ``SearchEngine`` on a server; the first writing call takes the writer's lock, ``close`` ends it."""

    def __init__(self, access: ElasticAccess, *, home_id: str, lock: Path) -> None:
        """Use the index of a home; nothing is sent yet.

        Args:
            access: where the server is and how to sign in.
            home_id: tells the indexes of several homes on one server apart; lower-case letters and digits.
            lock: file in the home that keeps its processes from writing at the same time.

        Raises:
            UsageError: the settings of the access cannot be meant.
        """
        self._access = access
        self._root, self._alias = root_name(home_id), alias_name(home_id)
        self._lock = RLock()
        self._writer = WriterLock(lock)
        self._client: Elasticsearch | None = connect(access)
        self._put: dict[str, IndexedDocument] = {}
        """What was put since the last commit."""
        self._put_pages: dict[str, str] = {}
        """Document of each page in it."""

    def check(self, *, deep: bool = False) -> None:
        """See whether the index can answer; deep, also whether each document has all of its pages."""
        client = self._connected()
        with translated():
            self._check_make(client)
            client.search(index=self._alias, size=0, allow_partial_search_results=False)
            if deep and read_held_documents(client, self._alias) != read_listed_documents(
                client, self._alias
            ):
                raise IndexUnusable("The search index is damaged.")

    def put_documents(self, documents: Sequence[IndexedDocument]) -> int:
        """Put or replace documents; return how many were refused as older than what is held."""
        refused = 0
        with self._writing() as store:
            held = store.versions([document.id for document in documents])
            for document in documents:
                put = self._put.get(document.id)
                newest = put.version if put else held.get(document.id)
                if newest is not None and newest > document.version:
                    refused += 1
                else:
                    self._gather(document)
        return refused

    def commit(self) -> None:
        """Make what was put durable and visible."""
        with self._writing() as store:
            self._write(dict(self._put), store)
            self._refresh()
            self._put.clear()
            self._put_pages.clear()

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        """Return the pages that answer, best first."""
        check_limit(limit)
        request: dict[str, Any] = {
            "query": compile_search(query, only),
            "sort": [{"_score": "desc"}, {"page": "asc"}],
            "source": False,
            "docvalue_fields": ["page", "document"],
            "track_total_hits": True,
            "allow_partial_search_results": False,
            "timeout": SEARCH_SECONDS,
        }
        client = self._connected()
        with translated():
            answer = _whole(client.search(index=self._alias, size=min(limit, MAX_WINDOW), **request))
            total = int(answer["hits"]["total"]["value"])
            found = list(answer["hits"]["hits"])
            if min(total, limit) > len(found):
                total, found = self._search_on(client, request, limit)
        hits = tuple(
            IndexHit(hit["fields"]["page"][0], hit["fields"]["document"][0], float(hit["sort"][0]))
            for hit in found
        )
        return IndexAnswer(total, hits)

    def count_pages(self, *, only: IndexFilter) -> IndexCount:
        """Return how many pages a search with this filter looks through."""
        request = compile_filter(only)
        with translated():
            answer = _whole(
                self._connected().search(
                    index=self._alias,
                    query=request,
                    aggs={"unreliable": {"filter": {"term": {"reliable": False}}}},
                    size=0,
                    track_total_hits=True,
                    allow_partial_search_results=False,
                    timeout=SEARCH_SECONDS,
                )
            )
        return IndexCount(
            int(answer["hits"]["total"]["value"]), int(answer["aggregations"]["unreliable"]["doc_count"])
        )

    def versions(self) -> dict[str, HeldDocument]:
        """Return every document that has pages in the index."""
        with translated():
            return read_held_documents(self._connected(), self._alias)

    def clear(self) -> None:
        """Begin an empty index, let the alias point to it, and delete the old one, in one step."""
        with self._lock:
            self._abandon()
            self._writer.take()
            client = self._connected()
            new = f"{self._alias}-{new_id('i').removeprefix('i_').lower()}"
            with translated():
                client.indices.create(index=new, mappings=MAPPING, settings=SETTINGS)
                old = client.indices.get_alias(index=f"{self._root}-*", expand_wildcards="all")
                client.indices.update_aliases(
                    actions=[
                        {"add": {"index": new, "alias": self._alias}},
                        *({"remove_index": {"index": name}} for name in old if name != new),
                    ]
                )

    def drop(self) -> None:
        """Remove every index of the home from the server: the home is going away."""
        with self._lock:
            self.close()
            self._writer.take()
            client = self._connected()
            with translated():
                old = list(client.indices.get_alias(index=f"{self._root}-*", expand_wildcards="all"))
                if old:
                    client.indices.delete(index=old)
            self.close()

    def close(self) -> None:
        """Let go of the index; what was not committed is gone."""
        with self._lock:
            self._abandon()
            if self._client is not None:
                self._client.close()
                self._client = None

    # reading

    def _connected(self) -> Elasticsearch:
        with self._lock:
            if self._client is None:
                self._client = connect(self._access)
            return self._client

    def _check_make(self, client: Elasticsearch) -> None:
        found = client.indices.get(
            index=f"{self._root}-*", expand_wildcards="all", features="aliases,mappings"
        )
        ours = [made for made in found.body.values() if self._alias in made["aliases"]]
        if not ours:
            what = "was made by another version" if found.body else "is missing"
            raise IndexUnusable(f"The search index {what}.")
        if len(ours) > 1 or not is_our_make(ours[0]["mappings"]):
            raise IndexUnusable("The search index is damaged.")

    def _search_on(
        self, client: Elasticsearch, request: dict[str, Any], limit: int
    ) -> tuple[int, list[dict[str, Any]]]:
        """Fetch more hits than one request may bring, all from one state of the index."""
        found: list[dict[str, Any]] = []
        view = client.open_point_in_time(index=self._alias, keep_alive="1m")["id"]
        try:
            while True:
                turn = dict(request)
                if found:
                    turn["search_after"] = found[-1]["sort"]
                answer = _whole(
                    client.search(
                        pit={"id": view, "keep_alive": "1m"},
                        size=min(limit - len(found), MAX_WINDOW),
                        **turn,
                    )
                )
                hits = answer["hits"]["hits"]
                found += hits
                if not hits or len(found) >= limit:
                    return int(answer["hits"]["total"]["value"]), found
        finally:
            with suppress(BackfileError), translated():
                client.close_point_in_time(id=view)

    # writing

    @contextmanager
    def _writing(self) -> Iterator[EntryStore]:
        """Lend the entries for this process alone to change; a failure throws away what was put."""
        with self._lock:
            try:
                if not self._writer.is_held:
                    self._writer.take()
                    self.check()
                yield EntryStore(self._connected(), self._alias)
            except BackfileError:
                self._abandon()
                raise

    def _abandon(self) -> None:
        self._put.clear()
        self._put_pages.clear()
        self._writer.release()

    def _gather(self, document: IndexedDocument) -> None:
        """Note a document; it takes its pages from those put before it."""
        before = self._put.pop(document.id, None)
        for page in before.pages if before else ():
            self._put_pages.pop(page.id, None)
        for page in document.pages:
            loser = self._put.get(self._put_pages.get(page.id, ""))
            if loser is not None:
                left = tuple(other for other in loser.pages if other.id != page.id)
                self._put[loser.id] = IndexedDocument(loser.id, loser.version, left)
            self._put_pages[page.id] = document.id
        self._put[document.id] = document

    def _write(self, documents: dict[str, IndexedDocument], store: EntryStore) -> None:
        client = self._connected()
        for _ in range(_ROUNDS):
            if not documents:
                return
            plan = plan_changes(documents, store)
            for newer in send_lines(plan.documents, client=client, alias=self._alias):
                documents.pop(newer, None)
            lines = (line for line in plan.pages if line.subject in documents)
            changed = send_lines(lines, client=client, alias=self._alias)
            documents = {key: documents[key] for key in documents if key in changed}
        if documents:
            raise Busy(
                "Another process writes to the search index.",
                next_step="See that only one indexer runs; it is tried again.",
            )

    def _refresh(self) -> None:
        with translated():
            answer = self._connected().indices.refresh(index=self._alias)
            if answer["_shards"]["failed"]:
                raise partial_answer()


def _whole(answer: Any) -> Any:
    """Return an answer, if it covers the whole index."""
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise partial_answer()
    return answer
