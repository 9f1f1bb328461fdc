"""Sheets that were printed, and which scan used them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, or_, select, update

from backfile.domain.records import BatchSheet, ChartSheet
from backfile.store.schema import batch_sheets, header_sheets


class SheetRepository:
    """The rows of ``header_sheets`` and ``batch_sheets``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add_chart(self, *sheets: ChartSheet) -> None:
        """Keep chart header sheets that are about to be printed."""
        if sheets:
            self._connection.execute(
                insert(header_sheets),
                [
                    {
                        "token": sheet.token,
                        "patient_id": sheet.patient_id,
                        "identity": sheet.identity,
                        "printed_by": sheet.printed_by,
                        "printed_at": sheet.printed_at,
                    }
                    for sheet in sheets
                ],
            )

    def add_batch(self, sheets: Iterable[BatchSheet]) -> None:
        """Keep batch header sheets that are about to be printed."""
        for sheet in sheets:
            self._connection.execute(
                insert(batch_sheets).values(
                    token=sheet.token,
                    name=sheet.name,
                    type_name=sheet.type_name,
                    printed_by=sheet.printed_by,
                    printed_at=sheet.printed_at,
                )
            )

    def get_chart(self, token: str) -> ChartSheet | None:
        """Return the chart header sheet with this token; None where none was printed here."""
        row = self._connection.execute(select(header_sheets).where(header_sheets.c.token == token)).first()
        return (
            None
            if row is None
            else ChartSheet(
                row.token,
                row.patient_id,
                row.identity or "",
                row.printed_by,
                row.printed_at,
                row.used_by_page,
            )
        )

    def get_batch(self, token: str) -> BatchSheet | None:
        """Return the batch header sheet with this token; None where none was printed here."""
        row = self._connection.execute(select(batch_sheets).where(batch_sheets.c.token == token)).first()
        return (
            None
            if row is None
            else BatchSheet(row.token, row.name, row.type_name, row.printed_by, row.printed_at)
        )

    def use_chart(self, token: str, page_id: str) -> bool:
        """Say that a page is this sheet; False where another page was it before, or none was printed here."""
        result = self._connection.execute(
            update(header_sheets)
            .where(
                header_sheets.c.token == token,
                or_(header_sheets.c.used_by_page.is_(None), header_sheets.c.used_by_page == page_id),
            )
            .values(used_by_page=page_id)
        )
        return result.rowcount == 1
