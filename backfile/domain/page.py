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
    handwriting: float = 0.0
    """How likely what stands on the page was written by hand, 0..1."""
    cut_off: bool = False
    """Text runs into an edge of the image: the scanner did not take the whole page."""


class RescanReason(StrEnum):
    """Why a page should be scanned again, or be read by a person."""

    CUT_OFF = "cut_off"
    LOW_RESOLUTION = "low_resolution"
    BLURRED = "blurred"
    FAINT = "faint"
    HANDWRITTEN = "handwritten"

    @property
    def sentence(self) -> str:
        """What to tell people, with what to do."""
        return _RESCAN_SENTENCES[self]


_RESCAN_SENTENCES = {
    RescanReason.CUT_OFF: "Text runs into the edge of the page: scan it again, the whole sheet.",
    RescanReason.LOW_RESOLUTION: "The scan has too few dots per inch: scan it again at 300 dpi.",
    RescanReason.BLURRED: "The page is blurred: scan it again, flat on the glass.",
    RescanReason.FAINT: "The writing is faint: scan it again darker, or from a better copy.",
    RescanReason.HANDWRITTEN: "The page seems to be written by hand: it cannot be read for sure, look at it.",
}
_LEAST_DPI = 140.0
"""Under this print of 10 points has small letters of under 10 pixels."""
_LEAST_SHARPNESS = 0.1
_LEAST_CONTRAST = 0.2
_LIKELY_BY_HAND = 0.5


def advise_rescan(quality: PageQuality) -> tuple[RescanReason, ...]:
    """Return why a page should be looked at or scanned again, gravest first; nothing for a good page.

    A page with nothing on it, whose contrast is 0, has no reason to be scanned again.
    """
    if quality.contrast == 0.0:
        return ()
    found = {
        RescanReason.CUT_OFF: quality.cut_off,
        RescanReason.LOW_RESOLUTION: quality.dpi < _LEAST_DPI and not quality.reliable,
        RescanReason.BLURRED: quality.sharpness < _LEAST_SHARPNESS,
        RescanReason.FAINT: quality.contrast < _LEAST_CONTRAST,
        RescanReason.HANDWRITTEN: quality.handwriting >= _LIKELY_BY_HAND,
    }
    return tuple(reason for reason, holds in found.items() if holds)


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
