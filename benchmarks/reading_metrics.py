"""How well a page was read: pure functions over words, the same for every reader.

A *token* is what ``[a-z0-9]+`` matches in case-folded text. Recall, precision and digit tokens compare bags
of tokens, so that no reader is punished for its order; order is a measure of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from backfile.domain.geometry import Box, box_overlap

_TOKEN = re.compile(r"[a-z0-9]+")
_DIGITS = 4
"""Digits from which a token is a number that may identify: a year, an MRN, a part of a phone number."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands."""

    text: str
    box: Box | None = None
    """None where the reader or the truth does not say."""


@dataclass(frozen=True, slots=True)
class PageScore:
    """What one page gave, as counts: sums over pages make the shares."""

    truth: int
    """Tokens on the page."""
    read: int
    """Tokens that were read."""
    found: int
    """Tokens in both bags."""
    digit_truth: int
    """Tokens on the page with four digits or more."""
    digit_found: int
    letters: int
    """Characters of all true tokens."""
    edits: int
    """Edits on the cheapest assignment of read tokens to true ones; a missed token counts in full."""
    pairs: int
    """Pairs of tokens whose order is known and that were both read, each once on the page."""
    pairs_in_order: int
    boxes: int
    """Tokens found for which truth and reader both have a box."""
    overlap: float
    """Sum of intersection over union of these."""


def split_tokens(text: str, box: Box | None = None) -> list[Token]:
    """Return the tokens of a word or text; parts of a word share its box."""
    return [Token(part, box) for part in _TOKEN.findall(text.casefold())]


def score_page(chains: Sequence[Sequence[Token]], read: Sequence[Token]) -> PageScore:
    """Compare what was read with the truth.

    Args:
        chains: the true tokens, in groups within which the order of reading is known.
        read: in the reader's order.
    """
    truth = [token for chain in chains for token in chain]
    bag, found_bag = Counter(t.text for t in truth), Counter(t.text for t in read)
    common = bag & found_bag
    letters = sum(len(t.text) for t in truth)
    pairs, in_order = count_ordered_pairs(chains, read)
    boxes, overlap = sum_overlap(truth, read)
    return PageScore(
        truth=len(truth),
        read=len(read),
        found=common.total(),
        digit_truth=sum(n for text, n in bag.items() if _is_number(text)),
        digit_found=sum(n for text, n in common.items() if _is_number(text)),
        letters=letters,
        edits=count_edits(bag, found_bag),
        pairs=pairs,
        pairs_in_order=in_order,
        boxes=boxes,
        overlap=overlap,
    )


def _is_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= _DIGITS


def count_edits(truth: Counter[str], read: Counter[str]) -> int:
    """Return the edits on the cheapest assignment: each true token to one read token or to nothing.

    Equal tokens are paired first: the edit distance obeys the triangle inequality, so no assignment
    is cheaper without them. The rest is the assignment problem, true tokens to read ones, where to
    pair with nothing costs a token's length.
    """
    left, right = list((truth - read).elements()), list((read - truth).elements())
    if not left:
        return 0
    lengths = np.array([len(token) for token in left], dtype=np.int64)
    if not right:
        return int(lengths.sum())
    costs = cdist(left, right, scorer=Levenshtein.distance, dtype=np.int64)
    nothing = np.repeat(lengths[:, None], len(left), axis=1)
    return assign_cheapest(np.concatenate((np.minimum(costs, lengths[:, None]), nothing), axis=1))


def assign_cheapest(costs: NDArray[np.int64]) -> int:
    """Return the least sum of one cost a row, no column twice.

    Shortest augmenting paths with potentials (Jonker and Volgenant, "A shortest augmenting path algorithm for
    dense and sparse linear assignment problems", Computing 1987); cubic in the rows.

    Args:
        costs: (rows, columns), at least as many columns as rows, not negative.
    """
    rows, columns = costs.shape
    row_potential = np.zeros(rows + 1, dtype=np.int64)
    column_potential = np.zeros(columns + 1, dtype=np.int64)
    row_of = np.zeros(columns + 1, dtype=np.int64)  # rows and columns count from 1; 0 is none
    far = np.iinfo(np.int64).max // 4
    for row in range(1, rows + 1):
        row_of[0] = row
        distance = np.full(columns + 1, far)
        came_from = np.zeros(columns + 1, dtype=np.int64)
        done = np.zeros(columns + 1, dtype=np.bool_)
        at = 0
        while row_of[at]:
            done[at] = True
            here = row_of[at]
            step = costs[here - 1] - row_potential[here] - column_potential[1:]
            better = ~done[1:] & (step < distance[1:])
            distance[1:][better] = step[better]
            came_from[1:][better] = at
            after = int(np.where(done, far, distance).argmin())
            gain = distance[after]
            row_potential[row_of[done]] += gain
            column_potential[done] -= gain
            distance[~done] -= gain
            at = after
        while at:
            row_of[at] = row_of[came_from[at]]
            at = int(came_from[at])
    chosen = np.flatnonzero(row_of[1:])
    return int(costs[row_of[1:][chosen] - 1, chosen].sum())


def count_ordered_pairs(chains: Sequence[Sequence[Token]], read: Sequence[Token]) -> tuple[int, int]:
    """Return the pairs of tokens whose order can be judged, and how many stand in the right order.

    Judged are tokens that occur once on the page and once in the reading: for others one cannot say which is
    which. Kendall's tau is ``2 * right / pairs - 1``.
    """
    once_true = _once(t.text for chain in chains for t in chain)
    place = {t.text: at for at, t in enumerate(read)}
    judged = once_true & _once(t.text for t in read)
    pairs = right = 0
    for chain in chains:
        places = np.array([place[t.text] for t in chain if t.text in judged], dtype=np.int64)
        later = np.triu(places[None, :] > places[:, None], k=1)
        pairs += len(places) * (len(places) - 1) // 2
        right += int(later.sum())
    return pairs, right


def _once(texts: Iterable[str]) -> set[str]:
    return {text for text, count in Counter(texts).items() if count == 1}


def sum_overlap(truth: Sequence[Token], read: Sequence[Token]) -> tuple[int, float]:
    """Return how many tokens were found with a box, and the sum of intersection over union of their boxes.

    Equal tokens are paired by their overlap, greatest first; one read at the wrong place adds 0.
    """
    places: defaultdict[str, tuple[list[Box], list[Box]]] = defaultdict(lambda: ([], []))
    for side, tokens in enumerate((truth, read)):
        for token in tokens:
            if token.box is not None:
                places[token.text][side].append(token.box)
    count, total = 0, 0.0
    for true_boxes, read_boxes in places.values():
        left, right = set(range(len(true_boxes))), set(range(len(read_boxes)))
        overlaps = sorted(
            ((box_overlap(a, b), i, j) for i, a in enumerate(true_boxes) for j, b in enumerate(read_boxes)),
            reverse=True,
        )
        for overlap, i, j in overlaps:
            if i in left and j in right:
                left.discard(i)
                right.discard(j)
                count += 1
                total += overlap
    return count, total
