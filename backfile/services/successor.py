"""The document that took another's place: a better scan of the same pages.

What was removed for it names it, and nobody removes it in turn while pages stand in no other document.
"""

from __future__ import annotations

from backfile.domain.document import DocumentState, FieldName
from backfile.domain.document_types import UNKNOWN
from backfile.domain.patient import resolve_patient
from backfile.domain.records import StoredDocument
from backfile.errors import UsageError
from backfile.store.charts import ChartRepository
from backfile.store.unit_of_work import UnitOfWork

SHOWN = 9
"""Documents that are proposed at most: a digit chooses."""
_LOOKED_AT = 100
_LONGEST_CHAIN = 50
"""Scans of scans of scans; a longer chain is a circle."""


def propose_successors(
    document: StoredDocument, uow: UnitOfWork, *, patient_id: str | None = None
) -> list[StoredDocument]:
    """Return documents that could have taken another's place, the likeliest first.

    They are of a patient that the document could be of; of these, the more of type, service date and number
    of pages are the same and the later they came, the better.

    Args:
        document: that is to be superseded.
        uow: to read from.
        patient_id: whose it is, as a person says; None for any of its candidates.
    """
    wanted = [patient_id] if patient_id else [document.patient_id or "", *_candidates(document)]
    charts = ChartRepository(uow.connection)
    records = {record for one in wanted if one for record in charts.records_of(one)}
    pages = len(uow.pages.of_document(document.id))

    def likeness(other: StoredDocument) -> tuple[int, bool]:
        same = (
            other.type.name == document.type.name != UNKNOWN,
            other.field(FieldName.SERVICE_DATE) == document.field(FieldName.SERVICE_DATE) != "",
            len(uow.pages.of_document(other.id)) == pages,
        )
        return sum(same), other.received_at > document.received_at

    found = uow.documents.about_patients(sorted(records), limit=_LOOKED_AT)
    others = [one for one in found if one.id != document.id and uow.pages.of_document(one.id)]
    return sorted(others, key=likeness, reverse=True)[:SHOWN]


def _candidates(document: StoredDocument) -> list[str]:
    return [one.patient_id for one in document.match.candidates] if document.match else []


def choose_successor(document: StoredDocument, successor_id: str | None, uow: UnitOfWork) -> StoredDocument:
    """Return the document that a person says took another's place.

    Raises:
        UsageError: none is named, it cannot be it, or it is filed under another patient.
    """
    if not successor_id:
        raise UsageError(
            "Which document took its place is not said.",
            next_step="Choose it; where the new scan is not there yet, choose: scan again.",
        )
    successor = uow.documents.get(successor_id)
    if successor is None or successor.id == document.id or successor.state is DocumentState.REMOVED:
        raise UsageError("That document cannot have taken its place.", next_step="Choose another one.")
    people = {
        patient.id
        for one in (document, successor)
        if one.patient_id and (patient := resolve_patient(one.patient_id, uow.patients))
    }
    if len(people) > 1:
        raise UsageError(
            "That document is filed under another patient.",
            next_step="Look at both; correct the patient of one first, or choose another document.",
        )
    return successor


def follow_successors(document: StoredDocument, uow: UnitOfWork) -> StoredDocument | None:
    """Return the document that stands in a superseded one's place now; None where none does."""
    current: StoredDocument | None = document
    for _ in range(_LONGEST_CHAIN):
        if current is None or current.superseded_by is None:
            break
        current = uow.documents.get(current.superseded_by)
        if current is not None and current.id == document.id:
            return None
    is_standing = current is not None and current.state is not DocumentState.REMOVED
    return current if is_standing and current is not document else None


def check_removal(before: StoredDocument, after: StoredDocument, uow: UnitOfWork) -> None:
    """Let a document be removed only if what took its place, or what it took the place of, stays to be seen.

    Args:
        before: as it is.
        after: as it is to be.
        uow: the transaction; nothing is written yet.

    Raises:
        UsageError: its successor does not stand, or others were removed for it.
    """
    if after.state is not DocumentState.REMOVED:
        return
    if after.superseded_by is not None:
        if follow_successors(after, uow) is None:
            raise UsageError(
                "The document that took its place is removed itself.",
                next_step="Undo that first, or choose another one.",
            )
    elif before.state is not DocumentState.REMOVED and uow.documents.superseded_by(after.id):
        raise UsageError(
            "Another document was removed because this one took its place.",
            next_step="Undo that first, or name what took the place of this one.",
        )
