"""Types that a site added: told by the words and titles that their examples have in common.

What the shipped model says of the other types stands beside it unchanged, in what is left of certainty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from backfile.domain.page import PageReading
from backfile.domain.site_type import SiteTypeModel
from classify.letterhead import PageHead
from classify.model_text import LINE_END, list_type_words

_LEAST = 0.02
"""A probability under this leaves the other types as they are."""
_MAX_EVIDENCE = 5
_MIN_LETTERS = 3


def list_features(pages: Sequence[PageReading], heads: Sequence[PageHead]) -> frozenset[str]:
    """Return what a document says, for types of a site: words, pairs of words, and words of its title.

    A pair is joined by a space; a word of a title or in large print at the head is marked by ``^``.
    """
    words = list_type_words([page.words for page in pages])
    plain = [word for word in words if not word.startswith("^")]
    titles = {word for word in words if word.startswith("^")}
    for head in heads:
        titles |= {f"^{word}" for word in _split_heading(head.heading)}
    return frozenset(_keep_words([*plain, *titles]) | _pair_words(plain))


def weigh_site_types(
    weights: Mapping[str, float], features: Collection[str], models: Iterable[SiteTypeModel]
) -> dict[str, float]:
    """Return the probabilities of all types, those of the site among them; they sum to 1.

    Args:
        weights: Of the shipped types.
        features: Of the document.
        models: Of the site's types.
    """
    shares = {model.type.name: model.weigh(features) for model in models}
    odds = {name: share / max(1.0 - share, 1e-6) for name, share in shares.items() if share >= _LEAST}
    total = 1.0 + sum(odds.values())
    others = {name: weight / total for name, weight in weights.items()}
    return {**others, **{name: value / total for name, value in odds.items()}}


def show_evidence(features: Collection[str], model: SiteTypeModel) -> tuple[str, ...]:
    """Return the words of a document that speak most for a type of the site."""
    found = model.name_evidence(features, most=2 * _MAX_EVIDENCE)
    return tuple(dict.fromkeys(word.removeprefix("^") for word in found))[:_MAX_EVIDENCE]


def _split_heading(heading: str) -> list[str]:
    return ["".join(char for char in word.lower() if char.isalpha()) for word in heading.split()]


def _keep_words(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word.removeprefix("^")) >= _MIN_LETTERS}


def _pair_words(words: Sequence[str]) -> set[str]:
    return {
        f"{first} {second}"
        for first, second in pairwise(words)
        if LINE_END not in (first, second) and min(len(first), len(second)) >= _MIN_LETTERS
    }
