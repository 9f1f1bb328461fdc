"""Received files and their batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, select, update

from backfile.domain.document import FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import Batch, ReceivedFile
from backfile.ids import new_id
from backfile.store.schema import batches, files, pages

_COLUMNS = tuple(column for column in files.c if column.name != "source_key")


class FileRepository:
    """The rows of ``files`` and ``batches``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, file: ReceivedFile, *, source_key: str | None = None) -> None:
        """Add a file that came in; ``source_key`` marks a source that is still to be moved away."""
        self._connection.execute(
            insert(files).values(
                id=file.id,
                name=file.name,
                sha256=file.sha256,
                size=file.size,
                kind=file.kind,
                state=file.state.value,
                reason=file.reason,
                duplicate_of=file.duplicate_of,
                supersedes=file.supersedes,
                batch_id=file.batch_id,
                call_id=file.call_id,
                page_count=file.page_count,
                received_at=file.received_at,
                finished_at=file.finished_at,
                source_key=source_key,
            )
        )

    def find_unmoved(self, source_key: str) -> ReceivedFile | None:
        """Return the file that was taken from a source which a crash kept from being moved away."""
        row = self._connection.execute(select(*_COLUMNS).where(files.c.source_key == source_key)).first()
        return None if row is None else _file_of(row)

    def mark_unmoved(self, file_id: str, source_key: str) -> None:
        """Say that a file's source is still to be moved away."""
        self._connection.execute(update(files).where(files.c.id == file_id).values(source_key=source_key))

    def mark_moved(self, file_id: str) -> None:
        """Say that a file's source is no longer in the inbox."""
        self._connection.execute(update(files).where(files.c.id == file_id).values(source_key=None))

    def get(self, file_id: str) -> ReceivedFile | None:
        """Return one file."""
        row = self._connection.execute(select(*_COLUMNS).where(files.c.id == file_id)).first()
        return None if row is None else _file_of(row)

    def find_first_copy(self, sha256: str) -> ReceivedFile | None:
        """Return the file whose copy these bytes would be.

        Only a working or taken file counts, and only if none of its pages ended in exception: such
        bytes are processed again.
        """
        failed = exists().where(pages.c.file_id == files.c.id, pages.c.state == PageState.EXCEPTION.value)
        row = self._connection.execute(
            select(*_COLUMNS)
            .where(
                files.c.sha256 == sha256,
                files.c.state.in_([FileState.WORKING.value, FileState.TAKEN.value]),
                ~failed,
            )
            .order_by(files.c.received_at)
        ).first()
        return None if row is None else _file_of(row)

    def find_previous_version(self, name: str, batch_id: str | None) -> ReceivedFile | None:
        """Return the newest taken file of the same name in the same batch."""
        row = self._connection.execute(
            select(*_COLUMNS)
            .where(
                files.c.name == name,
                files.c.batch_id.is_(None) if batch_id is None else files.c.batch_id == batch_id,
                files.c.state.in_([FileState.WORKING.value, FileState.TAKEN.value]),
            )
            .order_by(files.c.received_at.desc())
        ).first()
        return None if row is None else _file_of(row)

    def mark_taken(self, file_id: str, *, at: dt.datetime) -> None:
        """Say that every page of a file has an end state."""
        self._connection.execute(
            update(files).where(files.c.id == file_id).values(state=FileState.TAKEN.value, finished_at=at)
        )

    def mark_working(self, file_id: str) -> None:
        """Say that a file's pages are worked on again."""
        self._connection.execute(
            update(files).where(files.c.id == file_id).values(state=FileState.WORKING.value, finished_at=None)
        )

    def all(self, *, call_id: str | None = None) -> Iterator[ReceivedFile]:
        """Return every file, in order of receipt."""
        query = select(*_COLUMNS).order_by(files.c.received_at, files.c.id)
        if call_id is not None:
            query = query.where(files.c.call_id == call_id)
        for row in self._connection.execute(query):
            yield _file_of(row)

    def of_batch(self, batch_id: str) -> list[ReceivedFile]:
        """Return the files of a batch."""
        rows = self._connection.execute(select(*_COLUMNS).where(files.c.batch_id == batch_id))
        return [_file_of(row) for row in rows]

    def count_working(self, *, call_id: str | None = None) -> int:
        """Return how many files are not at their end state."""
        query = select(func.count()).select_from(files).where(files.c.state == FileState.WORKING.value)
        if call_id is not None:
            query = query.where(files.c.call_id == call_id)
        return self._connection.execute(query).scalar_one()

    def ensure_batch(self, name: str, source: str, *, at: dt.datetime) -> Batch:
        """Return the batch of a folder, made if need be, reopened by a new file."""
        row = self._connection.execute(
            select(batches).where(batches.c.name == name, batches.c.source == source)
        ).first()
        if row is not None:
            self._connection.execute(
                update(batches).where(batches.c.id == row.id).values(last_file_at=at, closed_at=None)
            )
            return Batch(row.id, name, source, row.created_at, at)
        batch = Batch(new_id("bat"), name, source, at, at)
        self._connection.execute(
            insert(batches).values(id=batch.id, name=name, source=source, created_at=at, last_file_at=at)
        )
        return batch

    def get_batch(self, batch_id: str) -> Batch | None:
        """Return one batch."""
        row = self._connection.execute(select(batches).where(batches.c.id == batch_id)).first()
        return None if row is None else _batch_of(row)

    def open_batches(self, *, quiet_since: dt.datetime) -> list[Batch]:
        """Return the batches not closed that got no file since a time."""
        rows = self._connection.execute(
            select(batches).where(batches.c.closed_at.is_(None), batches.c.last_file_at <= quiet_since)
        )
        return [_batch_of(row) for row in rows]

    def put_in_batch(self, file_id: str, batch_id: str) -> None:
        """Say which batch a file belongs to."""
        self._connection.execute(update(files).where(files.c.id == file_id).values(batch_id=batch_id))

    def mark_sheet(self, batch_id: str, token: str) -> None:
        """Say which batch header sheet was scanned with a batch; the first one counts."""
        self._connection.execute(
            update(batches).where(batches.c.id == batch_id, batches.c.sheet.is_(None)).values(sheet=token)
        )

    def close_batch(self, batch_id: str, *, at: dt.datetime) -> None:
        """Close a batch."""
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(closed_at=at))


def _file_of(row: Row[Any]) -> ReceivedFile:
    values = dict(row._mapping)
    values["state"] = FileState(values["state"])
    values["reason"] = Reason(values["reason"]) if values["reason"] else None
    return ReceivedFile(**values)


def _batch_of(row: Row[Any]) -> Batch:
    return Batch(row.id, row.name, row.source, row.created_at, row.last_file_at, row.closed_at, row.sheet)
