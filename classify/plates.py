"""Names in a block without labels: a name, its number and its birth date, one under the other.

"Ifeanyi Chukwuemeka" over "RO-3318" over "1/17/67  M": no comma tells which name is the last, no word what
the number is. What stands straight under and over one another in a corner of a page was pressed or typed
there to say whose the page is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from backfile.domain.document import SightingKind
from backfile.domain.names import fold_name
from backfile.domain.patient import PersonName
from classify.addresses import begins_street
from classify.claims import Claim, claim_unlabelled_name, claim_unlabelled_value
from classify.given_names import GIVEN_NAMES
from classify.label_kinds import Owner
from classify.layout import PageLayout
from classify.not_names import PARTICLES
from classify.people import FoundName, take_name
from classify.stickers import is_beside_sex_or_age
from classify.values import FoundValue, take_date, take_number

_K = SightingKind
_STRENGTH = 0.7
_HEAD = 0.3
_FOOT = 0.8
"""Shares of the page's height above and below which such a block stands."""
_SIDE = 2.0
"""Letters by which the beginnings of its lines may be apart."""
_REACH = 2
"""Lines over and under the name."""
_TIGHT = 2.2
"""Distance of two of its lines, in letter heights, from top to top."""
_SHORTEST = 5
"""Letters and digits of the shortest number."""


def find_plates(
    layout: PageLayout, claims: Sequence[Claim], taken: Collection[int], *, today: dt.date
) -> list[Claim]:
    """Return the one patient that stands in a block of its own; nothing where a name is known, or two fit.

    Args:
        layout: The page.
        claims: What is known of the page.
        taken: Pieces that are labels or values.
        today: The day of reading.
    """
    if any(claim.kind is _K.PATIENT_NAME for claim in claims):
        return []
    known = {claim.kind for claim in claims if claim.owner is Owner.PATIENT}
    found = []
    for start, end in layout.lines:
        for at in range(start, end):
            piece = layout.pieces[at]
            if at in taken or not piece.starts_cell or _HEAD < piece.box[1] < _FOOT:
                continue
            cell = layout.end_of_cell(at, end)
            name = take_name(layout, at, cell)
            if name is None or (name.start, name.end) != (at, cell) or name.is_provider or name.has_comma:
                continue
            if len(name.name.first) > 1 and (block := _read_block(layout, name, taken, today)):
                found.append([claim for claim in block if claim.kind not in known])
    return found[0] if len(found) == 1 else []


def _read_block(
    layout: PageLayout, name: FoundName, taken: Collection[int], today: dt.date
) -> list[Claim] | None:
    """Return what a name and the lines of its block say together; None where it has none."""
    dates: list[FoundValue] = []
    numbers: list[FoundValue] = []
    for step in (-1, 1):
        before = name.start
        for _ in range(_REACH):
            at = _find_next(layout, before, step)
            if at is None or at in taken:
                break
            end = layout.line_of(at)[1]
            date = take_date(layout, at, end, today=today, is_birth=True)
            number = None if date else take_number(layout, at, end, min_digits=4, labelled=True)
            if date is not None and date.start == at:
                dates.append(date)
            elif number is not None and number.start == at and _is_number(layout, number):
                numbers.append(number)
                after = take_date(layout, number.end, end, today=today, is_birth=True)
                dates += [after] if after is not None and after.start == number.end else []
            else:
                break
            before = at
    is_sexed = len(dates) == 1 and is_beside_sex_or_age(layout, dates[0])
    is_plate = str(name.name).isupper() and bool(GIVEN_NAMES.intersection(fold_name(str(name.name)).split()))
    if len(dates) != 1 or len(numbers) != 1 or not (is_sexed or is_plate):
        return None
    return [
        claim_unlabelled_name(_order(layout, name), _STRENGTH),
        claim_unlabelled_value(_K.BIRTH_DATE, dates[0], _STRENGTH),
        claim_unlabelled_value(_K.MRN, numbers[0], _STRENGTH),
    ]


def _find_next(layout: PageLayout, at: int, step: int) -> int | None:
    """Return the cell straight over (-1) or under (1) a piece, close to it."""
    first = layout.pieces[at]
    row = first.line + step
    for line in (row, row + step):  # a line of another column may lie between
        if not 0 <= line < len(layout.lines):
            return None
        for number in range(*layout.lines[line]):
            piece = layout.pieces[number]
            if piece.starts_cell and abs(piece.box[0] - first.box[0]) <= _SIDE * layout.letter:
                height = max(layout.height, first.box[3] - first.box[1])
                return number if abs(piece.box[1] - first.box[1]) <= _TIGHT * height else None
    return None


def _is_number(layout: PageLayout, number: FoundValue) -> bool:
    return len(number.value) >= _SHORTEST and number.quality == 1.0 and not begins_street(layout, number)


def _order(layout: PageLayout, name: FoundName) -> FoundName:
    """Return a name in capitals with its last name first where its other end is a given name."""
    words = [piece.text for piece in layout.pieces[name.start : name.end]]
    given = [fold_name(word) in GIVEN_NAMES for word in words]
    is_given = given[0] and fold_name(words[0]) not in PARTICLES
    if not str(name.name).isupper() or is_given or not given[-1]:
        return name
    return replace(name, name=PersonName(" ".join(words[:-1]), words[-1]))
