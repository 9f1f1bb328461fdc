"""Entities with how sure the parser was of them.

spaCy's parser of entities tells what it found, not how surely. But it takes one action a token, each the
best by score; the scores are logits (Lample et al. 2016, "Neural Architectures for Named Entity
Recognition"). So the same greedy parse, done step by step, gives every span the probability of its least
probable action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class ParsedSpan:
    """One entity."""

    label: str
    start: int
    """First token."""
    end: int
    """Token after the last."""
    probability: float
    """Of its least probable action, before calibration."""


def parse_spans(nlp: Language, doc: Doc) -> list[ParsedSpan]:
    """Return the entities of a document that has tokens, and set them on it.

    Args:
        nlp: A pipeline that ends with an entity recogniser named ``ner``.
        doc: Its tokens.
    """
    for name, pipe in nlp.pipeline:
        if name != "ner":
            doc = pipe(doc)
    ner = nlp.get_pipe("ner")
    step = ner.model.predict([doc])  # type: ignore[attr-defined]
    states = ner.moves.init_batch([doc])  # type: ignore[attr-defined]
    going, rows = states, []
    while going:
        scores = step.predict(going)
        rows.append(np.asarray(scores[0], dtype=np.float64))
        going = ner.transition_states(going, scores)  # type: ignore[attr-defined]
    ner.set_annotations([doc], states)  # type: ignore[attr-defined]
    columns = {name: at for at, name in enumerate(ner.move_names)}  # type: ignore[attr-defined]
    found = []
    for span in doc.ents:
        chance = _weakest(rows, columns, span.label_, span.start, span.end)
        found.append(ParsedSpan(span.label_, span.start, span.end, chance))
    return found


def _weakest(rows: list[np.ndarray], columns: dict[str, int], label: str, start: int, end: int) -> float:
    """Return the probability of the least probable action of a span."""
    size = end - start
    actions = ["U"] if size == 1 else ["B", *["I"] * (size - 2), "L"]
    chances = []
    for at, action in enumerate(actions, start):
        shares = np.exp(rows[at] - rows[at].max())
        chances.append(float(shares[columns[f"{action}-{label}"]] / shares.sum()))
    return min(chances)
