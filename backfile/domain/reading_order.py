"""Reading order from word boxes alone: the same for every engine and for synthetic pages.

Words are joined to lines by vertical overlap, nearest neighbour first, so that a line may lean a little;
lines wider than the page's gutter stay whole. Columns are split only where a gap runs through many lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backfile.domain.page import Word

_SAME_LINE_OVERLAP = 0.5
"""Share of the smaller height that two words of one line have in common."""


def order_words(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words sorted by line, then left to right, with ``line`` set from 0."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w.box[1] + w.box[3]) / 2, w.box[0])):
        for row in reversed(rows[-4:]):
            if _shares_line(row, word):
                row.append(word)
                break
        else:
            rows.append([word])
    rows.sort(key=lambda row: sum(w.box[1] + w.box[3] for w in row) / len(row))
    return tuple(
        replace(word, line=number)
        for number, row in enumerate(rows)
        for word in sorted(row, key=lambda w: w.box[0])
    )


def _shares_line(row: list[Word], word: Word) -> bool:
    """Compare with the row's horizontally nearest word, so a leaning line is followed."""
    near = min(
        row,
        key=lambda w: abs(w.box[0] - word.box[2]) if w.box[0] > word.box[0] else abs(word.box[0] - w.box[2]),
    )
    top, bottom = max(near.box[1], word.box[1]), min(near.box[3], word.box[3])
    smaller = min(near.box[3] - near.box[1], word.box[3] - word.box[1])
    return smaller > 0 and (bottom - top) / smaller >= _SAME_LINE_OVERLAP
