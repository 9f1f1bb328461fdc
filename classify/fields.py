"""One value a field of a document, by a vote of its pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from backfile.domain.document import FieldAlternative, FieldName, FieldValue, Sighting, SightingSource
from backfile.domain.evidence import PageEvidence
from backfile.domain.names import fold_name, parse_name
from backfile.domain.normalize import normalize_address

_MAX_ALTERNATIVES = 4
_TEXTS = {FieldName.PROVIDER, FieldName.FACILITY}
_UNLABELLED = 0.8
"""What a value without a label counts in the vote; the same seen by rule and model counts whole."""
_FULLER = 0.75
"""A fuller form of the same name is shown if it is at least this sure, relative to the surest."""
_LATER_PAGES = 0.9
"""What each further page adds to a value's weight, the first page counting whole."""


@dataclass(slots=True)
class _Candidate:
    """All sightings that say the same."""

    key: str
    seen: list[tuple[int, Sighting]] = field(default_factory=list)
    """(position of the page in the document, sighting)."""

    def weight(self) -> float:
        """Return the sum of log-odds-like evidence: the best sighting of each page counts."""
        best: dict[int, float] = {}
        for page, sighting in self.seen:
            sure = min(sighting.confidence, 0.999)
            if not sighting.labelled and sighting.source is not SightingSource.BOTH:
                sure *= _UNLABELLED
            best[page] = max(best.get(page, 0.0), sure)
        ordered = sorted(best.values(), reverse=True)
        return sum(-math.log1p(-sure) * _LATER_PAGES ** min(n, 8) for n, sure in enumerate(ordered))

    def best(self) -> tuple[int, Sighting]:
        """Return the sighting to show."""
        return max(self.seen, key=lambda seen: (seen[1].confidence, -seen[0]))


def choose_fields(evidence: Sequence[PageEvidence]) -> tuple[FieldValue, ...]:
    """Choose a value for each field that the pages of a document bear.

    Args:
        evidence: The document's pages in order; ``FieldValue.page`` counts them from 1.

    A value gains by every page that repeats it. The others stay as alternatives: that pages disagree is
    for the filing rules and for people to see.
    """
    chosen = []
    for name in FieldName:
        candidates = _collect(evidence, name)
        if candidates:
            chosen.append(_choose(name, candidates))
    return tuple(chosen)


def _collect(evidence: Sequence[PageEvidence], name: FieldName) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for position, page in enumerate(evidence, 1):
        for sighting in page.sightings:
            if sighting.kind.value == name.value and sighting.value:
                key = value_key(name, sighting.value)
                found.setdefault(key, _Candidate(key)).seen.append((position, sighting))
    candidates = list(found.values())
    return _join_names(candidates) if name in (FieldName.PATIENT_NAME, FieldName.PROVIDER) else candidates


def value_key(name: FieldName, value: str) -> str:
    """Return what equal values of a field have in common."""
    if name is FieldName.ADDRESS:
        return normalize_address(value)
    if name is FieldName.PATIENT_NAME or name in _TEXTS:
        return fold_name(value)
    return value.upper()


def _join_names(candidates: list[_Candidate]) -> list[_Candidate]:
    """Join forms of one name: with and without the middle name, with its initial."""
    joined: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: -len(c.key)):
        host = next((other for other in joined if _is_form_of(candidate, other)), None)
        if host is None:
            joined.append(candidate)
        else:
            host.seen.extend(candidate.seen)
    return joined


def _is_form_of(shorter: _Candidate, fuller: _Candidate) -> bool:
    a, b = parse_name(shorter.seen[0][1].value), parse_name(fuller.seen[0][1].value)
    if a is None or b is None:
        return False
    if fold_name(a.last) != fold_name(b.last) or fold_name(a.first) != fold_name(b.first):
        return False
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return False
    middle, other = fold_name(a.middle), fold_name(b.middle)
    return not middle or not other or middle == other or (len(middle) == 1 and other.startswith(middle))


def _choose(name: FieldName, candidates: list[_Candidate]) -> FieldValue:
    if name is FieldName.PROVIDER:
        ranked = sorted(candidates, key=_provider_rank)
    else:
        ranked = sorted(candidates, key=lambda c: (-c.weight(), c.best()[0], c.key))
    first, *others = ranked
    page, sighting = first.best()
    if name in (FieldName.PATIENT_NAME, FieldName.PROVIDER):
        enough = [seen for seen in first.seen if seen[1].confidence >= _FULLER * sighting.confidence]
        page, sighting = max(
            enough, key=lambda seen: (len(fold_name(seen[1].value)), seen[1].confidence, -seen[0])
        )
    pages = {position for position, _ in first.seen}
    doubt = math.prod(
        1 - max(s.confidence for position, s in first.seen if position == page_of) for page_of in pages
    )
    rival = max((other.weight() for other in others), default=0.0)
    share = first.weight() / (first.weight() + 0.5 * rival) if rival else 1.0
    words = max(s.confidence for _, s in first.seen)
    return FieldValue(
        name=name,
        value=sighting.value,
        raw=sighting.raw,
        confidence=min(1 - doubt, max(words, 0.99) if len(pages) > 1 else words) * share,
        page=page,
        box=sighting.box,
        alternatives=tuple(_alternative(other) for other in others[:_MAX_ALTERNATIVES]),
    )


def _provider_rank(candidate: _Candidate) -> tuple[bool, bool, bool, int, float]:
    """Rank who wrote or signed before who is mentioned: named in full, twice, by a label, early."""
    position, first = min(candidate.seen, key=lambda seen: (seen[0], seen[1].box[1]))
    return (
        ", " not in first.value,
        len(candidate.seen) < 2,
        not any(sighting.labelled for _, sighting in candidate.seen),
        position,
        first.box[1],
    )


def _alternative(candidate: _Candidate) -> FieldAlternative:
    page, sighting = candidate.best()
    return FieldAlternative(sighting.value, sighting.confidence, page, sighting.box)
