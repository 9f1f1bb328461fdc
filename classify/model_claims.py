"""Which of the things that the language model sees are to be believed.

The model was trained on generated charts: on paper of other houses it takes phrases for names and the numbers
of telephones for MRNs, as surely as on its own. So what it alone says must have the shape of its kind, stand
where a page says whose it is, and stand beside something else that is somebody's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.geometry import Box, box_area, box_center, intersect_boxes
from backfile.domain.names import fold_name
from backfile.domain.normalize import parse_date
from classify.addresses import STATES, is_city_and_state
from classify.asides import days_between
from classify.given_names import GIVEN_NAMES
from classify.label_kinds import Attribute
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.not_names import NOT_NAMES
from classify.number_places import is_numbered_otherwise
from classify.word_lists import split_words

_K = SightingKind
_A = Attribute
_YEAR = 365
"""Days between a birth date and any other date of a chart that is surely none; a newborn's is labelled."""
_HEAD_OF_PAGE = 0.4
_FOOT_OF_PAGE = 0.85
"""Shares of the page's height between which a number without a label is a lot, a result, a ZIP code."""
_UNLABELLED_DIGITS = 6
"""Digits of the shortest MRN that needs no label: a ZIP code has five."""
_SUFFIX = re.compile(r"\b(?:JR|SR|I{2,3}|IV)\b", re.IGNORECASE)
_OF_INSTITUTIONS = split_words(
    "HOSPITAL MEDICAL CENTER CLINIC HEALTHCARE HEALTH ASSOCIATES PLUS PPO HMO EPO MEDICARE MEDICAID INSURANCE"
)
_SEX_BEFORE = re.compile(r"[MF] \w+$")
"""A sex and the word after it on a plate: "M  CATH"."""
_STREET_AT_START = re.compile(r"\d|P\.?\s?O\b|RR\b", re.IGNORECASE)
_ZIP_AT_END = re.compile(r",.*\b\d{5}$")
_ALIKE = 85
"""Similarity, of 100, from which letters spell a word."""
_MIN_MODEL = {
    _K.PATIENT_NAME: 0.6, _K.BIRTH_DATE: 0.6, _K.MRN: 0.6, _K.SSN_LAST4: 0.6,
    _K.RELATIVE_NAME: 0.4, _K.PROVIDER: 0.4,
}  # fmt: skip
"""How sure the model must be where no rule sees anything; 0.5 for the other kinds."""
_SAME_PLACE = 0.5
"""Share of the smaller box from which two boxes are of the same words."""
_DATES = frozenset({_K.BIRTH_DATE, _K.SERVICE_DATE, _K.OTHER_DATE})
_OF_INSURANCE = re.compile(r"\b(?:medicare|medicaid|member|policy|subscriber|insurance)\b", re.IGNORECASE)
_NUMBERS = frozenset({_K.MRN, _K.ENCOUNTER, _K.OTHER_NUMBER})
_TOGETHER = 5.0
"""Distance, in letter heights, within which a name, birth date and MRN stand together."""
_HEADING_WORDS = 3
_ALONE = 0.6
"""Most confidence of a name that only the model sees, with nothing else of a person near: under what filing
takes as exact."""
_ELSEWHERE = frozenset({
    _A.PHONE, _A.SSN, _A.ADDRESS, _A.CITY, _A.STATE, _A.ZIP, _A.AGE, _A.SEX, _A.DATE, _A.SERVICE_DATE,
    _A.OTHER_DATE, _A.ADMISSION_DATE, _A.DISCHARGE_DATE, _A.ENCOUNTER,
})  # fmt: skip
"""Labels behind which neither a name nor an MRN stands."""


def weigh_surroundings(
    by_model: Sequence[Sighting],
    by_rule: Sequence[Sighting],
    layout: PageLayout,
    labels: Sequence[FoundLabel],
) -> tuple[Sighting, ...]:
    """Return what the model sees, without what the page around it denies.

    Args:
        by_model: What it sees on a page.
        by_rule: What the rules see there.
        layout: The page.
        labels: All its labels.

    A name or number behind the label of something else is left out, and an MRN with nobody near. So is a name
    with nothing else of a person near, unless it stands by itself, holds a common given name and is the only
    one: then it stays, but never surely.
    """
    marked = {label.end for label in labels if label.is_marked and _ELSEWHERE.issuperset(label.attributes)}
    others = {at for at in range(1, len(layout.pieces)) if is_numbered_otherwise(layout, at)}
    known = {at for label in labels for at in range(label.start, label.end + 1)}
    marked |= others - known
    kept = [
        s for s in by_model if s.kind not in (_K.MRN, _K.PATIENT_NAME) or not _begins_at(s, layout, marked)
    ]
    unruled = [s for s in kept if not any(is_same_place(s.box, rule.box) for rule in by_rule)]
    persons = [s for s in (*by_rule, *unruled) if s.kind in (_K.BIRTH_DATE, _K.MRN) and is_credible(s)]
    ruled = {(s.kind, fold_name(s.value)) for s in by_rule}
    apart = {
        fold_name(s.value)
        for s in kept
        if s.kind is _K.PATIENT_NAME
        and is_credible(s)
        and (s.kind, fold_name(s.value)) not in ruled
        and not any(_is_near(s, other, layout) for other in persons)
    }
    is_named = any(s.kind is _K.PATIENT_NAME for s in by_rule)
    people = [s for s in (*by_rule, *kept) if s.kind in (_K.BIRTH_DATE, _K.PATIENT_NAME) and is_credible(s)]
    cells = {at for at, piece in enumerate(layout.pieces) if piece.starts_cell}
    in_rows = {
        fold_name(s.value)
        for s in unruled
        if s.kind is _K.PATIENT_NAME and is_credible(s) and any(_is_beside(s, other) for other in persons)
    }
    weighed = []
    for sighting in kept:
        is_apart = sighting.kind is _K.PATIENT_NAME and fold_name(sighting.value) not in in_rows
        if in_rows and is_apart and sighting in unruled:
            continue  # "Bridgewater Health" over a row of name, birth date and number
        if sighting.kind is _K.MRN and (
            _is_of_insurance(sighting, layout)
            or not any(_is_near(sighting, other, layout) for other in people)
        ):
            continue
        if sighting.kind is _K.PATIENT_NAME and fold_name(sighting.value) in apart:
            words = fold_name(sighting.value).split()
            in_text = not _begins_at(sighting, layout, cells)
            if is_named or in_text or len(apart) > 1 or not GIVEN_NAMES.intersection(words):
                continue
            sighting = replace(sighting, confidence=min(sighting.confidence, _ALONE))
        weighed.append(sighting)
    return tuple(weighed)


def _is_of_insurance(sighting: Sighting, layout: PageLayout) -> bool:
    """Say whether a number stands on a line with, or under, a word of insurances and nothing else."""
    middle = (sighting.box[1] + sighting.box[3]) / 2
    for number, (start, end) in enumerate(layout.lines):
        boxes = [layout.pieces[at].box for at in range(start, end)]
        if min(box[1] for box in boxes) <= middle <= max(box[3] for box in boxes):
            above = layout.text(*layout.lines[number - 1]) if number else ""
            is_heading = len(above.split()) <= _HEADING_WORDS and bool(_OF_INSURANCE.search(above))
            return is_heading or bool(_OF_INSURANCE.search(layout.text(start, end)))
    return False


def _begins_at(sighting: Sighting, layout: PageLayout, places: set[int]) -> bool:
    """Say whether a sighting begins with one of some pieces."""
    for at in places:
        if at < len(layout.pieces):
            x, y = box_center(layout.pieces[at].box)
            left, top, right, bottom = sighting.box
            if left <= x <= right and top <= y <= bottom:
                return True
    return False


def _is_near(one: Sighting, other: Sighting, layout: PageLayout) -> bool:
    return abs(one.box[1] - other.box[1]) <= _TOGETHER * layout.height


def _is_beside(one: Sighting, other: Sighting) -> bool:
    """Say whether two things stand in one row."""
    return min(one.box[3], other.box[3]) - max(one.box[1], other.box[1]) > 0.5 * (one.box[3] - one.box[1])


def drop_later_births(by_model: Sequence[Sighting], by_rule: Sequence[Sighting]) -> list[Sighting]:
    """Leave out what the model takes for birth dates years after the first date: those of visits and letters.

    Nobody is seen before they are born; a later date that a rule confirms stays.
    """
    seen = (*by_model, *by_rule)
    first = min((s.value for s in seen if s.kind in _DATES and s.value), default="")
    confirmed = {s.value for s in by_rule if s.kind is _K.BIRTH_DATE}
    return [
        s
        for s in by_model
        if s.kind is not _K.BIRTH_DATE or s.value in confirmed or days_between(first, s.value) < _YEAR
    ]


def is_credible(model: Sighting) -> bool:
    """Say whether what the model alone says has the shape of its kind, and stands where such things stand."""
    if not model.value or model.confidence < _MIN_MODEL.get(model.kind, 0.5):
        return False
    if model.kind in (_K.PATIENT_NAME, _K.RELATIVE_NAME):
        # Half a name names nobody; nor does a heading, an institution, or the city of an address.
        is_list = model.raw.rstrip(" ,").count(",") > 1 + bool(_SUFFIX.search(model.raw))
        is_name = ", " in model.value and not is_list and not _SEX_BEFORE.match(model.raw)
        return is_name and not _is_heading(model.value) and not _is_place(model)
    if model.kind is _K.ADDRESS:
        # A street alone, or a city, is half of somebody's.
        return bool(_ZIP_AT_END.search(model.value)) and bool(_STREET_AT_START.match(model.value))
    if (
        model.kind in _NUMBERS
        and parse_date(model.raw.strip("#()[]:;,. "), today=dt.date.today()) is not None
    ):
        return False  # "10-20-98", however sure
    if model.kind is _K.MRN:
        return is_in_margin(model) and sum(char.isdigit() for char in model.value) >= _UNLABELLED_DIGITS
    return True


def is_in_margin(model: Sighting) -> bool:
    """Say whether something stands where a page says whose it is: at its head or foot."""
    return model.box[1] < _HEAD_OF_PAGE or model.box[3] > _FOOT_OF_PAGE


def _is_place(model: Sighting) -> bool:
    """Say whether a would-be name is an institution's, a city's or an empty card's.

    "Houston, TX 77025", "St. Paul", "ADDRES SOGRAPH".
    """
    words = re.findall(r"[A-Za-z]+", model.raw)
    is_city = len(words) > 1 and words[-1] in STATES and not words[0].isupper()
    is_city = is_city or (len(words) == 2 and words[0] in {"St", "Ft", "Mt"}) or is_city_and_state(model.raw)
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
