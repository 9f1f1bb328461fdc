"""Names and addresses on two lines, and addresses without a label."""

from __future__ import annotations

import pytest

from backfile.domain.document import SightingKind as K
from classify.matching.facts import EXACT_FLOOR
from tests.classify.paper import look, values


@pytest.mark.parametrize(
    ("text", "name", "is_sure"),
    [
        (
            "Patient Name: Van Houten,     Acct: E2431877247\n              Hakon V\n",
            "Van Houten, Hakon V",
            True,
        ),
        ("Patient Name:  - Bradley,\n                 Violet Audrey\n", "Bradley, Violet Audrey", True),
        ("Patient Name: KERRY\n              PAN\n", "PAN, KERRY", False),
        ("Patient Name: Pooja Anjali\n              Ramaswamy\n", "Ramaswamy, Pooja Anjali", False),
    ],
)
def test_a_name_goes_on_under_itself(text: str, name: str, is_sure: bool) -> None:
    seen = [sighting for sighting in look(text) if sighting.kind is K.PATIENT_NAME]
    assert [sighting.value for sighting in seen] == [name]
    assert (seen[0].confidence >= EXACT_FLOOR) is is_sure


@pytest.mark.parametrize(
    "below", ["DOB: 3/12/1950", "Mercy Hospital", "200 Elm Street", "Discharged home today", "Smith, Jane"]
)
def test_what_is_no_name_under_a_name_is_left(below: str) -> None:
    seen = look(f"Patient Name: Mary Jones\n              {below}\n")
    assert values(seen, K.PATIENT_NAME)[:1] == ["Jones, Mary"]


def test_a_name_under_the_second_line_of_its_label_begins_above() -> None:
    seen = look("PATIENT GOMEZ-PACHECO,     PATIENT E65798673\nNAME:   JESUS ULISES       ID:\n")
    assert values(seen, K.PATIENT_NAME) == ["GOMEZ-PACHECO, JESUS ULISES"]


def test_half_a_name_is_none() -> None:
    assert values(look("Patient Name: Van Houten,     Acct: E2431877247\n"), K.PATIENT_NAME) == []


@pytest.mark.parametrize(
    "text",
    [
        "Patient: LEWIS SINGLETON   DOB 11/8/60\n\nLEWIS SINGLETON\n255 Hillcrest Lane\nWichita, KS 67286\n",
        "SINGLETON, LEWIS   DOB 11/8/1960\n67800526\n255 Hillcrest Lane Wichita KS 67286\n",
        "Patient: SINGLETON, LEWIS\nAddress: 255 Hillcrest Lane,\n         Wichita, KS 67286\n",
    ],
)
def test_the_address_under_a_name_or_on_two_lines(text: str) -> None:
    assert values(look(text), K.ADDRESS) == ["255 Hillcrest Lane, Wichita, KS 67286"]


def test_the_telephone_on_a_label_is_the_patients() -> None:
    seen = look("SINGLETON, LEWIS C   DOB 11/8/1960\n67800526\n(515)431-7718\n")
    assert values(seen, K.PHONE) == ["5154317718"]


def test_an_address_under_somebody_else_is_not_the_patients() -> None:
    seen = look("Patient: SINGLETON, LEWIS\n\n\nMARY ADAMS\n255 Hillcrest Lane\nWichita, KS 67286\n")
    assert values(seen, K.ADDRESS) == []
