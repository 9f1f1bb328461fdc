"""What a person asks for at a screen, and what is answered.

A request bears an id that the screen gave it. It may be sent any number of times; it is applied once, and
every repetition gets the first answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import FieldName
from backfile.domain.geometry import Box


class RequestKind(StrEnum):
    """What a person decides."""

    CONFIRM = "confirm"
    """File it under a patient; with corrections and another type in the same decision."""
    REJECT = "reject"
    POSTPONE = "postpone"
    SPLIT = "split"
    ROTATE = "rotate"
    UNDO = "undo"


class RejectReason(StrEnum):
    """Why a document does not go to a chart. The first three remove it, the others set it aside."""

    NOT_A_RECORD = "not_a_record"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    SCAN_AGAIN = "scan_again"
    """An exception until the pages are scanned anew."""
    NOT_REGISTERED = "not_registered"
    """An exception until a patient who fits is imported."""


@dataclass(frozen=True, slots=True)
class FieldCorrection:
    """What a person says a field is."""

    name: FieldName
    value: str
    """As typed or clicked; it is normalised when it is applied. "" takes the field away."""
    raw: str = ""
    """As it stands on the page."""
    page: int = 0
    """Position of the page in the document, from 1; 0: typed, not on a page."""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One decision about one document, as a person saw it."""

    id: str
    """The screen's own, a UUID."""
    kind: RequestKind
    document: str
    version: int
    """Of the document as the person saw it. Undo needs none: it names what it undoes."""
    patient: str | None = None
    """Confirm: whose it is."""
    type: str | None = None
    """A key of ``document_types``, where the person changed it."""
    fields: tuple[FieldCorrection, ...] = ()
    reject: RejectReason | None = None
    successor: str | None = None
    """Reject as superseded: the document that took its place."""
    page: int | None = None
    """Position in the document: the first page of the second part (split), or which page (rotate)."""
    degrees: int = 0
    """Rotate: clockwise, a multiple of 90, added to how the page stands."""
    seen: frozenset[int] = frozenset()
    """Positions of the pages that the person looked at."""
    undoes: str | None = None
    """Undo: id of the request or of the decision."""


class Outcome(StrEnum):
    """What became of a request."""

    SAVED = "saved"
    CONFLICT = "conflict"
    """Somebody else decided first, or has the document; nothing was saved."""
    REFUSED = "refused"
    """It cannot be done as asked; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one request."""

    request: str
    outcome: Outcome
    text: str
    """In words for the technician; holds no value of a patient."""
    decision: str | None = None
    """Where it was saved."""
    version: int | None = None
    """Of the document after it, where it was saved."""
