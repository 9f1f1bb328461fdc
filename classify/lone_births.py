"""Birth dates of which the label was lost: where the patient's name stands, and what other dates say.

On paper read badly a stamp or a fold takes the label and leaves the date. In the row of the patient's name
and sex it is the birth date; so is one straight under the name that is years older than every other date of
the page. Both are guesses by place, and never sure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from backfile.domain.document import SightingKind
from classify.asides import days_between
from classify.claims import Claim
from classify.label_kinds import Attribute, Owner
from classify.labels import FoundLabel
from classify.layout import PageLayout
from classify.values import FoundValue, take_date

_K = SightingKind
_STRENGTH = 0.6
_YEAR = 365
_UNDER = 5
"""Lines under the name among which such a date may stand."""
_SIDE = 2.0
"""Letters by which it may begin beside the beginning of the name."""
_REACH = 9.0
"""Distance from the name, in letter heights."""


def find_lone_births(
    layout: PageLayout,
    claims: Sequence[Claim],
    labels: Sequence[FoundLabel],
    taken: Collection[int],
    *,
    today: dt.date,
) -> list[Claim]:
    """Return the claims of a page with the birth date that only its place tells.

    Args:
        layout: The page.
        claims: What is known of it; a lone date among them that was taken for the document's may be the one.
        labels: All labels.
        taken: Pieces that are labels or values, but for such a lone date.
        today: The day of reading.
    """
    names = [claim for claim in claims if claim.kind is _K.PATIENT_NAME]
    if len(names) != 1 or any(claim.attribute is Attribute.BIRTH_DATE for claim in claims):
        return list(claims)
    found = _in_row(layout, names[0], claims, taken, today) or _under_name(
        layout, names[0], labels, taken, today
    )
    if found is None:
        return list(claims)
    own = set(range(found.start, found.end))
    kept = [claim for claim in claims if not own.intersection(claim.pieces())]
    return [
        *kept,
        Claim(
            _K.BIRTH_DATE, Attribute.BIRTH_DATE, Owner.PATIENT, found.start, found.end, found.value,
            _STRENGTH * found.quality, labelled=False,
        ),
    ]  # fmt: skip


def _in_row(
    layout: PageLayout, name: Claim, claims: Sequence[Claim], taken: Collection[int], today: dt.date
) -> FoundValue | None:
    """Return the only date in the row of the name, where the patient's sex stands there as well."""
    start, end = layout.line_of(name.start)
    is_sexed = any(claim.kind is _K.SEX and start <= claim.start < end for claim in claims) or any(
        layout.pieces[at].text in ("M", "F") and layout.pieces[at].starts_cell for at in range(start, end)
    )
    dates = _dates_in(layout, range(name.end, end), taken, today)
    return dates[0] if is_sexed and len(dates) == 1 else None


def _under_name(
    layout: PageLayout, name: Claim, labels: Sequence[FoundLabel], taken: Collection[int], today: dt.date
) -> FoundValue | None:
    """Return the date straight under the name that is years older than all others of the page."""
    first = layout.pieces[name.start]
    rows = layout.lines[first.line + 1 : first.line + 1 + _UNDER]
    near = [
        at
        for start, end in rows
        for at in range(start, end)
        if abs(layout.pieces[at].box[0] - first.box[0]) <= _SIDE * layout.letter
        and layout.pieces[at].box[1] - first.box[1] <= _REACH * layout.height
    ]
    dates = _dates_in(layout, near, taken, today)
    if len(dates) != 1 or any(label.end == dates[0].start for label in labels):
        return None
    everywhere = _dates_in(layout, range(len(layout.pieces)), (), today, in_cells=False)
    others = [date.value for date in everywhere if date.start != dates[0].start]
    is_old = all(days_between(dates[0].value, other) > _YEAR for other in others)
    return dates[0] if others and is_old else None


def _dates_in(
    layout: PageLayout,
    places: Sequence[int],
    taken: Collection[int],
    today: dt.date,
    *,
    in_cells: bool = True,
) -> list[FoundValue]:
    """Return the whole dates that begin at one of some places, each at the beginning of a cell if asked."""
    found = []
    for at in places:
        if at in taken or (in_cells and not layout.pieces[at].starts_cell):
            continue
        date = take_date(layout, at, layout.line_of(at)[1], today=today)
        if date is not None and date.start == at and date.quality == 1.0:
            found.append(date)
    return found
