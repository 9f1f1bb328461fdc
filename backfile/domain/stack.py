"""Which sheet each page of a file lies under.

A stack of paper is read from the top. What lies under a chart header sheet ends at the next sheet of that
kind, at a batch header sheet, at a sheet that cannot be relied on, at a page that could not be read (it may
have been the next sheet), and at the end of the file. Separators and type sheets part documents within it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from backfile.domain.sheets import Sheet, SheetKind


class PageRole(StrEnum):
    """What a page is in the stack."""

    CONTENT = "content"
    ASIDE = "aside"
    """Blank, or a sheet of whatever make."""
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class StackPage:
    """A page of the stack."""

    id: str
    role: PageRole
    sheet: Sheet | None = None
    """The sheet that it is, or whose barcode it bears."""
    is_separator: bool = False
    """It parts documents, be it a sheet of another make."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What lies over a page."""

    sheet: Sheet | None = None
    """A chart header sheet, or one that cannot be relied on; None where there is neither."""
    page: str = ""
    """Id of that sheet's page."""
    type: str = ""
    """What the nearest type sheet says."""
    is_repeated: bool = False
    """The same sheet lies at another place of the file too."""
    is_disordered: bool = False
    """Sheets lie on each other or at the end: scanned from below, or without some pages."""


@dataclass(slots=True)
class _Section:
    """A sheet that begins a stack, with the pages under it."""

    sheet: Sheet | None = None
    page: str = ""
    pages: list[tuple[str, str]] = field(default_factory=list)
    """Page ids with the type that a sheet says."""


def cover_pages(stack: Sequence[StackPage]) -> dict[str, Cover]:
    """Return what lies over each page that is no sheet.

    Args:
        stack: all pages of one file, from the top.
    """
    sections = _part(stack)
    charts = Counter(s.sheet for s in sections if _is_chart(s))
    crossed = _find_disorder(sections)
    return {
        page: Cover(
            section.sheet,
            section.page,
            type,
            is_repeated=charts[section.sheet] > 1,
            is_disordered=at in crossed,
        )
        for at, section in enumerate(sections)
        for page, type in section.pages
    }


def _part(stack: Iterable[StackPage]) -> list[_Section]:
    sections = [_Section()]
    type = ""
    for page in stack:
        open_section = sections[-1]
        sheet = page.sheet
        if sheet is not None and sheet.begins_stack:
            type = ""
            # Its back may shine through, or it was fed twice: that is still one sheet.
            is_same = sheet.kind is SheetKind.CHART and sheet == open_section.sheet
            if not (is_same and not open_section.pages):
                over = None if sheet.kind is SheetKind.BATCH else sheet
                sections.append(_Section(over, page.id))
        elif sheet is not None:
            type = sheet.value
        elif page.is_separator:
            type = ""
        if page.role is PageRole.UNREAD:
            sections.append(_Section())
            type = ""
        elif page.role is PageRole.CONTENT:
            sections[-1].pages.append((page.id, type))
    return sections


def _find_disorder(sections: Sequence[_Section]) -> set[int]:
    """Return the sections under chart header sheets whose order cannot be right.

    A sheet at the end of a file with several has nothing under it, so the file may have been scanned from
    below; of two sheets on each other, one has lost its pages, to whichever section.
    """
    charts = [at for at, section in enumerate(sections) if _is_chart(section)]
    if len(charts) > 1 and charts[-1] == len(sections) - 1 and not sections[-1].pages:
        return set(charts)
    return {at for at in charts if _is_chart(sections[at - 1]) and not sections[at - 1].pages}


def _is_chart(section: _Section) -> bool:
    return section.sheet is not None and section.sheet.kind is SheetKind.CHART
