"""What the running parts have to say in ``status``; a sentence a subject, cleared when it no longer holds."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, insert, select

from backfile.store.schema import notices


class NoticeRepository:
    """The rows of ``notices``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def set(self, name: str, text: str, *, at: dt.datetime) -> None:
        """Say something about a subject, in place of what was said before."""
        self.clear(name)
        self._connection.execute(insert(notices).values(name=name, text=text, at=at))

    def clear(self, name: str) -> None:
        """Say nothing more about a subject."""
        self._connection.execute(delete(notices).where(notices.c.name == name))

    def all(self) -> dict[str, str]:
        """Return every sentence by its subject."""
        rows = self._connection.execute(select(notices).order_by(notices.c.name))
        return {row.name: row.text for row in rows}
