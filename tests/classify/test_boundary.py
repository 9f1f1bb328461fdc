"""How pages begin and end, and what that says about where documents do."""

from __future__ import annotations

import pytest

from classify import find_evidence
from classify.layout import lay_out_page
from classify.page_flow import PageFlow, read_page_flow
from classify.page_numbers import PageNumbers, find_page_numbers
from tests.classify.paper import RULES, type_page
from tests.classify.test_cut import BODY, SMITH, cut, pages_of

NAMED = "Patient: SMITH, JOHN   DOB: 03/12/1950\n"
SIGNED = "                         R. T. Vance, M.D.\n"
LONG = (
    "The patient was taken to the operating room and placed in the supine position on the table\n"
    "and after induction the abdomen was prepared and draped and the incision was carried down to\n"
)
REST = "the fascia, which was opened in line with its fibers. She tolerated this well.\n"


def flow_of(text: str) -> PageFlow:
    page = type_page(text)
    return read_page_flow(lay_out_page(page), find_evidence(page, page_number=1, finder=RULES))


def first_pages(*texts: str) -> list[int]:
    """Return the numbers of the pages with which documents begin."""
    return [pages[0] for pages in pages_of(cut(*map(type_page, texts)))]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("REQUEST FOR NUCLEAR MEDICINE EXAMINATION   (Encl. 1)", "REQUEST FOR NUCLEAR MEDICINE EXAMINATION"),
        ("LOCAL TITLE: UROLOGY INPATIENT NOTE", "UROLOGY INPATIENT NOTE"),
        ("X-RAY DEPARTMENT", "X RAY DEPARTMENT"),
        ("PHYSICAL EXAMINATION", ""),
        ("ASSESSMENT AND PLAN", ""),
        ("CHART NO   12345", ""),
        ("Seen for a report of chest pain", ""),
        ("AUTHORIZATION NUMBER: 4471", ""),
    ],
)
def test_a_title_names_a_paper(text: str, title: str) -> None:
    assert flow_of(text + "\n" + BODY).title == title


@pytest.mark.parametrize(
    ("last", "is_signed"),
    [
        (SIGNED, True),
        ("/es/ CYRUS ABBOTT, MD   05/19/2021", True),
        ("RTV/bjk    D: 3/11/84   T: 3/11/84", True),
        ("AKS:dlf", True),
        ("cc: Dr. Hollis Grabowski", True),
        ("Frances Dilworth, A.C.S.W.", True),
        ("Eyes: no visual change", False),
        ("Skin: warm and dry without lesions.", False),
        ("Pain 3/10 on oral medication", False),
    ],
)
def test_papers_end_with_a_signature_or_a_typists_mark(last: str, is_signed: bool) -> None:
    assert flow_of(NAMED + BODY + last + "\n").is_signed is is_signed


def test_a_sentence_that_runs_on_joins_pages() -> None:
    first = "OPERATIVE REPORT\n" + SMITH + LONG
    assert flow_of(first).is_unfinished
    assert flow_of(REST).runs_on
    assert not flow_of("OPERATIVE REPORT\n" + SMITH + REST).is_unfinished
    assert first_pages(first, "CONSULTATION\n" + NAMED + REST + SIGNED) == [1]
    assert first_pages(first + REST, "CONSULTATION\n" + NAMED + REST + SIGNED) == [1, 2]


@pytest.mark.parametrize(
    "said", ["(over)", "Continued over", "** THIS NOTE CONTINUED ON NEXT PAGE **", "(MORE)"]
)
def test_a_page_that_says_it_goes_on_does(said: str) -> None:
    back = "RETURN VISIT RECORD\n" + BODY
    assert first_pages("PRENATAL RECORD\n" + SMITH + BODY + SIGNED, back) == [1, 2]
    assert first_pages("PRENATAL RECORD\n" + SMITH + BODY + SIGNED + said + "\n", back) == [1]


def test_a_table_goes_on_under_the_same_columns() -> None:
    columns = "TIME     PULSE     RESP     CONTRACTIONS     REMARKS\n"
    row = "0215     84     20     q4     Admitted\n"
    assert first_pages("LABOR CHART RECORD\n" + SMITH + columns + row, columns + row + "RN notes\n") == [1]


def test_a_title_nobody_listed_begins_a_document_under_a_patient_or_after_a_signature() -> None:
    first = "ST. HEDWIG HOSPITAL\nHISTORY AND PHYSICAL\n" + SMITH + BODY
    form = "REQUEST FOR NUCLEAR MEDICINE EXAMINATION\n"
    assert first_pages(first, form + NAMED + BODY) == [1, 2]
    assert first_pages(first + SIGNED, form + BODY) == [1, 2]
    assert first_pages(first, "PHYSICAL EXAMINATION\n" + BODY) == [1]


def test_the_next_report_of_a_kind_is_told_by_its_date() -> None:
    report = "OPEN FIELD MRI\n" + NAMED + "Exam date: {}\nHISTORY: neck pain.\n" + BODY + SIGNED
    assert first_pages(report.format("09/17/2012"), report.format("03/11/2013")) == [1, 2]
    assert first_pages(report.format("09/17/2012"), report.format("09/17/2012")) == [1]


@pytest.mark.parametrize("words", ["Dear Amos:", "Gentlemen:", "To whom it may concern:"])
def test_a_letter_begins_with_its_salutation(words: str) -> None:
    letter = f"May 5, 1978\n\n{words}\n\nThank you for sending her. She is better.\n"
    assert first_pages("PROGRESS NOTE\n" + SMITH + BODY, letter) == [1, 2]


def test_a_note_that_begins_with_its_date_follows_a_signed_paper() -> None:
    note = "10/12/04  Haugen\n\nHe is back to go over the echo. No angina.\n"
    report = "CARDIAC REPORT\n" + SMITH + BODY
    assert first_pages(report + SIGNED, note) == [1, 2]
    assert first_pages(report, note) == [1]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Page 2 of 3", PageNumbers((2, 3), 2)),
        ("Page Two", PageNumbers(alone=2)),
        ("Page -2-", PageNumbers(alone=2)),
        ("                2/3", PageNumbers(share=(2, 3))),
        ("BP 120/80", PageNumbers()),
    ],
)
def test_page_numbers(text: str, numbers: PageNumbers) -> None:
    assert find_page_numbers(lay_out_page(type_page(text + "\nSeen today, doing well.\n"))) == numbers


def test_a_page_number_on_the_last_line_of_a_short_page_counts() -> None:
    middle = type_page(BODY + "Page 2 of 4\n", top=0.5)
    assert find_page_numbers(lay_out_page(middle)).page_of == (2, 4)


def test_shares_count_pages_only_one_after_the_other() -> None:
    first, second, other = (
        f"CONSULTATION\n{SMITH}{BODY}{SIGNED}        {n}\n" for n in ("1/2", "2/2", "2/3")
    )
    other = other.replace("CONSULTATION", "NUCLEAR IMAGING REPORT")
    assert first_pages(first, second) == [1]
    assert first_pages(first, other) == [1, 2]


def test_page_one_begins_a_document() -> None:
    report = "CLINICAL LABORATORIES      PAGE {}\n" + SMITH + BODY
    assert first_pages(report.format(1), report.format(2), report.format(1)) == [1, 3]


def test_a_number_that_goes_on_over_a_whole_printed_chart_joins_no_papers() -> None:
    page = "Page {} of 9\n{}\n" + SMITH + "Date of Service: {}\n" + BODY + "{}"
    first = page.format(1, "PROGRESS NOTE", "04/22/2014", SIGNED)
    later = page.format(2, "LABORATORY REPORT", "07/21/2014", "")
    cuts = cut(type_page(first), type_page(later))
    assert pages_of(cuts) == [(1,), (2,)]
    assert cuts[1].doubtful
    same_day = page.format(2, "LABORATORY REPORT", "04/22/2014", "")
    assert first_pages(first, same_day) == [1]


@pytest.mark.parametrize(
    ("first", "second", "starts"),
    [
        ("Patient: SOKOLOV, VESNA", "Patient: VESNA, SOKOLOV", [1]),
        ("Patient: SHAIKH, RASHID SAMIR", "Patient: SAMIR, RASHID", [1]),
        ("Patient: SHAIKH, RASHID SAMIR", "Patient: SHAIKH, SAMIRA", [1, 2]),
        ("MRN: 8005256", "MRN: 8005", [1]),
        ("MRN: A335592599", "MRN: 5592599", [1]),
        ("MRN: 8005256", "MRN: 8015", [1, 2]),
        ("MRN: 4693997   Visit #: E61496758", "MRN: E61496758", [1]),
        ("MRN: 4693997   Visit #: E61496758", "MRN: E61496700", [1, 2]),
    ],
)
def test_the_same_person_read_otherwise_is_no_other(first: str, second: str, starts: list[int]) -> None:
    assert first_pages(f"{first}\n{BODY}", f"{second}\n{BODY}") == starts
