"""Where one document ends and the next begins.

A boundary that is missed can put a page under another patient's name; one too many costs a person a
moment. So whatever changes in name, birth date or number begins a new document, and where signs speak
both ways the document is marked for a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from backfile.domain.document import Cut, SightingKind, TypeGuess
from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading
from backfile.domain.sheets import find_sheet, has_few_words
from classify.identity import PageIdentity, compare_identities, identity_of, join_identities
from classify.layout import PageLayout, lay_out_page
from classify.letterhead import PageHead, read_page_head
from classify.page_flow import PageFlow, read_page_flow
from classify.word_lists import split_words

_SEPARATOR_CODE = re.compile(r"^(?:PATCH\s?-?T(?:\d|\b)?|PATCH\s?\d|SEPARATOR(?:SHEET)?)$", re.IGNORECASE)
"""What separator sheets of other makes say."""
_SEPARATOR_TEXT = re.compile(
    r"\b(?:(?:document|batch|page|file)\s+separator|separator\s+(?:sheet|page)|document\s+type\s+sheet|patch\s?-?\s?t\b|patch\s+code)",
    re.IGNORECASE,
)
_MAX_SEPARATOR_WORDS = 30
_SALUTATION = re.compile(
    r"^\s*(?:dear\b|to whom it may concern|(?:gentlemen|sirs?|madam|ladies and gentlemen)\s*[:,])",
    re.IGNORECASE,
)
_SURE_TITLE = 0.84
_ALIKE = 0.75
"""Similarity of letters from which two lines are the same line."""
_SURE_DATE = 0.84
"""Less has a date that only stands in for one that is called the date of service."""
_LIKELY_DATE = 0.4
_HEAD = 0.45
"""Share of the page's height in which the date stands that tells one paper from the next."""
_SURE_NUMBER = 0.6
_SURE_TYPE = 0.97
_LIKELY_TYPE = 0.8
_UNMISTAKABLE = split_words(
    """
    insurance_card laboratory_report ecg_report flowsheet medication_administration immunization_record
    face_sheet consent release_authorization advance_directive payer_letter anesthesia_record
    physician_orders radiology_report
    """
)
"""Types that a page alone shows by its form."""


@dataclass(frozen=True, slots=True)
class _PageSigns:
    """What a page says about being a first or a later page."""

    head: PageHead
    flow: PageFlow
    identity: PageIdentity
    service_dates: frozenset[str]
    dates: frozenset[str]
    """Those that may only stand in for the date of service, too."""
    encounters: frozenset[str]
    has_salutation: bool
    type: str
    """What it surely looks like on its own, else ""."""
    likely_type: str
    """What it likely looks like, else ""."""


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
    signs: list[_PageSigns] = []
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
        page = _read_signs(
            reading,
            evidence[number - 1],
            heads[number - 1] if heads is not None else None,
            layouts[number - 1] if layouts is not None else None,
            types[number - 1] if types is not None else None,
        )
        boundary = _find_boundary(page, signs) if signs else None
        if boundary is not None and open_cut is not None:
            begins_after_gap = open_cut.pages[-1] == number - 1 and pages[number - 2] is None
            cuts.append(replace(open_cut, doubtful=True) if begins_after_gap else open_cut)
            open_cut, signs = Cut((number,), boundary[0], boundary[1]), [page]
            continue
        open_cut = _extend(open_cut, number, reason)
        if signs and _speaks_both_ways(page, signs):
            open_cut = replace(open_cut, doubtful=True)
        signs.append(page)
    if open_cut is not None:
        cuts.append(open_cut)
    return tuple(cuts)


def _extend(open_cut: Cut | None, number: int, reason: str) -> Cut:
    if open_cut is None:
        return Cut((number,), reason)
    return replace(open_cut, pages=(*open_cut.pages, number))


def _read_signs(
    reading: PageReading,
    evidence: PageEvidence | None,
    head: PageHead | None,
    layout: PageLayout | None,
    guess: TypeGuess | None,
) -> _PageSigns:
    found = evidence if evidence is not None else PageEvidence(0, ())
    layout = layout if layout is not None else lay_out_page(reading)
    head = head if head is not None else read_page_head(layout)
    if head.page_of is None and found.page_of is not None:
        head = replace(head, page_of=found.page_of, page_number=found.page_of[0])
    lines = reading.text.splitlines()[:25]
    flow = read_page_flow(layout, found)
    return _PageSigns(
        head=head,
        flow=flow,
        identity=identity_of(found),
        service_dates=_dates(found, _SURE_DATE, flow),
        dates=_dates(found, _LIKELY_DATE, flow) - _values(found, SightingKind.BIRTH_DATE, 0.0),
        encounters=_values(found, SightingKind.ENCOUNTER, _SURE_NUMBER),
        has_salutation=any(_SALUTATION.match(line) for line in lines),
        type=guess.name if guess is not None and guess.probability >= _SURE_TYPE else "",
        likely_type=guess.name if guess is not None and guess.probability >= _LIKELY_TYPE else "",
    )


def _values(evidence: PageEvidence, kind: SightingKind, least: float) -> frozenset[str]:
    return frozenset(s.value for s in evidence.sightings if s.kind is kind and s.confidence >= least)


def _dates(evidence: PageEvidence, least: float, flow: PageFlow) -> frozenset[str]:
    """Return the dates of service at the head and over the signature: below stand those of typing."""
    end = _HEAD if flow.signed_at is None else min(_HEAD, flow.signed_at)
    return frozenset(
        s.value
        for s in evidence.sightings
        if s.kind is SightingKind.SERVICE_DATE and s.confidence >= least and s.box[1] < end
    )


def _find_boundary(page: _PageSigns, before: Sequence[_PageSigns]) -> tuple[str, bool] | None:
    """Return (why a new document begins here, whether that is a guess), or None if it goes on."""
    known = join_identities(sign.identity for sign in before)
    change = compare_identities(page.identity, known)
    if change.is_change:
        return "identifier_change", change.is_doubtful and not _begins_like_first(page)
    previous = before[-1].head
    numbered = _continues_numbers(page.head, previous)
    if numbered is True:
        return ("heading", True) if _is_next_of_print(page, before) else None
    if page.head.page_of is None and page.head.page_number == 1:
        return "page_count", False
    if page.head.page_number == len(before) + 1 and not (page.flow.title or _begins_like_first(page)):
        return None  # the number of the page before was not read, or none is printed on a first page
    if page.head.page_of is not None:
        if page.head.page_of[0] == 1:
            return "page_count", False
        if numbered is False and previous.page_of is not None:
            return "page_count", True  # its own first page is missing, or a number was misread
        if page.head.page_of[0] == len(before) + 1:
            return None
    if (
        previous.page_of is not None
        and previous.page_of[0] == previous.page_of[1]
        and _begins_like_first(page)
    ):
        return "page_count", False
    if _runs_on(page, before[-1].flow):
        return None
    return _find_heading(page, before) or _find_own_head(page, before)


def _continues_numbers(head: PageHead, previous: PageHead) -> bool | None:
    """Say whether the printed page number goes on from the page before; None where they do not tell."""
    if head.page_of is not None and previous.page_of is not None:
        return head.page_of[1] == previous.page_of[1] and head.page_of[0] == previous.page_of[0] + 1
    if head.page_of is not None:
        return False if head.page_of[0] > 1 and previous.page_number is None else None
    if head.page_share is not None and previous.page_share is not None:
        number, count = previous.page_share
        if head.page_share == (number + 1, count):
            return True
    if head.page_number is not None and head.page_number > 1:
        return True if previous.page_number == head.page_number - 1 else None
    return True if head.is_continued else None


def _begins_like_first(page: _PageSigns) -> bool:
    head = page.head
    return bool(head.letterhead or head.title_strength >= _SURE_TITLE or page.has_salutation)


def _find_heading(page: _PageSigns, before: Sequence[_PageSigns]) -> tuple[str, bool] | None:
    """Return the boundary that a title, a letterhead or a salutation makes."""
    head, first, previous = page.head, before[0].head, before[-1].head
    has_title = bool(head.title_type) and head.title_strength >= _SURE_TITLE
    if has_title and head.title_type != first.title_type and head.title_type != previous.title_type:
        return "heading", False
    if page.has_salutation and head.letterhead:
        return "heading", False
    if has_title:
        # The same title again: a running head, or the next document of its kind.
        if _differ(page.service_dates, before, "service_dates") or _differ(
            page.encounters, before, "encounters"
        ):
            return "heading", False
        return ("heading", False) if head.letterhead and not _is_running_head(page, before[-1]) else None
    if head.heading and not head.title_type and _is_new_heading(head.heading, before):
        return "heading", False
    if _is_other_kind(page, before):
        return "heading", False
    is_other = bool(head.letterhead and first.letterhead) and not _is_alike(head.letterhead, first.letterhead)
    return ("heading", False) if is_other else None


def _runs_on(page: _PageSigns, previous: PageFlow) -> bool:
    """Say whether a sentence or a table of the page before goes on."""
    flow = page.flow
    if previous.says_more and not flow.names_patient and not page.head.letterhead:
        return True
    has_head = bool(flow.title) or flow.names_patient or _begins_like_first(page)
    if not has_head and (flow.runs_on or flow.is_table_of(previous)):
        return True
    return previous.is_unfinished and not previous.is_signed and (flow.runs_on or not has_head)


def _is_next_of_print(page: _PageSigns, before: Sequence[_PageSigns]) -> bool:
    """Say whether another paper begins on a page whose number goes on, as where a whole chart was printed."""
    known = {before[0].head.title_type, before[-1].head.title_type}
    is_titled = page.head.title_type not in known and page.head.title_strength >= _SURE_TITLE
    is_over = before[-1].flow.is_signed and not page.head.is_continued
    return is_titled and is_over and _differ(page.dates, before, "dates")


def _find_own_head(page: _PageSigns, before: Sequence[_PageSigns]) -> tuple[str, bool] | None:
    """Return the boundary that a head of its own makes, whatever kind of paper it names."""
    flow, previous = page.flow, before[-1]
    if page.has_salutation and not flow.runs_on:
        return "heading", False
    is_new = bool(flow.title) and not any(
        _is_alike(flow.title, known)
        for sign in before
        for known in (sign.flow.title, sign.head.heading)
        if known
    )
    if is_new and (flow.names_patient or previous.flow.is_signed or page.head.letterhead):
        return "heading", False
    if not previous.flow.is_signed:
        return None
    if flow.names_patient and (_differ(page.dates, before, "dates") or _looks_other(page, before)):
        return "heading", False
    return ("heading", False) if flow.begins_dated and not before[-1].flow.begins_dated else None


def _is_other_kind(page: _PageSigns, before: Sequence[_PageSigns]) -> bool:
    """Say whether the page is of another kind than all before it, one of the two being unmistakable.

    The further pages of a note look like other notes; a card, a flowsheet or a form looks like itself.
    """
    previous = before[-1]
    count = previous.head.page_of
    is_complete = previous.flow.is_signed or (count is not None and count[0] == count[1])
    # A letterhead, a signature or "page 1 of 1" before says already that a paper may begin here.
    own = page.likely_type if page.head.letterhead or is_complete else page.type
    known = {sign.type for sign in before if sign.type}
    if not known and page.type in _UNMISTAKABLE:
        known = {sign.likely_type for sign in before if sign.likely_type}
    if not own or own in known or len(known) != 1:
        return False
    return own in _UNMISTAKABLE or bool(known & _UNMISTAKABLE)


def _looks_other(page: _PageSigns, before: Sequence[_PageSigns]) -> bool:
    """Say whether the page likely is of another kind than those before, and does not repeat their head."""
    kinds = {sign.likely_type for sign in before}
    if not page.likely_type or "" in kinds or page.likely_type in kinds:
        return False
    return not any(_is_alike(page.flow.opening, sign.flow.opening) for sign in before)


def _is_new_heading(heading: str, before: Sequence[_PageSigns]) -> bool:
    """Say whether a line in large letters stands on none of the pages before."""
    return not any(sign.head.heading and _is_alike(heading, sign.head.heading) for sign in before)


def _is_running_head(page: _PageSigns, previous: _PageSigns) -> bool:
    """Say whether the page before had the same head, so that it may just be repeated on each page."""
    same_date = not page.service_dates or bool(page.service_dates & previous.service_dates)
    heading, known = page.head.heading.casefold(), previous.head.heading.casefold()
    is_same = _is_alike(heading, known) or heading.startswith(known) or known.startswith(heading)
    return is_same and same_date


def _differ(values: frozenset[str], before: Sequence[_PageSigns], name: str) -> bool:
    known = frozenset[str]().union(*(getattr(sign, name) for sign in before))
    return bool(values and known) and not values & known


def _is_alike(a: str, b: str) -> bool:
    """Say whether two printed lines are one, as far as OCR lets see."""
    plain = ["".join(filter(str.isalnum, text.lower())) for text in (a, b)]
    return OSA.normalized_similarity(*plain) >= _ALIKE


def _speaks_both_ways(page: _PageSigns, before: Sequence[_PageSigns]) -> bool:
    """Say whether a page that was taken for a later one also looks like a first one."""
    head, previous = page.head, before[-1].head
    if _continues_numbers(head, previous) is True:
        return (
            head.title_strength >= _SURE_TITLE
            and bool(head.title_type)
            and head.title_type != before[0].head.title_type
        )
    if head.page_of is not None and head.page_of[0] > 1 and previous.page_of is None and len(before) == 1:
        return head.page_of[0] != 2
    repeats = head.title_strength >= _SURE_TITLE and head.title_type == before[0].head.title_type
    known = join_identities(sign.identity for sign in before)
    is_one_persons = bool(page.identity.mrns & known.mrns)  # then a missed boundary harms nobody
    return repeats and bool(head.letterhead) and not page.service_dates and not is_one_persons
