"""Figures on types: right or not, how well calibrated, how many can be named at a precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.document_types import UNKNOWN

MUST_NOT_MISS = (
    "advance_directive", "consent", "operative_note", "pathology_report", "release_authorization",
)  # fmt: skip
MIX = {
    "progress_note": 18.0, "nursing_note": 12.0, "laboratory_report": 12.0, "flowsheet": 9.0,
    "physician_orders": 8.0, "medication_administration": 6.0, "radiology_report": 6.0,
    "discharge_summary": 3.0, "history_physical": 3.0, "consultation": 3.0, "emergency_note": 3.0,
    "medication_list": 3.0, "ecg_report": 2.0, "correspondence": 2.0, "telephone_encounter": 2.0,
    "face_sheet": 2.0, "consent": 2.0, "operative_note": 1.5, "pathology_report": 1.5,
    "anesthesia_record": 1.0, "procedure_note": 1.0, "referral": 1.0, "payer_letter": 1.0,
    "insurance_card": 1.0, "immunization_record": 0.8, "labor_delivery": 0.7, "release_authorization": 0.7,
    "transfer_summary": 0.5, "advance_directive": 0.5,
}  # fmt: skip
"""Documents of each type in a hundred of a hospital's chart: our estimate, no count of a real archive."""
_BINS = 10
_PRECISION = 0.99


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """One document with its true and its guessed type."""

    truth: str
    name: str
    """As guessed, ``unknown`` where it was too unlikely."""
    probability: float


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """Shares of documents, each type weighed by its share of a real chart."""

    documents: int
    accuracy: float
    even_accuracy: float
    """Each document as much as any other."""
    macro_f1: float
    calibration_error: float
    """Expected calibration error of those named, ten bins of equal width (Naeini et al. 2015)."""
    coverage: float
    """Largest share of documents that can be named, the surest first, with 99 % right."""
    unknown: float


def measure_types(documents: Sequence[TypedDocument]) -> TypeFigures:
    """Measure types; a guess of ``unknown`` is wrong."""
    if not documents:
        return TypeFigures(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    counts = Counter(document.truth for document in documents)
    weights = [MIX[document.truth] / counts[document.truth] for document in documents]
    total = sum(weights)
    right = [document.name == document.truth for document in documents]
    return TypeFigures(
        len(documents),
        sum(w for w, r in zip(weights, right, strict=True) if r) / total,
        sum(right) / len(documents),
        _macro_f1(documents),
        _calibration_error(documents, weights),
        _coverage(documents, weights),
        sum(w for w, d in zip(weights, documents, strict=True) if d.name == UNKNOWN) / total,
    )


def measure_recall(documents: Sequence[TypedDocument], name: str) -> tuple[int, int]:
    """Return how many documents of a type were named so, and how many there are."""
    own = [document for document in documents if document.truth == name]
    return sum(document.name == name for document in own), len(own)


def _macro_f1(documents: Sequence[TypedDocument]) -> float:
    scores = []
    for name in {document.truth for document in documents}:
        hits = sum(d.truth == d.name == name for d in documents)
        scores.append(2 * hits / sum((d.truth == name) + (d.name == name) for d in documents))
    return sum(scores) / len(scores)


def _calibration_error(documents: Sequence[TypedDocument], weights: Sequence[float]) -> float:
    named = [(d, w) for d, w in zip(documents, weights, strict=True) if d.name != UNKNOWN]
    error = 0.0
    for number in range(_BINS):
        own = [(d, w) for d, w in named if min(int(d.probability * _BINS), _BINS - 1) == number]
        error += abs(sum(w * (d.probability - (d.name == d.truth)) for d, w in own))
    return error / max(sum(w for _, w in named), 1e-9)


def _coverage(documents: Sequence[TypedDocument], weights: Sequence[float]) -> float:
    pairs = [pair for pair in zip(documents, weights, strict=True) if pair[0].name != UNKNOWN]
    named = right = best = 0.0
    for document, weight in sorted(pairs, key=lambda pair: -pair[0].probability):
        named += weight
        right += weight * (document.name == document.truth)
        if right >= _PRECISION * named:
            best = named
    return best / sum(weights)
