"""Which pages speak against a patient, asked once more by the server when a decision comes in."""

from __future__ import annotations

from collections.abc import Iterable

from backfile.domain.records import StoredDocument
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from classify.matching.pages import PageMark, mark_pages
from ui.verify.corrections import evidence_to_judge


class MatchingPageJudge:
    """Serves ``PageJudge`` by the filing rules."""

    def __init__(self, rules: FilingRules) -> None:
        """Judge under these rules."""
        self._rules = rules

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        """Return the positions in the document, from 1, of pages that bear somebody else's identifiers.

        As they were read or as the document's corrections say they are: a correction makes a page speak
        against a patient, and never spares the person to look at one that did.
        """
        patient = uow.patients.get(patient_id)
        if patient is None:
            return frozenset()
        evidence = evidence_to_judge(document, uow=uow)
        return unite_conflicts(
            mark_pages(pages, patient, index=uow.patients, rules=self._rules)
            for pages in (evidence.as_read, evidence.as_said)
        )


def unite_conflicts(marks: Iterable[Iterable[PageMark]]) -> frozenset[int]:
    """Return the positions, from 1, of pages that conflict in any of several ways to see the pages."""
    return frozenset(at for way in marks for at, mark in enumerate(way, 1) if mark is PageMark.CONFLICT)
