"""Sorts out what engines read: drops what is no word, joins two readings, tells what was missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from backfile.domain.geometry import Box, box_area, intersect_boxes
from backfile.domain.page import Word
from ocr.letters import Letters

_MARK_CONFIDENCE = 0.6
"""Least confidence of what has no letter or digit: rules and specks read as dashes and dots."""
_SHORT_LETTERS = 2
_SHORT_CONFIDENCE = 0.3
"""Least confidence of one or two letters."""

_SAME_PLACE = 0.5
"""Share of the smaller box from which two words stand at one place."""
_ADDED_CONFIDENCE = 0.5
"""Least confidence of a word that only the second reading has."""
_CLEARLY_BETTER = 0.02
_CLEARLY_BETTER_THAN_SEVERAL = 0.12
_MUCH_SHORTER = 0.6

_BAR = "|"
_CAPITAL = re.compile(r"[A-Zbdfhkl0-9]")
_DESCENDER = re.compile(r"[gjpqyQ,;()\[\]{}|/$@_]")
_SAME_EDGE = 0.2
"""How far, in the smaller height, a bar's top and foot may lie from those of the letters beside it."""

_COVER_MARGIN = 0.15
"""Part of its height by which a word's box is widened when asking what it covers."""


def keep_words(words: Iterable[Word]) -> list[Word]:
    """Drop what is no word: marks and one or two letters that were read with little confidence."""
    return [word for word in words if _is_word(word)]


def _is_word(word: Word) -> bool:
    letters = sum(c.isalnum() for c in word.text)
    if letters == 0:
        return word.confidence >= _MARK_CONFIDENCE
    return letters > _SHORT_LETTERS or word.confidence >= _SHORT_CONFIDENCE


def mend_bars(words: Sequence[Word]) -> list[Word]:
    """Return the words with "I" for "|" where it stands on a line and is as high as its capitals.

    Tesseract takes the lone capital for a bar, and is very sure of it. A bar that is printed, or a rule,
    reaches below the line or above it.

    Args:
        words: of one reading, in any order.
    """
    return [replace(w, text="I") if w.text == _BAR and _stands_as_letter(w, words) else w for w in words]


def _stands_as_letter(bar: Word, words: Sequence[Word]) -> bool:
    """Say whether the nearest word on its line that shows where the line runs has the bar's top and foot."""
    high = bar.box[3] - bar.box[1]
    beside = [
        word
        for word in words
        if min(word.box[3], bar.box[3]) - max(word.box[1], bar.box[1]) > 0.5 * high
        and _CAPITAL.search(word.text)
        and not _DESCENDER.search(word.text)
    ]
    if not beside:
        return False
    near = min(beside, key=lambda w: max(w.box[0] - bar.box[2], bar.box[0] - w.box[2]))
    least = min(high, near.box[3] - near.box[1])
    return all(abs(near.box[side] - bar.box[side]) <= _SAME_EDGE * least for side in (1, 3))


def join_readings(first: Sequence[Word], second: Sequence[Word]) -> list[Word]:
    """Return the words of two readings of the same image, each place once.

    Where both read something, the more confident one counts; a word that only the second has must be
    fairly sure. Measured on ruled forms, two different preparations joined so read three words in a
    hundred more than the better one alone, with no more false ones.
    """
    replaced: set[int] = set()
    added: list[Word] = []
    for word in second:
        rivals = [n for n, w in enumerate(first) if n not in replaced and _share_place(w.box, word.box)]
        if not rivals:
            letters = any(c.isalnum() for c in word.text)
            taken = any(_share_place(other.box, word.box) for other in added)
            if letters and word.confidence >= _ADDED_CONFIDENCE and not taken:
                added.append(word)
        elif _beats(word, [first[n] for n in rivals]):
            replaced.update(rivals)
            added.append(word)
    return [word for n, word in enumerate(first) if n not in replaced] + added


def _beats(word: Word, rivals: Sequence[Word]) -> bool:
    """Say whether a word is to stand instead of those at its place."""
    letters = sum(len(rival.text) for rival in rivals)
    confidence = sum(rival.confidence * len(rival.text) for rival in rivals) / max(letters, 1)
    margin = _CLEARLY_BETTER if len(rivals) == 1 else _CLEARLY_BETTER_THAN_SEVERAL
    return word.confidence > confidence + margin and len(word.text) >= _MUCH_SHORTER * letters


def _share_place(a: Box, b: Box) -> bool:
    common = intersect_boxes(a, b)
    return common is not None and box_area(common) > _SAME_PLACE * min(box_area(a), box_area(b))


def leave_out(words: Iterable[Word], places: Sequence[Word]) -> list[Word]:
    """Return the words that do not stand where one of ``places`` stands."""
    return [word for word in words if not any(_share_place(word.box, place.box) for place in places)]


def keep_once(words: Iterable[Word]) -> list[Word]:
    """Return the words with one at each place, the surest: places that were read may overlap."""
    kept: list[Word] = []
    for word in sorted(words, key=lambda word: -word.confidence):
        if not any(_share_place(word.box, other.box) for other in kept):
            kept.append(word)
    return kept


def mean_confidence(words: Sequence[Word]) -> float:
    """Return the mean confidence by letters, 0 where there are no words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def measure_cover(words: Iterable[Word], letters: Letters, *, within: float = 1.0) -> float:
    """Return how much of the ink of letter size lies in words' boxes, 0..1; 1 where there is none.

    Args:
        words: in the frame of the image in which the letters were found.
        letters: of that image.
        within: ask for the part of the page above this height alone.
    """
    rest = letters.mask.copy()
    rest[round(within * len(rest)) :] = False
    total = int(np.count_nonzero(rest))
    if total == 0:
        return 1.0
    height, width = rest.shape
    for word in words:
        x0, y0, x1, y1 = word.box
        margin = _COVER_MARGIN * (y1 - y0) * height
        top, bottom = int(max(0.0, y0 * height - margin)), int(y1 * height + margin) + 1
        left, right = int(max(0.0, x0 * width - margin)), int(x1 * width + margin) + 1
        rest[top:bottom, left:right] = False
    return 1.0 - int(np.count_nonzero(rest)) / total
