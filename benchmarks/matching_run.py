"""Lets everybody match the same simulated documents, world by world, in processes of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from backfile.domain.document import DocumentState
from benchmarks.matching_documents import Simulated, Simulator
from benchmarks.matching_people import SITE, World
from benchmarks.matching_rivals import UsualRule, flatten, match_with_splink
from benchmarks.matching_tally import Verdict
from classify.matching import FilingRules, decide_filing
from samples.names import NamePool
from samples.patients import NOW

RULES = FilingRules(facility=(SITE,), today=NOW)
OURS, USUAL, SPLINK = "Backfile", "MRN, else name + DOB", "Splink"
SPLINK_THRESHOLDS = (0.95, 0.9999)
"""What its documentation's examples keep, and what the site's default risk of 1e-4 would ask for."""
SEEDS = {NamePool.RULES: 10_000, NamePool.CALIBRATE: 20_000, NamePool.TEST: 60_000}
"""First seed of each set: no two sets have a world, a person or a document in common."""


@dataclass(frozen=True, slots=True)
class Share:
    """The documents of one world."""

    pool: NamePool
    world: int
    patients: int
    documents: int
    with_splink: bool = False


def run_shares(shares: Sequence[Share], *, processes: int) -> Iterator[dict[str, list[Verdict]]]:
    """Yield what each method made of each share."""
    if processes < 2:
        yield from map(run_share, shares)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(run_share, shares)


def run_share(share: Share) -> dict[str, list[Verdict]]:
    """Draw a world and its documents, and let every method match them."""
    documents, simulator = draw_share(share)
    found = {OURS: [_ours(one, simulator) for one in documents]}
    usual = UsualRule(simulator.world.patients)
    found[USUAL] = [_verdict(one, usual.match(flatten(one.evidence))) for one in documents]
    if share.with_splink:
        with tempfile.TemporaryDirectory(prefix="backfile-splink-") as folder:
            evidence = [one.evidence for one in documents]
            matched = match_with_splink(simulator.world.patients, evidence, Path(folder))
        for threshold in SPLINK_THRESHOLDS:
            found[f"{SPLINK} ≥ {threshold}"] = [
                _verdict(
                    one,
                    best[0] if best and best[1] >= threshold else None,
                    probability=best[1] if best else 0.0,
                    candidates=(best[0],) if best else (),
                )
                for one, best in zip(documents, matched, strict=True)
            ]
    return found


def draw_share(share: Share) -> tuple[list[Simulated], Simulator]:
    """Return the documents of one world, and what drew them."""
    seed = SEEDS[share.pool] + share.world
    world = World(seed=seed, patients=share.patients, pool=share.pool)
    simulator = Simulator(world, seed=seed)
    return list(simulator.documents(share.documents)), simulator


def _ours(document: Simulated, simulator: Simulator) -> Verdict:
    outcome = decide_filing(document.evidence, index=simulator.index, rules=RULES)
    return _verdict(
        document,
        outcome.patient_id if outcome.state is DocumentState.FILED else None,
        reason=outcome.reason.value,
        probability=outcome.probability,
        candidates=tuple(one.patient_id for one in outcome.candidates),
    )


def _verdict(
    document: Simulated,
    filed_under: str | None,
    *,
    reason: str = "",
    probability: float = 0.0,
    candidates: tuple[str, ...] = (),
) -> Verdict:
    paper = document.paper
    return Verdict(
        groups=(paper.slice.value, document.grade, f"origin {paper.owner.origin}"),
        grade=document.grade,
        patient_id=document.patient_id,
        page_owners=tuple(page.owner for page in paper.pages),
        is_stranger=document.is_stranger,
        carries_enough=document.carries_enough,
        filed_under=filed_under,
        reason=reason,
        probability=probability,
        candidates=candidates,
    )
