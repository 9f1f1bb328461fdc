"""A site adds a type from a dozen examples: it is known on other layouts, and the other types stay."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from backfile.domain.document_types import SiteType
from backfile.domain.page import PageReading, Word
from backfile.domain.site_type import SiteTypeModel
from backfile.errors import BadInput
from classify.model import Model, load_model
from classify.reader import DocumentReader
from classify.site_types import weigh_site_types
from classify.training import site_type
from classify.training.corpus import make_noisy_corpus, make_reading
from classify.training.site_type import learn_site_type
from samples.families import FamilySplit
from samples.patients import make_patients
from tests.classify.new_kinds import make_new_kind

_NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_FOOT = "approved chartform committee permanent copy archive binder"
_NEW = SiteType("sleep_study", "28633-6", "Sleep study", "SY")


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module", autouse=True)
def _few_documents() -> Iterator[None]:
    """Stand the examples against a part of the documents, so that a test takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_type, "_OTHERS", 29 * 4)
        patch.setattr(site_type, "_HELD_OUT", 29 * 2)
        yield


def _learn(examples: Sequence[Sequence[PageReading]], model: Model) -> SiteTypeModel:
    return learn_site_type(_NEW, examples, model=model, known={}, now=_NOW)


@pytest.fixture(scope="module")
def learnt(model: Model) -> SiteTypeModel:
    return _learn(make_new_kind("sleep_study", 12, families=FamilySplit.TRAIN, seed=1), model)


def test_papers_of_other_layouts_are_known(model: Model, learnt: SiteTypeModel) -> None:
    reader = DocumentReader(model, site=lambda: {"sleep_study": learnt})
    papers = make_new_kind("sleep_study", 20, families=FamilySplit.DEMO, seed=2, rate=0.02)
    guesses = [reader.understand_document(list(pages)).type for pages in papers]
    assert sum(guess.name == "sleep_study" for guess in guesses) >= 18
    assert all(0.5 <= guess.probability < 1 for guess in guesses if guess.name == "sleep_study")
    assert all(guess.evidence for guess in guesses)
    assert any("sleep" in guess.evidence for guess in guesses)


@pytest.mark.long
def test_the_other_types_stay_as_they_were(model: Model, learnt: SiteTypeModel) -> None:
    before, after = DocumentReader(model), DocumentReader(model, site=lambda: {"sleep_study": learnt})
    for made in make_noisy_corpus(58, split="demo", seed=6, rate=0.015):
        pages = [make_reading(page.words) for page in made.pages]
        named = before.understand_document(pages).type.name
        assert after.understand_document(pages).type.name == named


def test_it_says_how_well_it_works(learnt: SiteTypeModel) -> None:
    assert learnt.scores.examples == 12
    assert learnt.scores.recall >= 0.75
    assert learnt.scores.precision >= 0.9
    assert learnt.scores.held_out > 100
    assert learnt.scores.lost == 0


def test_what_is_kept_names_nobody(learnt: SiteTypeModel) -> None:
    people = make_patients(200, seed=501)
    names = {part.casefold() for p in people for part in (p.name.last, p.name.first)}
    words = {word.removeprefix("^") for feature in learnt.weights for word in feature.split(" ")}
    shown = {word for word in words if word in names}
    assert shown <= {"may", "day"}, shown
    assert not [feature for feature in learnt.weights if re.search(r"\d", feature)]


def test_too_few_examples_are_refused(model: Model) -> None:
    with pytest.raises(BadInput, match="12 are the least"):
        _learn(make_new_kind("sleep_study", 11, families=FamilySplit.TRAIN, seed=1), model)


@pytest.mark.long
def test_examples_without_anything_in_common_are_refused(model: Model) -> None:
    mixed = [
        [make_reading(page.words) for page in made.pages]
        for made in make_noisy_corpus(14, split="train", seed=12, rate=0.0)
    ]
    with pytest.raises(BadInput):
        _learn(mixed, model)


@pytest.mark.long
def test_a_type_that_is_there_already_is_refused(model: Model) -> None:
    consents = [
        [make_reading(page.words) for page in made.pages]
        for made in make_noisy_corpus(700, split="train", seed=13, rate=0.0)
        if made.type == "consent"
    ]
    assert len(consents) >= 12
    with pytest.raises(BadInput, match=r"harm|examples were known"):
        _learn(consents, model)


@pytest.mark.long
def test_what_stands_on_every_paper_of_a_house_tells_no_type(model: Model) -> None:
    def stamp(pages: Sequence[PageReading]) -> list[PageReading]:
        """Print the same small line at the foot of the first page."""
        last = max(word.line for word in pages[0].words) + 1
        words = tuple(
            Word(text, (0.1 + 0.07 * at, 0.95, 0.16 + 0.07 * at, 0.96), 1.0, line=last)
            for at, text in enumerate(_FOOT.split())
        )
        return [replace(pages[0], words=(*pages[0].words, *words)), *pages[1:]]

    examples = [stamp(p) for p in make_new_kind("sleep_study", 12, families=FamilySplit.TRAIN, seed=1)]
    house = [
        stamp([make_reading(page.words) for page in made.pages])
        for made in make_noisy_corpus(30, split="calibrate", seed=17, rate=0.01)
    ]
    new = learn_site_type(_NEW, examples, model=model, known={}, now=_NOW, against=house[:20])
    assert new.scores.of_home == 20
    reader = DocumentReader(model, site=lambda: {"sleep_study": new})
    named = [reader.understand_document(pages).type.name for pages in house[20:]]
    assert "sleep_study" not in named
    alone = _learn(examples, model)
    feet = frozenset(_FOOT.split())
    assert sum(new.weights.get(word, 0.0) for word in feet) < 0.5 * sum(
        alone.weights.get(word, 0.0) for word in feet
    )


def test_two_types_of_a_site_stand_beside_each_other(learnt: SiteTypeModel) -> None:
    features = frozenset(feature for feature, weight in learnt.weights.items() if weight > 0)
    weights = weigh_site_types({"consent": 0.9, "referral": 0.1}, features, [learnt])
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["sleep_study"] > 0.5
    assert weights["consent"] == pytest.approx(9 * weights["referral"])
    assert weigh_site_types({"consent": 0.9, "referral": 0.1}, frozenset(), [learnt]) == {
        "consent": 0.9,
        "referral": 0.1,
    }
