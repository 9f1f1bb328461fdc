"""What a document says, before anybody decided how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; may hold markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    lines: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and their values."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column heads."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    """Relative widths of the columns; all alike where empty."""
    grid: bool = False
    """Always ruled, such as a flowsheet."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Lines with a box to tick before each."""

    lines: tuple[tuple[bool, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Blanks:
    """Empty ruled lines, some scribbled on."""

    lines: int
    scribbled: bool = False


@dataclass(frozen=True, slots=True)
class Tracing:
    """Rows of an electrocardiogram on its grid."""

    rows: int
    rate: int
    """Beats a minute."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Lines for signatures: what stands under or beside each, signed by pen or not."""

    lines: tuple[str, ...]
    pen: bool = True


Block: TypeAlias = Para | Items | Pairs | Table | Boxes | Blanks | Tracing | SignOff


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title; "" for none."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """One document's text."""

    type: str
    sections: tuple[Section, ...]
    head: tuple[tuple[str, str], ...] = ()
    """Further labels and values for the head, beside the patient's."""
    letter: bool = False
    """It is a letter: addressee and salutation stand in ``opening``."""
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    """Small lines at the end: dictated, transcribed, cc."""
    columns: int = 1
    dense: bool = field(default=False)
    """Small print fits it: grids and long lists."""
    title: str = ""
    """Its own; "" takes one of the headings of its type."""
