"""How the values of a form's fields come onto paper: typed on one line, broken over two, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from samples.designs.pen import measure_hand, write_by_hand
from samples.markup import InkWord
from samples.sheet import Sheet, text_width

if TYPE_CHECKING:
    from samples.designs.draft import Draft


class ValueStyle(StrEnum):
    """How values were filled in."""

    TYPED = "typed"
    WRAPPED = "wrapped"
    """Values and labels of several words stand on two lines."""
    HANDWRITTEN = "handwritten"


def break_words(words: Sequence[InkWord]) -> list[list[InkWord]]:
    """Return words on two lines that are as long as each other about."""
    total = sum(len(word.text) for word in words)
    cut = min(
        range(1, len(words)),
        key=lambda at: abs(total - 2 * sum(len(word.text) for word in words[:at])),
    )
    return [list(words[:cut]), list(words[cut:])]


def put_value(
    draft: Draft,
    sheet: Sheet,
    x: float,
    baseline: float,
    words: Sequence[InkWord],
    *,
    room: float,
    face: str = "",
) -> None:
    """Put one line of a value where it belongs, smaller where it would be wider than ``room``."""
    face, size = face or draft.style.face, draft.style.size
    if draft.values is ValueStyle.HANDWRITTEN:
        tall = size * draft.once("tall", lambda: draft.rng.uniform(0.85, 1.15))
        tall = min(tall, max(5.0, tall * room / max(measure_hand(words, tall), 1.0)))
        write_by_hand(sheet, x, baseline, words, size=tall, rng=draft.rng)
        return
    width = (
        sum(text_width(word.text, face) for word in words) + text_width(" ", face) * (len(words) - 1)
    ) * size
    if width > room > 0:
        size = max(5.0, size * room / width)
    sheet.put(x, baseline, words, face, size)
