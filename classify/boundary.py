"""Whether a new document begins with a page: by identifiers, page numbers, heads, and how the text runs.

An identifier that changes always parts; then come printed page numbers; then text or a table that goes on;
then titles, letterheads, salutations, and heads with a date of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from classify.identity import compare_identities, join_identities
from classify.letterhead import PageHead
from classify.page_flow import PageFlow
from classify.page_signs import PageSigns
from classify.word_lists import split_words

_SURE_TITLE = 0.84
_ALIKE = 0.75
"""Similarity of letters from which two lines are the same line."""
_UNMISTAKABLE = split_words(
    """
    insurance_card laboratory_report ecg_report flowsheet medication_administration immunization_record
    face_sheet consent release_authorization advance_directive payer_letter anesthesia_record
    physician_orders radiology_report
    """
)
"""Types that a page alone shows by its form."""


def find_boundary(page: PageSigns, before: Sequence[PageSigns]) -> tuple[str, bool] | None:
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


def _begins_like_first(page: PageSigns) -> bool:
    head = page.head
    return bool(head.letterhead or head.title_strength >= _SURE_TITLE or page.has_salutation)


def _find_heading(page: PageSigns, before: Sequence[PageSigns]) -> tuple[str, bool] | None:
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


def _runs_on(page: PageSigns, previous: PageFlow) -> bool:
    """Say whether a sentence or a table of the page before goes on."""
    flow = page.flow
    if previous.says_more and not flow.names_patient and not page.head.letterhead:
        return True
    has_head = bool(flow.title) or flow.names_patient or _begins_like_first(page)
    if not has_head and (flow.runs_on or flow.is_table_of(previous)):
        return True
    return previous.is_unfinished and not previous.is_signed and (flow.runs_on or not has_head)


def _is_next_of_print(page: PageSigns, before: Sequence[PageSigns]) -> bool:
    """Say whether another paper begins on a page whose number goes on, as where a whole chart was printed."""
    known = {before[0].head.title_type, before[-1].head.title_type}
    is_titled = page.head.title_type not in known and page.head.title_strength >= _SURE_TITLE
    is_over = before[-1].flow.is_signed and not page.head.is_continued
    return is_titled and is_over and _differ(page.dates, before, "dates")


def _find_own_head(page: PageSigns, before: Sequence[PageSigns]) -> tuple[str, bool] | None:
    """Return the boundary that a head of its own makes, whatever kind of paper it names."""
    flow, previous = page.flow, before[-1]
    if page.has_salutation and not flow.runs_on:
        return "heading", False
    known = {title for sign in before for title in (sign.flow.title, sign.head.heading) if title}
    is_new = bool(flow.title) and not any(_is_alike(flow.title, title) for title in known)
    if is_new and (flow.names_patient or previous.flow.is_signed or page.head.letterhead):
        return "heading", False
    if not previous.flow.is_signed:
        return None
    if flow.names_patient and (_differ(page.dates, before, "dates") or _looks_other(page, before)):
        return "heading", False
    return ("heading", False) if flow.begins_dated and not before[-1].flow.begins_dated else None


def _is_other_kind(page: PageSigns, before: Sequence[PageSigns]) -> bool:
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


def _looks_other(page: PageSigns, before: Sequence[PageSigns]) -> bool:
    """Say whether the page likely is of another kind than those before, and does not repeat their head."""
    kinds = {sign.likely_type for sign in before}
    if not page.likely_type or "" in kinds or page.likely_type in kinds:
        return False
    return not any(_is_alike(page.flow.opening, sign.flow.opening) for sign in before)


def _is_new_heading(heading: str, before: Sequence[PageSigns]) -> bool:
    """Say whether a line in large letters stands on none of the pages before."""
    known = {sign.head.heading for sign in before if sign.head.heading}
    return not any(_is_alike(heading, title) for title in known)


def _is_running_head(page: PageSigns, previous: PageSigns) -> bool:
    """Say whether the page before had the same head, so that it may just be repeated on each page."""
    same_date = not page.service_dates or bool(page.service_dates & previous.service_dates)
    heading, known = page.head.heading.casefold(), previous.head.heading.casefold()
    is_same = _is_alike(heading, known) or heading.startswith(known) or known.startswith(heading)
    return is_same and same_date


def _differ(values: frozenset[str], before: Sequence[PageSigns], name: str) -> bool:
    known = frozenset[str]().union(*(getattr(sign, name) for sign in before))
    return bool(values and known) and not values & known


def _is_alike(a: str, b: str) -> bool:
    """Say whether two printed lines are one, as far as OCR lets see."""
    plain = ["".join(filter(str.isalnum, text.lower())) for text in (a, b)]
    return OSA.normalized_similarity(*plain) >= _ALIKE


def speaks_both_ways(page: PageSigns, before: Sequence[PageSigns]) -> bool:
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
