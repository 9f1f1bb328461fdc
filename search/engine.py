"""The seam behind which a search engine stands, and the rules that all engines share.

An engine holds documents as sets of pages. Putting a document replaces all of its pages at once; a lower
version never overwrites a higher one, also not after the document was taken out. What is put is found after
``commit``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from backfile.errors import UsageError
from backfile.ports import IndexAnswer, IndexedPage, IndexFilter
from search.query import QueryNode


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as the index holds it."""

    id: str
    version: int
    """From the catalog; at least 0."""
    pages: tuple[IndexedPage, ...]
    """All pages that are to be found; none takes the document out of the index."""


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """What the index holds of a document."""

    version: int
    pages: int


@dataclass(frozen=True, slots=True)
class IndexCount:
    """How much a search looks through."""

    pages: int
    unreliable: int
    """Pages of which words were probably missed when they were read."""


class SearchEngine(Protocol):
    """Holds pages and finds them.

    Every method raises ``ServerDown`` where the engine does not answer, its child ``IndexUnusable`` where the
    index is missing, damaged or of another version. Only ``clear`` makes an index: an engine that made one on
    its own would answer "nothing found" for all that it lost.
    """

    def check(self, *, deep: bool = False) -> None:
        """See whether the index can answer; ``deep`` also reads all of it and compares checksums."""

    def put_documents(self, documents: Sequence[IndexedDocument]) -> int:
        """Put or replace documents; return how many were refused as older than what is held.

        A page belongs to one document: it leaves the one that held it before.

        Raises:
            Busy: another process writes to the index.
            DiskFull: there is no room; what was put since the last commit is gone.
        """

    def commit(self) -> None:
        """Make what was put durable, then visible to every reader.

        Raises:
            DiskFull: there is no room; what was put since the last commit is gone.
        """

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        """Return the number of pages that answer, and the best ``limit`` of them, best first.

        Raises:
            UsageError: the limit is under 1, a date is none, or a beginning in a phrase fits too many words.
        """

    def count_pages(self, *, only: IndexFilter) -> IndexCount:
        """Return how many pages a search with this filter looks through."""

    def versions(self) -> dict[str, HeldDocument]:
        """Return every document that has pages in the index, as committed, for comparison."""

    def clear(self) -> None:
        """Throw the index away, whatever its condition, and begin an empty one.

        Raises:
            Busy: another process writes to it.
        """

    def close(self) -> None:
        """Let go of the index; what was not committed is gone."""


def day_number(date: str) -> int:
    """Return an ISO date as the number 19870312, 0 for what is no full date."""
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        return 0
    return day.year * 10_000 + day.month * 100 + day.day


def date_bounds(only: IndexFilter) -> tuple[int, int] | None:
    """Return the first and last day that a filter admits, as numbers; None where it admits any.

    Raises:
        UsageError: a bound is no date.
    """
    if not (only.date_from or only.date_to):
        return None
    first = day_number(only.date_from) if only.date_from else 1
    last = day_number(only.date_to) if only.date_to else 9999_99_99
    if not (first and last):
        raise UsageError("A date of the search is not one.", next_step="Write dates as 1987-03-12.")
    return first, last


def wanted_values(only: IndexFilter) -> dict[str, tuple[str, ...]]:
    """Return the fields of ``IndexedPage`` that a filter bounds, each with the values that it admits.

    Every engine holds them under these names.
    """
    fields = {"patient": only.patients, "type": only.types, "state": only.states, "batch": only.batches}
    return {field: values for field, values in fields.items() if values}


def is_admitted(page: IndexedPage, only: IndexFilter) -> bool:
    """Say whether a filter lets a page through; a page without a service date passes no date bound."""
    if any(getattr(page, field) not in values for field, values in wanted_values(only).items()):
        return False
    bounds = date_bounds(only)
    return bounds is None or bounds[0] <= day_number(page.service_date) <= bounds[1]


def check_limit(limit: int) -> None:
    """Refuse a limit that asks for nothing.

    Raises:
        UsageError: the limit is under 1.
    """
    if limit < 1:
        raise UsageError("The limit of a search is under 1.", next_step="Ask for at least one hit.")
