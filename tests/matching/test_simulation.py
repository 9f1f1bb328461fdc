"""Thousands of simulated documents: none is filed under a wrong patient, most of the clean ones are filed."""

from __future__ import annotations

from collections import Counter

import pytest

from backfile.domain.document import DocumentState
from classify.matching import FilingRules, MemoryPatientIndex, decide_filing
from samples.patients import NOW, make_patients
from tests.matching.simulator import SITE, Simulator

RULES = FilingRules(facility=(SITE,), today=NOW)


def _run(*, patients: int, documents: int, seed: int) -> tuple[list[str], Counter[tuple[str, str]]]:
    """Return what went wrong, and counts by (kind or grade, state)."""
    people = make_patients(patients, seed=seed)
    index = MemoryPatientIndex(person.patient for person in people)
    wrong: list[str] = []
    counts: Counter[tuple[str, str]] = Counter()
    for number, document in enumerate(Simulator(people, seed=seed).documents(documents)):
        outcome = decide_filing(document.evidence, index=index, rules=RULES)
        is_filed = outcome.state is DocumentState.FILED
        if is_filed and outcome.patient_id != document.patient_id:
            wrong.append(f"{seed}/{number} {document.kind} {document.grade} {outcome.reason.value}")
        counts[document.kind, outcome.state.value] += 1
        if document.kind == "indexed":
            counts[document.grade, "filed" if is_filed else "not filed"] += 1
    return wrong, counts


def _coverage(counts: Counter[tuple[str, str]], grade: str) -> float:
    filed = counts[grade, "filed"]
    return filed / (filed + counts[grade, "not filed"])


def test_no_wrong_filing_and_enough_right_ones() -> None:
    wrong, counts = _run(patients=1500, documents=1500, seed=11)
    assert wrong == []
    assert counts["stranger", "review"] + counts["stranger", "exception"] > 300
    assert counts["mixed", "review"] > 12
    assert _coverage(counts, "clean") >= 0.8
    assert _coverage(counts, "fair") >= 0.65
    assert _coverage(counts, "poor") >= 0.2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 106))
def test_no_wrong_filing_with_other_seeds(seed: int) -> None:
    wrong, _ = _run(patients=3000, documents=6000, seed=seed)
    assert wrong == []
