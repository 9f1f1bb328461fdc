"""Probabilities as they came true: they rise, keep the order of candidates, and leave room for nobody."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.reasons import REASON_TEXTS, Reason
from benchmarks.matching_calibration import learn_calibration
from benchmarks.matching_tally import measure_calibration
from classify.matching.calibration import (
    CALIBRATION,
    NOT_CALIBRATED,
    Kind,
    calibrate,
    find_log_odds,
    kind_of,
    load_calibration,
    write_calibration,
)
from tests.matching.builders import JANE, LABEL, decide, page

shares = st.lists(st.floats(0, 1), min_size=1, max_size=6)


def test_the_table_has_every_kind_and_rises() -> None:
    assert set(CALIBRATION) == {Kind.CONFLICT, Kind.OPEN}
    for knots in CALIBRATION.values():
        assert list(knots) == sorted(knots)
        assert [share for _, share in knots] == sorted(share for _, share in knots)
        assert all(0 < share < 1 for _, share in knots)


def test_what_the_rules_file_is_nearly_sure_and_what_conflicts_is_not() -> None:
    sure = calibrate([1 - 1e-9], Kind.FITS, CALIBRATION)[0]
    assert sure > 0.999
    assert calibrate([1 - 1e-9], Kind.CONFLICT, CALIBRATION)[0] < sure
    assert calibrate([0.01], Kind.CONFLICT, CALIBRATION)[0] < 0.2


@given(shares, st.sampled_from(Kind))
def test_order_and_sum_are_kept(weights: list[float], kind: Kind) -> None:
    total = max(sum(weights), 1.0)
    given_ = sorted((weight / total for weight in weights), reverse=True)
    said = calibrate(given_, kind, CALIBRATION)
    assert sum(said) <= 1 + 1e-9
    assert all(0 <= one <= 1 for one in said)
    assert all(a >= b - 1e-12 for a, b in pairwise(said))


def test_without_a_table_nothing_changes() -> None:
    assert calibrate([0.7, 0.2], Kind.OPEN, NOT_CALIBRATED) == (0.7, 0.2)
    assert calibrate([], Kind.OPEN, CALIBRATION) == ()


def test_log_odds_are_bounded() -> None:
    assert find_log_odds(0.5) == 0
    assert find_log_odds(0.0) == -find_log_odds(1.0) < -50


def test_every_reason_of_the_rules_has_a_kind() -> None:
    assert {kind_of(reason) for reason in REASON_TEXTS} == set(Kind)
    assert kind_of(Reason.MRN_AND_NAME) is Kind.FITS
    assert kind_of(Reason.PAGES_DISAGREE) is Kind.CONFLICT
    assert kind_of(Reason.TWIN_OR_NAMESAKE) is Kind.OPEN


def test_a_table_is_learned_from_what_came_true(tmp_path: Path) -> None:
    """Where the weights say 0.99 and half is right, the table says a half; it is read as it was written."""
    seen = [(Kind.OPEN, 0.99, at % 2 == 0) for at in range(400)]
    seen += [(Kind.OPEN, 0.1, at % 10 == 0) for at in range(400)]
    learned = learn_calibration(seen)
    assert calibrate([0.99], Kind.OPEN, learned)[0] == pytest.approx(0.5, abs=0.01)
    assert calibrate([0.1], Kind.OPEN, learned)[0] == pytest.approx(0.1, abs=0.01)
    told = [(calibrate([p], kind, learned)[0], right) for kind, p, right in seen]
    assert measure_calibration(told) < 0.01 < measure_calibration([(p, right) for _, p, right in seen])
    write_calibration(learned, tmp_path / "table.csv", remarks=("made for a test",))
    again = load_calibration(tmp_path / "table.csv")
    assert calibrate([0.99], Kind.OPEN, again)[0] == pytest.approx(0.5, abs=0.01)


def test_what_goes_down_is_pooled() -> None:
    seen = [(Kind.CONFLICT, 0.5, True)] * 200 + [(Kind.CONFLICT, 0.9, False)] * 200
    ((_, share),) = learn_calibration(seen)[Kind.CONFLICT]
    assert share == pytest.approx(0.5)


def test_a_decision_says_the_calibrated_probability() -> None:
    filed = decide(page(**LABEL))
    assert filed.patient_id == JANE.id
    assert filed.probability == filed.candidates[0].probability > 0.9999
    other = decide(page(**{**LABEL, "born": "1971-09-30"}))
    assert other.reason is Reason.CONFLICT_BIRTH_DATE
    assert other.probability == other.candidates[0].probability < 0.99
