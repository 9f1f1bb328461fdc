"""Learns how often the best candidate is the patient, given what the weights say.

    .venv/bin/python -m benchmarks.matching_calibration [--write classify/matching/calibration.csv]

Documents of the calibration set, which shares no world, person or document with the sets for rules and
tests, are decided with the probabilities of the weights alone. Among those of a kind
(``matching/calibration.py``) the share of right best candidates is made to rise with the log-odds: the
isotonic regression of Ayer et al. (Annals of Mathematical Statistics 26, 1955), by pooling neighbours that go
down. A share of all or none is taken as one unknown document short of it. Two thirds of the worlds are
learned from for a look at the third, then all for the table.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.matching_run import RULES, Share, draw_share
from benchmarks.matching_tally import measure_calibration
from classify.matching import decide_filing
from classify.matching.calibration import (
    NOT_CALIBRATED,
    Calibration,
    Kind,
    calibrate,
    find_log_odds,
    kind_of,
    write_calibration,
)
from samples.names import NamePool

_SHARE = 2500
"""Documents of one world."""
_LEAST = 150
"""Documents that one step of the table is made of at least."""
_REMARKS = (
    "How often the best candidate is right, by log-odds of the weights in bits.",
    "Made by benchmarks.matching_calibration; see docs/matching.md.",
)

Seen = tuple[Kind, float, bool]
"""What the rules found, the probability that the weights say, whether the best candidate is the patient."""


def main() -> int:
    """Learn, print, and write the table where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--worlds", type=int, default=9, help=f"of {_SHARE} documents each")
    parser.add_argument("--patients", type=int, default=10_000, help="in the index of each world")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here")
    options = parser.parse_args()
    worlds = [
        _decide_world(Share(NamePool.CALIBRATE, number, options.patients, _SHARE))
        for number in range(options.worlds)
    ]
    part = max(1, len(worlds) * 2 // 3)
    learned = learn_calibration([one for world in worlds[:part] for one in world])
    for name, calibration in (("weights alone", NOT_CALIBRATED), ("calibrated", learned)):
        seen = [one for world in worlds[part:] or worlds for one in world]
        told = [(calibrate([p], kind, calibration)[0], right) for kind, p, right in seen]
        print(
            f"{name:14} expected calibration error {measure_calibration(told):.4f} on {len(told):,} documents"
        )
    whole = learn_calibration([one for world in worlds for one in world])
    for kind, knots in whole.items():
        for odds, share in knots:
            print(f"{kind.value:9} {odds:7.2f} bits {share:.6g}")
    if options.write:
        write_calibration(whole, options.write, remarks=_REMARKS)
    return 0


def _decide_world(share: Share) -> list[Seen]:
    documents, simulator = draw_share(share)
    seen: list[Seen] = []
    for one in documents:
        outcome = decide_filing(one.evidence, index=simulator.index, rules=RULES, calibration=NOT_CALIBRATED)
        if outcome.candidates:
            right = outcome.candidates[0].patient_id == one.patient_id
            seen.append((kind_of(outcome.reason), outcome.candidates[0].probability, right))
    return seen


def learn_calibration(seen: Sequence[Seen]) -> Calibration:
    """Return the rising share of right candidates, by kind.

    Not of those that the rules file: of tens of thousands one or two are wrong, too few to learn from.
    """
    by_kind: dict[Kind, list[tuple[float, bool]]] = defaultdict(list)
    for kind, probability, right in seen:
        by_kind[kind].append((find_log_odds(probability), right))
    kinds = (kind for kind in Kind if kind is not Kind.FITS and by_kind[kind])
    return {kind: _pool(sorted(by_kind[kind])) for kind in kinds}


def _pool(points: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Return mean log-odds and share of right ones of pools that rise; equal log-odds stay together."""
    pools: list[tuple[float, float, int]] = []  # sums of odds and of right ones, count
    part: list[tuple[float, bool]] = []
    by_odds = [list(group) for _, group in groupby(points, key=lambda point: point[0])]
    for at, group in enumerate(by_odds):
        part += group
        is_last = at + 1 == len(by_odds)
        if len(part) < _LEAST and not is_last:
            continue
        if len(part) < _LEAST and pools:
            pools.append(_add(pools.pop(), _sum(part)))
        else:
            pools.append(_sum(part))
        part = []
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            pools.append(_add(pools.pop(), pools.pop()))
    return [
        (odds / count, min(max(right, 1.0), count - 1.0) / count if count > 1 else 0.5)
        for odds, right, count in pools
    ]


def _sum(points: Sequence[tuple[float, bool]]) -> tuple[float, float, int]:
    return (sum(odds for odds, _ in points), float(sum(right for _, right in points)), len(points))


def _add(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


if __name__ == "__main__":
    raise SystemExit(main())
