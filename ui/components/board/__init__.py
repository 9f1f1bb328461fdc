"""Figures and tables of which each line opens something; drawn in place, so they can be live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

import streamlit as st

from ui.components.sources import join_parts

_HERE = Path(__file__).parent
_board = st.components.v2.component(
    "backfile_board",
    html=join_parts(_HERE, "board.html"),
    css=join_parts(_HERE, "board.css"),
    js=join_parts(_HERE, "board.js"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One figure."""

    label: str
    value: str
    note: str = ""
    key: str = ""
    """What it opens; "" opens nothing."""
    tone: str = ""
    """``good``, ``warn``, ``bad`` or ""."""
    pressed: bool | None = None


@dataclass(frozen=True, slots=True)
class Cards:
    """Figures side by side."""

    items: tuple[Card, ...]
    kind: str = "cards"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word on a coloured ground."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Sub:
    """A smaller line under a cell's text."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class StepCell:
    """One step of several, done or not."""

    label: str
    done: bool
    progress: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with more than a text."""

    text: str = ""
    symbol: str = ""
    tone: str = ""
    key: str = ""
    bar: float | None = None
    """Length of a bar, 0..1."""
    sub: tuple[Sub, ...] = ()
    badges: tuple[Badge, ...] = ()
    steps: tuple[StepCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    label: str
    align: str = ""
    """``right``, ``nowrap`` or ""."""
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table."""

    cells: tuple[str | Cell, ...]
    key: str = ""
    """What it opens; "" opens nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    title: str = ""
    note: str = ""
    empty: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str
    tone: str = ""
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Side:
    """Blocks side by side where there is room."""

    blocks: tuple[Table | Note, ...] = field(default=())
    kind: str = "row"


Block: TypeAlias = Cards | Table | Note | Side


def show_board(key: str, blocks: Sequence[Block], *, on_open: Callable[[str], None] | None = None) -> None:
    """Show blocks under one another.

    Args:
        key: of this place on the screen.
        blocks: what to show.
        on_open: called with the key of what was clicked, before the screen is run again.
    """

    def hand_on() -> None:
        opened = st.session_state[key].get("open")
        if isinstance(opened, str) and on_open is not None:
            on_open(opened)

    _board(
        key=key,
        data={"blocks": [_plain(asdict(block)) for block in blocks]},
        on_open_change=hand_on,
        height="content",
    )


def _plain(value: object) -> object:
    """Leave out what is empty, and what has no value, so that little is sent."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one not in (None, "", ())}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
