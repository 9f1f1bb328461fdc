"""Where a page should be looked at once more: what says whose it is was read with doubt, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.geometry import Box
from backfile.domain.page import PageReading, PageSource
from classify.identifiers import least_sure_word
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout, lay_out_page
from classify.roles import Role
from classify.rules import find_by_rules
from classify.second_words import settle_words

_K = SightingKind
_A = Attribute
_IDENTITY = (_K.PATIENT_NAME, _K.BIRTH_DATE, _K.MRN)
_ASKS_FOR = {
    _A.NAME: _K.PATIENT_NAME, _A.LAST_NAME: _K.PATIENT_NAME, _A.FIRST_NAME: _K.PATIENT_NAME,
    _A.RE: _K.PATIENT_NAME, _A.BIRTH_DATE: _K.BIRTH_DATE, _A.MRN: _K.MRN,
}  # fmt: skip
_DOUBTFUL = 0.9
"""Confidence of a word under which an identifier is read again."""
_BESIDE = 0.6
"""Line heights above and below a doubtful value that are read with it."""
_BLOCK = 4.0
"""Line heights around an identifier in which others stand."""
_UNDER_LABEL = 2.8
"""Line heights under a label in which its value may stand."""
_HEAD = 0.22
"""Share of the page's height that is read again where a badly read page names nobody."""
_POOR = 0.9
"""Mean confidence of the words of a page that is read badly."""
_WHOLE = 0.5
"""What it is worth, in confidence, that a value is whole of which only a part was read."""
_MOST_ROWS = 0.3
"""Share of the page's height that is read again at most."""

Rows = tuple[float, float]


def find_weak_rows(page: PageReading, *, today: dt.date) -> tuple[Rows, ...]:
    """Return the rows to look at once more, as tops and bottoms in shares of the height; none on a sure page.

    Args:
        page: as read.
        today: the day of reading.
    """
    if page.source is not PageSource.OCR or not page.words:
        return ()
    page = settle_words(page, today=today)
    layout = lay_out_page(page)
    findings = find_by_rules(layout, page=1, today=today)
    rows: list[Rows] = []
    for kind in _IDENTITY:
        values = [s for s in findings.sightings if s.kind is kind]
        if any(_read_surely(value, page) for value in values):
            continue
        rows += [_around(value.box, layout, _BESIDE, _BESIDE) for value in values]
        rows += _of_labels(findings.labels, findings.roles, kind, layout)
        if not rows and not values:
            rows += _of_damage(findings.sightings, page, layout)
    if not rows and not rate_identity(findings.sightings) and page.confidence < _POOR:
        rows.append((0.0, _HEAD))
    return _keep_short(_join(rows))


def _read_surely(value: Sighting, page: PageReading) -> bool:
    return least_sure_word(page, value.box) >= _DOUBTFUL


def _of_damage(sightings: Sequence[Sighting], page: PageReading, layout: PageLayout) -> list[Rows]:
    """Return the rows around the other identifiers where some words there were read with doubt.

    The label of what is missed may have been lost as well.
    """
    around = [_around(s.box, layout, _BLOCK, _BLOCK) for s in sightings if s.kind in _IDENTITY and s.labelled]
    return [
        (top, bottom)
        for top, bottom in around
        if any(
            top <= word.box[1] and word.box[3] <= bottom and word.confidence < _DOUBTFUL
            for word in page.words
        )
    ]


def _around(box: Box, layout: PageLayout, above: float, below: float) -> Rows:
    """Return the rows of a box with some line heights above and below."""
    return box[1] - above * layout.height, box[3] + below * layout.height


def rate_identity(sightings: Iterable[Sighting]) -> dict[SightingKind, float]:
    """Return how surely each of name, birth date and MRN was read at best; without those that were not."""
    best: dict[SightingKind, float] = {}
    for sighting in sightings:
        if sighting.kind in _IDENTITY:
            best[sighting.kind] = max(best.get(sighting.kind, 0.0), sighting.confidence)
    return best


def is_better(again: PageReading, before: PageReading, *, today: dt.date) -> bool:
    """Say whether a second look tells more of whose the page is, and nothing else than what was sure."""
    pages = (settle_words(page, today=today) for page in (before, again))
    old, new = (find_by_rules(lay_out_page(page), page=1, today=today).sightings for page in pages)
    known = {(s.kind, s.value) for s in new}
    if any(s.kind in _IDENTITY and s.confidence >= _DOUBTFUL and (s.kind, s.value) not in known for s in old):
        return False
    return _rate(new, old) > sum(rate_identity(old).values())


def _rate(new: Sequence[Sighting], old: Sequence[Sighting]) -> float:
    """Return how much a second look tells; a value of which the first had a part is whole now."""
    wholes = {s.kind for s in new for part in old if s.kind is part.kind and _is_part(part.value, s.value)}
    return sum(rate_identity(new).values()) + _WHOLE * len(wholes & set(_IDENTITY))


def _is_part(part: str, whole: str) -> bool:
    return part != whole and part in whole


def _of_labels(
    labels: Sequence[FoundLabel], roles: Sequence[Role], kind: SightingKind, layout: PageLayout
) -> list[Rows]:
    """Return the rows of the patient's labels of a kind, with those right under them."""
    return [
        _around(layout.pieces[label.start].box, layout, _BESIDE, _UNDER_LABEL)
        for label, role in zip(labels, roles, strict=True)
        if role.owner is Owner.PATIENT and any(_ASKS_FOR.get(a) is kind for a in label.attributes)
    ]


def _join(rows: Iterable[Rows]) -> list[Rows]:
    """Return rows without overlaps, from the top."""
    joined: list[Rows] = []
    for top, bottom in sorted((max(0.0, top), min(1.0, bottom)) for top, bottom in rows):
        if joined and top <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(bottom, joined[-1][1]))
        else:
            joined.append((top, bottom))
    return joined


def _keep_short(rows: Sequence[Rows]) -> tuple[Rows, ...]:
    """Return the first rows that are not too many together."""
    kept: list[Rows] = []
    left = _MOST_ROWS
    for top, bottom in rows:
        if left <= 0:
            break
        kept.append((top, min(bottom, top + left)))
        left -= bottom - top
    return tuple(kept)
