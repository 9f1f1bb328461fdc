"""An engine in plain Python: the reference that every other engine must agree with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import RLock

from backfile.ports import IndexAnswer, IndexedPage, IndexFilter, IndexHit
from search.engine import HeldDocument, IndexCount, IndexedDocument, check_limit, date_bounds, is_admitted
from search.match import PageTokens, find_spans, is_match, wanted_leaves
from search.query import QueryNode

_K1 = 1.2
_B = 0.75
"""BM25 with the customary constants (Robertson, Zaragoza, "The Probabilistic Relevance Framework", 2009)."""


@dataclass(slots=True)
class _State:
    """Pages by document, and the version of every document ever put."""

    pages: dict[str, dict[str, tuple[IndexedPage, PageTokens]]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    """Document of each page."""

    def copy(self) -> _State:
        return _State(
            {key: dict(value) for key, value in self.pages.items()}, dict(self.versions), dict(self.home)
        )

    def every(self) -> list[tuple[IndexedPage, PageTokens]]:
        return [entry for pages in self.pages.values() for entry in pages.values()]


class MemoryEngine:
    """A ``SearchEngine`` in this process; it forgets everything with it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = RLock()
        self._committed = _State()
        self._pending = _State()

    def check(self, *, deep: bool = False) -> None:
        """Be there: nothing can be wrong with it."""

    def put_documents(self, documents: Sequence[IndexedDocument]) -> int:
        """Put or replace documents; return how many were refused."""
        refused = 0
        with self._lock:
            for document in documents:
                if self._pending.versions.get(document.id, -1) > document.version:
                    refused += 1
                else:
                    _replace(self._pending, document)
        return refused

    def commit(self) -> None:
        """Make what was put visible."""
        with self._lock:
            self._committed = self._pending.copy()

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        """Return the pages that answer, best first."""
        check_limit(limit)
        date_bounds(only)
        every = self._committed.every()
        found = [
            (page, tokens) for page, tokens in every if is_admitted(page, only) and is_match(query, tokens)
        ]
        scores = _score([tokens for _, tokens in every], [tokens for _, tokens in found], query)
        hits = [
            IndexHit(page.id, page.document, score) for (page, _), score in zip(found, scores, strict=True)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.page))
        return IndexAnswer(len(hits), tuple(hits[:limit]))

    def count_pages(self, *, only: IndexFilter) -> IndexCount:
        """Return how many pages a search with this filter looks through."""
        date_bounds(only)
        pages = [page for page, _ in self._committed.every() if is_admitted(page, only)]
        return IndexCount(len(pages), sum(not page.reliable for page in pages))

    def versions(self) -> dict[str, HeldDocument]:
        """Return every document that has pages."""
        held = self._committed
        return {
            key: HeldDocument(held.versions[key], len(pages)) for key, pages in held.pages.items() if pages
        }

    def clear(self) -> None:
        """Begin an empty index."""
        with self._lock:
            self._committed, self._pending = _State(), _State()

    def close(self) -> None:
        """Forget what was not committed."""
        with self._lock:
            self._pending = self._committed.copy()


def _replace(state: _State, document: IndexedDocument) -> None:
    for old in state.pages.pop(document.id, {}):
        del state.home[old]
    for page in document.pages:
        if page.id in state.home:
            _take_from(state, state.home[page.id], page.id)
        state.home[page.id] = document.id
        state.pages.setdefault(document.id, {})[page.id] = (page, PageTokens.of(page.tokens))
    state.versions[document.id] = document.version


def _take_from(state: _State, document: str, page: str) -> None:
    del state.pages[document][page]
    if not state.pages[document]:
        del state.pages[document]
        state.versions.pop(document, None)


def _score(every: list[PageTokens], found: list[PageTokens], query: QueryNode) -> list[float]:
    """Return BM25 of each found page, a phrase counting as a word."""
    if not found:
        return []
    mean_size = sum(len(page.sequence) for page in every) / len(every) or 1.0
    rarity = [
        math.log(1 + (len(every) - holding + 0.5) / (holding + 0.5))
        for leaf in wanted_leaves(query)
        if (holding := sum(is_match(leaf, page) for page in every)) >= 0
    ]
    scores = []
    for page in found:
        counts = [0] * len(rarity)
        for span in find_spans(query, page):
            counts[span.leaf] += 1
        norm = _K1 * (1 - _B + _B * len(page.sequence) / mean_size)
        scores.append(sum(idf * n * (_K1 + 1) / (n + norm) for idf, n in zip(rarity, counts, strict=True)))
    return scores
