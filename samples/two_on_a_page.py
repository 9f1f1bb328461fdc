"""Pages that bear two patients: the label of another on the paper, and lists."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.document import FieldName
from samples.charts import site_of
from samples.documents import LaidDocument, collect_fields, draw_service_date, lay_page
from samples.families import FamilySplit
from samples.heads import draw_sticker
from samples.registrar import SamplePatient
from samples.scribe import Scribe
from samples.sheet import LETTER, Op, RectOp, Sheet, TextOp, text_width

_LIST_TITLES = (
    "DAILY CENSUS", "OPERATING ROOM SCHEDULE", "WARD ROUND LIST", "CLINIC SCHEDULE", "SPECIMEN LOG",
    "TRANSFER LIST", "DIALYSIS UNIT DAY SHEET", "BED BOARD",
)  # fmt: skip
_TEXT_SIZE = 9.0


def _write(
    rng: random.Random, person: SamplePatient, families: FamilySplit, *, like: Scribe | None = None
) -> Scribe:
    scribe = Scribe(
        rng,
        person,
        families=families,
        facility=site_of(families),
        date=like.day if like else draw_service_date(rng, person),
    )
    if like is not None:
        scribe.markup, scribe.habits = like.markup, like.habits
    return scribe


def _tell(person: SamplePatient) -> dict[FieldName, str]:
    """Return what identifies somebody."""
    return {
        FieldName.PATIENT_NAME: str(person.name),
        FieldName.BIRTH_DATE: person.birth_date.isoformat(),
        FieldName.MRN: person.mrn,
    }


def stick_label(
    rng: random.Random, document: LaidDocument, other: SamplePatient, families: FamilySplit
) -> tuple[LaidDocument, dict[FieldName, str]]:
    """Stick another patient's label on the first page, over what is printed there."""
    page = document.pages[0]
    scribe = _write(rng, other, families)
    lines = draw_sticker(scribe, {"name", "mrn", "birth_date"})
    size = rng.uniform(7.8, 9.6)
    label = Sheet(scribe.markup, (page.width, page.height))
    width = max(label.measure(line, "Helvetica", size) for line in lines) + 14
    height = (len(lines) + 1) * size * 1.22
    x = rng.uniform(30, max(31, page.width - width - 30))
    y = rng.choice((rng.uniform(200, 330), rng.uniform(480, page.height - height - 60)))
    edge = (x, y, x + width, y + height)
    label.rect(*edge, width=0.8)
    for at, line in enumerate(lines):
        label.put(
            x + 6, y + (at + 1.1) * size * 1.22, line, "Helvetica-Bold" if not at else "Helvetica", size
        )
    printed = lay_page(label, 1)
    relative = (edge[0] / page.width, edge[1] / page.height, edge[2] / page.width, edge[3] / page.height)
    bare = _cover(page.ops, edge)
    kept = [
        at
        for at, word in enumerate(page.words)
        if word.box[2] <= relative[0]
        or word.box[0] >= relative[2]
        or word.box[3] <= relative[1]
        or word.box[1] >= relative[3]
    ]
    place = {at: n for n, at in enumerate(kept)}
    words = (*(page.words[at] for at in kept), *printed.words)
    sightings = [
        replace(s, words=tuple(place[at] for at in s.words))
        for s in page.sightings
        if set(s.words) <= place.keys()
    ]
    own = tuple(sightings)
    sightings += [replace(s, words=tuple(at + len(kept) for at in s.words)) for s in printed.sightings]
    mixed = replace(page, ops=(*bare, *printed.ops), words=words, sightings=tuple(sightings))
    fields = collect_fields([replace(page, sightings=own)])
    return replace(document, pages=(mixed,), fields=fields), _tell(other)


def _cover(ops: Sequence[Op], edge: tuple[float, float, float, float]) -> list[Op]:
    """Return what can still be seen beside a label: text is cut by words, lines go on at its edge."""
    x0, y0, x1, y1 = edge
    seen: list[Op] = []
    for op in ops:
        if isinstance(op, TextOp) and y0 - 2 < op.baseline < y1 + op.size * 0.8:
            at = op.x
            for word in op.text.split(" "):
                sheet_width = _width(word, op)
                if at + sheet_width <= x0 or at >= x1:
                    seen.append(replace(op, x=at, text=word))
                at += sheet_width + _width(" ", op)
        elif (
            isinstance(op, RectOp)
            and op.fill is not None
            and op.x0 < x1
            and op.x1 > x0
            and op.y0 < y1
            and op.y1 > y0
        ):
            continue
        else:
            seen.append(op)
    return seen


def _width(text: str, op: TextOp) -> float:
    return text_width(text, op.face) * op.size


def list_patients(
    rng: random.Random, person: SamplePatient, other: SamplePatient, families: FamilySplit
) -> tuple[LaidDocument, dict[FieldName, str]]:
    """Print a list with two patients, as a table or as a block for each."""
    first = _write(rng, person, families)
    second = _write(rng, other, families, like=first)
    sheet = Sheet(first.markup, LETTER)
    margin = rng.uniform(40, 60)
    sheet.put(306, 60, first.facility_name(), "Helvetica-Bold", 13, align="center")
    sheet.put(306, 82, rng.choice(_LIST_TITLES), "Helvetica-Bold", 12, align="center")
    sheet.put(margin, 104, f"{first.label('service_date')}: {first.service_date()}", "Helvetica", _TEXT_SIZE)
    y = 130.0
    if rng.random() < 0.5:
        columns = (margin, margin + 175, margin + 265, margin + 350, margin + 430)
        heads = (
            first.label("name"),
            first.label("mrn"),
            first.label("birth_date"),
            first.label("sex"),
            "Service",
        )
        for x, head in zip(columns, heads, strict=True):
            sheet.put(x, y, head, "Helvetica-Bold", _TEXT_SIZE)
        sheet.line(margin, y + 4, 612 - margin, y + 4)
        for scribe in (first, second):
            y += 20
            row = (
                scribe.name("{L}, {F} {M} {S}"),
                scribe.mrn(),
                scribe.birth_date(),
                scribe.markup_sex(),
                scribe.say("{service}"),
            )
            for x, cell in zip(columns, row, strict=True):
                sheet.put(x, y, cell, "Helvetica", _TEXT_SIZE)
    else:
        for scribe in (first, second):
            sheet.put(
                margin,
                y,
                f"{first.label('name')}: {scribe.name('{L}, {F} {M} {S}')}",
                "Helvetica-Bold",
                _TEXT_SIZE,
            )
            line = (
                f"{first.label('mrn')}: {scribe.mrn()}    {first.label('birth_date')}: {scribe.birth_date()}"
            )
            sheet.put(margin, y + 14, line, "Helvetica", _TEXT_SIZE)
            for at, told in enumerate((scribe.say("{dx}"), scribe.vitals_line(), scribe.drug())):
                sheet.put(margin + 12, y + 30 + at * 13, told, "Helvetica", _TEXT_SIZE)
            y += 30 + 3 * 13 + rng.uniform(10, 40)
    page = lay_page(sheet, 1)
    document = LaidDocument("unknown", "unknown/list", (page,), False, False, _tell(person))
    return document, _tell(other)
