"""A document on its way onto paper: its head, its look, and the parts that page designs share."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from samples.designs.style import Style
from samples.designs.values import ValueStyle, break_words, put_value
from samples.families import FamilySplit
from samples.markup import InkWord
from samples.sheet import Sheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and its value, with what it is: ``name``, ``mrn``, ``birth_date`` or another key."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the text: whose letterhead, which document, which patient."""

    title: str
    facility: str
    """"" where there is no letterhead."""
    department: str
    address: str
    phones: str
    entries: tuple[Entry, ...]
    """Of the first page, the patient's first."""
    short: tuple[Entry, ...]
    """Of the following pages; may be empty."""
    sticker: tuple[str, ...]
    """Lines of the patient's label."""
    form: str
    """Number of the form, "" for none."""
    printed: str
    """A printer's line, "" for none."""
    has_page_numbers: bool
    page_word: str
    opening: tuple[str, ...]
    """Addressee and salutation of a letter."""


class Draft:
    """A head and a look, and what was drawn once for the whole document."""

    def __init__(
        self,
        head: Head,
        style: Style,
        rng: random.Random,
        families: FamilySplit,
        values: ValueStyle = ValueStyle.TYPED,
    ) -> None:
        self.head = head
        self.values = values
        self.style = style
        self.families = families
        self.rng = rng
        self._drawn: dict[str, object] = {}
        self.margin = rng.uniform(40, 62)
        self.identified: dict[int, bool] = {}

    def once(self, key: str, draw: Callable[[], T]) -> T:
        """Draw something the first time and remember it."""
        if key not in self._drawn:
            self._drawn[key] = draw()
        return self._drawn[key]  # type: ignore[return-value]

    def is_so(self, key: str, chance: float) -> bool:
        """Decide something once."""
        return self.once(key, lambda: self.rng.random() < chance)

    def cased(self, text: str) -> str:
        """Return the text in the document's case."""
        return text.upper() if self.style.capitals else text

    def put(
        self,
        sheet: Sheet,
        x: float,
        baseline: float,
        text: str,
        *,
        face: str = "",
        size: float = 0.0,
        align: str = "left",
        room: float = 0.0,
        gray: float = 0.0,
    ) -> float:
        """Print one line, smaller where it would be wider than ``room``."""
        face, size, text = face or self.style.face, size or self.style.size, self.cased(text)
        if room > 0:
            width = sheet.measure(text, face, size)
            if width > room:
                size = max(5.0, size * room / width)
        return sheet.put(x, baseline, text, face, size, align=align, gray=gray)

    def letterhead(self, sheet: Sheet, y: float, *, align: str = "center", size: float = 14.0) -> float:
        """Print the institution's name and address and return where it ends."""
        head = self.head
        if not head.facility:
            return y
        m = self.margin
        x = {"left": m, "center": sheet.width / 2, "right": sheet.width - m}[align]
        room = sheet.width - 2 * m
        self.put(sheet, x, y + size, head.facility, face=self.style.bold, size=size, align=align, room=room)
        y += size * 1.35
        small = max(7.0, self.style.size - 1.5)
        for line in (head.department, head.address, head.phones):
            if line:
                self.put(sheet, x, y + small, line, size=small, align=align, room=room)
                y += small * 1.25
        return y + 2

    def title(
        self, sheet: Sheet, y: float, *, align: str = "center", size: float = 13.0, box: bool = False
    ) -> float:
        """Print the document's title and return where it ends."""
        if not self.head.title:
            return y
        m = self.margin
        x = {"left": m, "center": sheet.width / 2, "right": sheet.width - m}[align]
        room = sheet.width - 2 * m - 10
        self.put(sheet, x, y + size, self.head.title, face=self.style.bold, size=size, align=align, room=room)
        if box:
            half = min(room, sheet.measure(self.cased(self.head.title), self.style.bold, size)) / 2 + 8
            sheet.rect(x - half, y - 2, x + half, y + size * 1.35 + 1)
        return y + size * 1.5

    def cells(
        self,
        sheet: Sheet,
        entries: Sequence[Entry],
        x0: float,
        x1: float,
        y: float,
        *,
        columns: int,
        height: float = 26.0,
        ruled: bool = True,
        shade: float | None = None,
        bold: bool = False,
    ) -> float:
        """Print boxes with a small label above its value and return where they end."""
        while columns > 1 and not self._fits(sheet, entries, (x1 - x0) / columns - 9):
            columns -= 1
        width = (x1 - x0) / columns
        broken = [self._break_value(sheet, entry) for entry in entries]
        if any(len(lines) > 1 for lines in broken):
            height += self.style.size * 1.15
        elif self.values is ValueStyle.HANDWRITTEN:
            height += 6.0
        small = self.once("cell label size", lambda: self.rng.uniform(5.8, 7.5))
        for at, entry in enumerate(entries):
            x, top = x0 + at % columns * width, y + at // columns * height
            if ruled:
                sheet.rect(x, top, x + width, top + height)
            if shade is not None:
                sheet.rect(x + 0.5, top + 0.5, x + width - 0.5, top + small + 3, fill=shade)
            label = entry.label.upper() if self.style.labels == "upper" else entry.label
            self.put(sheet, x + 3, top + small + 1.5, label, size=small, room=width - 6)
            face = (
                self.style.bold
                if bold or (entry.key == "name" and self.is_so("bold name", 0.4))
                else self.style.face
            )
            for up, words in enumerate(reversed(broken[at])):
                base = top + height - 5 - up * self.style.size * 1.15
                put_value(self, sheet, x + 5, base, words, face=face, room=width - 9)
        rows = -(-len(entries) // columns)
        return y + rows * height

    def lines(
        self,
        sheet: Sheet,
        entries: Sequence[Entry],
        x0: float,
        x1: float,
        y: float,
        *,
        columns: int = 2,
        tab: bool = True,
        rule: bool = False,
        bold_labels: bool = True,
        right_labels: bool = False,
        by_column: bool = False,
    ) -> float:
        """Print labels with their values beside them and return where they end."""
        style = self.style
        # A label takes up to half of its column.
        while columns > 1 and not self._fits(sheet, entries, (x1 - x0) / columns * 0.5 - 11):
            columns -= 1
        width = (x1 - x0) / columns
        step = style.size * max(1.25, style.leading)
        if self.values is ValueStyle.HANDWRITTEN:
            step *= 1.4
        face = style.bold if bold_labels else style.face
        rows = -(-len(entries) // columns)
        labels = [self._break_label(style.label(e.label)) for e in entries]
        broken = [self._break_value(sheet, entry) for entry in entries]
        places = [
            (at // rows, at % rows) if by_column else (at % columns, at // columns)
            for at in range(len(entries))
        ]
        heights = [1] * rows
        for (_, row), words, shown in zip(places, broken, labels, strict=True):
            heights[row] = max(heights[row], len(words), len(shown))
        widest = max(
            (sheet.measure(self.cased(t), face, style.size) for shown in labels for t in shown), default=0.0
        )
        for (column, row), label_lines, value_lines in zip(places, labels, broken, strict=True):
            x, base = x0 + column * width, y + sum(heights[:row]) * step + style.size
            own = max(sheet.measure(self.cased(label), face, style.size) for label in label_lines)
            stop = min(widest, width * 0.5) if tab else own
            for down, label in enumerate(label_lines):
                at, align = (x + stop, "right") if right_labels else (x, "left")
                self.put(sheet, at, base + down * step, label, face=face, align=align, room=width * 0.5)
            start = x + max(stop, min(own, width * 0.5)) + 5
            for down, line in enumerate(value_lines):
                put_value(self, sheet, start, base + down * step, line, room=width - (start - x) - 6)
                if rule:
                    low = base + down * step + 2
                    sheet.line(start - 2, low, x + width - 8, low, width=0.4)
        return y + sum(heights) * step + 2

    def _break_value(self, sheet: Sheet, entry: Entry) -> list[list[InkWord]]:
        """Return the lines of a value: one, or where values are wrapped often two."""
        words = sheet.markup.split(self.cased(entry.value))
        if self.values is ValueStyle.WRAPPED and len(words) > 1 and self.is_so(f"wrap {entry.key}", 0.7):
            return break_words(words)
        return [words]

    def _break_label(self, label: str) -> list[str]:
        """Return the lines of a label: one, or where values are wrapped at times two."""
        words = label.split()
        if self.values is not ValueStyle.WRAPPED or len(words) < 2 or not self.is_so(f"label {label}", 0.4):
            return [label]
        half = len(words) // 2
        return [" ".join(words[:half]), " ".join(words[half:])]

    def _fits(self, sheet: Sheet, entries: Sequence[Entry], room: float) -> bool:
        """Say whether every value fits, if need be in somewhat smaller print."""
        style = self.style
        return all(sheet.measure(self.cased(e.value), style.face, style.size) * 0.78 <= room for e in entries)

    def strip(
        self, sheet: Sheet, entries: Sequence[Entry], x0: float, x1: float, y: float, *, gap: str = "  "
    ) -> float:
        """Print labels and values one after the other, line by line, and return where they end."""
        style, step = self.style, self.style.size * 1.3
        space = sheet.measure(self.cased(gap.strip()), style.face, style.size) if gap.strip() else 0.0
        x = x0
        for entry in entries:
            text = f"{style.label(entry.label)} {entry.value}".strip() if entry.label else entry.value
            width = sheet.measure(self.cased(text), style.face, style.size)
            if x > x0 and x + width > x1:
                x, y = x0, y + step
            x = self.put(sheet, x, y + style.size, text, room=x1 - x0) + style.size
            if space and entry is not entries[-1]:
                x = self.put(sheet, x, y + style.size, gap.strip()) + style.size
        return y + (step if entries else 0.0)

    def sticker(
        self, sheet: Sheet, x: float, y: float, width: float, *, framed: bool = True, face: str = ""
    ) -> float:
        """Print the patient's label with its lines and return where it ends."""
        size = self.once("sticker size", lambda: self.rng.uniform(7.6, 9.6))
        lines = self.head.sticker
        height = (len(lines) + 1) * size * 1.22
        if framed:
            sheet.rect(x, y, x + width, y + height, width=0.8)
        for at, line in enumerate(lines):
            shown = face or (self.style.bold if at == 0 else self.style.face)
            self.put(sheet, x + 5, y + (at + 1.1) * size * 1.22, line, face=shown, size=size, room=width - 10)
        return y + height

    def page_number(self, page: int, total: int) -> str:
        """Return "Page 1 of 2" in the document's way, "" where pages bear none."""
        if not self.head.has_page_numbers:
            return ""
        form = self.once(
            "page form",
            lambda: self.rng.choice(
                [
                    "{w} {n} of {m}",
                    "{w} {n} of {m}",
                    "{w} {n}/{m}",
                    "{w} {n} OF {m}",
                    "{w}: {n} of {m}",
                    "- {n} of {m} -",
                    "{w} {n}",
                ]
            ),
        )
        return form.format(w=self.head.page_word, n=page, m=total)

    def foot(self, sheet: Sheet, page: int, total: int, *, with_patient: bool = False) -> None:
        """Print the last line of a page: form number, patient, page number."""
        y, m = sheet.height - 32, self.margin
        small = max(6.5, self.style.size - 2.5)
        left = self.head.form or self.head.printed
        if with_patient:
            entries = self.head.short or self.head.entries[:2]
            left = "   ".join(f"{self.style.label(e.label)} {e.value}" for e in entries)
        self.put(sheet, m, y, left, size=small, room=sheet.width * 0.6)
        number = self.page_number(page, total)
        if number:
            self.put(sheet, sheet.width - m, y, number, size=small, align="right")
