"""Local accounts: names, roles and Argon2id password hashes."""

from __future__ import annotations

from argon2 import PasswordHasher

from backfile.domain.audit import AuditAction
from backfile.domain.user import Role, User
from backfile.errors import UsageError
from backfile.ids import new_id
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork

MIN_PASSWORD = 12
"""Characters of a password (NIST SP 800-63B asks for at least 8 and length before composition)."""
_hasher = PasswordHasher()
"""Argon2id with the library's defaults (RFC 9106, low memory: 64 MiB, t=3, p=4)."""


def add_user(name: str, role: Role, password: str, *, catalog: Catalog, actor: str) -> User:
    """Add an account.

    Raises:
        UsageError: the name is taken, or the password too short.
    """
    _check_password(password)
    with catalog.begin() as uow:
        if uow.users.get(name) is not None:
            raise UsageError(f"There is an account {name!r} already.", next_step="Choose another name.")
        user = User(new_id("usr"), name, role)
        uow.users.add(user, password_hash=_hasher.hash(password), at=uow.clock.now())
        uow.record(AuditAction.USER_ADDED, "user", user.id, actor=actor, role=role.value)
        uow.commit()
    return user


def list_users(*, catalog: Catalog) -> list[User]:
    """Return every account, by name."""
    with catalog.look() as uow:
        return uow.users.all()


def disable_user(name: str, *, catalog: Catalog, actor: str) -> User:
    """Close an account; it is kept, since its name stands in the audit trail.

    Raises:
        UsageError: there is no such account.
    """
    with catalog.begin() as uow:
        user = _existing(name, uow)
        uow.users.disable(name)
        uow.record(AuditAction.USER_CHANGED, "user", user.id, actor=actor, change="disabled")
        uow.commit()
    return user


def set_password(name: str, password: str, *, catalog: Catalog, actor: str) -> User:
    """Give an account a new password.

    Raises:
        UsageError: there is no such account, or the password is too short.
    """
    _check_password(password)
    with catalog.begin() as uow:
        user = _existing(name, uow)
        uow.users.set_password(name, _hasher.hash(password))
        uow.record(AuditAction.USER_CHANGED, "user", user.id, actor=actor, change="password")
        uow.commit()
    return user


def _existing(name: str, uow: UnitOfWork) -> User:
    user = uow.users.get(name)
    if user is None:
        raise UsageError(f"There is no account {name!r}.", next_step="List them with: backfile user list")
    return user


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise UsageError(
            f"The password has fewer than {MIN_PASSWORD} characters.", next_step="Choose a longer one."
        )
