"""Looking again at what is filed, when the index has changed under it.

Nothing is moved from one chart to another by this: what no longer holds goes to review, and its decision
keeps under whom it was filed. Records that are merged need no move, since the chart of the survivor shows
them all, and so parting them again gives each its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from backfile.domain.document import DocumentState
from backfile.domain.evidence import DocumentEvidence
from backfile.domain.patient import resolve_patient
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.services.changes import reopen_document
from backfile.services.corrections import correct_evidence
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules
from ingest.covers import claims_of, decide_claimed
from ingest.tools import filing_rules
from ingest.workshop import Workshop


def reopen_touched(
    workshop: Workshop, touched: Iterable[str], *, parted: frozenset[str] = frozenset()
) -> int:
    """Look again at every document filed under records that changed; return how many went to review.

    Each is a transaction of its own, so that workers and people are not held up.

    Args:
        workshop: the installation.
        touched: ids of the records.
        parted: those of them that were one person's and are no more: whatever people filed there was said of
            both together, so a person says it again.
    """
    rules = filing_rules(workshop.settings)
    with workshop.catalog.look() as uow:
        filed = uow.documents.filed_under(touched)
    reopened = 0
    for document_id in filed:
        with workshop.catalog.begin() as uow:
            document = uow.documents.get(document_id)
            if document is None or document.state is not DocumentState.FILED:
                continue
            reason = _find_reason(document, uow, rules, parted)
            if reason is not None:
                reopen_document(document, reason, uow)
                uow.commit()
                reopened += 1
    return reopened


def _find_reason(
    document: StoredDocument, uow: UnitOfWork, rules: FilingRules, parted: frozenset[str]
) -> Reason | None:
    """Return why a filed document must be looked at again; None where its filing still holds."""
    if document.reason is Reason.CONFIRMED_BY_PERSON:
        return Reason.INDEX_CHANGED if document.patient_id in parted else None
    pages = uow.pages.of_document(document.id)
    seen = [uow.pages.evidence_of(page.id) for page in pages]
    evidence = DocumentEvidence(tuple(correct_evidence(document, seen)))
    outcome = decide_claimed(evidence, claims_of(pages, uow), uow=uow, rules=rules)
    if outcome.state is not DocumentState.FILED:
        return outcome.reason if outcome.state is DocumentState.REVIEW else Reason.INDEX_CHANGED
    now = resolve_patient(document.patient_id or "", uow.patients)
    return None if now is not None and now.id == outcome.patient_id else Reason.INDEX_CHANGED
