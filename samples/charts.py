"""Charts: files as a scanning clerk drops them, with one to three documents on one to six pages."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.patient import IdentifierStatus
from samples.documents import (
    TYPES,
    LaidDocument,
    LaidPage,
    can_have,
    compose_document,
    draw_service_date,
    lay_page,
)
from samples.facilities import Facility, draw_facility
from samples.families import FamilySplit
from samples.markup import Markup
from samples.patients import make_stranger
from samples.registrar import SamplePatient
from samples.sheet import LETTER, CodeOp, Sheet
from samples.truth import TrueChart, TrueDocument, TruePage

MAX_PAGES = 6
"""Most pages of a chart."""


GRADES = {"born_digital": 10, "clean": 35, "fair": 40, "poor": 15}
"""How well charts can be read, and how many in a hundred are so; born digital ones were never paper."""


@dataclass(frozen=True, slots=True)
class Scan:
    """How one page came out of the scanner."""

    rotation: int
    """Clockwise degrees that turn it upright."""
    skew: float
    """Degrees of the text baseline after that turn, counter-clockwise positive."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One file to be written: its pages as printed, and what is true of them."""

    pages: tuple[LaidPage, ...]
    truth: TrueChart
    """As printed: every page upright and straight, the name without an ending."""

    @property
    def grade(self) -> str:
        """How well it can be read: a key of ``GRADES``."""
        return self.truth.pages[0].grade

    def finish_truth(self, name: str, scans: Sequence[Scan]) -> TrueChart:
        """Return the truth of the file ``name`` whose pages came out of the scanner like this."""
        pages = tuple(
            replace(page, rotation=scan.rotation, skew=scan.skew)
            for page, scan in zip(self.truth.pages, scans, strict=True)
        )
        return replace(self.truth, name=name, pages=pages)


@dataclass(frozen=True, slots=True)
class _Part:
    """A document, a blank back or a separator sheet in the order of the pages."""

    page: LaidPage
    document: int | None = None
    separator: bool = False


def site_of(families: FamilySplit) -> Facility:
    """Return the institution that keeps the charts of a set."""
    return draw_facility(random.Random(f"site {families.value}"), families, hospital=True)


def make_chart(
    seed: int,
    patients: Sequence[SamplePatient],
    *,
    families: FamilySplit,
    name: str = "",
    is_stranger: bool | None = None,
    site: Facility | None = None,
    types: Sequence[str] = TYPES,
    grade: str | None = None,
) -> Chart:
    """Make a chart; the same arguments give the same chart.

    Args:
        seed: Everything is drawn from it.
        patients: The index, as ``make_patients`` gives it.
        families: Set of layout families.
        name: Name of the file without its ending; "chart-" and the seed unless given.
        is_stranger: Whether it belongs to nobody in the index; a fifth does where None.
        site: The institution that keeps the charts; ``site_of(families)`` where None.
        types: Document types to draw the first document's from.
        grade: A key of ``GRADES``; drawn where None.
    """
    rng = random.Random(f"chart {families.value} {seed}")
    site = site or site_of(families)
    stranger = rng.random() < 0.2 if is_stranger is None else is_stranger
    person = make_stranger(rng, patients) if stranger else draw_person(rng, patients)
    documents = _compose(rng, person, patients, families, site, types)
    parts = _arrange(rng, [document for document, _ in documents])
    grade = grade or rng.choices(list(GRADES), list(GRADES.values()))[0]
    by_id = {p.patient.id: p for p in patients}
    truth = TrueChart(
        name or f"chart-{seed:04d}",
        seed,
        tuple(
            TrueDocument(
                document.type,
                document.family,
                tuple(at for at, part in enumerate(parts, 1) if part.document == number),
                mrn_of(owner, by_id),
                document.fields,
            )
            for number, (document, owner) in enumerate(documents)
        ),
        tuple(
            TruePage(
                at,
                part.page.words,
                tuple(replace(s, page=at) for s in part.page.sightings),
                part.document,
                rotation=0,
                skew=0.0,
                blank=not part.page.words and not part.separator,
                separator=part.separator,
                grade=grade,
            )
            for at, part in enumerate(parts, 1)
        ),
    )
    return Chart(tuple(part.page for part in parts), truth)


def draw_person(rng: random.Random, patients: Sequence[SamplePatient]) -> SamplePatient:
    """Draw whose chart it is: somebody whose number is the site's own."""
    while True:
        person = rng.choice(patients)
        if not person.facility:
            return person


def mrn_of(person: SamplePatient, by_id: dict[str, SamplePatient]) -> str | None:
    """Return the number under which somebody's pages belong; None for a stranger."""
    if not person.indexed:
        return None
    if person.patient.merged_into:
        return by_id[person.patient.merged_into].mrn
    assert person.patient.mrn.status is IdentifierStatus.ACTIVE
    return person.mrn


def _compose(
    rng: random.Random,
    person: SamplePatient,
    patients: Sequence[SamplePatient],
    families: FamilySplit,
    site: Facility,
    types: Sequence[str],
) -> list[tuple[LaidDocument, SamplePatient]]:
    """Compose the documents: mostly one; sometimes the last is another person's."""
    count = rng.choices([1, 2, 3], [72, 19, 9])[0]
    has_stray = count > 1 and rng.random() < 0.14
    day = draw_service_date(rng, person)
    documents: list[tuple[LaidDocument, SamplePatient]] = []
    room = MAX_PAGES
    for number in range(count):
        is_stray = has_stray and number == count - 1
        owner = person
        if is_stray:
            owner = make_stranger(rng, patients) if rng.random() < 0.3 else draw_person(rng, patients)
        document = compose_document(
            rng,
            owner,
            type_name=rng.choice(
                [t for t in (types if number == 0 else TYPES) if can_have(owner, t)] or TYPES
            ),
            families=families,
            site=site,
            date=None if is_stray or rng.random() < 0.4 else day,
            max_pages=max(1, min(3, room - (count - number - 1))),
        )
        documents.append((document, owner))
        room -= len(document.pages)
    return documents


def _arrange(rng: random.Random, documents: Sequence[LaidDocument]) -> list[_Part]:
    """Put the pages in order, with separator sheets and blank backs where the clerk left them."""
    has_separators = len(documents) > 1 and rng.random() < 0.4
    is_duplex = rng.random() < 0.1
    total = sum(len(d.pages) for d in documents)
    room = MAX_PAGES - total
    parts: list[_Part] = []
    for number, document in enumerate(documents):
        if number and has_separators and room > 0:
            parts.append(_Part(_print_separator(rng), separator=True))
            room -= 1
        for at, page in enumerate(document.pages):
            parts.append(_Part(page, document=number))
            is_last = at == len(document.pages) - 1
            if is_duplex and room > 0 and (is_last or rng.random() < 0.3):
                parts.append(_Part(LaidPage(page.width, page.height, (), (), ())))
                room -= 1
    return parts


def _print_separator(rng: random.Random) -> LaidPage:
    """Print a sheet that parts documents: large words and a barcode that says PATCHT."""
    sheet = Sheet(Markup(), LETTER)
    words = rng.choice(
        ["SEPARATOR SHEET", "DOCUMENT SEPARATOR", "PATCH T", "BATCH SEPARATOR SHEET", "SEPARATOR PAGE"]
    )
    size = 34.0 if len(words) < 17 else 28.0
    sheet.put(306, rng.uniform(110, 170), words, "Helvetica-Bold", size, align="center")
    if rng.random() < 0.65:
        x = rng.uniform(90, 160)
        for y in (230.0, 560.0) if rng.random() < 0.4 else (rng.uniform(230, 400),):
            sheet.ops.append(CodeOp(x, y, x + 330, y + 90, "Code128", "PATCHT"))
            if rng.random() < 0.6:
                sheet.put(x + 165, y + 106, "PATCHT", "Helvetica", 12, align="center")
    else:
        x, y = rng.uniform(150, 280), rng.uniform(230, 400)
        sheet.ops.append(CodeOp(x, y, x + 150, y + 150, "QRCode", "PATCHT"))
    if rng.random() < 0.5:
        line = "Do not remove. Place between documents before scanning."
        sheet.put(306, 730, line, "Helvetica", 11, align="center")
    return lay_page(sheet, 1)
