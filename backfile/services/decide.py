"""What people decide about documents: each a new decision, nothing overwritten, all of it undoable.

A decision is one transaction: the change, its audit event, its outbox row and the decision itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.request import Answer, FieldCorrection, Outcome, RejectReason, Request, RequestKind
from backfile.domain.snapshot import PastDecision
from backfile.errors import Busy, UsageError
from backfile.services.changes import By, note_machine_decision, write_change
from backfile.services.queue import CLAIM_SECONDS, Holder, check_holder
from backfile.services.settle import (
    WAITING,
    Done,
    PageJudge,
    confirm_document,
    postpone_document,
    reject_document,
    rotate_page,
)
from backfile.services.split import split_document
from backfile.services.undo import is_refresh, undo_newest
from backfile.store.answers import GivenAnswer
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork

__all__ = [
    "Answer",
    "FieldCorrection",
    "Outcome",
    "PageJudge",
    "RejectReason",
    "Request",
    "RequestKind",
    "apply_requests",
    "confirm_patient",
    "note_machine_decision",
    "remove_document",
    "undo_decision",
]

_LONGEST_ID = 40


def apply_requests(
    requests: Sequence[Request], *, holder: Holder, judge: PageJudge, catalog: Catalog
) -> list[Answer]:
    """Apply what a screen asks for, in order, each in a transaction of its own.

    A request that was answered before gets that answer again and changes nothing. A request may bear an
    older version where all that happened since came from the same screen, or was the service looking for
    candidates again: a screen sends on without waiting for answers.

    Args:
        requests: what is asked for.
        holder: the screen.
        judge: knows the pages that speak against a patient.
        catalog: the catalog.

    Returns:
        An answer for each request: saved; in conflict, where somebody else decided first or has the
        document; or refused, where it cannot be done as asked.

    Raises:
        Busy: another process held the catalog for a minute; what was answered before is saved, and the
            same requests may be sent again.
        UsageError: the screen has no usable id.
    """
    check_holder(holder)
    return [_answer(request, holder, judge, catalog) for request in requests]


def _answer(request: Request, holder: Holder, judge: PageJudge, catalog: Catalog) -> Answer:
    if not 0 < len(request.id) <= _LONGEST_ID:
        return Answer(request.id, Outcome.REFUSED, "The request has no usable id; not saved.")
    with catalog.begin() as uow:
        given = uow.answers.get(request.id)
        if given is not None:
            return _repeat(given, request, holder)
        try:
            with uow.connection.begin_nested():
                done = _decide(request, holder, judge, uow)
            answer = Answer(request.id, Outcome.SAVED, done.text, done.decision.id, done.version)
        except Busy as error:
            answer = Answer(request.id, Outcome.CONFLICT, f"{error.what} {error.next_step}")
        except UsageError as error:
            answer = Answer(request.id, Outcome.REFUSED, f"{error.what} {error.next_step}")
        uow.answers.add(
            GivenAnswer(answer, holder.user_id, holder.key, request.document[:_LONGEST_ID], request.kind),
            at=uow.clock.now(),
        )
        uow.commit()
    return answer


def _repeat(given: GivenAnswer, request: Request, holder: Holder) -> Answer:
    """Return the first answer, to whoever asked first for the same."""
    asked = (given.user_id, given.document, given.kind)
    if asked != (holder.user_id, request.document[:_LONGEST_ID], request.kind):
        return Answer(request.id, Outcome.REFUSED, "Another request had this id; not saved.")
    return given.answer


def _decide(request: Request, holder: Holder, judge: PageJudge, uow: UnitOfWork) -> Done:
    document = uow.documents.get(request.document)
    if document is None:
        raise UsageError("There is no such document; not saved.", next_step="Take the next one.")
    having = uow.queue.holder_of(document.id, at=uow.clock.now())
    if having not in (None, holder.key):
        raise Busy(
            "Somebody else has this document on the screen; not saved.", next_step="Take the next one."
        )
    by = By(holder.user, request=request.id)
    if request.kind is RequestKind.UNDO:
        return _undo(document, request, holder, uow, by)
    _check_version(document, request, holder, uow)
    if uow.queue.is_read_again(document.id):
        raise UsageError(
            "This document is being read again after a split; not saved.",
            next_step="It comes back in a moment.",
        )
    match request.kind:
        case RequestKind.CONFIRM:
            return confirm_document(document, request, uow, by=by, judge=judge)
        case RequestKind.REJECT:
            return reject_document(document, request.reject, request, uow, by=by)
        case RequestKind.POSTPONE:
            return postpone_document(document, request, uow, by=by)
        case RequestKind.SPLIT:
            return split_document(document, request, uow, by=by)
        case RequestKind.ROTATE:
            return rotate_page(document, request, uow, by=by)


def _undo(document: StoredDocument, request: Request, holder: Holder, uow: UnitOfWork, by: By) -> Done:
    """Take a decision about this document back, and put it on the screen again where it waits."""
    undone = uow.documents.find_decision(request.undoes or "")
    if undone is None or undone.document_id != document.id:
        raise UsageError("There is nothing to undo.", next_step="It was not saved, or undone already.")
    done = undo_newest(undone.id, uow, by=by, holder=holder.key)
    restored = uow.documents.get(document.id)
    if restored is not None and restored.state in WAITING and restored.queue_key:
        until = uow.clock.now() + dt.timedelta(seconds=CLAIM_SECONDS)
        uow.queue.claim([document.id], holder=holder.key, user_id=holder.user_id, until=until)
    return done


def _check_version(document: StoredDocument, request: Request, holder: Holder, uow: UnitOfWork) -> None:
    """Refuse to decide about a document that is no longer what the person saw."""
    if request.version == document.version:
        return
    history = uow.documents.history_of(document.id)
    since = [past for past in history if past.after.version > request.version]
    own = uow.answers.made_by(
        holder.key, [past.decision.request for past in since if past.decision.request is not None]
    )
    splits = {past.decision.id for past in history if past.decision.kind is DecisionKind.SPLIT}
    is_known = since and all(_is_known(past, own, splits) for past in since)
    if request.version > document.version or document.state not in WAITING or not is_known:
        raise Busy("Already decided by someone else; not saved.", next_step="Take the next one.")


def _is_known(past: PastDecision, own: set[str], splits: set[str]) -> bool:
    """Say whether the screen knows of a decision, and it left the pages of the document as they were."""
    is_own = past.decision.request in own and not splits & {past.decision.id, past.decision.undoes}
    return is_own or is_refresh(past)


def confirm_patient(
    document_id: str, patient_id: str, *, version: int, catalog: Catalog, actor: str
) -> Decision:
    """File a document under the patient that a person chose, without a screen.

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
    request = Request("", RequestKind.CONFIRM, document_id, version, patient=patient_id)
    with catalog.begin() as uow:
        document = _seen(document_id, version, uow)
        done = confirm_document(document, request, uow, by=By(actor), judge=None)
        uow.commit()
    return done.decision


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
        decision = write_change(before, after, DecisionKind.REMOVE, uow, by=By(actor))
        uow.commit()
    return decision


def undo_decision(decision_id: str, *, catalog: Catalog, actor: str) -> Decision:
    """Take the newest decision about a document back, without a screen (``services.undo``).

    Raises:
        UsageError: there is no such decision, or a later one stands on it.
        Busy: it split the document, and something was decided about the other part since.
    """
    with catalog.begin() as uow:
        done = undo_newest(decision_id, uow, by=By(actor))
        uow.commit()
    return done.decision


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
