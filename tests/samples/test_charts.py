"""Charts: whose pages they are, and how they lie in the file."""

from __future__ import annotations

import pytest

from samples import Chart, FamilySplit, SamplePatient, Scan, make_chart, make_patients
from samples.charts import GRADES, MAX_PAGES


@pytest.fixture(scope="module")
def patients() -> tuple[SamplePatient, ...]:
    return make_patients(600, seed=2)


@pytest.fixture(scope="module")
def charts(patients: tuple[SamplePatient, ...]) -> list[Chart]:
    return [make_chart(seed, patients, families=FamilySplit.DEMO) for seed in range(160)]


def test_same_seed_gives_the_same_chart(patients: tuple[SamplePatient, ...], charts: list[Chart]) -> None:
    assert make_chart(7, patients, families=FamilySplit.DEMO) == charts[7]


def test_every_page_is_in_one_document_or_set_aside(charts: list[Chart]) -> None:
    for chart in charts:
        truth = chart.truth
        assert 1 <= len(truth.pages) <= MAX_PAGES
        assert [page.number for page in truth.pages] == [*range(1, len(truth.pages) + 1)]
        for page in truth.pages:
            assert (page.document is None) == (page.blank or page.separator)
            assert page.blank == (not page.words)
            if page.document is not None:
                assert page.number in truth.documents[page.document].pages
        assert all(document.pages for document in truth.documents)


def test_a_fifth_belong_to_strangers(charts: list[Chart]) -> None:
    strangers = sum(chart.truth.documents[0].mrn is None for chart in charts)
    assert 0.1 < strangers / len(charts) < 0.32


def test_owners_are_in_the_index_under_the_sites_number(
    patients: tuple[SamplePatient, ...], charts: list[Chart]
) -> None:
    active = {p.mrn for p in patients if not p.facility and not p.patient.merged_into}
    for chart in charts:
        assert all(document.mrn in active for document in chart.truth.documents if document.mrn)


def test_charts_hold_what_clerks_scan(charts: list[Chart]) -> None:
    pages = [page for chart in charts for page in chart.truth.pages]
    assert any(page.separator for page in pages)
    assert any(page.blank for page in pages)
    owners = [{document.mrn for document in chart.truth.documents} for chart in charts]
    assert any(len(mrns) > 1 for mrns in owners)
    assert {chart.grade for chart in charts} == set(GRADES)
    for start in range(0, 160, 40):
        types = {d.type for chart in charts[start : start + 40] for d in chart.truth.documents}
        assert len(types) >= 12


def test_a_wished_stranger_is_one(patients: tuple[SamplePatient, ...]) -> None:
    for seed in range(12):
        chart = make_chart(seed, patients, families=FamilySplit.TRAIN, is_stranger=True, grade="poor")
        assert chart.truth.documents[0].mrn is None
        assert chart.grade == "poor"


def test_truth_takes_on_how_the_pages_were_scanned(charts: list[Chart]) -> None:
    chart = next(c for c in charts if len(c.pages) == 2)
    truth = chart.finish_truth("box/chart.pdf", [Scan(90, 1.5), Scan(0, -0.25)])
    assert truth.name == "box/chart.pdf"
    assert [(page.rotation, page.skew) for page in truth.pages] == [(90, 1.5), (0, -0.25)]
    with pytest.raises(ValueError, match="shorter"):
        chart.finish_truth("chart.pdf", [Scan(0, 0.0)])
