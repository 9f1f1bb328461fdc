"""The figures of the accounting identity: each its own count over rows, none a difference."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select

from backfile.domain.accounting import DocumentCounts, FileCounts, PageCounts, Summary
from backfile.domain.document import FileState
from backfile.domain.page import StageSeconds
from backfile.store.schema import documents, files, pages, stage_seconds


class CountRepository:
    """Counts and stage times."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def summarize(self, *, call_id: str | None = None) -> Summary:
        """Return where everything is: of the whole home, or of one ``ingest`` call."""
        mine = files.c.call_id == call_id if call_id is not None else files.c.id.is_not(None)
        by_file = self._by_state(files, mine)
        in_files = pages.c.file_id.in_(select(files.c.id).where(mine))
        by_page = self._by_state(pages, in_files)
        in_pages = (
            documents.c.id.in_(select(pages.c.document_id).where(in_files, pages.c.document_id.is_not(None)))
            if call_id is not None
            else documents.c.id.is_not(None)
        )
        by_document = self._by_state(documents, in_pages)
        accepted = files.c.state.in_([FileState.WORKING.value, FileState.TAKEN.value])
        declared = self._connection.execute(
            select(func.coalesce(func.sum(files.c.page_count), 0)).where(mine, accepted)
        ).scalar_one()
        return Summary(
            files=FileCounts(received=self._count(files, mine), **by_file),
            pages=PageCounts(received=self._count(pages, in_files), **by_page),
            documents=DocumentCounts(**by_document),
            pages_declared=int(declared),
            pages_per_minute=self._pages_per_minute(mine, in_files),
            stages=self._stages(mine),
        )

    def _by_state(self, table: Table, condition: ColumnElement[bool]) -> dict[str, int]:
        rows = self._connection.execute(
            select(table.c.state, func.count()).where(condition).group_by(table.c.state)
        )
        return {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy

    def _count(self, table: Table, condition: ColumnElement[bool]) -> int:
        return self._connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()

    def _pages_per_minute(self, mine: ColumnElement[bool], in_files: ColumnElement[bool]) -> float:
        """Pages with an end state over the time from the first receipt to the last end."""
        first, last = self._connection.execute(
            select(func.min(files.c.received_at), func.max(files.c.finished_at)).where(
                mine, files.c.state == FileState.TAKEN.value
            )
        ).one()
        ended = self._count(pages, in_files & (pages.c.state != "working"))
        if first is None or last is None or last <= first:
            return 0.0
        return float(ended / ((last - first).total_seconds() / 60))

    def _stages(self, mine: ColumnElement[bool]) -> dict[str, float]:
        rows = self._connection.execute(
            select(stage_seconds.c.stage, func.sum(stage_seconds.c.seconds))
            .where(stage_seconds.c.file_id.in_(select(files.c.id).where(mine)))
            .group_by(stage_seconds.c.stage)
            .order_by(stage_seconds.c.stage)
        )
        return {stage: round(seconds, 3) for stage, seconds in rows}

    def count_read(self, *, call_id: str | None = None) -> tuple[int, int]:
        """Return how many pages have been read, and how many there are."""
        mine = files.c.call_id == call_id if call_id is not None else files.c.id.is_not(None)
        in_files = pages.c.file_id.in_(select(files.c.id).where(mine))
        return self._count(pages, in_files & pages.c.is_read), self._count(pages, in_files)

    def add_stages(self, file_id: str, stages: Iterable[StageSeconds]) -> None:
        """Note how long the stages of some work took."""
        values = [{"file_id": file_id, "stage": s.stage, "seconds": s.seconds} for s in stages]
        if values:
            self._connection.execute(insert(stage_seconds), values)
