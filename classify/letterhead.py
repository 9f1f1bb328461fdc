"""What the head and foot of a page say about the paper: institution, title, "page n of m"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from backfile.domain.geometry import Box, union_boxes
from classify.layout import PageLayout
from classify.letters import is_to_layman, name_letter
from classify.page_numbers import find_page_numbers
from classify.sections import ToldType, find_told_type
from classify.signers import is_nurses_note
from classify.title_words import match_title_words
from classify.titles import is_title, match_title
from classify.word_lists import split_words

_HEAD = 0.24
"""Share of the page's height in which a letterhead stands."""
_TOP = 0.2
"""Share in which a page says that it continues one."""
_FOOT = 0.88
"""Share of the page's height from which an institution is the imprint of its form."""
_TITLE_ZONE = 0.42
"""Share in which a title stands; labels and stickers may come before it."""
_MAX_TITLE_WORDS = 9
_SURE_PART = 0.8
"""How surely a part of a line must name a type to be taken for the title."""
_SURE_TITLE = 0.8
"""How surely a title must name a type for nothing else to be asked."""
_LETTER = 0.45
"""How surely the wording of a letter tells its type."""
_LETTER_TO_LAYMAN = 0.8
"""The same of one that speaks to its patient: that is no report, whatever it tells."""
_BY_NURSE = 0.4
"""How surely a nurse's signature under running text tells a nurse's note."""
_VERY_HEAD = 0.16
"""Share of the page's height in which a heading may name a type by its words alone."""
_SURE_LEAD = 0.95
"""The same for what stands before a colon: many labels are words of titles."""
_LIST_LINES = 4.5
"""Distance, in letter heights, within which the entries of a list follow each other."""
_COLUMNS = 3
"""Cells of a line from which it is the head of a table."""
_LISTED = 2
"""Titles of other types around a title from which it is an entry of a list."""
_STRONG = split_words(
    """
    HOSPITAL CLINIC INFIRMARY SANATORIUM HEALTHCARE HOSPICE LABORATORIES POLYCLINIC
    """
)
"""Words that only institutions bear."""
_PAIRS = split_words(
    """
    MEDICAL+CENTER MEDICAL+GROUP MEDICAL+ASSOCIATES HEALTH+SYSTEM HEALTH+CENTER HEALTH+SYSTEMS
    HEALTH+SERVICES
    FAMILY+PRACTICE FAMILY+MEDICINE INTERNAL+MEDICINE PRIMARY+CARE SURGICAL+ASSOCIATES SURGERY+CENTER
    IMAGING+CENTER
    CANCER+CENTER HEART+INSTITUTE URGENT+CARE NURSING+HOME PAIN+CENTER WOMENS+HEALTH PEDIATRIC+ASSOCIATES
    DIAGNOSTIC+IMAGING MEDICAL+CENTRE HEALTH+NETWORK HEALTH+DEPARTMENT EYE+INSTITUTE REHABILITATION+CENTER
    UROLOGY+GROUP CARDIOLOGY+CONSULTANTS ORTHOPAEDIC+SPECIALISTS NEPHROLOGY+ASSOCIATES BIRTH+CENTER
    CARE+CENTER HEALTH+PARTNERS PHYSICIANS+GROUP MEDICAL+LABORATORY CLINICAL+LABORATORY
    """
)
"""Two words that together, not always side by side, an institution bears."""
_ENDINGS = split_words(
    """
    ASSOCIATES PHYSICIANS GROUP CONSULTANTS SPECIALISTS PC PLLC LLC INC PA LLP INSTITUTE PAVILION PEDIATRICS
    ORTHOPEDICS ORTHOPAEDICS CARDIOLOGY DERMATOLOGY RADIOLOGY IMAGING LABORATORY
    """
)
"""Words at the end of a practice's name."""
_NOT_AFTER = split_words(
    """
    COURSE STAY DAY DAYS BILL NUMBER NO SUMMARY REPORT RECORD RECORDS FORM ADMISSION DISCHARGE VISIT
    ORDERS NOTE NOTES
    DIAGNOSIS POLICY HISTORY FOLLOWUP APPOINTMENT STAFF SETTING BED ROOM TRANSFER PATIENT NAME LOCATION
    INFORMATION AUTHORIZE AUTHORIZED HEREBY RELEASED
    """
)
"""Words that make of "hospital" a title or a label."""
_DEPARTMENTS = re.compile(
    r"^(?:department|dept\.?|division|office|section|service)\b|\bdepartment$|\bpharmacy\b"
    r"|insurance|health plan",
    re.IGNORECASE,
)
_CONTINUED = re.compile(
    r"\b(?:continued|cont'd|contd|continuation)\b|\(cont\.?\)|\breverse(?: side)?\)?$"
    r"|\bback of (?:card|form|sheet)\b|\bside (?:2|two|b)\)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page says about itself."""

    letterhead: str = ""
    letterhead_pieces: tuple[int, ...] = ()
    imprint_pieces: tuple[int, ...] = ()
    """The institution at the foot of the page, where none stands at its head."""
    heading: str = ""
    """The title as printed; "" where none."""
    title_type: str = ""
    """Type that the title names, "" where it names none."""
    title_strength: float = 0.0
    """0..1: how surely."""
    page_of: tuple[int, int] | None = None
    page_number: int | None = None
    """The printed number where there is no count: "Page 2"."""
    page_share: tuple[int, int] | None = None
    """"2/3" alone in a corner: a page number if the page before has 1/3."""
    is_continued: bool = False
    """It says that it continues a page before."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A stretch of a line without a wide space."""

    start: int
    end: int
    text: str
    box: Box
    height: float


def read_page_head(layout: PageLayout, *, labelled: frozenset[int] = frozenset()) -> PageHead:
    """Return what head and foot of a page say.

    Args:
        layout: The page.
        labelled: Pieces that are labels or values: no title, no letterhead.
    """
    cells = _cells(layout)
    letterhead = _find_institution(cells, labelled, top=0.0, bottom=_HEAD)
    imprint = None if letterhead else _find_institution(cells, labelled, top=_FOOT, bottom=1.0)
    heading, title_type, strength = _find_title(layout, cells, labelled)
    told = find_told_type(layout) if strength < _SURE_TITLE else ToldType("", "", 0.0)
    if told.strength > strength:
        heading, title_type, strength = told.heading or heading, told.type, told.strength
    if not title_type and (letter := name_letter(layout)):
        title_type, strength = letter, _LETTER_TO_LAYMAN if is_to_layman(layout) else _LETTER
    if not title_type and is_nurses_note(layout):
        title_type, strength = "nursing_note", _BY_NURSE
    numbers = find_page_numbers(layout)
    return PageHead(
        letterhead=letterhead.text.strip(" ,.-") if letterhead else "",
        letterhead_pieces=tuple(range(letterhead.start, letterhead.end)) if letterhead else (),
        imprint_pieces=tuple(range(imprint.start, imprint.end)) if imprint else (),
        heading=heading,
        title_type=title_type,
        title_strength=strength,
        page_of=numbers.page_of,
        page_number=numbers.alone,
        page_share=numbers.share,
        is_continued=any(_CONTINUED.search(cell.text) for cell in cells if cell.box[1] < _TOP),
    )


def _cells(layout: PageLayout) -> list[_Cell]:
    cells = []
    for start, end in layout.lines:
        at = start
        while at < end:
            stop = at + 1
            while stop < end and not layout.pieces[stop].starts_cell:
                stop += 1
            boxes = [layout.pieces[n].box for n in range(at, stop)]
            height = max(box[3] - box[1] for box in boxes)
            cells.append(_Cell(at, stop, layout.text(at, stop), union_boxes(boxes), height))
            at = stop
    return cells


def _find_institution(
    cells: Sequence[_Cell], labelled: frozenset[int], *, top: float, bottom: float
) -> _Cell | None:
    """Return the institution in a part of the page: the first, or the one in larger letters."""
    found = [
        cell
        for cell in cells
        if top <= cell.box[1] < bottom
        and not labelled.intersection(range(cell.start, cell.end))
        and is_institution(cell.text)
    ]
    return max(found, key=lambda cell: (cell.height, -cell.box[1]), default=None)


def is_institution(text: str) -> bool:
    """Say whether a line is the name of a hospital, clinic or practice, and not a sentence about one."""
    if not text or not text[0].isalnum() or _DEPARTMENTS.search(text) or text.rstrip().endswith((":", "?")):
        return False
    words = [word for word in re.split(r"[^A-Za-z']+", text) if word]
    if not 1 < len(words) <= 9 or sum(char.isdigit() for char in text) > 2:
        return False
    capital = sum(word[0].isupper() for word in words if len(word) > 3)
    if capital < sum(len(word) > 3 for word in words):
        return False
    folded = [word.upper().replace("'", "") for word in words]
    if is_title(text) or _NOT_AFTER.intersection(folded):
        return False
    if any(_is_near(word, _STRONG) for word in folded):
        return True
    for pair in _PAIRS if len(words) > 2 else ():  # "Primary Care" alone is a label
        first, second = pair.split("+")
        if any(_is_near(word, {first}) for word in folded) and any(
            _is_near(word, {second}) for word in folded
        ):
            return True
    return folded[-1] in _ENDINGS and len(words) > 2


def _is_near(word: str, known: frozenset[str] | set[str]) -> bool:
    if word in known:
        return True
    if len(word) < 6:
        return False
    return any(abs(len(word) - len(k)) <= 1 and OSA.distance(word, k, score_cutoff=1) <= 1 for k in known)


def _find_title(
    layout: PageLayout, cells: Sequence[_Cell], labelled: frozenset[int]
) -> tuple[str, str, float]:
    """Return (title as printed, type that it names, how surely)."""
    best: tuple[float, str, str, float] | None = None
    titles = [_title_part(layout, cell, labelled) for cell in cells]
    named = [(cell, *match_title(cell.text)) for cell in titles if len(cell.text.split()) <= _MAX_TITLE_WORDS]
    named = [found for found in named if found[1]]
    for cell, name, strength in named:
        words = cell.text.split()
        if cell.box[1] > _TITLE_ZONE or _is_listed(cell, name, named) or _is_table_head(cell, cells):
            continue
        if len(labelled.intersection(range(cell.start, cell.end))) * 2 > len(words):
            continue
        size = min(cell.height / layout.height, 2.5)
        prominent = size + 0.6 * cell.text.isupper() + 0.5 * (abs(cell.box[0] + cell.box[2] - 1) < 0.12)
        score = 3.0 * strength + prominent - 2.0 * cell.box[1] - 0.8 * cell.text.rstrip().endswith(":")
        if best is None or score > best[0]:
            best = (score, cell.text.strip(" :-*"), name, strength)
    if best is not None:
        return best[1:]
    for cell in titles if not named else ():
        if cell.box[1] > _VERY_HEAD or labelled.intersection(range(cell.start, cell.end)):
            continue
        if _count_beside(cell, cells) > _COLUMNS:
            continue  # "MEDICATION / DOSE / ROUTE" over a column
        if not cell.text[0].islower() and (found := match_title_words(cell.text))[1]:
            return (cell.text.strip(" :-*"), *found)
    return (_largest_line(layout, cells, labelled), "", 0.0)


def _title_part(layout: PageLayout, cell: _Cell, labelled: frozenset[int]) -> _Cell:
    """Return what of a cell may be a title: the part before labels and values, or on one side of a dash.

    "ANESTHESIA RECORD Hosp # 55604", "TRANSFER SUMMARY - Nursing Facility to Hospital".
    """
    end = next((n for n in range(cell.start + 1, cell.end) if n in labelled), cell.end)
    if end < cell.end and cell.start not in labelled:
        cell = replace(cell, end=end, text=layout.text(cell.start, end))
    if match_title(cell.text)[1]:
        return cell
    if "$" in cell.text:
        return cell  # "Office visit - $10"
    lead, colon, _ = cell.text.partition(":")
    if colon and match_title(lead)[1] >= _SURE_LEAD and len(lead.split()) > 1:
        return replace(cell, text=lead)  # "Admission Orders: Community Acquired Pneumonia"
    parts = [part for part in re.split(r"\s+[-–—|]+\s+|\s*\(\s*", cell.text) if len(part.split()) > 1]
    best = max(parts, key=lambda part: match_title(part)[1], default="")
    return replace(cell, text=best) if match_title(best)[1] >= _SURE_PART else cell


def _is_table_head(cell: _Cell, cells: Sequence[_Cell]) -> bool:
    """Say whether a single word heads a column: others stand on its line, as in "MEDICATION  HOUR  1  2"."""
    return len(cell.text.split()) < 2 and _count_beside(cell, cells) > _COLUMNS


def _count_beside(cell: _Cell, cells: Sequence[_Cell]) -> int:
    """Return how many cells stand on the line of a cell, itself among them."""
    return sum(abs(other.box[1] - cell.box[1]) < 0.5 * cell.height for other in cells)


def _is_listed(cell: _Cell, name: str, named: Sequence[tuple[_Cell, str, float]]) -> bool:
    """Say whether a title stands in a list of kinds of records, as on a form to release them.

    Two others of other types stand beside it or on the lines next to it, none of them smaller.
    """
    near = {
        other_name
        for other, other_name, _ in named
        if abs(other.box[1] - cell.box[1]) <= _LIST_LINES * cell.height and other.height > 0.85 * cell.height
    }
    return len(near - {name}) >= _LISTED


def _largest_line(layout: PageLayout, cells: Sequence[_Cell], labelled: frozenset[int]) -> str:
    """Return a line in larger letters near the head that is no institution: a title nobody knows."""
    large = [
        cell
        for cell in cells
        if cell.box[1] < _TITLE_ZONE
        and cell.height > 1.35 * layout.height
        and 1 <= len(cell.text.split()) <= 7
        and sum(char.isalpha() for char in cell.text) >= 5
        and cell.text[:1].isupper()
        and not cell.text.endswith((".", ","))
        and not _is_table_head(cell, cells)
        and not labelled.intersection(range(cell.start, cell.end))
        and not is_institution(cell.text)
    ]
    chosen = max(large, key=lambda cell: cell.height, default=None)
    return chosen.text.strip(" :-*") if chosen else ""
