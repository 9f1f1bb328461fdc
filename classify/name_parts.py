"""Names that a form asks for in parts: "Last name: SMITH  First: JOHN  MI: A"."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.names import normalize_suffix
from backfile.domain.patient import PersonName
from classify.claims import Claim, kind_of
from classify.label_kinds import Attribute
from classify.layout import PageLayout

_A = Attribute
_PARTS = (_A.LAST_NAME, _A.FIRST_NAME, _A.MIDDLE_NAME, _A.SUFFIX)
_MAX_LINES = 3


def join_name_parts(layout: PageLayout, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with the parts of each name joined to one; parts that stand alone are dropped."""
    parts = [claim for claim in claims if claim.attribute in _PARTS]
    joined = [claim for claim in claims if claim.attribute not in _PARTS]
    used: set[int] = set()
    for last in parts:
        if last.attribute is not _A.LAST_NAME or last.start in used:
            continue
        first = _nearest(layout, last, parts, _A.FIRST_NAME, used)
        if first is None:
            continue
        middle = _nearest(layout, last, parts, _A.MIDDLE_NAME, used)
        suffix = _nearest(layout, last, parts, _A.SUFFIX, used)
        second = _second_last(layout, last, parts)
        group = [claim for claim in (last, second, first, middle, suffix) if claim is not None]
        used.update(claim.start for claim in group)
        name = PersonName(
            " ".join(claim.value.strip(" ,") for claim in (last, second) if claim is not None),
            first.value.strip(" ,"),
            middle.value.strip(" ,") if middle else "",
            normalize_suffix(suffix.value) if suffix else "",
        )
        joined.append(
            Claim(
                kind=kind_of(_A.NAME, last.owner),
                attribute=_A.NAME,
                owner=last.owner,
                start=last.start,
                end=last.end,
                value=str(name),
                strength=min(claim.strength for claim in group),
                is_sure_owner=last.is_sure_owner,
                name=name,
                extra=tuple(n for claim in group[1:] for n in range(claim.start, claim.end)),
            )
        )
    return joined


def _nearest(
    layout: PageLayout, last: Claim, parts: Sequence[Claim], attribute: Attribute, used: set[int]
) -> Claim | None:
    """Return the part of the same owner that stands nearest, not farther than a few lines."""
    line = layout.pieces[last.start].line
    near = [
        claim
        for claim in parts
        if claim.attribute is attribute
        and claim.owner is last.owner
        and claim.start not in used
        and abs(layout.pieces[claim.start].line - line) <= _MAX_LINES
    ]
    return min(near, key=lambda claim: abs(claim.start - last.start), default=None)


def _second_last(layout: PageLayout, last: Claim, parts: Sequence[Claim]) -> Claim | None:
    """Return the second last name of somebody: "1er Apellido" and "2.º Apellido" on one line."""
    line = layout.pieces[last.start].line
    for claim in parts:
        if claim.attribute is _A.LAST_NAME and claim.start > last.start and "APELLIDO" in claim.label:
            return claim if layout.pieces[claim.start].line == line and claim.owner is last.owner else None
    return None
