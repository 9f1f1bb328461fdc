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


def open_card_corner(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Small copies at the right edge, the registration desk's lines in a column left of them."""
    m, x = d.margin, 330.0
    y = d.title(sheet, 40, align="left", size=12)
    if d.head.entries:
        d.lines(sheet, d.head.entries, m, x - 20, y + 6, columns=1, tab=False)
    return [_card(sheet, x, 60, 243, 190), _card(sheet, x, 275, 243, 190), Frame(m, x - 20, 480, 740)]


def open_card_enlarged(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Front and back enlarged to the width of the sheet, a fax line above."""
    if d.head.printed:
        d.put(sheet, 30, 22, d.head.printed, size=7, room=400)
    return [_card(sheet, 34, 40, 544, 140), _card(sheet, 34, 210, 544, 330), Frame(60, 540, 560, 740)]


def open_card_check_sheet(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A sheet to verify coverage on: title, cells with the patient, the card taped under them."""
    m = d.margin
    y = d.letterhead(sheet, 34, align="center", size=12)
    y = d.title(sheet, y + 2, box=d.is_so("title box", 0.5)) + 6
    if d.head.entries:
        y = d.cells(sheet, d.head.entries, m, sheet.width - m, y, columns=3)
    for at, label in enumerate(("Verified by", "Date verified", "Copay collected")):
        sheet.put(m + at * 170, 728, label, d.style.face, 8)
        sheet.line(m + at * 170 + 62, 730, m + at * 170 + 158, 730, width=0.5)
    y = max(y + 14, 190)
    return [_card(sheet, 150, y, 320, 200), _card(sheet, 150, y + 226, 320, min(200, 700 - y - 226))]


def open_card_between_rules(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Both sides between heavy rules, the patient on one line at the foot."""
    y = d.title(sheet, 44, align="right", size=12)
    sheet.line(40, y + 4, 572, y + 4, width=2.0)
    sheet.line(40, 560, 572, 560, width=2.0)
    d.strip(sheet, d.head.entries, 44, 568, 572)
    return [_card(sheet, 60, y + 24, 240, 180), _card(sheet, 318, y + 24, 240, 300)]


def open_card_true_size(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Cards in their true size, one in each upper corner of the sheet, the label under them."""
    d.sticker(sheet, 190, 330, 230, framed=d.is_so("framed", 0.5))
    return [_card(sheet, 34, 44, 262, 210), _card(sheet, 318, 44, 262, 210), Frame(60, 540, 470, 730)]


def open_card_page_foot(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A registration form above, the card copied onto its lower half."""
    y = d.letterhead(sheet, 36, align="right", size=12)
    y = d.title(sheet, y + 2, align="left", size=14)
    if d.head.entries:
        y = d.lines(sheet, d.head.entries, 44, 568, y + 4, columns=2, rule=True)
    for at in range(3):
        sheet.line(44, y + 26 + at * 20, 568, y + 26 + at * 20, width=0.4)
    return [_card(sheet, 40, 430, 262, 220), _card(sheet, 312, 430, 262, 220), Frame(44, 568, 664, 750)]
