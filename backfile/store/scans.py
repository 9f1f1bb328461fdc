"""What became of each scanned file, for the people who scan: page by page, batch by batch."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from backfile.domain.document import FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import ReceivedFile
from backfile.store.files import FileRepository
from backfile.store.schema import batches, documents, files, outbox, pages


class Stand(StrEnum):
    """How far a file is, as its scanner sees it."""

    WORKING = "working"
    DONE = "done"
    NEEDS = "needs"
    """Somebody must do something: scan again, drop again."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class ScanFilter:
    """Which files; empty means any."""

    stand: Stand | None = None
    received: tuple[dt.datetime, dt.datetime] | None = None
    """From (inclusive) to (exclusive)."""
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class TroubledPage:
    """A page that needs somebody."""

    number: int
    """In the file, from 1."""
    reason: str
    """A code of ``Reason``; the document's where the page has none of its own."""


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One file with what became of its pages."""

    file: ReceivedFile
    batch: str
    """Name, "" where it came alone."""
    read: int
    """Pages whose reading has ended."""
    by_state: Mapping[PageState, int]
    """Pages by state, each its own count; states without a page are left out."""
    documents: int
    unindexed: int
    """Documents that are not in the search index yet as they are."""
    unreliable: int
    """Pages of which words were probably missed."""
    troubled: tuple[TroubledPage, ...]
    was_dropped_again: bool
    """A later file of the same name in the same batch was taken."""


@dataclass(frozen=True, slots=True)
class BatchBalance:
    """One batch: where its files and pages are; each figure is its own count."""

    id: str
    name: str
    created_at: dt.datetime
    last_file_at: dt.datetime
    closed_at: dt.datetime | None
    files: int
    by_file_state: Mapping[FileState, int] = field(default_factory=dict)
    pages_declared: int = 0
    """What the files said they have."""
    pages: int = 0
    by_page_state: Mapping[PageState, int] = field(default_factory=dict)

    @property
    def is_balanced(self) -> bool:
        """Every file and every declared page is in exactly one place."""
        return (
            self.files == sum(self.by_file_state.values())
            and self.pages == sum(self.by_page_state.values())
            and self.pages == self.pages_declared
        )


class ScanRepository:
    """Reads files and batches for the scanning staff."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def count_stands(self, only: ScanFilter) -> dict[Stand | None, int]:
        """Return how many files there are under the other filters, of each stand, and in all (None)."""
        each = [func.count().filter(_stands(stand)).label(stand.value) for stand in Stand]
        row = self._connection.execute(
            select(func.count().label("every"), *each)
            .select_from(files)
            .where(_condition(replace(only, stand=None)))
        ).one()
        return {None: row.every} | {stand: getattr(row, stand.value) for stand in Stand}

    def list_files(self, only: ScanFilter, *, offset: int, limit: int) -> list[ScannedFile]:
        """Return files, the newest first."""
        rows = self._connection.execute(
            select(files.c.id, batches.c.name)
            .select_from(files.outerjoin(batches, batches.c.id == files.c.batch_id))
            .where(_condition(only))
            .order_by(files.c.received_at.desc(), files.c.id.desc())
            .offset(offset)
            .limit(limit)
        ).all()
        ids = [row.id for row in rows]
        counts, read, unreliable = self._count_pages(ids)
        held, unindexed = self._count_documents(ids)
        troubled = self._find_troubled(ids)
        again = set(
            self._connection.execute(
                select(files.c.id).where(files.c.id.in_(ids), files.c.id.in_(_dropped_again()))
            ).scalars()
        )
        store = FileRepository(self._connection)
        found = []
        for row in rows:
            file = store.get(row.id)
            assert file is not None  # it was listed in this transaction
            found.append(
                ScannedFile(
                    file=file,
                    batch=row.name or "",
                    read=read.get(row.id, 0),
                    by_state=counts.get(row.id, {}),
                    documents=held.get(row.id, 0),
                    unindexed=unindexed.get(row.id, 0),
                    unreliable=unreliable.get(row.id, 0),
                    troubled=tuple(troubled.get(row.id, ())),
                    was_dropped_again=row.id in again,
                )
            )
        return found

    def list_batches(self, *, limit: int) -> list[BatchBalance]:
        """Return the batches, the newest first, each with its balance."""
        rows = self._connection.execute(
            select(batches).order_by(batches.c.last_file_at.desc(), batches.c.id).limit(limit)
        ).all()
        ids = [row.id for row in rows]
        by_file: dict[str, dict[FileState, int]] = defaultdict(dict)
        declared: dict[str, int] = defaultdict(int)
        for batch, state, count, pages_declared in self._connection.execute(
            select(files.c.batch_id, files.c.state, func.count(), func.sum(files.c.page_count))
            .where(files.c.batch_id.in_(ids))
            .group_by(files.c.batch_id, files.c.state)
        ):
            by_file[batch][FileState(state)] = count
            if state in (FileState.WORKING.value, FileState.TAKEN.value):
                declared[batch] += int(pages_declared)
        totals = self._totals(select(files.c.batch_id, func.count()).group_by(files.c.batch_id), ids)
        in_batch = pages.join(files, files.c.id == pages.c.file_id)
        by_page: dict[str, dict[PageState, int]] = defaultdict(dict)
        for batch, state, count in self._connection.execute(
            select(files.c.batch_id, pages.c.state, func.count())
            .select_from(in_batch)
            .where(files.c.batch_id.in_(ids))
            .group_by(files.c.batch_id, pages.c.state)
        ):
            by_page[batch][PageState(state)] = count
        page_totals = self._totals(
            select(files.c.batch_id, func.count()).select_from(in_batch).group_by(files.c.batch_id), ids
        )
        return [
            BatchBalance(
                row.id,
                row.name,
                row.created_at,
                row.last_file_at,
                row.closed_at,
                totals.get(row.id, 0),
                by_file.get(row.id, {}),
                declared.get(row.id, 0),
                page_totals.get(row.id, 0),
                by_page.get(row.id, {}),
            )
            for row in rows
        ]

    def _totals(self, query: Select[Any], ids: Sequence[str]) -> dict[str, int]:
        rows = self._connection.execute(query.where(files.c.batch_id.in_(ids)))
        return {batch: count for batch, count in rows}  # noqa: C416 - rows are not pairs to mypy

    def _count_pages(
        self, ids: Sequence[str]
    ) -> tuple[dict[str, dict[PageState, int]], dict[str, int], dict[str, int]]:
        """Return pages by state, pages read and pages not reliable, by file."""
        counts: dict[str, dict[PageState, int]] = defaultdict(dict)
        read: dict[str, int] = defaultdict(int)
        unreliable: dict[str, int] = defaultdict(int)
        rows = self._connection.execute(
            select(
                pages.c.file_id,
                pages.c.state,
                func.count().label("n"),
                func.count().filter(pages.c.is_read).label("read"),
                func.count()
                .filter(pages.c.reliable.is_(False), pages.c.document_id.is_not(None))
                .label("unreliable"),
            )
            .where(pages.c.file_id.in_(ids))
            .group_by(pages.c.file_id, pages.c.state)
        )
        for row in rows:
            counts[row.file_id][PageState(row.state)] = row.n
            read[row.file_id] += row.read
            unreliable[row.file_id] += row.unreliable
        return counts, read, unreliable

    def _count_documents(self, ids: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
        """Return documents, and documents that the index does not know yet, by file."""
        held = self._connection.execute(
            select(pages.c.file_id, func.count(pages.c.document_id.distinct()))
            .where(pages.c.file_id.in_(ids))
            .group_by(pages.c.file_id)
        )
        late = self._connection.execute(
            select(pages.c.file_id, func.count(pages.c.document_id.distinct()))
            .where(pages.c.file_id.in_(ids), pages.c.document_id.in_(select(outbox.c.document_id)))
            .group_by(pages.c.file_id)
        )
        return (
            {file: count for file, count in held},  # noqa: C416 - rows are not pairs to mypy
            {file: count for file, count in late},  # noqa: C416
        )

    def _find_troubled(self, ids: Sequence[str]) -> dict[str, list[TroubledPage]]:
        troubled: dict[str, list[TroubledPage]] = defaultdict(list)
        rows = self._connection.execute(
            select(
                pages.c.file_id,
                pages.c.number,
                pages.c.reason,
                pages.c.reliable,
                documents.c.reason.label("why"),
            )
            .select_from(pages.outerjoin(documents, documents.c.id == pages.c.document_id))
            .where(pages.c.file_id.in_(ids), _is_troubled())
            .order_by(pages.c.file_id, pages.c.number)
        )
        for row in rows:
            reason = row.why if row.why == Reason.SCAN_REQUESTED.value else row.reason or row.why
            if reason == Reason.PAGE_UNREADABLE.value and row.reliable is not None:
                continue  # it was read; it only stands in one document with a page that was not
            troubled[row.file_id].append(TroubledPage(row.number, reason or Reason.STEP_FAILED.value))
        return troubled


def _condition(only: ScanFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if only.received is not None:
        parts += [files.c.received_at >= only.received[0], files.c.received_at < only.received[1]]
    if only.batch is not None:
        parts.append(files.c.batch_id == only.batch)
    if only.stand is not None:
        parts.append(_stands(only.stand))
    return and_(*parts)


def _stands(stand: Stand) -> ColumnElement[bool]:
    match stand:
        case Stand.WORKING:
            return files.c.state == FileState.WORKING.value
        case Stand.DUPLICATE:
            return files.c.state == FileState.DUPLICATE.value
        case Stand.NEEDS:
            return _needs()
        case Stand.DONE:
            return and_(files.c.state == FileState.TAKEN.value, ~_has_trouble())


def _needs() -> ColumnElement[bool]:
    rejected = and_(files.c.state == FileState.REJECTED.value, files.c.id.not_in(_dropped_again()))
    return or_(rejected, and_(files.c.state == FileState.TAKEN.value, _has_trouble()))


def _has_trouble() -> ColumnElement[bool]:
    return files.c.id.in_(
        select(pages.c.file_id)
        .select_from(pages.outerjoin(documents, documents.c.id == pages.c.document_id))
        .where(_is_troubled())
    )


def _is_troubled() -> ColumnElement[bool]:
    """Say of a page, outer joined to its document, whether somebody must look after it."""
    return and_(
        pages.c.state == PageState.EXCEPTION.value,
        # whose patient is to be registered waits for nobody who scans
        func.coalesce(documents.c.reason, "") != Reason.NOT_REGISTERED.value,
    )


def _dropped_again() -> Select[Any]:
    """Return the ids of rejected files of which a later one of the same name and batch was taken.

    Names have no index: so it is one join that looks at each file once, not a search for each rejected one.
    """
    newest = (
        select(
            files.c.name,
            func.coalesce(files.c.batch_id, "").label("batch"),
            func.max(files.c.received_at).label("at"),
        )
        .where(files.c.state.in_([FileState.WORKING.value, FileState.TAKEN.value]))
        .group_by(files.c.name, func.coalesce(files.c.batch_id, ""))
        .cte("newest")
    )
    rejected = files.alias("rejected")
    return (
        select(rejected.c.id)
        .select_from(
            rejected.join(
                newest,
                and_(
                    newest.c.name == rejected.c.name,
                    newest.c.batch == func.coalesce(rejected.c.batch_id, ""),
                    newest.c.at > rejected.c.received_at,
                ),
            )
        )
        .where(rejected.c.state == FileState.REJECTED.value)
    )
