"""People who use Backfile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; the rights of each stand in one table of the screens."""

    SCANNING = "scanning"
    TECHNICIAN = "technician"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: str
    name: str
    role: Role
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One stay of a person in the screens, from signing in to its end."""

    key: str
    """Opaque; lets nobody in, so it may stand in the audit trail. The browser holds what it is made from."""
    user: User
    """As the account is now, not as it was at signing in."""
    created_at: dt.datetime
    last_used_at: dt.datetime
    ended_at: dt.datetime | None = None
