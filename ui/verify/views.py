"""One waiting document as the station shows it. The names of the fields are those of the JSON."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.geometry import Box

WordView = tuple[str, float, float, float, float]
"""Text, left, top, right, bottom; 0..1 of the page."""


@dataclass(frozen=True, slots=True)
class TypeView:
    """The document's type."""

    name: str
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class AlternativeView:
    """Another value that was seen for a field."""

    value: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the document as it was read."""

    name: str
    label: str
    value: str
    """Dates ISO; "" where nothing was found."""
    raw: str
    sure: bool
    """False: read with doubt, or something else was seen too."""
    page: int
    """Position in the document, from 1; 0 where it stands on no page."""
    box: Box | None
    alternatives: tuple[AlternativeView, ...] = ()


@dataclass(frozen=True, slots=True)
class PageView:
    """One page."""

    id: str
    position: int
    number: int
    """In the file, from 1."""
    view_rotation: int
    width: int
    """Pixels of the upright image; 0 where the page could not be read."""
    height: int
    words: tuple[WordView, ...] | None
    """In reading order; None where they are to be asked for when the page is looked at."""


@dataclass(frozen=True, slots=True)
class NameView:
    """A name in parts."""

    last: str
    first: str
    middle: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ComparedView:
    """One field of the index beside what the pages bear."""

    name: str
    label: str
    agreement: str
    """``agree``, ``close``, ``conflict`` or ``missing``."""
    note: str
    read: str
    """As it stands on the page, "" where none bears it."""
    page: int
    box: Box | None
    index: str
    """The value of the index; dates ISO."""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A patient the document could belong to."""

    patient: str
    name: NameView
    birth_date: str
    """ISO, "" where not known."""
    sex: str
    address: str
    phone: str
    mrn: str
    facility: str
    """"" is the site itself."""
    deceased: str
    """Date of death, ISO; "" where none is known."""
    warnings: tuple[str, ...]
    fields: tuple[ComparedView, ...]
    page_marks: tuple[str, ...]
    """``agree``, ``none`` or ``conflict``, one a page."""
    to_see: tuple[int, ...] = ()
    """Positions, from 1, of pages that conflict, as they were read or are corrected: nobody confirms this
    patient before having looked at them."""


@dataclass(frozen=True, slots=True)
class SuccessorView:
    """A document that could have taken the place of another."""

    document: str
    page: str
    """Id of its first page."""
    type: str
    """Label."""
    service_date: str
    """ISO, "" where none was found."""
    received: str
    """ISO date."""
    pages: int
    stands: str
    """Where it stands, in words; of a filed one with the patient."""


@dataclass(frozen=True, slots=True)
class ChartView:
    """Where the document stands among those of its file."""

    file: str
    """Short form of the file's id."""
    part: int
    of: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One waiting document."""

    id: str
    version: int
    state: str
    reason: str
    reason_text: str
    type: TypeView
    fields: tuple[FieldView, ...]
    pages: tuple[PageView, ...]
    candidates: tuple[CandidateView, ...]
    preselected: str | None
    """Set only where nobody doubts whose it is."""
    chart: ChartView
    postponed: bool = False
