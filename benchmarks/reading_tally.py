"""Sums page scores to a table's figures, weights grades to a usual mix, says how sure differences are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading_metrics import PageScore

_ROUNDS = 2000
"""Resamples of the bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993)."""
_SEED = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """One page by one reader."""

    score: PageScore
    cpu: float
    """Processor seconds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a reader did on a group of pages; shares 0..1, ``nan`` where there was nothing to judge."""

    recall: float
    precision: float
    digits: float
    """Share of the tokens with four digits or more that were read."""
    cer: float
    """Edits for each true character; what was read beside the truth does not count."""
    order: float
    """Kendall's tau of the reading order, -1..1."""
    overlap: float
    """Mean intersection over union of the boxes of tokens found."""
    cpu: float
    """Processor seconds a page."""


def sum_figures(pages: Sequence[Measured]) -> Figures:
    """Return the figures of a group: shares of all its tokens, not means of pages' shares."""
    scores = [page.score for page in pages]
    found = sum(s.found for s in scores)
    pairs = sum(s.pairs for s in scores)
    return Figures(
        recall=_share(found, sum(s.truth for s in scores)),
        precision=_share(found, sum(s.read for s in scores)),
        digits=_share(sum(s.digit_found for s in scores), sum(s.digit_truth for s in scores)),
        cer=_share(sum(s.edits for s in scores), sum(s.letters for s in scores)),
        order=2 * _share(sum(s.pairs_in_order for s in scores), pairs) - 1,
        overlap=_share(sum(s.overlap for s in scores), sum(s.boxes for s in scores)),
        cpu=_share(sum(p.cpu for p in pages), len(pages)),
    )


def mix_figures(groups: Mapping[str, Figures], shares: Mapping[str, float]) -> Figures:
    """Return the figures of an archive in which the groups have these shares of the pages."""
    parts = [(groups[name], share) for name, share in shares.items()]
    return Figures(
        *(
            sum(share * float(getattr(figures, field)) for figures, share in parts)
            for field in Figures.__dataclass_fields__
        )
    )


def recall_difference(
    ours: Mapping[str, Sequence[Measured]],
    theirs: Mapping[str, Sequence[Measured]],
    shares: Mapping[str, float],
) -> tuple[float, float, float]:
    """Return by how much recall is higher, with the paired bootstrap's 95 % interval.

    Args:
        ours: pages of each group.
        theirs: the same pages in the same order by another reader.
        shares: of the groups in the mix; pages are drawn anew within each group.
    """
    random = np.random.default_rng(_SEED)
    drawn = np.zeros(_ROUNDS)
    exact = 0.0
    for name, share in shares.items():
        truth, mine, other = (
            np.array(counts, dtype=np.float64)
            for counts in (
                [p.score.truth for p in ours[name]],
                [p.score.found for p in ours[name]],
                [p.score.found for p in theirs[name]],
            )
        )
        exact += share * float((mine - other).sum() / max(truth.sum(), 1.0))
        picks: NDArray[np.int64] = random.integers(len(truth), size=(_ROUNDS, len(truth)))
        drawn += share * (mine - other)[picks].sum(axis=1) / np.maximum(truth[picks].sum(axis=1), 1.0)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return exact, float(low), float(high)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
