"""Learns a type that a site adds from a dozen examples, and refuses what would harm the other types.

The examples stand against generated documents of the shipped types, and against documents of the home that
people confirmed: what stands on every paper of a house tells no type. What is kept are weights of words and
pairs of words: of the examples only such as stand in several of them and in no name, number or address.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backfile.domain.common_names import is_word_of_common_names
from backfile.domain.document import SightingKind
from backfile.domain.document_types import SiteType
from backfile.domain.geometry import Box
from backfile.domain.page import PageReading
from backfile.domain.site_type import SiteTypeModel, SiteTypeScores
from backfile.errors import BadInput
from classify.document_type import classify_document
from classify.given_names import GIVEN_NAMES
from classify.identifiers import IdentifierFinder, read_identifiers
from classify.layout import lay_out_page
from classify.letterhead import PageHead, read_page_head
from classify.model import Model
from classify.site_types import list_features
from classify.training.corpus import make_noisy_corpus, make_reading
from classify.training.fit import NOISE_RATES
from classify.training.logistic import Array, calibrate_scores, fit_logistic

LEAST_EXAMPLES = 12
_OTHERS = 29 * 12
"""Generated documents that the examples stand against."""
_HELD_OUT = 29 * 6
"""Generated documents, of other layouts, on which harm is measured; clean and with reading errors."""
_SEED = 31
_SHARE = 0.25
_LEAST_IN = 3
"""A feature is kept that stands in so many examples, and in this share of them."""
_MOST = 400
"""Features kept of the examples, and as many of the other documents."""
_THINNED = 5
"""How often each example is shown again with words left out: other layouts and poor readers have fewer."""
_LEFT_OUT = (0.15, 0.6)
_PENALTY = 4.0
_FOLDS = 12
_PRIOR = 1 / 30
"""Share of the new type among documents that is assumed."""
_MOST_SHARE = 5.0
"""Most that a document of the home counts beside generated ones; together they count half of these."""
_MAY_TAKE = 0.03
"""Share of the home's documents of other types that may be called so."""
_LEAST_RECALL = 0.75
_LEAST_PRECISION = 0.9
_MAY_LOSE = 0.003
_NEVER_LOSE = frozenset(
    {"advance_directive", "consent", "operative_note", "pathology_report", "release_authorization"}
)
"""Of these no held-out document may be lost: missing one does harm."""
_PRIVATE = frozenset(SightingKind) - {SightingKind.SEX}


@dataclass(frozen=True, slots=True)
class _Document:
    """A document as it is learnt from."""

    features: frozenset[str]
    share: float = 1.0
    """How much it counts."""
    is_of_home: bool = False


def learn_site_type(
    new: SiteType,
    examples: Sequence[Sequence[PageReading]],
    *,
    model: Model,
    known: Mapping[str, SiteTypeModel],
    now: dt.datetime,
    against: Sequence[Sequence[PageReading]] = (),
) -> SiteTypeModel:
    """Learn a type from examples.

    Args:
        new: The type.
        examples: The pages of each example as they were read.
        model: The shipped models.
        known: What was learnt of the site's other types.
        now: When this is.
        against: The pages of documents of the home that a person confirmed as another type.

    Raises:
        BadInput: there are too few examples, they have too little in common, or the type would be taken for
            another.
        UsageError: the generator of charts is missing.
    """
    read = [_read_example(pages, model) for pages in examples]
    if sum(len(document.features) >= _LEAST_IN for document in read) < LEAST_EXAMPLES:
        raise BadInput(
            f"There are {len(read)} examples with words; {LEAST_EXAMPLES} are the least.",
            next_step="Give more examples, best of several layouts and years.",
        )
    of_home = [_read_example(pages, model) for pages in against]
    share = min(_MOST_SHARE, 0.5 * _OTHERS / max(len(of_home), 1))
    others = [*_make_others(), *(replace(d, share=share, is_of_home=True) for d in of_home)]
    recall, precision, taken, (slope, offset) = _cross_validate(read, others)
    if recall < _LEAST_RECALL or precision < _LEAST_PRECISION:
        raise BadInput(
            f"Learnt from the others, {recall:.0%} of the examples were known, and {precision:.0%} of what "
            f"was called so would be right; {_LEAST_RECALL:.0%} and {_LEAST_PRECISION:.0%} are the least.",
            next_step="Give more examples, all of one kind, that differ from the types that are there.",
        )
    if taken > 1 and taken > _MAY_TAKE * len(of_home):
        raise BadInput(
            f"Of {len(of_home)} documents of the home that people confirmed as other types, {taken} would be "
            "called so.",
            next_step="Give more examples, or correct the types of documents that are of the new one.",
        )
    words, weights, bias = _fit(read, others, random.Random(_SEED))  # noqa: S311 - no secret
    kept = {word: round(float(w), 5) for word, w in zip(words, weights, strict=True) if abs(w) > 1e-3}
    scores = SiteTypeScores(len(read), recall, precision, 0, 0, len(of_home), taken)
    found = SiteTypeModel(new, now, kept, round(bias, 5), slope, offset, scores)
    held_out, lost = _measure_harm(found, model, known)
    return replace(found, scores=replace(scores, held_out=held_out, lost=lost))


def _read_example(pages: Sequence[PageReading], model: Model) -> _Document:
    """Return the features of an example, none with a word of its names, numbers and addresses."""
    finder = IdentifierFinder(model=model, today=dt.date.today())
    heads: list[PageHead] = []
    private: set[str] = set()
    for page in pages:
        seen = read_identifiers(page, page_number=1, finder=finder)
        heads.append(seen.head)
        boxes = [sighting.box for sighting in seen.evidence.sightings if sighting.kind in _PRIVATE]
        private |= {
            "".join(char for char in word.text.lower() if char.isalpha())
            for word in page.words
            if any(_is_inside(word.box, box) for box in boxes)
        }
    return _Document(
        frozenset(
            feature
            for feature in list_features(pages, heads)
            if not _may_be_name(feature) and not private & set(feature.removeprefix("^").split(" "))
        )
    )


def _is_inside(word: Box, box: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _may_be_name(feature: str) -> bool:
    """Say whether a word of a feature is a usual name: then nobody can be read off the weights."""
    return any(
        word.upper() in GIVEN_NAMES or is_word_of_common_names(word)
        for word in feature.removeprefix("^").split(" ")
    )


def _make_others() -> list[_Document]:
    """Return generated documents of the shipped types, clean and with reading errors."""
    found = []
    for number, rate in enumerate(NOISE_RATES):
        for made in make_noisy_corpus(
            _OTHERS // len(NOISE_RATES), split="train", seed=_SEED + number, rate=rate
        ):
            pages = [make_reading(page.words) for page in made.pages]
            found.append(_Document(list_features(pages, _read_heads(pages))))
    return found


def _read_heads(pages: Sequence[PageReading]) -> list[PageHead]:
    """Return the heads of pages without looking for identifiers first: that takes ten times as long."""
    return [read_page_head(lay_out_page(page)) for page in pages]


def _choose_words(examples: Sequence[_Document], others: Sequence[_Document]) -> list[str]:
    """Return the features that tell most: of the examples, and of the others."""
    own = Counter(feature for document in examples for feature in document.features)
    theirs = Counter(feature for document in others for feature in document.features)
    least = max(_LEAST_IN, math.ceil(_SHARE * len(examples)))

    def tell(feature: str) -> float:
        ours = (own[feature] + 0.2) / (len(examples) + 0.4)
        return ours * math.log(ours / ((theirs[feature] + 0.5) / (len(others) + 1.0)))

    speaking = sorted((f for f, count in own.items() if count >= least), key=lambda f: (-tell(f), f))
    against = [f for f, count in theirs.most_common() if count >= _LEAST_IN and own[f] == 0]
    return [*speaking[:_MOST], *against[:_MOST]]


def _fit(
    examples: Sequence[_Document], others: Sequence[_Document], rng: random.Random
) -> tuple[list[str], Array, float]:
    words = _choose_words(examples, others)
    shown = [*examples, *(thin for document in examples for thin in _thin_out(document, rng))]
    rows = _make_rows([*shown, *others], words)
    truths = np.array([1.0] * len(shown) + [0.0] * len(others))
    # Together the examples count a fifth of the others.
    total = sum(document.share for document in others)
    shares = np.array([0.2 * total / len(shown)] * len(shown) + [d.share for d in others])
    weights, bias = fit_logistic(rows, truths, shares, penalty=_PENALTY)
    return words, weights, bias


def _thin_out(document: _Document, rng: random.Random) -> list[_Document]:
    """Return a document with words left out, some as a layout without large print would have it."""
    features = sorted(document.features)
    found = []
    for _ in range(_THINNED):
        share, has_title = rng.uniform(*_LEFT_OUT), rng.random() < 0.5
        gone = {f for f in features if " " not in f and rng.random() < share}
        found.append(
            _Document(
                frozenset(
                    f
                    for f in features
                    if not gone & {f, *f.split(" ")} and (has_title or not f.startswith("^"))
                )
            )
        )
    return found


def _make_rows(documents: Sequence[_Document], words: Sequence[str]) -> Array:
    places = {word: at for at, word in enumerate(words)}
    rows = np.zeros((len(documents), len(words)))
    for number, document in enumerate(documents):
        for feature in document.features:
            if (at := places.get(feature)) is not None:
                rows[number, at] = 1.0
    return rows


def _cross_validate(
    examples: Sequence[_Document], others: Sequence[_Document]
) -> tuple[float, float, int, tuple[float, float]]:
    """Judge each document by what was learnt from the rest.

    Returns:
        Recall; precision at the assumed share; how many of the home's other documents were called so; slope
        and offset of the calibration.
    """
    rng = random.Random(_SEED)  # noqa: S311 - no secret
    folds = min(_FOLDS, len(examples))
    order = list(range(len(examples)))
    rng.shuffle(order)
    scores: list[float] = []
    truths: list[bool] = []
    wholes: list[bool] = []
    homes: list[bool] = []
    for fold in range(folds):
        out = set(order[fold::folds])
        rest = [document for at, document in enumerate(examples) if at not in out]
        words, weights, bias = _fit(rest, [d for at, d in enumerate(others) if at % folds != fold], rng)
        judged = [examples[at] for at in sorted(out)]
        thinned = [thin for document in judged for thin in _thin_out(document, rng)]
        against = [d for at, d in enumerate(others) if at % folds == fold]
        for documents, is_true, is_whole in (
            (judged, True, True),
            (thinned, True, False),
            (against, False, True),
        ):
            if documents:
                scores += (_make_rows(documents, words) @ weights + bias).tolist()
                truths += [is_true] * len(documents)
                wholes += [is_whole] * len(documents)
                homes += [document.is_of_home for document in documents]
    slope, offset = calibrate_scores(scores, truths, prior=_PRIOR)
    named = [slope * score + offset >= 0 for score in scores]
    own = [n for n, t, w in zip(named, truths, wholes, strict=True) if t and w]
    false = [n for n, t in zip(named, truths, strict=True) if not t]
    recall, wrongly = sum(own) / len(own), sum(false) / len(false)
    rightly = recall * _PRIOR
    precision = rightly / max(rightly + wrongly * (1 - _PRIOR), 1e-12)
    taken = sum(n for n, home in zip(named, homes, strict=True) if home)
    return recall, precision, taken, (slope, offset)


def _measure_harm(found: SiteTypeModel, model: Model, known: Mapping[str, SiteTypeModel]) -> tuple[int, int]:
    """Return how many held-out documents there are, and how many are named rightly only without the type.

    Raises:
        BadInput: they are too many.
    """
    finder = IdentifierFinder(model=None, today=dt.date.today())
    after = {**known, found.type.name: found}
    lost: Counter[str] = Counter()
    count = 0
    for rate in NOISE_RATES[:2]:
        for made in make_noisy_corpus(_HELD_OUT, split="calibrate", seed=_SEED, rate=rate):
            pages = [make_reading(page.words) for page in made.pages]
            count += 1
            if found.weigh(list_features(pages, _read_heads(pages))) < _PRIOR / 2:
                continue  # too improbable to change a name
            heads = [read_identifiers(page, page_number=1, finder=finder).head for page in pages]
            before = classify_document(pages, heads, model=model, site=known).name
            if before == made.type != classify_document(pages, heads, model=model, site=after).name:
                lost[made.type] += 1
    total = sum(lost.values())
    if total > _MAY_LOSE * count or lost.keys() & _NEVER_LOSE:
        names = ", ".join(f"{number} of {name}" for name, number in lost.most_common())
        raise BadInput(
            f"The type would harm others: of {count} held-out documents that are named rightly now, {names} "
            "would be lost.",
            next_step="Give examples that have less in common with those types, or use one of those types.",
        )
    return count, total
