"""What is simulated, counted, learned and drawn for the score of matching."""

from __future__ import annotations

import random
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.document import SightingKind
from backfile.domain.unaided import find_upper_bound
from benchmarks.matching_em import MISSING, learn_shares
from benchmarks.matching_need import carries_what_is_needed
from benchmarks.matching_paper import print_paper
from benchmarks.matching_people import Slice, World
from benchmarks.matching_picture import draw_risk
from benchmarks.matching_rivals import UsualRule, flatten_patient
from benchmarks.matching_run import Share, draw_share
from benchmarks.matching_tally import ALL, Count, Scorecard, Verdict, trace_risk
from samples.names import NamePool
from tests.matching.builders import JANE


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=3, patients=800, pool=NamePool.RULES)


@pytest.mark.parametrize(
    ("events", "trials", "bound"),
    [(0, 2995, 1e-3), (0, 29_956, 1e-4), (0, 10, 0.2589), (1, 10, 0.3942), (5, 100, 0.1023), (7, 7, 1.0)],
)
def test_bounds_are_those_of_the_tables(events: int, trials: int, bound: float) -> None:
    """One-sided 95 % Clopper-Pearson; of none in n it is 1 - 0.05 ** (1 / n)."""
    assert find_upper_bound(events, trials) == pytest.approx(bound, rel=2e-3)


@given(st.integers(1, 3000), st.data())
def test_a_bound_lies_above_what_was_seen(trials: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, trials))
    assert events / trials <= find_upper_bound(events, trials) <= 1


def test_strangers_are_in_no_index(world: World) -> None:
    ids = {patient.id for patient in world.patients}
    numbers = {i.value for patient in world.patients for i in patient.identifiers}
    for kind in Slice:
        for _ in range(30):
            owner = world.draw_owner(kind, is_stranger=True)
            assert owner.target is None
            assert owner.record.id not in ids
            assert owner.record.identifiers[0].value not in numbers
            assert world.draw_owner(kind, is_stranger=False).target in ids


def test_every_slice_is_what_it_says(world: World) -> None:
    rng = random.Random(5)
    strays = [print_paper(world, Slice.STRAY, is_stranger=False, rng=rng) for _ in range(40)]
    assert sum(len({page.owner for page in paper.pages}) > 1 for paper in strays if paper.is_mixed) > 20
    foreign = [print_paper(world, Slice.FOREIGN, is_stranger=False, rng=rng) for _ in range(20)]
    assert all(paper.pages[0].letterhead for paper in foreign)
    newborns = [print_paper(world, Slice.NEWBORN, is_stranger=False, rng=rng) for _ in range(80)]
    assert any(paper.bears_two_labels for paper in newborns)


def test_the_test_set_shares_no_name_list_and_no_person() -> None:
    names = {
        pool: {p.name for p in World(seed=9, patients=600, pool=pool).patients}
        for pool in (NamePool.RULES, NamePool.CALIBRATE, NamePool.TEST)
    }
    lasts = {pool: {name.last.upper() for name in found} for pool, found in names.items()}
    shared = lasts[NamePool.TEST] & (lasts[NamePool.RULES] | lasts[NamePool.CALIBRATE])
    assert len(shared) < 0.02 * len(lasts[NamePool.TEST])
    assert not names[NamePool.TEST] & names[NamePool.RULES]


def test_documents_come_out_the_same_from_the_same_seed() -> None:
    share = Share(NamePool.CALIBRATE, 1, 300, 40)
    assert draw_share(share)[0] == draw_share(share)[0]


def test_what_carries_enough_bears_a_number_or_three_facts() -> None:
    documents, simulator = draw_share(Share(NamePool.RULES, 2, 800, 300))
    enough = [one for one in documents if one.carries_enough]
    assert 60 < len(enough) < 240
    for one in enough:
        kinds = {field.kind for page in one.paper.pages for field in page.fields}
        assert SightingKind.MRN in kinds or {SightingKind.PATIENT_NAME, SightingKind.BIRTH_DATE} <= kinds
        assert one.patient_id is not None
        assert not one.paper.is_mixed
    strangers = [one for one in documents if one.is_stranger]
    assert not any(carries_what_is_needed(one.paper, simulator.index) for one in strangers)


def _verdict(filed: str | None, *, truth: str | None, probability: float = 0.9) -> Verdict:
    return Verdict(
        groups=("twins",),
        grade="poor",
        patient_id=truth,
        page_owners=(truth, "other"),
        is_stranger=truth is None,
        carries_enough=truth is not None,
        filed_under=filed,
        probability=probability,
        candidates=("a", "b"),
    )


def test_wrong_filings_are_counted_by_document_and_by_page() -> None:
    card = Scorecard()
    card.add_all(
        [
            _verdict("a", truth="a"),
            _verdict("a", truth=None),
            _verdict("b", truth="a"),
            _verdict(None, truth="a"),
        ]
    )
    for group in (ALL, "twins", "noisy"):
        count = card.counts[group]
        assert (count.documents, count.filed, count.wrong, count.wrong_pages) == (4, 3, 2, 5)
        assert (count.strangers, count.strangers_filed) == (1, 1)
        assert (count.enough, count.enough_filed, count.first, count.among_five) == (3, 2, 3, 3)
    assert card.reasons.total() == 1


def test_risk_grows_with_what_is_filed() -> None:
    points = trace_risk(
        [_verdict(None, truth="a", probability=0.9), _verdict(None, truth=None, probability=0.4)]
    )
    assert [(p.coverage, p.risk) for p in points] == [(1.0, 0.0), (2.0, 0.5)]


def test_the_usual_rule_takes_a_number_then_a_name() -> None:
    rule = UsualRule([JANE])
    row = flatten_patient(JANE)
    assert rule.match(row) == JANE.id
    assert rule.match(type(row)(last=row.last, first=row.first, born=row.born)) == JANE.id
    assert rule.match(type(row)(last=row.last, first=row.first)) is None


def test_shares_are_learned_from_unlabelled_pairs() -> None:
    """A third of 6,000 pairs match; each of four fields agrees in 90 % of those and in 5 % of the others."""
    rng = np.random.default_rng(2)
    is_match = rng.random(6000) < 1 / 3
    agree = rng.random((6000, 4)) < np.where(is_match, 0.9, 0.05)[:, None]
    levels = np.where(agree, 0, 1).astype(np.int8)
    levels[rng.random(levels.shape) < 0.1] = MISSING
    start = [np.array([0.7, 0.3])] * 4
    learned = learn_shares(levels, [2] * 4, m=start, u=[np.array([0.2, 0.8])] * 4, match_share=0.5)
    assert learned.matches == pytest.approx(is_match.sum(), rel=0.05)
    assert [m[0] for m in learned.m] == pytest.approx([0.9] * 4, abs=0.03)
    assert [u[0] for u in learned.u] == pytest.approx([0.05] * 4, abs=0.02)


def test_the_picture_is_valid_and_names_each_method(tmp_path: Path) -> None:
    verdicts = [_verdict("a", truth="a"), _verdict(None, truth=None, probability=0.2)]
    target = tmp_path / "risk.svg"
    draw_risk(
        {"ours": trace_risk(verdicts)},
        {"ours": Count(10, 20, 5, 10), "theirs": Count(10, 20, 9, 18, 2, 3)},
        target,
    )
    text = " ".join(ET.parse(target).getroot().itertext())
    assert "ours: 0 of 5" in text
    assert "theirs: 2 of 9" in text
