"""Training end to end on a tiny corpus, and its parts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.page import Word
from backfile.errors import UsageError
from classify.model import load_model
from classify.model_text import NO_WORD, split_page
from classify.training import TrainOptions, train_models
from classify.training.augment import augment_page
from classify.training.corpus import make_corpus, make_reading
from classify.training.noise import LabelledWords, add_noise, misread
from classify.training.scores import measure_calibration


def test_too_few_documents(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too few"):
        train_models(TrainOptions(out=tmp_path / "models", documents=3))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_train_then_keep_the_better(tmp_path: Path) -> None:
    out = tmp_path / "models"
    report = train_models(TrainOptions(out=out, documents=87))
    assert report.written
    assert report.before is None
    assert {p.name for p in out.iterdir()} == {
        "identifiers", "types", "settings.json", "scores.json", "model_card.md",
    }  # fmt: skip
    assert "type accuracy" in str(report)
    assert "patient_name" in str(report)
    model = load_model(out)
    page = next(make_corpus(1, split="demo", seed=5)).pages[0]
    assert model.guess_type([make_reading(page.words)]).probability > 0
    (out / "scores.json").write_text('{"headline": 0.999}')
    again = train_models(TrainOptions(out=out, documents=58))
    assert not again.written
    assert "--force" in str(again)
    assert train_models(TrainOptions(out=out, documents=58, force=True)).written


def test_corpus_is_the_same_for_a_seed() -> None:
    first, second = (list(make_corpus(6, split="train", seed=4)) for _ in range(2))
    assert first == second
    assert first != list(make_corpus(6, split="train", seed=5))


def test_corpus_marks_the_patient() -> None:
    kinds = {k for d in make_corpus(29, split="train", seed=2) for page in d.pages for k in page.kinds}
    assert {"patient_name", "birth_date", "mrn", "provider", "other_date"} <= kinds


@pytest.mark.parametrize("rate", [0.0, 0.04, 0.2])
def test_noise_and_augmentation_keep_words_and_spans_together(rate: float) -> None:
    rng = random.Random(1)
    for document in make_corpus(20, split="train", seed=3):
        for page in document.pages:
            shown = add_noise(augment_page(page, rng), rng, rate=rate)
            assert len(shown.words) == len(shown.spans)
            assert all(-1 <= span < len(shown.kinds) for span in shown.spans)
            assert all(0 <= word.confidence <= 1 and word.text for word in shown.words)


def test_augmentation_changes_no_value_but_numbers_of_patient_and_visit() -> None:
    rng = random.Random(2)
    for document in make_corpus(29, split="train", seed=6):
        for page in document.pages:
            shown = augment_page(page, rng)
            assert _values(shown) == _values(page)


def _values(page: LabelledWords) -> list[str]:
    return [
        "number" if page.kinds[span] in {"mrn", "encounter"} else word.text.upper()
        for word, span in zip(page.words, page.spans, strict=True)
        if span >= 0
    ]


@given(st.text(max_size=30), st.integers(0, 1000))
def test_nothing_misread_at_rate_zero(text: str, seed: int) -> None:
    assert misread(text, random.Random(seed), rate=0.0) == text


@given(st.lists(st.text(min_size=1, max_size=12).filter(lambda t: not t.isspace()), max_size=12))
def test_tokens_lie_in_their_words(texts: list[str]) -> None:
    words = [Word(t, (0.01 * n, 0.1, 0.01 * n + 0.008, 0.12), 0.9) for n, t in enumerate(texts)]
    for token in split_page(words):
        if token.word != NO_WORD:
            assert words[token.word].text[token.start : token.end] == token.text


def test_calibration_error() -> None:
    assert measure_calibration([1.0, 1.0], [True, True]) == 0.0
    assert measure_calibration([0.95, 0.95], [False, False]) == pytest.approx(0.95)
