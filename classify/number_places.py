"""What the words before a number say of it: a sign of something else, a state, letters that belong to it."""

from __future__ import annotations

import re

from classify.addresses import STATES
from classify.layout import PageLayout
from classify.values import FoundValue

_INSIDE = 1.3
"""Space, in letters, that may stand inside a number."""
_OWN_LETTERS = re.compile(r"(?!(?:MR|ID|NO|PT|YR|YO|MRN)$)[A-Z]{2,3}")
_NUMBER_SIGN = re.compile(r"^(?:no\.?:?|nr\.?:?|number:?|#:?)$", re.IGNORECASE)


def is_numbered_otherwise(layout: PageLayout, at: int) -> bool:
    """Say whether a number stands behind a sign that is no label we know: "Path No. S92-4410"."""
    start = layout.line_of(at)[0]
    if at - 1 <= start or not _NUMBER_SIGN.match(layout.pieces[at - 1].text):
        return False
    return not layout.pieces[at - 1].starts_cell and not layout.pieces[at].starts_cell


def has_letters_before(layout: PageLayout, at: int) -> bool:
    """Say whether letters stand right before a number that may be a part of it: "OB 4029-88"."""
    piece, before = layout.pieces[at], layout.pieces[at - 1]
    is_apart = at == layout.line_of(at)[0] or piece.gap > _INSIDE
    return not is_apart and before.starts_cell and bool(_OWN_LETTERS.fullmatch(before.text))


def is_zip(layout: PageLayout, number: FoundValue) -> bool:
    """Say whether a number is the ZIP code of an address: it stands behind a state."""
    before = layout.pieces[number.start - 1].text.strip(".,") if number.start else ""
    return before in STATES and len(number.value) in (5, 9)
