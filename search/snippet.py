"""The stretch of a page that shows its hits best, as plain text with the places of the hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, islice

MAX_SNIPPET = 200
"""Characters, ellipses included."""
_ELLIPSIS = "… "
_MAX_CANDIDATES = 400
"""Hits that are tried as the first of a snippet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text of a page; the marks are offsets into it, so nothing in the text can be taken for a mark."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """From (inclusive) and to (exclusive) of each hit word, without punctuation around it."""


def cut_snippet(words: Sequence[str], hits: Mapping[int, AbstractSet[int]]) -> Snippet:
    """Return at most ``MAX_SNIPPET`` characters around the best hits; without hits, the page's beginning.

    Best are those that show the most different words and phrases of the query, then the most hits.

    Args:
        words: of the page in reading order; joined by single spaces in the snippet.
        hits: for each hit word, which words and phrases of the query it answers.
    """
    room = MAX_SNIPPET - 2 * len(_ELLIPSIS)
    first, last = _choose_core(words, hits, room)
    first, last = _widen(words, first, last, room)
    return _compose(words, hits, first, last)


def _choose_core(words: Sequence[str], hits: Mapping[int, AbstractSet[int]], room: int) -> tuple[int, int]:
    """Return the first and last word of the densest group of hits that fits."""
    ordered = sorted(hits)
    ends = list(accumulate(len(word) + 1 for word in words))
    best, best_worth = (0, 0), (0, 0)
    for number, start in enumerate(islice(ordered, _MAX_CANDIDATES)):
        shown: set[int] = set()
        upto, count = start, 0
        for hit in islice(ordered, number, None):
            if hit > start and ends[hit] - ends[start] + len(words[start]) > room:
                break
            upto, count = hit, count + 1
            shown |= hits[hit]
        if (len(shown), count) > best_worth:
            best, best_worth = (start, upto), (len(shown), count)
    return best


def _widen(words: Sequence[str], first: int, last: int, room: int) -> tuple[int, int]:
    """Take in words on both sides in turn while there is room."""
    left = room - sum(len(word) + 1 for word in words[first : last + 1])
    grew = True
    while grew:
        grew = False
        if first > 0 and len(words[first - 1]) + 1 <= left:
            first -= 1
            left -= len(words[first]) + 1
            grew = True
        if last + 1 < len(words) and len(words[last + 1]) + 1 <= left:
            last += 1
            left -= len(words[last]) + 1
            grew = True
    return first, last


def _compose(words: Sequence[str], hits: Mapping[int, AbstractSet[int]], first: int, last: int) -> Snippet:
    text = _ELLIPSIS if first > 0 else ""
    marks: list[tuple[int, int]] = []
    for index in range(first, min(last + 1, len(words))):
        word = words[index][: MAX_SNIPPET - len(text) - len(_ELLIPSIS)]
        bare = [at for at, char in enumerate(word) if char.isalnum()]
        if index in hits and bare:
            marks.append((len(text) + bare[0], len(text) + bare[-1] + 1))
        text += word + " "
    text = text.rstrip()
    if last + 1 < len(words):
        text += " …"
    return Snippet(text, tuple(marks))
