"""Deciding waiting documents anew when the patient index has changed.

What no person has touched is decided as if it had just come in. What a person has touched is never filed
by the service: it gets fresh candidates, and one that was set aside because its patient was not registered
comes back to the queue when a patient who fits is.
"""

from __future__ import annotations

from dataclasses import replace

from backfile.domain.decision import Agreement, DecisionKind, MatchOutcome
from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.services.corrections import correct_evidence
from backfile.services.decide import note_machine_decision
from backfile.services.unaided import UnaidedPolicy, hold_back_unaided
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from ingest.assembly import hold_back, page_state_of
from ingest.covers import claims_of, decide_claimed
from ingest.tools import filing_rules, unaided_policy
from ingest.workshop import Workshop

_WAITING = (DocumentState.REVIEW, DocumentState.EXCEPTION)
_SENT_BACK = (Reason.INDEX_CHANGED, Reason.CHECK_DIFFERS)
"""Why a filed document came back: what the rules say of it now tells less."""


def rematch_waiting(workshop: Workshop) -> int:
    """Match every waiting document anew; return how many changed.

    Each is a transaction of its own, so that workers and people are not held up.
    """
    rules, policy = filing_rules(workshop.settings), unaided_policy(workshop.settings)
    with workshop.catalog.look() as uow:
        waiting = [document.id for document in uow.documents.all(states=_WAITING)]
    changed = 0
    for document_id in waiting:
        with workshop.catalog.begin() as uow:
            document = uow.documents.get(document_id)
            if document is not None and rematch_document(document, uow, rules, policy):
                uow.commit()
                changed += 1
    return changed


def rematch_document(
    document: StoredDocument, uow: UnitOfWork, rules: FilingRules, policy: UnaidedPolicy
) -> bool:
    """Match one document anew; say whether anything changed. The caller commits."""
    if document.state not in _WAITING or uow.queue.is_read_again(document.id):
        return False
    pages = uow.pages.of_document(document.id)
    seen = [uow.pages.evidence_of(page.id) for page in pages]
    # One that was filed and sent back is a person's to decide, as one that a person has touched.
    is_touched = any(
        past.decision.kind is not DecisionKind.MACHINE or past.after.state is DocumentState.FILED
        for past in uow.documents.history_of(document.id)
    )
    if document.match is None or not pages or (not is_touched and None in seen):
        return False
    evidence = tuple(correct_evidence(document, seen))
    outcome = decide_claimed(
        DocumentEvidence(evidence, is_boundary_doubtful=document.is_boundary_doubtful),
        claims_of(pages, uow),
        uow=uow,
        rules=rules,
    )
    files = [file for file_id in {page.file_id for page in pages} if (file := uow.files.get(file_id))]
    scans = [(bool(page.reliable), page.confidence or 0.0) for page in pages]
    outcome = hold_back(hold_back_unaided(outcome, scans, uow, policy), files)
    if outcome == document.match:
        return False
    after = _touched(document, outcome) if is_touched else _untouched(document, outcome)
    if after is None:
        return False
    uow.documents.save(after)
    uow.pages.set_state(
        [page.id for page in pages],
        page_state_of(after.state),
        reason=after.reason if after.state is DocumentState.EXCEPTION else None,
        document_id=document.id,
    )
    note_machine_decision(uow, after, before=document)
    return True


def _untouched(document: StoredDocument, outcome: MatchOutcome) -> StoredDocument:
    return replace(
        document,
        state=outcome.state,
        reason=document.reason if _stays_apart(document, outcome) else outcome.reason,
        match=outcome,
        patient_id=outcome.patient_id if outcome.state is DocumentState.FILED else None,
        version=document.version + 1,
    )


def _stays_apart(document: StoredDocument, outcome: MatchOutcome) -> bool:
    """Say whether a page that was split off still waits; the rules never file it."""
    return document.reason is Reason.STRAY_PAGE and outcome.state is DocumentState.REVIEW


def _touched(document: StoredDocument, outcome: MatchOutcome) -> StoredDocument | None:
    """Return a document that a person has touched with fresh candidates; None where it stays as it is."""
    state, reason = document.state, document.reason
    if reason is Reason.SCAN_REQUESTED:
        return None
    if reason is Reason.NOT_REGISTERED:
        if not _fitting(outcome) - _fitting(document.match):
            return None
        state, reason = DocumentState.REVIEW, Reason.NOW_REGISTERED
    elif state is outcome.state is DocumentState.REVIEW and reason not in _SENT_BACK:
        reason = outcome.reason
    return replace(document, state=state, reason=reason, match=outcome, version=document.version + 1)


def _fitting(outcome: MatchOutcome | None) -> set[str]:
    """Return the candidates whom something identifies and nothing speaks against."""
    candidates = outcome.candidates if outcome else ()
    fitting = set()
    for candidate in candidates:
        agreements = {one.field: one.agreement for one in candidate.comparisons}
        agreeing = {name for name, agreement in agreements.items() if agreement is Agreement.AGREE}
        is_named = {"last_name", "first_name"} <= agreeing or agreeing & {"mrn", "birth_date"}
        if is_named and Agreement.CONFLICT not in agreements.values():
            fitting.add(candidate.patient_id)
    return fitting
