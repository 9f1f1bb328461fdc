"""Taking decisions back: the newest that stands, again and again; each a decision of its own."""

from __future__ import annotations

from dataclasses import replace

from backfile.domain.decision import DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.snapshot import PastDecision
from backfile.errors import UsageError
from backfile.services.changes import By, write_change
from backfile.services.settle import WAITING, Done
from backfile.services.split import effective, take_pages_back
from backfile.store.unit_of_work import UnitOfWork


def undo_newest(name: str, uow: UnitOfWork, *, by: By, holder: str | None = None) -> Done:
    """Take a decision back, where none that stands is newer.

    A person's decision gives way to what was before it: state, patient, type, fields, order in the queue,
    how pages stand, the pages themselves after a split. What the service decided by itself gives way to
    review by a person. That the service has since looked for candidates again does not stand in the way.

    Args:
        name: id of the decision, or of the request that made it.
        uow: the transaction.
        by: who undoes.
        holder: the screen that asks; None for none.

    Raises:
        UsageError: there is no such decision, it is undone already, or a later one stands on it.
        Busy: it split the document, and the other part is another's now.
    """
    undone = uow.documents.find_decision(name)
    if undone is None:
        raise UsageError(
            "There is no such decision to undo.",
            next_step="Name the newest one about the document.",
        )
    history = uow.documents.history_of(undone.document_id)
    if undone.kind is DecisionKind.SPLIT and undone.id == history[0].decision.id:
        raise UsageError(
            "This document came out of another one by a split.",
            next_step="Undo the split of that one.",
        )
    standing = effective(history)
    while standing and standing[-1].decision.id != undone.id and is_refresh(standing[-1]):
        standing.pop()
    if not standing or standing[-1].decision.id != undone.id:
        raise UsageError(
            "This decision is not the newest about its document, or undone already.",
            next_step="Undo the newest first, or decide anew.",
        )
    before = uow.documents.get(undone.document_id)
    assert before is not None  # a decision's document is never deleted
    past = standing[-1]
    if past.before is not None and past.before.details is not None and past.before.details.part:
        take_pages_back(before, past, uow, by=by, holder=holder)
    if not uow.pages.of_document(before.id):
        raise UsageError(
            "This document has no pages any more: another one holds them.", next_step="Decide about that one."
        )
    after = _restore(before, past, uow)
    decision = write_change(
        before, after, DecisionKind.UNDO, uow, by=replace(by, undoes=undone.id), notes={"undoes": undone.id}
    )
    return Done(decision, after.version, "Undone.")


def is_refresh(past: PastDecision) -> bool:
    """Say whether the service only looked again at a document that waits for a person."""
    return (
        past.decision.kind is DecisionKind.MACHINE
        and past.before is not None
        and past.before.state in WAITING
        and past.after.state in WAITING
    )


def _restore(document: StoredDocument, past: PastDecision, uow: UnitOfWork) -> StoredDocument:
    version = document.version + 1
    before = past.before
    if before is None or past.decision.kind is DecisionKind.MACHINE:
        return replace(
            document,
            state=DocumentState.REVIEW,
            patient_id=None,
            reason=Reason.UNDONE,
            superseded_by=None,
            postponed_at=None,
            version=version,
        )
    restored = replace(
        document,
        state=before.state,
        patient_id=before.patient,
        reason=before.reason,
        superseded_by=before.details.superseded_by if before.details else None,
        version=version,
    )
    details = before.details
    if details is None:  # a row of the first schema: nothing else could be changed then
        return restored
    if details.page is not None:
        uow.pages.turn(details.page, details.view_rotation)
    return replace(
        restored,
        type=details.type,
        fields=details.fields,
        encounter=details.encounter,
        postponed_at=details.postponed_at,
        match=details.match if details.part else document.match,
    )
