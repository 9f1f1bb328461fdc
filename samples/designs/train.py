"""Page designs that models may be trained on."""

from __future__ import annotations

from samples.designs.columns import Frame
from samples.designs.draft import Draft
from samples.sheet import Sheet


def _body(d: Draft, sheet: Sheet, top: float) -> list[Frame]:
    return [Frame(d.margin, sheet.width - d.margin, top + 6, sheet.height - 52)]


def open_boxed_form(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A form: title in a box, ruled cells with the label over its value."""
    m = d.margin
    if page == 1:
        y = d.letterhead(sheet, 38, align="center")
        y = d.title(sheet, y + 4, box=d.is_so("title box", 0.5)) + 5
        columns = d.once("columns", lambda: d.rng.choice([2, 3, 3, 4]))
        return _body(d, sheet, d.cells(sheet, d.head.entries, m, sheet.width - m, y, columns=columns))
    y = d.title(sheet, 36, align="left", size=10)
    if d.head.short:
        y = d.cells(sheet, d.head.short, m, sheet.width - m, y, columns=max(2, len(d.head.short)))
    return _body(d, sheet, y)


def open_header_band(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A centred letterhead and, between two rules, labels with their values beside them."""
    m = d.margin
    y = d.letterhead(sheet, 36, size=13) if page == 1 or d.is_so("repeat letterhead", 0.4) else 40.0
    y = d.title(sheet, y + 3, size=12 if page == 1 else 10)
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        sheet.line(m, y, sheet.width - m, y, width=1.0)
        columns = d.once("columns", lambda: d.rng.choice([2, 2, 3]))
        y = d.lines(sheet, entries, m, sheet.width - m, y + 3, columns=columns, tab=d.is_so("tab", 0.6))
        sheet.line(m, y, sheet.width - m, y, width=1.0)
    return _body(d, sheet, y)


def open_dictated_letter(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A letter: date, addressee, RE line."""
    m = d.margin + 14
    step = d.style.size * 1.25
    if page > 1:
        y = 44.0
        for entry in d.head.short:
            d.put(
                sheet,
                m,
                y + d.style.size,
                entry.value if entry.key == "name" else f"{d.style.label(entry.label)} {entry.value}",
            )
            y += step
        return [Frame(m, sheet.width - m, y + step, sheet.height - 60)]
    y = d.letterhead(sheet, 40, align=d.once("align", lambda: d.rng.choice(["center", "left"])), size=15)
    sheet.line(m, y, sheet.width - m, y, width=0.8)
    y += 8
    dates = [e for e in d.head.entries if e.key == "service_date"]
    for entry in dates:
        d.put(sheet, m, y + d.style.size, entry.value)
        y += step * 1.6
    for line in d.head.opening[:-1]:
        d.put(sheet, m, y + d.style.size, line)
        y += step
    y += step * 0.7
    who = [e for e in d.head.entries if e.key != "service_date"]
    x = m + d.once("re indent", lambda: d.rng.choice([0.0, 30.0, 60.0]))
    d.put(sheet, x, y + d.style.size, "RE:", face=d.style.bold)
    x += 30
    one = d.is_so("one line", 0.4)
    if one:
        y = d.strip(
            sheet,
            [e if e.key != "name" else type(e)(e.key, "", e.value) for e in who],
            x,
            sheet.width - m,
            y,
            gap=",",
        )
    else:
        for entry in who:
            d.put(
                sheet,
                x,
                y + d.style.size,
                entry.value if entry.key == "name" else f"{d.style.label(entry.label)} {entry.value}",
                room=sheet.width - m - x,
            )
            y += step
    y = d.title(sheet, y + 6, size=11) if d.is_so("has title", 0.5) else y + 4
    if d.head.opening:
        d.put(sheet, m, y + d.style.size * 1.5, d.head.opening[-1])
        y += step * 1.6
    return [Frame(m, sheet.width - m, y + 6, sheet.height - 60)]


def open_typewriter(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A typed sheet: everything in one size, labels and values in columns made with the space bar."""
    m, step = d.margin, d.style.size * 1.2
    y = 40.0
    if page == 1 or d.is_so("repeat", 0.3):
        for line in (d.head.facility, d.head.department if page == 1 else "", d.head.title):
            if line:
                d.put(
                    sheet, sheet.width / 2, y + d.style.size, line, align="center", room=sheet.width - 2 * m
                )
                y += step
        y += step * 0.5
    elif d.head.title:
        d.put(
            sheet, m, y + d.style.size, d.head.title + " (cont'd)" if d.is_so("contd", 0.5) else d.head.title
        )
        y += step
    entries = d.head.entries if page == 1 else d.head.short
    y = d.lines(
        sheet,
        entries,
        m,
        sheet.width - m,
        y,
        columns=d.once("columns", lambda: d.rng.choice([1, 2])),
        bold_labels=False,
        tab=d.is_so("tab", 0.6),
    )
    if d.is_so("dashes", 0.5):
        count = int((sheet.width - 2 * m) / (sheet.measure("-", d.style.face, d.style.size)))
        d.put(sheet, m, y + d.style.size * 0.8, "-" * count)
        y += step
    return _body(d, sheet, y)


def open_sticker_right(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A printed form with its title at the left and the patient's label at the top right."""
    m = d.margin
    width = d.once("label width", lambda: d.rng.uniform(190, 235))
    x = sheet.width - m - width
    y = 42.0
    size = d.once("title size", lambda: d.rng.uniform(12, 16))
    if d.head.facility:
        d.put(sheet, m, y + 10, d.head.facility, size=10.5, room=x - m - 12, face=d.style.bold)
        y += 15
        if d.head.department and page == 1:
            d.put(sheet, m, y + 8, d.head.department, size=8, room=x - m - 12)
            y += 13
    d.put(sheet, m, y + size, d.head.title, face=d.style.bold, size=size, room=x - m - 12)
    y += size * 1.5
    low = 38.0
    if page == 1 or d.head.short:
        low = d.sticker(
            sheet,
            x + d.once("dx", lambda: d.rng.uniform(-6, 4)),
            36 + d.once("dy", lambda: d.rng.uniform(-2, 8)),
            width,
            framed=d.is_so("framed", 0.7),
        )
    y = max(y, low)
    if page == 1:
        rest = [
            e
            for e in d.head.entries
            if e.key not in {"name", "mrn", "birth_date", "sex", "age", "age_sex", "encounter"}
        ]
        y = d.lines(sheet, rest, m, sheet.width - m, y + 6, columns=2, rule=d.is_so("rules", 0.5))
    sheet.line(m, y + 2, sheet.width - m, y + 2, width=0.8)
    return _body(d, sheet, y + 2)


def open_lab_print(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A computer's print: run date and page at the top, dense lines of labels and values."""
    m, small = d.margin, max(7.0, d.style.size - 1)
    y = 36.0
    d.put(sheet, m, y + small, d.head.printed, size=small, room=sheet.width * 0.55)
    y += small * 1.5
    if d.head.facility:
        d.put(sheet, m, y + small, d.head.facility, size=small + 1, face=d.style.bold, room=300)
        if d.head.phones and page == 1:
            d.put(sheet, sheet.width - m, y + small, d.head.phones, size=small, align="right", room=230)
        y += small * 1.6
    entries = d.head.entries if page == 1 else d.head.short or ()
    half = -(-len(entries) // 2)
    if entries:
        sheet.rect(m, y, sheet.width - m, y + half * d.style.size * max(1.25, d.style.leading) + 8)
        y = (
            d.lines(
                sheet,
                entries,
                m + 5,
                sheet.width - m - 5,
                y + 3,
                columns=2,
                by_column=True,
                bold_labels=d.is_so("bold labels", 0.4),
            )
            + 4
        )
    y = d.title(sheet, y + 3, align="left", size=11)
    return _body(d, sheet, y)


def open_two_column(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A report set in two columns under a head across both."""
    m, gutter = d.margin, 22.0
    y = d.letterhead(sheet, 36, align="left") if page == 1 else 40.0
    y = d.title(sheet, y + 2, align="left", size=13 if page == 1 else 9.5)
    entries = d.head.entries if page == 1 else d.head.short
    if entries:
        y = (
            d.strip(
                sheet,
                entries,
                m,
                sheet.width - m,
                y,
                gap=d.once("gap", lambda: d.rng.choice(["|", " ", "•"])),
            )
            + 3
        )
    sheet.line(m, y, sheet.width - m, y, width=1.2)
    middle = sheet.width / 2
    return [
        Frame(m, middle - gutter / 2, y + 6, sheet.height - 52),
        Frame(middle + gutter / 2, sheet.width - m, y + 6, sheet.height - 52),
    ]


def open_footer_ids(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A plain sheet whose patient stands in the footer."""
    y = (
        d.letterhead(sheet, 38, align=d.once("align", lambda: d.rng.choice(["left", "center"])))
        if page == 1
        else 38.0
    )
    y = d.title(
        sheet,
        y + 6,
        size=13 if page == 1 else 10,
        align=d.once("title align", lambda: d.rng.choice(["left", "center"])),
    )
    if page == 1:
        rest = [e for e in d.head.entries if e.key not in {"name", "mrn", "birth_date"}]
        y = d.lines(
            sheet,
            rest,
            d.margin,
            sheet.width - d.margin,
            y + 3,
            columns=d.once("columns", lambda: d.rng.choice([1, 2])),
        )
    return [Frame(d.margin, sheet.width - d.margin, y + 6, sheet.height - 74)]


def close_footer_ids(d: Draft, sheet: Sheet, page: int, total: int) -> None:
    """Print the patient at the foot."""
    m, y = d.margin, sheet.height - 54
    sheet.line(m, y - 10, sheet.width - m, y - 10, width=0.6)
    entries = (
        [e for e in d.head.entries if e.key in {"name", "mrn", "birth_date", "encounter", "sex"}]
        if page == 1
        else list(d.head.short)
    )
    entries = entries[:4]
    y = d.strip(sheet, entries, m, sheet.width - m, y - 8)
    number = d.page_number(page, total)
    if number:
        d.put(sheet, sheet.width - m, sheet.height - 30, number, align="right", size=max(7, d.style.size - 2))


def open_emr_print(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A print of an electronic chart: gray bar with the patient on every page, small print."""
    m = d.margin
    small = max(7.0, d.style.size - 1.5)
    y = 34.0
    if d.head.facility and page == 1:
        d.put(sheet, m, y + small, d.head.facility, size=small, room=sheet.width / 2 - m)
        if d.head.phones:
            d.put(
                sheet,
                sheet.width - m,
                y + small,
                d.head.phones,
                size=small,
                align="right",
                room=sheet.width / 2 - m - 10,
            )
        y += small * 1.7
    entries = (
        [
            e
            for e in d.head.entries
            if e.key in {"name", "mrn", "birth_date", "sex", "age", "age_sex", "encounter"}
        ]
        if page == 1
        else list(d.head.short)
    )
    if entries:
        depth = d.style.size * 1.3 * (1 + (len(entries) > 3)) + 8
        sheet.rect(m, y, sheet.width - m, y + depth, fill=0.87)
        y = max(d.strip(sheet, entries, m + 5, sheet.width - m - 5, y + 3), y + depth - 3) + 3
    y = d.title(sheet, y + 4, align="left", size=14 if page == 1 else 10.5)
    if page == 1:
        rest = [e for e in d.head.entries if e not in entries]
        y = d.lines(
            sheet, rest, m, sheet.width - m, y, columns=2, tab=False, bold_labels=d.is_so("bold labels", 0.6)
        )
    return _body(d, sheet, y)


def open_plain_note(d: Draft, sheet: Sheet, page: int) -> list[Frame]:
    """A note without a form: the patient on one or two lines, then the title, then text."""
    m = d.margin
    y = 44.0
    entries = d.head.entries if page == 1 else d.head.short
    if d.is_so("title first", 0.5):
        y = d.title(sheet, y, align=d.once("align", lambda: d.rng.choice(["left", "center"])), size=12)
        y = d.strip(sheet, entries, m, sheet.width - m, y)
    else:
        y = d.strip(sheet, entries, m, sheet.width - m, y)
        y = d.title(sheet, y + 6, align=d.once("align", lambda: d.rng.choice(["left", "center"])), size=12)
    return _body(d, sheet, y)
