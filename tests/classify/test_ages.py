"""When the patient was born, by the age on the page."""

from __future__ import annotations

import datetime as dt

import pytest

from classify.identifiers import find_evidence
from tests.classify.paper import RULES, type_page

HEAD = "Patient: SMITH, JOHN   MRN: 00412233\nDate of Service: 03/12/2019\n\n"


def span_of(text: str, *, head: str = HEAD, confidence: float = 0.96) -> tuple[dt.date, dt.date] | None:
    page = type_page(head + text, confidence=confidence)
    return find_evidence(page, page_number=1, finder=RULES).born_between


@pytest.mark.parametrize(
    "text",
    [
        "This 63 y/o man presented with chest pain.",
        "Mr. Smith is a 63-year-old gentleman with a cough.",
        "The patient is a pleasant 63 yo white male.",
        "63 y.o. M with back pain.",
        "His mother died young. He is a 63 year old man who fell.",
        "Age: 63",
        "Age: 63 yrs",
        "Sex: M   Age: 63Y",
    ],
)
def test_the_patients_age_tells_the_birth_within_two_years(text: str) -> None:
    assert span_of(text) == (dt.date(1953, 3, 12), dt.date(1958, 3, 12))


@pytest.mark.parametrize(
    "text",
    [
        "His mother, a 63-year-old woman, has diabetes.",
        "Mother died at 63. Father is 63 years old.",
        "Brother is a 63 y/o man with gout.",
        "He was struck by a 63 yo male driver.",
        "He first smoked when he was a 16-year-old boy.",
        "Pain for 63 years. Onset at 63 years.",
        "63 years old furniture was moved.",
        "Age: 6 weeks",
        "Gestational age: 39",
        "Guarantor: SMITH, MARY   Age: 63",
        "This 63 y/o man presented. The 36 y/o woman in bed 2 complained.",
    ],
)
def test_other_ages_tell_nothing(text: str) -> None:
    assert span_of(text) is None


def test_what_was_read_with_doubt_tells_nothing() -> None:
    assert span_of("This 63 y/o man presented with chest pain.", confidence=0.8) is None


def test_without_a_date_that_is_called_so_an_age_tells_nothing() -> None:
    assert span_of("This 63 y/o man presented.", head="Patient: SMITH, JOHN\nPrinted: 03/12/2019\n\n") is None


def test_born_on_a_leap_day() -> None:
    head = HEAD.replace("03/12/2019", "02/29/2020")
    assert span_of("This 63 y/o man presented.", head=head) == (dt.date(1954, 2, 28), dt.date(1959, 2, 28))
