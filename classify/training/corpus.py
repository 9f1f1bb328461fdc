"""Labelled pages from the generator of charts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backfile.domain.document import SightingKind
from backfile.domain.page import PageQuality, PageReading, PageSource, Word
from backfile.errors import UsageError
from classify.training.noise import LabelledWords

if TYPE_CHECKING:
    from samples.patients import SamplePatient
    from samples.truth import TrueSighting

_PEOPLE = 2400
_INDEXES = 60
_MAX_PAGES = 2
_NAMES = frozenset({SightingKind.PATIENT_NAME, SightingKind.RELATIVE_NAME, SightingKind.PROVIDER})


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with its type and the meaning of its words."""

    type: str
    pages: tuple[LabelledWords, ...]


def make_corpus(count: int, *, split: str, seed: int) -> Iterator[LabelledDocument]:
    """Yield documents as printed, every type as often as any other.

    Args:
        count: How many.
        split: ``train``, ``calibrate`` or ``demo``: no two share a page design or the wording of a label.
        seed: The same seed gives the same documents.

    Raises:
        UsageError: the generator of charts is not installed.
    """
    compose, types, people, families = _find_generator(split, count, seed)
    rng = random.Random(f"{split} {seed}")  # noqa: S311 - a corpus, no secret
    for number in range(count):
        document = compose(
            rng,
            rng.choice(people),
            type_name=types[number % len(types)],
            families=families,
            max_pages=_MAX_PAGES,
        )
        pages = tuple(_label_words(page.words, page.sightings) for page in document.pages if page.words)
        if pages:
            yield LabelledDocument(document.type, pages)


def make_noisy_corpus(count: int, *, split: str, seed: int, rate: float) -> Iterator[LabelledDocument]:
    """Yield documents as a poor reader has them: for calibrating and scoring, never for training.

    The errors are put in by the generator, in another way than ``classify.training.noise`` does it, so that
    no score profits from having learnt the errors.

    Args:
        count: How many.
        split: As for ``make_corpus``.
        seed: The same seed gives the same documents at every rate.
        rate: Share of misread characters.

    Raises:
        UsageError: the generator of charts is not installed.
    """
    try:
        from samples.families import FamilySplit
        from samples.noise import add_ocr_noise
        from samples.texts import make_page_texts
    except ModuleNotFoundError as error:
        raise _lacks_generator() from error
    rng = random.Random(f"noise {split} {seed}")  # noqa: S311 - a corpus, no secret
    for document in make_page_texts(
        count, seed=seed, families=FamilySplit(split), patients=draw_people(count, seed=seed)
    ):
        noisy = [add_ocr_noise(page, rng, rate=rate) if rate else page for page in document.pages]
        pages = tuple(_label_words(page.words, page.sightings) for page in noisy if page.words)
        if pages:
            yield LabelledDocument(document.type, pages)


def _find_generator(split: str, count: int, seed: int) -> tuple[Any, ...]:
    """Return the composer, the types, people to write about, and the set of families."""
    try:
        from samples.documents import TYPES, compose_document
        from samples.families import FamilySplit
    except ModuleNotFoundError as error:
        raise _lacks_generator() from error
    return compose_document, TYPES, draw_people(count, seed=seed), FamilySplit(split)


def draw_people(count: int, *, seed: int) -> list[SamplePatient]:
    """Return people of many patient indexes, each with its own form of numbers.

    Of one index all numbers look alike, and a model would learn their look instead of their labels.
    """
    from samples.patients import make_patients

    indexes = max(4, min(_INDEXES, count // 12))
    return [
        person
        for number in range(indexes)
        for person in make_patients(_PEOPLE // _INDEXES, seed=1000 * seed + number)
    ]


def _lacks_generator() -> UsageError:
    return UsageError(
        "Training needs the generator of charts, which is not installed.",
        next_step="Run it from the source tree, where the folder samples/ lies.",
    )


def make_reading(words: Sequence[Word]) -> PageReading:
    """Return words as a page that was read."""
    quality = PageQuality(dpi=200.0, ink=0.05, contrast=0.8, sharpness=0.5, reliable=True)
    return PageReading(PageSource.OCR, tuple(words), 0, 0.0, not words, quality, width=1700, height=2200)


def is_learnt(sighting: TrueSighting, words: Sequence[Word]) -> bool:
    """Say whether the model should find it.

    A surname alone ("Mr. Smith") identifies nobody, and of a name on two lines either part would be taken
    for another name.
    """
    if sighting.kind in _NAMES and len({words[at].line for at in sighting.words}) > 1:
        return False
    return sighting.kind is not SightingKind.PATIENT_NAME or "," in sighting.value


def _label_words(words: tuple[Word, ...], sightings: Sequence[TrueSighting]) -> LabelledWords:
    spans = [-1] * len(words)
    kinds: list[str] = []
    for sighting in sightings:
        if not is_learnt(sighting, words):
            continue
        last = None
        for at in sorted(sighting.words):
            if spans[at] >= 0:
                continue
            # What goes on elsewhere, such as the second line of an address, is a span of its own.
            if last is None or at != last + 1:
                kinds.append(sighting.kind.value)
            spans[at] = len(kinds) - 1
            last = at
    return LabelledWords(words, tuple(spans), tuple(kinds))
