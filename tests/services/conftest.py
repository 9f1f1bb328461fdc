"""A catalog with one patient, and documents put into it as the pipeline would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, TypeGuess
from backfile.domain.page import PageState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.ids import new_id
from backfile.ports import FixedClock
from backfile.services.decide import note_machine_decision
from backfile.store.catalog import Catalog
from tests.received import receive_file

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
        is_filed = state is DocumentState.FILED
        with catalog.begin() as uow:
            now = uow.clock.now()
            file = receive_file(uow, pages=pages)
            held = uow.pages.add(file.id, count=pages)
            document = StoredDocument(
                id=new_id("doc"),
                state=state,
                reason=reason,
                type=TypeGuess("progress_note", 0.9),
                match=MatchOutcome(state, reason),
                fields=(),
                cut_reason="first_page",
                received_at=now,
                patient_id=PATIENT.id if is_filed else None,
            )
            uow.documents.add(document)
            uow.pages.set_state([p.id for p in held], PageState(state.value), document_id=document.id)
            note_machine_decision(uow, document, before=None)
            uow.outbox.remove([row.seq for row in uow.outbox.fetch(limit=99)])
            uow.commit()
        return document

    return add
