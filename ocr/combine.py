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

ORNAMENT = "\N{ASTERISK OPERATOR}"
"""Stands for what is no word: part of a row of asterisks or dashes, which Tesseract reads as KEKE or ee."""
_ROW_CONFIDENCE = 0.8
_ROW_MEAN = 0.6
"""Most confidence of such a word, and of a row's on average."""
_ROW_WORDS = 3
_ROW_LETTERS = (10, 16)
"""Least letters of a row, and of one that was read as a word or two."""
_ROW_KINDS = (3.0, 5.0, 9.0)
"""Most different letters of a row: the first, and one more for so many letters, up to the last. Ten letters
of a text have eight different ones, thirty have fourteen."""

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


def mark_ornaments(words: Sequence[Word]) -> list[Word]:
    """Return the words with ``ORNAMENT`` for those that are parts of a drawn row.

    Else such a row makes a page look badly read, and the second reader is asked for all of it in vain.

    Args:
        words: of the first reader, with its own confidences.
    """
    doubtful = [n for n, w in enumerate(words) if w.confidence < _ROW_CONFIDENCE and w.text.isascii()]
    doubtful = [n for n in doubtful if not any(c.isdigit() for c in words[n].text)]
    rows: list[list[int]] = []
    for n in sorted(doubtful, key=lambda n: words[n].box[1] + words[n].box[3]):
        middle = (words[n].box[1] + words[n].box[3]) / 2
        last = words[rows[-1][-1]].box if rows else None
        if last is not None and last[1] <= middle <= last[3]:
            rows[-1].append(n)
        else:
            rows.append([n])
    drawn = {n for row in rows if _is_drawn([words[n] for n in row]) for n in row}
    return [replace(w, text=ORNAMENT, confidence=1.0) if n in drawn else w for n, w in enumerate(words)]


def _is_drawn(row: Sequence[Word]) -> bool:
    """Say whether the doubtful words of a row have so few different letters that they are no text."""
    letters = [c for word in row for c in word.text.casefold() if c.isalpha()]
    if len(letters) < (_ROW_LETTERS[0] if len(row) >= _ROW_WORDS else _ROW_LETTERS[1]):
        return False
    first, letters_each, most = _ROW_KINDS
    return len(set(letters)) <= min(first + len(letters) / letters_each, most) and (
        mean_confidence(row) < _ROW_MEAN
    )


def part_ornaments(words: Iterable[Word]) -> tuple[list[Word], list[Word]]:
    """Return what are words, and what ``mark_ornaments`` found to be none."""
    real: list[Word] = []
    drawn: list[Word] = []
    for word in words:
        (drawn if word.text == ORNAMENT else real).append(word)
    return real, drawn


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
