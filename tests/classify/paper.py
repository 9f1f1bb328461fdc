"""Pages written as text: each character has its place, as on a typewriter."""

from __future__ import annotations

import datetime as dt
import re

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.page import Barcode, PageQuality, PageReading, PageSource, Word
from backfile.domain.reading_order import order_words
from classify.identifiers import IdentifierFinder, find_evidence

TODAY = dt.date(2024, 10, 1)
QUALITY = PageQuality(dpi=200.0, ink=0.05, contrast=0.8, sharpness=0.5, reliable=True)
RULES = IdentifierFinder(model=None, today=TODAY)


def type_page(
    text: str, *, confidence: float = 0.96, codes: tuple[str, ...] = (), top: float = 0.04
) -> PageReading:
    """Return a page with this text; two spaces or more make a wide space."""
    words = [
        Word(
            found.group(),
            (
                0.05 + found.start() * 0.009,
                top + line * 0.02,
                0.05 + found.end() * 0.009,
                top + line * 0.02 + 0.012,
            ),
            confidence,
        )
        for line, row in enumerate(text.strip("\n").splitlines())
        for found in re.finditer(r"\S+", row)
    ]
    barcodes = tuple(Barcode("Code128", code, (0.1, 0.1, 0.5, 0.2)) for code in codes)
    blank = not words and not barcodes
    return PageReading(
        PageSource.OCR, order_words(words), 0, 0.0, blank, QUALITY, 1700, 2200, barcodes, engine="typed"
    )


def look(text: str, *, finder: IdentifierFinder = RULES) -> tuple[Sighting, ...]:
    """Return what is seen on a page with this text."""
    return find_evidence(type_page(text), page_number=1, finder=finder).sightings


def values(sightings: tuple[Sighting, ...], kind: SightingKind) -> list[str]:
    """Return the values of a kind, each once."""
    return list(dict.fromkeys(s.value for s in sightings if s.kind is kind))
