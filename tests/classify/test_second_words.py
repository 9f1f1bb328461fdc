"""Words that the two readers make out together, and birth dates of which the label was lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from backfile.domain.document import Sighting
from backfile.domain.document import SightingKind as K
from backfile.domain.page import PageReading
from classify.identifiers import find_evidence
from classify.matching.facts import EXACT_FLOOR
from classify.second_words import settle_words
from classify.weak_places import find_weak_rows
from tests.classify.paper import RULES, TODAY, look, type_page, values


def doubt(text: str, others: Mapping[str, str], *, confidence: float = 0.4) -> PageReading:
    """Return a page of which some words were read with doubt, and otherwise by the second reader."""
    page = type_page(text)
    return replace(
        page,
        words=tuple(
            replace(word, confidence=confidence, alternatives=(others[word.text],))
            if word.text in others
            else word
            for word in page.words
        ),
    )


def see(text: str, others: Mapping[str, str], *, confidence: float = 0.4) -> tuple[Sighting, ...]:
    page = doubt(text, others, confidence=confidence)
    return find_evidence(page, page_number=1, finder=RULES).sightings


def test_an_accent_parts_no_readings() -> None:
    seen = see("ORTEGA, JESUS     DOB 3/12/1950     MRN 4471902", {"JESUS": "JESÚS"}, confidence=0.15)
    (name,) = (s for s in seen if s.kind is K.PATIENT_NAME)
    assert name.value == "ORTEGA, JESUS"
    assert name.confidence >= 0.7


@pytest.mark.parametrize(
    ("number", "other", "value"),
    [
        ("£4471902", "E4471902", "E4471902"),
        ("£4471902", "£4471902", "E4471902"),
        ("$-0044198", "S-0044198", "S0044198"),
    ],
)
def test_no_amount_is_taken_for_the_letters_of_a_number(number: str, other: str, value: str) -> None:
    assert values(see(f"MRN {number}     DOB 3/12/1950", {number: other}), K.MRN) == [value]


def test_a_label_that_only_the_second_reader_made_out() -> None:
    seen = see("Date of Bith     Sex\n05/16/1983       M\n", {"Bith": "Birth"})
    assert values(seen, K.BIRTH_DATE) == ["1983-05-16"]
    assert not values(seen, K.SERVICE_DATE)


def test_a_word_that_is_a_label_already_stays() -> None:
    page = settle_words(doubt("Date of Birth", {"Birth": "Death"}), today=TODAY)
    assert page.text == "Date of Birth"


def test_two_words_that_the_second_reader_saw_as_a_date() -> None:
    text = "DOB: 12 28:1997     Sex M"
    seen = see(text, {"12": "12.28.1997", "28:1997": "12.28.1997"})
    (birth,) = (s for s in seen if s.kind is K.BIRTH_DATE)
    assert birth.value == "1997-12-28"
    assert birth.confidence < EXACT_FLOOR


def test_the_line_of_a_box_is_no_digit() -> None:
    page = settle_words(doubt("1 MRN 4471902", {"1": "|"}), today=TODAY)
    assert page.words[0].text == "|"


@pytest.mark.parametrize(
    ("text", "name"), [("Mr. Ricker was seen.", "RICKER, JOHN"), ("Seen.", "RICKR, JOHN")]
)
def test_a_name_is_read_as_the_page_has_it_once_more(text: str, name: str) -> None:
    seen = see(f"RICKR, JOHN     DOB 3/12/1950     MRN 4471902\n\n{text}\n", {"RICKR,": "RICKER,"})
    assert values(seen, K.PATIENT_NAME) == [name]


def test_what_both_readers_read_is_not_looked_at_again() -> None:
    text = "Patient: ORTEGA, JESUS     DOB: 3/12/1950     MRN: 4471902"
    assert find_weak_rows(doubt(text, {"JESUS": "MARIO"}), today=TODAY)
    assert not find_weak_rows(doubt(text, {"JESUS": "JESÚS"}), today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Name               Rartt        PID          Sex\nAlex H. Ocasio     12.28.1997   E50620279    M\n",
        "HALL, JUNE A     MRN 4471902\nxx\n01/21/1950\n\nAdmitted 02/25/2020\nSeen 02/26/2020\n",
    ],
)
def test_a_birth_date_of_which_the_label_was_lost(text: str) -> None:
    (birth,) = (s for s in look(text) if s.kind is K.BIRTH_DATE)
    assert birth.confidence < EXACT_FLOOR


@pytest.mark.parametrize(
    "text",
    [
        "HALL, JUNE A     MRN 4471902\nxx\n01/21/2020\n\nAdmitted 02/25/2020\nSeen 02/26/2020\n",
        "HALL, JUNE A     MRN 4471902\nxx\n01/21/1950\n",
        "HALL, JUNE A     MRN 4471902\nAdmitted: 01/21/1950\n\nSeen 02/26/2020\n",
        "Name               Seen         PID\nAlex H. Ocasio     12.28.1997   E50620279\n",
    ],
)
def test_other_dates_near_a_name_are_none(text: str) -> None:
    assert not values(look(text), K.BIRTH_DATE)


def test_a_mother_in_the_row_of_her_child_has_not_its_number() -> None:
    seen = look("""
PAT NM                 MOTHER'S NAME     DOB           UNIT NO
BABY BOY VELAZQUEZ     Marta Velazquez   16-Apr-2024   E92947276
""")
    assert values(seen, K.BIRTH_DATE) == ["2024-04-16"]
    assert values(seen, K.MRN) == ["E92947276"]


def test_brackets_that_were_hardly_read_say_nothing_of_whose_it_is() -> None:
    seen = see("DOB (MOM)     MRN\n16-Apr-1994   4471902\n", {"(MOM)": "(MOY)"})
    assert values(seen, K.BIRTH_DATE) == ["1994-04-16"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("VAN DER BERG. ZOLTAN SALVATORE     DOB 3/12/1950", "VAN DER BERG, ZOLTAN SALVATORE"),
        ("Patient (Last, First): XOCHITL ALVAREZ-CISNEROS", "ALVAREZ-CISNEROS, XOCHITL"),
        ("Patient (Last, First): HALL MARY-ANNE", "HALL, MARY-ANNE"),
    ],
)
def test_which_part_of_a_name_is_the_last(line: str, name: str) -> None:
    assert values(look(f"{line}\nMRN 4471902\n"), K.PATIENT_NAME) == [name]


def test_letters_before_a_number_may_belong_to_it() -> None:
    seen = look("HALL, JUNE     3/12/1950 F\nQB 4029-881     Dr. Ames\n")
    assert "4029881" not in values(seen, K.MRN)
