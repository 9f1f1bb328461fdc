"""Simulated documents: none is filed under a wrong patient, most of those that carry enough are filed."""

from __future__ import annotations

import pytest

from benchmarks.matching_people import Slice
from benchmarks.matching_run import OURS, USUAL, Share, run_share
from benchmarks.matching_tally import ALL, Scorecard
from samples.names import NamePool


def _score(*, world: int, patients: int, documents: int) -> tuple[Scorecard, Scorecard]:
    """Return what we and the usual rule made of documents that the rules may be chosen on."""
    found = run_share(Share(NamePool.RULES, world, patients, documents))
    cards = (Scorecard(), Scorecard())
    for card, name in zip(cards, (OURS, USUAL), strict=True):
        card.add_all(found[name])
    return cards


def test_no_wrong_filing_and_enough_right_ones() -> None:
    ours, usual = _score(world=50, patients=1500, documents=1500)
    whole = ours.counts[ALL]
    assert (whole.wrong, whole.wrong_pages, whole.strangers_filed) == (0, 0, 0)
    assert whole.strangers > 300
    assert all(ours.counts[kind.value].documents > 100 for kind in Slice)
    assert whole.first / whole.ranked > 0.98
    for grade, share in (("clean", 0.8), ("fair", 0.75), ("poor", 0.55)):
        count = ours.counts[grade]
        assert count.enough_filed / count.enough >= share, grade
    # The same documents are dangerous: whoever trusts a number alone files many of them wrongly.
    assert usual.counts[ALL].wrong > 100
    assert usual.counts[Slice.STRAY.value].wrong_pages > 20


@pytest.mark.long
@pytest.mark.parametrize("world", range(51, 57))
def test_no_wrong_filing_in_other_worlds(world: int) -> None:
    """One is let pass: a birth date misread as the namesake's, a twin whose paper bears the first name."""
    ours, _ = _score(world=world, patients=3000, documents=6000)
    assert ours.counts[ALL].wrong <= 1
