"""Where the value of a label stands, and what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify.addresses import city_below, take_address, take_city
from classify.claims import Claim, kind_of
from classify.label_words import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import CELL_GAP, PageLayout
from classify.people import take_name
from classify.roles import Role
from classify.values import (
    FoundValue,
    take_age_and_sex,
    take_date,
    take_number,
    take_phone,
    take_sex,
    take_ssn,
)

_A = Attribute
_NAME_PARTS = {_A.LAST_NAME, _A.FIRST_NAME, _A.MIDDLE_NAME, _A.SUFFIX}
_TABLE_KINDS = {_A.NAME, _A.MRN, _A.BIRTH_DATE}
"""What may stand in many rows under one label: a list of patients."""
_MAX_ROWS = 40
_MAX_DROP = 2.4
"""How far, in line heights, a value may stand below its label."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of pieces where a value may begin."""

    start: int
    end: int
    strength: float


def read_label_values(
    layout: PageLayout,
    labels: Sequence[FoundLabel],
    roles: Sequence[Role],
    *,
    today: dt.date,
) -> list[Claim]:
    """Return what the labels of a page announce."""
    starts = {label.start for label in labels}
    captions = _find_captions(layout, labels, roles, starts, today)
    claims: list[Claim] = []
    taken: set[int] = {piece for label in labels for piece in range(label.start, label.end)}
    for number, (found, role) in enumerate(zip(labels, roles, strict=True)):
        for attribute in found.attributes:
            if attribute in (_A.STOP, _A.SECTION):
                continue
            is_caption = layout.pieces[found.start].line in captions
            for claim in _read_one(
                layout, labels, number, attribute, role, starts, taken, today, is_caption=is_caption
            ):
                claims.append(claim)
                taken.update(claim.pieces() if len(found.attributes) == 1 else ())
    return claims


def _read_one(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, attribute: Attribute, role: Role,
    starts: set[int], taken: set[int], today: dt.date, *, is_caption: bool,
) -> Iterator[Claim]:  # fmt: skip
    """Yield the value of one attribute of one label: one, or a column of them."""
    found = labels[number]
    if is_caption:
        above = _above(layout, labels, number, starts, taken)
        claim = (
            _claim_in(layout, above, attribute, found, role, today=today, searches=False) if above else None
        )
        if claim is not None and not taken.intersection(claim.pieces()):
            yield claim
        return
    is_first = attribute is found.attributes[0]
    right = _right_of(layout, labels, number)
    below = _below(layout, labels, number, starts)
    prefers_below = not found.is_marked and _is_over_values(layout, labels, number, right, below)
    for region in (below, right) if prefers_below else (right, below):
        if region is None or region.start in taken:
            continue
        if region is right and not is_first:
            region = Region(region.start, region.end, region.strength * 0.98)
        claim = _claim_in(layout, region, attribute, found, role, today=today, searches=not is_first)
        if claim is None or taken.intersection(claim.pieces()):
            continue
        yield claim
        if region is below and attribute in _TABLE_KINDS and role.owner is Owner.PATIENT:
            yield from _rows_below(layout, labels, number, attribute, role, starts, claim, today)
        return


def _find_captions(
    layout: PageLayout, labels: Sequence[FoundLabel], roles: Sequence[Role], starts: set[int], today: dt.date
) -> set[int]:
    """Return the lines of labels that are captions under what was filled in above them.

    A line of nothing but labels without colons may go with the line below or above: it goes with the
    one where more of its labels find a value of their kind.
    """
    rows: dict[int, list[int]] = {}
    for number, found in enumerate(labels):
        rows.setdefault(layout.pieces[found.start].line, []).append(number)
    captions = set()
    for line, numbers in rows.items():
        own = {n for number in numbers for n in range(labels[number].start, labels[number].end)}
        marked = any(
            labels[number].is_marked and layout.text(labels[number].end - 1, labels[number].end).endswith(":")
            for number in numbers
        )
        if marked or own != set(range(*layout.lines[line])):
            continue
        above = below = 0
        for number in numbers:
            for attribute in labels[number].attributes:
                over = _above(layout, labels, number, starts, own)
                under = _below(layout, labels, number, starts)
                above += _fits(layout, over, attribute, labels[number], roles[number], today)
                below += _fits(layout, under, attribute, labels[number], roles[number], today)
        if above > below:
            captions.add(line)
    return captions


def _fits(
    layout: PageLayout,
    region: Region | None,
    attribute: Attribute,
    found: FoundLabel,
    role: Role,
    today: dt.date,
) -> bool:
    """Say whether a region holds a value of an attribute."""
    if region is None or attribute in (_A.STOP, _A.SECTION):
        return False
    return _claim_in(layout, region, attribute, found, role, today=today, searches=False) is not None


def _right_of(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> Region | None:
    """Return what follows a label on its line, up to the next label."""
    found = labels[number]
    end = layout.line_of(found.start)[1]
    if number + 1 < len(labels):
        end = min(end, labels[number + 1].start)
    if found.end >= end:
        return None
    strength = 0.97 if found.is_marked else 0.9
    if not found.is_exact:
        strength *= 0.96
    return Region(found.end, end, strength)


def _below(
    layout: PageLayout,
    labels: Sequence[FoundLabel],
    number: int,
    starts: set[int],
    *,
    line: int | None = None,
) -> Region | None:
    """Return what stands under a label in its column: on one of the next lines, or on ``line``.

    Lines of another column may lie between, so the nearest line that has something there counts.
    """
    bottom = layout.pieces[labels[number].end - 1].box[3]
    row = layout.pieces[labels[number].start].line + 1
    if line is not None:
        return _in_column(layout, labels, number, starts, line)[0] if line < len(layout.lines) else None
    while row < len(layout.lines):
        top = min(layout.pieces[n].box[1] for n in range(*layout.lines[row]))
        if top - bottom > _MAX_DROP * layout.height:
            return None
        region, is_empty = _in_column(layout, labels, number, starts, row)
        if not is_empty:
            return region
        row += 1
    return None


def _in_column(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, starts: set[int], row: int
) -> tuple[Region | None, bool]:
    """Return what a line has in the column of a label, and whether it has nothing at all there."""
    found = labels[number]
    last = layout.pieces[found.end - 1]
    left, right = _column(layout, labels, number)
    has_neighbours = _has_neighbours(layout, labels, number)
    start, end = layout.lines[row]
    for at in range(start, end):
        piece = layout.pieces[at]
        if piece.box[0] < left:
            continue
        if piece.box[0] >= right or piece.box[0] > last.box[2] + 3 * layout.letter:
            return None, True
        if at in starts or (not piece.starts_cell and piece.gap < (1.3 if has_neighbours else CELL_GAP)):
            return None, False
        stop = at + 1
        while stop < end and layout.pieces[stop].box[0] < right and stop not in starts:
            stop += 1
        strength = 0.93 if has_neighbours else 0.86
        if found.is_marked and not has_neighbours:
            strength = 0.82
        return Region(at, stop, strength if found.is_exact else strength * 0.96), False
    return None, True


def _column(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> tuple[float, float]:
    """Return where the column under a label begins and ends."""
    first = layout.pieces[labels[number].start]
    left, right = first.box[0] - 2 * layout.letter, 2.0
    if number and layout.pieces[labels[number - 1].start].line == first.line:
        left = max(left, layout.pieces[labels[number - 1].end - 1].box[2] - layout.letter)
    if number + 1 < len(labels):
        following = layout.pieces[labels[number + 1].start]
        if following.line == first.line:
            right = following.box[0] - layout.letter
    return left, right


def _has_neighbours(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> bool:
    """Say whether another label stands on the same line with nothing between: a head row."""
    found = labels[number]
    after = number + 1 < len(labels) and labels[number + 1].start == found.end
    before = number > 0 and labels[number - 1].end == found.start
    same_line = layout.line_of(found.start)
    return (after and labels[number + 1].start < same_line[1]) or (
        before and labels[number - 1].start >= same_line[0]
    )


def _is_over_values(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, right: Region | None, below: Region | None
) -> bool:
    """Say whether a label without a colon rather stands over its value than before it."""
    if below is None:
        return False
    if right is None or _has_neighbours(layout, labels, number):
        return True
    gap = layout.pieces[right.start].gap
    offset = abs(layout.pieces[below.start].box[0] - layout.pieces[labels[number].start].box[0])
    return gap > 5.0 and offset < 2.5 * layout.letter


def _above(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, starts: set[int], taken: set[int]
) -> Region | None:
    """Return what stands over a label that is a caption under a line to write on."""
    found = labels[number]
    first, last = layout.pieces[found.start], layout.pieces[found.end - 1]
    line_start, line_end = layout.line_of(found.start)
    if first.line == 0 or any(at not in taken for at in range(line_start, line_end)):
        return None
    left, right = _column(layout, labels, number)
    start, end = layout.lines[first.line - 1]
    if (
        first.box[1] - layout.pieces[start].box[3] > _MAX_DROP * layout.height
        or taken.intersection(range(start, end)) & starts
    ):
        return None
    inside = [
        at
        for at in range(start, end)
        if left <= layout.pieces[at].box[0] < min(right, last.box[2] + layout.letter)
    ]
    if not inside or not layout.pieces[inside[0]].starts_cell:
        return None
    return Region(inside[0], inside[-1] + 1, 0.75)


def _rows_below(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, attribute: Attribute, role: Role,
    starts: set[int], first: Claim, today: dt.date,
) -> Iterator[Claim]:  # fmt: skip
    """Yield the further rows of a list of patients under one head row."""
    if not _has_neighbours(layout, labels, number):
        return
    line = layout.pieces[first.start].line
    bottom = layout.pieces[first.start].box[3]
    for row in range(line + 1, min(line + _MAX_ROWS, len(layout.lines))):
        region = _below(layout, labels, number, starts, line=row)
        if region is None or layout.pieces[region.start].box[1] - bottom > 3.5 * layout.height:
            return
        claim = _claim_in(layout, region, attribute, labels[number], role, today=today, searches=False)
        if claim is None:
            return
        bottom = layout.pieces[region.start].box[3]
        yield claim


def _claim_in(
    layout: PageLayout, region: Region, attribute: Attribute, found: FoundLabel, role: Role, *,
    today: dt.date, searches: bool,
) -> Claim | None:  # fmt: skip
    """Return what of an attribute begins in a region; ``searches``: not only at its first piece."""
    last_start = min(region.end, region.start + 6) if searches else region.start + 1
    for at in range(region.start, last_start):
        claim = _claim_at(layout, at, region, attribute, found, role, today)
        if claim is not None:
            return claim
    return None


def _claim_at(
    layout: PageLayout, at: int, region: Region, attribute: Attribute, found: FoundLabel, role: Role,
    today: dt.date,
) -> Claim | None:  # fmt: skip
    owner = role.owner
    if attribute in {_A.NAME, _A.RE} | _NAME_PARTS and owner not in (Owner.FACILITY, Owner.OTHER):
        return _name_claim(layout, at, region, attribute, found, role)
    value = _take_value(layout, at, region.end, attribute, owner, found, today)
    if value is None:
        return None
    extra: tuple[int, ...] = ()
    text = value.value
    if attribute is _A.ADDRESS and "," not in text and (city := city_below(layout, value)):
        extra, text = tuple(range(city.start, city.end)), f"{text}, {city.value}"
    return Claim(
        kind=kind_of(attribute, owner),
        attribute=attribute,
        owner=owner,
        start=value.start,
        end=value.end,
        value=text,
        strength=region.strength * value.quality,
        is_sure_owner=role.is_sure,
        label=layout.text(found.start, found.end).upper(),
        extra=extra,
    )


def _name_claim(
    layout: PageLayout, at: int, region: Region, attribute: Attribute, found: FoundLabel, role: Role
) -> Claim | None:
    is_part = attribute in _NAME_PARTS
    few = 1 if is_part or role.owner is Owner.PROVIDER else 2
    name = take_name(layout, at, region.end, last_first=found.label.last_first, min_words=few)
    if name is None or name.start > at + 2:
        return None
    owner = role.owner
    if owner is Owner.PROVIDER and not name.name.first and not name.is_provider:
        return None
    if owner is Owner.PATIENT and name.is_provider:
        owner = Owner.PROVIDER
    strength = region.strength * name.quality
    if not found.is_marked and not name.has_comma and not is_part:
        strength *= 0.93
    return Claim(
        kind=None if is_part else kind_of(_A.NAME, owner),
        attribute=attribute,
        owner=owner,
        start=name.start,
        end=name.end,
        value=layout.text(name.start, name.end) if is_part else str(name.name),
        strength=strength,
        is_sure_owner=role.is_sure,
        label=layout.text(found.start, found.end).upper(),
        name=name.name,
    )


def _take_value(
    layout: PageLayout,
    at: int,
    limit: int,
    attribute: Attribute,
    owner: Owner,
    found: FoundLabel,
    today: dt.date,
) -> FoundValue | None:
    match attribute:
        case _A.BIRTH_DATE:
            return take_date(layout, at, limit, today=today, is_birth=True)
        case _A.SERVICE_DATE | _A.OTHER_DATE | _A.DATE | _A.ADMISSION_DATE | _A.DISCHARGE_DATE:
            return take_date(layout, at, limit, today=today)
        case _A.SEX:
            return take_sex(layout, at, limit) or take_age_and_sex(layout, at, limit, needs_age=True)
        case _A.SSN:
            folded = layout.text(found.start, found.end).upper()
            return take_ssn(layout, at, limit, only_last="4" in folded or "FOUR" in folded)
        case _A.PHONE:
            return take_phone(layout, at, limit)
        case _A.MRN | _A.ENCOUNTER:
            return take_number(layout, at, limit)
        case _A.OTHER_NUMBER:
            return take_phone(layout, at, limit) or take_number(layout, at, limit, min_digits=3)
        case _A.ADDRESS:
            return take_address(layout, at, limit)
        case _A.CITY:
            return take_city(layout, at, limit)
        case _A.NAME if owner is Owner.FACILITY:
            return _take_institution(layout, at, limit)
        case _:
            return None


def _take_institution(layout: PageLayout, at: int, limit: int) -> FoundValue | None:
    """Take the words of a cell as an institution's name."""
    end = at
    while end < limit and (end == at or layout.pieces[end].gap < CELL_GAP):
        if any(char.isdigit() for char in layout.pieces[end].text):
            break
        end += 1
    text = layout.text(at, end).strip(" ,:;.-")
    words = text.split()
    is_prose = any(word[0].islower() for word in words if len(word) > 3)
    if len(words) < 2 or sum(char.isalpha() for char in text) < 6 or not text[0].isupper() or is_prose:
        return None
    return FoundValue(at, end, text, 0.9)
