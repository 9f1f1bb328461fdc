"""What a search found, within one chart or in all: hits, facets, and what could not be searched.

Unlike ``search.find`` this keeps all hits of a chart at hand for the facets, and reads the words only of the
hits that are shown. Both hold every hit against the catalog before it is shown.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import DocumentState
from backfile.ports import HitWord, IndexFilter, IndexHit
from backfile.store.charts import ChartPage, ChartRepository
from backfile.store.unit_of_work import UnitOfWork
from search.engine import SearchEngine
from search.highlight import highlight_page
from search.query import QueryNode, parse_query

MAX_HITS = 2000
"""Hits from which facets are counted; a chart with more says so."""
SHOWN_AT_ONCE = 20
UNDATED = ""


class Order(StrEnum):
    """How hits are sorted."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class HitFilter:
    """What of the hits is shown; empty means all."""

    types: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    """Years of service with four digits, ``UNDATED`` for documents without a date."""

    def admits(self, page: ChartPage) -> bool:
        """Say whether a page is shown."""
        return self.admits_type(page) and self.admits_year(page)

    def admits_type(self, page: ChartPage) -> bool:
        """Say whether a page's type is wanted."""
        return not self.types or page.type in self.types

    def admits_year(self, page: ChartPage) -> bool:
        """Say whether a page's year is wanted."""
        return not self.years or year_of(page) in self.years


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that answers."""

    page: ChartPage
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """Offsets of the hit words in the snippet."""
    words: tuple[HitWord, ...]
    """In reading order."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Hits that one choice of a filter would leave, the other filter applied."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search looked through, so that "not found" can be judged."""

    pages_readable: int
    """Pages searched whose words were probably all read."""
    pages_unreliable: int
    """Pages searched of which words were probably missed."""
    documents_waiting: int
    """Documents that wait for a person; any may be this patient's."""
    documents_likely: int
    """Of these, those that have this patient among their candidates."""
    documents_unindexed: int
    """Filed documents of the chart that are on their way into the index."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one search."""

    total: int
    """Pages that answer."""
    shown_total: int
    """Of these, pages that the filter lets through."""
    hits: tuple[Hit, ...]
    next_offset: int | None
    """Where the next hits begin; None at the end."""
    types: tuple[Facet, ...]
    """Most hits first."""
    years: tuple[Facet, ...]
    """Newest first, undated last."""
    are_facets_partial: bool
    """There are more hits than facets are counted from."""
    looked: Looked
    took_ms: float


def find_hits(
    text: str,
    *,
    engine: SearchEngine,
    uow: UnitOfWork,
    records: Sequence[str] = (),
    only: HitFilter = HitFilter(),  # frozen
    order: Order = Order.BEST,
    offset: int = 0,
    limit: int = SHOWN_AT_ONCE,
) -> Found:
    """Return the pages of filed documents that answer.

    Args:
        text: the query.
        engine: the index.
        uow: the catalog, which has the last word.
        records: ids of the person whose chart is searched; none searches all charts.
        only: what of the hits is shown.
        order: how they are sorted.
        offset: hits of the filtered list to leave out.
        limit: hits to show.

    Raises:
        UsageError: the query holds nothing to look for.
        ServerDown: the index does not answer; that is never an empty answer.
    """
    begun = time.perf_counter()
    query = parse_query(text)
    within = IndexFilter(patients=tuple(records), states=(DocumentState.FILED.value,))
    answer = engine.search(query, only=within, limit=MAX_HITS)
    searched = engine.count_pages(only=within)
    charts = ChartRepository(uow.connection)
    pages = _confirm(answer.hits, charts, frozenset(records))
    admitted = _sort([page for page in pages if only.admits(page)], order)
    hits, end = _take_shown(admitted[offset:], query, uow, limit)
    waiting = charts.count_waiting(records)
    return Found(
        total=answer.total - (len(answer.hits) - len(pages)),
        shown_total=len(admitted),
        hits=hits,
        next_offset=offset + end if offset + end < len(admitted) else None,
        types=_count_types(pages, only),
        years=_count_years(pages, only),
        are_facets_partial=answer.total > len(answer.hits),
        looked=Looked(
            pages_readable=searched.pages - searched.unreliable,
            pages_unreliable=searched.unreliable,
            documents_waiting=waiting.for_person,
            documents_likely=waiting.likely_here,
            documents_unindexed=waiting.for_index,
        ),
        took_ms=round((time.perf_counter() - begun) * 1000, 1),
    )


def year_of(page: ChartPage) -> str:
    """Return the year of service, ``UNDATED`` where there is none."""
    return page.service_date[:4]


def _confirm(found: Sequence[IndexHit], charts: ChartRepository, records: frozenset[str]) -> list[ChartPage]:
    """Leave out what was moved, removed or changed since it was indexed."""
    known = charts.locate(hit.page for hit in found)
    pages = []
    for hit in found:
        page = known.get(hit.page)
        if page is None or page.document != hit.document or page.state is not DocumentState.FILED:
            continue
        if not records or page.patient in records:
            pages.append(page)
    return pages


def _sort(pages: list[ChartPage], order: Order) -> list[ChartPage]:
    if order is Order.BEST:
        return pages
    by_place = sorted(pages, key=lambda page: (page.document, page.position))
    is_newest = order is Order.NEWEST
    dated = [page for page in by_place if page.service_date]
    undated = [page for page in by_place if not page.service_date]
    return sorted(dated, key=lambda page: page.service_date, reverse=is_newest) + undated


def _take_shown(
    pages: Sequence[ChartPage], query: QueryNode, uow: UnitOfWork, limit: int
) -> tuple[tuple[Hit, ...], int]:
    """Return the first ``limit`` pages whose words still answer, and how many pages that took."""
    hits: list[Hit] = []
    for at, page in enumerate(pages):
        if len(hits) == limit:
            return tuple(hits), at
        reading = uow.pages.reading_of(page.id)
        if reading is None:
            continue
        shown = highlight_page(reading.words, query)
        if shown.is_answer:
            hits.append(Hit(page, shown.snippet.text, shown.snippet.marks, shown.words))
    return tuple(hits), len(pages)


def _count_types(pages: Sequence[ChartPage], only: HitFilter) -> tuple[Facet, ...]:
    counts = _count(pages, of=lambda page: page.type, where=only.admits_year)
    return tuple(Facet(v, n) for v, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _count_years(pages: Sequence[ChartPage], only: HitFilter) -> tuple[Facet, ...]:
    counts = _count(pages, of=year_of, where=only.admits_type)
    return tuple(Facet(year, counts[year]) for year in sorted(counts, reverse=True))


def _count(
    pages: Sequence[ChartPage], *, of: Callable[[ChartPage], str], where: Callable[[ChartPage], bool]
) -> Counter[str]:
    """Count by one thing; values that the other filter leaves without a hit stay, with 0."""
    counts = Counter({of(page): 0 for page in pages})
    counts.update(of(page) for page in pages if where(page))
    return counts
