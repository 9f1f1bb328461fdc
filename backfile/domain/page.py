"""What was read from one page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import fmean

from backfile.domain.geometry import Box


class PageSource(StrEnum):
    """Where a page's words come from."""

    OCR = "ocr"
    PDF = "pdf"
    MIXED = "mixed"


class PageState(StrEnum):
    """Where a page stands; a page is in exactly one of these."""

    WORKING = "working"
    FILED = "filed"
    REVIEW = "review"
    EXCEPTION = "exception"
    BLANK = "blank"
    SEPARATOR = "separator"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read."""

    text: str
    box: Box
    confidence: float
    """0..1; 1.0 for a word taken from a born-digital page."""
    line: int = 0
    """Index of the reading line it stands on; words come sorted by line, then left to right."""
    alternatives: tuple[str, ...] = ()
    """What a second reader read at its place, where that differs."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode found on a page."""

    format: str
    """The symbology, e.g. ``QRCode``, ``Code128``, ``Code39``."""
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageQuality:
    """Measures of one page's image, for advice such as "rescan this page"."""

    dpi: float
    """Dots per inch of the image that was read."""
    ink: float
    """Share of the page that is dark, 0..1, edges and punch holes left out."""
    contrast: float
    """Difference between paper and ink, 0..1."""
    sharpness: float
    """Relative edge strength, 0..1; under about 0.1 the page is blurred."""
    reliable: bool
    """False where words were probably missed; such a page is counted in a search's coverage."""


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Seconds that one stage of the work took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything that reading one page gave."""

    source: PageSource
    words: tuple[Word, ...]
    """In reading order."""
    rotation: int | None
    """Clockwise degrees (0, 90, 180, 270) by which the page as a viewer shows it was turned; None: unsure."""
    skew: float
    """Angle of the text baseline after that turn, degrees, counter-clockwise positive, before correction."""
    blank: bool
    quality: PageQuality
    width: int
    """Pixels of the upright page image that was read."""
    height: int
    barcodes: tuple[Barcode, ...] = ()
    stages: tuple[StageSeconds, ...] = ()
    engine: str = ""
    """Name and version of the engine that read it."""

    @property
    def text(self) -> str:
        """The words in reading order, one reading line a line."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines())

    @property
    def confidence(self) -> float:
        """Mean word confidence, 0..1; 0 for a page without words."""
        return fmean(word.confidence for word in self.words) if self.words else 0.0

    def lines(self) -> list[list[Word]]:
        """Return the words line by line."""
        return [list(words) for _, words in groupby(self.words, key=lambda word: word.line)]
