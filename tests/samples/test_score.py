from __future__ import annotations

import json
from dataclasses import replace

import pytest

from samples.score import ScoredDocument, score_documents
from samples.truth import TrueChart, TrueDocument, TruePage


def true_page(number: int, document: int | None, grade: str = "clean") -> TruePage:
    return TruePage(number, (), (), document, 0, 0.0, document is None, False, grade)


def true_document(type: str, mrn: str | None, *pages: int) -> TrueDocument:
    return TrueDocument(type, "any", pages, mrn, {})


TRUTH = (
    TrueChart(
        "a.pdf",
        1,
        (true_document("consent", "1", 1, 2), true_document("referral", "1", 4)),
        (true_page(1, 0), true_page(2, 0, "poor"), true_page(3, None), true_page(4, 1)),
    ),
    TrueChart("b/c.tif", 2, (true_document("consent", None, 1),), (true_page(1, 0),)),
)
FIRST = ScoredDocument("filed", "1", "consent", (("a.pdf", 1), ("a.pdf", 2)))
SECOND = ScoredDocument("filed", "1", "referral", (("a.pdf", 4),))
STRANGER = ScoredDocument("review", None, "consent", (("b/c.tif", 1),))


def test_everything_right() -> None:
    score = score_documents(TRUTH, [FIRST, SECOND, STRANGER])
    assert (score.charts, score.charts_in_index, score.filed_right, score.filed_wrong) == (2, 1, 1, 0)
    assert score.filed_right_share == score.documents_filed_right_share == 1.0
    assert score.type_right_share == score.boundaries_right_share == 1.0
    assert [(part.name, part.documents) for part in score.by_grade] == [("clean", 2), ("poor", 1)]
    assert [(part.name, part.documents, part.type_right) for part in score.by_type] == [
        ("consent", 2, 2),
        ("referral", 1, 1),
    ]


def test_nothing_found() -> None:
    score = score_documents(TRUTH, [])
    assert (score.filed_right, score.filed_wrong, score.types_right, score.boundaries_right) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        [replace(FIRST, mrn="2"), SECOND, STRANGER],
        [FIRST, SECOND, replace(STRANGER, state="filed", mrn="1")],
        [replace(FIRST, pages=(*FIRST.pages, *STRANGER.pages)), SECOND],
    ],
    ids=["another patient", "a stranger", "a stranger's page in a right document"],
)
def test_a_wrong_filing_is_counted(wrong: list[ScoredDocument]) -> None:
    score = score_documents(TRUTH, wrong)
    assert score.filed_wrong == 1
    assert sum(part.filed_wrong for part in score.by_grade) == 1


def test_a_document_in_review_is_not_right_and_not_wrong() -> None:
    score = score_documents(TRUTH, [FIRST, replace(SECOND, state="review", mrn=None), STRANGER])
    assert (score.filed_right, score.filed_wrong, score.documents_filed_right) == (0, 0, 1)


def test_two_documents_joined_are_a_wrong_cut_and_filed_right() -> None:
    joined = replace(FIRST, pages=(*FIRST.pages, ("a.pdf", 3), ("a.pdf", 4)))
    score = score_documents(TRUTH, [joined, STRANGER])
    assert (score.boundaries_right, score.filed_right, score.types_right) == (1, 1, 2)


def test_a_blank_page_makes_no_cut_wrong() -> None:
    with_blank = replace(FIRST, pages=(*FIRST.pages, ("a.pdf", 3)))
    score = score_documents(TRUTH, [with_blank, SECOND, STRANGER])
    assert (score.boundaries_right, score.filed_wrong) == (2, 0)


def test_a_document_split_in_two_is_a_wrong_cut() -> None:
    halves = [replace(FIRST, pages=FIRST.pages[:1]), replace(FIRST, pages=FIRST.pages[1:])]
    score = score_documents(TRUTH, [*halves, SECOND, STRANGER])
    assert (score.boundaries_right, score.filed_right, score.types_right) == (1, 1, 3)


def test_the_type_is_that_of_the_part_with_the_most_pages() -> None:
    chart = TrueChart(
        "d.pdf", 3, (true_document("consent", "1", 1, 2, 3),), tuple(true_page(n, 0) for n in (1, 2, 3))
    )
    found = [
        ScoredDocument("review", None, "consent", (("d.pdf", 1), ("d.pdf", 2))),
        ScoredDocument("review", None, "referral", (("d.pdf", 3),)),
    ]
    assert score_documents([chart], found).type_right_share == 1.0


def test_a_removed_document_counts_as_not_there() -> None:
    removed = replace(FIRST, state="removed")
    assert score_documents(TRUTH, [removed, SECOND, STRANGER]).documents_filed_right == 1


def test_json_holds_the_shares() -> None:
    shown = json.loads(json.dumps(score_documents(TRUTH, [FIRST, SECOND, STRANGER]).as_json()))
    assert shown["filed_right_share"] == shown["boundaries_right_share"] == 1.0
    assert shown["by_type"][0]["name"] == "consent"
