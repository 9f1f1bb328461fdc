"""Where the value of a label may stand: behind it, under it, or over the line that it captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classify.labels import FoundLabel
from classify.layout import CELL_GAP, PageLayout

_UNREAD = 2
"""Words before a label, in its cell, that may be a part of it."""
_ASIDE = 3.0
"""Letters left of its label at which a value under it may begin."""
_MAX_DROP = 2.4
"""How far, in line heights, a value may stand below its label."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of pieces where a value may begin."""

    start: int
    end: int
    strength: float


def right_of(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> Region | None:
    """Return what follows a label on its line, up to the next label."""
    found = labels[number]
    end = layout.line_of(found.start)[1]
    if number + 1 < len(labels):
        end = min(end, labels[number + 1].start)
    if found.end >= end:
        return None
    strength = 0.97 if found.is_marked else 0.9
    if not found.is_exact:
        strength *= 0.96
    return Region(found.end, end, strength)


def below_label(
    layout: PageLayout,
    labels: Sequence[FoundLabel],
    number: int,
    starts: set[int],
    *,
    line: int | None = None,
) -> Region | None:
    """Return what stands under a label in its column: on one of the next lines, or on ``line``.

    Lines of another column may lie between, so the nearest line that has something there counts.
    """
    bottom = layout.pieces[labels[number].end - 1].box[3]
    row = layout.pieces[labels[number].start].line + 1
    if line is not None:
        return _in_column(layout, labels, number, starts, line)[0] if line < len(layout.lines) else None
    while row < len(layout.lines):
        top = min(layout.pieces[n].box[1] for n in range(*layout.lines[row]))
        if top - bottom > _MAX_DROP * layout.height:
            return None
        region, is_empty = _in_column(layout, labels, number, starts, row)
        if not is_empty:
            return region
        row += 1
    return None


def _in_column(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, starts: set[int], row: int
) -> tuple[Region | None, bool]:
    """Return what a line has in the column of a label, and whether it has nothing at all there."""
    found = labels[number]
    last = layout.pieces[found.end - 1]
    left, right = _column(layout, labels, number)
    is_head_row = has_neighbours(layout, labels, number)
    start, end = layout.lines[row]
    for at in range(start, end):
        piece = layout.pieces[at]
        if piece.box[0] < left:
            continue
        if piece.box[0] >= right or piece.box[0] > last.box[2] + 3 * layout.letter:
            return None, True
        if at in starts or (not piece.starts_cell and piece.gap < (1.3 if is_head_row else CELL_GAP)):
            return None, False
        stop = at + 1
        while stop < end and layout.pieces[stop].box[0] < right and stop not in starts:
            stop += 1
        strength = 0.93 if is_head_row else 0.86
        if found.is_marked and not is_head_row:
            strength = 0.82
        return Region(at, stop, strength if found.is_exact else strength * 0.96), False
    return None, True


def _column(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> tuple[float, float]:
    """Return where the column under a label begins and ends."""
    first = layout.pieces[labels[number].start]
    head = layout.pieces[_begin_cell(layout, labels, number)]
    left, right = head.box[0] - _ASIDE * layout.letter, 2.0
    if number and layout.pieces[labels[number - 1].start].line == first.line:
        left = max(left, layout.pieces[labels[number - 1].end - 1].box[2] - layout.letter)
    if number + 1 < len(labels):
        following = layout.pieces[labels[number + 1].start]
        if following.line == first.line:
            right = following.box[0] - layout.letter
    return left, right


def _begin_cell(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> int:
    """Return where the cell of a label begins: words before it that cannot be read are part of it."""
    at = labels[number].start
    bound = labels[number - 1].end if number else 0
    begin = at
    while begin > bound and at - begin < _UNREAD and not layout.pieces[begin].starts_cell:
        begin -= 1
    return begin if layout.pieces[begin].starts_cell else at


def has_neighbours(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> bool:
    """Say whether another label stands on the same line with nothing between: a head row."""
    found = labels[number]
    after = number + 1 < len(labels) and labels[number + 1].start == found.end
    before = number > 0 and labels[number - 1].end == found.start
    same_line = layout.line_of(found.start)
    return (after and labels[number + 1].start < same_line[1]) or (
        before and labels[number - 1].start >= same_line[0]
    )


def is_over_values(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, right: Region | None, below: Region | None
) -> bool:
    """Say whether a label without a colon rather stands over its value than before it."""
    if below is None:
        return False
    if right is None or has_neighbours(layout, labels, number):
        return True
    gap = layout.pieces[right.start].gap
    offset = abs(layout.pieces[below.start].box[0] - layout.pieces[labels[number].start].box[0])
    return gap > 5.0 and offset < 2.5 * layout.letter


def above_label(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, starts: set[int], taken: set[int]
) -> Region | None:
    """Return what stands over a label that is a caption under a line to write on."""
    found = labels[number]
    first, last = layout.pieces[found.start], layout.pieces[found.end - 1]
    line_start, line_end = layout.line_of(found.start)
    if first.line == 0 or any(at not in taken for at in range(line_start, line_end)):
        return None
    left, right = _column(layout, labels, number)
    start, end = layout.lines[first.line - 1]
    if (
        first.box[1] - layout.pieces[start].box[3] > _MAX_DROP * layout.height
        or taken.intersection(range(start, end)) & starts
    ):
        return None
    inside = [
        at
        for at in range(start, end)
        if left <= layout.pieces[at].box[0] < min(right, last.box[2] + layout.letter)
    ]
    if not inside or not layout.pieces[inside[0]].starts_cell:
        return None
    return Region(inside[0], inside[-1] + 1, 0.75)
