"""What the search screen asks the server: patients, a chart, hits, one document's pages.

All of it comes and goes in the bodies of POST requests, since addresses end up in logs and histories.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.routing import Route

from backfile.domain.document import DocumentState
from backfile.domain.patient import find_survivor, resolve_patient
from backfile.errors import AccessDenied, UsageError
from backfile.store.charts import ChartPage, ChartRepository
from backfile.store.unit_of_work import UnitOfWork
from ingest.workshop import Workshop
from search.query import MAX_QUERY
from ui.auth.rights import Right, has_right, require
from ui.context import Visitor, get_engine
from ui.finding.access import require_view
from ui.finding.chart import ChartDocument, group_documents, open_chart, type_label
from ui.finding.chosen import CHOSEN
from ui.finding.hits import Facet, Found, Hit, HitFilter, Order, find_hits
from ui.finding.patients import PatientCard, find_patients, show_patient
from ui.finding.words import tell_answer, tell_limits
from ui.routes.audit import note_search, note_view
from ui.routes.http import json_route

Json = dict[str, object]
_Id = Annotated[str, Field(min_length=1, max_length=80)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PatientsBody(_Body):
    text: str = Field(max_length=200)


class _OpenBody(_Body):
    patient: _Id


class _FindBody(_Body):
    patient: _Id | None = None
    """None searches all charts."""
    text: str = Field(max_length=MAX_QUERY + 1)
    types: list[_Id] = Field(default_factory=list, max_length=100)
    years: list[Annotated[str, Field(pattern=r"^(\d{4})?$")]] = Field(default_factory=list, max_length=200)
    order: Order = Order.BEST
    offset: int = Field(default=0, ge=0, le=10_000)


class _DocumentBody(_Body):
    document: _Id


def search_patients(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return who could be meant; who looked is audited, what they typed is not."""
    asked = _PatientsBody.model_validate(body)
    with workshop.catalog.look() as uow:
        found = find_patients(asked.text, uow=uow, today=uow.today)
    note_search("patients", visitor, workshop, shown=str(len(found.patients)))
    return {
        "patients": [patient_json(card) for card in found.patients],
        "more": found.are_more,
        "by_sound": found.is_by_sound,
    }


def recent_charts(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return the patients whose charts were opened last in this session."""
    _Body.model_validate(body)
    with workshop.catalog.look() as uow:
        patients = uow.patients.get_all(CHOSEN.recent(visitor.session))
    return {"patients": [patient_json(show_patient(patient)) for patient in patients]}


def open_patient_chart(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Open the chart of one patient: from now on this session may see its pages."""
    asked = _OpenBody.model_validate(body)
    with workshop.catalog.look() as uow:
        chart = open_chart(asked.patient, uow=uow)
        waiting = ChartRepository(uow.connection).count_waiting(chart.records)
    if not CHOSEN.has_chosen(visitor.session, chart.patient.id):
        note_view("patient", chart.patient.id, visitor, workshop, patient=chart.patient.id)
    CHOSEN.choose(visitor.session, chart.records)
    return {
        "patient": patient_json(chart.patient),
        "documents": [document_json(document) for document in chart.documents],
        "waiting": waiting.for_person,
        "likely": waiting.likely_here,
    }


def search_chart(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Search one chart, or all with the right to; audited with the patient and without the words."""
    asked = _FindBody.model_validate(body)
    only = HitFilter(frozenset(asked.types), frozenset(asked.years))
    with workshop.catalog.look() as uow:
        records = _records_of(asked.patient, visitor, uow)
        found = find_hits(
            asked.text,
            engine=get_engine(),
            uow=uow,
            records=records,
            only=only,
            order=asked.order,
            offset=asked.offset,
        )
        people = _people_of(found, uow) if asked.patient is None else {}
    note_search(
        "chart" if records else "all",
        visitor,
        workshop,
        patient=records[0] if records else None,
        pages=",".join(hit.page.id for hit in found.hits),
    )
    return found_json(found, people, is_chart=bool(records), is_filtered=bool(only.types or only.years))


def show_document(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Json:
    """Return the pages of one document, and whose it is."""
    asked = _DocumentBody.model_validate(body)
    with workshop.catalog.look() as uow:
        charts = ChartRepository(uow.connection)
        pages = charts.pages_of_document(asked.document)
        if not pages:
            raise UsageError("There is no such document.", next_step="Search again.")
        first = pages[0]
        require_view(visitor, state=first.state, patient=first.patient)
        patient = None
        if first.state is DocumentState.FILED and first.patient:
            patient = resolve_patient(first.patient, uow.patients)
        document = group_documents(pages)[0]
    return {
        "document": document_json(document),
        "patient": patient_json(show_patient(patient)) if patient else None,
    }


def _records_of(patient: str | None, visitor: Visitor, uow: UnitOfWork) -> tuple[str, ...]:
    if patient is None:
        require(visitor, Right.SEARCH_ALL)
        return ()
    if not CHOSEN.has_chosen(visitor.session, patient):
        raise AccessDenied("This chart is not open.", next_step="Choose the patient first.")
    return ChartRepository(uow.connection).records_of(patient)


def _people_of(found: Found, uow: UnitOfWork) -> dict[str, PatientCard]:
    """Return the patient of each hit by the record that it is filed under."""
    records = uow.patients.get_all([hit.page.patient for hit in found.hits])
    survivors = {record.id: find_survivor(record, uow.patients) for record in records}
    return {record: show_patient(one) for record, one in survivors.items() if one is not None}


def patient_json(card: PatientCard) -> Json:
    """Return a patient for the screen."""
    return {
        "id": card.id,
        "name": str(card.name),
        "birth_date": card.birth_date.isoformat() if card.birth_date else "",
        "sex": card.sex,
        "mrn": card.mrn,
        "facility": card.facility,
        "death_date": card.death_date.isoformat() if card.death_date else "",
        "notes": list(card.notes),
    }


def document_json(document: ChartDocument) -> Json:
    """Return a document for the screen."""
    return {
        "id": document.id,
        "type": document.type,
        "label": type_label(document.type),
        "date": document.date,
        "verified": document.verified,
        "pages": [_page_json(page) for page in document.pages],
    }


def _page_json(page: ChartPage) -> Json:
    return {
        "id": page.id,
        "position": page.position,
        "reliable": page.reliable,
        "rotation": page.view_rotation,
    }


def found_json(found: Found, people: Mapping[str, PatientCard], *, is_chart: bool, is_filtered: bool) -> Json:
    """Return the answer to a search for the screen."""
    return {
        "total": found.total,
        "shown": found.shown_total,
        "next": found.next_offset,
        "took_ms": found.took_ms,
        "says": tell_answer(found, is_filtered=is_filtered),
        "limits": tell_limits(found.looked, is_chart=is_chart),
        "coverage": {
            "pages_readable": found.looked.pages_readable,
            "pages_unreliable": found.looked.pages_unreliable,
            "documents_waiting": found.looked.documents_waiting,
        },
        "partial": found.are_facets_partial,
        "types": [_facet_json(facet, type_label(facet.value)) for facet in found.types],
        "years": [_facet_json(facet, facet.value or "undated") for facet in found.years],
        "hits": [_hit_json(hit, people.get(hit.page.patient)) for hit in found.hits],
    }


def _facet_json(facet: Facet, label: str) -> Json:
    return {"value": facet.value, "label": label, "count": facet.count}


def _hit_json(hit: Hit, patient: PatientCard | None) -> Json:
    return {
        "page": _page_json(hit.page),
        "document": hit.page.document,
        "label": type_label(hit.page.type),
        "date": hit.page.service_date,
        "verified": hit.page.verified,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "words": [[round(side, 5) for side in word.box] for word in hit.words],
        "patient": patient_json(patient) if patient else None,
    }


def can_search_all(visitor: Visitor) -> bool:
    """Say whether a visitor may search across patients."""
    return has_right(visitor.user, Right.SEARCH_ALL)


ROUTES = [
    Route(f"/data/search/{name}", json_route(Right.SEARCH_CHART, handler), methods=["POST"])
    for name, handler in (
        ("patients", search_patients),
        ("recent", recent_charts),
        ("open", open_patient_chart),
        ("find", search_chart),
        ("document", show_document),
    )
]
