"""What the second reader read otherwise: kept, and never exact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backfile.domain.document import FieldName, Sighting, SightingKind
from backfile.domain.page import PageReading
from classify.fields import choose_fields
from classify.identifiers import find_evidence
from classify.matching.facts import EXACT_FLOOR
from tests.classify.paper import RULES, type_page


def _read_otherwise(page: PageReading, others: dict[str, str]) -> PageReading:
    """Return the page with what a second reader read in place of some words."""
    return replace(
        page,
        words=tuple(
            replace(word, alternatives=(others[word.text],)) if word.text in others else word
            for word in page.words
        ),
    )


def _see(text: str, others: dict[str, str]) -> tuple[Sighting, ...]:
    page = _read_otherwise(type_page(text, confidence=0.99), others)
    return find_evidence(page, page_number=1, finder=RULES).sightings


def _of(sightings: tuple[Sighting, ...], kind: SightingKind) -> dict[str, float]:
    return {s.value: s.confidence for s in sightings if s.kind is kind}


def test_a_disputed_digit_is_never_exact_and_the_other_reading_is_kept() -> None:
    numbers = _of(_see("MRN: 00412233   DOB: 03/12/1950", {"00412233": "00412238"}), SightingKind.MRN)
    assert set(numbers) == {"00412233", "00412238"}
    assert numbers["00412238"] < numbers["00412233"] < EXACT_FLOOR


@pytest.mark.parametrize("other", ["00412233.", "MRN:00412233", "#00412233", "004-12233"])
def test_marks_around_the_same_digits_dispute_nothing(other: str) -> None:
    numbers = _of(_see("MRN: 00412233", {"00412233": other}), SightingKind.MRN)
    assert list(numbers) == ["00412233"]
    assert numbers["00412233"] >= EXACT_FLOOR


def test_a_reading_of_something_else_is_no_candidate() -> None:
    numbers = _of(_see("MRN: 00412233", {"00412233": "77190246"}), SightingKind.MRN)
    assert list(numbers) == ["00412233"]
    assert numbers["00412233"] < EXACT_FLOOR  # the readers still do not agree


def test_letters_dispute_no_digit() -> None:
    numbers = _of(_see("MRN: 00412233", {"00412233": "oo~~"}), SightingKind.MRN)
    assert numbers["00412233"] >= EXACT_FLOOR


def test_a_torn_number_is_disputed_as_a_whole() -> None:
    numbers = _of(_see("MRN: 00-41-22-33", {"00-41-22-33": "00-41-22-38"}), SightingKind.MRN)
    assert numbers["00412233"] < EXACT_FLOOR
    assert "00412238" in numbers


def test_the_other_birth_date_is_a_candidate() -> None:
    births = _of(_see("DOB: 03/12/1950", {"03/12/1950": "03/12/1956"}), SightingKind.BIRTH_DATE)
    assert set(births) == {"1950-03-12", "1956-03-12"}
    assert births["1956-03-12"] < births["1950-03-12"]


def test_technicians_are_shown_the_other_reading() -> None:
    page = _read_otherwise(type_page("MRN: 00412233", confidence=0.99), {"00412233": "00412238"})
    fields = choose_fields([find_evidence(page, page_number=1, finder=RULES)])
    number = next(field for field in fields if field.name is FieldName.MRN)
    assert number.value == "00412233"
    assert [other.value for other in number.alternatives] == ["00412238"]
