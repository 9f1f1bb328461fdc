"""What is read of one attribute where its label says that it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from classify.addresses import begins_street, go_on_with_address, take_address, take_city
from classify.claims import Claim, kind_of
from classify.label_kinds import Attribute, Owner
from classify.label_places import Region
from classify.labels import FoundLabel
from classify.layout import CELL_GAP, PageLayout
from classify.letterhead import is_institution
from classify.people import FoundName, take_name
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
from classify.wrapped import begin_above, go_on_with_name

_A = Attribute
_NAME_PARTS = {_A.LAST_NAME, _A.FIRST_NAME, _A.MIDDLE_NAME, _A.SUFFIX}


def claim_in(
    layout: PageLayout, region: Region, attribute: Attribute, found: FoundLabel, role: Role, *,
    today: dt.date, searches: bool, barred: Collection[int] = (),
) -> Claim | None:  # fmt: skip
    """Return what of an attribute begins in a region.

    Args:
        layout: The page.
        region: Where to look.
        attribute: What the label says is there.
        found: The label.
        role: Whose it is.
        today: The day of reading.
        searches: Not only at the first piece of the region.
        barred: Pieces with which labels begin, where a value on two lines ends.
    """
    last_start = min(region.end, region.start + 6) if searches else region.start + 1
    for at in range(region.start, last_start):
        claim = _claim_at(layout, at, region, attribute, found, role, today, barred)
        if claim is not None:
            return claim
    return None


def _claim_at(
    layout: PageLayout, at: int, region: Region, attribute: Attribute, found: FoundLabel, role: Role,
    today: dt.date, barred: Collection[int],
) -> Claim | None:  # fmt: skip
    owner = role.owner
    if attribute in {_A.NAME, _A.RE} | _NAME_PARTS and owner not in (Owner.FACILITY, Owner.OTHER):
        name = _name_claim(layout, at, region, attribute, found, role, barred)
        if name is not None or owner is not Owner.PROVIDER or not found.label.is_bare_owner:
            return name
        attribute = _A.OTHER_DATE  # "Ordered: 3/12/1987" without "by"
    value = _take_value(layout, at, region.end, attribute, owner, found, today)
    if value is None:
        return None
    extra: tuple[int, ...] = ()
    text = value.value
    if attribute is _A.ADDRESS and (rest := go_on_with_address(layout, value)):
        extra, text = tuple(range(rest.start, rest.end)), rest.value
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
    layout: PageLayout, at: int, region: Region, attribute: Attribute, found: FoundLabel, role: Role,
    barred: Collection[int],
) -> Claim | None:  # fmt: skip
    is_part = attribute in _NAME_PARTS
    few = 1 if is_part or role.owner is Owner.PROVIDER else 2
    name = take_name(layout, at, region.end, last_first=found.label.last_first, min_words=few)
    extra: tuple[int, ...] = ()
    if not is_part and role.owner is Owner.PATIENT:
        last_first = found.label.last_first
        wrapped = go_on_with_name(layout, at, region.end, last_first=last_first, barred=barred)
        if wrapped is None and name is not None:
            wrapped = begin_above(layout, name, last_first=last_first)
        name, extra = (wrapped.name, wrapped.extra) if wrapped else (name, ())
    if name is None or name.start > at + 2 or (not is_part and _begins_institution(layout, name)):
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
        extra=extra,
    )


def _begins_institution(layout: PageLayout, name: FoundName) -> bool:
    """Say whether a name is the beginning of a house's: "Mission Bay" of Mission Bay Medical Group."""
    end = layout.end_of_cell(name.end - 1, layout.line_of(name.start)[1])
    return end > name.end and is_institution(layout.text(name.start, end))


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
            number = take_number(layout, at, limit, labelled=attribute is _A.MRN)
            return None if number is not None and begins_street(layout, number) else number
        case _A.OTHER_NUMBER:
            return take_phone(layout, at, limit) or take_number(
                layout, at, limit, min_digits=3, labelled=True
            )
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
