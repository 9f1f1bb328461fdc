"""The shipped language models, on pages written here and on families they were not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import pytest

from backfile.domain.document import SightingKind, SightingSource
from backfile.domain.document_types import DOCUMENT_TYPES, UNKNOWN
from backfile.domain.page import PageReading, Word
from backfile.domain.reading_order import order_words
from backfile.errors import HomeError
from classify.model import MODELS, Model, load_model, soften
from classify.training import Finder, Scorecard
from classify.training.corpus import make_noisy_corpus, make_reading
from classify.training.scores import score_models

_RATE = 0.015
_THREE = (SightingKind.PATIENT_NAME, SightingKind.BIRTH_DATE, SightingKind.MRN)


def _read(lines: Sequence[str], *, confidence: float = 0.95) -> PageReading:
    words = []
    for row, line in enumerate(lines):
        top = 0.05 + 0.03 * row
        for start, text in _places(line):
            left = 0.08 + 0.011 * start
            words.append(Word(text, (left, top, left + 0.011 * len(text), top + 0.016), confidence))
    return make_reading(order_words(words))


def _places(line: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for text in line.split(" "):
        if text:
            found.append((at, text))
        at += len(text) + 1
    return found


_NOTE = (
    "PROGRESS NOTE",
    "Patient: Hollister, Maren K     MRN: 04471893     DOB: 03/17/1958",
    "Date of Service: 11/02/2021     Provider: Alan Whitcombe, MD",
    "Subjective",
    "The patient returns for follow-up of hypertension and reports no chest pain.",
    "Assessment and plan: continue lisinopril and return in three months.",
)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module")
def scores(model: Model) -> Scorecard:
    documents = list(make_noisy_corpus(60, split="demo", seed=77, rate=_RATE))
    return score_models(model, {_RATE: documents}, split="demo", finders=(Finder.MODEL,))


def test_models_are_small() -> None:
    size = sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file())
    assert 0 < size <= 15_000_000


def test_loaded_once(model: Model) -> None:
    assert load_model() is model


def test_missing_models() -> None:
    with pytest.raises(HomeError, match="backfile train"):
        load_model(MODELS / "nowhere")


def test_finds_the_patient(model: Model) -> None:
    found = {s.kind: s for s in model.find_spans(_read(_NOTE))}
    assert found[SightingKind.PATIENT_NAME].value == "Hollister, Maren K"
    assert found[SightingKind.BIRTH_DATE].value == "1958-03-17"
    assert found[SightingKind.MRN].value == "04471893"
    assert all(s.source is SightingSource.MODEL and s.page == 1 for s in found.values())


def test_confidence_is_never_above_the_words(model: Model) -> None:
    sure, unsure = _read(_NOTE), _read(_NOTE, confidence=0.4)
    assert all(0 < s.confidence <= 0.95 for s in model.find_spans(sure))
    assert all(0 < s.confidence <= 0.4 for s in model.find_spans(unsure))


def test_boxes_are_where_the_words_are(model: Model) -> None:
    page = _read(_NOTE)
    for sighting in model.find_spans(page):
        inside = [
            w.text
            for w in page.words
            if sighting.box[0] <= w.box[0] and w.box[2] <= sighting.box[2]
            and sighting.box[1] <= w.box[1] and w.box[3] <= sighting.box[3]
        ]  # fmt: skip
        assert sighting.raw in " ".join(inside)


def test_page_without_words(model: Model) -> None:
    assert model.find_spans(make_reading(())) == ()
    guess = model.guess_type([make_reading(())])
    assert (guess.name, guess.probability) == (UNKNOWN, 0.0)


def test_nothing_recognisable_is_unknown(model: Model) -> None:
    guess = model.guess_type([_read(["qzx wvk jjq ptr", "xxv qqk zzt rrw kkj"])])
    assert guess.name == UNKNOWN


def test_type_with_evidence(model: Model) -> None:
    guess = model.guess_type([_read(_NOTE)])
    assert guess.name in DOCUMENT_TYPES
    assert 0 <= guess.probability <= 1
    text = " ".join(_NOTE).lower().replace("-", "")  # "follow-up" is one word to the model
    assert all(word in text for word in guess.evidence)


def test_a_form_to_tick_is_hardly_a_narrative(model: Model) -> None:
    boxes = ("[ ] yes [X] no [ ] unknown ____ [ ] left ____ [ ] right ____ [ ] other ____",) * 2
    plain, ticked = (max(model.weigh_types([_read(lines)]).values()) for lines in (_NOTE, _NOTE + boxes))
    assert ticked < 0.5 < plain


def test_soften_keeps_order_and_sum() -> None:
    soft = soften({"a": 0.7, "b": 0.2, "c": 0.1}, 2.0)
    assert abs(sum(soft.values()) - 1) < 1e-9
    assert 0.7 > soft["a"] > soft["b"] > soft["c"] > 0.1


@pytest.mark.parametrize("kind", _THREE)
def test_removed_rule(scores: Scorecard, kind: SightingKind) -> None:
    """Without any rule, on families never trained on, the model alone finds who the patient is."""
    assert scores.f1(Finder.MODEL, kind.value, _RATE) >= 0.80


def test_types_of_unseen_families(scores: Scorecard) -> None:
    assert fmean(t.accuracy for t in scores.types) >= 0.85
