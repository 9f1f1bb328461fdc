"""Copies of insurance cards: a card, or both its sides, on an otherwise empty sheet."""

from __future__ import annotations

from samples.designs.columns import Frame
from samples.designs.draft import Draft
from samples.sheet import Sheet


def _card(sheet: Sheet, x: float, y: float, width: float, height: float) -> Frame:
    sheet.rect(x, y, x + width, y + height, width=1.0)
    return Frame(x + 10, x + width - 10, y + 8, y + height - 6)


def open_card_top(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A card at the top left, its back under it."""
    x = d.once("x", lambda: d.rng.uniform(60, 150))
    d.title(sheet, 36, size=11)
    return [_card(sheet, x, 70, 330, 205), _card(sheet, x, 300, 330, 205), Frame(x, x + 330, 530, 740)]


def open_card_side_by_side(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Front and back beside each other under a line of the registration desk."""
    y = d.strip(sheet, d.head.entries, 40, 572, 40) + 20
    return [_card(sheet, 36, y, 262, 200), _card(sheet, 312, y, 262, 200), Frame(40, 572, y + 230, 740)]


def open_card_sticker(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A card in the middle of the sheet, the patient's label above it."""
    d.sticker(sheet, 330, 40, 220)
    return [_card(sheet, 130, 190, 350, 215), _card(sheet, 130, 430, 350, 215), Frame(130, 480, 660, 740)]


def open_card_low(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A card low on the sheet under the title of the copy."""
    y = d.letterhead(sheet, 40, align="left", size=11)
    d.title(sheet, y + 4, align="left", size=13)
    return [_card(sheet, 210, 330, 340, 210), _card(sheet, 210, 556, 340, 190)]


def open_card_stacked(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Two cards with the patient's data in ruled cells above."""
    y = d.title(sheet, 38, align="center", size=13)
    if d.head.entries:
        y = d.cells(sheet, d.head.entries, 60, 552, y + 4, columns=3)
    return [_card(sheet, 110, y + 24, 380, 220), _card(sheet, 110, y + 270, 380, 200)]


def open_card_alone(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A card at the right, nothing else but a line at the foot."""
    return [_card(sheet, 230, 90, 335, 210), _card(sheet, 230, 330, 335, 210), Frame(60, 540, 580, 730)]
