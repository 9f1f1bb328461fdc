"""Learns the weights by which patients are scored.

    .venv/bin/python -m benchmarks.matching_weights [--write classify/matching/weights.csv]

Simulated documents of the set that rules and weights are chosen on are laid beside the patients whom the
index finds for them, and beside patients drawn at random. m is learned from pairs within blocks
(``matching_em``) without being told which of them match; what the truth would have given is printed beside
it. u is the share among random pairs, or what theory says (``matching_theory.csv``) where it was seen too
seldom, whichever is larger. No m is taken below a third of theory's, since a simulation's zero is not life's;
and only documents of the ordinary slice are learned from, since the others come too often.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backfile.domain.normalize import normalize_zip
from backfile.domain.patient import PatientQuery
from benchmarks.matching_documents import Simulated, Simulator
from benchmarks.matching_em import MISSING, Learned, Levels, Shares, learn_shares, share_levels
from benchmarks.matching_people import SITE, Slice
from benchmarks.matching_run import Share, draw_share
from classify.matching.compare import compare_facts
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, gather_facts, join_facts
from classify.matching.letterheads import LetterheadJudge
from classify.matching.levels import Comparison, Field, Level
from classify.matching.people import group_people
from classify.matching.site_numbers import SiteNumbers
from classify.matching.weights import M, U, Weights, load_weights, write_weights
from samples.names import NamePool
from samples.patients import NOW

_THEORY = load_weights(Path(__file__).with_name("matching_theory.csv"))
_FIELDS: tuple[Field, ...] = tuple(name for name in _THEORY if name is not Field.ENCOUNTER)
_LEVELS: dict[Field, tuple[Level, ...]] = {name: tuple(_THEORY[name]) for name in _FIELDS}
_SIZES = [len(_LEVELS[name]) for name in _FIELDS]
_BLOCKS = ((Field.BIRTH_DATE, Field.FIRST_NAME), (Field.LAST_NAME, Field.FIRST_NAME), (Field.MRN,))
"""Not the birth date alone: twins share it, and so much else that they would be learned as matches."""
_REMARKS = (
    "m and u of every level, and log2(m / u). Made by benchmarks.matching_weights; see docs/matching.md.",
)
_RANDOM = 12
"""Patients drawn at random for each document."""
_LEAST = 1 / 3
"""Of theory's m: what is not simulated happens too."""
_SEEN = 10
"""Random pairs at a level from which their share is believed."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Documents beside patients."""

    levels: Levels
    is_match: npt.NDArray[np.bool_]


def main() -> int:
    """Learn, print, and write the table where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=6000, help="of which the ordinary are learned from")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here")
    options = parser.parse_args()
    share = Share(NamePool.RULES, 90, 10_000, options.documents)
    documents, simulator = draw_share(share)
    ordinary = [one for one in documents if one.paper.slice is Slice.ORDINARY]
    near, far = lay_beside(ordinary, simulator)
    weights = learn_weights(near, far)
    if options.write:
        write_weights(weights, options.write, remarks=_REMARKS)
    return 0


def lay_beside(documents: Sequence[Simulated], simulator: Simulator) -> tuple[Pairs, Pairs]:
    """Return the pairs of documents with patients found for them, and with patients drawn at random."""
    rng = random.Random("random pairs")
    patients = simulator.world.patients
    judge, numbers = LetterheadJudge((SITE,)), SiteNumbers(simulator.index, LetterheadJudge((SITE,)))
    book = EncounterBook(simulator.index, judge)
    near: list[tuple[list[int], bool]] = []
    far: list[tuple[list[int], bool]] = []
    for one in documents:
        pages = gather_facts(one.evidence, judge=judge, today=NOW)
        facts = join_facts(pages)
        found = group_people(simulator.index.find_candidates(_query(facts)), simulator.index)
        others = group_people(rng.choices(patients, k=_RANDOM), simulator.index)
        for pairs, people in ((near, found), (far, others)):
            for person in people:
                is_match = person.id == one.patient_id
                if pairs is near or not is_match:
                    compared = compare_facts(
                        facts, person, judge=judge, bearers=numbers.find_bearers, book=book
                    )
                    pairs.append((_encode(compared), is_match))
    return _pack(near), _pack(far)


def _query(facts: Facts) -> PatientQuery:
    return PatientQuery(
        mrns=tuple(seen.value for seen in facts.numbers),
        names=tuple(seen.value for seen in facts.names),
        birth_dates=tuple(seen.value for seen in facts.births),
        phones=tuple(seen.value for seen in facts.phones),
        ssn_last4s=tuple(seen.value for seen in facts.ssns),
        zips=tuple(code for seen in facts.addresses if (code := normalize_zip(seen.value.zip))),
    )


def _encode(compared: Comparison) -> list[int]:
    return [
        _LEVELS[name].index(compared[name].level) if compared[name].level in _LEVELS[name] else MISSING
        for name in _FIELDS
    ]


def _pack(pairs: Sequence[tuple[list[int], bool]]) -> Pairs:
    return Pairs(
        np.array([levels for levels, _ in pairs], dtype=np.int8), np.array([match for _, match in pairs])
    )


def learn_weights(near: Pairs, far: Pairs) -> Weights:
    """Return m and u of every level, and print them beside theory's and the truth's."""
    u = [_share_far(far, at) for at in range(len(_FIELDS))]
    start: Shares = [np.array([_THEORY[f][level][M] for level in _LEVELS[f]]) for f in _FIELDS]
    sessions: dict[Field, list[tuple[float, npt.NDArray[np.float64]]]] = defaultdict(list)
    for block in _BLOCKS:
        for name, learned_m, matches in _learn_block(near, block, m=start, u=u):
            sessions[name].append((matches, learned_m))
    truth = near.levels[near.is_match]
    weights: dict[Field, dict[Level, tuple[float, float]]] = {}
    print(f"{'field':12} {'level':9} {'theory':>9} {'m':>7} {'truth':>7} {'theory':>9} {'u':>9}")
    for at, name in enumerate(_FIELDS):
        total = sum(matches for matches, _ in sessions[name])
        m = sum((matches * found for matches, found in sessions[name]), np.zeros(_SIZES[at])) / total
        m = np.maximum(m, [_LEAST * _THEORY[name][level][M] for level in _LEVELS[name]])
        m /= m.sum()
        true = share_levels(truth[:, at], np.ones(len(truth)), _SIZES[at])
        weights[name] = {}
        for level, learned, real, drawn in zip(_LEVELS[name], m, true, u[at], strict=True):
            theory = _THEORY[name][level]
            weights[name][level] = (_round(learned), _round(drawn))
            print(
                f"{name.value:12} {level.value:9} {theory[M]:9.4f} {learned:7.4f} {real:7.4f} "
                f"{theory[U]:9.2e} {drawn:9.2e}"
            )
    if Field.ENCOUNTER in _THEORY:
        weights[Field.ENCOUNTER] = dict(_THEORY[Field.ENCOUNTER])
    return {name: weights[name] for name in _THEORY}


def _share_far(far: Pairs, at: int) -> npt.NDArray[np.float64]:
    """Return u of a field: as seen among random pairs, never less than theory has for an agreement."""
    known = far.levels[:, at][far.levels[:, at] != MISSING]
    counts = np.bincount(known, minlength=_SIZES[at])
    by_theory = np.array([_THEORY[_FIELDS[at]][level][U] for level in _LEVELS[_FIELDS[at]]])
    seen = counts / max(len(known), 1)
    u: npt.NDArray[np.float64] = np.where(counts >= _SEEN, np.maximum(seen, 1e-9), by_theory)
    is_agreement = np.array([level is not Level.CONFLICT for level in _LEVELS[_FIELDS[at]]])
    u = np.where(is_agreement, np.maximum(u, by_theory), u)
    return np.minimum(u, 1 - 1e-6) / max(1.0, float(u.sum()))


def _learn_block(
    near: Pairs, block: tuple[Field, ...], *, m: Shares, u: Shares
) -> Iterator[tuple[Field, npt.NDArray[np.float64], float]]:
    """Yield m of each field outside the block."""
    inside = np.ones(len(near.levels), dtype=bool)
    for name in block:
        inside &= near.levels[:, _FIELDS.index(name)] == _LEVELS[name].index(Level.EXACT)
    others = [at for at, name in enumerate(_FIELDS) if name not in block]
    learned: Learned = learn_shares(
        near.levels[inside][:, others],
        [_SIZES[at] for at in others],
        m=[m[at] for at in others],
        u=[u[at] for at in others],
        match_share=0.5,
    )
    true = float(near.is_match[inside].sum())
    said = " and ".join(name.value for name in block)
    print(
        f"same {said}: {inside.sum():,} pairs, {learned.matches:,.0f} matches learned, {true:,.0f} in truth"
    )
    for at, found in zip(others, learned.m, strict=True):
        known = near.levels[inside][:, at] != MISSING
        yield _FIELDS[at], found, max(float(known.mean()) * learned.matches, 1e-9)


def _round(share: float) -> float:
    return float(f"{share:.3g}")


if __name__ == "__main__":
    raise SystemExit(main())
