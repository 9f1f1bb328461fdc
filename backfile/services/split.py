"""Splitting a document, what a worker reads of the parts anew, and joining them again.

The document keeps the pages before; a new one takes the rest. Both wait for a worker and are in no queue
meanwhile; should the worker fail, they come back as they are. A person who splits takes the filing out of
the machine's hands: whatever is read, both stay in review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backfile.domain.decision import Decision, DecisionKind, MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FieldValue, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, TaskKind
from backfile.domain.request import Request
from backfile.domain.snapshot import PastDecision
from backfile.errors import Busy, UsageError
from backfile.ids import new_id
from backfile.services.changes import By, details_of, note_machine_decision, put_pages, write_change
from backfile.services.corrections import correct_document, keep_corrections
from backfile.services.settle import WAITING, Done
from backfile.services.unaided import note_part
from backfile.store.unit_of_work import UnitOfWork

UNDERSTAND_PRIORITY = 20
"""Before all other work: a person waits for it."""


def split_document(document: StoredDocument, request: Request, uow: UnitOfWork, *, by: By) -> Done:
    """Give the pages from ``request.page`` on to a new document, and have both read anew.

    Raises:
        UsageError: it is not in the queue, or the page is not one of its later pages.
    """
    if document.state not in WAITING:
        raise UsageError(
            "Only a document that waits can be split.", next_step="Undo the decision about it first."
        )
    pages = [page.id for page in uow.pages.of_document(document.id)]
    at = request.page
    if at is None or not 2 <= at <= len(pages):
        raise UsageError("A document is split before its second page or a later one.", next_step=_RELOAD)
    corrected = correct_document(
        document,
        type_name=None,
        corrections=request.fields,
        pages=len(pages),
        today=uow.today,
    )
    part = _make_part(corrected, at)
    after = replace(
        corrected,
        state=DocumentState.REVIEW,
        reason=Reason.SPLIT_BY_PERSON,
        fields=tuple(field for field in corrected.fields if field.page < at),
        match=_without_filing(document.match),
        postponed_at=None,
        version=document.version + 1,
    )
    uow.documents.add(part)
    put_pages(part, pages[at - 1 :], uow)
    put_pages(after, pages[: at - 1], uow)
    now = uow.clock.now()
    uow.tasks.add(TaskKind.UNDERSTAND, [document.id, part.id], at=now, priority=UNDERSTAND_PRIORITY)
    details = replace(details_of(document), match=document.match, part=part.id)
    decision = write_change(
        document, after, DecisionKind.SPLIT, uow, by=by, details=details, notes={"part": part.id}
    )
    begun = Decision(new_id("dec"), part.id, DecisionKind.SPLIT, by.actor, now)
    uow.documents.add_decision(begun, before=None, after=part)
    note_part(document.id, part.id, uow)
    uow.outbox.add(part.id, part.version, at=now)
    uow.queue.place(part)
    return Done(decision, after.version, "Split; both parts are read again and come back in a moment.")


def _make_part(document: StoredDocument, at: int) -> StoredDocument:
    """Return the new document; what a person said of its pages comes along."""
    fields = tuple(
        replace(field, page=field.page - at + 1, alternatives=())
        for field in document.fields
        if field.page >= at
    )
    encounter = next((field.value for field in fields if field.name is FieldName.ENCOUNTER), None)
    return replace(
        document,
        id=new_id("doc"),
        state=DocumentState.REVIEW,
        reason=Reason.SPLIT_BY_PERSON,
        type=TypeGuess(UNKNOWN, 0.0),
        fields=fields,
        encounter=encounter,
        match=_without_filing(document.match),
        cut_reason="person",
        patient_id=None,
        postponed_at=None,
        replaces=None,
        superseded_by=None,
        version=1,
        queue_key="",
    )


def _without_filing(match: MatchOutcome | None) -> MatchOutcome:
    """Return the candidates of the whole, until those of the part are found."""
    found = match or MatchOutcome(DocumentState.REVIEW, Reason.SPLIT_BY_PERSON)
    return replace(
        found,
        state=DocumentState.REVIEW,
        reason=Reason.SPLIT_BY_PERSON,
        patient_id=None,
        mrn="",
        facility="",
        comparisons=(),
    )


def save_understanding(
    document: StoredDocument,
    uow: UnitOfWork,
    *,
    type_guess: TypeGuess,
    fields: Iterable[FieldValue],
    match: MatchOutcome,
) -> bool:
    """Write what a worker read of a document after a split; its task is ended in the same unit of work.

    Returns:
        False where the document is no longer what was read: then nothing is written but its place.
    """
    now = uow.documents.get(document.id)
    if now is None:
        return False
    if now.version != document.version or now.state is not DocumentState.REVIEW:
        uow.queue.place(now)
        return False
    kept = keep_corrections(tuple(fields), now.fields)
    encounter = next((field.value for field in kept if field.name is FieldName.ENCOUNTER), None)
    is_filed = match.state is DocumentState.FILED
    after = replace(
        now,
        reason=Reason.SPLIT_BY_PERSON if is_filed else match.reason,
        type=type_guess,
        fields=kept,
        encounter=encounter,
        match=match,
        version=now.version + 1,
    )
    uow.documents.save(after)
    note_machine_decision(uow, after, before=now)
    return True


def end_understanding(document_id: str, uow: UnitOfWork) -> None:
    """Let a document come back as it is: reading it anew failed as often as it may be tried."""
    document = uow.documents.get(document_id)
    if document is not None:
        uow.queue.place(document)


def take_pages_back(
    document: StoredDocument, past: PastDecision, uow: UnitOfWork, *, by: By, holder: str | None
) -> None:
    """Give the pages of a document's part back to it; the part is left without any, removed.

    Args:
        document: that was split.
        past: the split.
        uow: the transaction; the caller restores the document after it.
        by: who undoes.
        holder: the screen that asks; None for none.

    Raises:
        Busy: the part was decided since, or is on somebody's screen.
    """
    details = past.before.details if past.before is not None else None
    part = uow.documents.get(details.part or "") if details is not None else None
    if part is None or part.state not in WAITING:
        raise Busy("The other part was decided since.", next_step="Undo that first.")
    history = uow.documents.history_of(part.id)
    if any(one.decision.kind is not DecisionKind.MACHINE for one in effective(history)[1:]):
        raise Busy("Something was decided about the other part since.", next_step="Undo that first.")
    having = uow.queue.holder_of(part.id, at=uow.clock.now())
    if having is not None and having != holder:
        raise Busy("Somebody else has the other part on the screen.", next_step="Ask for it.")
    pages = [page.id for one in (document, part) for page in uow.pages.of_document(one.id)]
    put_pages(document, pages, uow)
    for document_id in (document.id, part.id):
        uow.tasks.cancel(TaskKind.UNDERSTAND, document_id, at=uow.clock.now())
    after = replace(
        part,
        state=DocumentState.REMOVED,
        reason=Reason.SPLIT_UNDONE,
        postponed_at=None,
        version=part.version + 1,
    )
    of_part = By(by.actor, undoes=history[0].decision.id)
    write_change(part, after, DecisionKind.UNDO, uow, by=of_part, notes={"whole": document.id})


def effective(history: list[PastDecision]) -> list[PastDecision]:
    """Return the decisions that stand: neither undone nor undoing."""
    undone = {past.decision.undoes for past in history}
    return [
        past
        for past in history
        if past.decision.kind is not DecisionKind.UNDO and past.decision.id not in undone
    ]


_RELOAD = "Load the document again."
