"""The queue of documents that wait for a person: who has which on the screen."""

from __future__ import annotations

from dataclasses import dataclass

CLAIM_SECONDS = 300
"""A document on a screen is nobody else's for so long; a screen in use renews its claims."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One open screen of one person."""

    user_id: str
    user: str
    """Name of the account; stands in decisions and in the audit trail."""
    station: str
    """Opaque id of the screen."""


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many documents wait; each its own count over rows."""

    waiting: int
    """In the queue and not postponed, those on a screen among them."""
    claimed: int
    """On somebody's screen."""
    postponed: int
    """In the queue, behind all others."""
