"""The seams where a part can be exchanged. Fakes are shipped beside the real ones, not patched in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from backfile.domain.geometry import Box


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> dt.datetime:
        """Return the time, in UTC, with its zone."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        """Return the time, in UTC, with its zone."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: dt.datetime) -> None:
        """Start at ``at``."""
        self._at = at

    def now(self) -> dt.datetime:
        """Return the time it was set to."""
        return self._at

    def advance(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self._at += dt.timedelta(seconds=seconds)


class JobQueue(Protocol):
    """Carries opaque task ids to the workers. It may lose everything at any time: the catalog has it all."""

    def push(self, task_ids: Sequence[str], *, front: bool = False) -> None:
        """Offer tasks to the workers.

        Raises:
            ServerDown: the queue does not answer.
        """

    def waiting(self) -> set[str]:
        """Return the tasks that are offered and not yet begun."""


class MemoryJobQueue:
    """A queue in this process."""

    def __init__(self) -> None:
        """Start empty."""
        self.tasks: list[str] = []

    def push(self, task_ids: Sequence[str], *, front: bool = False) -> None:
        """Offer tasks."""
        self.tasks[:0] = task_ids if front else []
        self.tasks += [] if front else list(task_ids)

    def waiting(self) -> set[str]:
        """Return the tasks not yet taken."""
        return set(self.tasks)


class BlobStore(Protocol):
    """Keeps bytes by their SHA-256. What is in it never changes."""

    def add_file(self, source: Path) -> str:
        """Copy a file in, durably, and return its SHA-256 (64 hex digits).

        Raises:
            DiskFull: there is no room; nothing was kept.
        """

    def path_of(self, sha256: str) -> Path:
        """Return where the bytes lie, for reading."""

    def has(self, sha256: str) -> bool:
        """Say whether they are there."""

    def all(self) -> Iterable[str]:
        """Return every hash in the store."""


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """One page as the search index holds it; all words are already analysed to tokens."""

    id: str
    """Page id."""
    document: str
    version: int
    """Of the document; the index keeps the highest."""
    patient: str
    """Patient id, "" where none."""
    state: str
    type: str
    service_date: str
    """ISO, "" where none."""
    batch: str
    tokens: str
    """Analysed tokens in reading order, separated by single spaces."""
    reliable: bool


@dataclass(frozen=True, slots=True)
class IndexFilter:
    """What a search is limited to; empty means no limit."""

    patients: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    date_from: str = ""
    """ISO, inclusive; pages without a service date are left out then."""
    date_to: str = ""
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexHit:
    """One page that an engine found."""

    page: str
    document: str
    score: float


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """What an engine found."""

    total: int
    hits: tuple[IndexHit, ...]


@dataclass(frozen=True, slots=True)
class HitWord:
    """A word of a page that answers the query."""

    word: int
    """Position in the page's words."""
    box: Box
