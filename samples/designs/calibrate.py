"""Page designs kept for calibrating."""

from __future__ import annotations

from samples.designs.columns import Frame
from samples.designs.draft import Draft
from samples.sheet import Sheet


def open_shaded_strip(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Label cells shaded at their tops, the title in large print right of the letterhead."""
    m = d.margin
    y = 38.0
    if d.head.facility:
        d.put(sheet, m, y + 12, d.head.facility, face=d.style.bold, size=11, room=sheet.width * 0.45)
        if d.head.address and page == 1:
            d.put(sheet, m, y + 23, d.head.address, size=7.5, room=sheet.width * 0.45)
    d.put(
        sheet,
        sheet.width - m,
        y + 15,
        d.head.title,
        face=d.style.bold,
        size=14,
        align="right",
        room=sheet.width * 0.42,
    )
    y += 32
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        columns = d.once("columns", lambda: d.rng.choice([3, 4, 5])) if page == 1 else max(2, len(entries))
        y = d.cells(sheet, entries, m, sheet.width - m, y, columns=columns, height=28, shade=0.86)
    return [Frame(m, sheet.width - m, y + 7, sheet.height - 52)]


def open_memo_sheet(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A memorandum: TO, FROM, and the patient, each on a line of its own under the letterhead."""
    m = d.margin + 8
    y = d.letterhead(sheet, 38, align="right", size=13) if page == 1 else 42.0
    y = d.title(sheet, y + 6, align="left", size=16 if page == 1 else 10)
    step = d.style.size * 1.35
    if page == 1:
        for line in d.head.opening[:-1]:
            d.put(sheet, m, y + d.style.size, line)
            y += step
    entries = d.head.entries if page == 1 else d.head.short
    y = d.lines(sheet, entries, m, sheet.width - m, y + 2, columns=1, tab=True)
    for _ in range(2):
        sheet.line(m, y + 2, sheet.width - m, y + 2, width=0.7)
        y += 3
    if page == 1 and d.head.opening:
        d.put(sheet, m, y + d.style.size + 6, d.head.opening[-1])
        y += step + 6
    return [Frame(m, sheet.width - m, y + 8, sheet.height - 56)]


def open_imprint_card(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A preprinted form with an embossed plate's imprint: a few lines in capitals, without labels."""
    m = d.margin
    width = 215.0
    at_right = d.is_so("right", 0.6)
    x = sheet.width - m - width if at_right else m
    low = 40.0
    if page == 1 or d.head.short:
        low = d.sticker(
            sheet,
            x,
            40 + d.once("dy", lambda: d.rng.uniform(0, 10)),
            width,
            framed=False,
            face="Courier-Bold",
        )
    tx = m if at_right else m + width + 16
    room = sheet.width - 2 * m - width - 20
    y = 44.0
    d.put(sheet, tx, y + 11, d.head.facility, size=10, room=room)
    d.put(sheet, tx, y + 30, d.head.title, face=d.style.bold, size=13, room=room)
    y = max(y + 40, low + 4)
    sheet.rect(m - 4, 34, sheet.width - m + 4, y + 2, width=1.0)
    if page == 1:
        rest = [
            e
            for e in d.head.entries
            if e.key not in {"name", "mrn", "birth_date", "sex", "age", "age_sex", "encounter"}
        ]
        if rest:
            y = d.cells(sheet, rest, m - 4, sheet.width - m + 4, y + 2, columns=min(3, len(rest)), height=25)
    return [Frame(m, sheet.width - m, y + 8, sheet.height - 52)]


def open_side_panel(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A narrow panel down the left side with the patient, label over value; the text right of it."""
    m, width = d.margin, 132.0
    y = 40.0
    if d.head.facility and page == 1:
        d.put(
            sheet,
            sheet.width / 2,
            y + 12,
            d.head.facility,
            face=d.style.bold,
            size=13,
            align="center",
            room=sheet.width - 2 * m,
        )
        y += 20
    y = d.title(sheet, y, align="center", size=12) + 4
    entries = d.head.entries if page == 1 else d.head.short
    end = (
        d.cells(sheet, entries, m, m + width, y, columns=1, height=27, ruled=d.is_so("ruled", 0.5))
        if entries
        else y
    )
    if not d.is_so("ruled", 0.5):
        sheet.rect(m - 3, y - 2, m + width, max(end, y + 20) + 4)
    return [Frame(m + width + 14, sheet.width - m, y + 2, sheet.height - 52)]
