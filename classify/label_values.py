"""What the labels of a page announce: for each, the place and the value that fit it best."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from classify.claims import Claim
from classify.label_claims import claim_in
from classify.label_kinds import Attribute, Owner
from classify.label_places import (
    Region,
    above_label,
    below_label,
    has_neighbours,
    is_over_values,
    right_of,
)
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.roles import Role

_A = Attribute
_TABLE_KINDS = {_A.NAME, _A.MRN, _A.BIRTH_DATE}
"""What may stand in many rows under one label: a list of patients."""
_MAX_ROWS = 40


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
        above = above_label(layout, labels, number, starts, taken)
        claim = (
            claim_in(layout, above, attribute, found, role, today=today, searches=False) if above else None
        )
        if claim is not None and not taken.intersection(claim.pieces()):
            yield claim
        return
    is_first = attribute is found.attributes[0]
    right = right_of(layout, labels, number)
    below = below_label(layout, labels, number, starts)
    prefers_below = not found.is_marked and is_over_values(layout, labels, number, right, below)
    if attribute is _A.RE and right is not None:
        below = None  # the subject of a letter stands behind the word, whatever it is
    for region in (below, right) if prefers_below else (right, below):
        if region is None or region.start in taken:
            continue
        if region is right and not is_first:
            region = Region(region.start, region.end, region.strength * 0.98)
        claim = claim_in(
            layout, region, attribute, found, role, today=today, searches=not is_first, barred=starts
        )
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
                over = above_label(layout, labels, number, starts, own)
                under = below_label(layout, labels, number, starts)
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
    return claim_in(layout, region, attribute, found, role, today=today, searches=False) is not None


def _rows_below(
    layout: PageLayout, labels: Sequence[FoundLabel], number: int, attribute: Attribute, role: Role,
    starts: set[int], first: Claim, today: dt.date,
) -> Iterator[Claim]:  # fmt: skip
    """Yield the further rows of a list of patients under one head row."""
    if not has_neighbours(layout, labels, number):
        return
    line = layout.pieces[first.start].line
    bottom = layout.pieces[first.start].box[3]
    for row in range(line + 1, min(line + _MAX_ROWS, len(layout.lines))):
        region = below_label(layout, labels, number, starts, line=row)
        if region is None or layout.pieces[region.start].box[1] - bottom > 3.5 * layout.height:
            return
        claim = claim_in(layout, region, attribute, labels[number], role, today=today, searches=False)
        if claim is None:
            return
        bottom = layout.pieces[region.start].box[3]
        yield claim
