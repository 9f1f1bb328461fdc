"""Columns of text on pages: where the next line goes, and how a text breaks into lines."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from samples.designs.style import Style
from samples.markup import InkWord, Markup
from samples.sheet import Sheet, text_width


@dataclass(frozen=True, slots=True)
class Frame:
    """Where text may stand on a page, in points."""

    left: float
    right: float
    top: float
    bottom: float


class Columns:
    """The columns of one document, filled from the top of the first to the foot of the last."""

    def __init__(
        self,
        markup: Markup,
        style: Style,
        open_page: Callable[[int], tuple[Sheet, list[Frame]]],
        rng: random.Random,
        *,
        max_pages: int = 4,
    ) -> None:
        """Begin; ``open_page`` gives the sheet of a page (numbered from 1) and the frames on it."""
        self.markup = markup
        self.style = style
        self.rng = rng
        self.sheets: list[Sheet] = []
        self.is_full = False
        self._open_page = open_page
        self._max_pages = max_pages
        self._turn_page()

    def _turn_page(self) -> None:
        if len(self.sheets) == self._max_pages:
            self.is_full = True
            return
        self.sheet, self._frames = self._open_page(len(self.sheets) + 1)
        self.sheets.append(self.sheet)
        self._enter(0)

    def _enter(self, column: int) -> None:
        self._column = column
        self.frame = self._frames[column]
        self.left, self.right, self.y = self.frame.left, self.frame.right, self.frame.top

    def need(self, height: float) -> bool:
        """Go on to the next column or page unless there is room; False where the document is full."""
        indent = self.left - self.frame.left
        if self.y + height > self.frame.bottom and self.y > self.frame.top:
            if self._column + 1 < len(self._frames):
                self._enter(self._column + 1)
            else:
                self._turn_page()
            self.left += 0.0 if self.is_full else indent
        return not self.is_full

    def has_room(self, height: float) -> bool:
        """Say whether so much fits into what is left of the column."""
        return self.y + height <= self.frame.bottom

    @property
    def step(self) -> float:
        """Distance of two baselines."""
        return self.style.size * self.style.leading

    def wrap(
        self, text: str, face: str, size: float, width: float, *, first: float = 0.0
    ) -> list[list[InkWord]]:
        """Break a text into lines no wider than ``width``; the first is shorter by ``first``."""
        if self.style.capitals:
            text = text.upper()
        space = text_width(" ", face) * size
        lines: list[list[InkWord]] = [[]]
        used, room = 0.0, width - first
        for word in self.markup.split(text):
            w = text_width(word.text, face) * size
            if lines[-1] and used + space + w > room:
                lines.append([])
                used, room = 0.0, width
            used += w + (space if lines[-1] else 0.0)
            lines[-1].append(word)
        return lines if lines[0] else []

    def text(self, text: str, *, indent: float = 0.0, hang: float = 0.0, bold_words: int = 0) -> None:
        """Set running text; the first ``bold_words`` words are bold."""
        style = self.style
        lines = self.wrap(text, style.face, style.size, self.right - self.left - indent - hang, first=-hang)
        if bold_words and lines and len(lines[0]) > bold_words:
            # Bold is wider: what does not fit any more begins the next line.
            lines = self.wrap(
                text,
                style.bold if style.bold != style.face else style.face,
                style.size,
                self.right - self.left - indent,
            )
        for number, line in enumerate(lines):
            if not self.need(self.step):
                return
            x = self.left + indent + (hang if number else 0.0)
            base = self.y + style.size
            if number == 0 and 0 < bold_words < len(line):
                x = self.sheet.put(x, base, line[:bold_words], style.bold, style.size)
                self.sheet.put(
                    x + text_width(" ", style.face) * style.size,
                    base,
                    line[bold_words:],
                    style.face,
                    style.size,
                )
            else:
                self.sheet.put(x, base, line, style.face, style.size)
            self.y += self.step
