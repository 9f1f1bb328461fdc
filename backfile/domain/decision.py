"""How a document is matched to a patient, and what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason


class Agreement(StrEnum):
    """How one field of a page compares with the patient index."""

    AGREE = "agree"
    CLOSE = "close"
    CONFLICT = "conflict"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field of the document beside one patient's."""

    field: str
    """A ``FieldName``, or a part of the name: ``first_name``, ``last_name``, ``middle_name``, ``suffix``."""
    agreement: Agreement
    note: str = ""
    """In a technician's words, e.g. "day and month swapped"; holds no value of the patient."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient the document could belong to."""

    patient_id: str
    mrn: str
    facility: str
    probability: float
    comparisons: tuple[FieldComparison, ...]


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What the filing rules say of one document."""

    state: DocumentState
    reason: Reason
    patient_id: str | None = None
    """Set only where the state is filed."""
    mrn: str = ""
    facility: str = ""
    probability: float = 0.0
    """That the best candidate is the patient, "not in the index" included as an answer; 0 without any."""
    candidates: tuple[Candidate, ...] = ()
    """Best first, at most 5."""
    comparisons: tuple[FieldComparison, ...] = ()
    """Of the best candidate."""
    stratum: str = ""
    """Its kind of filing (``domain.unaided``), where the rules allow to file it; "" else."""
    unaided_patient: str | None = None
    """Under whom the rules allow to file it, be it held back for another cause."""


class DecisionKind(StrEnum):
    """What was decided about a document."""

    MACHINE = "machine"
    CONFIRM = "confirm"
    REMOVE = "remove"
    REJECT = "reject"
    """Set aside by a person: scan again, or not registered."""
    POSTPONE = "postpone"
    SPLIT = "split"
    ROTATE = "rotate"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one document; appended, never changed."""

    id: str
    document_id: str
    kind: DecisionKind
    actor: str
    at: dt.datetime
    undoes: str | None = None
    request: str | None = None
    """What the screen called it."""
