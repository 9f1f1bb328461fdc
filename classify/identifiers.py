"""The identifiers of one page: rules and model together.

What both see is surer than what one sees. Where they take the same words for different things, a label
decides: rules win if one stands there. What has no label is the model's to find.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from backfile.domain.document import Sighting, SightingKind, SightingSource
from backfile.domain.evidence import PageEvidence
from backfile.domain.geometry import Box, box_center
from backfile.domain.names import fold_name
from backfile.domain.page import PageReading
from classify.ages import find_birth_span
from classify.day_order import settle_day_order
from classify.given_names import GIVEN_NAMES
from classify.layout import PageLayout, box_of, lay_out_page
from classify.letterhead import PageHead, read_page_head
from classify.letters import find_closing
from classify.model_claims import (
    drop_later_births,
    is_credible,
    is_in_margin,
    is_same_place,
    weigh_surroundings,
)
from classify.name_order import settle_name_order
from classify.rules import find_by_rules
from classify.second_reading import DISPUTED, weigh_second_readings
from classify.second_words import mend_names, settle_words
from classify.subject import find_subjects, find_titled

_K = SightingKind
_LETTERHEAD = 0.8
_CONTESTED = 0.75
"""Factor for what a rule without a label says and the model denies."""
_CONTESTED_BY_PLACE = 0.95
"""The same for what its surroundings tell: on generated pages of two sets of families that were not
trained on, the rule was right 40 times of 43."""
_SURE_BIRTH = 0.8
"""Confidence of a date without a label that a sex or an age right beside it makes a birth date."""
_BY_PLACE = frozenset({_K.PATIENT_NAME, _K.RELATIVE_NAME, _K.PROVIDER, _K.MRN})
_OF_THE_PATIENT = frozenset({_K.PATIENT_NAME, _K.BIRTH_DATE, _K.MRN, _K.SSN_LAST4})
_WORD_SPACE = 1.2
"""Letter heights between two words from which they are apart, as in the columns of a form."""
_RUNNING_WORDS = 4
"""Words that follow a would-be name on its line, from which it is the beginning of a sentence."""
_SIGNATURE = 0.15
"""Share of the page's height under the closing of a letter in which its signature stands."""


class SpanModel(Protocol):
    """Finds identifiers by what it has learnt."""

    def find_spans(self, page: PageReading) -> tuple[Sighting, ...]:
        """Return what it sees on a page; values are normalised."""


@dataclass(frozen=True, slots=True)
class IdentifierFinder:
    """How identifiers are found; each half can be left out, to measure the other."""

    model: SpanModel | None = None
    """None: by rules alone."""
    uses_rules: bool = True
    today: dt.date = field(default_factory=dt.date.today)
    """The day of reading: no birth date lies after it, and it decides two-digit years."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with all that was seen on it."""

    evidence: PageEvidence
    head: PageHead
    layout: PageLayout


def find_evidence(page: PageReading, *, page_number: int, finder: IdentifierFinder) -> PageEvidence:
    """Return what one page says about whose it is.

    Args:
        page: The page as read.
        page_number: Its position in the file, from 1.
        finder: How to look.
    """
    return read_identifiers(page, page_number=page_number, finder=finder).evidence


def read_identifiers(page: PageReading, *, page_number: int, finder: IdentifierFinder) -> ReadPage:
    """Return what one page says, with its head and layout for those who cut and classify."""
    page = settle_words(page, today=finder.today)
    layout = lay_out_page(page)
    findings = find_by_rules(layout, page=page_number, today=finder.today)
    head = read_page_head(layout, labelled=findings.spoken_for)
    by_rule = findings.sightings if finder.uses_rules else ()
    named = head.letterhead_pieces or head.imprint_pieces
    if finder.uses_rules and named and not any(s.kind is _K.FACILITY for s in by_rule):
        by_rule = (*by_rule, _see_institution(named, layout, page_number))
    by_model: tuple[Sighting, ...] = ()
    if finder.model is not None:
        by_model = tuple(replace(s, page=page_number) for s in finder.model.find_spans(page))
        by_model = weigh_surroundings(by_model, by_rule, layout, findings.labels)
    closing = find_closing(layout) if finder.uses_rules else None
    joined = tuple(
        s
        for s in join_sightings(by_rule, by_model, page=page, is_letter=closing is not None)
        if not _is_letterhead(s, head.letterhead) and not _is_signature(s, closing)
    )
    if finder.uses_rules:
        joined = settle_name_order(mend_names(joined, page), find_titled(page))
        joined = settle_day_order(joined, page)
    evidence = PageEvidence(
        page=page_number,
        sightings=weigh_second_readings(joined, page, today=finder.today),
        page_of=head.page_of,
        letterhead=head.letterhead,
        heading=head.heading,
        spoken_of=find_subjects(page) if finder.uses_rules else (),
        born_between=find_birth_span(
            page, layout, findings.labels, findings.roles, joined, today=finder.today
        ),
    )
    return ReadPage(evidence, head, layout)


def _is_letterhead(sighting: Sighting, letterhead: str) -> bool:
    """Say whether an unlabelled name is the institution's: "Timber, Tall" of Tall Timber Clinic."""
    if sighting.kind is not _K.PATIENT_NAME or sighting.labelled or not letterhead:
        return False
    return set(fold_name(sighting.value).split()) <= set(fold_name(letterhead).split())


def _is_signature(sighting: Sighting, closing: float | None) -> bool:
    """Say whether an unlabelled name stands under "Sincerely": who wrote the letter, not whom it is about."""
    if closing is None or sighting.kind is not _K.PATIENT_NAME or sighting.labelled:
        return False
    return closing < sighting.box[1] < closing + _SIGNATURE


def _see_institution(named: Sequence[int], layout: PageLayout, page_number: int) -> Sighting:
    pieces = [layout.pieces[n] for n in named]
    name = layout.text(named[0], named[-1] + 1).strip(" ,.-")
    return Sighting(
        kind=_K.FACILITY,
        value=name,
        raw=name,
        confidence=min(_LETTERHEAD, *(piece.confidence for piece in pieces)),
        page=page_number,
        box=box_of(pieces),
    )


def join_sightings(
    by_rule: Sequence[Sighting], by_model: Sequence[Sighting], *, page: PageReading, is_letter: bool = False
) -> tuple[Sighting, ...]:
    """Return the sightings of both, each place once, from top to bottom.

    Args:
        by_rule: What the rules see.
        by_model: What the model sees.
        page: The page.
        is_letter: A date alone at its head dates it.
    """
    joined: list[Sighting] = []
    used: set[int] = set()
    has_birth = any(rule.kind is _K.BIRTH_DATE for rule in by_rule)
    by_model = drop_later_births(by_model, by_rule)
    sees_birth = any(model.kind is _K.BIRTH_DATE for model in by_model)
    for rule in by_rule:
        rivals = [n for n, model in enumerate(by_model) if is_same_place(rule.box, model.box)]
        used.update(rivals)
        same = [by_model[n] for n in rivals if by_model[n].kind is rule.kind]
        if same:
            joined.append(_both(rule, max(same, key=lambda s: s.confidence), page))
        elif rule.kind is _K.PATIENT_NAME and begins_running_text(page, rule.box):
            continue  # a sentence under the word "patient" is no name, unless the model reads one there
        elif rivals and not rule.labelled:
            model = max((by_model[n] for n in rivals), key=lambda s: s.confidence)
            if rule.kind is _K.BIRTH_DATE and not sees_birth:
                joined.append(replace(rule, confidence=rule.confidence * _CONTESTED_BY_PLACE))
            else:
                joined.append(_settle_rivals(rule, model, has_birth=has_birth or is_letter))
        else:
            joined.append(rule)
    told = {rule.kind for rule in by_rule if rule.labelled and rule.kind in _OF_THE_PATIENT}
    told.update(rule.kind for rule in by_rule if rule.kind is _K.MRN)  # on a sticker: others are of specimens
    for n, model in enumerate(by_model):
        # What a label says of the patient stands: the model speaks only where no label does.
        if has_birth and model.kind is _K.BIRTH_DATE and not is_in_margin(model):
            continue  # one more date among the text of a page that has its birth date
        if n not in used and is_credible(model) and model.kind not in told:
            joined.append(replace(model, source=SightingSource.MODEL))
    return tuple(sorted(joined, key=lambda s: (round(s.box[1], 2), s.box[0], s.kind.value)))


def _both(rule: Sighting, model: Sighting, page: PageReading) -> Sighting:
    rest = model.value.replace(rule.value, "", 1) if rule.value != model.value else ""
    if rule.kind is _K.MRN and rest.isdigit():
        # The rule took a part of a torn number ("71599 714"): no part of a number is ever exact.
        confidence = min(rule.confidence, model.confidence, DISPUTED)
        return replace(model, confidence=confidence, source=SightingSource.BOTH, labelled=rule.labelled)
    sure = 1 - (1 - rule.confidence) * (1 - model.confidence)
    return replace(rule, confidence=min(sure, least_sure_word(page, rule.box)), source=SightingSource.BOTH)


def _settle_rivals(rule: Sighting, model: Sighting, *, has_birth: bool) -> Sighting:
    """Return which of two views of the same words holds, where no label decides.

    A date alone at the head is the document's, unless the model takes it for the only birth date.
    """
    no_events = {_K.OTHER_DATE, _K.BIRTH_DATE} if has_birth else {_K.OTHER_DATE}
    is_birth = rule.kind is _K.BIRTH_DATE and rule.confidence >= _SURE_BIRTH
    is_event = rule.kind is _K.SERVICE_DATE and model.kind in no_events
    if rule.kind in _BY_PLACE or is_birth or is_event:
        # What stands around a name or number tells whose it is; the model goes by its looks.
        return replace(rule, confidence=rule.confidence * _CONTESTED_BY_PLACE)
    contested = rule.confidence * _CONTESTED
    if is_credible(model) and model.confidence > rule.confidence:
        return replace(model, confidence=model.confidence * _CONTESTED, source=SightingSource.MODEL)
    return replace(rule, confidence=contested)


def begins_running_text(page: PageReading, box: Box) -> bool:
    """Say whether the words in a box begin a line of running text: many more follow, each a space away."""
    for line in page.lines():
        inside = [n for n, word in enumerate(line) if is_same_place(word.box, box)]
        if not inside:
            continue
        height = max(line[inside[-1]].box[3] - line[inside[-1]].box[1], 1e-6) * page.height / page.width
        if inside[0] > 0 and line[inside[0]].box[0] - line[inside[0] - 1].box[2] < _WORD_SPACE * height:
            # Something stands before it: its label, or the sentence's first word, as in "PATIENT TRIED".
            words = [word.text for word in line]
            if inside[0] > 1 or not _is_prose(words[0], words[inside[0] : inside[-1] + 1]):
                return False
        following = 0
        for left, right in pairwise(line[inside[-1] :]):
            if right.box[0] - left.box[2] >= _WORD_SPACE * height:
                break
            following += 1
        return following >= _RUNNING_WORDS
    return False


def _is_prose(label: str, name: Sequence[str]) -> bool:
    """Say whether a label without a colon before a would-be name rather is the first word of a sentence."""
    is_label = not label[-1:].isalpha()
    return not is_label and not GIVEN_NAMES.intersection(word.strip(".,").upper() for word in name)


def least_sure_word(page: PageReading, box: Box) -> float:
    """Return the confidence of the least sure word inside a box; 1 where there is none."""
    least = math.inf
    for word in page.words:
        x, y = box_center(word.box)
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            least = min(least, word.confidence)
    return least if least <= 1.0 else 1.0
