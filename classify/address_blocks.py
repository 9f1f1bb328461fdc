"""Addresses and telephones without a label: under the patient's name on a letter, a label or a plate.

What stands under the name of somebody known as the patient is theirs: a street and a city on two lines, or
both on one, with what else a label bears between (numbers, the birth date, the doctor).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backfile.domain.document import SightingKind
from backfile.domain.names import fold_name
from classify.addresses import take_address, take_city, take_mailing_address
from classify.claims import Claim
from classify.label_kinds import Attribute, Owner
from classify.layout import PageLayout
from classify.people import take_name
from classify.values import take_phone

_K = SightingKind
_STRENGTH = 0.8
_LINES = 6
"""Lines under a name among which its address stands."""
_SIDE = 3.0
"""Letters by which the beginnings of the lines of a block may be apart."""
_APART = 2.6
"""Distance, in letter heights, from which another block begins."""


def find_under_name(layout: PageLayout, claims: Sequence[Claim], taken: set[int]) -> list[Claim]:
    """Return the patient's address and telephone from under their name, where none is labelled.

    Args:
        layout: The page.
        claims: What is known of it.
        taken: Pieces that are labels or values.
    """
    owned = [claim for claim in claims if claim.owner is Owner.PATIENT]
    left = {_K.ADDRESS, _K.PHONE} - {claim.kind for claim in owned}
    if not left:
        return []
    found: dict[SightingKind, Claim] = {}
    names = [claim for claim in owned if claim.kind is _K.PATIENT_NAME]
    known = {frozenset(fold_name(claim.value).split()) for claim in names}
    for start in _places_of_names(layout, known):
        for at, end in _lines_under(layout, start):
            if at in taken:
                continue
            if (claim := _address_at(layout, at, end) or _phone_at(layout, at, end)) and claim.kind in left:
                found.setdefault(claim.kind, claim)
        if _K.ADDRESS in found:
            break
    return list(found.values())


def _places_of_names(layout: PageLayout, known: set[frozenset[str]]) -> Iterator[int]:
    """Yield where lines or cells begin that are the patient's name."""
    for start, end in layout.lines:
        for at in range(start, end):
            if not layout.pieces[at].starts_cell:
                continue
            name = take_name(layout, at, end)
            if name is not None and frozenset(fold_name(str(name.name)).split()) in known:
                yield at


def _lines_under(layout: PageLayout, at: int) -> Iterator[tuple[int, int]]:
    """Yield the cells under a piece, in its column, while the block lasts."""
    first = layout.pieces[at]
    bottom = first.box[3]
    for row in range(first.line + 1, min(first.line + 1 + _LINES, len(layout.lines))):
        start, end = layout.lines[row]
        for number in range(start, end):
            piece = layout.pieces[number]
            if not piece.starts_cell or abs(piece.box[0] - first.box[0]) > _SIDE * layout.letter:
                continue
            if piece.box[1] - bottom > _APART * layout.height:
                return
            bottom = piece.box[3]
            stop = number + 1
            while stop < end and not layout.pieces[stop].starts_cell:
                stop += 1
            yield number, stop
            break


def _address_at(layout: PageLayout, at: int, end: int) -> Claim | None:
    """Return the address that a cell is, or that it begins with the city under it."""
    if value := take_mailing_address(layout, at, end):
        return _claim(at, end, value, ())
    street = take_address(layout, at, end)
    if street is None or street.end < end:
        return None
    below = next(_lines_under(layout, at), None)
    city = take_city(layout, *below) if below else None
    if city is None:
        return None
    return _claim(at, end, f"{street.value}, {city.value}", tuple(range(city.start, city.end)))


def _phone_at(layout: PageLayout, at: int, end: int) -> Claim | None:
    """Return the telephone that a cell is, and nothing else."""
    phone = take_phone(layout, at, end)
    if phone is None or (phone.start, phone.end) != (at, end):
        return None
    return replace(_claim(at, end, phone.value, ()), kind=_K.PHONE, attribute=Attribute.PHONE)


def _claim(start: int, end: int, value: str, extra: tuple[int, ...]) -> Claim:
    return Claim(
        _K.ADDRESS, Attribute.ADDRESS, Owner.PATIENT, start, end, value, _STRENGTH,
        labelled=False, extra=extra,
    )  # fmt: skip
