"""Counts what became of simulated documents, and what of it is sure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.matching_documents import NOISY

ALL = "all"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one method did with one document, and the truth."""

    groups: tuple[str, ...]
    """Slice, grade and origin."""
    grade: str
    patient_id: str | None
    """Whom a filing may go to; None where any filing is wrong."""
    page_owners: tuple[str | None, ...]
    is_stranger: bool
    carries_enough: bool
    filed_under: str | None
    """Whom it was filed under; None where a person decides."""
    reason: str = ""
    probability: float = 0.0
    """That the best candidate is the patient."""
    candidates: tuple[str, ...] = ()
    """Best first."""

    @property
    def is_wrong(self) -> bool:
        """It was filed, and not (only) under its patient."""
        return self.filed_under is not None and self.filed_under != self.patient_id

    @property
    def wrong_pages(self) -> int:
        """Pages that lie in somebody else's chart."""
        return sum(self.filed_under is not None and owner != self.filed_under for owner in self.page_owners)


@dataclass(slots=True)
class Count:
    """Sums over a group of documents."""

    documents: int = 0
    pages: int = 0
    filed: int = 0
    filed_pages: int = 0
    wrong: int = 0
    wrong_pages: int = 0
    strangers: int = 0
    strangers_filed: int = 0
    enough: int = 0
    enough_filed: int = 0
    ranked: int = 0
    """Documents of somebody in the index that bear an identifier: those that candidates are looked for of."""
    first: int = 0
    among_five: int = 0

    def add(self, one: Verdict) -> None:
        """Count one document."""
        is_filed = one.filed_under is not None
        self.documents += 1
        self.pages += len(one.page_owners)
        self.filed += is_filed
        self.filed_pages += len(one.page_owners) * is_filed
        self.wrong += one.is_wrong
        self.wrong_pages += one.wrong_pages
        self.strangers += one.is_stranger
        self.strangers_filed += one.is_stranger and is_filed
        self.enough += one.carries_enough
        self.enough_filed += one.carries_enough and is_filed
        if one.carries_enough:
            self.ranked += 1
            self.first += one.patient_id in one.candidates[:1]
            self.among_five += one.patient_id in one.candidates[:5]


@dataclass(slots=True)
class Scorecard:
    """One method's counts, over all documents and by group."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Why documents that carry enough were not filed, by grade."""

    def add_all(self, verdicts: Iterable[Verdict]) -> None:
        """Count documents."""
        for one in verdicts:
            grades = ("noisy",) if one.grade in NOISY else ()
            for group in (ALL, *one.groups, *grades):
                self.counts[group].add(one)
            if one.carries_enough and one.filed_under is None:
                self.reasons[one.grade, one.reason] += 1


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What would be filed if only probabilities of at least ``threshold`` were."""

    threshold: float
    coverage: float
    """Share of the documents of indexed patients."""
    risk: float
    """Share of the filed that are wrong."""


def trace_risk(verdicts: Iterable[Verdict]) -> list[RiskPoint]:
    """Return risk and coverage of filing by probability alone, without any rule, strictest first.

    Every document goes to its best candidate. Coverage counts right and wrong filings over all documents
    of one indexed patient.
    """
    scored = sorted(verdicts, key=lambda one: -one.probability)
    indexed = max(sum(one.patient_id is not None for one in scored), 1)
    points: list[RiskPoint] = []
    filed = wrong = 0
    for at, one in enumerate(scored):
        if not one.candidates:
            continue
        filed += 1
        wrong += one.candidates[0] != one.patient_id
        is_last = at + 1 == len(scored) or scored[at + 1].probability < one.probability
        if is_last:
            points.append(RiskPoint(one.probability, filed / indexed, wrong / filed))
    return points


def calibration_error(verdicts: Iterable[Verdict]) -> float:
    """Return the expected calibration error of the best candidate's probability."""
    named = [one for one in verdicts if one.candidates]
    return measure_calibration([(one.probability, one.candidates[0] == one.patient_id) for one in named])


def measure_calibration(told: Iterable[tuple[float, bool]], *, bins: int = 15) -> float:
    """Return the expected calibration error (Guo et al. 2017) of probabilities that came true or not."""
    by_bin: Mapping[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, right in told:
        by_bin[min(int(probability * bins), bins - 1)].append((probability, right))
    total = sum(len(found) for found in by_bin.values())
    gaps = (abs(sum(p for p, _ in f) - sum(r for _, r in f)) for f in by_bin.values())
    return sum(gaps) / max(total, 1)
