"""Reading order from word boxes alone: the same for every engine and for synthetic pages.

Words are joined to lines from left to right: each goes to the line whose end it overlaps best, so a
line that leans or bends is followed; a lean that the whole page shares is taken out first. A gap
never ends a line, however wide: on a form the label stands left of it and the value right. Only
where a gutter runs through many lines, and both sides of it are running text, are the sides read one
after the other.

Boxes are relative to the page, so heights and widths have different units. The width of a letter,
taken from the words themselves, serves as measure across, the height of a line as measure down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from statistics import fmean, median

from backfile.domain.page import Word

_SHARED_HEIGHT = 0.5
"""Share of the smaller height that two words of one line have in common."""
_OTHER_SIZE = 2.2
"""Ratio of heights from which two words are of different type sizes ("ace" to "Apq" is about 1.9)."""
_SAME_FOOT = 0.45
"""How far, in heights of the smaller, feet or middles of words of different sizes may lie apart."""
_LINE_MEMORY = 3
"""Words at the end of a line that say where it runs."""
_MAX_SPACE = 2.5
"""Widest space between two words that surely stand together, in letters."""
_MAX_STACKED = 0.5
"""Share of the narrower width from which two words lie above one another, not side by side."""

_MIN_COLUMN_LINES = 8
"""Lines that a gutter must part."""
_MIN_GUTTER = 1.5
"""Width of a gutter, in letters."""
_MIN_LINE_WORDS = 3.0
"""Words of an average line of a column; a column of a table or form has fewer."""
_MIN_FILLED = 0.6
"""How much of its own length an average line fills with words; a row of a table has wide gaps."""
_MIN_SIDE = 0.25
"""Share of a stretch's lines that each side has at least: a column may end long before its neighbours."""
_MIN_RUNNING_ON = 0.3
"""Share of a column's lines that begin in mid-sentence, with a small letter; cells of a table rarely do."""


@dataclass(slots=True)
class _Item:
    """A word with its box in the frame where the page's lean is taken out."""

    word: Word
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class _Line:
    """Words of one line from left to right, and where it runs at both ends."""

    __slots__ = ("bottom", "items", "left", "right", "top")

    def __init__(self, items: list[_Item]) -> None:
        self.items = items
        self._look_back()

    def _look_back(self) -> None:
        recent = self.items[-_LINE_MEMORY:]
        self.top, self.bottom = _mean_edges(recent)
        self.left = self.items[0].left
        self.right = max([i.right for i in recent])

    def extend(self, other: _Line) -> None:
        """Go on with the words of a line to the right."""
        self.items.extend(other.items)
        self._look_back()

    def fit(self, other: _Line) -> float:
        """Return how well a line to the right continues this one, 0 where it does not."""
        first = other.items[:_LINE_MEMORY]
        top, bottom = _mean_edges(first)
        smaller, larger = sorted((self.bottom - self.top, bottom - top))
        if smaller <= 0:
            return 0.0
        share = (min(self.bottom, bottom) - max(self.top, top)) / smaller
        if share < _SHARED_HEIGHT:
            return 0.0
        above = min(self.right, other.right) - other.left
        if above > _MAX_STACKED * min(self.right - self.left, other.right - other.left):
            return 0.0
        middles = abs(self.top + self.bottom - top - bottom) / 2
        if larger > _OTHER_SIZE * smaller and any(c.isalnum() for i in first for c in i.word.text):
            feet = abs(self.bottom - bottom)
            if min(feet, middles) > _SAME_FOOT * smaller:
                return 0.0
        # Among several that it overlaps fully, a word belongs to the one whose middle is nearest.
        return share + 1.0 / (1.0 + middles / smaller)


def _mean_edges(items: list[_Item]) -> tuple[float, float]:
    """Return mean top and bottom; ``fmean`` would take most of the time of ordering a page."""
    return sum([i.top for i in items]) / len(items), sum([i.bottom for i in items]) / len(items)


def order_words(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words line by line, each line left to right, with ``line`` set from 0.

    The order in which the words are given has no influence.
    """
    items = [
        _Item(w, left=w.box[0], right=w.box[2], top=w.box[1], bottom=w.box[3])
        for w in sorted(words, key=_place)
    ]
    lean = _estimate_lean(_join_stretches(items))
    for item in items:
        shift = lean * (item.left + item.right) / 2
        item.top -= shift
        item.bottom -= shift
    lines = _join_lines(items)
    return tuple(
        replace(item.word, line=number)
        for number, line in enumerate(_read_columns(lines))
        for item in line.items
    )


def _place(word: Word) -> tuple[float, float, float, float, str]:
    """Sort from left to right, the same way whatever order the words come in."""
    return (word.box[0], word.box[1], word.box[2], word.box[3], word.text)


def _join_lines(items: list[_Item]) -> list[_Line]:
    """Join words, given from left to right, to lines, and sort these from top to bottom.

    Words close together are joined first and then stay together: so two blocks side by side whose
    lines stand at different heights do not tear each other's lines apart.
    """
    stretches = sorted(_join_stretches(items), key=lambda s: _place(s.items[0].word))
    lines = _link(stretches, reach=2.0)
    return sorted(lines, key=lambda line: (fmean(i.middle for i in line.items), line.left))


def _join_stretches(items: list[_Item]) -> list[_Line]:
    """Join words, given from left to right, as long as they stand close together."""
    reach = _MAX_SPACE * _letter_width(items) if items else 0.0
    return _link([_Line([item]) for item in items], reach=reach)


def _link(pieces: list[_Line], *, reach: float) -> list[_Line]:
    """Join pieces, given from left to right, where one continues another at most ``reach`` away."""
    lines: list[_Line] = []
    for piece in pieces:
        best, best_fit = None, 0.0
        for line in lines:
            if line.bottom < piece.items[0].top or line.top > piece.items[0].bottom:
                continue
            if piece.left - line.right <= reach and (fit := line.fit(piece)) > best_fit:
                best, best_fit = line, fit
        if best is None:
            lines.append(piece)
        else:
            best.extend(piece)
    return lines


def _letter_width(items: Iterable[_Item]) -> float:
    """Return the width of an average letter, as a share of the page's width."""
    return median((i.right - i.left) / max(len(i.word.text), 1) for i in items)


def _estimate_lean(lines: list[_Line]) -> float:
    """Return by how much lines fall per page width: their common slope by least squares.

    0 where it does not matter, or where so few words cannot tell a slope from letters' tails.
    """
    across = along = square = 0.0
    freedom = 0
    for line in lines:
        if len(line.items) < 3:
            continue
        centers = [((i.left + i.right) / 2, i.middle) for i in line.items]
        mean_x, mean_y = fmean(x for x, _ in centers), fmean(y for _, y in centers)
        across += sum((x - mean_x) * (y - mean_y) for x, y in centers)
        along += sum((x - mean_x) ** 2 for x, _ in centers)
        square += sum((y - mean_y) ** 2 for _, y in centers)
        freedom += len(centers) - 1
    if not along or freedom < 2:
        return 0.0
    lean = across / along
    error = sqrt(max(square - lean * across, 0.0) / (freedom - 1) / along)
    height = median(i.bottom - i.top for line in lines for i in line.items)
    return lean if abs(lean) > max(0.25 * height, 3.0 * error) else 0.0


def _read_columns(lines: list[_Line]) -> list[_Line]:
    """Return the lines in reading order: where there are columns, one column after the other."""
    gutter = _find_gutter(lines)
    if gutter is None:
        return lines
    first, last, x = gutter
    inside = sorted((i for line in lines[first:last] for i in line.items), key=lambda i: _place(i.word))
    left = _join_lines([i for i in inside if i.right <= x])
    right = _join_lines([i for i in inside if i.right > x])
    return [
        *_read_columns(lines[:first]),
        *_read_columns(left),
        *_read_columns(right),
        *_read_columns(lines[last:]),
    ]


def _find_gutter(lines: list[_Line]) -> tuple[int, int, float] | None:
    """Return (first line, line after the last, x) of the longest stretch that a gutter parts, if any."""
    if len(lines) < _MIN_COLUMN_LINES:
        return None
    letter = _letter_width(i for line in lines for i in line.items) or 1e-6
    best: tuple[int, int, float] | None = None
    tried: set[int] = set()
    for line in lines:
        for left, right in pairwise(line.items):
            x = (left.right + right.left) / 2
            if right.left - left.right < _MIN_GUTTER * letter or round(x / letter) in tried:
                continue
            tried.add(round(x / letter))
            for first, last in _uncrossed_runs(lines, x, letter):
                longer = best is None or last - first > best[1] - best[0]
                if longer and _are_columns(lines[first:last], x):
                    best = (first, last, x)
    return best


def _uncrossed_runs(lines: list[_Line], x: float, letter: float) -> list[tuple[int, int]]:
    """Return the stretches of lines that have a gutter, not just a space of their own size, at ``x``."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for number, line in enumerate([*lines, None]):
        if line is None or _crosses(line, x, letter):
            if start is not None and number - start >= _MIN_COLUMN_LINES:
                runs.append((start, number))
            start = None
        elif start is None:
            start = number
    return runs


def _crosses(line: _Line, x: float, letter: float) -> bool:
    """Say whether a word of the line comes too near to ``x``; big letters have wide spaces."""
    own = sum([(i.right - i.left) / max(len(i.word.text), 1) for i in line.items]) / len(line.items)
    margin = _MIN_GUTTER * max(letter, own) / 2
    return any(i.left < x + margin and i.right > x - margin for i in line.items)


def _are_columns(lines: list[_Line], x: float) -> bool:
    """Say whether both sides of ``x`` are filled like prose."""
    left = [side for line in lines if (side := [i for i in line.items if i.right <= x])]
    right = [side for line in lines if (side := [i for i in line.items if i.right > x])]
    # Lines of two columns need not stand at one height, so a line may have one side only.
    if min(len(left), len(right)) < max(_MIN_COLUMN_LINES, _MIN_SIDE * len(lines)):
        return False
    return _is_prose(left) and _is_prose(right)


def _is_prose(side: list[list[_Item]]) -> bool:
    """Say whether the lines of one side run on from one to the next, and are full of words."""
    if fmean(len(line) for line in side) < _MIN_LINE_WORDS:
        return False
    if fmean(line[0].word.text[:1].islower() for line in side) < _MIN_RUNNING_ON:
        return False
    return fmean(_fill(line) for line in side) >= _MIN_FILLED


def _fill(line: list[_Item]) -> float:
    """Return how much of its length a line fills with words, 0..1."""
    length = max(i.right for i in line) - min(i.left for i in line)
    return sum(i.right - i.left for i in line) / length if length > 0 else 1.0
