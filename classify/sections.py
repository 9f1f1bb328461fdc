"""What a report without a title is, by the headings of its sections.

Transcribed reports often begin with their first section: "REASON FOR CONSULTATION: ...". One heading says
little, for many reports share it; several together belong to one kind of report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classify.layout import PageLayout
from classify.letters import sends_patient
from classify.tables import STRENGTH as TABLES
from classify.tables import name_by_tables
from classify.title_words import match_title_words
from classify.titles import fold_title, match_title

STRENGTH = 0.4
"""How surely sections name a type; a title of the list has 1."""
_CALLED = 0.9
"""How surely a line does that says outright what the paper is: "STANDARD TITLE: PRIMARY CARE NOTE"."""
_SENT = 1.0
"""How surely a letter that sends a patient, and reports nothing, is a referral."""
_VERY_HEAD = 0.16
"""Share of the page's height in which a heading may name a type by its words alone."""
_COLUMNS = 3
"""Cells of a line from which it is the head of a table."""
_LONGEST = 5
"""Words of the longest heading of a section."""
_SAYS_TITLE = re.compile(
    r"^(?:(?:LOCAL|STANDARD|NOTE|DOCUMENT|REPORT) TITLE|(?:RESULT|DOCUMENT|NOTE|REPORT) (?:TYPE|NAME)"
    r"|TYPE OF (?:NOTE|REPORT|DOCUMENT))\s*:\s*(?P<title>\S.*)$",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "consultation",
        (
            r"REASON FOR (?:THE )?CONSULT(?:ATION)?",
            r"HISTORY OF PRESENT ILLNESS|HISTORY|HPI|PAST MEDICAL HISTORY",
            r"IMPRESSION|ASSESSMENT.*|RECOMMENDATIONS?|PLAN",
        ),
    ),
    (
        "progress_note",
        (
            r"SUBJECTIVE|INTERVAL HISTORY",
            r"OBJECTIVE",
            r"ASSESSMENT.*|IMPRESSION",
            r"PLAN|ASSESSMENT AND PLAN",
        ),
    ),
    (
        "discharge_summary",
        (
            r"(?:DATE OF )?ADMISSION(?: DATE| DIAGNOS[IE]S)?|ADMITTING DIAGNOS[IE]S|DATE ADMITTED",
            r"(?:DATE OF )?DISCHARGE(?: DATE| DIAGNOS[IE]S)?|FINAL DIAGNOS[IE]S|DATE DISCHARGED",
            r"(?:BRIEF )?(?:HOSPITAL|CLINICAL) COURSE|COURSE IN (?:THE )?HOSPITAL",
        ),
    ),
    (
        "operative_note",
        (
            r"PRE ?OP(?:ERATIVE)? DIAGNOS[IE]S",
            r"POST ?OP(?:ERATIVE)? DIAGNOS[IE]S",
            r"(?:TITLE OF |NAME OF )?(?:OPERATIONS?|PROCEDURES?)(?: PERFORMED)?|OPERATIVE PROCEDURES?",
            r"ESTIMATED BLOOD LOSS|EBL|ANESTHESIA|SURGEONS?|DESCRIPTION OF (?:OPERATION|PROCEDURE)",
        ),
    ),
    (
        "radiology_report",
        (
            r"(?:EXAM|EXAMINATION|STUDY|TECHNIQUE|COMPARISONS?|PROCEDURE)",
            r"(?:CLINICAL )?(?:INDICATIONS?|HISTORY|INFORMATION)|REASON FOR (?:EXAM|STUDY|EXAMINATION)"
            r"|COMPARISONS?|TECHNIQUE",
            r"FINDINGS?",
            r"IMPRESSION|CONCLUSION|OPINION",
        ),
    ),
    (
        "pathology_report",
        (
            r"(?:GROSS|MACROSCOPIC)(?: DESCRIPTION| EXAMINATION)?|MICROSCOPIC(?: DESCRIPTION| EXAMINATION)?",
            r"(?:FINAL |PATHOLOGIC |MICROSCOPIC )*DIAGNOS[IE]S|INTERPRETATION",
            r"SPECIMENS?(?: SUBMITTED| RECEIVED)?|TISSUE|MATERIAL RECEIVED"
            r"|CLINICAL (?:HISTORY|DATA|INFORMATION)",
        ),
    ),
)  # fmt: skip
"""Types, with what each of several sections of one is called."""
_COMPILED = tuple((name, tuple(map(re.compile, parts))) for name, parts in _KINDS)
_NOT_OF = re.compile(r"PRE ?OP(?:ERATIVE)? DIAGNOS[IE]S|(?:HOSPITAL|CLINICAL) COURSE|SUBJECTIVE")
"""Sections that no report of an image or a specimen has."""


@dataclass(frozen=True, slots=True)
class ToldType:
    """What a page says it is, without a title in its place."""

    heading: str
    """What says so."""
    type: str
    """"" where nothing does."""
    strength: float


def find_told_type(layout: PageLayout) -> ToldType:
    """Return the type that a page names in words ("Result type: ..."), or that its sections tell."""
    lines = [layout.text(*line) for line in layout.lines]
    for line in lines:
        if (said := _SAYS_TITLE.match(line)) and (called := _match(said["title"]))[0]:
            return ToldType(said["title"].strip(), called[0], called[1] * _CALLED)
    if sends_patient(layout):
        return ToldType("", "referral", _SENT)
    if told := _find_head_title(layout):
        return told
    if name := name_by_tables(layout):
        return ToldType("", name, TABLES)
    headings = _list_headings(lines)
    fitting = [name for name, parts in _COMPILED if _has_all(headings, parts)]
    if any(_NOT_OF.fullmatch(heading) for heading in headings):
        fitting = [name for name in fitting if name not in ("radiology_report", "pathology_report")]
    return ToldType("", fitting[0], STRENGTH) if len(fitting) == 1 else ToldType("", "", 0.0)


def _find_head_title(layout: PageLayout) -> ToldType | None:
    """Return what a cell at the very head says by its words, be a title of something else further down."""
    found: dict[str, ToldType] = {}
    for start, end in layout.lines:
        at = start
        if sum(piece.starts_cell for piece in layout.pieces[start:end]) > _COLUMNS:
            continue  # it heads a table: "MEDICATION / DOSE / ROUTE"
        while at < end and layout.pieces[at].box[1] < _VERY_HEAD:
            stop = layout.end_of_cell(at, end)
            text = layout.text(at, stop)
            name, strength = match_title_words(text)
            if text.isupper() and fold_title(text) == "FAX" != text:  # "F A X", over whom it is sent to
                name, strength = "correspondence", STRENGTH
            if name and len(text.split()) > 1 and not text[0].islower():
                found.setdefault(name, ToldType(text.strip(" :-*"), name, strength))
            at = stop
    return next(iter(found.values())) if len(found) == 1 else None


def _match(title: str) -> tuple[str, float]:
    """Return the type that a title names by the list, else by its words."""
    by_list = match_title(title)
    if by_list[1]:
        return by_list
    name, _ = match_title_words(title)
    return (name, 1.0) if name else ("", 0.0)


def _list_headings(lines: Sequence[str]) -> list[str]:
    """Return what stands before a colon at the beginning of a line, or alone on it in capitals."""
    headings = []
    for line in lines:
        lead, colon, _ = line.partition(":")
        words = lead.split()
        if not 0 < len(words) <= _LONGEST:
            continue
        if (colon and words[0][:1].isupper()) or (not colon and line.isupper()):
            headings.append(fold_title(re.sub(r"\(\w\)|^\d+[.)]", "", lead)))
    return headings


def _has_all(headings: Sequence[str], parts: Sequence[re.Pattern[str]]) -> bool:
    """Say whether each part has a heading, no heading standing for two of them."""
    used: set[str] = set()
    for part in parts:
        found = next(
            (heading for heading in headings if heading not in used and part.fullmatch(heading)), None
        )
        if found is None:
            return False
        used.add(found)
    return True
