"""Labels on a page: where one stands, what it announces, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classify.label_folding import fold_label
from classify.label_grammar import Label, interpret_label
from classify.label_kinds import Attribute, Owner
from classify.label_tables import EVENTS, JOIN, Words
from classify.layout import CELL_GAP, PageLayout
from classify.word_lists import split_words

_MAX_PIECES = 6
_HINT_WORDS = split_words(
    """
    LAST FIRST MIDDLE MI M I INITIAL NAME MM DD YYYY YY D Y MO DAY YR YEAR PRINT PRINTED PLEASE TYPE OR
    AND IF APPLICABLE OPTIONAL FOUR 4 DIGITS ONLY AREA CODE INCLUDE CIRCLE ONE MONTH CHECK LEGAL FULL AS
    ON CARD HOSPITAL OFFICE CLINIC FACILITY STAFF USE IF KNOWN REQUIRED HOME WORK CELL
    MOBILE DAY EVENING DAYTIME MDY DMY YMD
    """
)
"""What stands in brackets after a label: how to fill it in."""
_READ = 0.6
"""Confidence from which brackets after a label say whose it is: "(MDY)" may be read as "(MOM)"."""
_SHARP = frozenset({"DOB", "MRN", "SSN", "D.O.B", "CSN", "NPI", "MR#", "MRN#", "SS#", "DOB/AGE"})
"""Labels that mean nothing else, even in the middle of a line and without a colon."""
_BEFORE_NAMES_AND_TITLES = frozenset({
    "DR", "DOCTOR", "MD", "EMERGENCY", "LABORATORY", "NURSE", "BABY", "CHILD", "STUDENT", "VETERAN",
})  # fmt: skip
"""Owners that without a colon rather begin something else: "Dr. Jo Smith", "Emergency Department Record",
"Baby Boy Smith"."""
_DATES = (
    Attribute.SERVICE_DATE, Attribute.OTHER_DATE, Attribute.ADMISSION_DATE, Attribute.DISCHARGE_DATE,
)  # fmt: skip
_DATE_LIKE = re.compile(r"\d{1,4}[-/.](?:\d{1,2}|[A-Za-z]{3})[-/.]\d{2,4}")
_BORN_ABROAD = frozenset({"GEB", "GEBOREN", "NÉ", "NÉE"})
_JOINERS = frozenset({"/", "&", "AND", "and", "And"})
_BOX_NUMBER = re.compile(r"\(?\d{1,2}[A-Za-z]?[.)]|[12lI](?:er|o|º|°|\.º)\.?")
_OPENERS = frozenset({"FULL", "LEGAL", "CURRENT", "TIME", "FOR"})
"""Small words that may begin a label."""


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label at its place."""

    start: int
    """First piece."""
    end: int
    """Piece after the last."""
    label: Label
    is_exact: bool
    """No letter of it was damaged."""
    is_marked: bool
    """A colon or a number sign ends it."""
    starts_cell: bool
    """Nothing, or a wide space, stands before it."""

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """What it announces."""
        return self.label.attributes

    @property
    def owner(self) -> Owner | None:
        """Whose, where it says so."""
        return self.label.owner


def find_labels(layout: PageLayout) -> tuple[FoundLabel, ...]:
    """Return the labels of a page in order; they do not overlap."""
    found: list[FoundLabel] = []
    for start, end in layout.lines:
        at = start
        while at < end:
            label = _label_at(layout, at, end, previous=found[-1] if found else None)
            if label is None:
                at += 1
            else:
                found.append(label)
                at = label.end
    return tuple(_first_names(layout, found))


def _first_names(layout: PageLayout, found: list[FoundLabel]) -> list[FoundLabel]:
    """Return the labels with "Name" as the first name where "Surname" stands near and nothing asks for it."""
    asked = {attribute for label in found for attribute in label.attributes}
    if Attribute.LAST_NAME not in asked or Attribute.FIRST_NAME in asked:
        return found
    lines = {layout.pieces[label.start].line for label in found if label.attributes == (Attribute.LAST_NAME,)}
    settled = []
    for label in found:
        line = layout.pieces[label.start].line
        if (
            label.attributes == (Attribute.NAME,)
            and label.owner is None
            and lines & {line - 1, line, line + 1}
        ):
            label = replace(label, label=replace(label.label, attributes=(Attribute.FIRST_NAME,)))
        settled.append(label)
    return settled


def _label_at(layout: PageLayout, at: int, end: int, *, previous: FoundLabel | None) -> FoundLabel | None:
    """Return the longest label that begins at a piece."""
    pieces = layout.pieces
    if not any(char.isalpha() for char in pieces[at].text):
        return None
    words: Words = ()
    exact = True
    best: FoundLabel | None = None
    for stop in range(at, min(at + _MAX_PIECES, end)):
        piece = pieces[stop]
        if stop > at and (piece.gap > CELL_GAP or (best is not None and piece.text.startswith("("))):
            break
        folded = fold_label(piece.text)
        if piece.text in _JOINERS and words:
            folded = (JOIN,), True  # "Age / Birthdate"
        if folded is None:
            break
        if not folded[0] and stop == at and piece.text.upper() not in _OPENERS:
            break
        if words and words[-1] in EVENTS and piece.text.strip(":").upper() == "ON":
            folded = ("DATE",), True  # "Requested on: 3/12/1987"
        words, exact = (*words, *folded[0]), exact and folded[1]
        ends_here = piece.text.endswith(":") and len(words) > 0  # "geboren am:", "Born on:"
        if (not folded[0] and not ends_here) or (piece.text.endswith(",") and not folded[1]):
            continue  # "Payne," is a name, not a damaged "Payee"
        label = interpret_label(words) if words and words[0] != JOIN else None
        if label is not None:
            after_label = previous is not None and previous.end == at and not previous.is_marked
            candidate = _make_label(layout, at, stop + 1, end, label, words, exact)
            if candidate is not None and _stands_out(layout, candidate, words, after_label=after_label):
                best = candidate
        if piece.text.endswith(":") and len(piece.text) > 1:
            break
    return best


def _make_label(
    layout: PageLayout, start: int, stop: int, end: int, label: Label, words: Words, exact: bool
) -> FoundLabel | None:
    pieces = layout.pieces
    marked = pieces[stop - 1].text.rstrip(")").endswith((":", ";", "#")) or words[-1] in {"NO", "ID"}
    marked = marked or pieces[stop - 1].text.upper().endswith("NO.")
    stop, label, hinted = _take_hint(layout, stop, end, label)
    marked = marked or hinted
    if (
        stop < end
        and pieces[stop].text in {":", ";", "#", "#:", "-", ".:", ">"}
        and pieces[stop].gap < CELL_GAP
    ):
        marked = marked or pieces[stop].text[0] in ":;#"
        stop += 1
    return FoundLabel(start, stop, label, exact, marked, _starts_cell(layout, start))


def _starts_cell(layout: PageLayout, at: int) -> bool:
    """Say whether a wide space stands before a piece, or before the number of its box: "8. Date of Birth"."""
    pieces = layout.pieces
    if pieces[at].starts_cell:
        return True
    return pieces[at - 1].starts_cell and bool(_BOX_NUMBER.fullmatch(pieces[at - 1].text))


def _take_hint(layout: PageLayout, stop: int, end: int, label: Label) -> tuple[int, Label, bool]:
    """Take what stands in brackets after a label: a hint how to fill it in, or whose it is."""
    pieces = layout.pieces
    if stop >= end or not pieces[stop].text.startswith("(") or pieces[stop].gap > CELL_GAP:
        return stop, label, False
    for last in range(stop, min(stop + 6, end)):
        if not re.search(r"\)[:;.#]?$", pieces[last].text):
            continue
        inside = layout.text(stop, last + 1)
        tokens = re.findall(r"[A-Z0-9]+", inside.upper())
        is_marked = inside.endswith((":", ";", "#"))
        if tokens and all(token in _HINT_WORDS for token in tokens):
            order = "LAST" in tokens and "FIRST" in tokens and tokens.index("LAST") < tokens.index("FIRST")
            return last + 1, replace(label, last_first=label.last_first or order), is_marked
        folded = fold_label(inside)
        owner = interpret_label(folded[0]) if folded else None
        is_read = all(piece.confidence >= _READ for piece in pieces[stop : last + 1])
        if owner is not None and owner.is_bare_owner and label.owner is None and is_read:
            return last + 1, replace(label, owner=owner.owner), is_marked
        return stop, label, False
    return stop, label, False


def _stands_out(layout: PageLayout, found: FoundLabel, words: Words, *, after_label: bool) -> bool:
    """Say whether it is printed like a label, not just a word of a sentence."""
    pieces = layout.pieces
    first = pieces[found.start].text
    attributes = found.attributes
    if found.is_marked:
        return Attribute.RE not in attributes or found.starts_cell or not first.islower()
    if Attribute.RE in attributes:
        return False
    raw = first.strip("():;,.").upper()
    if raw in _SHARP and not first.islower():
        return True
    ends_line = found.end >= layout.line_of(found.start)[1]
    ends_cell = ends_line or pieces[found.end].starts_cell
    if found.label.is_bare_owner and not found.is_exact and not ends_cell:
        return False  # "Obstetrical delivery", which is no obstetrician
    if attributes == (Attribute.MRN,) and words[-1] == "RECORD":
        return found.starts_cell  # "POST ANESTHESIA CARE UNIT RECORD"
    is_event = attributes[0] in _DATES and not {"DATE", "DOS"}.intersection(words)
    if is_event or attributes in ((Attribute.STOP,), (Attribute.SECTION,)):
        is_dated = is_event and not ends_line and bool(_DATE_LIKE.match(pieces[found.end].text))
        return found.starts_cell and (ends_cell or is_dated) and not first.islower()
    if found.label.is_bare_owner and found.owner in (Owner.FACILITY, Owner.OTHER):
        return found.starts_cell and ends_cell
    if found.label.is_bare_owner and not ends_cell and raw in _BEFORE_NAMES_AND_TITLES:
        return False
    if found.starts_cell:
        if attributes == (Attribute.BIRTH_DATE,) and raw in _BORN_ABROAD:
            return True
        return not first.islower() and (found.is_exact or len(raw) >= 5 or len(words) > 1)
    if after_label:
        return not first.islower() and found.is_exact
    # In the middle of a line: only a label of several words that starts like one.
    is_personal = attributes[0] in (Attribute.NAME, Attribute.DATE, Attribute.STOP)
    several = len(words) > 1 and found.end - found.start > 1
    return (
        several and found.is_exact and first[:1].isupper() and not (is_personal and found.label.is_bare_owner)
    )
