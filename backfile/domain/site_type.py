"""What was learnt of a type that a site added: which words speak for it, and how well that works."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backfile.domain.document_types import SiteType

_LEAST_SPEAKING = 3


@dataclass(frozen=True, slots=True)
class SiteTypeScores:
    """How well a type of a site is told, as it was measured when it was added."""

    examples: int
    recall: float
    """Share of the examples that were known by what was learnt from the others."""
    precision: float
    """Share of the type among those called so, were it as frequent as any other type."""
    held_out: int
    """Documents of the shipped types, of layouts that were not learnt from."""
    lost: int
    """How many of them were named rightly before and not since."""
    of_home: int = 0
    """Documents of the home that a person confirmed as another type; they were learnt from as well."""
    taken: int = 0
    """How many of them were called so by what was learnt without them."""


@dataclass(frozen=True, slots=True)
class SiteTypeModel:
    """Tells whether a document is of a type that a site added."""

    type: SiteType
    made_at: dt.datetime
    weights: Mapping[str, float]
    """By feature (``classify.site_types.list_features``), each seen in several examples or in none."""
    bias: float
    slope: float
    """Of the calibration: the probability is logistic in ``slope * score + offset``."""
    offset: float
    scores: SiteTypeScores

    def weigh(self, features: Collection[str]) -> float:
        """Return the calibrated probability that a document with such features is of the type.

        That nothing speaks against it is not enough: with fewer than three words of its own it is 0.
        """
        spoken = [self.weights.get(feature, 0.0) for feature in features]
        if sum(weight > 0 for weight in spoken) < _LEAST_SPEAKING:
            return 0.0
        score = self.bias + sum(spoken)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, self.slope * score + self.offset))))

    def name_evidence(self, features: Collection[str], *, most: int) -> tuple[str, ...]:
        """Return the features of a document that speak most for the type."""
        speaking = [(self.weights.get(feature, 0.0), feature) for feature in features]
        ranked = sorted((pair for pair in speaking if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
        return tuple(feature for _, feature in ranked[:most])
