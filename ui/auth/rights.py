"""What each role may see and do: one table, and nothing beyond it."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from backfile.domain.user import Role, User
from backfile.errors import AccessDenied


class Right(StrEnum):
    """One thing that a person may be allowed to do."""

    SEE_SCANS = "see_scans"
    """See what became of received files and batches."""
    VERIFY = "verify"
    """Decide documents that wait for a person."""
    SEARCH_CHART = "search_chart"
    """Choose one patient and search that chart."""
    SEARCH_ALL = "search_all"
    """Search across patients."""
    VIEW_PAGES = "view_pages"
    """See the image of any page: filed, waiting, exception, set aside."""
    VIEW_FILED_PAGES = "view_filed_pages"
    """See the images of pages of filed documents alone."""
    SEE_OVERVIEW = "see_overview"
    """See backlog, quality and throughput."""
    EXPORT = "export"
    """Take lists and documents out."""
    MANAGE_USERS = "manage_users"
    """Add, change and close accounts."""


_TECHNICIAN = frozenset({Right.SEE_SCANS, Right.VERIFY, Right.VIEW_PAGES, Right.SEARCH_CHART})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.SCANNING: frozenset({Right.SEE_SCANS}),
    Role.TECHNICIAN: _TECHNICIAN,
    Role.CLINICIAN: frozenset({Right.SEARCH_CHART, Right.VIEW_FILED_PAGES}),
    Role.SUPERVISOR: _TECHNICIAN | {Right.SEE_OVERVIEW, Right.SEARCH_ALL, Right.EXPORT},
    Role.ADMINISTRATOR: frozenset(Right),
}
"""A right that is not named here is not given."""


class _HasUser(Protocol):
    @property
    def user(self) -> User: ...


def has_right(user: User, right: Right) -> bool:
    """Say whether an account may do something; one that is closed may do nothing."""
    return not user.disabled and right in RIGHTS.get(user.role, frozenset())


def require(visitor: _HasUser, *rights: Right) -> None:
    """Let a visitor pass who has one of these rights.

    Raises:
        AccessDenied: they have none of them.
    """
    if not any(has_right(visitor.user, right) for right in rights):
        raise AccessDenied
