"""What people decide about documents: each a new decision, nothing overwritten, all of it undoable."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from backfile.domain.audit import AuditAction
from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.request import Answer, FieldCorrection, Outcome, RejectReason, Request, RequestKind
from backfile.errors import Busy, UsageError
from backfile.ids import new_id
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import SERVICE, UnitOfWork

__all__ = [
    "Answer",
    "FieldCorrection",
    "Outcome",
    "PageJudge",
    "RejectReason",
    "Request",
    "RequestKind",
    "confirm_patient",
    "note_machine_decision",
    "remove_document",
    "undo_decision",
]


class PageJudge(Protocol):
    """Says which pages speak against a patient; matching knows, the kernel does not."""

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        """Return the positions in the document, from 1, of pages that bear somebody else's identifiers."""


_AUDITED_STATES = {
    DocumentState.FILED: AuditAction.DOCUMENT_FILED,
    DocumentState.REVIEW: AuditAction.DOCUMENT_QUEUED,
    DocumentState.EXCEPTION: AuditAction.DOCUMENT_EXCEPTION,
    DocumentState.REMOVED: AuditAction.DOCUMENT_REMOVED,
}


def note_machine_decision(
    uow: UnitOfWork, document: StoredDocument, *, before: StoredDocument | None
) -> None:
    """Append what the service decided about a document, with its audit event and its outbox row.

    The caller writes the document and its pages in the same unit of work.
    """
    decision = Decision(new_id("dec"), document.id, DecisionKind.MACHINE, SERVICE, uow.clock.now())
    uow.documents.add_decision(decision, before=before, after=document)
    uow.record(
        _AUDITED_STATES[document.state],
        "document",
        document.id,
        patient=document.patient_id,
        reason=document.reason.value,
        decision=decision.id,
    )
    uow.outbox.add(document.id, document.version, at=uow.clock.now())


def confirm_patient(
    document_id: str, patient_id: str, *, version: int, catalog: Catalog, actor: str
) -> Decision:
    """File a document under the patient that a person chose.

    Args:
        document_id: the document.
        patient_id: the patient.
        version: of the document as the person saw it.
        catalog: the catalog.
        actor: name of the person.

    Raises:
        UsageError: there is no such document or patient.
        Busy: the document was changed since the person saw it; nothing was done.
    """
    with catalog.begin() as uow:
        before = _seen(document_id, version, uow)
        if uow.patients.get(patient_id) is None:
            raise UsageError("There is no such patient.", next_step="Choose one from the index.")
        after = replace(
            before,
            state=DocumentState.FILED,
            reason=Reason.CONFIRMED_BY_PERSON,
            patient_id=patient_id,
            version=before.version + 1,
        )
        decision = _apply(before, after, DecisionKind.CONFIRM, uow, actor=actor)
        uow.commit()
    return decision


def remove_document(document_id: str, *, version: int, catalog: Catalog, actor: str) -> Decision:
    """Take a document out of the chart; it is kept, and the removal can be undone.

    Raises:
        UsageError: there is no such document.
        Busy: the document was changed since the person saw it; nothing was done.
    """
    with catalog.begin() as uow:
        before = _seen(document_id, version, uow)
        after = replace(
            before,
            state=DocumentState.REMOVED,
            reason=Reason.REMOVED_BY_PERSON,
            patient_id=None,
            version=before.version + 1,
        )
        decision = _apply(before, after, DecisionKind.REMOVE, uow, actor=actor)
        uow.commit()
    return decision


def undo_decision(decision_id: str, *, catalog: Catalog, actor: str) -> Decision:
    """Take the newest decision about a document back.

    A person's decision gives way to the state before it; what the service decided by itself gives way
    to review by a person.

    Raises:
        UsageError: there is no such decision, or a later one stands on it.
    """
    with catalog.begin() as uow:
        undone = uow.documents.get_decision(decision_id)
        if undone is None:
            raise UsageError(
                f"There is no decision {decision_id}.",
                next_step="Find it with: backfile documents --json (key decision).",
            )
        newest = uow.documents.decisions_of(undone.document_id)[-1]
        if newest.id != undone.id or undone.kind is DecisionKind.UNDO:
            raise UsageError(
                f"Decision {decision_id} is not the newest about its document, or undoes another.",
                next_step=f"Undo {newest.id} first, or decide anew.",
            )
        before = uow.documents.get(undone.document_id)
        assert before is not None  # a decision's document is never deleted
        earlier = uow.documents.state_before(decision_id)
        state, patient = earlier if earlier is not None else (DocumentState.REVIEW, None)
        after = replace(
            before, state=state, patient_id=patient, reason=Reason.UNDONE, version=before.version + 1
        )
        decision = _apply(before, after, DecisionKind.UNDO, uow, actor=actor, undoes=decision_id)
        uow.commit()
    return decision


def _seen(document_id: str, version: int, uow: UnitOfWork) -> StoredDocument:
    document = uow.documents.get(document_id)
    if document is None:
        raise UsageError(f"There is no document {document_id}.", next_step="Reload the queue.")
    if document.version != version:
        raise Busy(
            f"Document {document_id} was changed by somebody else meanwhile.",
            next_step="Look at it again; nothing of yours was saved.",
        )
    return document


def _apply(
    before: StoredDocument,
    after: StoredDocument,
    kind: DecisionKind,
    uow: UnitOfWork,
    *,
    actor: str,
    undoes: str | None = None,
) -> Decision:
    decision = Decision(new_id("dec"), after.id, kind, actor, uow.clock.now(), undoes)
    uow.documents.save(after)
    uow.documents.add_decision(decision, before=before, after=after)
    page_ids = [page.id for page in uow.pages.of_document(after.id)]
    uow.pages.set_state(page_ids, PageState(after.state.value), document_id=after.id)
    action = {
        DecisionKind.UNDO: AuditAction.DECISION_UNDONE,
        DecisionKind.REMOVE: AuditAction.DOCUMENT_REMOVED,
    }.get(kind, AuditAction.DOCUMENT_FILED)
    uow.record(
        action,
        "document",
        after.id,
        actor=actor,
        patient=after.patient_id or before.patient_id,
        decision=decision.id,
    )
    uow.outbox.add(after.id, after.version, at=uow.clock.now())
    return decision
