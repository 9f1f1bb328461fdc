"""Trains, calibrates, scores and writes the models."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from backfile.errors import UsageError
from classify.model import IDENTIFIERS, MODELS, SETTINGS, TYPES, Model, ModelSettings, load_model, soften
from classify.training.corpus import LabelledDocument, make_corpus, make_noisy_corpus, make_reading
from classify.training.fit import NOISE_RATES, fit_identifiers, fit_types
from classify.training.scores import Finder, Scorecard, score_models

if TYPE_CHECKING:
    from spacy.language import Language

log = logging.getLogger(__name__)

SCORES = "scores.json"
CARD = "model_card.md"

_TYPE_EPOCHS = 4
_IDENTIFIER_EPOCHS = 3
_TEMPERATURES = tuple(0.3 * 1.08**step for step in range(40))
_THRESHOLD = 0.5
"""A type less probable than this is called ``unknown``: then another is as likely."""
_HELD_SEEDS = {"calibrate": 11, "demo": 12}


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to train."""

    out: Path | None = None
    """Where to write; None for the place of the models in use."""
    seed: int = 1
    documents: int = 4000
    """To train on; the models are calibrated and scored on fewer, of other families."""
    force: bool = False
    """Replace even a better model."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training gave."""

    folder: Path
    written: bool
    """False where the model already there is better."""
    seconds: float
    scores: Scorecard
    before: float | None
    """Headline of the model that was there."""

    def __str__(self) -> str:
        """Return a report for people."""
        head = f"Trained in {self.seconds:.0f} s; headline {self.scores.headline:.3f}"
        if self.before is not None:
            head += f" (before: {self.before:.3f})"
        done = (
            "The models are written."
            if self.written
            else "Not written: the present models are better (--force)."
        )
        return f"{head}. {done}\n\n{self.scores}"


def train_models(options: TrainOptions) -> TrainReport:
    """Train both models from synthetic charts and write them unless those there are better.

    The same options give the same models on the same machine.

    Raises:
        UsageError: the generator of charts is missing, or there are too few documents.
    """
    if options.documents < 58:
        raise UsageError(
            f"{options.documents} documents are too few to train on.",
            next_step="Take at least 58: two a type.",
        )
    started = time.monotonic()
    documents = list(make_corpus(options.documents, split="train", seed=options.seed))
    held = max(29, min(200, options.documents // 5))
    calibrate = _make_held(held, "calibrate")
    names = sorted({document.type for document in documents})
    log.info("corpus: %d documents, %d to calibrate", len(documents), held)
    types = fit_types(documents, names=names, seed=options.seed, epochs=_TYPE_EPOCHS)
    log.info("types trained")
    identifiers = fit_identifiers(
        documents, seed=options.seed, epochs=_IDENTIFIER_EPOCHS, after_epoch=_log_epoch
    )
    model = calibrate_model(identifiers, types, calibrate)
    scores = score_models(model, _make_held(held, "demo"), split="demo", finders=(Finder.MODEL,))
    folder = options.out or MODELS
    before = _read_headline(folder)
    written = options.force or before is None or scores.headline >= before
    report = TrainReport(folder, written, time.monotonic() - started, scores, before)
    if written:
        _write_models(folder, identifiers, types, model.settings, report, options)
    return report


def evaluate_models(documents: int = 200, *, folder: Path = MODELS) -> Scorecard:
    """Score the models in use, the rules, and both, on families never trained on.

    Raises:
        UsageError: the generator of charts is missing.
        HomeError: the models are.
    """
    return score_models(load_model(folder), _make_held(documents, "demo"), split="demo")


def calibrate_model(
    identifiers: Language, types: Language, documents: Mapping[float, Sequence[LabelledDocument]]
) -> Model:
    """Find the temperature of the types and the precision of each kind on families kept for that."""
    plain = Model(identifiers, types, ModelSettings(1.0, _THRESHOLD, {}))
    weights = [
        (plain.weigh_types([make_reading(page.words) for page in document.pages]), document.type)
        for noisy in documents.values()
        for document in noisy
    ]
    temperature = min(_TEMPERATURES, key=lambda t: _measure_loss(weights, t))
    scores = score_models(plain, documents, split="calibrate", finders=(Finder.MODEL,))
    by_kind: dict[str, list[float]] = {}
    for score in scores.kinds:
        by_kind.setdefault(score.kind, []).append(score.precision)
    precision = {kind: round(fmean(values), 4) for kind, values in by_kind.items()}
    return Model(identifiers, types, ModelSettings(round(temperature, 4), _THRESHOLD, precision))


def _make_held(count: int, split: str) -> dict[float, list[LabelledDocument]]:
    """Return documents that are not trained on, by rate of noise."""
    seed = _HELD_SEEDS[split]
    return {rate: list(make_noisy_corpus(count, split=split, seed=seed, rate=rate)) for rate in NOISE_RATES}


def _measure_loss(weights: Sequence[tuple[dict[str, float], str]], temperature: float) -> float:
    return -sum(math.log(max(soften(w, temperature).get(truth, 0.0), 1e-12)) for w, truth in weights)


def _log_epoch(_nlp: Language, epoch: int) -> bool:
    log.info("identifiers: epoch %d done", epoch)
    return True


def _read_headline(folder: Path) -> float | None:
    try:
        return float(json.loads((folder / SCORES).read_text())["headline"])
    except (OSError, ValueError, KeyError):
        return None


def _write_models(
    folder: Path,
    identifiers: Language,
    types: Language,
    settings: ModelSettings,
    report: TrainReport,
    options: TrainOptions,
) -> None:
    """Write everything beside the folder first, so that a half-written model is never in use."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".models-") as made:
        new = Path(made) / "models"
        new.mkdir()
        # The strings of the corpus are not needed for reading, and are nobody's business.
        identifiers.to_disk(new / IDENTIFIERS, exclude=["vocab"])
        types.to_disk(new / TYPES, exclude=["vocab"])
        (new / SETTINGS).write_text(json.dumps(dataclasses.asdict(settings), indent=1, sort_keys=True) + "\n")
        scores = {"headline": report.scores.headline, **dataclasses.asdict(report.scores)}
        (new / SCORES).write_text(json.dumps(scores, indent=1) + "\n")
        (new / CARD).write_text(_write_card(report, options))
        if folder.exists():
            folder.rename(Path(made) / "old")
        new.rename(folder)
        shutil.rmtree(Path(made) / "old", ignore_errors=True)
    load_model.cache_clear()


def _write_card(report: TrainReport, options: TrainOptions) -> str:
    rates = ", ".join(f"{rate:.1%}" for rate in NOISE_RATES)
    return f"""# The language models

**What they do.** `identifiers` marks names, dates, numbers, providers and institutions in the words of a
page: hash embeddings with what stands above each word, a convolutional encoder, a transition-based parser.
`types` tells the type of a document from its words and pairs of words. Small: for one CPU core.

**Trained on** {options.documents} synthetic documents (seed {options.seed}) about people who do not exist,
with reading errors in {rates} of the characters, labels reworded or dropped.

**Scored on** layout families, label wordings and institutions that were neither trained nor calibrated on.
Reading errors are simulated, so scores on real paper will differ. A finding counts where kind and place are
right and its text has a normalised value; a surname alone is no name.

**Meant for** a second opinion beside the rules. A type under {_THRESHOLD} is `unknown`. Not meant for
handwriting, for languages other than English, or for filing on the model's word alone.

## Scores

{report.scores}
"""
