"""Where one document ends and the next begins.

A boundary that is missed can put a page under another patient's name; one too many costs a person a
moment. So whatever changes in name, birth date or number begins a new document, and where signs speak
both ways the document is marked for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.document import Cut, TypeGuess
from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading
from backfile.domain.sheets import find_sheet, has_few_words
from classify.boundary import find_boundary, speaks_both_ways
from classify.layout import PageLayout
from classify.letterhead import PageHead
from classify.page_signs import PageSigns, read_page_signs

_SEPARATOR_CODE = re.compile(r"^(?:PATCH\s?-?T(?:\d|\b)?|PATCH\s?\d|SEPARATOR(?:SHEET)?)$", re.IGNORECASE)
"""What separator sheets of other makes say."""
_SEPARATOR_TEXT = re.compile(
    r"\b(?:(?:document|batch|page|file)\s+separator|separator\s+(?:sheet|page)|document\s+type\s+sheet|patch\s?-?\s?t\b|patch\s+code)",
    re.IGNORECASE,
)
_MAX_SEPARATOR_WORDS = 30


def is_separator_page(reading: PageReading) -> bool:
    """Say whether a page is a sheet between documents and nothing else: ours, or one of another make."""
    if bears_separator(reading):
        return has_few_words(reading)
    return len(reading.words) <= _MAX_SEPARATOR_WORDS and bool(
        _SEPARATOR_TEXT.search(reading.text.replace("\n", " "))
    )


def bears_separator(reading: PageReading) -> bool:
    """Say whether a page bears a sheet's code; where it is a page of a chart, a document begins with it."""
    is_other = any(_SEPARATOR_CODE.match(code.text.strip()) for code in reading.barcodes)
    return is_other or find_sheet(reading) is not None


def is_blank_page(reading: PageReading) -> bool:
    """Say whether nothing is on a page."""
    return reading.blank


def cut_pages(
    pages: Sequence[PageReading | None],
    evidence: Sequence[PageEvidence | None],
    *,
    heads: Sequence[PageHead | None] | None = None,
    layouts: Sequence[PageLayout | None] | None = None,
    types: Sequence[TypeGuess | None] | None = None,
) -> tuple[Cut, ...]:
    """Part the pages of a file into documents.

    Args:
        pages: The pages in order; None could not be read and stays in the document around it.
        evidence: What each page says, None where it could not be read.
        heads: Heads of the pages where they are known already.
        layouts: The same for their layouts.
        types: What each page looks like on its own, where that is known.

    Returns:
        The documents in order. Blank and separator pages are in none.
    """
    cuts: list[Cut] = []
    signs: list[PageSigns] = []
    reason = "first_page"
    open_cut: Cut | None = None
    for number, reading in enumerate(pages, 1):
        if reading is None:
            open_cut = _extend(open_cut, number, reason)
            continue
        if is_separator_page(reading):
            if open_cut is not None:
                cuts.append(open_cut)
            open_cut, signs, reason = None, [], "separator"
            continue
        if is_blank_page(reading):
            continue
        if bears_separator(reading):
            if open_cut is not None:
                cuts.append(open_cut)
            open_cut, signs, reason = None, [], "separator"
        page = read_page_signs(
            reading,
            evidence[number - 1],
            heads[number - 1] if heads is not None else None,
            layouts[number - 1] if layouts is not None else None,
            types[number - 1] if types is not None else None,
        )
        boundary = find_boundary(page, signs) if signs else None
        if boundary is not None and open_cut is not None:
            begins_after_gap = open_cut.pages[-1] == number - 1 and pages[number - 2] is None
            cuts.append(replace(open_cut, doubtful=True) if begins_after_gap else open_cut)
            open_cut, signs = Cut((number,), boundary[0], boundary[1]), [page]
            continue
        open_cut = _extend(open_cut, number, reason)
        if signs and speaks_both_ways(page, signs):
            open_cut = replace(open_cut, doubtful=True)
        signs.append(page)
    if open_cut is not None:
        cuts.append(open_cut)
    return tuple(cuts)


def _extend(open_cut: Cut | None, number: int, reason: str) -> Cut:
    if open_cut is None:
        return Cut((number,), reason)
    return replace(open_cut, pages=(*open_cut.pages, number))
