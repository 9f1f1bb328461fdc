"""Which date a document is of.

What is called the date of service is; where nothing is, other dates stand in for it, the likeliest first and
each less surely. Dates of printing, dictation, transcription, fax and report never do, nor does the beginning
of a span of time ("records of service from 3/1/2019 to 6/4/2020").
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from backfile.domain.document import SightingKind
from classify.asides import days_between
from classify.claims import Claim
from classify.label_folding import fold_label
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.stickers import is_beside_sex_or_age
from classify.values import take_date
from classify.word_lists import split_words

_A = Attribute
_K = SightingKind
_HEAD_OF_PAGE = 0.36
"""Share of the page's height where a date that is just called "Date" dates the document."""
_STANDING_IN = split_words(
    """
    ORDERING ORDER REQUEST REFERRING RECEIVED START LIST UPDATED GIVEN ADMINISTERED ENTERED REVIEWED RECEIVING
    COMPLETED REGISTERED REGISTRATION CREATED CONSENT
    """
)
"""What is done on the day that a sheet is of: an order, a call taken, a list brought up to date."""
_NEVER = split_words(
    """
    PRINTED DICTATED TRANSCRIBED FAX FAXED SENT SIGNED EXPIRATION EFFECTIVE DUE NEXT FOLLOWUP RETURN
    LAST PREVIOUS LMP EDD EDC EDB STOP END THROUGH TO REFILL LOT INJURY ACCIDENT ONSET HIRE
    """
)
"""Words that make a date no such day: "Date order printed"."""
_YEAR = 365
_TOP = 0.08
"""Share of the page's height above which no table begins."""
_COMPLETE = frozenset(
    {_A.NAME, _A.RE, _A.BIRTH_DATE, _A.MRN, _A.OTHER_NUMBER, _A.ENCOUNTER, _A.SEX, _A.PHONE}
)
"""What is said by one value: a date in the next cell is no second one of it."""
_DICTATED = re.compile(r"^DD:?$")
_NOW = re.compile(r"(?:present|date|now|today)\b", re.IGNORECASE)
_ON_PLATES = frozenset({"ADM", "ADMIT"})
_UNTIL = re.compile(r"(?:to|through|thru|until|till|[-–—])$", re.IGNORECASE)


def settle_service_date(
    layout: PageLayout, labels: Sequence[FoundLabel], claims: Sequence[Claim], *, today: dt.date
) -> list[Claim]:
    """Return the claims with one that dates the document where nothing is called the date of service.

    A date at the head that is just called "Date" does, else the discharge (a summary of the stay is of that
    day), else the admission, else the day of what the sheet is about, else a date that stands alone at the
    head, else the one beside a signature (a consent has no other), else any that is just called "Date".

    Args:
        layout: The page.
        labels: All its labels.
        claims: What they say.
        today: The day of reading.
    """
    settled = [_without_transcription(layout, _without_span(layout, claim, today)) for claim in claims]
    settled = [_without_column(layout, claim, today) for claim in settled]
    if any(claim.kind is _K.SERVICE_DATE for claim in settled):
        return settled
    signed = {
        layout.pieces[label.start].line
        for label in labels
        if _A.STOP in label.attributes and "SIG" in layout.text(label.start, label.end).upper()
    }
    for test, factor in _TESTS:
        for number, claim in enumerate(settled):
            is_signed = layout.pieces[claim.start].line in signed
            if claim.kind is _K.OTHER_DATE and test(layout, claim, is_signed):
                better = replace(claim, kind=_K.SERVICE_DATE, strength=claim.strength * factor)
                return [*settled[:number], better, *settled[number + 1 :]]
        if test is _is_of_an_event and (alone := _find_lone_date(layout, settled, labels, today)):
            return [*settled, alone]
    return settled


def _without_span(layout: PageLayout, claim: Claim, today: dt.date) -> Claim:
    """Return a claim, as another date where it is the first day of a span."""
    if claim.kind is not _K.SERVICE_DATE and claim.attribute is not _A.DATE:
        return claim
    end = layout.line_of(claim.start)[1]
    if claim.end + 1 >= end or not _UNTIL.match(layout.pieces[claim.end].text):
        return claim
    is_open = bool(_NOW.match(layout.pieces[claim.end + 1].text))
    if not is_open and take_date(layout, claim.end + 1, end, today=today) is None:
        return claim
    return replace(claim, kind=_K.OTHER_DATE, attribute=_A.OTHER_DATE, label="")


def _without_column(layout: PageLayout, claim: Claim, today: dt.date) -> Claim:
    """Return a claim, as another date where it begins a column of dates: doses given, problems entered."""
    if claim.kind is not _K.SERVICE_DATE and claim.kind is not _K.OTHER_DATE:
        return claim
    piece = layout.pieces[claim.start]
    start, _ = layout.line_of(claim.start)
    is_under_label = piece.line > 0 and not claim.label.endswith(":") and layout.pieces[start].box[1] > _TOP
    if not is_under_label or piece.line + 1 >= len(layout.lines):
        return claim
    # The entry of an order goes on below: "DIGOXIN 0.125 MG   11/02/93" over "1 TAB EVERY DAY".
    rows = layout.lines[piece.line + 1 : piece.line + (3 if claim.attribute is _A.OTHER_DATE else 2)]
    below = [
        (at, end)
        for first, end in rows
        for at in range(first, end)
        if abs(layout.pieces[at].box[0] - piece.box[0]) < 2 * layout.letter
    ]
    if not any(take_date(layout, at, end, today=today) for at, end in below):
        return claim
    return replace(claim, kind=_K.OTHER_DATE, attribute=_A.OTHER_DATE, label="")


def _without_transcription(layout: PageLayout, claim: Claim) -> Claim:
    """Return a claim, as another date where it is the second of "DD: 3/12/1987  DT: 3/14/1987"."""
    if claim.attribute is not _A.DATE or claim.label.strip(":. ") != "DT":
        return claim
    start, end = layout.line_of(claim.start)
    if not any(_DICTATED.match(layout.pieces[at].text) for at in range(start, end)):
        return claim
    return replace(claim, kind=_K.OTHER_DATE, attribute=_A.OTHER_DATE, label="")


def _is_plain_date(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    is_at_head = layout.pieces[claim.start].box[1] <= _HEAD_OF_PAGE
    return claim.attribute is _A.DATE and is_at_head and not is_signed


def _is_discharge(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    return claim.attribute is _A.DISCHARGE_DATE and not is_signed


def _is_death(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    # The summary of a stay that ended so; "date of death" of a relative has an owner.
    folded = fold_label(claim.label) if claim.attribute is _A.OTHER_DATE else None
    words = set(folded[0]) if folded else set()
    return (
        bool(words & {"DEATH", "DOD"}) and words <= {"DATE", "DEATH", "DOD"} and claim.owner is Owner.PATIENT
    )


def _is_admission(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    # "ADM 3/12/1987" is pressed on every page of a stay: it dates the plate.
    is_of_plate = claim.label in _ON_PLATES and layout.pieces[claim.start].line == _line_before(layout, claim)
    return claim.attribute is _A.ADMISSION_DATE and not is_signed and not is_of_plate


def _line_before(layout: PageLayout, claim: Claim) -> int:
    """Return the line of the piece before a claim, -1 at the beginning of a page."""
    return layout.pieces[claim.start - 1].line if claim.start else -1


def _is_of_an_event(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    folded = fold_label(claim.label) if claim.attribute is _A.OTHER_DATE else None
    words = set(folded[0]) if folded else set()
    if "UPDATED" in words:
        words -= {"LAST"}
    return bool(words & _STANDING_IN) and not words & _NEVER and not is_signed


def _is_signed_date(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    folded = fold_label(claim.label) if claim.attribute is _A.OTHER_DATE else None
    is_of_form = folded is not None and set(folded[0]) == {"DATE", "SIGNED"}  # "Date signed"
    return is_of_form or (claim.attribute is _A.DATE and is_signed)


def _is_any_date(layout: PageLayout, claim: Claim, is_signed: bool) -> bool:
    return claim.attribute is _A.DATE


_TESTS: tuple[tuple[Callable[[PageLayout, Claim, bool], bool], float], ...] = (
    (_is_plain_date, 0.9),
    (_is_discharge, 0.85),
    (_is_death, 0.85),
    (_is_admission, 0.8),
    (_is_of_an_event, 0.75),
    (_is_signed_date, 0.7),
    (_is_any_date, 0.65),
)
"""What stands in for a date of service, in order, and a factor for its confidence."""


def _find_lone_date(
    layout: PageLayout, claims: Sequence[Claim], labels: Sequence[FoundLabel], today: dt.date
) -> Claim | None:
    """Return the date without a label that stands alone in a cell at the head: a letter's.

    It is the only one, or the later of two that are years apart: the other is a birth date.
    """
    taken = {n for claim in claims for n in claim.pieces()}
    announced = {n for claim in claims if claim.attribute not in _COMPLETE for n in claim.pieces()}
    announced.update(n for label in labels for n in range(label.start, label.end))
    taken |= announced
    found = []
    for start, end in layout.lines:
        for at in range(start, end):
            piece = layout.pieces[at]
            if piece.box[1] > _HEAD_OF_PAGE or at in taken or (at > start and at - 1 in announced):
                continue
            if not piece.starts_cell and layout.text(max(start, at - 2), at).lower() != "as of":
                continue
            date = take_date(layout, at, end, today=today)
            if date is None or is_beside_sex_or_age(layout, date):
                continue
            if (
                date.end >= end
                or layout.pieces[date.end].starts_cell
                or _ends_with_time(layout, date.end, end)
            ):
                found.append(date)
    apart = sorted(found, key=lambda date: date.value)
    distinct = len({date.value for date in found})
    if not found or distinct > 2:
        return None
    date = apart[-1]
    if distinct == 2 and days_between(apart[0].value, date.value) < _YEAR:
        return None  # of two dates years apart the older is the birth date
    return Claim(
        _K.SERVICE_DATE,
        _A.DATE,
        Owner.PATIENT,
        date.start,
        date.end,
        date.value,
        0.65 * date.quality,
        labelled=False,
    )


def _ends_with_time(layout: PageLayout, at: int, end: int) -> bool:
    """Say whether a time of day is all that follows in the cell: "03/22/08 2110"."""
    is_time = bool(re.fullmatch(r"(?:[01]\d|2[0-3]):?[0-5]\d(?::\d\d)?", layout.pieces[at].text))
    return is_time and (at + 1 >= end or layout.pieces[at + 1].starts_cell)
