"""Whose a label is that does not say so: "DOB" under "Guarantor information" is the guarantor's.

A heading speaks for the block under it, an owner for the rest of its line. Where the context is weak
(the line before speaks of a relative, or a wide space lies between) the caller decides by what else
the page says: ``Role.is_sure`` is False then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import CELL_GAP, PageLayout
from classify.not_names import KINSHIP
from classify.titles import is_title

_A = Attribute
_PERSONAL = {
    _A.NAME, _A.LAST_NAME, _A.FIRST_NAME, _A.MIDDLE_NAME, _A.SUFFIX, _A.BIRTH_DATE, _A.SEX, _A.AGE, _A.SSN,
    _A.PHONE, _A.ADDRESS, _A.CITY, _A.STATE, _A.ZIP,
}  # fmt: skip
_INHERITED: dict[Owner, set[Attribute]] = {
    Owner.RELATIVE: _PERSONAL,
    Owner.MOTHER: _PERSONAL | {_A.MRN},
    Owner.NEWBORN: _PERSONAL | {_A.MRN},
    Owner.PROVIDER: {_A.PHONE, _A.ADDRESS, _A.CITY, _A.STATE, _A.ZIP},
    Owner.FACILITY: {_A.PHONE, _A.ADDRESS, _A.CITY, _A.STATE, _A.ZIP},
    Owner.OTHER: _PERSONAL,
}
"""What an owner's line or block says of them; the rest stays the patient's."""
_KIN = (Owner.RELATIVE, Owner.MOTHER)
_NEAR = 9.0
"""Space, in letters, up to which what follows on a line surely belongs to the owner before it."""
_PARAGRAPH = 1.9
"""Distance of lines, in line heights, from which a new block begins."""


@dataclass(frozen=True, slots=True)
class Role:
    """Whose a label is."""

    owner: Owner
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    left: float
    owner: Owner | None
    """None: a heading of something else, which ends the block before."""


def settle_roles(layout: PageLayout, labels: Sequence[FoundLabel]) -> list[Role]:
    """Return whose each label is; the patient's where nothing else is said."""
    headings = _find_headings(layout, labels)
    roles: list[Role] = []
    for number, found in enumerate(labels):
        if found.owner is not None:
            roles.append(Role(found.owner))
            continue
        if _is_of_relation(layout, labels, number):
            roles.append(Role(Owner.RELATIVE))
            continue
        on_line = _role_on_line(layout, labels, roles, number)
        if on_line is not None and (on_line.is_sure or on_line.owner is Owner.PATIENT):
            roles.append(on_line)
            continue
        by_heading = _role_by_heading(layout, headings, found)
        if by_heading is not None and _inherits(by_heading, found):
            roles.append(Role(by_heading))
        elif on_line is not None:
            roles.append(on_line)
        else:
            roles.append(_role_by_line_above(layout, labels, roles, number, headings))
    return roles


def _is_of_relation(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> bool:
    """Say whether a name without an owner is a relative's: "Name: Jo Hall   Relationship: son"."""
    if labels[number].attributes != (_A.NAME,):
        return False
    line = layout.pieces[labels[number].start].line
    for other in labels[number + 1 :]:
        if layout.pieces[other.start].line != line or other.owner is not None or _A.NAME in other.attributes:
            return False
        if layout.text(other.start, other.end).upper().startswith("REL"):
            words = layout.text(other.end, min(other.end + 2, layout.line_of(other.start)[1])).upper()
            return bool(KINSHIP.intersection(re.findall(r"[A-Z]+", words)))
    return False


def _inherits(owner: Owner, found: FoundLabel) -> bool:
    kinds = set(_INHERITED.get(owner, set()))
    return bool(kinds & set(found.attributes))


def _find_headings(layout: PageLayout, labels: Sequence[FoundLabel]) -> list[_Heading]:
    """Return headings of blocks: of owners, and others that end a block."""
    starts = {label.start for label in labels}
    headings = []
    for found in labels:
        line_end = layout.line_of(found.start)[1]
        alone = found.starts_cell and (found.end >= line_end or layout.pieces[found.end].starts_cell)
        has_value = found.is_marked and found.end < line_end and found.end not in starts
        if (found.attributes == (_A.SECTION,) and alone) or (
            found.label.is_bare_owner
            and alone
            and not has_value
            and _label_below(layout, found.start, starts)
        ):
            # "Patient Medication Profile" is the title of the page and heads no block.
            is_block = not is_title(layout.text(found.start, found.end))
            headings.append(_heading(layout, found.start, found.owner if is_block else None))
        elif found.label.is_bare_owner and found.is_marked and found.end >= line_end and found.owner in _KIN:
            # "I wish to designate as my surrogate:" over "Name ...".
            first = layout.line_of(found.start)[0]
            if not starts.intersection(range(first, found.start)) and _label_below(layout, first, starts):
                headings.append(_heading(layout, first, found.owner))
    known = {heading.line for heading in headings}
    labelled = {layout.pieces[label.start].line for label in labels}
    for line, (start, end) in enumerate(layout.lines):
        if line not in known and line not in labelled and _looks_like_heading(layout, start, end):
            headings.append(_heading(layout, start, None))
    return sorted(headings, key=lambda heading: (heading.line, heading.left))


def _heading(layout: PageLayout, piece: int, owner: Owner | None) -> _Heading:
    return _Heading(layout.pieces[piece].line, layout.pieces[piece].box[0], owner)


def _label_below(layout: PageLayout, at: int, starts: set[int]) -> bool:
    """Say whether the next line has a label under a piece, so that a heading begins with it."""
    line = layout.pieces[at].line + 1
    if line >= len(layout.lines):
        return False
    left = layout.pieces[at].box[0]
    first, end = layout.lines[line]
    return any(
        below in starts and -3 * layout.letter <= layout.pieces[below].box[0] - left <= 8 * layout.letter
        for below in range(first, end)
    )


def _looks_like_heading(layout: PageLayout, start: int, end: int) -> bool:
    """Say whether a line is a few capitalised words on their own."""
    words = [piece.text for piece in layout.pieces[start:end]]
    text = " ".join(words)
    return (
        len(words) <= 5
        and text.isupper()
        and not any(char.isdigit() for char in text)
        and sum(char.isalpha() for char in text) >= 5
        and "," not in text
    )


def _role_by_heading(layout: PageLayout, headings: Sequence[_Heading], found: FoundLabel) -> Owner | None:
    """Return the owner of the block a label stands in; None outside of any."""
    line, left = layout.pieces[found.start].line, layout.pieces[found.start].box[0]
    above = [heading for heading in headings if heading.line < line]
    if not above:
        return None
    nearest = max(heading.line for heading in above)
    row = [heading for heading in above if heading.line == nearest]
    before = [heading for heading in row if heading.left <= left + 3 * layout.letter]
    if not before:
        return None
    return max(before, key=lambda heading: heading.left).owner


def _role_on_line(
    layout: PageLayout, labels: Sequence[FoundLabel], roles: Sequence[Role], number: int
) -> Role | None:
    """Return the role by the last owner named before a label on its line; None where none is named."""
    found = labels[number]
    line = layout.pieces[found.start].line
    for earlier in range(number - 1, -1, -1):
        other = labels[earlier]
        if layout.pieces[other.start].line != line:
            return None
        if other.owner is None:
            if roles[earlier].owner is not Owner.PATIENT and _A.NAME in other.attributes:
                return roles[earlier] if _inherits(roles[earlier].owner, found) else None
            continue
        is_kin = other.owner in (Owner.RELATIVE, Owner.MOTHER)
        if not is_kin and _A.NAME not in other.attributes and other.attributes != (_A.RE,):
            continue
        if other.owner is Owner.PATIENT:
            return Role(Owner.PATIENT)
        if not _inherits(other.owner, found):
            return None
        widest = max((layout.pieces[n].gap for n in range(other.end + 1, found.start + 1)), default=0.0)
        same_block = widest <= _NEAR or _A.PHONE in found.attributes
        if other.owner is Owner.MOTHER and _is_row_of_patient(layout, labels, number):
            same_block = False  # "PATIENT   MOTHER'S NAME   DOB   UNIT NO" over their values
        return Role(other.owner, is_sure=same_block)
    return None


def _is_row_of_patient(layout: PageLayout, labels: Sequence[FoundLabel], number: int) -> bool:
    """Say whether a label stands in a row of labels over their values that begins with the patient's name."""
    line = layout.line_of(labels[number].start)
    row = [label for label in labels if line[0] <= label.start < line[1]]
    is_head = all(one.end == other.start for one, other in pairwise(row))
    first = row[0]
    return is_head and first.owner in (None, Owner.PATIENT) and _A.NAME in first.attributes


def _role_by_line_above(
    layout: PageLayout,
    labels: Sequence[FoundLabel],
    roles: Sequence[Role],
    number: int,
    headings: Sequence[_Heading],
) -> Role:
    """Return the role by an owner at the same place of a line not far above: an unsure one."""
    found = labels[number]
    piece = layout.pieces[found.start]
    if _A.NAME in found.attributes or not found.starts_cell:
        return Role(Owner.PATIENT)
    bottom = piece.box[1]
    for earlier in range(number - 1, -1, -1):
        other = labels[earlier]
        above = layout.pieces[other.start]
        if above.line == piece.line:
            continue
        if any(above.line < heading.line < piece.line for heading in headings):
            break
        if bottom - above.box[3] > _PARAGRAPH * max(layout.height, above.box[3] - above.box[1]):
            break
        if piece.line - above.line > 4:
            break
        if -CELL_GAP * layout.letter <= piece.box[0] - above.box[0] <= 6 * layout.letter:
            if other.owner is not None and other.owner is not Owner.PATIENT and _inherits(other.owner, found):
                return Role(other.owner, is_sure=False)
            if other.owner is Owner.PATIENT:
                break
            bottom = above.box[1]
    return Role(Owner.PATIENT)
