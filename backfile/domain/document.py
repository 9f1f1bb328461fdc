"""Documents and received files: their states, and the fields that a document bears."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.geometry import Box


class FileState(StrEnum):
    """Where a received file stands."""

    WORKING = "working"
    TAKEN = "taken"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class DocumentState(StrEnum):
    """Where a document stands."""

    FILED = "filed"
    REVIEW = "review"
    EXCEPTION = "exception"
    REMOVED = "removed"


class FieldName(StrEnum):
    """The indexed fields of a document, as the JSON names them."""

    PATIENT_NAME = "patient_name"
    BIRTH_DATE = "birth_date"
    SERVICE_DATE = "service_date"
    MRN = "mrn"
    SSN_LAST4 = "ssn_last4"
    PHONE = "phone"
    ADDRESS = "address"
    SEX = "sex"
    ENCOUNTER = "encounter"
    PROVIDER = "provider"
    FACILITY = "facility"


class SightingKind(StrEnum):
    """What a stretch of words on a page was taken for.

    The first eleven are the fields of ``FieldName``, said of *this page's patient or visit*. The rest
    look alike but belong to somebody or something else; they are kept so that they can speak against.
    """

    PATIENT_NAME = "patient_name"
    BIRTH_DATE = "birth_date"
    SERVICE_DATE = "service_date"
    MRN = "mrn"
    SSN_LAST4 = "ssn_last4"
    PHONE = "phone"
    ADDRESS = "address"
    SEX = "sex"
    ENCOUNTER = "encounter"
    PROVIDER = "provider"
    FACILITY = "facility"
    RELATIVE_NAME = "relative_name"
    OTHER_DATE = "other_date"
    OTHER_NUMBER = "other_number"


class SightingSource(StrEnum):
    """Who found it."""

    RULE = "rule"
    MODEL = "model"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One identifier or date seen at one place of one page."""

    kind: SightingKind
    value: str
    """Normalised: names "Last, First Middle Suffix", dates ISO, numbers without punctuation."""
    raw: str
    """As it stands on the page."""
    confidence: float
    """0..1, of the whole: never above the least sure of its words."""
    page: int
    """Position of the page in the file, from 1."""
    box: Box
    source: SightingSource = SightingSource.RULE
    labelled: bool = False
    """It stands beside a label that names it ("MRN:", "Date of Birth")."""


@dataclass(frozen=True, slots=True)
class FieldAlternative:
    """Another value that was seen for a field."""

    value: str
    confidence: float
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The chosen value of one field of a document, with its evidence."""

    name: FieldName
    value: str
    raw: str
    confidence: float
    page: int
    """Position of the page in the document, from 1; 0 where a person typed it."""
    box: Box
    alternatives: tuple[FieldAlternative, ...] = ()
    corrected: bool = False
    """A person said so."""
    instead_of: str = ""
    """What was read where a person says otherwise; "" where the person confirmed it or nothing was read."""


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """What kind of document it is."""

    name: str
    """A key of ``document_types``, or ``unknown``."""
    probability: float
    evidence: tuple[str, ...] = ()
    """Words that spoke for it, strongest first."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One document among the pages of a file: which pages, and why it begins there."""

    pages: tuple[int, ...]
    """Positions of the pages in the file, from 1; blank and separator pages are in no cut."""
    reason: str
    """``first_page``, ``separator``, ``identifier_change``, ``heading``, ``page_count`` or ``person``."""
    doubtful: bool = False
    """The boundary is a guess that a person must see."""
