"""Pages that mislead: made from a seed, with the truth of both people."""

from __future__ import annotations

from pathlib import Path

import pytest

from backfile.domain.document import FieldName, SightingKind
from backfile.domain.geometry import box_center, union_boxes
from ocr.probe import probe_file
from samples import FamilySplit, SamplePatient, make_patients
from samples.hard_cases import HardCase, HardChart, make_hard_chart, make_hard_files
from samples.languages import Language
from samples.sheet import TextOp

_IDENTITY = (SightingKind.PATIENT_NAME, SightingKind.BIRTH_DATE, SightingKind.MRN)

_OF_LANGUAGE = {Language.SPANISH: "paciente", Language.GERMAN: "patienten", Language.FRENCH: "patient ou de"}


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


def test_fields_filled_in_by_hand_are_strokes_with_their_words(patients: tuple[SamplePatient, ...]) -> None:
    printed, written = 0, 0
    for made in _make(HardCase.HANDWRITTEN, patients, 24):
        page = made.chart.pages[0]
        text = " ".join(op.text for op in page.ops if isinstance(op, TextOp))
        number = made.chart.truth.documents[0].fields.get(FieldName.MRN)
        if number and not any(char.isalpha() for char in number):
            is_printed = number in "".join(char for char in text if char.isdigit())
            printed, written = printed + is_printed, written + (not is_printed)
            words = "".join(word.text for word in page.words)
            assert number in "".join(char for char in words if char.isdigit())
    assert written > printed  # on a label numbers stay printed


def test_wrapped_values_stand_on_two_lines(patients: tuple[SamplePatient, ...]) -> None:
    tall = 0
    for made in _make(HardCase.WRAPPED, patients, 24):
        page = made.chart.truth.pages[0]
        for sighting in page.sightings:
            lines = {page.words[at].line for at in sighting.words}
            tall += sighting.kind is SightingKind.PATIENT_NAME and len(lines) > 1
    assert tall >= 6


def test_papers_of_other_languages_hold_no_english_label(patients: tuple[SamplePatient, ...]) -> None:
    seen = set()
    for made in _make(HardCase.OTHER_LANGUAGE, patients, 24):
        text = " ".join(word.text for word in made.chart.truth.pages[0].words).casefold()
        seen |= {language for language, word in _OF_LANGUAGE.items() if word in text}
        assert "date of birth" not in text
        assert "patient name" not in text
    assert seen == set(_OF_LANGUAGE)


def test_files_are_scans_with_their_truth(tmp_path: Path) -> None:
    files = make_hard_files(tmp_path, each=1, seed=3)
    assert [file.case for file in files] == list(HardCase)
    for file in files:
        assert probe_file(tmp_path / file.truth.name).pages == len(file.truth.pages) == 1
