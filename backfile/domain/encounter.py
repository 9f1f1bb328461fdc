"""Encounters: stays and visits, with the numbers that institutions give them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay or visit of one patient."""

    id: str
    """Opaque."""
    number: str
    """The account or encounter number as given: text, zeros kept."""
    patient_id: str
    """The record that it was registered under; of a merged one the survivor counts."""
    facility: str = ""
    """Whose number it is; "" is the site itself."""
    kind: str = ""
    """Class: inpatient, outpatient, emergency, as the site calls them."""
    admitted: dt.date | None = None
    discharged: dt.date | None = None
    """None where it is not over, or not known."""
    attending: str = ""
