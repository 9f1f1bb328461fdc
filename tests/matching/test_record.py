"""The ``match`` command's records: the same rules as filing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.errors import BadInput
from classify.matching import FilingRules, MemoryPatientIndex, match_identifiers
from tests.matching.builders import JANE, RULES, TODAY, assert_filed, assert_review

INDEX = MemoryPatientIndex((JANE,))
WHOLE: dict[str, Any] = {"mrn": "00482913", "patient_name": "Harlow, Jane M", "birth_date": "1961-04-18"}


def _match(record: dict[str, Any], rules: FilingRules = RULES) -> Any:
    return match_identifiers(record, index=INDEX, rules=rules)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"birth_date": "04/18/1961"},
        {"birth_date": "April 18, 1961"},
        {"mrn": "004-829-13"},
        {"patient_name": "Jane M. Harlow"},
        {"mrn": {"value": "00482913", "confidence": 0.8}},
        {"mrn": {"value": "00482913"}},
        {"phone": None, "sex": "", "ssn_last4": {"value": None}},
        {"id": 17, "shoe_size": 44, "patient_name": None},
        {"birth_date": "unreadable"},
    ],
)
def test_records_that_are_filed(changes: dict[str, Any]) -> None:
    assert_filed(_match({**WHOLE, **changes}), JANE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mrn": "482913"}, Reason.NUMBER_NOT_EXACT),
        ({"birth_date": "1961-04-19"}, Reason.CONFLICT_BIRTH_DATE),
        ({"patient_name": "Harlow, Olga"}, Reason.CONFLICT_FIRST_NAME),
        ({"patient_name": "Doe, Jane"}, Reason.PLACEHOLDER_NAME),
        ({"mrn": {"value": "00482913", "confidence": 0.3}}, Reason.NUMBER_NOT_EXACT),
        ({"service_date": "01/02/1950"}, Reason.SERVICE_BEFORE_BIRTH),
        ({"ssn_last4": "1111"}, Reason.CONFLICT_SSN),
    ],
)
def test_records_for_review(changes: dict[str, Any], reason: Reason) -> None:
    assert_review(_match({**WHOLE, **changes}), reason)


def test_a_facility_is_the_letterhead() -> None:
    site = FilingRules(facility=("General Hospital",), today=TODAY)
    assert_filed(_match({**WHOLE, "facility": "General Hospital"}, site), JANE)
    assert_review(_match({**WHOLE, "facility": "Riverbend Clinic"}, site), Reason.FOREIGN_NUMBER)


@pytest.mark.parametrize(
    "record", [{}, {"id": "1"}, {"sex": "F", "provider": "Dr. Quill"}, {"mrn": " "}, {"birth_date": "?"}]
)
def test_nothing_to_go_by(record: dict[str, Any]) -> None:
    outcome = _match(record)
    assert (outcome.state, outcome.reason) == (DocumentState.EXCEPTION, Reason.NO_IDENTIFIERS)


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({"mrn": 482913}, "mrn"),
        ({"patient_name": ["Harlow"]}, "patient_name"),
        ({"birth_date": {"value": 1961}}, "birth_date"),
        ({"mrn": {"value": "1", "confidence": 2}}, "mrn"),
        ({"mrn": {"value": "1", "confidence": "high"}}, "mrn"),
        ({"mrn": {"value": "1", "confidence": True}}, "mrn"),
        ({"mrn": {"value": "1", "confidence": float("nan")}}, "mrn"),
        ({"mrn": True}, "mrn"),
        ({"address": "x" * 501}, "address"),
    ],
)
def test_bad_records_are_refused_by_field(record: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named) as refused:
        _match(record)
    assert "482913" not in str(refused.value)
    assert "Harlow" not in str(refused.value)


texts = st.one_of(
    st.text(max_size=30), st.sampled_from(["00482913", "Harlow, Jane", "1961-04-18", "4/18/61"])
)
fields = st.sampled_from(
    ["mrn", "patient_name", "birth_date", "service_date", "ssn_last4", "phone", "address", "sex"]
)


@given(st.dictionaries(fields, texts))
def test_no_text_is_filed_without_two_identifiers(record: dict[str, str]) -> None:
    outcome = _match(json.loads(json.dumps(record)))
    assert 0 <= outcome.probability <= 1
    if outcome.state is DocumentState.FILED:
        said = [name for name in ("mrn", "patient_name", "birth_date") if record.get(name, "").strip()]
        assert len(said) >= 2
