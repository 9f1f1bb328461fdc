"""Which pages speak against a patient, asked once more by the server when a decision comes in."""

from __future__ import annotations

from backfile.domain.records import StoredDocument
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from classify.matching.pages import PageMark, mark_pages


class MatchingPageJudge:
    """Serves ``PageJudge`` by the filing rules."""

    def __init__(self, rules: FilingRules) -> None:
        """Judge under these rules."""
        self._rules = rules

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        """Return the positions in the document, from 1, of pages that bear somebody else's identifiers."""
        patient = uow.patients.get(patient_id)
        if patient is None:
            return frozenset()
        evidence = [uow.pages.evidence_of(page.id) for page in uow.pages.of_document(document.id)]
        marks = mark_pages(evidence, patient, index=uow.patients, rules=self._rules)
        return frozenset(at for at, mark in enumerate(marks, 1) if mark is PageMark.CONFLICT)
