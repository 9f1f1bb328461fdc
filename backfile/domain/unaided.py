"""What is filed without a person, by kind: how often people found it wrong, and what that shows.

A *stratum* is a kind of filing: on which identifiers it rests, and how well its pages could be read. Strata
are held apart because an error of one (a misprinted wristband, a worn ribbon) says little of another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.reasons import Reason, reason_text

CONFIDENCE = 0.95
CLEAN_READING = 0.9
"""Mean confidence of a page's words from which, all of it being reliable, its scan is called clean: clean
type has 0.95 and more, worn type 0.85 and less (``benchmarks.reader_confidence``)."""


class Unaided(StrEnum):
    """On whose word documents are filed without a person."""

    DECLARED = "declared"
    """The site's: ``risk`` is taken as bearable, whatever was checked so far."""
    CHECKED = "checked"
    """The home's own checked documents': a kind is filed once they show that its risk is kept."""


class ScanQuality(StrEnum):
    """How well the pages of a document could be read."""

    CLEAN = "clean"
    WORN = "worn"


class Verdict(StrEnum):
    """What a person found of a filing."""

    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class StratumCounts:
    """One kind of filing so far; each its own count."""

    stratum: str
    filed: int
    """Documents that the rules filed, or would have."""
    checked: int
    wrong: int
    is_stopped: bool = False

    @property
    def bound(self) -> float:
        """Upper bound of the share of wrong filings that the checks show."""
        return find_upper_bound(self.wrong, self.checked)


def name_stratum(identity: Reason, pages: Iterable[tuple[bool, float]]) -> str:
    """Return the stratum of a filing.

    Args:
        identity: on what it rests.
        pages: of each page whether its reading is reliable, and the mean confidence of its words.
    """
    is_clean = all(reliable and confidence >= CLEAN_READING for reliable, confidence in pages)
    return f"{identity.value}/{(ScanQuality.CLEAN if is_clean else ScanQuality.WORN).value}"


def describe_stratum(stratum: str) -> str:
    """Return a stratum in words."""
    identity, _, quality = stratum.partition("/")
    scans = "clean scans" if quality == ScanQuality.CLEAN.value else "worn scans"
    return f"on {scans}: {(reason_text(identity) or identity).rstrip('.')}"


def find_upper_bound(wrong: int, checked: int, *, confidence: float = CONFIDENCE) -> float:
    """Return the exact upper bound of an error rate (Clopper and Pearson, Biometrika 26, 1934), one-sided.

    Args:
        wrong: errors found.
        checked: how many were looked at; of none, the bound is 1.
        confidence: probability that the true rate lies under the bound.
    """
    if checked <= 0 or wrong >= checked:
        return 1.0
    if wrong == 0:
        return 1.0 - math.exp(math.log(1 - confidence) / checked)
    low, high = wrong / checked, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, checked, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def count_needed(risk: float, *, confidence: float = CONFIDENCE) -> int:
    """Return how many checked documents without an error show a risk."""
    return math.ceil(math.log(1 - confidence) / math.log1p(-risk))


def _at_most(wrong: int, checked: int, rate: float) -> float:
    """Return the probability of at most so many errors at a rate."""
    logs = [
        math.lgamma(checked + 1) - math.lgamma(k + 1) - math.lgamma(checked - k + 1)
        + k * math.log(rate) + (checked - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    ]  # fmt: skip
    return math.fsum(map(math.exp, logs))
