"""The filing rule that every page is bound, kept and broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from classify.matching import FilingRules
from tests.matching.builders import (
    BORN,
    JANE,
    LABEL,
    MRN,
    NAME,
    TODAY,
    assert_filed,
    assert_review,
    decide,
    page,
    patient,
    see,
)


@pytest.mark.parametrize(
    "second",
    [
        {"mrn": MRN},
        {"name": NAME, "ssn": "6712"},
        {"born": BORN, "name": "Harlow, Jaen"},
        {"born": BORN, "name": NAME},
    ],
)
def test_a_page_with_an_identifier_of_its_own_is_bound(second: dict[str, Any]) -> None:
    assert_filed(decide(page(**LABEL), page(**second)), JANE)


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"name": "Harlow, J"},
        {"born": BORN, "name": "Harlow"},
        {"born": BORN},
        {"phone": "5035550144"},
        {"ssn": "6712"},
        {"mrn": "O0482913"},
        {"service": "2020-01-02"},
    ],
)
def test_a_page_without_an_agreeing_identifier_is_not_bound(second: dict[str, Any]) -> None:
    assert_review(decide(page(**LABEL), page(**second)), Reason.PAGE_UNBOUND)


@pytest.mark.parametrize(
    "second", [{"name": NAME}, {"name": "Harlow, Jane Marie", "phone": "5035550144", "service": "2020-03-01"}]
)
def test_a_rare_name_alone_binds_a_page(second: dict[str, Any]) -> None:
    assert_filed(decide(page(**LABEL, service="2020-01-02"), page(**second)), JANE)


@pytest.mark.parametrize(
    "strange",
    [
        {"mrn": "O0482913"},
        {"service": "2014-05-06"},
        {"name": "Harlow, Jane Sr"},
        {"name": "Harlow, Jane Olga"},
        {"name": "Harlow, Jaen"},
        {"phone": "2125550000"},
        {"sex": "M"},
    ],
)
def test_a_name_beside_anything_strange_binds_no_page(strange: dict[str, Any]) -> None:
    second = {"name": NAME, **strange}
    outcome = decide(page(**LABEL, service="2020-01-02"), page(**second))
    assert outcome.state is DocumentState.REVIEW


def test_a_common_name_or_short_form_alone_binds_no_page() -> None:
    for name in ("Smith, Mary", "Harlow, Kristy"):
        somebody = patient("x", name, MRN)
        pages = (page(mrn=MRN, name=name, born=BORN), page(name=name))
        assert_review(decide(*pages, among=(somebody,)), Reason.PAGE_UNBOUND)


@pytest.mark.parametrize(
    "strange", [{"phone": "2125550000"}, {"address": "9 Elm Rd, Boise, ID 83701"}, {"sex": "M"}]
)
def test_a_numbered_page_with_a_strangers_address_is_no_continuation(strange: dict[str, Any]) -> None:
    """Page 2 of 2 of somebody else, the birth date on it unread, looks like that of this document."""
    first = page(mrn="00482913", name="Harlow, Jane", born="1961-04-18", of=(1, 2))
    assert_filed(decide(first, page(of=(2, 2))), JANE)
    assert_filed(decide(first, page(of=(2, 2), phone="5035550144", sex="F")), JANE)
    assert_review(decide(first, page(of=(2, 2), **strange)), Reason.PAGE_UNBOUND)
    named = page(of=(2, 2), name="Harlow, Jane", **strange)
    assert_filed(decide(first, named), JANE)  # people move: beside their name it says nothing


def test_a_numbered_page_of_another_year_is_no_continuation() -> None:
    first = page(**LABEL, service="2005-03-10", of=(1, 2))
    assert_filed(decide(first, page(name=NAME, service="2005-03-12", of=(2, 2))), JANE)
    assert_review(decide(first, page(name=NAME, service="1988-11-07", of=(2, 2))), Reason.PAGE_UNBOUND)


def test_a_suffix_that_the_index_does_not_know_is_no_continuation() -> None:
    first = page(**LABEL, of=(1, 2))
    assert_filed(decide(first, page(name=NAME, of=(2, 2))), JANE)
    assert_review(decide(first, page(name="Harlow, Jane Sr", of=(2, 2))), Reason.PAGE_UNBOUND)


def test_two_numbers_on_a_page_are_two_labels() -> None:
    """A mother's label beside her newborn's, of which only the number was read."""
    own = page(name="Harlow, Jane Marie", born="1961-04-18", letterhead="Elsewhere Clinic", mrn="00482919")
    assert_filed(decide(own, rules=FilingRules(("Salem General",), today=TODAY)), JANE)
    two = replace(own, sightings=(*own.sightings, see("mrn", "77123450", 0.5)))
    outcome = decide(two, rules=FilingRules(("Salem General",), today=TODAY))
    assert outcome.state is DocumentState.REVIEW
    assert outcome.patient_id is None
