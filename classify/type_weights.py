"""The weights of the types, asked without making a spaCy document for each question.

The model is a sum of weights of words and pairs of words (spaCy's bag of words). To find the words that speak
for a type it is asked sixty times with one word less; what takes the time then is making documents, not the
sum. So the words are turned to their keys once, and the layers of the same model are asked with keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language

Keys = np.ndarray
"""The keys of words, in their order."""
_NGRAMS = "extract_ngrams"


class TypeWeights:
    """The layers of a trained pipeline that ends with a bag of words named ``textcat``."""

    def __init__(self, nlp: Language) -> None:
        """Take the layers from a loaded pipeline."""
        classifier = nlp.get_pipe("textcat")
        model = classifier.model  # type: ignore[attr-defined]
        self._strings = nlp.vocab.strings
        self._linear = model.get_ref("output_layer")
        self._size = next(node for node in model.walk() if node.name == _NGRAMS).attrs["ngram_size"]
        self._labels: tuple[str, ...] = classifier.labels  # type: ignore[attr-defined]

    def list_keys(self, words: Sequence[str]) -> Keys:
        """Return the keys of words."""
        return np.array([self._strings.add(word) for word in words], dtype=np.uint64)

    def weigh(self, documents: Sequence[Keys]) -> list[dict[str, float]]:
        """Return the probability of every type for each document, as the whole pipeline would."""
        ops = self._linear.ops
        keys, counts, lengths = [], [], []
        for document in documents:
            found = [document, *(ops.ngrams(size, document) for size in range(2, self._size + 1))]
            unique, times = np.unique(np.concatenate(found), return_counts=True)
            keys.append(unique)
            counts.append(times)
            lengths.append(len(unique))
        scores = self._linear.predict(
            (np.concatenate(keys), np.concatenate(counts).astype("f"), np.array(lengths, dtype="int32"))
        )
        shares = ops.softmax(scores, inplace=False)
        return [dict(zip(self._labels, map(float, row), strict=True)) for row in shares]
