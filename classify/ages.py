"""When the patient of a page was born, by the age that the page gives: "This 63 y/o man", "Age: 63".

An age is no identifier, but with the date of service it speaks against a birth date that is years away: a
label of somebody else, stuck on a note about a man of 63, would otherwise file the note under the label. It
speaks only where it is plainly the patient's and was read surely; ages of relatives, at an onset, of an
infant in weeks and of a pregnancy are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.normalize import normalize_sex, read_date
from backfile.domain.page import PageReading, Word
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.not_names import KINSHIP
from classify.roles import Role
from classify.word_lists import split_words

_SURE_WORD = 0.9
_SURE_DATE = 0.84
"""Less has a date that only stands in for one that is called the date of service."""
_SLACK = 2
"""Years by which ages of old copies, and dates of reports, may be off."""
_OLDEST = 115
_SPREAD = dt.timedelta(days=366)
"""Time that the dates of service of one page may span."""
_AGE = re.compile(
    r"\b(?P<age>\d{1,3})[\s-]*(?:y/o|y\.\s?o|yo|years?[\s-]*old|yrs?\.?[\s-]*old)(?![a-z])\.?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"^[\s,-]*(?:[\w-]+[\s,]+){0,3}?(?:man|woman|male|female|gentleman|lady|boy|girl|patient|pt|[MF])\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OTHERS = KINSHIP | split_words(
    """
    CHILD CHILDREN SIBLINGS PARENTS FAMILY RELATIVE RELATIVES GRANDCHILD GRANDCHILDREN TWIN ROOMMATE DONOR
    DRIVER PASSENGER COWORKER BOYFRIEND GIRLFRIEND EX WHEN SINCE UNTIL DIED DECEASED ONSET AGED AGE
    """
)
"""Words before an age in its sentence that make it somebody else's, or one of the past."""
_BEHIND = split_words("DRIVER DONOR ROOMMATE PASSENGER PARTNER FRIEND RELATIVE INFANT FETUS")
_ENDS = re.compile(r"(?<!\by\.o)(?<!\b[A-Z])(?<!\bM[rs])(?<!\bMrs)(?<!\bDr)[.!?;:](?:\s|$)")
_LABELLED = re.compile(
    r"^[(\[]?(?P<age>\d{1,3})(?:\s*(?:y|yr|yrs|yo|y/o|years?|year-old)\.?)?(?:\s*[/,-]?\s*[MF])?[)\],]*$",
    re.IGNORECASE,
)
_YOUNG = re.compile(r"^(?:m|mo|mos|months?|w|wk|wks|weeks?|d|days?|h|hrs?)\b", re.IGNORECASE)


def find_birth_span(
    page: PageReading,
    layout: PageLayout,
    labels: Sequence[FoundLabel],
    roles: Sequence[Role],
    sightings: Sequence[Sighting],
    *,
    today: dt.date,
) -> tuple[dt.date, dt.date] | None:
    """Return between which days the patient was born, by age and date of service; None where unknown.

    Args:
        page: as read.
        layout: of the page.
        labels: all its labels.
        roles: whose each label is.
        sightings: what was found on the page.
        today: the day of reading.
    """
    days = _find_services(sightings, today)
    ages = {*_find_in_text(page), *_find_at_labels(layout, labels, roles)}
    if not days or not ages or max(ages) - min(ages) > 1 or max(days) - min(days) > _SPREAD:
        return None
    return _years_before(min(days), max(ages) + 1 + _SLACK), _years_before(max(days), min(ages) - _SLACK)


def _find_services(sightings: Sequence[Sighting], today: dt.date) -> list[dt.date]:
    """Return the surely read dates of service; none where one was read with doubt."""
    found = [s for s in sightings if s.kind is SightingKind.SERVICE_DATE]
    if any(s.confidence < _SURE_DATE or not s.labelled for s in found):
        return []
    dates = [read_date(s.raw, today=today) for s in found]
    return [] if any(d is None or not d.exact for d in dates) else [d.date for d in dates if d is not None]


def _find_in_text(page: PageReading) -> Iterator[int]:
    """Yield the ages of "63 y/o man" in sentences that speak of nobody else before."""
    text, starts = "", []
    for word in page.words:
        starts.append(len(text))
        text += word.text + " "
    for found in _AGE.finditer(text):
        sentence = _ENDS.split(text[max(0, found.start() - 300) : found.start()])[-1]
        before = {word.strip(",()'’s").upper() for word in sentence.split()} | set(sentence.upper().split())
        person = _PERSON.match(text[found.end() : found.end() + 80])
        if before & _OTHERS or person is None or _names_another(person["rest"]):
            continue
        if _is_sure(page.words, starts, found.start(), found.end()) and _is_age(found["age"]):
            yield int(found["age"])


def _names_another(rest: str) -> bool:
    return any(word.strip(".,;").upper() in _BEHIND for word in rest.split()[:2])


def _is_sure(words: Sequence[Word], starts: Sequence[int], start: int, end: int) -> bool:
    own = [word for word, at in zip(words, starts, strict=True) if at < end and at + len(word.text) > start]
    return all(word.confidence >= _SURE_WORD and not word.alternatives for word in own)


def _find_at_labels(layout: PageLayout, labels: Sequence[FoundLabel], roles: Sequence[Role]) -> Iterator[int]:
    """Yield the numbers right behind "Age:" of the patient."""
    for found, role in zip(labels, roles, strict=True):
        if Attribute.AGE not in found.attributes or role.owner is not Owner.PATIENT or not role.is_sure:
            continue
        end = layout.line_of(found.start)[1]
        if found.end >= end or not found.is_marked or _goes_on(layout, found):
            continue
        piece = layout.pieces[found.end]
        value = _LABELLED.match(piece.text)
        following = layout.pieces[found.end + 1].text if found.end + 1 < end else ""
        if value and piece.confidence >= _SURE_WORD and _is_age(value["age"]) and not _YOUNG.match(following):
            yield int(value["age"])


def _goes_on(layout: PageLayout, found: FoundLabel) -> bool:
    """Say whether the label is the end of a longer one that is none we know: "Gestational age"."""
    before = "" if found.starts_cell else layout.pieces[found.start - 1].text
    return before.isalpha() and len(before) > 1 and not normalize_sex(before)


def _is_age(text: str) -> bool:
    return 0 < int(text) <= _OLDEST


def _years_before(day: dt.date, years: int) -> dt.date:
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return day.replace(year=max(day.year - years, 1))
