"""What a person split is read anew by a worker, and matched again; it is never filed but by a person."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from backfile.domain.document import DocumentState, FieldName, FileState
from backfile.domain.page import PageReading
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, TaskKind
from backfile.domain.request import FieldCorrection, Outcome, RejectReason, Request, RequestKind
from backfile.domain.user import Role, User
from backfile.ids import new_id
from backfile.ports import FixedClock
from backfile.services.decide import apply_requests
from backfile.services.queue import Holder, claim_documents
from backfile.store.schema import documents
from backfile.store.unit_of_work import UnitOfWork
from classify import load_reader
from ingest.indexer import open_engine, prepare_index
from ingest.pipeline import run_task
from ingest.reconcile import CatalogTaskBoard
from ingest.rematch import rematch_waiting
from ingest.tools import Tools, filing_rules, reading_options
from ingest.verify import verify_home
from ingest.workshop import Workshop, prepare_workshop
from tests.classify.paper import type_page
from tests.received import receive_file

DISCHARGE = """
DISCHARGE SUMMARY
Patient: SMITH, JOHN A     DOB: 03/12/1950    MRN: 00123456
Admit Date: 01/02/2020     Discharge Date: 01/05/2020    Attending: Alan Turing, MD
HOSPITAL COURSE
The patient was admitted with pneumonia, treated with antibiotics and improved.
"""
LOOSE = """
Amoxicillin 500 mg by mouth three times daily for seven days. Return if fever or shortness of breath
comes back. Follow up in the clinic after two weeks. Diet as before, no lifting for ten days.
"""
NOTE = """
PROGRESS NOTE
Patient: JONES, ANNA     DOB: 07/01/1971    MRN: 00777777
Date of service: 02/03/2021
She feels well today. Wound clean and dry. Plan: remove sutures next week.
"""
SMITH = Patient(
    "pat_smith",
    PersonName("Smith", "John", "A"),
    (PatientIdentifier("00123456", ""),),
    birth_date=dt.date(1950, 3, 12),
)
JONES = Patient(
    "pat_jones",
    PersonName("Jones", "Anna"),
    (PatientIdentifier("00777777", ""),),
    birth_date=dt.date(1971, 7, 1),
)


class NoPages:
    """Knows nothing against any page."""

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        return frozenset()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    settings = prepare_workshop(tmp_path_factory.mktemp("tools") / "home").settings
    return Tools(reading_options(settings), load_reader(), filing_rules(settings))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    clock = FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC))
    return prepare_workshop(tmp_path / "home", clock=clock)


@pytest.fixture
def holder(workshop: Workshop) -> Holder:
    user = User(new_id("usr"), "tina", Role.TECHNICIAN)
    with workshop.catalog.begin() as uow:
        uow.users.add(user, password_hash="-", at=uow.clock.now())
        uow.commit()
    return Holder(user.id, user.name, "station-1")


def add_patients(workshop: Workshop, *patients: Patient) -> None:
    with workshop.catalog.begin() as uow:
        uow.patients.add(*patients)
        uow.commit()


def assemble(
    workshop: Workshop, tools: Tools, pages: list[PageReading], *, supersedes: str | None = None
) -> list[StoredDocument]:
    """Take in a file whose pages read like this; return its documents."""
    with workshop.catalog.begin() as uow:
        now = uow.clock.now()
        file = receive_file(
            uow, pages=len(pages), name="chart.pdf", state=FileState.WORKING, supersedes=supersedes
        )
        for page, reading in zip(uow.pages.add(file.id, count=len(pages)), pages, strict=True):
            uow.pages.save_reading(page.id, reading, at=now)
        (task,) = uow.tasks.add(TaskKind.ASSEMBLE, [file.id], at=now)
        uow.commit()
    run_task(task, workshop=workshop, tools=tools, owner="w")
    with workshop.catalog.look() as uow:
        ids = dict.fromkeys(page.document_id for page in uow.pages.of_file(file.id))
        return uow.documents.get_all([document_id for document_id in ids if document_id is not None])


def decide(workshop: Workshop, holder: Holder, document: StoredDocument, kind: str, **what: Any) -> str:
    """Decide about a document; return the id of the request."""
    request = Request(str(uuid.uuid4()), RequestKind(kind), document.id, document.version, **what)
    (answer,) = apply_requests([request], holder=holder, judge=NoPages(), catalog=workshop.catalog)
    assert answer.outcome is Outcome.SAVED, answer.text
    return request.id


def get(workshop: Workshop, document_id: str) -> StoredDocument:
    with workshop.catalog.look() as uow:
        document = uow.documents.get(document_id)
    assert document is not None
    return document


def ready(workshop: Workshop) -> list[str]:
    with workshop.catalog.look() as uow:
        return uow.tasks.ready(limit=99)


def test_both_parts_of_a_split_are_read_anew(workshop: Workshop, tools: Tools, holder: Holder) -> None:
    add_patients(workshop, SMITH)
    (whole,) = assemble(workshop, tools, [type_page(DISCHARGE), type_page(LOOSE)])
    assert (whole.state, whole.reason) == (DocumentState.REVIEW, Reason.PAGE_UNBOUND)
    request = decide(workshop, holder, whole, "split", page=2)
    assert claim_documents(holder, count=9, catalog=workshop.catalog) == []
    tasks = ready(workshop)
    assert len(tasks) == 2
    for task in tasks:
        run_task(task, workshop=workshop, tools=tools, owner="w")
    assert ready(workshop) == []
    first, second = claim_documents(holder, count=9, catalog=workshop.catalog)
    # The first would be filed now by every rule, had no person split it.
    assert (first.id, first.state, first.reason) == (whole.id, DocumentState.REVIEW, Reason.SPLIT_BY_PERSON)
    assert first.type.name == "discharge_summary"
    assert first.field(FieldName.MRN) == "00123456"
    assert first.match is not None
    assert [c.patient_id for c in first.match.candidates] == ["pat_smith"]
    assert (second.state, second.reason) == (DocumentState.REVIEW, Reason.NO_IDENTIFIERS)
    assert second.field(FieldName.MRN) == ""
    # Neither is filed when the index changes.
    add_patients(workshop, JONES)
    rematch_waiting(workshop)
    assert {get(workshop, d.id).state for d in (first, second)} == {DocumentState.REVIEW}
    decide(workshop, holder, get(workshop, first.id), "undo", undoes=request)
    again = get(workshop, whole.id)
    assert (again.reason, again.type, again.fields) == (whole.reason, whole.type, whole.fields)


def test_a_part_that_cannot_be_read_comes_back_as_it_is(
    workshop: Workshop, tools: Tools, holder: Holder
) -> None:
    add_patients(workshop, SMITH)
    (whole,) = assemble(workshop, tools, [type_page(DISCHARGE), type_page(LOOSE)])
    decide(workshop, holder, whole, "split", page=2)
    for _ in range(3):
        for task_id in ready(workshop):
            with workshop.catalog.begin() as uow:
                task = uow.tasks.claim(task_id, owner="w", at=uow.clock.now())
                assert task is not None
                uow.tasks.release(task.id, task.token)
                uow.commit()
    assert claim_documents(holder, count=9, catalog=workshop.catalog) == []
    CatalogTaskBoard(workshop).expire_leases()
    first, second = claim_documents(holder, count=9, catalog=workshop.catalog)
    assert (first.id, first.type, second.reason) == (whole.id, whole.type, Reason.SPLIT_BY_PERSON)
    assert first.field(FieldName.MRN) == "00123456"
    with workshop.catalog.look() as uow:
        assert uow.counts.summarize().is_balanced
        assert uow.tasks.count_open() == 0


def test_who_was_not_registered_comes_back_when_registered(
    workshop: Workshop, tools: Tools, holder: Holder
) -> None:
    add_patients(workshop, SMITH)
    misread = NOTE.replace("JONES, ANNA", "IONCS, ANHA").replace("MRN: 00777777", "").replace("1971", "1911")
    ((unknown,), (untouched,), (rescan,)) = (
        assemble(workshop, tools, [type_page(text)]) for text in (misread, NOTE, NOTE)
    )
    decide(workshop, holder, rescan, "reject", reject=RejectReason.SCAN_AGAIN)
    corrections = (
        FieldCorrection(FieldName.PATIENT_NAME, "Jones, Anna", page=1),
        FieldCorrection(FieldName.BIRTH_DATE, "07/01/1971", page=1),
    )
    decide(workshop, holder, unknown, "reject", reject=RejectReason.NOT_REGISTERED, fields=corrections)
    stranger = Patient(
        "pat_b", PersonName("Berg", "Olaf"), (PatientIdentifier("5", ""),), dt.date(1980, 1, 1)
    )
    add_patients(workshop, stranger)
    rematch_waiting(workshop)
    assert get(workshop, unknown.id).reason is Reason.NOT_REGISTERED
    add_patients(workshop, JONES)
    rematch_waiting(workshop)
    back = get(workshop, unknown.id)
    assert (back.state, back.reason) == (DocumentState.REVIEW, Reason.NOW_REGISTERED)
    assert back.match is not None
    assert [c.patient_id for c in back.match.candidates] == ["pat_jones"]
    assert back.field(FieldName.PATIENT_NAME) == "Jones, Anna"
    assert back.field(FieldName.BIRTH_DATE) == "1971-07-01"
    assert back.id in {d.id for d in claim_documents(holder, count=9, catalog=workshop.catalog)}
    # What nobody had touched is filed by the rules; what waits for the scanner goes on waiting.
    assert get(workshop, untouched.id).state is DocumentState.FILED
    assert get(workshop, rescan.id).reason is Reason.SCAN_REQUESTED


def test_what_a_person_has_touched_gets_candidates_but_is_not_filed(
    workshop: Workshop, tools: Tools, holder: Holder
) -> None:
    (document,) = assemble(workshop, tools, [type_page(NOTE)])
    assert document.reason is Reason.NOT_IN_INDEX
    decide(workshop, holder, document, "postpone", type="consultation")
    add_patients(workshop, JONES)
    assert rematch_waiting(workshop) == 1
    touched = get(workshop, document.id)
    assert touched.state is DocumentState.REVIEW
    assert (touched.type.name, touched.postponed_at is not None) == ("consultation", True)
    assert touched.match is not None
    assert [c.patient_id for c in touched.match.candidates] == ["pat_jones"]
    assert rematch_waiting(workshop) == 0
    # The screen that had it before the index changed may still decide.
    decide(workshop, holder, document, "confirm", patient="pat_jones")
    assert get(workshop, document.id).state is DocumentState.FILED


def test_a_file_that_extends_an_earlier_one_stays_with_people(workshop: Workshop, tools: Tools) -> None:
    (early,) = assemble(workshop, tools, [type_page(LOOSE)])
    with workshop.catalog.look() as uow:
        (page,) = uow.pages.of_document(early.id)
    (longer,) = assemble(workshop, tools, [type_page(NOTE)], supersedes=page.file_id)
    assert longer.reason is Reason.NOT_IN_INDEX
    add_patients(workshop, JONES)
    rematch_waiting(workshop)
    assert get(workshop, longer.id).reason is Reason.EXTENDS_EARLIER_FILE


def test_a_document_that_dropped_out_of_the_queue_is_found(
    workshop: Workshop, tools: Tools, holder: Holder
) -> None:
    add_patients(workshop, SMITH)
    whole, lost = (assemble(workshop, tools, [type_page(DISCHARGE), type_page(LOOSE)])[0] for _ in range(2))
    decide(workshop, holder, whole, "split", page=2)

    def misplaced() -> list[str]:
        prepare_index(workshop)
        found = verify_home(workshop, open_engine(workshop)).problems
        return [problem for problem in found if "not in the queue" in problem]

    assert misplaced() == []
    with workshop.catalog.begin() as uow:
        uow.connection.execute(update(documents).where(documents.c.id == lost.id).values(queue_key=""))
        uow.commit()
    assert misplaced() == [f"document {lost.id}: waits for a person and is not in the queue"]
