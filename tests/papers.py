"""Drawn pages of made-up people, put into a catalog as documents that wait for a person.

The pages are real images in a real file, and every word's box is where it was drawn, so screens can show
them; reading them is left out, which takes seconds a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageFont

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import (
    DocumentState,
    FieldName,
    FieldValue,
    Sighting,
    SightingKind,
    TypeGuess,
)
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.geometry import Box
from backfile.domain.page import PageState, Word
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.ids import new_id
from backfile.services.decide import note_machine_decision
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import decide_filing
from ingest.tools import filing_rules
from ingest.workshop import Workshop
from tests.received import make_reading, receive_file

WIDTH, HEIGHT = 1275, 1650
"""Pixels of a letter page at 150 dots per inch."""
_ROWS = (
    (SightingKind.PATIENT_NAME, "Patient:", 210),
    (SightingKind.BIRTH_DATE, "Born:", 270),
    (SightingKind.MRN, "MRN:", 330),
    (SightingKind.SERVICE_DATE, "Seen:", 390),
)
_VALUE_AT = 330
_PROSE = (
    "Returns for review of blood pressure and the results of the last tests.",
    "Feels well, no chest pain, no shortness of breath, sleeps through the night.",
    "Heart regular, lungs clear, no swelling of the legs, weight unchanged.",
    "Goes on with lisinopril 10 mg daily, metformin 500 mg twice daily.",
    "Comes again in three months, earlier if anything is amiss.",
)


@dataclass(frozen=True)
class Sheet:
    """What is printed on one page; "" leaves the row out."""

    name: str = ""
    """"Last, First"."""
    born: str = ""
    """As printed: month/day/year."""
    mrn: str = ""
    seen: str = ""
    title: str = "PROGRESS NOTE"
    confidence: float = 0.97
    upside_down: bool = False
    """Printed upside down, and nobody noticed."""


def add_waiting(
    workshop: Workshop,
    documents: Sequence[Sequence[Sheet]],
    *,
    reason: Reason = Reason.TOO_FEW_IDENTIFIERS,
    type: str = "progress_note",
) -> list[str]:
    """Add one file whose pages make up these documents, in order, all waiting for a person; return their ids.

    The candidates are those that matching proposes.
    """
    sheets = [sheet for document in documents for sheet in document]
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.tif"
        images = [_draw(sheet)[0] for sheet in sheets]
        images[0].save(scan, save_all=True, append_images=images[1:], dpi=(150, 150), compression="tiff_lzw")
        size, sha256 = scan.stat().st_size, workshop.blobs.add_file(scan)
    with workshop.catalog.begin() as uow:
        now = uow.clock.now()
        file = receive_file(uow, pages=len(sheets), name="scan.tif", sha256=sha256, size=size, kind="tiff")
        pages = iter(uow.pages.add(file.id, count=len(sheets)))
        ids = []
        for document in documents:
            held = [next(pages) for _ in document]
            evidence = []
            for page, sheet in zip(held, document, strict=True):
                _, words, sightings = _draw(sheet)
                uow.pages.save_reading(page.id, make_reading(words, dpi=150, size=(WIDTH, HEIGHT)), at=now)
                seen = tuple(replace(sighting, page=page.number) for sighting in sightings)
                evidence.append(PageEvidence(page.number, seen, heading=sheet.title))
            outcome = _match(uow, workshop, evidence)
            ids.append(_add_document(uow, outcome, evidence, reason, type, [page.id for page in held]))
        uow.commit()
    return ids


def fill_queue(workshop: Workshop, sheet: Sheet, *, count: int) -> None:
    """Add so many files of one page and the same bytes, each a document that waits: a long queue, quickly."""
    image, words, sightings = _draw(sheet)
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.png"
        image.save(scan, dpi=(150, 150))
        size, sha256 = scan.stat().st_size, workshop.blobs.add_file(scan)
    reading = make_reading(words, dpi=150, size=(WIDTH, HEIGHT))
    evidence = PageEvidence(1, tuple(sightings), heading=sheet.title)
    with workshop.catalog.begin() as uow:
        now = uow.clock.now()
        outcome = _match(uow, workshop, [evidence])
        for _ in range(count):
            file = receive_file(uow, pages=1, name="scan.png", sha256=sha256, size=size, kind="png")
            (page,) = uow.pages.add(file.id, count=1)
            uow.pages.save_reading(page.id, reading, at=now)
            _add_document(uow, outcome, [evidence], Reason.TOO_FEW_IDENTIFIERS, "progress_note", [page.id])
        uow.commit()


def _match(uow: UnitOfWork, workshop: Workshop, evidence: Sequence[PageEvidence]) -> MatchOutcome:
    return decide_filing(
        DocumentEvidence(tuple(evidence)), index=uow.patients, rules=filing_rules(workshop.settings)
    )


def _add_document(
    uow: UnitOfWork,
    outcome: MatchOutcome,
    evidence: Sequence[PageEvidence],
    reason: Reason,
    type: str,
    page_ids: Sequence[str],
) -> str:
    stored = StoredDocument(
        id=new_id("doc"),
        state=DocumentState.REVIEW,
        reason=reason,
        type=TypeGuess(type, 0.9),
        match=replace(outcome, state=DocumentState.REVIEW, reason=reason, patient_id=None),
        fields=_fields(evidence),
        cut_reason="first_page",
        received_at=uow.clock.now(),
    )
    uow.documents.add(stored)
    uow.pages.set_state(page_ids, PageState.REVIEW, document_id=stored.id)
    for page_id, page in zip(page_ids, evidence, strict=True):
        uow.pages.save_evidence(page_id, page)
    note_machine_decision(uow, stored, before=None)
    return stored.id


def _fields(evidence: Sequence[PageEvidence]) -> tuple[FieldValue, ...]:
    found: dict[FieldName, FieldValue] = {}
    for position, page in enumerate(evidence, 1):
        for one in page.sightings:
            name = FieldName(one.kind.value)
            found.setdefault(name, FieldValue(name, one.value, one.raw, one.confidence, position, one.box))
    return tuple(found.values())


def _draw(sheet: Sheet) -> tuple[Image.Image, list[Word], list[Sighting]]:
    """Return the page, its words, and what stands on it of the patient."""
    image = Image.new("L", (WIDTH, HEIGHT), 252)
    pen = ImageDraw.Draw(image)
    words: list[Word] = []
    sightings: list[Sighting] = []
    words += _write(pen, (120, 110), sheet.title, 44, 0)
    values = (sheet.name, sheet.born, sheet.mrn, sheet.seen)
    for line, ((kind, label, top), text) in enumerate(zip(_ROWS, values, strict=True), 1):
        if not text:
            continue
        words += _write(pen, (120, top), label, 30, line)
        value = _write(pen, (_VALUE_AT, top), text, 30, line)
        words += value
        box = (value[0].box[0], value[0].box[1], value[-1].box[2], value[-1].box[3])
        normal = _iso(text) if kind in (SightingKind.BIRTH_DATE, SightingKind.SERVICE_DATE) else text
        sightings.append(Sighting(kind, normal, text, sheet.confidence, 1, box, labelled=True))
    for line, text in enumerate(_PROSE, 5):
        words += _write(pen, (120, 240 + line * 48), text, 25, line)
    return (image.rotate(180) if sheet.upside_down else image), words, sightings


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, line: int) -> list[Word]:
    font = ImageFont.load_default(size)
    words, x = [], float(at[0])
    for word in text.split():
        pen.text((x, at[1]), word, fill=20, font=font)
        left, top, right, bottom = pen.textbbox((x, at[1]), word, font=font)
        box: Box = (left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
        words.append(Word(word, box, 0.96, line))
        x = right + 0.3 * size
    return words


def _iso(text: str) -> str:
    month, day, year = text.split("/")
    return f"{year}-{int(month):02d}-{int(day):02d}"
