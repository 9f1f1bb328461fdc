"""From the pages of a file to its documents: cut, named, with evidence and fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from backfile.domain.document import Cut, FieldValue, Sighting, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading
from backfile.domain.site_type import SiteTypeModel
from classify.cut import cut_pages
from classify.document_type import add_titles, classify_document
from classify.fields import choose_fields
from classify.identifiers import IdentifierFinder, ReadPage, read_identifiers
from classify.site_types import list_features, weigh_site_types

SiteTypes = Callable[[], Mapping[str, SiteTypeModel]]
"""Gives what was learnt of the types that a site added, by their keys, as they are now."""


class LanguageModel(Protocol):
    """What the reader asks of the models."""

    def find_spans(self, page: PageReading) -> tuple[Sighting, ...]:
        """Return the identifiers it sees on a page."""

    def guess_type(self, pages: Sequence[PageReading]) -> TypeGuess:
        """Return what kind of document the pages are."""

    def weigh_types(self, pages: Sequence[PageReading]) -> Mapping[str, float]:
        """Return the probability of every type."""


@dataclass(frozen=True, slots=True)
class UnderstoodDocument:
    """One document of a file."""

    cut: Cut
    type: TypeGuess
    evidence: tuple[PageEvidence, ...]
    """One for each page of the cut, empty for a page that could not be read."""
    fields: tuple[FieldValue, ...]


class DocumentReader:
    """Understands the pages of files. It holds no state but the models: safe to use after a fork."""

    def __init__(self, model: LanguageModel, *, site: SiteTypes = dict) -> None:
        """Read with loaded models, and with what a site added."""
        self._model = model
        self._site = site

    def understand_pages(self, readings: Sequence[PageReading | None]) -> tuple[UnderstoodDocument, ...]:
        """Cut the pages of a file into documents, name each and find its identifiers.

        Args:
            readings: The pages in order; None could not be read and stays in the document around it.

        Returns:
            The documents in order. Blank and separator pages are in none.
        """
        pages = self._read_pages(readings)
        cuts = cut_pages(
            readings,
            [page.evidence if page else None for page in pages],
            heads=[page.head if page else None for page in pages],
            layouts=[page.layout if page else None for page in pages],
            types=[self._look_at(reading, page) for reading, page in zip(readings, pages, strict=True)],
        )
        return tuple(self._understand(cut, readings, pages) for cut in cuts)

    def understand_document(
        self, readings: Sequence[PageReading | None], *, reason: str = "person"
    ) -> UnderstoodDocument:
        """Name pages and find their identifiers as ONE document, wherever it seems to end.

        Args:
            readings: The pages in order, at least one; None could not be read.
            reason: Why it begins where it does.
        """
        cut = Cut(tuple(range(1, len(readings) + 1)), reason)
        return self._understand(cut, readings, self._read_pages(readings))

    def _read_pages(self, readings: Sequence[PageReading | None]) -> list[ReadPage | None]:
        finder = IdentifierFinder(model=self._model, today=dt.date.today())
        return [
            None if reading is None else read_identifiers(reading, page_number=number, finder=finder)
            for number, reading in enumerate(readings, 1)
        ]

    def _look_at(self, reading: PageReading | None, page: ReadPage | None) -> TypeGuess | None:
        """Return what a page looks like on its own."""
        if reading is None or page is None or not reading.words:
            return None
        weights = add_titles(self._model.weigh_types([reading]), [page.head])
        if site := self._site():
            weights = weigh_site_types(weights, list_features([reading], [page.head]), site.values())
        name = max(weights, key=lambda known: (weights[known], known))
        return TypeGuess(name, weights[name])

    def _understand(
        self, cut: Cut, readings: Sequence[PageReading | None], pages: Sequence[ReadPage | None]
    ) -> UnderstoodDocument:
        read = [reading for number in cut.pages if (reading := readings[number - 1]) is not None]
        evidence = tuple(
            page.evidence if (page := pages[number - 1]) is not None else PageEvidence(number, ())
            for number in cut.pages
        )
        heads = [page.head for number in cut.pages if (page := pages[number - 1]) is not None]
        site = self._site()
        guess = (
            classify_document(read, heads, model=self._model, site=site) if read else TypeGuess(UNKNOWN, 0.0)
        )
        return UnderstoodDocument(cut, guess, evidence, choose_fields(evidence))


def load_reader(site: SiteTypes = dict) -> DocumentReader:
    """Load the models and return a reader; takes about a second, so once a process."""
    from classify.model import load_model

    return DocumentReader(load_model(), site=site)
