"""Names and addresses that go on under where they begin: a cell of a form is narrower than its value.

"Van Houten," over "Hakon V", "5568 S Sunset Avenue, Los" over "Angeles, CA 90059". Half a name is somebody
else's name, and half an address nobody's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from classify.layout import PageLayout, Piece
from classify.people import FoundName, is_name_word, take_name

_TIGHT = 1.9
"""Distance of two lines, in letter heights from top to top, at which the second goes on with the first."""
_SIDE = 2.5
"""Letters by which the beginnings of the two lines may be apart."""
_LOOK_BELOW = 2
"""Lines below among which the next of the column is sought: other columns may lie between."""
_REST_OF_NAME = 3
_UNSURE = 0.72
"""Quality of a name of two lines that no comma holds together: the second may be something else."""
_INNER = 0.5


@dataclass(frozen=True, slots=True)
class WrappedName:
    """A name on two lines."""

    name: FoundName
    """``end`` is that of its first line."""
    extra: tuple[int, ...]
    """The pieces of its second line."""


def find_line_below(layout: PageLayout, at: int, barred: Collection[int]) -> tuple[int, int] | None:
    """Return the cell that stands right under a piece, close to it, as a stretch of pieces.

    Args:
        layout: The page.
        at: The piece.
        barred: Pieces that are labels: below one of them something else begins.
    """
    first = layout.pieces[at]
    height = max(layout.height, first.box[3] - first.box[1])
    for row in range(first.line + 1, min(first.line + 1 + _LOOK_BELOW, len(layout.lines))):
        start, end = layout.lines[row]
        for number in range(start, end):
            piece = layout.pieces[number]
            if abs(piece.box[0] - first.box[0]) > _SIDE * layout.letter:
                continue
            if not piece.starts_cell or number in barred or piece.box[1] - first.box[1] > _TIGHT * height:
                return None
            limit = next((other for other in range(number + 1, end) if other in barred), end)
            return number, layout.end_of_cell(number, limit)
    return None


def go_on_with_name(
    layout: PageLayout, at: int, limit: int, *, last_first: bool, barred: Collection[int]
) -> WrappedName | None:
    """Return the name that begins at a position and goes on under it; None where it is all on its line.

    Args:
        layout: The page.
        at: Its first piece.
        limit: Piece before which its first line must end.
        last_first: The label says that the last name comes first.
        barred: Pieces that are labels.
    """
    while at < limit and not any(char.isalnum() for char in layout.pieces[at].text):
        at += 1
    end = layout.end_of_cell(at, limit)
    words = [piece.text for piece in layout.pieces[at:end]]
    ends_open = bool(words) and words[-1].endswith(",") and not any("," in word for word in words[:-1])
    if not words or len(words) > (4 if ends_open else 2) or not all(map(is_name_word, words)):
        return None
    below = find_line_below(layout, at, barred)
    if below is None:
        return None
    rest = layout.pieces[slice(*below)]
    most = _REST_OF_NAME if ends_open or len(words) == 1 else 1
    if len(rest) > most or not all(
        is_name_word(piece.text) and not piece.text.endswith(",") for piece in rest
    ):
        return None
    if not ends_open and any("," in word for word in words):
        return None
    name = _take_from_both(layout, layout.pieces[at:end], rest, last_first=last_first)
    if name is None:
        return None
    quality = name.quality * (1.0 if ends_open else _UNSURE)
    return WrappedName(replace(name, start=at, end=end, quality=quality), tuple(range(*below)))


def begin_above(layout: PageLayout, name: FoundName, *, last_first: bool) -> WrappedName | None:
    """Return a name that begins over where it was found: "GOMEZ-PACHECO," over "JESUS ULISES".

    Only a comma at the end of the line above says so; where labels are on two lines too, the second line of
    the label stands right before the second line of the name.
    """
    first = layout.pieces[name.start]
    if name.has_comma or first.line == 0:
        return None
    start, end = layout.lines[first.line - 1]
    for at in range(start, end):
        piece = layout.pieces[at]
        if abs(piece.box[0] - first.box[0]) > _SIDE * layout.letter:
            continue
        stop = layout.end_of_cell(at, end)
        above = layout.pieces[at:stop]
        height = max(layout.height, first.box[3] - first.box[1])
        is_close = first.box[1] - piece.box[1] <= _TIGHT * height
        if not is_close or not above[-1].text.endswith(",") or not all(is_name_word(p.text) for p in above):
            return None
        rest = layout.pieces[name.start : name.end]
        found = _take_from_both(layout, above, rest, last_first=last_first)
        if found is None:
            return None
        return WrappedName(replace(found, start=name.start, end=name.end), tuple(range(at, stop)))
    return None


def _take_from_both(
    layout: PageLayout, first: Sequence[Piece], second: Sequence[Piece], *, last_first: bool
) -> FoundName | None:
    """Return the name that two lines are together, all of both; None where they are none."""
    joined = (*first, replace(second[0], gap=_INNER), *second[1:])
    together = PageLayout(joined, ((0, len(joined)),), layout.letter, layout.height)
    name = take_name(together, 0, len(joined), last_first=last_first)
    return name if name is not None and name.end == len(joined) else None
