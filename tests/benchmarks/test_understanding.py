"""The scorecard of understanding counts right what is right, and nothing else."""

from __future__ import annotations

import pytest

from backfile.domain.document import FieldName, FieldValue, SightingKind
from backfile.domain.geometry import WHOLE_PAGE
from benchmarks.understanding_cuts import count_cuts
from benchmarks.understanding_rivals import find_by_patterns
from benchmarks.understanding_score import Trap, Verdict, is_same, judge_fields
from benchmarks.understanding_types import TypedDocument, measure_recall, measure_types
from samples.truth import TrueChart, TrueDocument, TruePage, TrueSighting


def _page(*printed: tuple[SightingKind, str], number: int = 1, document: int | None = 0) -> TruePage:
    sightings = tuple(TrueSighting(kind, value, number, (), WHOLE_PAGE) for kind, value in printed)
    return TruePage(
        number, (), sightings, document, 0, 0.0, blank=document is None, separator=False, grade="fair"
    )


def _given(name: FieldName, value: str, confidence: float = 0.9) -> FieldValue:
    return FieldValue(name, value, value, confidence, 1, WHOLE_PAGE)


def test_each_field_gets_its_verdict() -> None:
    page = _page(
        (SightingKind.PATIENT_NAME, "Smith, John Adam"),
        (SightingKind.BIRTH_DATE, "1950-03-12"),
        (SightingKind.MRN, "00123456"),
    )
    given = [
        _given(FieldName.PATIENT_NAME, "SMITH, JOHN A"),
        _given(FieldName.BIRTH_DATE, "1950-03-21", 0.6),
        _given(FieldName.PHONE, "2125550123"),
    ]
    verdicts, sure, _ = judge_fields([page], given)
    assert verdicts[FieldName.PATIENT_NAME] is Verdict.RIGHT
    assert verdicts[FieldName.BIRTH_DATE] is Verdict.WRONG
    assert verdicts[FieldName.MRN] is Verdict.MISSED
    assert verdicts[FieldName.PHONE] is Verdict.INVENTED
    assert verdicts[FieldName.SEX] is Verdict.ABSENT
    assert sure == {FieldName.PHONE}


def test_a_provider_taken_for_the_patient_is_a_trap_stepped_into() -> None:
    page = _page((SightingKind.PATIENT_NAME, "Smith, John"), (SightingKind.PROVIDER, "Jones, Ann"))
    _, _, stepped = judge_fields([page], [_given(FieldName.PATIENT_NAME, "Jones, Ann")])
    _, _, passed = judge_fields([page], [_given(FieldName.PATIENT_NAME, "Smith, John")])
    assert stepped == {Trap.PROVIDER: True}
    assert passed == {Trap.PROVIDER: False}


@pytest.mark.parametrize(
    ("value", "truth", "same"),
    [
        ("SMITH, JOHN A", "Smith, John Adam", True),
        ("Smith, John B", "Smith, John Adam", False),
        ("Smith, John", "Smith, John Jr", False),
        ("Smith, Jon", "Smith, John", False),
        ("Smith, John", "Smith, John Adam", False),
    ],
)
def test_names_are_the_same_up_to_an_initial(value: str, truth: str, *, same: bool) -> None:
    assert is_same(FieldName.PATIENT_NAME, value, truth) is same


def _chart(*owners: tuple[str, int]) -> TrueChart:
    pages: list[TruePage] = []
    documents: list[TrueDocument] = []
    for number, (mrn, count) in enumerate(owners):
        first = len(pages) + 1
        pages += [_page(number=first + at, document=number) for at in range(count)]
        numbers = tuple(range(first, first + count))
        documents.append(TrueDocument("consent", "consent/x", numbers, mrn, {}))
    return TrueChart("chart.pdf", 1, tuple(documents), tuple(pages))


def test_boundaries_are_counted_inside_files() -> None:
    chart = _chart(("1", 2), ("1", 1), ("2", 1))
    perfect = count_cuts(chart, [(1, 2), (3,), (4,)])
    assert (perfect.f1, perfect.files_right, perfect.people_joined) == (1.0, 1, 0)
    joined = count_cuts(chart, [(1, 2), (3, 4)])
    assert (joined.true, joined.right, joined.files_right, joined.people_joined) == (2, 1, 0, 1)
    split = count_cuts(chart, [(1,), (2,), (3,), (4,)])
    assert (split.found, split.right, split.people_joined) == (3, 2, 0)


def test_types_are_weighed_by_a_real_chart() -> None:
    documents = [
        TypedDocument("progress_note", "progress_note", 1.0),
        TypedDocument("advance_directive", "consent", 1.0),
        TypedDocument("advance_directive", "unknown", 0.4),
    ]
    figures = measure_types(documents)
    assert figures.even_accuracy == pytest.approx(1 / 3)
    assert figures.accuracy == pytest.approx(18 / 18.5)
    assert figures.coverage == pytest.approx((18 + 0.25) / 18.5, abs=0.02)
    assert measure_recall(documents, "advance_directive") == (0, 2)


def test_regular_expressions_find_the_usual_labels() -> None:
    text = "Patient Name: SMITH, JOHN A\nDOB: 03/12/1950   MRN: 00123456"
    found = {field.name: field.value for field in find_by_patterns(text)}
    assert found[FieldName.BIRTH_DATE] == "1950-03-12"
    assert found[FieldName.MRN] == "00123456"
    assert is_same(FieldName.PATIENT_NAME, found[FieldName.PATIENT_NAME], "Smith, John A")
