"""Documents as text with boxes and truth, without images: quick enough to train on tens of thousands."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from backfile.domain.document import FieldName
from backfile.domain.page import Word
from samples.documents import TYPES, LaidDocument, can_have, compose_document
from samples.facilities import draw_facility
from samples.families import FamilySplit, bucket_of
from samples.patients import make_patients, make_stranger
from samples.registrar import SamplePatient
from samples.truth import TrueSighting


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as a perfect reader would read it."""

    words: tuple[Word, ...]
    """In reading order, with lines."""
    sightings: tuple[TrueSighting, ...]
    type: str
    number: int
    """Page n of the document, from 1."""
    total: int
    """of m."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One document's pages with what stands on them."""

    seed: int
    type: str
    family: str
    """Layout family, ``type/design``."""
    families: FamilySplit
    pages: tuple[PageText, ...]
    has_page_numbers: bool
    is_foreign: bool
    """Another institution's letterhead and numbers."""
    fields: dict[FieldName, str]
    person: SamplePatient
    """Whose it is."""


PATIENT_SEEDS = {FamilySplit.TRAIN: 1001, FamilySplit.CALIBRATE: 2002, FamilySplit.DEMO: 3003}
"""Seeds of the people of each set, unless others are given."""


def make_page_texts(
    count: int,
    *,
    seed: int = 1,
    families: FamilySplit = FamilySplit.TRAIN,
    patients: Sequence[SamplePatient] | None = None,
    types: Sequence[str] = TYPES,
) -> Iterator[DocumentText]:
    """Make documents one by one, all types equally often; the same seed gives the same documents.

    Args:
        count: How many documents.
        seed: Document ``i`` depends on the seed and ``i`` alone, so parts can be made side by side.
        families: Set of layout families, labels and institutions.
        patients: Whose documents; None takes 2,000 people of the set's own index and 250 strangers.
        types: Keys of document types to choose from.
    """
    people = tuple(patients) if patients is not None else _own_people(families)
    for number in range(count):
        yield make_document_text(number, seed=seed, families=families, patients=people, types=types)


def make_document_text(
    number: int,
    *,
    seed: int,
    families: FamilySplit,
    patients: Sequence[SamplePatient],
    types: Sequence[str] = TYPES,
) -> DocumentText:
    """Make document ``number`` of a seed."""
    rng = random.Random(f"text {families.value} {seed} {number}")
    type_name = rng.choice(types)
    person = rng.choice(patients)
    while not can_have(person, type_name) and rng.random() < 0.99:
        person = rng.choice(patients)
    site = draw_facility(rng, families) if rng.random() < 0.8 else None
    document = compose_document(rng, person, type_name=type_name, families=families, site=site)
    return to_text(document, person, seed=bucket_of(f"{seed} {number}", 2**31), families=families)


def to_text(
    document: LaidDocument, person: SamplePatient, *, seed: int, families: FamilySplit
) -> DocumentText:
    """Return a laid-out document without its drawing."""
    total = len(document.pages)
    pages = tuple(
        PageText(page.words, page.sightings, document.type, number, total)
        for number, page in enumerate(document.pages, 1)
    )
    return DocumentText(
        seed,
        document.type,
        document.family,
        families,
        pages,
        document.has_page_numbers,
        document.is_foreign,
        document.fields,
        person,
    )


@cache
def _own_people(families: FamilySplit) -> tuple[SamplePatient, ...]:
    seed = PATIENT_SEEDS[families]
    index = make_patients(2000, seed=seed)
    rng = random.Random(f"strangers {seed}")
    return (*index, *(make_stranger(rng, index) for _ in range(250)))
