"""What kind of document some pages are: the words by the model, the title by the list of titles.

The model weighs all words; a printed title says it outright, in one line that OCR seldom loses whole.
The two are nearly independent, so their log-odds add up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from backfile.domain.document import TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.page import PageReading
from backfile.domain.site_type import SiteTypeModel
from classify.letterhead import PageHead
from classify.site_types import list_features, show_evidence, weigh_site_types

TITLE_WEIGHT = 6.5
"""Log-odds that a surely read title adds to its type: a little under the likelihood ratio measured on 800
documents of the train and calibrate families (a sure title was right in 99 %)."""
UNKNOWN_BELOW = 0.5
"""Probability below which no type is named: rather ``unknown`` than wrong."""
_MODEL_DOUBT = 0.002
"""Least probability a type keeps: on papers of other houses the model errs more than on its own."""
_LATER_PAGE = 0.4
"""What a title on a further page counts: it may head an attachment."""


class TypeModel(Protocol):
    """Tells types by words."""

    def guess_type(self, pages: Sequence[PageReading]) -> TypeGuess:
        """Return its best guess with the words that speak for it."""

    def weigh_types(self, pages: Sequence[PageReading]) -> Mapping[str, float]:
        """Return the calibrated probability of every type."""


def classify_document(
    pages: Sequence[PageReading],
    heads: Sequence[PageHead],
    *,
    model: TypeModel,
    site: Mapping[str, SiteTypeModel] | None = None,
) -> TypeGuess:
    """Return the type of a document.

    Args:
        pages: Its pages that could be read, in order.
        heads: The head of each of them.
        model: The type model.
        site: What was learnt of the types that the site added, by their keys.
    """
    if not any(page.words for page in pages):
        return TypeGuess(UNKNOWN, 0.0)
    weights = add_titles(model.weigh_types(pages), heads)
    features = list_features(pages, heads) if site else frozenset()
    weights = weigh_site_types(weights, features, site.values()) if site else weights
    best = max(weights, key=lambda name: (weights[name], name))
    if site and best in site:
        evidence = show_evidence(features, site[best])
        return TypeGuess(best if weights[best] >= UNKNOWN_BELOW else UNKNOWN, weights[best], evidence)
    guess = model.guess_type(pages)
    titles = [head.heading for head in heads if head.title_type == best and head.heading]
    words = guess.evidence if guess.name == best else ()
    evidence = tuple(dict.fromkeys([*titles[:1], *words]))
    if weights[best] < UNKNOWN_BELOW:
        return TypeGuess(UNKNOWN, weights[best], evidence)
    return TypeGuess(best, weights[best], evidence)


def add_titles(weights: Mapping[str, float], heads: Sequence[PageHead]) -> dict[str, float]:
    """Return the probabilities of all types after the titles were read; they sum to 1."""
    odds = {name: math.log(max(weight, _MODEL_DOUBT)) for name, weight in weights.items()}
    for number, head in enumerate(heads):
        if head.title_type in odds:
            odds[head.title_type] += (
                TITLE_WEIGHT * head.title_strength * (1.0 if number == 0 else _LATER_PAGE)
            )
    top = max(odds.values())
    shares = {name: math.exp(value - top) for name, value in odds.items()}
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}
