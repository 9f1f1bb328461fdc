"""How a page begins and ends: whether a paper begins with it, or text runs on from the page before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.document import Sighting, SightingKind
from backfile.domain.evidence import PageEvidence
from classify.layout import PageLayout
from classify.letterhead import is_institution
from classify.titles import fold_title
from classify.word_lists import split_words

_HEAD_LINES = 7
"""Lines from the top of a page among which its title stands."""
_HEAD = 0.35
"""Share of the page's height in which its patient is named, where it is the head that names them."""
_SURE = 0.55
_FIRST_LINES = 4
"""Lines from the top among which running text goes on."""
_LAST_LINES = 6
"""Lines from the bottom among which a signature stands."""
_PROSE = 5
"""Words of a line from which it is running text."""
_FULL = 0.8
"""Share of the longest line's length that a line has which goes on below."""
_CAPITALS = 0.85
"""Share of capitals among the letters of a heading in capitals."""
_APART = 1.5
"""Space over a footer, in heights of a word."""
_ENDINGS = (".", ":", ";", "!", "?", ")")
_CELLS = 4
"""Cells of a line from which it heads a table."""
_PAPERS = split_words(
    """
    RECORD RECORDS CHART SUMMARY ORDERS REPORT NOTE NOTES SHEET GRAPHIC CONSENT AUTHORIZATION AUTHORITY
    AUTHORISATION REQUEST REQUISITION FORM CERTIFICATE LOG PROFILE EVALUATION CHECKLIST QUESTIONNAIRE
    DIRECTIVE STATEMENT AGREEMENT DEPARTMENT FLOWSHEET CARD VISIT REFERRAL RESULTS SCREENING WORKSHEET
    MEMORANDUM EXAMINATION STUDY SURVEY PRESCRIPTION INTAKE REGISTRATION ASSESSMENT CONSULTATION CENSUS
    TRACING SCORECARD PLAN
    """
)
"""Words for a paper, of which a title has one."""
_NO_TITLE = re.compile(
    r"^(?:ASSESSMENT|(?:TREATMENT |CARE )?PLAN|ASSESSMENT AND PLAN|NOTES?|(?:LAB(?:ORATORY)? )?RESULTS"
    r"|DIET(?:ARY)? ORDERS|PHYSICAL ASSESSMENT|SUMMARY|PLAN (?:OF|AND) .*|IMPRESSION.*|DISCHARGE PLAN.*)$"
    r"|\b(?:PHYSICAL|NEURO\w*|MENTAL STATUS|PELVIC|RECTAL|INITIAL) EXAMINATION\b"
    r"|\b(?:NO|NUMBER|NUM|ID|DATE|NAME|TIME|AGE AT VISIT)$|^(?:THE |MY )?MEDICAL RECORDS?$"
)
"""Headings of parts of a paper, and labels: "CHART NO"."""
_SIGNED = re.compile(
    r"/es/|\b(?:signed|authenticated|verified|attested|reviewed)\b|\bsignatures?\b"
    r"|\b(?:sincerely|cordially|yours (?:truly|faithfully)|regards)\b"
    r"|\s(?:M\.?\s?D|D\.?\s?O|R\.?\s?N|L\.?P\.?N|N\.?P|P\.?A(?:-C)?|Ph\.?D|CNM|MBBS|FRCS|CRNA|LCSW|MSW|RRT|DDS)\.?"
    r"(?:[\s,]|$)"
    r"|^(?:D|DD|dict(?:ated)?)\s*[:.]?\s*\d.*\b(?:T|DT|TR|trans(?:cribed)?)\s*[:.]?\s*\d"
    r"|^c\.?c\.?\s*:|\bend of (?:report|document|note|summary)\b|(?-i:^[A-Z]{2,4}\s*[:/]\s*[a-z]{2,4})\b",
    re.IGNORECASE,
)
"""What stands under the last line of a paper: a signature, a typist's mark, "cc:"."""
_CREDENTIALS = re.compile(r",\s*(?:[A-Z]\.){2,}\W*$|,\s*[A-Z]{2,5}(?:[-,]\s?[A-Z]{1,5})*$")
_SAYS_TITLE = re.compile(r"^(?:LOCAL |STANDARD |NOTE |DOCUMENT |REPORT )?TITLE:\s*", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\bcontinue[ds]? (?:on|over|next)\b|\b(?:over|more) ?[-–>]+\W*$"
    r"|\((?:over|more|continued|cont['.]?d?)\)\W*$"
    r"|^\W*(?:over|continued|more)\W*$|\bsee (?:next|reverse|over)\b|\bon reverse\b",
    re.IGNORECASE,
)
"""What stands at the foot of a page that has another."""
_FOOT = re.compile(r"^\W*(?:page|pg)?\W*\d{1,3}(?:\W*(?:of|/)\W*\d{1,3})?\W*$|\bpage\s+\w+", re.IGNORECASE)
_DATED = re.compile(
    r"^\W*(?:date\W+)?(?:\d{1,2}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{2,4}\b|\d{4}-\d\d-\d\d\b"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}\b"
    r"|\d{1,2}[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[-, ]+\d{2,4}\b)",
    re.IGNORECASE,
)
_OWN = frozenset({SightingKind.PATIENT_NAME, SightingKind.MRN, SightingKind.BIRTH_DATE})


@dataclass(frozen=True, slots=True)
class PageFlow:
    """How a page begins and ends."""

    opening: str = ""
    """Its first line, without digits."""
    begins_dated: bool = False
    """Its first line begins with a date."""
    title: str = ""
    """A line at its head that names a paper, folded; "" where none does."""
    names_patient: bool = False
    """Its head says whose it is."""
    runs_on: bool = False
    """It begins amid a sentence."""
    is_unfinished: bool = False
    """It ends amid a sentence."""
    says_more: bool = False
    """It says at its foot that it goes on."""
    signed_at: float | None = None
    """Share of its height at which a signature, a typist's mark or the like ends it; None where none does."""
    columns: frozenset[str] = frozenset()
    """Heads of tables on it, folded."""
    first_columns: str = ""
    """The head of the table with which it begins; "" where it begins otherwise."""

    @property
    def is_signed(self) -> bool:
        """Whether it ends as papers end."""
        return self.signed_at is not None

    def is_table_of(self, previous: PageFlow) -> bool:
        """Whether the page begins with a table that the page before has as well."""
        return bool(self.first_columns) and self.first_columns in previous.columns


def read_page_flow(layout: PageLayout, evidence: PageEvidence) -> PageFlow:
    """Return how a page begins and ends.

    Args:
        layout: the page.
        evidence: what it says about whose it is.
    """
    lines = [layout.text(*line) for line in layout.lines]
    if not lines:
        return PageFlow()
    heads = [_head_of_table(layout, *line) for line in layout.lines]
    last = _last_of_text(layout, lines)
    return PageFlow(
        opening=re.sub(r"[\d\W]+", " ", lines[0]).strip(),
        begins_dated=bool(_DATED.match(lines[0])),
        title=_find_title(layout, evidence.sightings),
        names_patient=any(_is_own(sighting) for sighting in evidence.sightings),
        runs_on=_runs_on(lines),
        is_unfinished=last is not None and _is_unfinished(layout, last),
        says_more=any(_GOES_ON.search(text) for text in lines[-2:]),
        signed_at=_find_signature(layout, lines),
        columns=frozenset(filter(None, heads)),
        first_columns=next(filter(None, heads[:2]), ""),
    )


def _is_own(sighting: Sighting) -> bool:
    return sighting.kind in _OWN and sighting.confidence >= _SURE and sighting.box[1] < _HEAD


def _find_title(layout: PageLayout, sightings: Sequence[Sighting]) -> str:
    """Return the first cell at the head that names a paper."""
    for start, end in layout.lines[:_HEAD_LINES]:
        at = start
        while at < end:
            stop = layout.end_of_cell(at, end)
            box = layout.pieces[at].box
            is_value = any(
                s.box[0] <= box[0] < s.box[2] and s.box[1] <= box[3] <= s.box[3] + 0.01 for s in sightings
            )
            if not is_value and box[1] < _HEAD and (title := _title_of(layout.text(at, stop))):
                return title
            at = stop
    return ""


def _title_of(text: str) -> str:
    text = re.sub(r"\(.*?\)|[-–—*]+$", "", _SAYS_TITLE.sub("", text)).strip()
    letters = [char for char in text if char.isalpha()]
    if not letters or text.endswith((".", ",")) or re.search(r":\s*\S", text):
        return ""
    folded = fold_title(text)
    words = folded.split()
    if not 2 <= len(words) <= 9 or sum(char.isdigit() for char in text) > 2:
        return ""
    capitals = sum(char.isupper() for char in letters) / len(letters)
    if capitals < _CAPITALS or not _PAPERS.intersection(words) or _NO_TITLE.search(folded):
        return ""
    return "" if is_institution(text) else folded


def _runs_on(lines: Sequence[str]) -> bool:
    for text in lines[:_FIRST_LINES]:
        words = text.split()
        if len(words) >= 3 or (len(words) and words[0][:1].islower()):
            first = words[0].strip("\"'(")
            if first[:1].islower() and first.isalpha():
                return True
            if len(words) >= _PROSE and ":" not in text:
                return False
    return False


def _find_signature(layout: PageLayout, lines: Sequence[str]) -> float | None:
    for (start, _), text in list(zip(layout.lines, lines, strict=True))[-_LAST_LINES:]:
        if _SIGNED.search(text) or _CREDENTIALS.search(text):
            return layout.pieces[start].box[1]
    return None


def _last_of_text(layout: PageLayout, lines: Sequence[str]) -> int | None:
    """Return the last line that is no footer: no page number, and not set apart from what is above it."""
    body = [n for n, text in enumerate(lines) if not _FOOT.search(text)]
    if len(body) > 1:
        above, foot = (layout.pieces[layout.lines[n][0]].box for n in body[-2:])
        if foot[1] - above[3] > _APART * layout.height:
            return body[-2]
    return body[-1] if body else None


def _is_unfinished(layout: PageLayout, line: int) -> bool:
    """Say whether the last line of text is a full line of running text without an end."""
    start, end = layout.lines[line]
    text = layout.text(start, end)
    words = text.split()
    if len(words) < _PROSE or any(piece.starts_cell for piece in layout.pieces[start + 1 : end]):
        return False
    right = max(piece.box[2] for piece in layout.pieces)
    left = min(piece.box[0] for piece in layout.pieces)
    length = layout.pieces[end - 1].box[2] - left
    return length >= _FULL * (right - left) and not text.rstrip(" \"'").endswith(_ENDINGS)


def _head_of_table(layout: PageLayout, start: int, end: int) -> str:
    """Return a line that heads a table, folded; "" where it does not."""
    cells = sum(piece.starts_cell for piece in layout.pieces[start:end])
    text = layout.text(start, end)
    if cells < _CELLS or any(char.isdigit() for char in text) or ":" in text:
        return ""
    letters = [char for char in text if char.isalpha()]
    return fold_title(text) if letters and sum(map(str.isupper, letters)) >= 0.6 * len(letters) else ""
