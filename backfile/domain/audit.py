"""The audit trail: who did what to which record, each event sealed to the one before it.

The chain is SHA-256 over the previous event's seal and the event's own canonical JSON. Altering,
deleting or reordering an event breaks every later seal. A chain alone cannot show that its *end*
was cut off; ``head`` is exported for that (the seal and number of the last event).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

GENESIS = "0" * 64
"""The seal before the first event."""


class AuditAction(StrEnum):
    """What was done."""

    FILE_RECEIVED = "file_received"
    FILE_REJECTED = "file_rejected"
    FILE_DUPLICATE = "file_duplicate"
    PAGE_FAILED = "page_failed"
    DOCUMENT_FILED = "document_filed"
    DOCUMENT_QUEUED = "document_queued"
    DOCUMENT_EXCEPTION = "document_exception"
    DOCUMENT_REMOVED = "document_removed"
    DOCUMENT_POSTPONED = "document_postponed"
    DOCUMENT_SPLIT = "document_split"
    PAGE_ROTATED = "page_rotated"
    DECISION_UNDONE = "decision_undone"
    RETRIED = "retried"
    PATIENTS_IMPORTED = "patients_imported"
    SHEET_PRINTED = "sheet_printed"
    SHEET_USED = "sheet_used"
    ENCOUNTERS_IMPORTED = "encounters_imported"
    STRATUM_STOPPED = "stratum_stopped"
    STRATUM_LIFTED = "stratum_lifted"
    FILING_CHECKED = "filing_checked"
    CHART_CHECKED = "chart_checked"
    SEARCHED = "searched"
    VIEWED = "viewed"
    EXPORTED = "exported"
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    INDEX_REBUILT = "index_rebuilt"
    CATALOG_VERIFIED = "catalog_verified"
    TYPE_ADDED = "type_added"
    TYPE_REMOVED = "type_removed"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that was done."""

    at: dt.datetime
    actor: str
    """A user's name, or ``backfile`` for the service itself."""
    action: AuditAction
    subject_kind: str
    """``file``, ``page``, ``document``, ``patient``, ``sheet``, ``user``, ``session``, ``stratum``,
    ``type``, ``index`` or ``catalog``."""
    subject: str
    """Opaque id."""
    patient: str | None = None
    """Id of the patient concerned *at that time*."""
    details: dict[str, str] = field(default_factory=dict)
    """Codes and ids only."""


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event in the chain."""

    number: int
    """From 1, without gaps."""
    event: AuditEvent
    seal: str


def seal_event(previous: str, number: int, event: AuditEvent) -> str:
    """Return the seal (64 hex digits) of an event that follows the seal ``previous``."""
    canonical = json.dumps(
        [
            number,
            event.at.astimezone(dt.UTC).isoformat(),
            event.actor,
            event.action.value,
            event.subject_kind,
            event.subject,
            event.patient,
            sorted(event.details.items()),
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def find_broken_seal(chain: Iterable[SealedEvent]) -> int | None:
    """Return the number of the first event that does not fit the chain; None if all do."""
    previous, expected = GENESIS, 1
    for sealed in chain:
        if sealed.number != expected or sealed.seal != seal_event(previous, sealed.number, sealed.event):
            return expected
        previous, expected = sealed.seal, expected + 1
    return None
