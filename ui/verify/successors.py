"""Documents of which one may have taken the place of another, as the station shows them."""

from __future__ import annotations

from backfile.domain.document import DocumentState, FieldName
from backfile.domain.patient import resolve_patient
from backfile.domain.records import StoredDocument
from backfile.services.successor import propose_successors
from backfile.store.unit_of_work import UnitOfWork
from ui.finding.chart import type_label
from ui.verify.views import SuccessorView


def view_successors(
    document: StoredDocument, *, uow: UnitOfWork, patient_id: str | None = None
) -> list[SuccessorView]:
    """Return what could have taken a document's place, the likeliest first (``propose_successors``)."""
    return [_view(one, uow) for one in propose_successors(document, uow, patient_id=patient_id)]


def _view(document: StoredDocument, uow: UnitOfWork) -> SuccessorView:
    pages = uow.pages.of_document(document.id)
    return SuccessorView(
        document=document.id,
        page=pages[0].id,
        type=type_label(document.type.name),
        service_date=document.field(FieldName.SERVICE_DATE),
        received=document.received_at.astimezone().date().isoformat(),
        pages=len(pages),
        stands=_tell_place(document, uow),
    )


def _tell_place(document: StoredDocument, uow: UnitOfWork) -> str:
    patient = resolve_patient(document.patient_id, uow.patients) if document.patient_id else None
    if patient is not None:
        return f"filed: {patient.name}, MRN {patient.mrn.value}"
    return "waits for a technician" if document.state is DocumentState.REVIEW else "set aside"
