"""Stays of people in the screens, and tries to sign in that failed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, insert, select, update

from backfile.domain.user import Role, Session, User
from backfile.store.schema import sessions, sign_in_failures, users


class SessionRepository:
    """The rows of ``sessions`` and ``sign_in_failures``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, key: str, user_id: str, *, at: dt.datetime) -> None:
        """Begin a session."""
        self._connection.execute(
            insert(sessions).values(key=key, user_id=user_id, created_at=at, last_used_at=at)
        )

    def get(self, key: str) -> Session | None:
        """Return a session with its account as that is now."""
        row = self._connection.execute(
            select(sessions, users.c.name, users.c.role, users.c.disabled)
            .join(users, users.c.id == sessions.c.user_id)
            .where(sessions.c.key == key)
        ).first()
        if row is None:
            return None
        user = User(row.user_id, row.name, Role(row.role), row.disabled)
        return Session(row.key, user, row.created_at, row.last_used_at, row.ended_at)

    def touch(self, key: str, *, at: dt.datetime) -> None:
        """Say that a session is used; one that ended stays as it is."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.key == key, sessions.c.ended_at.is_(None))
            .values(last_used_at=at)
        )

    def end(self, key: str, *, at: dt.datetime) -> bool:
        """End a session; false where it had ended already or never was."""
        return bool(
            self._connection.execute(
                update(sessions)
                .where(sessions.c.key == key, sessions.c.ended_at.is_(None))
                .values(ended_at=at)
            ).rowcount
        )

    def add_failure(self, key: str, *, at: dt.datetime) -> None:
        """Note a try to sign in; it counts as failed until it is taken back."""
        self._connection.execute(insert(sign_in_failures).values(key=key, at=at))

    def last_failures(self, key: str, *, count: int) -> list[dt.datetime]:
        """Return when the last tries under a name or from an address failed, newest first."""
        return list(
            self._connection.execute(
                select(sign_in_failures.c.at)
                .where(sign_in_failures.c.key == key)
                .order_by(sign_in_failures.c.seq.desc())
                .limit(count)
            ).scalars()
        )

    def forget_failures(self, key: str, *, at: dt.datetime | None = None) -> None:
        """Take back every failure of a name or address, or only those of one moment."""
        query = delete(sign_in_failures).where(sign_in_failures.c.key == key)
        self._connection.execute(query if at is None else query.where(sign_in_failures.c.at == at))

    def forget_old_failures(self, before: dt.datetime) -> None:
        """Forget what no longer counts."""
        self._connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at < before))
