"""Pours the text of a document onto sheets: sections, and the blocks that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from samples.content import (
    Blanks,
    Block,
    Boxes,
    Content,
    Items,
    Pairs,
    Para,
    Section,
    SignOff,
    Table,
    Tracing,
)
from samples.designs.columns import Columns
from samples.designs.scribble import draw_heartbeats, draw_scribble, draw_signature
from samples.designs.style import SectionStyle, TableStyle
from samples.markup import strip_markup
from samples.sheet import LineOp


class Flow(Columns):
    """The text of one document being poured."""

    def pour(self, content: Content) -> None:
        """Set all sections."""
        for section in content.sections:
            if self.is_full:
                return
            self.section(section)

    def section(self, section: Section) -> None:
        """Set one section."""
        style, blocks, kind = self.style, list(section.blocks), self.style.section
        title = section.title
        self.y += self.step * 0.45
        if title and kind is SectionStyle.INLINE and blocks and isinstance(first := blocks[0], Para):
            shown = title if title.endswith(":") else f"{title}:"
            self.text(f"{shown} {first.text}", bold_words=len(shown.split()))
            title = ""
            blocks.pop(0)
        if title and kind is SectionStyle.MARGIN:
            self.need(self.step * 3)
            label_width = min(110.0, (self.right - self.left) * 0.24)
            lines = self.wrap(title, style.bold, style.size, label_width - 6)
            for number, line in enumerate(lines):
                self.sheet.put(
                    self.left, self.y + style.size + number * self.step, line, style.bold, style.size
                )
            self.left += label_width
            least = self.y + len(lines) * self.step
            page = len(self.sheets)
            self._blocks(blocks)
            self.left = self.frame.left
            self.y = max(self.y, least) if page == len(self.sheets) else self.y
            return
        if title:
            self.title(title)
        self._blocks(blocks)

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if self.is_full:
                return
            self.block(block)

    def title(self, title: str) -> None:
        """Set the title of a section on a line of its own."""
        style, step = self.style, self.step
        if not self.need(step * 3):
            return
        sheet, size = self.sheet, style.size * 1.04
        base = self.y + size
        if style.section is SectionStyle.BAR:
            sheet.rect(self.left, self.y - 1, self.right, self.y + step + 1, fill=0.85)
            sheet.put(self.left + 4, base, title, style.bold, size)
            self.y += step * 1.25
            return
        if style.section is SectionStyle.BOXED:
            sheet.rect(self.left, self.y - 1, self.right, self.y + step + 2)
            sheet.put(self.left + 4, base, title, style.bold, size)
            self.y += step * 1.35
            return
        face = style.face if style.section in {SectionStyle.PLAIN, SectionStyle.UNDERLINED} else style.bold
        end = sheet.put(
            self.left,
            base,
            title if self.style.section is not SectionStyle.PLAIN else f"{title}:",
            face,
            size,
        )
        if style.section is SectionStyle.UNDERLINED:
            sheet.line(self.left, base + 2, end, base + 2)
        if style.section is SectionStyle.RULED:
            sheet.line(self.left, base + 3, self.right, base + 3, width=0.8)
            self.y += 3
        self.y += step

    def block(self, block: Block) -> None:
        """Set one block."""
        match block:
            case Para(text):
                self.text(text)
                self.y += self.step * 0.25
            case Items(lines, numbered):
                for number, line in enumerate(lines, 1):
                    mark = f"{number}." if numbered else "-" if self.style.text_boxes else ""
                    self.text(f"{mark} {line}" if mark else line, indent=8.0, hang=0.0 if not mark else 12.0)
                self.y += self.step * 0.2
            case Pairs(pairs, columns):
                self._pairs(pairs, columns)
            case Table():
                self._table(block)
            case Boxes(lines, columns):
                self._boxes(lines, columns)
            case Blanks(lines, scribbled):
                self._blanks(lines, scribbled=scribbled)
            case Tracing(rows, rate):
                self._trace(rows, rate)
            case SignOff():
                self._sign(block)

    def _pairs(self, pairs: Sequence[tuple[str, str]], columns: int) -> None:
        style = self.style
        over = style.pair == "over"
        sizes = [
            (
                0.0 if over else self.sheet.measure(style.label(label), style.bold, style.size) + 5,
                self.sheet.measure(value, style.face, style.size),
            )
            for label, value in pairs
        ]
        # A value may take two lines, but not be squeezed into a column of single words.
        while columns > 1 and any(
            own + min(value, max(100.0, value * 0.6)) + 10 > (self.right - self.left) / columns
            for own, value in sizes
        ):
            columns -= 1
        width = (self.right - self.left) / columns
        rows = [pairs[at : at + columns] for at in range(0, len(pairs), columns)]
        tab = (
            max(
                (self.sheet.measure(style.label(label), style.bold, style.size) for label, _ in pairs),
                default=0.0,
            )
            + 8
        )
        for row in rows:
            cells = []
            for label, value in row:
                shown = style.label(label)
                own = (
                    0.0
                    if over
                    else min(tab, width * 0.55)
                    if style.pair == "tab"
                    else self.sheet.measure(shown, style.bold, style.size) + 5
                )
                cells.append(
                    (shown, own, self.wrap(value, style.face, style.size, max(width - own - 8, 60.0)) or [[]])
                )
            height = (max(len(lines) for _, _, lines in cells) + over) * self.step
            if not self.need(height):
                return
            for at, (shown, own, lines) in enumerate(cells):
                x = self.left + at * width
                self.sheet.put(
                    x,
                    self.y + style.size * (0.8 if over else 1.0),
                    shown,
                    style.bold if not over else style.face,
                    style.size * (0.75 if over else 1.0),
                )
                for number, line in enumerate(lines):
                    self.sheet.put(
                        x + own,
                        self.y + style.size + (number + over) * self.step,
                        line,
                        style.face,
                        style.size,
                    )
            self.y += height + (3 if over else 0.6)
        self.y += self.step * 0.3

    def _table(self, table: Table) -> None:
        kind = (
            TableStyle.GRID
            if table.grid and not self.style.family.value.startswith("Courier")
            else self.style.table
        )
        count = len(table.head)
        size = self.style.size if count < 6 else max(6.6, self.style.size - min(2.5, 0.35 * (count - 4)))
        shares = table.widths or tuple([1.0] * count)
        edges = [self.left]
        for share in shares[:count]:
            edges.append(edges[-1] + (self.right - self.left) * share / sum(shares[:count]))
        step = size * max(1.12, self.style.leading * 0.95)
        for number, row in enumerate([table.head, *table.rows]):
            face = self.style.bold if number == 0 else self.style.face
            cells = [
                self.wrap(cell, face, size, edges[i + 1] - edges[i] - 4) for i, cell in enumerate(row[:count])
            ]
            height = max(max((len(lines) for lines in cells), default=1), 1) * step + (
                4 if kind is TableStyle.GRID else 1.5
            )
            before = len(self.sheets), self._column
            if not self.need(height):
                return
            if number > 1 and (len(self.sheets), self._column) != before:
                edges = [e + self.left - edges[0] for e in edges]
            if kind is TableStyle.STRIPES and number and number % 2 == 0:
                self.sheet.rect(edges[0], self.y, edges[-1], self.y + height, fill=0.92)
            for i, lines in enumerate(cells):
                for at, line in enumerate(lines):
                    self.sheet.put(edges[i] + 2.5, self.y + size + 1 + at * step, line, face, size)
            if kind is TableStyle.GRID:
                for x0, x1 in pairwise(edges):
                    self.sheet.rect(x0, self.y, x1, self.y + height, width=0.5)
            elif kind is TableStyle.LINES or number == 0:
                self.sheet.line(edges[0], self.y + height, edges[-1], self.y + height, width=0.5)
            self.y += height
        self.y += self.step * 0.5

    def _boxes(self, lines: Sequence[tuple[bool, str]], columns: int) -> None:
        style = self.style
        columns = 1 if self.right - self.left < 300 else columns
        width = (self.right - self.left) / columns
        for at in range(0, len(lines), columns):
            row = lines[at : at + columns]
            wrapped = [self.wrap(text, style.face, style.size, width - 22) for _, text in row]
            height = max(len(w) for w in wrapped) * self.step
            if not self.need(height):
                return
            for i, (ticked, _) in enumerate(row):
                x, base = self.left + i * width, self.y + style.size
                if style.text_boxes:
                    self.sheet.put(x, base, "[X]" if ticked else "[_]", style.face, style.size)
                else:
                    side = style.size * 0.72
                    self.sheet.rect(x + 2, base - side, x + 2 + side, base)
                    if ticked:
                        self.sheet.line(x + 2, base - side, x + 2 + side, base, width=1.0)
                        self.sheet.line(x + 2, base, x + 2 + side, base - side, width=1.0)
                for number, line in enumerate(wrapped[i]):
                    self.sheet.put(x + 18, base + number * self.step, line, style.face, style.size)
            self.y += height
        self.y += self.step * 0.3

    def _blanks(self, lines: int, *, scribbled: bool) -> None:
        for _ in range(lines):
            if not self.need(20):
                return
            self.y += 18
            self.sheet.line(self.left, self.y, self.right, self.y, width=0.4)
            if scribbled and self.rng.random() < 0.7:
                self.sheet.ops.extend(
                    draw_scribble(
                        self.rng, self.left + 6, self.y - 4, self.rng.uniform(80, self.right - self.left - 20)
                    )
                )

    def _trace(self, rows: int, rate: int) -> None:
        height = 62.0
        for _ in range(rows):
            if not self.need(height + 4):
                return
            for at in range(int((self.right - self.left) // 14) + 1):
                x = self.left + at * 14
                self.sheet.ops.append(LineOp(x, self.y, x, self.y + height, 0.25, 0.75))
            for at in range(int(height // 14) + 1):
                y = self.y + at * 14
                self.sheet.ops.append(LineOp(self.left, y, self.right, y, 0.25, 0.75))
            beats = draw_heartbeats(self.rng, self.left + 4, self.right - 4, self.y + height * 0.62, rate)
            self.sheet.ops.append(beats)
            self.y += height + 4

    def _sign(self, block: SignOff) -> None:
        self.y += self.step * 0.6
        for line in block.lines:
            if not self.need((self.step if not block.pen else self.step + 26) + 2):
                return
            if block.pen:
                self.y += 22
                self.sheet.ops.extend(
                    draw_signature(
                        self.rng, self.left + self.rng.uniform(5, 40), self.y - 4, strip_markup(line)
                    )
                )
                self.sheet.line(
                    self.left,
                    self.y,
                    self.left + min(220.0, (self.right - self.left) * 0.6),
                    self.y,
                    width=0.6,
                )
                self.y += 2
            self.text(line)
