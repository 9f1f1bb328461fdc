"""Where the second reader reads, which costs three times the first one's time on a whole page.

``fast`` never asks it, ``best`` always and everywhere. ``balanced`` asks it

- for the whole page where the first reader's beginning of the page is poor: the first then stops there;
- else for the words of which the first is unsure, for ink of letter size in which it saw no word, and for
  what stands at labels of identifiers: a patient's number, name or birth date is worth two witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from backfile.domain.geometry import Box, clamp_box, union_boxes
from backfile.domain.page import Word
from ocr.combine import mean_confidence
from ocr.letters import Letters

_POOR = 0.85
"""Mean probability by letters under which a reading is poor."""
_POOR_COVER = 0.6
"""Share of the ink of letter size in words, under which it is poor as well."""
_UNSURE = 0.85
_UNSURE_ON_BAD_PAGE = 0.95
_BAD_PAGE = 0.93
"""Probability under which a word is read again, and that on pages whose mean is under the third: there words
between the two are mended, elsewhere they take a third more time and are right."""
_FIRST_PART = 0.2
"""Share of the ink of letter size that the first part of a page holds at least."""
_LAST_CUT = 0.5
"""Share of the height above which the first part ends."""

_MARGIN = (0.3, 0.25)
"""Margin left and right, and above and below, of what is read again, in its heights."""
_REST_HEIGHTS = (0.6, 4.0)
_REST_WIDTH = 1.6
"""Sizes of a stretch of unread ink that may be a word, in heights of a small letter."""
_COLUMN_HEIGHT = 4.0
_COLUMN_SIDE = 0.5
"""Height from which a narrow word may be several lines, and their margin left and right, in letters."""
_SURE_VALUE = 0.985
"""Probability from which a value without digits needs no second witness."""
_LABEL_REACH = 0.3
"""How far right of a label its value may end, in widths of the page."""
_LABELS = re.compile(
    r"mrn|m\.?r\.?#?|medical|record|chart|acct|account|patient|name|last|first|dob|d\.o\.b\.?|birth|born|ssn|id|unit",
    re.IGNORECASE,
)


def is_poor(words: Sequence[Word], *, cover: float) -> bool:
    """Say whether a page reads so badly that the second reader should have all of it.

    Args:
        words: of the page, or of its first part, with the probability that each is right.
        cover: share of the ink of letter size that lies in them.
    """
    return mean_confidence(words) < _POOR or cover < _POOR_COVER


def find_first_part(letters: Letters) -> float | None:
    """Return the height at which a page can be cut below its first lines; None where it cannot.

    Args:
        letters: of the page.

    Returns:
        Share of the page's height, at a row without ink.
    """
    rows = letters.mask.sum(axis=1)
    total = int(rows.sum())
    if total == 0:
        return None
    reached = int(np.searchsorted(np.cumsum(rows), _FIRST_PART * total))
    gap = max(2, round(0.4 * letters.height * letters.factor))
    last = int(_LAST_CUT * len(rows))
    if last - reached < gap:  # all its text stands below
        return None
    empty = np.convolve(rows[reached:last] == 0, np.ones(gap), mode="valid") == gap
    found = np.flatnonzero(empty)
    return (reached + int(found[0]) + gap / 2) / len(rows) if len(found) else None


def find_doubtful(words: Iterable[Word], letters: Letters) -> list[Box]:
    """Return where words stand of which the first reader is unsure, and where it left ink unread.

    Args:
        words: with the probability that each is right.
        letters: of the page.
    """
    read = list(words)
    least = _UNSURE if mean_confidence(read) >= _BAD_PAGE else _UNSURE_ON_BAD_PAGE
    unsure = [box for word in read if word.confidence < least for box in _split_column(word, letters)]
    return merge_places([*unsure, *_find_unread(read, letters)], aspect=_aspect(letters))


def _split_column(word: Word, letters: Letters) -> list[Box]:
    """Return the box of a word, or those of its lines where it has several.

    Tesseract reads the numbers of a list, which stand in a column, as one word down the page.
    """
    height, width = letters.mask.shape
    x0, y0, x1, y1 = word.box
    top, bottom = int(y0 * height), min(int(np.ceil(y1 * height)), height)
    letter = letters.height * letters.factor
    if letter <= 0 or bottom - top < _COLUMN_HEIGHT * letter or (x1 - x0) * width > bottom - top:
        return [word.box]
    rows = letters.mask[top:bottom, int(x0 * width) : int(np.ceil(x1 * width))].any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], rows, [False])).astype(np.int8)))
    lines = [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= _REST_HEIGHTS[0] * letter]
    if len(lines) < 2:
        return [word.box]
    side = _COLUMN_SIDE * letter / width
    return [
        clamp_box((x0 - side, (top + start) / height, x1 + side, (top + end) / height))
        for start, end in lines
    ]


def find_identifiers(words: Sequence[Word], letters: Letters) -> list[Box]:
    """Return where the values of labels of identifiers may stand: right of the label, on its line.

    All that have digits are read again, of others those that are not quite sure.

    Args:
        words: of the page, in any order, with the probability that each is right.
        letters: of the page.
    """
    labels = [word for word in words if _is_label(word.text)]
    places = []
    for label in labels:
        _, y0, x1, y1 = label.box
        high = y1 - y0
        places += [
            w.box
            for w in words
            if w.box[0] >= x1
            and w.box[2] <= x1 + _LABEL_REACH
            and min(w.box[3], y1 + 0.3 * high) - max(w.box[1], y0 - 0.3 * high) > 0.5 * (w.box[3] - w.box[1])
            and (w.confidence < _SURE_VALUE or any(c.isdigit() for c in w.text))
        ]
    return merge_places(dict.fromkeys(places), aspect=_aspect(letters))


def _is_label(text: str) -> bool:
    """Say whether a word labels an identifier; "patient" and "last" amid prose do not."""
    return bool(_LABELS.fullmatch(text.strip(":#.,()"))) and (text[:1].isupper() or text[-1] in ":#")


def merge_places(boxes: Iterable[Box], *, aspect: float) -> list[Box]:
    """Return the boxes with a margin, those that stand close together on a line as one.

    Args:
        boxes: of words.
        aspect: width of the page for one of its height.
    """
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b[0], b[1])):
        for n, other in enumerate(merged):
            common = min(box[3], other[3]) - max(box[1], other[1])
            high = max(box[3] - box[1], other[3] - other[1])
            if common > 0.5 * high and box[0] - other[2] < high / aspect:
                merged[n] = union_boxes((box, other))
                break
        else:
            merged.append(box)
    return [_widen(box, aspect) for box in merged]


def _widen(box: Box, aspect: float) -> Box:
    high = box[3] - box[1]
    across, down = _MARGIN[0] * high / aspect, _MARGIN[1] * high
    return clamp_box((box[0] - across, box[1] - down, box[2] + across, box[3] + down))


def _aspect(letters: Letters) -> float:
    height, width = letters.mask.shape
    return float(width / height)


def _find_unread(words: Sequence[Word], letters: Letters) -> list[Box]:
    """Return stretches of ink of letter size in which no word was read."""
    rest = letters.mask.astype(np.uint8)
    height, width = rest.shape
    for x0, y0, x1, y1 in (word.box for word in words):
        rest[int(y0 * height) : int(y1 * height) + 1, int(x0 * width) : int(x1 * width) + 1] = 0
    letter = max(letters.height * letters.factor, 4.0)
    joined = cv2.dilate(rest, np.ones((1, max(3, round(letter))), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    ink = np.bincount(labels[rest > 0], minlength=len(stats))
    found: list[Box] = []
    for n in range(1, len(stats)):
        left, top, wide, high = (int(v) for v in stats[n][:4])
        fits = _REST_HEIGHTS[0] * letter <= high <= _REST_HEIGHTS[1] * letter and wide >= _REST_WIDTH * letter
        if fits and ink[n] > 0.1 * wide * high:
            found.append((left / width, top / height, (left + wide) / width, (top + high) / height))
    return found
