"""Scores the models, the rules and both on documents that nothing was trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from backfile.domain.document import Sighting
from backfile.domain.geometry import Box, box_overlap, union_boxes
from backfile.domain.page import PageReading
from classify.identifiers import IdentifierFinder, find_evidence
from classify.model import Model
from classify.training.corpus import LabelledDocument, make_reading
from classify.training.noise import LabelledWords

_SAME_PLACE = 0.5
"""Intersection over union from which two boxes are the same stretch of words."""
_BINS = 10


class Finder(StrEnum):
    """Who looks for identifiers."""

    MODEL = "model"
    RULES = "rules"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class KindScore:
    """How well one kind of identifier is found, by place and kind, normalised values only."""

    finder: str
    kind: str
    noise: float
    """Share of misread characters."""
    precision: float
    recall: float
    f1: float
    true: int
    """How many stood on the pages."""


@dataclass(frozen=True, slots=True)
class TypeScore:
    """How well types are told at one rate of noise."""

    noise: float
    accuracy: float
    macro_f1: float
    calibration_error: float
    """Expected calibration error, ten bins of equal width."""
    documents: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Scores on one split of the layout families."""

    split: str
    types: tuple[TypeScore, ...]
    kinds: tuple[KindScore, ...]

    @property
    def headline(self) -> float:
        """One figure to tell a better model by: mean of type accuracy and the model's mean F1 by kind."""
        f1 = [score.f1 for score in self.kinds if score.finder == Finder.MODEL]
        return fmean([fmean(t.accuracy for t in self.types), fmean(f1 or [0.0])])

    def f1(self, finder: str, kind: str, noise: float) -> float:
        """Return one F1; 0 where nothing of the kind was looked for."""
        return next((s.f1 for s in self.kinds if (s.finder, s.kind, s.noise) == (finder, kind, noise)), 0.0)

    def __str__(self) -> str:
        """Return tables for people."""
        lines = [f"Families: {self.split}", "", "| noise | documents | type accuracy | macro F1 | ECE |"]
        lines.append("|---|---|---|---|---|")
        lines += [
            f"| {t.noise:.1%} | {t.documents} | {t.accuracy:.3f} | {t.macro_f1:.3f} "
            f"| {t.calibration_error:.3f} |"
            for t in self.types
        ]
        finders = list(dict.fromkeys(s.finder for s in self.kinds))
        rates = list(dict.fromkeys(s.noise for s in self.kinds))
        heads = " | ".join(f"{f} {r:.1%}" for f in finders for r in rates)
        lines += ["", "F1 (precision/recall):", "", f"| kind | true | {heads} |"]
        lines.append("|---|---|" + "---|" * (len(finders) * len(rates)))
        for kind in dict.fromkeys(s.kind for s in self.kinds):
            own = [s for s in self.kinds if s.kind == kind]
            cells = " | ".join(f"{s.f1:.3f} ({s.precision:.2f}/{s.recall:.2f})" for s in own)
            lines.append(f"| {kind} | {own[0].true} | {cells} |")
        return "\n".join(lines)


def score_models(
    model: Model,
    documents: Mapping[float, Sequence[LabelledDocument]],
    *,
    split: str,
    finders: Sequence[Finder] = tuple(Finder),
) -> Scorecard:
    """Score a model, and beside it the rules, on documents by their rate of noise."""
    types: list[TypeScore] = []
    counts: dict[tuple[str, float], _Counts] = {}
    for rate, noisy in documents.items():
        readings = [[make_reading(page.words) for page in d.pages] for d in noisy]
        types.append(score_types(model, readings, [d.type for d in noisy], noise=rate))
        for document, read in zip(noisy, readings, strict=True):
            for page, reading in zip(document.pages, read, strict=True):
                for finder, found in _find(model, reading, finders).items():
                    counts.setdefault((finder, rate), _Counts()).add(page, found)
    kinds = sorted({kind for count in counts.values() for kind in count.true})
    scores = [
        counts[finder, rate].score(finder, kind, rate)
        for kind in kinds
        for finder in finders
        for rate in documents
    ]
    return Scorecard(split, tuple(types), tuple(scores))


def score_types(
    model: Model, documents: Sequence[Sequence[PageReading]], truths: Sequence[str], *, noise: float
) -> TypeScore:
    """Score the types of documents; a guess of ``unknown`` is wrong."""
    weights = [model.weigh_types(pages) for pages in documents]
    pairs = [max(w.items(), key=lambda item: item[1]) for w in weights]
    named = [name if p >= model.settings.threshold else "unknown" for name, p in pairs]
    right = [name == truth for name, truth in zip(named, truths, strict=True)]
    correct = [name == truth for (name, _), truth in zip(pairs, truths, strict=True)]
    scores = []
    for kind in sorted(set(truths)):
        hits = sum(n == t == kind for n, t in zip(named, truths, strict=True))
        scores.append(2 * hits / max(1, named.count(kind) + list(truths).count(kind)))
    error = measure_calibration([p for _, p in pairs], correct)
    return TypeScore(noise, fmean(right), fmean(scores), error, len(truths))


def measure_calibration(probabilities: Sequence[float], correct: Sequence[bool]) -> float:
    """Return the expected calibration error (Naeini et al. 2015): |sureness - share right| over ten bins."""
    error = 0.0
    for number in range(_BINS):
        own = [
            (p, c)
            for p, c in zip(probabilities, correct, strict=True)
            if min(int(p * _BINS), _BINS - 1) == number
        ]
        if own:
            error += abs(sum(p for p, _ in own) - sum(c for _, c in own)) / len(probabilities)
    return error


class _Counts:
    """What was there, what was found, what was right, by kind."""

    def __init__(self) -> None:
        self.true: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.right: Counter[str] = Counter()

    def add(self, page: LabelledWords, sightings: Sequence[Sighting]) -> None:
        """Count one page."""
        open_truths = list_truths(page)
        self.true.update(kind for kind, _ in open_truths)
        for sighting in sightings:
            self.found[sighting.kind.value] += 1
            best = max(
                (t for t in open_truths if t[0] == sighting.kind.value),
                key=lambda truth: box_overlap(truth[1], sighting.box),
                default=None,
            )
            if best and box_overlap(best[1], sighting.box) >= _SAME_PLACE:
                open_truths.remove(best)
                self.right[sighting.kind.value] += 1

    def score(self, finder: str, kind: str, noise: float) -> KindScore:
        """Return the score of one kind."""
        true, found, right = self.true[kind], self.found[kind], self.right[kind]
        return KindScore(
            finder,
            kind,
            noise,
            right / found if found else 0.0,
            right / true if true else 0.0,
            2 * right / (true + found) if true + found else 0.0,
            true,
        )


def list_truths(page: LabelledWords) -> list[tuple[str, Box]]:
    """Return the kind and the place of every span of a page."""
    boxes: dict[int, list[Box]] = {}
    for word, span in zip(page.words, page.spans, strict=True):
        if span >= 0:
            boxes.setdefault(span, []).append(word.box)
    return [(page.kinds[span], union_boxes(own)) for span, own in boxes.items()]


def _find(model: Model, reading: PageReading, finders: Sequence[Finder]) -> dict[Finder, list[Sighting]]:
    by: dict[Finder, Callable[[], Sequence[Sighting]]] = {
        Finder.MODEL: lambda: model.find_spans(reading),
        Finder.RULES: lambda: (
            find_evidence(reading, page_number=1, finder=IdentifierFinder(model=None)).sightings
        ),
        Finder.BOTH: lambda: (
            find_evidence(reading, page_number=1, finder=IdentifierFinder(model=model)).sightings
        ),
    }
    return {finder: list(by[finder]()) for finder in finders}
