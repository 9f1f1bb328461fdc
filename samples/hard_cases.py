"""Pages that mislead: the label of another, two patients, empty forms, writing by hand, other languages.

Ordinary charts have few of them, so a measure on ordinary charts does not see them. Each is made on purpose
here, with what is printed of whom.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2

from backfile.domain.document import FieldName
from samples.charts import GRADES, Chart, draw_person, mrn_of, site_of
from samples.designs.values import ValueStyle
from samples.documents import LaidDocument, compose_document, draw_service_date
from samples.empty_hand import EmptyHand
from samples.families import FamilySplit
from samples.languages import FOREIGN_WRITERS, ForeignHand
from samples.make import PATIENTS, draw_format, scan_chart
from samples.patients import make_patients
from samples.registrar import SamplePatient
from samples.scribe import Scribe
from samples.truth import TrueChart, TrueDocument, TruePage
from samples.two_on_a_page import list_patients, stick_label

_ON_PLAIN_PAPER = {
    "progress_note", "nursing_note", "physician_orders", "history_physical", "laboratory_report",
    "operative_note", "consent", "emergency_note",
}  # fmt: skip
"""Types on whose paper a label is stuck."""
_FORMS = ("consent", "release_authorization", "advance_directive", "face_sheet")
"""Types that are kept as empty forms."""
_OF_NEWBORNS = ("progress_note", "nursing_note", "history_physical", "laboratory_report", "flowsheet")


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
    HANDWRITTEN = "handwritten"
    """A form whose fields were filled in by hand: what cannot be read is not to be guessed."""
    WRAPPED = "wrapped"
    """Values, and labels, on two lines."""
    OTHER_LANGUAGE = "other_language"
    """A consent or a letter in Spanish, German or French."""


_HANDS: dict[HardCase, type[Scribe]] = {
    HardCase.BLANK_TEMPLATE: EmptyHand,
    HardCase.OTHER_LANGUAGE: ForeignHand,
}
_VALUES = {HardCase.HANDWRITTEN: ValueStyle.HANDWRITTEN, HardCase.WRAPPED: ValueStyle.WRAPPED}


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
        document, other = stick_label(rng, document, _draw_other(rng, person, patients), families)
    elif case is HardCase.TWO_PATIENTS:
        document, other = list_patients(rng, person, _draw_other(rng, person, patients), families)
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
        HardCase.OTHER_LANGUAGE: tuple(FOREIGN_WRITERS),
    }.get(case, tuple(sorted(_ON_PLAIN_PAPER)))
    type_name = rng.choice(types)
    return compose_document(
        rng,
        person,
        type_name=type_name,
        families=families,
        site=site_of(families),
        date=draw_service_date(rng, person),
        max_pages=1,
        hand=_HANDS.get(case, Scribe),
        write=FOREIGN_WRITERS[type_name] if case is HardCase.OTHER_LANGUAGE else None,
        values=_VALUES.get(case),
    )
