"""A patient's chart: who it is, and every filed document by date. No search engine is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from backfile.domain.document_types import title_of
from backfile.errors import UsageError
from backfile.store.charts import ChartPage, ChartRepository
from backfile.store.unit_of_work import UnitOfWork
from ui.finding.patients import PatientCard, show_patient


@dataclass(frozen=True, slots=True)
class ChartDocument:
    """A filed document."""

    id: str
    type: str
    date: str
    """Of service, ISO; "" where none was found."""
    verified: bool
    """A person confirmed that it is this patient's."""
    pages: tuple[ChartPage, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is filed under one person."""

    patient: PatientCard
    records: tuple[str, ...]
    """Ids of all records of the person."""
    documents: tuple[ChartDocument, ...]
    """By date, undated last."""


def open_chart(patient_id: str, *, uow: UnitOfWork) -> Chart:
    """Return a person's chart.

    Raises:
        UsageError: there is no such patient.
    """
    charts = ChartRepository(uow.connection)
    records = charts.records_of(patient_id)
    patient = uow.patients.get(records[0])
    if patient is None:
        raise UsageError("There is no such patient.", next_step="Choose one from the list.")
    return Chart(show_patient(patient), records, group_documents(charts.pages_of(records)))


def group_documents(pages: Sequence[ChartPage]) -> tuple[ChartDocument, ...]:
    """Return the documents of pages that come document by document."""
    documents = []
    for document_id, group in groupby(pages, key=lambda page: page.document):
        held = tuple(group)
        first = held[0]
        documents.append(ChartDocument(document_id, first.type, first.service_date, first.verified, held))
    return tuple(documents)


def type_label(name: str) -> str:
    """Return what people call a document type."""
    return title_of(name)
