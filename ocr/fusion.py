"""Joins what two readers read of one page, word by word: each place once, the other reading kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backfile.domain.geometry import WHOLE_PAGE, Box, box_center
from backfile.domain.page import Word
from ocr.confidence import Calibration, Evidence, Situation

EVERYWHERE: tuple[Box, ...] = (WHOLE_PAGE,)

_SHARED_HEIGHT = 0.4
_SHARED_WIDTH = 0.35
"""Shares of the smaller height and width that two words at one place have in common."""
_LEAST_ALONE = 0.15
"""A word that only one of two readers saw is kept if it is right with at least this probability."""
_WORD_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """What both readers read at one place, each from left to right."""

    first: list[Word]
    second: list[Word]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A word as a reader found it, and what it is judged by."""

    word: Word
    """With the reader's own confidence, and what the other read there as its alternative."""
    situation: Situation
    evidence: Evidence

    def judge(self, calibration: Calibration) -> Word:
        """Return the word with the probability that it is right."""
        return replace(self.word, confidence=calibration.probability(self.situation, self.evidence))


def fuse_readings(
    first: Sequence[Word],
    second: Sequence[Word],
    *,
    calibration: Calibration,
    first_looked: Sequence[Box] = EVERYWHERE,
    second_looked: Sequence[Box] = EVERYWHERE,
) -> list[Word]:
    """Return the words of a page that two readers read, with the probability that each is right.

    Where both read something, the likelier reading stands, and the other becomes the words' alternative.

    Args:
        first: by the first reader.
        second: by the second, in the same frame.
        calibration: what their confidences are worth.
        first_looked: where the first looked.
        second_looked: where the second looked.
    """
    fused: list[Word] = []
    for place in _find_places(first, second):
        if place.first and place.second:
            fused += _choose(place, calibration)
        elif place.first:
            fused += _keep_lone(
                place.first, second_looked, Situation.FIRST_ALONE, Situation.FIRST_ONLY, calibration
            )
        else:
            fused += _keep_lone(
                place.second, first_looked, Situation.SECOND_ALONE, Situation.SECOND_ONLY, calibration
            )
    return fused


def list_sightings(first: Sequence[Word], second: Sequence[Word]) -> Iterator[Sighting]:
    """Yield the words of both readers, who both looked everywhere, before one side is taken."""
    for place in _find_places(first, second):
        if place.first and place.second:
            for side in _compare(place):
                yield from side
        else:
            lone = Situation.FIRST_ALONE if place.first else Situation.SECOND_ALONE
            for word in place.first or place.second:
                yield see_alone(word, lone)


def see_alone(word: Word, situation: Situation) -> Sighting:
    """Return the sighting of a word where there is no other reading."""
    return Sighting(word, situation, Evidence(word.text, word.confidence))


def calibrate_words(words: Iterable[Word], *, calibration: Calibration) -> list[Word]:
    """Return words of the first reader, where no other looked, with the probability that each is right."""
    return [see_alone(word, Situation.FIRST_ONLY).judge(calibration) for word in words]


def _find_places(first: Sequence[Word], second: Sequence[Word]) -> list[_Place]:
    """Sort words by place: those that overlap, directly or through others, belong together."""
    parent = list(range(len(first) + len(second)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for a, b in _find_overlaps(first, second):
        parent[root(a)] = root(len(first) + b)
    places: dict[int, _Place] = {}
    for n in range(len(parent)):
        place = places.setdefault(root(n), _Place([], []))
        if n < len(first):
            place.first.append(first[n])
        else:
            place.second.append(second[n - len(first)])
    for place in places.values():
        place.first.sort(key=lambda word: word.box)
        place.second.sort(key=lambda word: word.box)
    return list(places.values())


def _find_overlaps(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the pairs of words, one of each reader, that stand at one place."""
    if not first or not second:
        return []
    a = np.array([w.box for w in first])[:, None, :]
    b = np.array([w.box for w in second])[None, :, :]
    found = _common_share(a, b, 0) >= _SHARED_WIDTH
    found &= _common_share(a, b, 1) >= _SHARED_HEIGHT
    return [(int(n), int(m)) for n, m in np.argwhere(found)]


def _common_share(a: NDArray[np.float64], b: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Return the common part along an axis as a share of the smaller side."""
    common = np.minimum(a[..., axis + 2], b[..., axis + 2]) - np.maximum(a[..., axis], b[..., axis])
    smaller = np.minimum(a[..., axis + 2] - a[..., axis], b[..., axis + 2] - b[..., axis])
    share: NDArray[np.float64] = common / np.maximum(smaller, 1e-9)
    return share


def _keep_lone(
    words: Sequence[Word],
    other_looked: Sequence[Box],
    alone: Situation,
    only: Situation,
    calibration: Calibration,
) -> list[Word]:
    """Return the words where the other has none; a doubtful one only if the other did not look there."""
    kept: list[Word] = []
    for word in words:
        x, y = box_center(word.box)
        looked = any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in other_looked)
        judged = see_alone(word, alone if looked else only).judge(calibration)
        if not looked or judged.confidence >= _LEAST_ALONE:
            kept.append(judged)
    return kept


def _choose(place: _Place, calibration: Calibration) -> list[Word]:
    """Return the likelier reading of a place."""
    sides = _compare(place)
    judged = [[seen.judge(calibration) for seen in side] for side in sides]
    if len(sides) == 2 and sides[0][0].situation is Situation.AGREED:  # the marks at its ends differ
        first = see_alone(place.first[0], Situation.FIRST_ONLY).judge(calibration)
        second = see_alone(place.second[0], Situation.SECOND_ONLY).judge(calibration)
        return judged[0] if first.confidence >= second.confidence else judged[1]
    return max(judged, key=_weigh)


def _compare(place: _Place) -> list[list[Sighting]]:
    """Return the readings between which a choice is to be made; one where both read the same."""
    first, second = place.first, place.second
    if _letters(first) != _letters(second):
        return [
            [_see_beside(word, Situation.FIRST_AGAINST, second) for word in first],
            [_see_beside(word, Situation.SECOND_AGAINST, first) for word in second],
        ]
    if len(first) == 1 and _are_words(second):  # the first swallowed a space; it seldom does
        return [[_see_beside(word, Situation.AGREED, first, is_second=True) for word in second]]
    agreed = [[_see_beside(word, Situation.AGREED, second) for word in first]]
    if len(first) == len(second) == 1 and first[0].text != second[0].text:
        agreed.append([_see_beside(second[0], Situation.AGREED, first, is_second=True)])
    return agreed


def _are_words(parts: Sequence[Word]) -> bool:
    """Say whether the parts of a word look like words of their own: two at least, and long."""
    return len(parts) > 1 and all(sum(c.isalpha() for c in part.text) >= _WORD_LETTERS for part in parts)


def _see_beside(
    word: Word, situation: Situation, others: Sequence[Word], *, is_second: bool = False
) -> Sighting:
    """Return the sighting of a word where the other reader has words too.

    Args:
        word: as read.
        situation: how both readings stand to each other.
        others: what the other reader has at the place.
        is_second: both agree, and it is the second reader's word that stands.
    """
    there = [other for other in others if other.box[0] < word.box[2] and other.box[2] > word.box[0]] or others
    reading = " ".join(other.text for other in there)
    own, other = word.confidence, min(other.confidence for other in there)
    return Sighting(
        replace(word, alternatives=(reading,) if reading != word.text else ()),
        situation,
        Evidence(word.text, other, own) if is_second else Evidence(word.text, own, other),
    )


def _weigh(words: list[Word]) -> float:
    """Return the mean probability by letters."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(letters, 1)


def _letters(words: Sequence[Word]) -> str:
    """Return what was read in one case, without spaces and without marks at its ends.

    Marks inside stay: 12.5 is not 125, and 03/04 is not 0304.
    """
    joined = "".join(word.text for word in words).casefold()
    inside = [n for n, c in enumerate(joined) if c.isalnum()]
    return joined[inside[0] : inside[-1] + 1] if inside else joined
