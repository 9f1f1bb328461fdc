"""Deciding waiting documents anew when the patient index has changed."""

from __future__ import annotations

from dataclasses import replace

from backfile.domain.decision import DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.records import StoredDocument
from backfile.services.decide import note_machine_decision
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules, decide_filing
from ingest.assembly import page_state_of
from ingest.tools import filing_rules
from ingest.workshop import Workshop

_WAITING = (DocumentState.REVIEW, DocumentState.EXCEPTION)


def rematch_waiting(workshop: Workshop) -> int:
    """Decide every waiting document anew that no person has decided; return how many changed.

    Each is a transaction of its own, so that workers and people are not held up.
    """
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        waiting = [document.id for document in uow.documents.all(states=_WAITING)]
    changed = 0
    for document_id in waiting:
        with workshop.catalog.begin() as uow:
            document = uow.documents.get(document_id)
            if document is not None and _rematch(document, uow, rules):
                uow.commit()
                changed += 1
    return changed


def _rematch(document: StoredDocument, uow: UnitOfWork, rules: FilingRules) -> bool:
    """Decide one document anew; say whether anything changed."""
    kinds = {decision.kind for decision in uow.documents.decisions_of(document.id)}
    if document.state not in _WAITING or kinds != {DecisionKind.MACHINE}:
        return False
    pages = uow.pages.of_document(document.id)
    evidence = [uow.pages.evidence_of(page.id) for page in pages]
    if document.match is None or not pages or any(page_evidence is None for page_evidence in evidence):
        return False
    whole = DocumentEvidence(
        tuple(e for e in evidence if e is not None),
        is_boundary_doubtful=document.is_boundary_doubtful,
    )
    outcome = decide_filing(whole, index=uow.patients, rules=rules)
    if outcome == document.match:
        return False
    after = replace(
        document,
        state=outcome.state,
        reason=outcome.reason,
        match=outcome,
        patient_id=outcome.patient_id if outcome.state is DocumentState.FILED else None,
        version=document.version + 1,
    )
    uow.documents.save(after)
    uow.pages.set_state(
        [page.id for page in pages],
        page_state_of(after.state),
        reason=after.reason if after.state is DocumentState.EXCEPTION else None,
        document_id=document.id,
    )
    note_machine_decision(uow, after, before=document)
    return True
