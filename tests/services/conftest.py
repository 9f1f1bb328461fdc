"""A catalog with one patient, and documents put into it as the pipeline would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.ports import FixedClock
from backfile.store.catalog import Catalog
from tests.services.station import put_chart

PATIENT = Patient(
    id="pat_1",
    name=PersonName("Doe-Marsh", "Odette"),
    identifiers=(PatientIdentifier("0012345", ""),),
    birth_date=dt.date(1950, 3, 12),
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC))


@pytest.fixture
def catalog(tmp_path: Path, clock: FixedClock) -> Catalog:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}", clock=clock)
    catalog.migrate()
    with catalog.begin() as uow:
        uow.patients.add(PATIENT)
        uow.commit()
    return catalog


@pytest.fixture
def add_document(catalog: Catalog) -> Callable[..., StoredDocument]:
    def add(state: DocumentState, reason: Reason, *, pages: int = 2) -> StoredDocument:
        patient = PATIENT.id if state is DocumentState.FILED else None
        (document,) = put_chart(catalog, pages=pages, state=state, reason=reason, patient=patient)
        with catalog.begin() as uow:
            uow.outbox.remove([row.seq for row in uow.outbox.fetch(limit=99)])
            uow.commit()
        return document

    return add
