"""The identifiers of one page: rules and model together.

What both see is surer than what one sees. Where they take the same words for different things, a label
decides: rules win if one stands there. What has no label is the model's to find.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from rapidfuzz import fuzz

from backfile.domain.document import Sighting, SightingKind, SightingSource
from backfile.domain.evidence import PageEvidence
from backfile.domain.geometry import Box, box_area, box_center, intersect_boxes
from backfile.domain.names import fold_name
from backfile.domain.normalize import parse_date
from backfile.domain.page import PageReading
from classify.addresses import STATES
from classify.ages import find_birth_span
from classify.asides import days_between
from classify.given_names import GIVEN_NAMES
from classify.layout import PageLayout, box_of, lay_out_page
from classify.letterhead import PageHead, read_page_head
from classify.letters import find_closing
from classify.name_order import settle_name_order
from classify.not_names import NOT_NAMES
from classify.rules import find_by_rules
from classify.second_reading import DISPUTED, weigh_second_readings
from classify.subject import find_subjects, find_titled
from classify.word_lists import split_words

_K = SightingKind
_SAME_PLACE = 0.5
"""Share of the smaller box from which two boxes are of the same words."""
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
_YEAR = 365
"""Days between a birth date and any other date of a chart that is surely none; a newborn's is labelled."""
_SIGNATURE = 0.15
"""Share of the page's height under the closing of a letter in which its signature stands."""
_HEAD_OF_PAGE = 0.4
_FOOT_OF_PAGE = 0.85
"""Shares of the page's height between which a number without a label is a lot, a result, a ZIP code."""
_UNLABELLED_DIGITS = 6
"""Digits of the shortest MRN that needs no label: a ZIP code has five."""
_SUFFIX = re.compile(r"\b(?:JR|SR|I{2,3}|IV)\b", re.IGNORECASE)
_OF_INSTITUTIONS = split_words(
    "HOSPITAL MEDICAL CENTER CLINIC HEALTHCARE HEALTH ASSOCIATES PLUS PPO HMO EPO MEDICARE MEDICAID INSURANCE"
)
_ZIP_AT_END = re.compile(r",.*\b\d{5}$")
_ALIKE = 85
"""Similarity, of 100, from which letters spell a word."""
_MIN_MODEL = {
    _K.PATIENT_NAME: 0.6, _K.BIRTH_DATE: 0.6, _K.MRN: 0.6, _K.SSN_LAST4: 0.6,
    _K.RELATIVE_NAME: 0.4, _K.PROVIDER: 0.4,
}  # fmt: skip
"""How sure the model must be where no rule sees anything; 0.5 for the other kinds."""


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
    closing = find_closing(layout) if finder.uses_rules else None
    joined = tuple(
        s
        for s in join_sightings(by_rule, by_model, page=page, is_letter=closing is not None)
        if not _is_letterhead(s, head.letterhead) and not _is_signature(s, closing)
    )
    if finder.uses_rules:
        joined = settle_name_order(joined, find_titled(page))
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
    by_model = _drop_later_births(by_model, by_rule)
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
            joined.append(_settle_rivals(rule, model, has_birth=has_birth or is_letter))
        else:
            joined.append(rule)
    told = {rule.kind for rule in by_rule if rule.labelled and rule.kind in _OF_THE_PATIENT}
    told.update(rule.kind for rule in by_rule if rule.kind is _K.MRN)  # on a sticker: others are of specimens
    for n, model in enumerate(by_model):
        # What a label says of the patient stands: the model speaks only where no label does.
        if has_birth and model.kind is _K.BIRTH_DATE and not _is_in_margin(model):
            continue  # one more date among the text of a page that has its birth date
        if n not in used and _is_credible(model) and model.kind not in told:
            joined.append(replace(model, source=SightingSource.MODEL))
    return tuple(sorted(joined, key=lambda s: (round(s.box[1], 2), s.box[0], s.kind.value)))


def _drop_later_births(by_model: Sequence[Sighting], by_rule: Sequence[Sighting]) -> list[Sighting]:
    """Leave out what the model takes for birth dates years after the first: dates of visits and letters.

    What a rule says is one counts among them; a later date that a rule confirms stays.
    """
    births = [s for s in (*by_model, *by_rule) if s.kind is _K.BIRTH_DATE and s.value]
    first = min((s.value for s in births), default="")
    confirmed = {s.value for s in by_rule if s.kind is _K.BIRTH_DATE}
    return [
        s
        for s in by_model
        if s.kind is not _K.BIRTH_DATE or s.value in confirmed or days_between(first, s.value) < _YEAR
    ]


def _both(rule: Sighting, model: Sighting, page: PageReading) -> Sighting:
    if rule.kind is _K.MRN and rule.value != model.value and rule.value in model.value:
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
    if _is_credible(model) and model.confidence > rule.confidence:
        return replace(model, confidence=model.confidence * _CONTESTED, source=SightingSource.MODEL)
    return replace(rule, confidence=contested)


def _is_credible(model: Sighting) -> bool:
    if not model.value or model.confidence < _MIN_MODEL.get(model.kind, 0.5):
        return False
    if model.kind in (_K.PATIENT_NAME, _K.RELATIVE_NAME):
        # Half a name names nobody; nor does a heading, an institution, or the city of an address.
        is_list = model.raw.rstrip(" ,").count(",") > 1 + bool(_SUFFIX.search(model.raw))
        return ", " in model.value and not is_list and not _is_heading(model.value) and not _is_place(model)
    if model.kind is _K.ADDRESS:
        return bool(_ZIP_AT_END.search(model.value))  # a street alone, or a city, is half of somebody's
    if model.kind is _K.MRN:
        if parse_date(model.raw.strip("#()[]:;,. "), today=dt.date.today()) is not None:
            return False  # "10-20-98", however sure
        return _is_in_margin(model) and sum(char.isdigit() for char in model.value) >= _UNLABELLED_DIGITS
    return True


def _is_in_margin(model: Sighting) -> bool:
    """Say whether something stands where a page says whose it is: at its head or foot."""
    return model.box[1] < _HEAD_OF_PAGE or model.box[3] > _FOOT_OF_PAGE


def _is_place(model: Sighting) -> bool:
    """Say whether a would-be name is an institution's, a city's or an empty card's.

    "Houston, TX 77025", "St. Paul", "ADDRES SOGRAPH".
    """
    words = re.findall(r"[A-Za-z]+", model.raw)
    is_city = len(words) > 1 and words[-1] in STATES and not words[0].isupper()
    is_city = is_city or (len(words) == 2 and words[0] in {"St", "Ft", "Mt"})
    is_card = fuzz.partial_ratio("ADDRESSOGRAPH", "".join(words).upper()) >= _ALIKE
    return is_city or is_card or bool(_OF_INSTITUTIONS.intersection(word.upper() for word in words))


def _is_heading(name: str) -> bool:
    """Say whether a name is of no word that names people, such as "Review, Systems"."""
    return all(word in NOT_NAMES for word in re.findall(r"[A-Z]{2,}", name.upper()))


def is_same_place(a: Box, b: Box) -> bool:
    """Say whether two boxes are of the same words."""
    common = intersect_boxes(a, b)
    if common is None:
        return False
    return box_area(common) >= _SAME_PLACE * max(min(box_area(a), box_area(b)), 1e-12)


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
