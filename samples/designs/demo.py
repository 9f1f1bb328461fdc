"""Page designs kept for the demo: nothing is trained on them."""

from __future__ import annotations

from samples.designs.columns import Frame
from samples.designs.draft import Draft
from samples.sheet import Sheet


def open_corner_table(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """The letterhead in one corner, a small table with the patient in the other."""
    m = d.margin
    middle = sheet.width * d.once("split", lambda: d.rng.uniform(0.4, 0.5))
    y = 38.0
    if d.head.facility:
        side = 26.0
        sheet.rect(m, y, m + side, y + side, fill=0.2)
        sheet.line(m + 5, y + side / 2, m + side - 5, y + side / 2, width=3)
        d.put(
            sheet,
            m + side + 7,
            y + 11,
            d.head.facility,
            face=d.style.bold,
            size=11,
            room=middle - m - side - 14,
        )
        d.put(
            sheet,
            m + side + 7,
            y + 22,
            d.head.department or d.head.address,
            size=7.5,
            room=middle - m - side - 14,
        )
    ids = {"name", "mrn", "birth_date", "sex", "age", "age_sex", "encounter"}
    first = [e for e in d.head.entries if e.key in ids] if page == 1 else list(d.head.short)
    low = d.cells(sheet, first, middle + 6, sheet.width - m, y, columns=2, height=24) if first else y
    y = d.title(sheet, max(low, y + 32) + 8, align="left", size=15 if page == 1 else 11)
    if page == 1:
        rest = [e for e in d.head.entries if e.key not in ids]
        y = d.lines(sheet, rest, m, sheet.width - m, y, columns=2)
    sheet.line(m, y + 2, sheet.width - m, y + 2, width=2.0)
    return [Frame(m, sheet.width - m, y + 8, sheet.height - 52)]


def open_dot_matrix(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """Fanfold paper: rows of stars or equal signs, fields with their colons under one another."""
    m, step = d.margin, d.style.size * 1.18
    char = d.once("char", lambda: d.rng.choice("*=-"))
    rule = char * int((sheet.width - 2 * m) / sheet.measure(char, d.style.face, d.style.size))
    y = 38.0
    d.put(sheet, m, y + d.style.size, rule)
    y += step
    for line in (d.head.facility, d.head.address if page == 1 else "", d.head.title):
        if line:
            d.put(sheet, sheet.width / 2, y + d.style.size, line, align="center", room=sheet.width - 2 * m)
            y += step
    d.put(sheet, m, y + d.style.size, rule)
    y += step
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        y = d.lines(
            sheet,
            entries,
            m,
            sheet.width - m,
            y,
            columns=d.once("columns", lambda: d.rng.choice([1, 2])),
            bold_labels=False,
            tab=True,
        )
        d.put(sheet, m, y + d.style.size, rule)
        y += step
    return [Frame(m, sheet.width - m, y + 5, sheet.height - 52)]


def open_fill_in_form(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A form with ruled blanks behind its labels, the answers typed on the rules."""
    m = d.margin
    y = d.title(sheet, 40, align="center", size=14 if page == 1 else 11)
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        y = d.lines(
            sheet,
            entries,
            m,
            sheet.width - m,
            y + 4,
            columns=d.once("columns", lambda: d.rng.choice([1, 2])),
            tab=False,
            rule=True,
            bold_labels=False,
        )
    return [Frame(m, sheet.width - m, y + 8, sheet.height - 80)]


def close_fill_in_form(d: Draft, sheet: Sheet, page: int, total: int) -> None:
    """Print the institution at the foot of the form."""
    if d.head.facility:
        d.put(
            sheet,
            sheet.width / 2,
            sheet.height - 50,
            d.head.facility,
            face=d.style.bold,
            size=9,
            align="center",
            room=sheet.width - 2 * d.margin,
        )
    d.foot(sheet, page, total)


def open_sticker_left(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """The patient's label at the top left, title and letterhead right of it."""
    m = d.margin
    width = d.once("label width", lambda: d.rng.uniform(195, 240))
    low = 36.0
    if page == 1 or d.head.short:
        low = d.sticker(
            sheet,
            m + d.once("dx", lambda: d.rng.uniform(-4, 6)),
            34 + d.once("dy", lambda: d.rng.uniform(0, 9)),
            width,
            framed=d.is_so("framed", 0.75),
        )
    x, room = sheet.width - m, sheet.width - 2 * m - width - 14
    d.put(sheet, x, 54, d.head.facility, size=10, align="right", room=room)
    d.put(sheet, x, 76, d.head.title, face=d.style.bold, size=15, align="right", room=room)
    if d.head.department and page == 1:
        d.put(sheet, x, 90, d.head.department, size=8, align="right", room=room)
    y = max(low, 94.0) + 4
    if page == 1:
        rest = [
            e
            for e in d.head.entries
            if e.key not in {"name", "mrn", "birth_date", "sex", "age", "age_sex", "encounter"}
        ]
        if rest:
            y = d.cells(sheet, rest, m, sheet.width - m, y, columns=min(len(rest), 4), height=24)
    return [Frame(m, sheet.width - m, y + 7, sheet.height - 52)]


def open_title_bar(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A heavy bar under the title, labels flush right against their values."""
    m = d.margin
    y = d.title(sheet, 38, align="left", size=17 if page == 1 else 11)
    sheet.rect(m, y, sheet.width - m, y + 5, fill=0.15)
    y += 10
    if page == 1 and d.head.facility:
        d.put(sheet, m, y + 8, d.head.facility, size=9, room=(sheet.width - 2 * m) * 0.5)
        line = d.head.phones or d.head.address
        d.put(sheet, sheet.width - m, y + 8, line, size=8, align="right", room=(sheet.width - 2 * m) * 0.46)
        y += 16
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        y = d.lines(sheet, entries, m, sheet.width - m, y, columns=2, right_labels=True, tab=True)
        sheet.line(m, y + 1, sheet.width - m, y + 1, width=0.7)
    return [Frame(m, sheet.width - m, y + 7, sheet.height - 52)]


def open_ruled_letter(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A letter whose subject stands in a small table between addressee and salutation."""
    m = d.margin + 12
    step = d.style.size * 1.25
    if page > 1:
        y = d.strip(sheet, d.head.short, m, sheet.width - m, 44, gap="/") if d.head.short else 44.0
        return [Frame(m, sheet.width - m, y + step, sheet.height - 60)]
    y = d.letterhead(sheet, 40, align="right", size=14)
    dates = [e for e in d.head.entries if e.key == "service_date"]
    for entry in dates:
        d.put(sheet, sheet.width - m, y + d.style.size + 4, entry.value, align="right")
        y += step + 4
    for line in d.head.opening[:-1]:
        d.put(sheet, m, y + d.style.size, line)
        y += step
    y = d.title(sheet, y + 8, size=12, align="left")
    who = [e for e in d.head.entries if e.key != "service_date"]
    if who:
        y = d.cells(sheet, who, m, sheet.width - m, y + 4, columns=min(3, len(who)), height=25)
    if d.head.opening:
        d.put(sheet, m, y + d.style.size + 10, d.head.opening[-1])
        y += step + 12
    return [Frame(m, sheet.width - m, y + 8, sheet.height - 60)]
