"""Where documents end."""

from __future__ import annotations

import dataclasses

import pytest

from backfile.domain.document import Cut, TypeGuess
from backfile.domain.page import PageReading
from classify import cut_pages, find_evidence, is_separator_page
from tests.classify.paper import RULES, type_page

SMITH = "Patient: SMITH, JOHN   DOB: 03/12/1950   MRN: 00123456\n"
JONES = "Patient: JONES, ANNA   DOB: 07/01/1971   MRN: 00777777\n"
BODY = "Seen today, doing well.\nNo complaints.\n"


def cut(*pages: PageReading | None) -> tuple[Cut, ...]:
    evidence = [
        None if page is None else find_evidence(page, page_number=number, finder=RULES)
        for number, page in enumerate(pages, 1)
    ]
    return cut_pages(pages, evidence)


def pages_of(cuts: tuple[Cut, ...]) -> list[tuple[int, ...]]:
    return [c.pages for c in cuts]


@pytest.mark.parametrize("code", ["PATCHT", "PATCH T", "Patch-T", "SEPARATOR"])
def test_separator_codes(code: str) -> None:
    assert is_separator_page(type_page("", codes=(code,)))


def test_a_page_that_says_it_is_a_separator() -> None:
    assert is_separator_page(type_page("DOCUMENT SEPARATOR SHEET\nplace between documents\n"))
    assert not is_separator_page(type_page(SMITH + BODY, codes=("00123456",)))


def test_separators_part_documents_and_are_in_none() -> None:
    cuts = cut(type_page(SMITH), type_page("", codes=("PATCHT",)), type_page(SMITH), type_page(BODY))
    assert pages_of(cuts) == [(1,), (3, 4)]
    assert [c.reason for c in cuts] == ["first_page", "separator"]


def test_blank_pages_are_in_no_document() -> None:
    assert pages_of(cut(type_page(SMITH), type_page(""), type_page(BODY))) == [(1, 3)]
    assert cut(type_page(""), type_page("")) == ()


def test_another_patient_always_begins_a_document() -> None:
    cuts = cut(type_page(SMITH), type_page(BODY), type_page(JONES), type_page(BODY))
    assert pages_of(cuts) == [(1, 2), (3, 4)]
    assert cuts[1].reason == "identifier_change"


@pytest.mark.parametrize(
    "other",
    [
        "Patient: SMITH, JOHN   DOB: 08/30/1978   MRN: 00777777\n",
        "Patient: SMITH, JOHN   DOB: 08/30/1978\n",
        "Patient: SMITH, MARGARET   DOB: 03/12/1950\n",
        "MRN: 00777777\n",
        "DOB: 08/30/1978\n",
        "Patient: SMITH, PETER\n",
    ],
)
def test_a_change_of_one_identifier_is_enough(other: str) -> None:
    assert pages_of(cut(type_page(SMITH), type_page(other))) == [(1,), (2,)]


@pytest.mark.parametrize(
    "numbers", [("Page 1 of 2", "Page 2 of 2"), ("Pg 1/2", "Pg 2/2"), ("1 of 2", "2 of 2")]
)
def test_numbered_pages_stay_together(numbers: tuple[str, str]) -> None:
    first, second = (f"PROGRESS NOTE      {number}\n{SMITH}{BODY}" for number in numbers)
    assert pages_of(cut(type_page(first), type_page(second))) == [(1, 2)]
    assert pages_of(cut(type_page(first), type_page(second), type_page(first))) == [(1, 2), (3,)]


def test_page_numbers_do_not_hide_another_patient() -> None:
    cuts = cut(type_page(f"Page 1 of 2\n{SMITH}"), type_page(f"Page 2 of 2\n{JONES}"))
    assert pages_of(cuts) == [(1,), (2,)]


def test_a_new_title_begins_a_document() -> None:
    cuts = cut(
        type_page("MERCY GENERAL HOSPITAL\nDISCHARGE SUMMARY\n" + SMITH + BODY),
        type_page(BODY),
        type_page("MERCY GENERAL HOSPITAL\nOPERATIVE REPORT\n" + SMITH + BODY),
    )
    assert pages_of(cuts) == [(1, 2), (3,)]
    assert cuts[1].reason == "heading"


def test_the_same_title_of_another_day_begins_a_document() -> None:
    first = f"PROGRESS NOTE\n{SMITH}Date of Service: 04/05/2019\n{BODY}"
    second = f"PROGRESS NOTE\n{SMITH}Date of Service: 04/09/2019\n{BODY}"
    assert pages_of(cut(type_page(first), type_page(second))) == [(1,), (2,)]


def test_an_unreadable_page_stays_in_the_document_around_it() -> None:
    assert pages_of(cut(type_page(SMITH), None, type_page(BODY))) == [(1, 2, 3)]
    assert pages_of(cut(None)) == [(1,)]
    cuts = cut(type_page(SMITH), None, type_page(JONES))
    assert pages_of(cuts) == [(1, 2), (3,)]
    assert cuts[0].doubtful


def test_one_misread_digit_does_not_part_pages_of_one_person() -> None:
    misread = SMITH.replace("00123456", "00128456")
    assert pages_of(cut(type_page(SMITH), type_page(misread))) == [(1, 2)]


def test_every_page_is_in_one_document_or_set_aside() -> None:
    pages = [
        type_page(SMITH),
        None,
        type_page(""),
        type_page(JONES),
        type_page("", codes=("PATCHT",)),
        type_page(BODY),
    ]
    seen = [n for c in cut(*pages) for n in c.pages]
    assert seen == [1, 2, 4, 6]


def test_words_of_no_confidence_do_not_part_documents() -> None:
    faint = dataclasses.replace(type_page(JONES, confidence=0.2))
    assert pages_of(cut(type_page(SMITH), faint)) == [(1, 2)]


FORM = "Tall Timber Clinic\n\n" + SMITH + "some words\n"


@pytest.mark.parametrize(
    ("first", "second", "likely", "pages"),
    [
        ("Page 1 of 1\n" + SMITH, SMITH, 0.85, [(1,), (2,)]),
        ("Page 1 of 2\n" + SMITH, SMITH, 0.85, [(1, 2)]),
        ("Page 1 of 1\n" + SMITH, SMITH, 0.7, [(1, 2)]),
        (FORM, FORM, 0.85, [(1,), (2,)]),
        (SMITH, SMITH, 0.85, [(1, 2)]),
        (SMITH, SMITH, 0.99, [(1,), (2,)]),
    ],
)
def test_a_paper_of_another_kind_begins_where_one_may(
    first: str, second: str, likely: float, pages: list[tuple[int, ...]]
) -> None:
    papers = [type_page(first + BODY), type_page(second + BODY)]
    evidence = [find_evidence(page, page_number=n, finder=RULES) for n, page in enumerate(papers, 1)]
    types = [TypeGuess("release_authorization", 0.99), TypeGuess("insurance_card", likely)]
    assert pages_of(cut_pages(papers, evidence, types=types)) == pages
    same = [types[0], TypeGuess("release_authorization", likely)]
    assert pages_of(cut_pages(papers, evidence, types=same)) == [(1, 2)]


def test_days_of_dictation_and_typing_part_nothing() -> None:
    first = "EMERGENCY DEPARTMENT NOTE\n" + SMITH + "Date of Service: 08/25/2019\n" + BODY
    later = "EMERGENCY DEPARTMENT NOTE\n" + SMITH + BODY + "DD: 08/26/2019   DT: 08/28/2019\n"
    assert pages_of(cut(type_page(first), type_page(later))) == [(1, 2)]


def test_a_repeated_head_is_doubtful_unless_the_number_is_the_same() -> None:
    head = "Tall Timber Clinic\nEMERGENCY DEPARTMENT NOTE\n\n"
    named = "Patient: SMITH, JOHN   DOB: 03/12/1950\n"
    with_number = cut(type_page(head + SMITH + BODY), type_page(head + SMITH + BODY))
    without = cut(type_page(head + named + BODY), type_page(head + named + BODY))
    assert pages_of(with_number) == pages_of(without) == [(1, 2)]
    assert [c.doubtful for c in (*with_number, *without)] == [False, True]
