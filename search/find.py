"""A search from the words typed to the hits shown."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from backfile.domain.document import DocumentState
from backfile.domain.geometry import Box
from backfile.domain.page import Word
from backfile.ports import HitWord, IndexedPage, IndexFilter, IndexHit
from search.engine import SearchEngine, check_limit, is_admitted
from search.highlight import highlight_page
from search.query import QueryNode, parse_query

DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of a hit, as the catalog holds it now."""

    id: str
    document: str
    number: int
    """In the document, from 1."""
    file: str
    """Name of the received file, relative to its inbox or argument."""
    file_page: int
    """In the file, from 1."""
    words: tuple[Word, ...]
    patient: str
    """Patient id, "" where none."""
    mrn: str
    """"" where the document is not filed."""
    type: str
    service_date: str
    """ISO, "" where none."""
    state: DocumentState
    batch: str = ""


class PageSource(Protocol):
    """What a search needs of the catalog."""

    def load_pages(self, page_ids: Sequence[str]) -> Mapping[str, FoundPage]:
        """Return the pages by id; those that are in no document any more are left out."""

    def count_waiting(self, *, only: IndexFilter) -> int:
        """Return how many documents the search could not look at: they wait for a person or for the index."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a search looked through, so that "nothing found" can be judged."""

    pages_searched: int
    pages_unreliable: int
    """Of these, pages whose words were probably not all read."""
    documents_waiting: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One page that answers."""

    document: str
    page_id: str
    page: int
    """In the document, from 1."""
    file: str
    file_page: int
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """Offsets of the hit words in the snippet."""
    words: tuple[HitWord, ...]
    mrn: str
    type: str
    service_date: str

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the hit words stand on the page."""
        return tuple(word.box for word in self.words)


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a search found."""

    total: int
    """Pages that answer."""
    took_ms: float
    coverage: Coverage
    hits: tuple[SearchHit, ...]
    """Best first."""


def find_pages(
    text: str,
    *,
    engine: SearchEngine,
    pages: PageSource,
    only: IndexFilter = IndexFilter(),  # noqa: B008  # frozen
    limit: int = DEFAULT_LIMIT,
) -> SearchAnswer:
    """Return the pages that answer a query, best first; only of filed documents unless states are given.

    The index may be a moment behind the catalog. So each hit is held against the catalog before it is shown:
    a page that was moved to another patient, removed or changed meanwhile is left out.

    Raises:
        UsageError: the query holds nothing to look for, or the filter or limit is wrong.
        ServerDown: the index does not answer; that is never an empty answer.
    """
    begun = time.perf_counter()
    check_limit(limit)
    query = parse_query(text)
    only = only if only.states else replace(only, states=(DocumentState.FILED.value,))
    wanted = limit
    while True:
        answer = engine.search(query, only=only, limit=wanted)
        hits = _confirm_hits(answer.hits, pages, query, only)
        stale = len(answer.hits) - len(hits)
        if len(hits) >= limit or len(answer.hits) < wanted:
            break
        wanted = 2 * wanted + stale
    looked = engine.count_pages(only=only)
    return SearchAnswer(
        total=answer.total - stale,
        took_ms=round((time.perf_counter() - begun) * 1000, 1),
        coverage=Coverage(looked.pages, looked.unreliable, pages.count_waiting(only=only)),
        hits=tuple(hits[:limit]),
    )


def _confirm_hits(
    found: Sequence[IndexHit], pages: PageSource, query: QueryNode, only: IndexFilter
) -> list[SearchHit]:
    known = pages.load_pages([hit.page for hit in found]) if found else {}
    hits: list[SearchHit] = []
    for hit in found:
        page = known.get(hit.page)
        if page is None or page.document != hit.document or not is_admitted(_as_indexed(page), only):
            continue
        shown = highlight_page(page.words, query)
        if shown.is_answer:
            hits.append(
                SearchHit(
                    document=page.document,
                    page_id=page.id,
                    page=page.number,
                    file=page.file,
                    file_page=page.file_page,
                    score=hit.score,
                    snippet=shown.snippet.text,
                    marks=shown.snippet.marks,
                    words=shown.words,
                    mrn=page.mrn,
                    type=page.type,
                    service_date=page.service_date,
                )
            )
    return hits


def _as_indexed(page: FoundPage) -> IndexedPage:
    return IndexedPage(
        id=page.id,
        document=page.document,
        version=0,
        patient=page.patient,
        state=page.state.value,
        type=page.type,
        service_date=page.service_date,
        batch=page.batch,
        tokens="",
        reliable=True,
    )
