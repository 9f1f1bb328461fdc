"""m and u of the Fellegi-Sunter weights, learned from pairs of which nobody says whether they match.

Expectation maximisation as Winkler (1988) gave it for record linkage, in the arrangement that Splink uses:
pairs that agree on a blocking field tell the m of all *other* fields, since among them a match is common; u
comes from pairs drawn at random, where it is rare. Both classes' shares are free within a session, so that
kin, who agree on what they share, are not taken for matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MISSING = -1
"""Level of a field that one side lacks: it says nothing."""

Levels = npt.NDArray[np.int8]
"""Shape (pairs, fields): which level each field of each pair has; ``MISSING`` where none."""
Shares = list[npt.NDArray[np.float64]]
"""For each field, the share of each level."""

_ROUNDS = 200
_SMALLEST = 1e-9
_STILL = 1e-7
"""Change of the share of matches under which nothing more is learned."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one session says."""

    m: Shares
    u: Shares
    matches: float
    """Expected number of pairs that match."""


def learn_shares(
    levels: Levels, sizes: Sequence[int], *, m: Shares, u: Shares, match_share: float
) -> Learned:
    """Run expectation maximisation on pairs of one block.

    Args:
        levels: Of every pair.
        sizes: Number of levels of each field.
        m: To begin with.
        u: To begin with.
        match_share: Share of pairs that match, to begin with.
    """
    patterns, counts = np.unique(levels, axis=0, return_counts=True)
    m, u = [share.copy() for share in m], [share.copy() for share in u]
    for _ in range(_ROUNDS):
        odds = np.full(len(patterns), np.log(match_share) - np.log1p(-match_share))
        for at in range(len(sizes)):
            known = patterns[:, at] != MISSING
            seen = patterns[known, at]
            odds[known] += np.log(np.maximum(m[at][seen], _SMALLEST))
            odds[known] -= np.log(np.maximum(u[at][seen], _SMALLEST))
        posterior = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        of_match, of_other = counts * posterior, counts * (1 - posterior)
        for at, size in enumerate(sizes):
            m[at] = share_levels(patterns[:, at], of_match, size)
            u[at] = share_levels(patterns[:, at], of_other, size)
        before, match_share = match_share, float(np.clip(of_match.sum() / counts.sum(), 1e-6, 1 - 1e-6))
        if abs(before - match_share) < _STILL:
            break
    return Learned(m, u, float(of_match.sum()))


def share_levels(
    levels: npt.NDArray[np.int8], weights: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.float64]:
    """Return the share of each level among the pairs that have one."""
    known = levels != MISSING
    sums = np.bincount(levels[known], weights=weights[known], minlength=size)
    return sums / max(float(sums.sum()), _SMALLEST)
