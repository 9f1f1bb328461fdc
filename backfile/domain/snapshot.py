"""What a decision changed: enough of the document before it to restore it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backfile.domain.decision import Decision, MatchOutcome
from backfile.domain.document import DocumentState, FieldValue, TypeGuess
from backfile.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class SnapshotDetails:
    """What a person may change besides state and patient."""

    type: TypeGuess
    fields: tuple[FieldValue, ...]
    encounter: str | None
    postponed_at: dt.datetime | None
    match: MatchOutcome | None = None
    """Kept where the pages changed, so that candidates of all of them come back."""
    page: str | None = None
    """The page that was turned."""
    view_rotation: int = 0
    """How it stood before."""
    part: str | None = None
    """The document that got the other pages."""
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document before or after a decision."""

    state: DocumentState
    reason: Reason
    patient: str | None
    type: str
    version: int
    details: SnapshotDetails | None = None
    """None after a decision, before one of the service, and in rows of the first schema."""


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision with what it changed."""

    decision: Decision
    before: Snapshot | None
    """None for a document's first decision."""
    after: Snapshot
