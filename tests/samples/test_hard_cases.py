"""Pages that mislead: made from a seed, with the truth of both people."""

from __future__ import annotations

from pathlib import Path

import pytest

from backfile.domain.document import FieldName, SightingKind
from backfile.domain.geometry import box_center, union_boxes
from ocr.probe import probe_file
from samples import FamilySplit, SamplePatient, make_patients
from samples.hard_cases import HardCase, HardChart, make_hard_chart, make_hard_files

_IDENTITY = (SightingKind.PATIENT_NAME, SightingKind.BIRTH_DATE, SightingKind.MRN)


@pytest.fixture(scope="module")
def patients() -> tuple[SamplePatient, ...]:
    return make_patients(600, seed=2)


def _make(case: HardCase, patients: tuple[SamplePatient, ...], count: int = 12) -> list[HardChart]:
    return [make_hard_chart(case, seed, patients, families=FamilySplit.DEMO) for seed in range(count)]


def _values(chart: HardChart) -> set[tuple[str, str]]:
    return {(s.kind.value, s.value) for page in chart.chart.truth.pages for s in page.sightings}


@pytest.mark.parametrize("case", HardCase)
def test_same_seed_gives_the_same_page(case: HardCase, patients: tuple[SamplePatient, ...]) -> None:
    assert _make(case, patients, 2) == _make(case, patients, 2)


@pytest.mark.parametrize("case", HardCase)
def test_sightings_point_at_their_words(case: HardCase, patients: tuple[SamplePatient, ...]) -> None:
    for made in _make(case, patients):
        for page in made.chart.truth.pages:
            for sighting in page.sightings:
                assert union_boxes(page.words[at].box for at in sighting.words) == sighting.box


@pytest.mark.parametrize("case", [HardCase.OTHER_STICKER, HardCase.TWO_PATIENTS])
def test_both_people_stand_on_the_page(case: HardCase, patients: tuple[SamplePatient, ...]) -> None:
    for made in _make(case, patients):
        values = _values(made)
        own = made.chart.truth.documents[0].fields.get(FieldName.MRN)
        assert ("mrn", made.other[FieldName.MRN]) in values
        assert ("birth_date", made.other[FieldName.BIRTH_DATE]) in values
        assert own != made.other[FieldName.MRN]
        assert own is None or ("mrn", own) in values


def test_a_label_covers_what_is_printed_under_it(patients: tuple[SamplePatient, ...]) -> None:
    for made in _make(HardCase.OTHER_STICKER, patients):
        page = made.chart.truth.pages[0]
        number = made.other[FieldName.MRN]
        label = next(s for s in page.sightings if s.value == number)
        x, y = box_center(label.box)
        over = [w for w in page.words if w.box[0] <= x <= w.box[2] and w.box[1] <= y <= w.box[3]]
        assert len(over) == 1


def test_an_empty_form_is_nobodys(patients: tuple[SamplePatient, ...]) -> None:
    for made in _make(HardCase.BLANK_TEMPLATE, patients):
        assert not {kind for kind, _ in _values(made)} & {kind.value for kind in _IDENTITY}
        assert made.chart.truth.documents[0].mrn is None


def test_a_newborn_has_a_mother(patients: tuple[SamplePatient, ...]) -> None:
    children = {p.mrn for p in patients if p.patient.mother_mrn}
    for made in _make(HardCase.NEWBORN, patients):
        assert made.chart.truth.documents[0].mrn in children


def test_files_are_scans_with_their_truth(tmp_path: Path) -> None:
    files = make_hard_files(tmp_path, each=1, seed=3)
    assert [file.case for file in files] == list(HardCase)
    for file in files:
        assert probe_file(tmp_path / file.truth.name).pages == len(file.truth.pages) == 1
