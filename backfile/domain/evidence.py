"""What the pages of one document say about whose it is: the input of the filing rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backfile.domain.document import Sighting


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """One page."""

    page: int
    """Position in the file, from 1."""
    sightings: tuple[Sighting, ...]
    page_of: tuple[int, int] | None = None
    """The printed "page n of m", where the page has one."""
    letterhead: str = ""
    """The institution printed at the head of the page, as read; "" where none."""
    heading: str = ""
    """The title of the form or note, as read; "" where none."""
    spoken_of: tuple[str, ...] = ()
    """Folded last names of those whom the running text calls Mr. or Ms. as one speaks of its subject."""
    born_between: tuple[dt.date, dt.date] | None = None
    """When the patient was born by the age that the page gives; None where it does not tell surely."""


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """The pages of one document, in order."""

    pages: tuple[PageEvidence, ...]
    header_patient: str | None = None
    """Id of the patient whose chart header sheet lies over these pages."""
    is_boundary_doubtful: bool = False
