"""A page of somebody else in the middle of a document: which pages are to be split off.

Pages of a stack get into each other: a document lies open, another sheet falls in. Where a document says on
both sides of a page whose it is, and the page says otherwise, the page is the stray. At the end of a document
it may as well be the next document's beginning, so nothing is split off there: a person looks at the whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.patient import PatientIndex
from classify.matching.case import FilingRules
from classify.matching.compare import compare_facts
from classify.matching.conflicts import ANOTHER_PERSON, find_conflict
from classify.matching.encounters import EncounterBook
from classify.matching.facts import Facts, gather_facts, is_continuation
from classify.matching.letterheads import LetterheadJudge
from classify.matching.people import Person, group_people
from classify.matching.site_numbers import SiteNumbers


def find_strays_between(
    document: DocumentEvidence, outcome: MatchOutcome, *, index: PatientIndex, rules: FilingRules
) -> tuple[int, ...]:
    """Return the positions, from 0, of pages of somebody else between pages of one patient.

    Args:
        document: what was seen on the pages, in order.
        outcome: what the rules say of the whole.
        index: the patient index.
        rules: what the site sets.

    Returns:
        Nothing where the pages do not disagree clearly: each stray page, with its numbered continuations,
        must have a page before and behind it that bears the patient's identifiers.
    """
    if outcome.state is not DocumentState.REVIEW:
        return ()
    judge = LetterheadJudge(rules.facility)
    pages = gather_facts(document, judge=judge, today=rules.today or dt.datetime.now(dt.UTC).date())
    numbers, book = SiteNumbers(index, judge), EncounterBook(index, judge)
    patients = [found for one in outcome.candidates if (found := index.get(one.patient_id))]

    def look_at(facts: Facts, person: Person) -> bool | None:
        """Say whether a page is the person's or somebody else's; None where it says neither."""
        compared = compare_facts(facts, person, judge=judge, bearers=numbers.find_bearers, book=book)
        conflict = find_conflict(facts, compared)
        if conflict is None:
            return True if compared.binds_the_page else None
        return False if conflict in ANOTHER_PERSON else None

    for person in group_people(patients, index):
        marks = [look_at(facts, person) for facts in pages]
        if strays := _find_between(pages, marks):
            return strays
    return ()


def _find_between(pages: Sequence[Facts], marks: Sequence[bool | None]) -> tuple[int, ...]:
    strays: list[int] = []
    at = 0
    while at < len(pages):
        if marks[at] is not False:
            at += 1
            continue
        before, first = at - 1, at
        while at < len(pages) and (marks[at] is False or (marks[at] is None and _continues(pages, at))):
            at += 1
        if before < 0 or at >= len(pages) or not (marks[before] and marks[at]):
            return ()
        strays += range(first, at)
    return tuple(strays)


def _continues(pages: Sequence[Facts], at: int) -> bool:
    return is_continuation(pages[at - 1], pages[at])
