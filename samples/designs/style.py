"""How the body of a document is set: faces, sizes, titles of sections, tables."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum


class Faces(StrEnum):
    """Families of type."""

    SANS = "Helvetica"
    SERIF = "Times"
    MONO = "Courier"
    WIDE = "Vera"


_BOLD = {
    Faces.SANS: ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    Faces.SERIF: ("Times-Roman", "Times-Bold", "Times-Italic"),
    Faces.MONO: ("Courier", "Courier-Bold", "Courier-Oblique"),
    Faces.WIDE: ("Vera", "VeraBd", "VeraIt"),
}


class SectionStyle(StrEnum):
    """How the title of a section looks."""

    BOLD = "bold"
    RULED = "ruled"
    UNDERLINED = "underlined"
    INLINE = "inline"
    """Before its text, on the same line."""
    BOXED = "boxed"
    BAR = "bar"
    """On a gray bar."""
    MARGIN = "margin"
    """In a column of its own, left of the text."""
    PLAIN = "plain"


class TableStyle(StrEnum):
    """How a table is ruled."""

    GRID = "grid"
    LINES = "lines"
    PLAIN = "plain"
    STRIPES = "stripes"


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one document."""

    family: Faces
    size: float
    """Points."""
    leading: float
    """Distance of lines as a multiple of the size."""
    section: SectionStyle
    table: TableStyle
    capitals: bool = False
    """Everything in capitals."""
    delimiter: str = ":"
    """After a label."""
    pair: str = "colon"
    """``colon``: value after its label; ``tab``: values under one another; ``over``: label above."""
    text_boxes: bool = False
    """Boxes to tick are typed: [X]."""
    labels: str = "asis"
    """``asis`` or ``upper``."""

    @property
    def face(self) -> str:
        """The upright face."""
        return _BOLD[self.family][0]

    @property
    def bold(self) -> str:
        """The bold face."""
        return _BOLD[self.family][1]

    @property
    def italic(self) -> str:
        """The slanted face."""
        return _BOLD[self.family][2]

    def label(self, text: str) -> str:
        """Return a label as this document writes it, with its delimiter."""
        text = text.upper() if self.labels == "upper" else text
        return (
            f"{text}{self.delimiter}"
            if (text and text[-1] not in "#:.") or self.delimiter != ":"
            else f"{text}:"
        )

    def smaller(self, by: float) -> Style:
        """Return the same look in smaller print."""
        return replace(self, size=max(6.5, self.size - by))


def draw_style(rng: random.Random, families: tuple[Faces, ...], sections: tuple[SectionStyle, ...]) -> Style:
    """Draw a look out of what a page design allows."""
    family = rng.choice(families)
    mono = family is Faces.MONO
    return Style(
        family,
        round(rng.uniform(8.6, 10.4) if mono else rng.uniform(8.8, 11.5), 1),
        rng.uniform(1.6, 2.0) if rng.random() < 0.06 else rng.uniform(1.1, 1.45),
        rng.choice(sections),
        rng.choice(list(TableStyle)) if not mono else rng.choice([TableStyle.PLAIN, TableStyle.LINES]),
        capitals=mono and rng.random() < 0.4,
        delimiter=rng.choice([":", ":", ":", ":", " -", ""]),
        pair=rng.choice(["colon", "colon", "tab", "over"]) if not mono else rng.choice(["colon", "tab"]),
        text_boxes=mono or rng.random() < 0.3,
        labels="upper" if rng.random() < 0.35 else "asis",
    )
