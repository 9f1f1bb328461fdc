"""One change of one document: the row, its pages, the decision, the audit event, the outbox, its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backfile.domain.audit import AuditAction
from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.snapshot import SnapshotDetails
from backfile.ids import new_id
from backfile.services.successor import check_removal
from backfile.services.unaided import note_unaided, note_verdict
from backfile.store.unit_of_work import SERVICE, UnitOfWork

_AUDITED_STATES = {
    DocumentState.FILED: AuditAction.DOCUMENT_FILED,
    DocumentState.REVIEW: AuditAction.DOCUMENT_QUEUED,
    DocumentState.EXCEPTION: AuditAction.DOCUMENT_EXCEPTION,
    DocumentState.REMOVED: AuditAction.DOCUMENT_REMOVED,
}
_AUDITED_KINDS = {
    DecisionKind.CONFIRM: AuditAction.DOCUMENT_FILED,
    DecisionKind.REMOVE: AuditAction.DOCUMENT_REMOVED,
    DecisionKind.REJECT: AuditAction.DOCUMENT_EXCEPTION,
    DecisionKind.POSTPONE: AuditAction.DOCUMENT_POSTPONED,
    DecisionKind.SPLIT: AuditAction.DOCUMENT_SPLIT,
    DecisionKind.ROTATE: AuditAction.PAGE_ROTATED,
    DecisionKind.UNDO: AuditAction.DECISION_UNDONE,
}


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, and what the decision is called."""

    actor: str
    request: str | None = None
    undoes: str | None = None


def note_machine_decision(
    uow: UnitOfWork, document: StoredDocument, *, before: StoredDocument | None
) -> None:
    """Append what the service decided about a document, with its audit event and its outbox row.

    The caller writes the document and its pages in the same unit of work, before this.
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
    uow.queue.place(document)
    if before is None or before.match != document.match:
        note_unaided(document, uow)


def reopen_document(before: StoredDocument, reason: Reason, uow: UnitOfWork) -> None:
    """Send a filed document back to review; the decision that does keeps under whom it was filed."""
    after = replace(
        before,
        state=DocumentState.REVIEW,
        reason=reason,
        patient_id=None,
        postponed_at=None,
        version=before.version + 1,
    )
    uow.documents.save(after)
    put_pages(after, [page.id for page in uow.pages.of_document(after.id)], uow)
    note_machine_decision(uow, after, before=before)


def write_change(
    before: StoredDocument,
    after: StoredDocument,
    kind: DecisionKind,
    uow: UnitOfWork,
    *,
    by: By,
    details: SnapshotDetails | None = None,
    notes: Mapping[str, str] | None = None,
) -> Decision:
    """Write what a person decided about a document.

    Args:
        before: as it was.
        after: as it is to be, with the next version.
        kind: what was decided.
        uow: the transaction.
        by: who decides.
        details: what is needed to restore it, where that is more than ``details_of(before)``.
        notes: for the audit trail: codes and ids only.

    Raises:
        UsageError: it is to be removed, and other documents lean on it (``check_removal``).
    """
    check_removal(before, after, uow)
    decision = Decision(new_id("dec"), after.id, kind, by.actor, uow.clock.now(), by.undoes, by.request)
    uow.documents.save(after)
    put_pages(after, [page.id for page in uow.pages.of_document(after.id)], uow)
    uow.documents.add_decision(decision, before=before, after=after, details=details or details_of(before))
    uow.record(
        _AUDITED_KINDS[kind],
        "document",
        after.id,
        actor=by.actor,
        patient=after.patient_id or before.patient_id,
        decision=decision.id,
        reason=after.reason.value,
        **_name_changes(before, after),
        **(notes or {}),
    )
    uow.outbox.add(after.id, after.version, at=uow.clock.now())
    uow.queue.place(after)
    note_verdict(after, kind, uow, actor=by.actor)
    return decision


def put_pages(document: StoredDocument, page_ids: list[str], uow: UnitOfWork) -> None:
    """Put pages into a document, in this order, in its state."""
    uow.pages.set_state(
        page_ids,
        PageState(document.state.value),
        reason=document.reason if document.state is DocumentState.EXCEPTION else None,
        document_id=document.id,
    )


def details_of(document: StoredDocument) -> SnapshotDetails:
    """Return what a person may change of a document."""
    return SnapshotDetails(
        document.type,
        document.fields,
        document.encounter,
        document.postponed_at,
        superseded_by=document.superseded_by,
    )


def _name_changes(before: StoredDocument, after: StoredDocument) -> dict[str, str]:
    """Return which fields and type changed; names of fields only, no values."""
    old = {field.name: field.value for field in before.fields}
    new = {field.name: field.value for field in after.fields}
    names = sorted(name.value for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    changes = {"fields": ",".join(names)} if names else {}
    return changes | ({"type": after.type.name} if after.type.name != before.type.name else {})
