"""Simulated documents as matching is given them: printed, misread, and with the truth beside them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backfile.domain.document import Sighting, SightingKind, SightingSource
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.normalize import (
    normalize_number,
    normalize_phone,
    normalize_ssn_last4,
    parse_name,
    read_date,
)
from benchmarks.matching_need import carries_what_is_needed
from benchmarks.matching_paper import Paper, PaperPage, print_paper
from benchmarks.matching_people import Slice, World
from classify.matching import MemoryPatientIndex
from samples.misreading import MisreadTable, PageReader
from samples.patients import NOW

K = SightingKind
GRADES = {"clean": 40, "fair": 28, "poor": 22, "worn": 10}
"""How good the paper is, in percent; what each means for reading is measured (``samples.misreading``)."""
NOISY = ("fair", "poor", "worn")
_SHARES = {
    Slice.ORDINARY: 28, Slice.TWIN: 8, Slice.JR_SR: 8, Slice.NEWBORN: 8, Slice.NAMESAKE: 8, Slice.NICKNAME: 8,
    Slice.MAIDEN: 8, Slice.RECYCLED: 8, Slice.FOREIGN: 8, Slice.STRAY: 8,
}  # fmt: skip
"""Percent of documents of each slice."""
_TRIES = 50
STRANGERS = 0.25
"""Share of documents of people who are not in the index."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One document and the truth about it."""

    evidence: DocumentEvidence
    paper: Paper
    patient_id: str | None
    """Of the survivor; None where nobody of the index is meant, or pages of several people are in it."""
    grade: str
    carries_enough: bool
    """The patient is in the index, and the paper bears what the filing rules need."""

    @property
    def is_stranger(self) -> bool:
        """Its owner is not in the index."""
        return self.paper.owner.target is None and not self.paper.is_mixed


class Simulator:
    """Draws documents of a world."""

    def __init__(self, world: World, *, seed: int, table: MisreadTable | None = None) -> None:
        """Draw from ``world``; reading errors from ``table``, None: as measured."""
        self.world, self.rng, self.table = world, random.Random(f"documents {seed}"), table
        self.index = MemoryPatientIndex(world.patients, encounters=world.encounters)

    def documents(self, count: int) -> Iterator[Simulated]:
        """Yield documents, the slices in turn."""
        kinds = [kind for kind, share in _SHARES.items() for _ in range(share)]
        order: list[Slice] = []
        for _ in range(count):
            if not order:
                order = self.rng.sample(kinds, len(kinds))
            yield self._document(order.pop())

    def _document(self, kind: Slice) -> Simulated:
        rng = self.rng
        paper = print_paper(self.world, kind, is_stranger=rng.random() < STRANGERS, rng=rng)
        grade = rng.choices(list(GRADES), list(GRADES.values()))[0]
        target = None if paper.is_mixed else paper.owner.target
        pages = self._read_pages(paper, grade)
        for _ in range(_TRIES if paper.owner.is_double else 0):
            if _bears_number(pages):
                break
            pages = self._read_pages(paper, grade)  # nobody could tell a double whose number was not read
        enough = target is not None and carries_what_is_needed(paper, self.index)
        return Simulated(DocumentEvidence(pages), paper, target, grade, enough)

    def _read_pages(self, paper: Paper, grade: str) -> tuple[PageEvidence, ...]:
        return tuple(self._read(page, at, grade) for at, page in enumerate(paper.pages, 1))

    def _read(self, page: PaperPage, number: int, grade: str) -> PageEvidence:
        reader = PageReader(grade, self.rng, table=self.table)
        seen = (self._see(field.kind, field.text, field.top, reader) for field in page.fields)
        head = " ".join(word.text for word in reader.read(page.letterhead))
        page_of = page.page_of if reader.read("1") else None
        return PageEvidence(
            number, tuple(sighting for sighting in seen if sighting), page_of=page_of, letterhead=head
        )

    def _see(self, kind: SightingKind, text: str, top: float, reader: PageReader) -> Sighting | None:
        words = reader.read(text)
        raw = " ".join(word.text for word in words)
        value = _normalize(kind, raw)
        if not value:
            return None
        y = top + self.rng.random() * 0.08
        sure = min(word.confidence for word in words)
        return Sighting(kind, value, raw, sure, 1, (0.1, y, 0.4, y + 0.02), SightingSource.RULE, True)


def _bears_number(pages: Iterable[PageEvidence]) -> bool:
    return any(sighting.kind is K.MRN for page in pages for sighting in page.sightings)


def _normalize(kind: SightingKind, read: str) -> str:
    """Return a field's value as finding identifiers gives it; "" where there is none in what was read."""
    if kind in (K.PATIENT_NAME, K.RELATIVE_NAME):
        return _normalize_name(read)
    if kind in (K.BIRTH_DATE, K.SERVICE_DATE):
        parsed = read_date(read, today=NOW, is_birth=kind is K.BIRTH_DATE)
        return parsed.date.isoformat() if parsed else ""
    if kind in (K.MRN, K.OTHER_NUMBER, K.ENCOUNTER):
        return normalize_number(read)
    if kind is K.PHONE:
        return normalize_phone(read)
    return normalize_ssn_last4(read) if kind is K.SSN_LAST4 else read


def _normalize_name(read: str) -> str:
    """Return a name as ``classify.people`` takes it from a page: half a name is none, "Doe. Jane" is Doe."""
    first, _, rest = read.partition(" ")
    if "," not in read and rest and first.endswith(".") and len(first) > 3:
        read = f"{first[:-1]}, {rest}"
    name = parse_name(read)
    return str(name) if name and name.first and len(name.last) > 1 else ""
