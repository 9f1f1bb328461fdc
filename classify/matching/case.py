"""What the filing rules look at: a document beside the person whom it seems to belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backfile.domain.patient import PatientIndex
from classify.matching.facts import Facts
from classify.matching.levels import Comparison
from classify.matching.people import Person


@dataclass(frozen=True, slots=True)
class FilingRules:
    """What the site sets."""

    facility: tuple[str, ...] = ()
    """The site's names and aliases; without any, letterheads are not judged."""
    risk: float = 1e-4
    """Highest bearable share of filings under a wrong patient."""
    today: dt.date | None = None
    """The day of the decision; None: the machine's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page, or one sheet (a page with its numbered continuations), beside one person."""

    facts: Facts
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Case:
    """A document beside one person, and everybody who could be confused with that person."""

    person: Person
    pages: tuple[Part, ...]
    sheets: tuple[Part, ...]
    neighbours: tuple[Person, ...]
    index: PatientIndex
    risk: float
    has_header: bool = False
    """The person's chart header sheet lies over the pages."""
