"""Decisions that settle a document, put it off or turn a page: each writes the document's next version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from backfile.domain.decision import Decision, DecisionKind
from backfile.domain.document import DocumentState, FieldName
from backfile.domain.patient import Patient, find_survivor
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.domain.request import RejectReason, Request
from backfile.errors import UsageError
from backfile.services.changes import By, details_of, write_change
from backfile.services.corrections import correct_document
from backfile.services.successor import choose_successor
from backfile.store.unit_of_work import UnitOfWork

WAITING = frozenset({DocumentState.REVIEW, DocumentState.EXCEPTION})


class PageJudge(Protocol):
    """Says which pages speak against a patient; matching knows, the kernel does not."""

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        """Return the positions in the document, from 1, of pages that bear somebody else's identifiers."""


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that is written."""

    decision: Decision
    version: int
    text: str
    """In words for the technician."""


_REMOVED = {
    RejectReason.NOT_A_RECORD: Reason.REMOVED_NOT_A_RECORD,
    RejectReason.DUPLICATE: Reason.REMOVED_DUPLICATE,
    RejectReason.SUPERSEDED: Reason.REMOVED_SUPERSEDED,
}
_SET_ASIDE = {
    RejectReason.SCAN_AGAIN: (
        Reason.SCAN_REQUESTED,
        "Set aside; the scanning staff is asked for a new scan.",
    ),
    RejectReason.NOT_REGISTERED: (Reason.NOT_REGISTERED, "Set aside until the patient is registered."),
}


def confirm_document(
    document: StoredDocument, request: Request, uow: UnitOfWork, *, by: By, judge: PageJudge | None
) -> Done:
    """File a document under the patient that a person chose, with type and fields as the person says.

    Args:
        document: as it is.
        request: names the patient.
        uow: the transaction.
        by: who decides.
        judge: knows the pages that speak against the patient; None where the person saw no screen.

    Raises:
        UsageError: the patient cannot be had, or a page that speaks against them was not looked at.
    """
    patient = find_patient(request.patient, uow)
    corrected = _correct(document, request, uow)
    if judge is not None:
        unseen = sorted(judge.conflicting_pages(uow, corrected, patient.id) - request.seen)
        if unseen:
            pages = ", ".join(map(str, unseen))
            raise UsageError(
                f"Something on page {pages} speaks against this patient, and it was not looked at.",
                next_step="Look at it, then confirm again.",
            )
    after = replace(
        corrected,
        state=DocumentState.FILED,
        reason=Reason.CONFIRMED_BY_PERSON,
        patient_id=patient.id,
        superseded_by=None,
        postponed_at=None,
        version=document.version + 1,
    )
    decision = write_change(document, after, DecisionKind.CONFIRM, uow, by=by)
    return Done(decision, after.version, " ".join(["Filed.", *_warn(after, patient, request.patient)]))


def reject_document(
    document: StoredDocument, reject: RejectReason | None, request: Request, uow: UnitOfWork, *, by: By
) -> Done:
    """Remove a document, or set it aside for a new scan or a registration.

    Raises:
        UsageError: no reason is given, it is removed already, or others lean on it.
    """
    if reject is None:
        raise UsageError("Why it is rejected is not said.", next_step="Choose a reason.")
    if document.state is DocumentState.REMOVED:
        raise UsageError("This document is removed already.", next_step="Undo the removal first.")
    corrected = _correct(document, request, uow)
    successor = None
    if reject is RejectReason.SUPERSEDED:
        successor = choose_successor(document, request.successor, uow).id
    if reject in _REMOVED:
        state, reason, text = (
            DocumentState.REMOVED,
            _REMOVED[reject],
            "Removed; it is kept and can be viewed.",
        )
        kind = DecisionKind.REMOVE
    else:
        state, kind, (reason, text) = DocumentState.EXCEPTION, DecisionKind.REJECT, _SET_ASIDE[reject]
    after = replace(
        corrected,
        state=state,
        reason=reason,
        patient_id=None,
        superseded_by=successor,
        postponed_at=None,
        version=document.version + 1,
    )
    notes = {"successor": successor} if successor else None
    return Done(write_change(document, after, kind, uow, by=by, notes=notes), after.version, text)


def postpone_document(document: StoredDocument, request: Request, uow: UnitOfWork, *, by: By) -> Done:
    """Put a document behind all others of the queue; what was corrected stays.

    Raises:
        UsageError: it is not in the queue.
    """
    if document.state not in WAITING or not document.queue_key:
        raise UsageError("This document is not in the queue.", next_step="Nothing is to be done.")
    after = replace(
        _correct(document, request, uow), postponed_at=uow.clock.now(), version=document.version + 1
    )
    decision = write_change(document, after, DecisionKind.POSTPONE, uow, by=by)
    uow.queue.release_document(document.id)
    return Done(decision, after.version, "Put behind all others.")


def rotate_page(document: StoredDocument, request: Request, uow: UnitOfWork, *, by: By) -> Done:
    """Turn a page as it stands on the screen; the received file stays as it is.

    Raises:
        UsageError: there is no such page, or the turn is no quarter.
    """
    page = next((p for p in uow.pages.of_document(document.id) if p.position == request.page), None)
    if page is None:
        raise UsageError("The document has no such page.", next_step="Load the document again.")
    if request.degrees % 90:
        raise UsageError("A page turns by quarters only.", next_step="Turn it by 90, 180 or 270 degrees.")
    uow.pages.turn(page.id, (page.view_rotation + request.degrees) % 360)
    after = replace(document, version=document.version + 1)
    details = replace(details_of(document), page=page.id, view_rotation=page.view_rotation)
    notes = {"page": page.id, "degrees": str(request.degrees % 360)}
    decision = write_change(document, after, DecisionKind.ROTATE, uow, by=by, details=details, notes=notes)
    return Done(decision, after.version, "Turned.")


def find_patient(patient_id: str | None, uow: UnitOfWork) -> Patient:
    """Return the patient whom a person chose; a merged record's survivor.

    Raises:
        UsageError: there is none.
    """
    if patient_id is None:
        raise UsageError("No patient is chosen.", next_step="Choose one.")
    patient = uow.patients.get(patient_id)
    if patient is None:
        raise UsageError("There is no such patient.", next_step="Choose one from the index.")
    survivor = find_survivor(patient, uow.patients)
    if survivor is None:
        raise UsageError(
            "The patient's record was merged into one that is not in the index.",
            next_step="Choose another patient, or import the index again.",
        )
    return survivor


def _correct(document: StoredDocument, request: Request, uow: UnitOfWork) -> StoredDocument:
    """Return the document as the request says it is; one without pages is nobody's to decide."""
    pages = len(uow.pages.of_document(document.id))
    if not pages:
        raise UsageError(
            "This document has no pages any more: another one holds them.", next_step="Decide about that one."
        )
    return correct_document(
        document,
        type_name=request.type,
        corrections=request.fields,
        pages=pages,
        today=uow.today,
    )


def _warn(document: StoredDocument, patient: Patient, chosen: str | None) -> list[str]:
    """Return what the person should know of the filing; no values."""
    said = []
    if patient.id != chosen:
        said.append("The chosen record was merged; it went to the one that survives.")
    served = document.field(FieldName.SERVICE_DATE)
    if patient.death_date is not None and served and served > patient.death_date.isoformat():
        said.append("Note: the date of service lies after the patient's death.")
    if patient.review_only:
        said.append("Note: the patient's record has no birth date.")
    return said
