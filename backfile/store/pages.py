"""Pages and what was read from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading, PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredPage
from backfile.domain.sheets import Sheet, SheetKind, find_sheet
from backfile.ids import new_id
from backfile.store.codec import pack_evidence, pack_reading, unpack_evidence, unpack_reading
from backfile.store.schema import pages, readings

_COLUMNS = (
    pages.c.id,
    pages.c.file_id,
    pages.c.number,
    pages.c.state,
    pages.c.reason,
    pages.c.is_read,
    pages.c.document_id,
    pages.c.position,
    pages.c.rotation,
    pages.c.skew,
    pages.c.word_count,
    pages.c.confidence,
    pages.c.reliable,
    pages.c.view_rotation,
    pages.c.sheet_kind,
    pages.c.sheet_value,
)


class PageRepository:
    """The rows of ``pages`` and ``readings``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, file_id: str, *, count: int) -> list[StoredPage]:
        """Add the pages of a file, all to be read."""
        new = [
            StoredPage(new_id("pag"), file_id, number, PageState.WORKING) for number in range(1, count + 1)
        ]
        if new:
            self._connection.execute(
                insert(pages),
                [
                    {
                        "id": p.id,
                        "file_id": file_id,
                        "number": p.number,
                        "state": p.state.value,
                        "is_read": False,
                    }
                    for p in new
                ],
            )
        return new

    def get(self, page_id: str) -> StoredPage | None:
        """Return one page."""
        row = self._connection.execute(select(*_COLUMNS).where(pages.c.id == page_id)).first()
        return None if row is None else _page_of(row)

    def of_file(self, file_id: str) -> list[StoredPage]:
        """Return the pages of a file in order."""
        rows = self._connection.execute(
            select(*_COLUMNS).where(pages.c.file_id == file_id).order_by(pages.c.number)
        )
        return [_page_of(row) for row in rows]

    def of_document(self, document_id: str) -> list[StoredPage]:
        """Return the pages of a document in order."""
        rows = self._connection.execute(
            select(*_COLUMNS).where(pages.c.document_id == document_id).order_by(pages.c.position)
        )
        return [_page_of(row) for row in rows]

    def has_sheets(self, file_id: str) -> bool:
        """Say whether any page of a file is a sheet, or bears one's barcode."""
        query = select(pages.c.id).where(pages.c.file_id == file_id, pages.c.sheet_kind.is_not(None)).limit(1)
        return self._connection.execute(query).first() is not None

    def all(self) -> Iterator[StoredPage]:
        """Return every page, file by file."""
        for row in self._connection.execute(select(*_COLUMNS).order_by(pages.c.file_id, pages.c.number)):
            yield _page_of(row)

    def count_unread(self, file_id: str) -> int:
        """Return how many pages of a file are still to be read."""
        return self._connection.execute(
            select(func.count()).select_from(pages).where(pages.c.file_id == file_id, ~pages.c.is_read)
        ).scalar_one()

    def save_reading(self, page_id: str, reading: PageReading, *, at: dt.datetime) -> None:
        """Keep what was read from a page; an earlier reading is replaced."""
        values = {"engine": reading.engine, "read_at": at, "data": pack_reading(reading)}
        sheet = find_sheet(reading)
        self._connection.execute(
            insert_or_update(readings)
            .values(page_id=page_id, **values)
            .on_conflict_do_update(index_elements=["page_id"], set_=values)
        )
        self._connection.execute(
            update(pages)
            .where(pages.c.id == page_id)
            .values(
                is_read=True,
                reason=None,
                rotation=reading.rotation,
                skew=reading.skew,
                word_count=len(reading.words),
                confidence=reading.confidence,
                reliable=reading.quality.reliable,
                sheet_kind=sheet.kind.value if sheet else None,
                sheet_value=sheet.value if sheet else None,
            )
        )

    def mark_unreadable(self, page_id: str, reason: Reason) -> None:
        """Say that reading a page ended without a reading."""
        self._connection.execute(
            update(pages)
            .where(pages.c.id == page_id)
            .values(is_read=True, reason=reason.value, word_count=None, sheet_kind=None, sheet_value=None)
        )

    def mark_unread(self, page_ids: Sequence[str]) -> None:
        """Say that pages are to be read again, and belong to no document until then."""
        self._connection.execute(
            update(pages)
            .where(pages.c.id.in_(page_ids))
            .values(
                is_read=False, state=PageState.WORKING.value, reason=None, document_id=None, position=None
            )
        )

    def reading_of(self, page_id: str) -> PageReading | None:
        """Return what was read from a page; None where nothing could be."""
        data = self._connection.execute(
            select(readings.c.data).where(readings.c.page_id == page_id)
        ).scalar_one_or_none()
        return None if data is None else unpack_reading(data)

    def save_evidence(self, page_id: str, evidence: PageEvidence) -> None:
        """Keep which identifiers were seen on a page."""
        self._connection.execute(
            update(readings).where(readings.c.page_id == page_id).values(evidence=pack_evidence(evidence))
        )

    def evidence_of(self, page_id: str) -> PageEvidence | None:
        """Return which identifiers were seen on a page; None where it was not looked at."""
        data = self._connection.execute(
            select(readings.c.evidence).where(readings.c.page_id == page_id)
        ).scalar_one_or_none()
        return None if data is None else unpack_evidence(data)

    def turn(self, page_id: str, view_rotation: int) -> None:
        """Say how a page stands on the screen: clockwise degrees from how it was read."""
        self._connection.execute(
            update(pages).where(pages.c.id == page_id).values(view_rotation=view_rotation)
        )

    def set_state(
        self,
        page_ids: Iterable[str],
        state: PageState,
        *,
        reason: Reason | None = None,
        document_id: str | None = None,
    ) -> None:
        """Put pages where they belong; those of a document in their order."""
        for position, page_id in enumerate(page_ids, 1):
            self._connection.execute(
                update(pages)
                .where(pages.c.id == page_id)
                .values(
                    state=state.value,
                    reason=reason.value if reason else None,
                    document_id=document_id,
                    position=position if document_id else None,
                )
            )


def _page_of(row: Any) -> StoredPage:
    values = dict(row._mapping)
    values["state"] = PageState(values["state"])
    values["reason"] = Reason(values["reason"]) if values["reason"] else None
    kind, value = values.pop("sheet_kind"), values.pop("sheet_value")
    values["sheet"] = Sheet(SheetKind(kind), value or "") if kind else None
    return StoredPage(**values)
