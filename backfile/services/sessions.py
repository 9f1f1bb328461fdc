"""Signing in, staying signed in, signing out.

A session lives in the catalog, so it ends for every process at once. The browser holds a random secret;
the catalog holds only its SHA-256, so that a copy of the catalog lets nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backfile.domain.audit import AuditAction
from backfile.domain.user import Session
from backfile.errors import AccessDenied
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork

IDLE_SECONDS = 15 * 60
"""A session ends when nobody used it for so long."""
LONGEST_SECONDS = 8 * 3600
"""A session ends after so long, however busy."""
NAME_FAILURES = 5
"""Failed tries under one name within ``LOCK_SECONDS`` that lock it."""
ADDRESS_FAILURES = 20
"""The same for one address; many people may sit behind one."""
LOCK_SECONDS = 15 * 60
"""How long no further try is heard after the last failure."""
_LONGEST_INPUT = 1024
"""Characters of a name or password; whatever is longer is wrong, and not hashed."""
_RENEW_SECONDS = 20
"""A use so soon after the last one is not written down again."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""What the password of a name that does not exist is compared with: it takes as long."""


class SignInRefused(AccessDenied):
    """Name or password are wrong, or there were too many tries; which of the names exist is not said."""

    def __init__(self, *, is_locked: bool) -> None:
        """Refuse; ``is_locked``: whatever the password, since there were too many tries."""
        if is_locked:
            super().__init__(
                "There were too many tries to sign in.",
                next_step=f"Wait {LOCK_SECONDS // 60} minutes, then try again.",
            )
        else:
            super().__init__("User name or password are wrong.", next_step="Check both and try again.")
        self.is_locked = is_locked


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun."""

    secret: str
    """For the browser's cookie alone: never logged, never stored."""
    session: Session


def session_key(secret: str) -> str:
    """Return the public key of a session (64 hex digits)."""
    return hashlib.sha256(f"session:{secret}".encode()).hexdigest()


def sign_in(name: str, password: str, *, address: str, catalog: Catalog) -> SignedIn:
    """Begin a session.

    Each try is written down as failed before the password is looked at, and taken back if it was right:
    so tries made at the same time count too.

    Args:
        name: of the account.
        password: of the account.
        address: where the try comes from.
        catalog: the catalog.

    Raises:
        SignInRefused: with the same words, after the same time, whether or not there is such an account.
    """
    name_key, address_key = _failure_key("name", name), _failure_key("address", address)
    with catalog.begin() as uow:
        at = uow.clock.now()
        uow.sessions.forget_old_failures(at - dt.timedelta(seconds=2 * LOCK_SECONDS))
        if _is_locked(name_key, NAME_FAILURES, uow) or _is_locked(address_key, ADDRESS_FAILURES, uow):
            raise SignInRefused(is_locked=True)
        uow.sessions.add_failure(name_key, at=at)
        uow.sessions.add_failure(address_key, at=at)
        user = uow.users.get(name) if len(name) <= _LONGEST_INPUT else None
        stored = uow.users.password_hash(name) if user else None
        uow.commit()
    is_right = _verify(stored or _NOBODY, password)
    if user is None or user.disabled or not is_right:
        with catalog.begin() as uow:
            # What was typed into the name field may be a password: it is kept out of the trail.
            uow.record(AuditAction.SIGN_IN_FAILED, "user", user.id if user else "unknown")
            uow.commit()
        raise SignInRefused(is_locked=False)
    secret = secrets.token_urlsafe(32)
    key = session_key(secret)
    with catalog.begin() as uow:
        uow.sessions.forget_failures(name_key)
        uow.sessions.forget_failures(address_key, at=at)
        uow.sessions.add(key, user.id, at=uow.clock.now())
        if stored and _hasher.check_needs_rehash(stored):
            uow.users.set_password(name, _hasher.hash(password))
        uow.record(AuditAction.SIGNED_IN, "session", key, actor=user.name)
        session = uow.sessions.get(key)
        uow.commit()
    assert session is not None  # just added
    return SignedIn(secret, session)


def find_session(key: str, *, catalog: Catalog) -> Session | None:
    """Return a session that is not over, with its account as it is now; this does not count as a use.

    Args:
        key: public key of the session (``session_key``).
        catalog: the catalog.
    """
    with catalog.look() as uow:
        session = uow.sessions.get(key)
        if session is None or session.ended_at is not None:
            return None
        over = _why_over(session, uow.clock.now())
    if over is None:
        return session
    _end(key, over, catalog)
    return None


def beat(key: str, *, catalog: Catalog) -> Session | None:
    """Say that a session is used by a person, so that it is not idle; None where it is over."""
    session = find_session(key, catalog=catalog)
    if session is None:
        return None
    if (catalog.clock.now() - session.last_used_at).total_seconds() < _RENEW_SECONDS:
        return session
    with catalog.begin() as uow:
        uow.sessions.touch(key, at=uow.clock.now())
        session = uow.sessions.get(key)
        uow.commit()
    return session if session is not None and session.ended_at is None else None


def seconds_left(session: Session, *, now: dt.datetime) -> float:
    """Return how long a session lasts if nobody uses it any more."""
    idle = session.last_used_at + dt.timedelta(seconds=IDLE_SECONDS)
    longest = session.created_at + dt.timedelta(seconds=LONGEST_SECONDS)
    return max(0.0, (min(idle, longest) - now).total_seconds())


def sign_out(key: str, *, catalog: Catalog) -> None:
    """End a session; one that is over stays so."""
    _end(key, "signed_out", catalog)


def _end(key: str, why: str, catalog: Catalog) -> None:
    with catalog.begin() as uow:
        session = uow.sessions.get(key)
        if session is not None and uow.sessions.end(key, at=uow.clock.now()):
            uow.record(AuditAction.SIGNED_OUT, "session", key, actor=session.user.name, why=why)
            uow.commit()


def _why_over(session: Session, now: dt.datetime) -> str | None:
    """Return the code of why a session is over; None where it is not."""
    if session.user.disabled:
        return "disabled"
    if now - session.created_at >= dt.timedelta(seconds=LONGEST_SECONDS):
        return "longest"
    if now - session.last_used_at >= dt.timedelta(seconds=IDLE_SECONDS):
        return "idle"
    return None


def _failure_key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass")).hexdigest()


def _is_locked(key: str, limit: int, uow: UnitOfWork) -> bool:
    """Say whether the last ``limit`` failures came close together and not long ago."""
    failures = uow.sessions.last_failures(key, count=limit)
    lock = dt.timedelta(seconds=LOCK_SECONDS)
    return (
        len(failures) == limit and failures[0] - failures[-1] < lock and uow.clock.now() - failures[0] < lock
    )


def _verify(stored: str, password: str) -> bool:
    """Compare a password with its hash, in the time that takes."""
    try:
        return _hasher.verify(stored, password[:_LONGEST_INPUT]) and len(password) <= _LONGEST_INPUT
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
