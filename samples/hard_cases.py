"""Pages that mislead: somebody else's label, two patients on one sheet, empty forms, newborns, guarantors.

Ordinary charts have few of them, so a measure on ordinary charts does not see them. Each is made on purpose
here, with what is printed of whom.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import cv2

from backfile.domain.document import FieldName, SightingKind
from samples.charts import GRADES, Chart, draw_person, mrn_of, site_of
from samples.documents import LaidDocument, collect_fields, compose_document, draw_service_date, lay_page
from samples.families import FamilySplit
from samples.heads import draw_sticker
from samples.make import PATIENTS, draw_format, scan_chart
from samples.patients import make_patients
from samples.registrar import SamplePatient
from samples.scribe import Scribe
from samples.sheet import LETTER, Op, RectOp, Sheet, TextOp, text_width
from samples.truth import TrueChart, TrueDocument, TruePage

_ON_PLAIN_PAPER = {
    "progress_note", "nursing_note", "physician_orders", "history_physical", "laboratory_report",
    "operative_note", "consent", "emergency_note",
}  # fmt: skip
"""Types on whose paper a label is stuck."""
_FORMS = ("consent", "release_authorization", "advance_directive", "face_sheet")
"""Types that are kept as empty forms."""
_OF_NEWBORNS = ("progress_note", "nursing_note", "history_physical", "laboratory_report", "flowsheet")
_LIST_TITLES = (
    "DAILY CENSUS", "OPERATING ROOM SCHEDULE", "WARD ROUND LIST", "CLINIC SCHEDULE", "SPECIMEN LOG",
    "TRANSFER LIST", "DIALYSIS UNIT DAY SHEET", "BED BOARD",
)  # fmt: skip
_TEXT_SIZE = 9.0


class HardCase(StrEnum):
    """What misleads."""

    OTHER_STICKER = "other_sticker"
    """The label of another patient on the paper."""
    TWO_PATIENTS = "two_patients"
    """A list or day sheet that names two patients or more."""
    BLANK_TEMPLATE = "blank_template"
    """A form that nobody filled in, or only in part: nothing on it is anybody's."""
    NEWBORN = "newborn"
    """A newborn's page that names the mother too."""
    GUARANTOR = "guarantor"
    """A page of registration with guarantor, subscriber and emergency contact."""


@dataclass(frozen=True, slots=True)
class HardChart:
    """One such page as printed."""

    case: HardCase
    chart: Chart
    other: dict[FieldName, str]
    """What it says of the other patient; empty where there is none."""


@dataclass(frozen=True, slots=True)
class HardFile:
    """One such page as scanned."""

    case: HardCase
    truth: TrueChart
    other: dict[FieldName, str]


class EmptyHand(Scribe):
    """Writes nothing but what the printer of the form did: rules stand where answers go."""

    def name(self, order: str = "", *, upper: bool | None = None) -> str:
        """Return a rule."""
        return "_" * 24

    def surname(self) -> str:
        """Return a rule."""
        return "_" * 16

    def mrn(self) -> str:
        """Return a rule."""
        return "_" * 12

    def date(self, date: object, kind: SightingKind = SightingKind.OTHER_DATE, *, stamp: bool = False) -> str:
        """Return the rules of a date."""
        return "___/___/_____"

    def time(self) -> str:
        """Return a rule."""
        return "____"

    def sex_text(self) -> str:
        """Return both letters to circle."""
        return "M   F"

    def markup_sex(self) -> str:
        """Return both letters to circle."""
        return "M   F"

    def age_text(self) -> str:
        """Return a rule."""
        return "____"

    def address(self) -> str:
        """Return a rule."""
        return "_" * 30

    def phone(self) -> str:
        """Return the rules of a telephone number."""
        return "(___) ___-____"

    def ssn(self) -> str:
        """Return the rules of a number."""
        return "___-__-____"

    def account(self) -> str:
        """Return a rule."""
        return "_" * 12

    def patient_address_lines(self) -> tuple[str, ...]:
        """Return two rules."""
        return ("_" * 26, "_" * 26)

    def relative(self, at: int = 0, *, with_relation: bool = True) -> str:
        """Return a rule."""
        return "_" * 22

    def relative_phone(self, at: int = 0) -> str:
        """Return the rules of a telephone number."""
        return "(___) ___-____"

    def provider(self, who: object = None, *, form: str = "") -> str:
        """Return a rule."""
        return "_" * 22

    def doctor(self, who: object = None) -> str:
        """Return a rule after the title."""
        return "Dr. " + "_" * 14

    def draw_number(self, form: str) -> str:
        """Return a rule."""
        return "_" * 10

    def draw_witness(self) -> str:
        """Return a rule."""
        return "_" * 22


def make_hard_chart(
    case: HardCase, seed: int, patients: Sequence[SamplePatient], *, families: FamilySplit
) -> HardChart:
    """Make one page of a case; the same arguments give the same page.

    Args:
        case: What misleads.
        seed: Everything is drawn from it.
        patients: The index, as ``make_patients`` gives it.
        families: Set of layout families.
    """
    rng = random.Random(f"hard {case.value} {families.value} {seed}")
    person = _draw_patient(rng, case, patients)
    other: dict[FieldName, str] = {}
    document = _compose(rng, case, person, families)
    if case is HardCase.OTHER_STICKER:
        document, other = _stick(rng, document, _draw_other(rng, person, patients), families)
    elif case is HardCase.TWO_PATIENTS:
        document, other = _list_patients(rng, person, _draw_other(rng, person, patients), families)
    grade = rng.choices(*zip(*((g, w) for g, w in GRADES.items() if g != "born_digital"), strict=True))[0]
    is_anybodys = case is not HardCase.BLANK_TEMPLATE
    number = mrn_of(person, {p.patient.id: p for p in patients}) if is_anybodys else None
    page = document.pages[0]
    truth = TrueChart(
        f"{case.value}-{seed:04d}",
        seed,
        (TrueDocument(document.type, document.family, (1,), number, document.fields),),
        (TruePage(1, page.words, page.sightings, 0, 0, 0.0, blank=False, separator=False, grade=grade),),
    )
    return HardChart(case, Chart(document.pages[:1], truth), other)


def make_hard_files(
    folder: Path, *, each: int, seed: int, families: FamilySplit = FamilySplit.DEMO
) -> tuple[HardFile, ...]:
    """Write scanned pages of every case to a folder.

    Args:
        folder: made if it is not there.
        each: pages a case.
        seed: of people, pages and damage.
        families: set of layout families.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    patients = make_patients(PATIENTS, seed=seed)
    files = []
    for case in HardCase:
        for number in range(1, each + 1):
            made = make_hard_chart(case, seed * 10_000 + number, patients, families=families)
            rng = random.Random(f"hard scan {case.value} {families.value} {seed} {number}")
            format = draw_format(rng, 1)
            data, scans = scan_chart(made.chart, rng, format)
            name = f"{case.value}-{number:04d}{format.suffix}"
            (folder / name).write_bytes(data)
            files.append(HardFile(case, made.chart.finish_truth(name, scans), made.other))
    return tuple(files)


def _draw_patient(rng: random.Random, case: HardCase, patients: Sequence[SamplePatient]) -> SamplePatient:
    if case is HardCase.NEWBORN:
        return rng.choice([p for p in patients if p.patient.mother_mrn and not p.facility])
    return draw_person(rng, patients)


def _draw_other(
    rng: random.Random, person: SamplePatient, patients: Sequence[SamplePatient]
) -> SamplePatient:
    """Draw somebody else."""
    while (other := draw_person(rng, patients)).patient.id == person.patient.id:
        pass
    return other


def _compose(
    rng: random.Random, case: HardCase, person: SamplePatient, families: FamilySplit
) -> LaidDocument:
    types = {
        HardCase.BLANK_TEMPLATE: _FORMS,
        HardCase.NEWBORN: _OF_NEWBORNS,
        HardCase.GUARANTOR: ("face_sheet",),
    }.get(case, tuple(sorted(_ON_PLAIN_PAPER)))
    return compose_document(
        rng,
        person,
        type_name=rng.choice(types),
        families=families,
        site=site_of(families),
        date=draw_service_date(rng, person),
        max_pages=1,
        hand=EmptyHand if case is HardCase.BLANK_TEMPLATE else Scribe,
    )


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


def _stick(
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


def _list_patients(
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


__all__ = ["EmptyHand", "HardCase", "HardChart", "HardFile", "make_hard_chart", "make_hard_files"]
