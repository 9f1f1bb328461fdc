"""One sheet of paper while it is being printed: words with exact places, lines, boxes.

Measures are points (1/72 inch) from the top left corner; the baseline is where text stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from backfile.domain.geometry import Box, clamp_box
from samples.markup import InkWord, Markup, Run

LETTER = (612.0, 792.0)

for _face in ("Vera", "VeraBd", "VeraIt"):  # Bitstream Vera comes with reportlab
    pdfmetrics.registerFont(TTFont(_face, f"{_face}.ttf"))


@dataclass(frozen=True, slots=True)
class TextOp:
    """A line of text to draw."""

    x: float
    baseline: float
    text: str
    face: str
    size: float
    gray: float = 0.0


@dataclass(frozen=True, slots=True)
class LineOp:
    """A straight line to draw."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.6
    gray: float = 0.0
    dash: float = 0.0
    """Length of dashes, 0 for a whole line."""


@dataclass(frozen=True, slots=True)
class RectOp:
    """A box to draw; ``fill`` is its gray, None for an outline."""

    x0: float
    y0: float
    x1: float
    y1: float
    fill: float | None = None
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class CodeOp:
    """A barcode to draw."""

    x0: float
    y0: float
    x1: float
    y1: float
    format: str
    """``Code128`` or ``QRCode``."""
    text: str


@dataclass(frozen=True, slots=True)
class PathOp:
    """A pen stroke to draw: points joined by a smooth line."""

    points: tuple[tuple[float, float], ...]
    width: float = 1.0
    gray: float = 0.1


Op = TextOp | LineOp | RectOp | CodeOp | PathOp


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word where it stands, in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    runs: tuple[Run, ...]


# Heights of capitals, of small letters and of descenders in ems, from the faces' AFM files.
_HEIGHTS = {
    "Helvetica": (0.72, 0.53, -0.21),
    "Times": (0.67, 0.46, -0.21),
    "Courier": (0.59, 0.44, -0.16),
    "Vera": (0.73, 0.55, -0.21),
}
_LOW = frozenset("acemnorsuvwxz")
_DEEP = frozenset("gjpqy()[]{}|/@$Q;,çÇ")
_FLAT = {
    "-": (0.35, 0.2),
    "–": (0.35, 0.2),
    "—": (0.35, 0.2),
    ".": (0.11, 0.0),
    "_": (-0.05, -0.15),
    "=": (0.45, 0.1),
    "*": (0.7, 0.35),
}
"""Height and depth of what is neither high nor low, in ems."""


@lru_cache(maxsize=100_000)
def text_width(text: str, face: str) -> float:
    """Return the width of a text at size 1."""
    return float(pdfmetrics.stringWidth(text, face, 1.0))


@lru_cache(maxsize=100_000)
def _rise(text: str, face: str) -> tuple[float, float]:
    """Return how far the ink of a word reaches above and below the baseline, in ems."""
    high, low, deep = next(
        (h for name, h in _HEIGHTS.items() if face.startswith(name)), _HEIGHTS["Helvetica"]
    )
    chars = set(text)
    if chars <= _FLAT.keys():
        return max(_FLAT[c][0] for c in chars), min(_FLAT[c][1] for c in chars)
    top = low if chars <= _LOW | _FLAT.keys() - {"*"} else high
    return top, deep if chars & _DEEP else -0.01


class Sheet:
    """Collects what is printed on one sheet."""

    def __init__(self, markup: Markup, size: tuple[float, float] = LETTER) -> None:
        self.markup = markup
        self.width, self.height = size
        self.ops: list[Op] = []
        self.words: list[PlacedWord] = []

    def put(
        self,
        x: float,
        baseline: float,
        text: str | Iterable[InkWord],
        face: str,
        size: float,
        *,
        align: str = "left",
        gray: float = 0.0,
    ) -> float:
        """Print one line of text and return where it ends; ``x`` is its left, middle or right end."""
        words = self.markup.split(text) if isinstance(text, str) else list(text)
        if not words:
            return x
        space = text_width(" ", face) * size
        widths = [text_width(word.text, face) * size for word in words]
        total = sum(widths) + space * (len(words) - 1)
        start = at = x - (total if align == "right" else total / 2 if align == "center" else 0.0)
        for word, width in zip(words, widths, strict=True):
            top, deep = _rise(word.text, face)
            self.words.append(
                PlacedWord(
                    word.text, at, baseline - top * size, at + width, baseline - deep * size, word.runs
                )
            )
            at += width + space
        self.ops.append(TextOp(start, baseline, " ".join(word.text for word in words), face, size, gray))
        return at - space

    def line(
        self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.6, dash: float = 0.0
    ) -> None:
        """Draw a line."""
        self.ops.append(LineOp(x0, y0, x1, y1, width, dash=dash))

    def rect(
        self, x0: float, y0: float, x1: float, y1: float, *, fill: float | None = None, width: float = 0.6
    ) -> None:
        """Draw a box."""
        self.ops.append(RectOp(x0, y0, x1, y1, fill, width))

    def measure(self, text: str, face: str, size: float) -> float:
        """Return the width that ``put`` would use."""
        words = self.markup.split(text)
        if not words:
            return 0.0
        space = text_width(" ", face) * size
        return sum(text_width(word.text, face) for word in words) * size + space * (len(words) - 1)

    def relative(self, word: PlacedWord) -> Box:
        """Return a word's place as shares of the page."""
        return clamp_box(
            (word.x0 / self.width, word.y0 / self.height, word.x1 / self.width, word.y1 / self.height)
        )
