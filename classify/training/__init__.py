"""Trains the language models from synthetic charts, and scores them.

- ``train_models(TrainOptions(...))`` makes a corpus, trains, calibrates, scores and writes the models.
- ``evaluate_models()`` scores the models that are in use.

Nothing of a real chart is in the models: corpus and scores come from the generator (``samples``). Three
sets of layout families are kept apart: trained on, calibrated on, scored on.
"""

from __future__ import annotations

from classify.training.scores import Finder, KindScore, Scorecard, TypeScore
from classify.training.train import TrainOptions, TrainReport, evaluate_models, train_models

__all__ = [
    "Finder",
    "KindScore",
    "Scorecard",
    "TrainOptions",
    "TrainReport",
    "TypeScore",
    "evaluate_models",
    "train_models",
]
