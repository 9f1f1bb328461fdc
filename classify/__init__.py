"""Where a document ends, what type it is, whose identifiers are on it and which patient that is.

``load_reader()`` gives the reader of pages that the pipeline uses; ``classify.matching`` weighs what it
finds against the patient index.
"""

from __future__ import annotations

from classify.cut import cut_pages, is_blank_page, is_separator_page
from classify.fields import choose_fields
from classify.identifiers import IdentifierFinder, find_evidence
from classify.reader import DocumentReader, UnderstoodDocument, load_reader

__all__ = [
    "DocumentReader",
    "IdentifierFinder",
    "UnderstoodDocument",
    "choose_fields",
    "cut_pages",
    "find_evidence",
    "is_blank_page",
    "is_separator_page",
    "load_reader",
]
