"""The seam where a recognition engine can be exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backfile.domain.geometry import Box, box_center
from backfile.domain.page import Word
from ocr.raster_image import Pixels


class PageMode(StrEnum):
    """How the text lies on what is read."""

    SPARSE = "sparse"
    """Words anywhere, in no order: forms, tables, labels."""
    PROSE = "prose"
    """Blocks of text, found by the engine."""
    BLOCK = "block"
    """One block of evenly set text."""


class OcrEngine(Protocol):
    """Reads words."""

    @property
    def name(self) -> str:
        """Name and version, as kept with every page it read."""

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return the words on an upright image, in any order; ``line`` is left 0.

        Args:
            image: gray, straight, at least one pixel.
            dpi: dots per inch, as a hint.
            mode: how the text lies.

        Returns:
            Words with boxes relative to the image, and confidences 0..1. Empty text never comes.
        """


class LineReader(OcrEngine, Protocol):
    """An engine that also reads lines whose places are known."""

    def read_lines(self, image: Pixels, lines: Sequence[Box]) -> tuple[Word, ...]:
        """Return the words on these lines, with boxes relative to the image."""


@dataclass(frozen=True, slots=True)
class FakeEngine:
    """Reads the same words on every image. Shipped for tests of what stands around an engine."""

    words: tuple[Word, ...] = ()
    name: str = "fake 1"

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return the words it was made with."""
        return self.words

    def read_lines(self, image: Pixels, lines: Sequence[Box]) -> tuple[Word, ...]:
        """Return those of its words whose middle lies on one of the lines."""
        middles = [(word, box_center(word.box)) for word in self.words]
        return tuple(w for w, (x, y) in middles if any(a <= x <= c and b <= y <= d for a, b, c, d in lines))
