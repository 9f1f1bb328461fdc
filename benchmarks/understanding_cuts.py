"""How well files are cut into documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from samples.truth import TrueChart


@dataclass(frozen=True, slots=True)
class CutCount:
    """Boundaries of one file or of several together; the beginning of a file is none."""

    found: int = 0
    true: int = 0
    right: int = 0
    files: int = 0
    files_right: int = 0
    """Files whose pages lie in exactly the true groups."""
    people_joined: int = 0
    """Boundaries that were missed between pages of two patients."""

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of boundaries; 1 where there are none."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 1.0


def count_cuts(chart: TrueChart, cuts: Sequence[Sequence[int]]) -> CutCount:
    """Compare the cuts of one file with its truth; blank and separator pages count as parts of nothing.

    Args:
        chart: the file.
        cuts: the page numbers of each document that was cut out.
    """
    counted = {page.number for page in chart.pages if page.document is not None}
    found = [own for cut in cuts if (own := sorted(counted.intersection(cut)))]
    wanted = [sorted(document.pages) for document in chart.documents]
    first = min(counted, default=0)
    starts = {own[0] for own in found} - {first}
    true = {own[0] for own in wanted} - {first}
    owner = {page: document.mrn for document in chart.documents for page in document.pages}
    before = {own[0]: previous[-1] for previous, own in pairwise(wanted)}
    joined = sum(owner[start] != owner[before[start]] for start in true - starts)
    return CutCount(
        len(starts), len(true), len(starts & true), 1, int(sorted(found) == sorted(wanted)), joined
    )


def sum_cuts(counts: Iterable[CutCount]) -> CutCount:
    """Return the sum of counts."""
    every = list(counts)
    return CutCount(
        sum(c.found for c in every),
        sum(c.true for c in every),
        sum(c.right for c in every),
        sum(c.files for c in every),
        sum(c.files_right for c in every),
        sum(c.people_joined for c in every),
    )
