"""Where a page is looked at once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backfile.domain.page import PageReading, PageSource
from classify.weak_places import find_weak_rows, is_better
from tests.classify.paper import TODAY, type_page

SURE = "Patient: SMITH, JOHN\nMRN: 00412233\nDOB: 03/12/1950\n\nThe patient slept well.\n"


def doubt(page: PageReading, *texts: str, confidence: float = 0.6) -> PageReading:
    return replace(
        page,
        words=tuple(replace(w, confidence=confidence) if w.text in texts else w for w in page.words),
    )


def holds(page: PageReading, text: str) -> bool:
    """Say whether the rows to look at hold a word."""
    (box,) = (word.box for word in page.words if word.text == text)
    return any(top <= box[1] and box[3] <= bottom for top, bottom in find_weak_rows(page, today=TODAY))


def test_a_page_that_is_read_surely_is_not_looked_at() -> None:
    assert find_weak_rows(type_page(SURE), today=TODAY) == ()
    assert find_weak_rows(doubt(type_page(SURE), "slept"), today=TODAY) == ()


@pytest.mark.parametrize("text", ["JOHN", "00412233", "03/12/1950"])
def test_a_doubtful_identifier_is_looked_at_and_no_more(text: str) -> None:
    page = doubt(type_page(SURE), text)
    assert holds(page, text)
    assert not holds(page, "slept")


def test_what_stands_elsewhere_surely_is_not_looked_at() -> None:
    page = type_page(SURE + "\n" * 20 + "DOB: 08/12/1950\n")
    assert find_weak_rows(doubt(page, "08/12/1950"), today=TODAY) == ()


def test_a_label_without_its_value_is_looked_at() -> None:
    page = type_page(SURE.replace("00412233", ""))
    assert holds(page, "MRN:")


def test_damage_beside_other_identifiers_is_looked_at_where_one_is_missed() -> None:
    page = type_page("Patient: SMITH, JOHN\nMRN: 00412233\nQ8: .12.19\n")
    assert find_weak_rows(page, today=TODAY) == ()
    assert holds(doubt(page, ".12.19"), ".12.19")


def test_the_head_of_a_badly_read_page_that_names_nobody_is_looked_at() -> None:
    page = type_page("Pxt~nt SM1T# JQHN\n\nwas seen today and slept\n", confidence=0.5)
    assert find_weak_rows(page, today=TODAY) == ((0.0, 0.22),)


def test_a_digital_page_and_an_empty_one_are_not_looked_at() -> None:
    page = doubt(type_page(SURE), "00412233")
    assert find_weak_rows(replace(page, source=PageSource.PDF), today=TODAY) == ()
    assert find_weak_rows(type_page(""), today=TODAY) == ()


def test_never_more_than_a_third_of_a_page() -> None:
    page = type_page("\n".join(f"MRN:{' ' * 40}\nnothing\n" for _ in range(14)))
    rows = find_weak_rows(page, today=TODAY)
    assert 0 < sum(bottom - top for top, bottom in rows) <= 0.31


@pytest.mark.parametrize(
    ("before", "again", "better"),
    [
        ("Patient: SMITH, JOHN", "Patient: SMITH, JOHN\nMRN: 00412233", True),
        ("MRN: 12233", "MRN: 00412233", True),
        ("Patient: SMITH, JOHN\nMRN: 00412233", "Patient: SMITH, JOHN", False),
        (
            "Patient: SMITH, JOHN\nMRN: 00412233",
            "Patient: SMITH, JOHN\nMRN: 00412238\nDOB: 03/12/1950",
            False,
        ),
        (SURE, SURE, False),
    ],
)
def test_a_second_look_must_tell_more_and_give_up_nothing_sure(before: str, again: str, better: bool) -> None:
    first = doubt(type_page(before), "12233", confidence=0.88)
    assert is_better(type_page(again), first, today=TODAY) is better
