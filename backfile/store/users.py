"""Local accounts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from backfile.domain.user import Role, User
from backfile.store.schema import users


class UserRepository:
    """The rows of ``users``."""

    def __init__(self, connection: Connection) -> None:
        """Work on the unit of work's connection."""
        self._connection = connection

    def add(self, user: User, *, password_hash: str, at: dt.datetime) -> None:
        """Add an account."""
        self._connection.execute(
            insert(users).values(
                id=user.id,
                name=user.name,
                role=user.role.value,
                password_hash=password_hash,
                disabled=user.disabled,
                created_at=at,
            )
        )

    def get(self, name: str) -> User | None:
        """Return one account by its name."""
        row = self._connection.execute(select(users).where(users.c.name == name)).first()
        return None if row is None else User(row.id, row.name, Role(row.role), row.disabled)

    def all(self) -> list[User]:
        """Return every account, by name."""
        rows = self._connection.execute(select(users).order_by(users.c.name))
        return [User(row.id, row.name, Role(row.role), row.disabled) for row in rows]

    def password_hash(self, name: str) -> str | None:
        """Return the hash of an account's password."""
        return self._connection.execute(
            select(users.c.password_hash).where(users.c.name == name)
        ).scalar_one_or_none()

    def set_password(self, name: str, password_hash: str) -> None:
        """Give an account a new password."""
        self._connection.execute(
            update(users).where(users.c.name == name).values(password_hash=password_hash)
        )

    def disable(self, name: str) -> None:
        """Close an account; it is kept, since its name stands in the audit trail."""
        self._connection.execute(update(users).where(users.c.name == name).values(disabled=True))
