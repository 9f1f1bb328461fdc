"""Composes one document: draws what it says and lays it out on sheets."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from backfile.domain.document import FieldName, SightingKind
from backfile.domain.geometry import union_boxes
from backfile.domain.page import Word
from backfile.domain.reading_order import order_words
from samples.content import Content, Items, Section
from samples.designs import Design, Draft, Flow, Frame, designs_for, draw_style
from samples.designs.values import ValueStyle
from samples.facilities import Facility, draw_facility
from samples.families import FamilySplit
from samples.heads import make_head
from samples.markup import Run
from samples.registrar import NOW, SamplePatient
from samples.scribe import Scribe
from samples.sheet import LETTER, Op, PlacedWord, Sheet
from samples.truth import TrueSighting
from samples.writers import WRITERS

TYPES = tuple(WRITERS)
"""Every type that can be written."""

_SIZES = (LETTER,) * 14 + ((595.3, 841.9), (612.0, 1008.0))
_MAX_PAGES = 3
_WRAPPED = 0.08
"""Share of forms to train on whose fields are wrapped."""


@dataclass(frozen=True, slots=True)
class LaidPage:
    """One page as printed."""

    width: float
    """Points."""
    height: float
    ops: tuple[Op, ...]
    words: tuple[Word, ...]
    """In reading order, boxes relative to the page, confidence 1."""
    sightings: tuple[TrueSighting, ...]
    """Their ``page`` is the position in the document, from 1."""


@dataclass(frozen=True, slots=True)
class LaidDocument:
    """One document as printed."""

    type: str
    family: str
    """``type/design``."""
    pages: tuple[LaidPage, ...]
    has_page_numbers: bool
    """Its pages say "page n of m"."""
    is_foreign: bool
    """It is another institution's: a number on it means nothing at the site."""
    fields: dict[FieldName, str]


def compose_document(
    rng: random.Random,
    person: SamplePatient,
    *,
    type_name: str,
    families: FamilySplit,
    site: Facility | None = None,
    date: dt.date | None = None,
    max_pages: int = _MAX_PAGES,
    hand: type[Scribe] = Scribe,
    write: Callable[[Scribe], Content] | None = None,
    values: ValueStyle | None = None,
) -> LaidDocument:
    """Compose a document about somebody.

    Args:
        rng: Where everything is drawn from.
        person: Whose it is.
        type_name: A key of ``WRITERS``.
        families: Set of layout families.
        site: The institution that keeps the charts; None lets each document come from its own.
        date: Day of the service; drawn from the last twenty years of the patient's life unless given.
        max_pages: What does not fit is left out.
        hand: Who writes; another hand than ``Scribe`` leaves a form empty.
        write: Writes what it says, instead of the type's own writer.
        values: How the fields at the head are filled in; None wraps some of those that are trained on.
    """
    is_foreign = site is not None and rng.random() < 0.1
    facility = draw_facility(rng, families) if site is None or is_foreign else site
    scribe = hand(
        rng,
        person,
        families=families,
        facility=facility,
        date=date or draw_service_date(rng, person),
        needs_tissue=type_name == "pathology_report",
    )
    if is_foreign:
        scribe.mrn_text = f"{rng.choice(['', '', 'MC', 'A', 'P'])}{rng.randint(10**4, 10**9)}"
    content = (write or WRITERS[type_name])(scribe)
    design = rng.choice(designs_for(type_name, families))
    has_letterhead = is_foreign or rng.random() < 0.85
    head = make_head(scribe, content, has_letterhead=has_letterhead, is_foreign=is_foreign)
    if content.letter and not design.is_letter:
        opening = tuple(line for line in head.opening if line)
        content = replace(content, sections=(_opening_section(opening), *content.sections))
    style = draw_style(rng, design.faces, design.sections)
    if content.dense:
        style = style.smaller(1.0)
    elif scribe.length > 1.0 and rng.random() < 0.4:
        # Set wide, so that more documents reach a second page.
        style = replace(style, size=round(style.size * 1.18, 1), leading=style.leading * 1.22)
    if design.is_card:
        style = replace(style, pair="colon", size=min(style.size, 9.6), leading=min(style.leading, 1.3))
    if values is None:
        # The other sets have wrapped fields as a case of their own: what was measured on them stays.
        is_wrapped = families is FamilySplit.TRAIN and rng.random() < _WRAPPED
        values = ValueStyle.WRAPPED if is_wrapped else ValueStyle.TYPED
    draft = Draft(head, style, rng, families, values)
    size = rng.choice(_SIZES) if not design.is_card else LETTER

    def open_page(page: int) -> tuple[Sheet, list[Frame]]:
        sheet = Sheet(scribe.markup, size)
        return sheet, design.open_page(draft, sheet, page)

    flow = Flow(scribe.markup, style, open_page, rng, max_pages=1 if design.is_card else max_pages)
    flow.pour(content)
    # The typist's lines get no page of their own.
    if not flow.is_full and flow.has_room((len(content.closing) + 1) * flow.step):
        flow.y += flow.step
        for line in content.closing:
            flow.text(line)
    _close_pages(design, draft, flow)
    pages = tuple(lay_page(sheet, number) for number, sheet in enumerate(flow.sheets, 1))
    return LaidDocument(
        type_name,
        f"{type_name}/{design.name}",
        pages,
        head.has_page_numbers and not design.is_card,
        is_foreign,
        collect_fields(pages),
    )


def can_have(person: SamplePatient, type_name: str) -> bool:
    """Say whether somebody can have a document of a type: only women of some ages give birth."""
    if type_name != "labor_delivery":
        return True
    return person.patient.sex == "F" and 16 <= NOW.year - person.birth_date.year <= 46


def draw_service_date(rng: random.Random, person: SamplePatient) -> dt.date:
    """Draw a day in somebody's life, rather of the last years; for newborns right after birth."""
    last = min(NOW, person.patient.death_date or NOW)
    days = max(1, (last - person.birth_date).days)
    if days < 400:
        return person.birth_date + dt.timedelta(days=min(days, int(rng.expovariate(1 / 20))))
    back = min(days - 30, int(rng.expovariate(1 / 1600)))
    return last - dt.timedelta(days=back)


def lay_page(sheet: Sheet, number: int) -> LaidPage:
    """Return a printed sheet with its words in reading order and what they mean."""
    by_word: dict[tuple[str, tuple[float, float, float, float]], PlacedWord] = {}
    words: list[Word] = []
    for placed in sheet.words:
        word = Word(placed.text, sheet.relative(placed), 1.0)
        if (word.text, word.box) not in by_word:
            by_word[word.text, word.box] = placed
            words.append(word)
    ordered = order_words(words)
    runs: dict[Run, list[int]] = {}
    for at, word in enumerate(ordered):
        for run in by_word[word.text, word.box].runs:
            runs.setdefault(run, []).append(at)
    sightings = tuple(
        TrueSighting(run.kind, run.value, number, tuple(at), union_boxes(ordered[i].box for i in at))
        for run, at in runs.items()
    )
    return LaidPage(sheet.width, sheet.height, tuple(sheet.ops), ordered, sightings)


def _opening_section(lines: Sequence[str]) -> Section:
    return Section("", (Items(tuple(lines)),))


def _close_pages(design: Design, draft: Draft, flow: Flow) -> None:
    total = len(flow.sheets)
    for page, sheet in enumerate(flow.sheets, 1):
        if design.is_card:
            continue
        if design.close_page:
            design.close_page(draft, sheet, page, total)
        else:
            draft.foot(
                sheet, page, total, with_patient=design.foot_has_patient and draft.is_so("foot patient", 0.4)
            )


def collect_fields(pages: Sequence[LaidPage]) -> dict[FieldName, str]:
    """Choose one value a field: the fullest name, else the first that stands on the pages."""
    found: dict[FieldName, str] = {}
    for page in pages:
        for sighting in page.sightings:
            if sighting.kind in _NO_FIELD:
                continue
            name = FieldName(sighting.kind.value)
            is_fuller = name is FieldName.PATIENT_NAME and len(sighting.value) > len(found.get(name, ""))
            if name not in found or is_fuller:
                found[name] = sighting.value
    return found


_NO_FIELD = {SightingKind.RELATIVE_NAME, SightingKind.OTHER_DATE, SightingKind.OTHER_NUMBER}
