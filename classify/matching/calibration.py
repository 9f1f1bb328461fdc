"""How often the best candidate is the patient in truth, given the probability that the weights say.

The weights take fields for independent and people for strangers to each other; kin and namesakes are neither.
So what they say is laid beside what came of documents that were simulated for it, apart for documents of
which nothing speaks against the best candidate, something does, or too little is known; ``calibration.csv``
holds what was seen (``python -m benchmarks.matching_calibration``). What the rules would file keeps what the
weights say, since far too little of it is wrong to learn from; the rules ask the weights themselves.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from backfile.domain.reasons import Reason

_TABLE = Path(__file__).with_name("calibration.csv")
_COLUMNS = ("kind", "log_odds", "probability")
_FURTHEST = 60.0
"""Log-odds, in bits, beyond which floating numbers tell nothing apart."""


class Kind(StrEnum):
    """What the rules found."""

    FITS = "fits"
    """Every rule is kept."""
    CONFLICT = "conflict"
    """Something speaks against the best candidate."""
    OPEN = "open"
    """Too little is known, or several could be meant."""


_FITS = {
    Reason.MRN_AND_BIRTH_DATE, Reason.MRN_AND_NAME, Reason.ENCOUNTER_AND_BIRTH_DATE,
    Reason.ENCOUNTER_AND_NAME, Reason.NAME_BIRTH_DATE_AND_THIRD, Reason.RARE_NAME_AND_BIRTH_DATE,
    Reason.HEADER_SHEET, Reason.DOUBTFUL_BOUNDARY, Reason.LOW_PROBABILITY,
}  # fmt: skip
_CONFLICT = {
    Reason.CONFLICT_BIRTH_DATE, Reason.CONFLICT_MRN, Reason.CONFLICT_ENCOUNTER, Reason.CONFLICT_FIRST_NAME,
    Reason.CONFLICT_LAST_NAME, Reason.CONFLICT_SUFFIX, Reason.CONFLICT_SSN, Reason.CONFLICT_SEX,
    Reason.PAGES_DISAGREE, Reason.NOT_IN_INDEX, Reason.SERVICE_BEFORE_BIRTH, Reason.SERVICE_OUTSIDE_ENCOUNTER,
}  # fmt: skip

Knots: TypeAlias = Sequence[tuple[float, float]]
"""Log-odds in bits as the weights say, and the share of right candidates there; both rise."""
Calibration: TypeAlias = Mapping[Kind, Knots]


def kind_of(reason: Reason) -> Kind:
    """Return what a reason says of the best candidate."""
    return Kind.FITS if reason in _FITS else Kind.CONFLICT if reason in _CONFLICT else Kind.OPEN


def find_log_odds(probability: float) -> float:
    """Return a probability as log-odds in bits."""
    if probability <= 0.0 or probability >= 1.0:
        return math.copysign(_FURTHEST, probability - 0.5)
    return max(-_FURTHEST, min(math.log2(probability / (1 - probability)), _FURTHEST))


def calibrate(probabilities: Sequence[float], kind: Kind, calibration: Calibration) -> tuple[float, ...]:
    """Return the probabilities of candidates as they came true.

    Args:
        probabilities: as the weights say, the best one first; what is missing to 1 is "not in the index".
        kind: what the rules found of the best.
        calibration: what was seen.

    Returns:
        In the same order. The others and "not in the index" share what the best one leaves as before.
    """
    knots = calibration.get(kind, ())
    if not probabilities or not knots:
        return tuple(probabilities)
    best, *others = probabilities
    now = _interpolate(find_log_odds(best), knots)
    left = (1 - now) / (1 - best) if best < 1.0 else 0.0
    share = now / best if best > 0.0 else 0.0
    return (now, *(other * min(left, share) for other in others))


def _interpolate(odds: float, knots: Knots) -> float:
    at = bisect_right(knots, (odds, math.inf))
    if at == 0:
        return knots[0][1]
    if at == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[at - 1], knots[at]
    return y0 + (y1 - y0) * (odds - x0) / (x1 - x0)


def load_calibration(path: Path = _TABLE) -> Calibration:
    """Return the table.

    Raises:
        ValueError: a row is not of this form; the file is part of the program.
    """
    found: dict[Kind, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            found.setdefault(Kind(row["kind"]), []).append(
                (float(row["log_odds"]), float(row["probability"]))
            )
    return {kind: sorted(knots) for kind, knots in found.items()}


def write_calibration(calibration: Calibration, path: Path, *, remarks: Sequence[str] = ()) -> None:
    """Write a table, with remarks above."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {remark}\n" for remark in remarks)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for kind, knots in calibration.items():
            writer.writerows([kind.value, f"{odds:.2f}", f"{share:.6g}"] for odds, share in knots)


NOT_CALIBRATED: Calibration = {}
CALIBRATION = load_calibration()
"""``calibration.csv``."""
