"""The exact truth of a synthetic chart: what is on each page, where, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.document import FieldName, SightingKind
from backfile.domain.geometry import Box
from backfile.domain.page import Word


@dataclass(frozen=True, slots=True)
class TrueSighting:
    """One identifier, name or date as printed."""

    kind: SightingKind
    value: str
    """Normalised as ``backfile.domain.document.Sighting`` has it."""
    page: int
    """Page of the chart, from 1."""
    words: tuple[int, ...]
    """Positions in the page's ``words``."""
    box: Box


@dataclass(frozen=True, slots=True)
class TruePage:
    """One page of a chart as it was printed, and what happened to the paper."""

    number: int
    """From 1."""
    words: tuple[Word, ...]
    """Printed words in reading order (``backfile.domain.reading_order``); handwriting-like notes left out."""
    sightings: tuple[TrueSighting, ...]
    document: int | None
    """Index of its document; None for blank and separator pages."""
    rotation: int
    """What ``PageReading.rotation`` should be: clockwise degrees to turn it upright."""
    skew: float
    """What ``PageReading.skew`` should be: degrees, counter-clockwise positive."""
    blank: bool
    separator: bool
    grade: str
    """``born_digital``, ``clean``, ``fair`` or ``poor``."""


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """One document of a chart."""

    type: str
    family: str
    """Layout family."""
    pages: tuple[int, ...]
    """Page numbers, from 1."""
    mrn: str | None
    """The patient's MRN in the index; None for somebody who is not in it."""
    fields: dict[FieldName, str]
    """What stands on its pages."""


@dataclass(frozen=True, slots=True)
class TrueChart:
    """One dropped file."""

    name: str
    """File name."""
    seed: int
    documents: tuple[TrueDocument, ...]
    pages: tuple[TruePage, ...]
