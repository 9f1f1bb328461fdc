"""Chart header sheets between pages: what they identify, and every way in which they identify nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState, FileState
from backfile.domain.page import PageReading, PageState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, TaskKind
from backfile.domain.sheets import Sheet, SheetKind, encode_sheet, make_token
from backfile.ports import FixedClock
from backfile.services.print_sheets import WantedChart, issue_batch_sheets, issue_chart_sheets
from backfile.services.retry import retry_pages
from backfile.store.schema import audit_events
from classify import load_reader
from ingest.assembly import plan_documents, write_plan
from ingest.batches import note_batch_sheet
from ingest.pipeline import ask_for_assembly, run_task
from ingest.reconcile import CatalogTaskBoard
from ingest.rematch import rematch_waiting
from ingest.tools import Tools, filing_rules, reading_options, unaided_policy
from ingest.workshop import Workshop, prepare_workshop
from tests.classify.paper import type_page
from tests.received import receive_file

SMITH = Patient(
    "pat_smith", PersonName("Smith", "John", "A"), (PatientIdentifier("00123456", ""),), dt.date(1950, 3, 12)
)
JONES = Patient(
    "pat_jones", PersonName("Jones", "Anna"), (PatientIdentifier("00777777", ""),), dt.date(1971, 7, 1)
)
BODY = """
She feels well today. Wound clean and dry, no fever since the last visit, appetite good, sleeps well.
Plan: remove the sutures next week, go on with the tablets, come back at once if the pain returns.
"""
NAMED = f"PROGRESS NOTE\nPatient: SMITH, JOHN\nDate of service: 02/03/2021\n{BODY}"
WHOLE = f"PROGRESS NOTE\nPatient: JONES, ANNA     DOB: 07/01/1971    MRN: 00777777\n{BODY}"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    settings = prepare_workshop(tmp_path_factory.mktemp("tools") / "home").settings
    return Tools(reading_options(settings), load_reader(), filing_rules(settings), unaided_policy(settings))


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = prepare_workshop(tmp_path / "home", clock=FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)))
    with made.catalog.begin() as uow:
        uow.patients.add(SMITH, JONES)
        uow.commit()
    return made


def print_sheet(workshop: Workshop, patient: Patient = SMITH) -> PageReading:
    """Return the sheet of a patient as it is read."""
    wanted = [WantedChart(1, patient.mrn.value)]
    (issued,) = issue_chart_sheets(wanted, catalog=workshop.catalog, actor="tina").issued
    return sheet_page(Sheet(SheetKind.CHART, issued.sheet.token))


def sheet_page(*sheets: Sheet, text: str = "CHART HEADER SHEET") -> PageReading:
    return type_page(text, codes=tuple(map(encode_sheet, sheets)))


def receive(workshop: Workshop, *pages: PageReading | None) -> tuple[str, str]:
    """Take in a file whose pages read like this; return its id and that of its assembly's task."""
    with workshop.catalog.begin() as uow:
        now = uow.clock.now()
        file = receive_file(uow, pages=len(pages), state=FileState.WORKING)
        for page, reading in zip(uow.pages.add(file.id, count=len(pages)), pages, strict=True):
            if reading is None:
                uow.pages.mark_unreadable(page.id, Reason.PAGE_UNREADABLE)
            else:
                uow.pages.save_reading(page.id, reading, at=now)
        (task,) = uow.tasks.add(TaskKind.ASSEMBLE, [file.id], at=now)
        uow.commit()
    return file.id, task


def settle(workshop: Workshop, tools: Tools, *pages: PageReading | None) -> list[StoredDocument]:
    file_id, task = receive(workshop, *pages)
    run_task(task, workshop=workshop, tools=tools, owner="w")
    return documents_of(workshop, file_id)


def documents_of(workshop: Workshop, file_id: str) -> list[StoredDocument]:
    with workshop.catalog.look() as uow:
        ids = dict.fromkeys(page.document_id for page in uow.pages.of_file(file_id) if page.document_id)
        return uow.documents.get_all(list(ids))


def assert_review(document: StoredDocument, reason: Reason) -> None:
    assert (document.state, document.reason, document.patient_id) == (DocumentState.REVIEW, reason, None)


def test_a_name_alone_is_too_little_without_a_sheet(workshop: Workshop, tools: Tools) -> None:
    (document,) = settle(workshop, tools, type_page(NAMED))
    assert document.state is DocumentState.REVIEW


def test_pages_under_a_sheet_are_filed_and_the_sheet_is_set_aside(workshop: Workshop, tools: Tools) -> None:
    file_id, task = receive(workshop, print_sheet(workshop), type_page(""), type_page(NAMED), type_page(BODY))
    run_task(task, workshop=workshop, tools=tools, owner="w")
    (document,) = documents_of(workshop, file_id)
    assert (document.state, document.patient_id) == (DocumentState.FILED, SMITH.id)
    assert document.reason is Reason.HEADER_SHEET
    with workshop.catalog.look() as uow:
        states = [page.state for page in uow.pages.of_file(file_id)]
        used = uow.connection.execute(
            select(audit_events.c.patient).where(audit_events.c.action == AuditAction.SHEET_USED.value)
        ).scalars()
        assert list(used) == [SMITH.id]
    assert states == [PageState.SEPARATOR, PageState.BLANK, PageState.FILED, PageState.FILED]


def test_a_page_that_names_somebody_else_is_not_filed(workshop: Workshop, tools: Tools) -> None:
    documents = settle(workshop, tools, print_sheet(workshop), type_page(NAMED), type_page(WHOLE))
    assert [d.state for d in documents] == [DocumentState.FILED, DocumentState.REVIEW]


def test_nothing_agrees_under_the_sheet(workshop: Workshop, tools: Tools) -> None:
    (document,) = settle(workshop, tools, print_sheet(workshop), type_page(BODY))
    assert_review(document, Reason.TOO_FEW_IDENTIFIERS)


def test_a_copied_sheet_identifies_nobody(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    (first,) = settle(workshop, tools, sheet, type_page(NAMED))
    assert first.state is DocumentState.FILED
    (named,) = settle(workshop, tools, sheet, type_page(NAMED))
    assert_review(named, Reason.HEADER_SHEET_REUSED)
    (whole,) = settle(workshop, tools, sheet, type_page(WHOLE))
    assert_review(whole, Reason.HEADER_SHEET_REUSED)


def test_a_sheet_at_two_places_of_one_file_identifies_nobody(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    for document in settle(workshop, tools, sheet, type_page(NAMED), sheet, type_page(NAMED)):
        assert_review(document, Reason.HEADER_SHEET_REUSED)


def test_a_forged_sheet_identifies_nobody(workshop: Workshop, tools: Tools) -> None:
    (document,) = settle(workshop, tools, sheet_page(Sheet(SheetKind.CHART, make_token())), type_page(NAMED))
    assert_review(document, Reason.HEADER_SHEET_UNKNOWN)


def test_two_sheets_on_a_page_identify_nobody(workshop: Workshop, tools: Tools) -> None:
    sheets = [Sheet(SheetKind.CHART, make_token()) for _ in range(2)]
    (document,) = settle(workshop, tools, sheet_page(*sheets), type_page(NAMED))
    assert_review(document, Reason.HEADER_SHEET_UNCLEAR)


def test_a_sheet_whose_codes_are_lost_ends_the_one_before(workshop: Workshop, tools: Tools) -> None:
    lost = type_page("CHART HEADER SHEET\nJones, Anna")
    first, second = settle(workshop, tools, print_sheet(workshop), type_page(NAMED), lost, type_page(NAMED))
    assert first.state is DocumentState.FILED
    assert_review(second, Reason.HEADER_SHEET_UNCLEAR)


def test_a_page_of_a_chart_that_bears_a_sheets_code_is_kept(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    stuck = replace(type_page(NAMED + BODY * 3), barcodes=sheet.barcodes)
    (document,) = settle(workshop, tools, stuck)
    assert document.state is DocumentState.REVIEW


def test_sheets_below_their_pages_identify_nobody(workshop: Workshop, tools: Tools) -> None:
    smith, jones = print_sheet(workshop), print_sheet(workshop, JONES)
    documents = settle(workshop, tools, type_page(NAMED), smith, type_page(NAMED), jones)
    assert [d.state for d in documents] == [DocumentState.REVIEW, DocumentState.REVIEW]
    assert documents[1].reason is Reason.HEADER_SHEET_ORDER


def test_an_unreadable_page_may_have_been_the_next_sheet(workshop: Workshop, tools: Tools) -> None:
    patch = sheet_page(Sheet(SheetKind.SEPARATOR))
    documents = settle(
        workshop, tools, print_sheet(workshop), type_page(NAMED), patch, None, patch, type_page(NAMED)
    )
    assert [d.state for d in documents] == [
        DocumentState.FILED, DocumentState.EXCEPTION, DocumentState.REVIEW,
    ]  # fmt: skip


def test_a_patient_merged_since_is_their_survivor(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    survivor = replace(SMITH, id="pat_kept", identifiers=(PatientIdentifier("00888888", ""),))
    with workshop.catalog.begin() as uow:
        uow.patients.add(survivor)
        uow.patients.update(replace(SMITH, merged_into=survivor.id))
        uow.commit()
    (document,) = settle(workshop, tools, sheet, type_page(NAMED))
    assert (document.state, document.patient_id) == (DocumentState.FILED, survivor.id)


def test_a_patient_changed_since_is_nobody(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    with workshop.catalog.begin() as uow:
        uow.patients.update(replace(SMITH, birth_date=dt.date(1951, 3, 12)))
        uow.commit()
    (document,) = settle(workshop, tools, sheet, type_page(NAMED))
    assert_review(document, Reason.HEADER_SHEET_CHANGED)


def test_reading_the_file_again_is_no_second_use(workshop: Workshop, tools: Tools) -> None:
    sheet, page = print_sheet(workshop), type_page(BODY)
    file_id, task = receive(workshop, sheet, page)
    run_task(task, workshop=workshop, tools=tools, owner="w")
    retry_pages(file_id, catalog=workshop.catalog, actor="tina")
    with workshop.catalog.begin() as uow:
        for stored, reading in zip(uow.pages.of_file(file_id), (sheet, type_page(NAMED)), strict=True):
            uow.pages.save_reading(stored.id, reading, at=uow.clock.now())
        (again,) = ask_for_assembly(uow, file_id, join_files=False)
        uow.commit()
    run_task(again, workshop=workshop, tools=tools, owner="w")
    (document,) = documents_of(workshop, file_id)[-1:]
    assert (document.state, document.patient_id) == (DocumentState.FILED, SMITH.id)


def test_one_document_read_again_still_lies_under_its_sheet(workshop: Workshop, tools: Tools) -> None:
    file_id, task = receive(workshop, print_sheet(workshop), type_page(BODY))
    run_task(task, workshop=workshop, tools=tools, owner="w")
    (before,) = documents_of(workshop, file_id)
    retry_pages(before.id, catalog=workshop.catalog, actor="tina")
    with workshop.catalog.begin() as uow:
        page = uow.pages.of_file(file_id)[1]
        uow.pages.save_reading(page.id, type_page(NAMED), at=uow.clock.now())
        (again,) = ask_for_assembly(uow, file_id, join_files=False)
        uow.commit()
    run_task(again, workshop=workshop, tools=tools, owner="w")
    (document,) = documents_of(workshop, file_id)
    assert (document.state, document.reason) == (DocumentState.FILED, Reason.HEADER_SHEET)


def test_a_crash_before_the_file_is_settled_leaves_the_sheet_free(workshop: Workshop, tools: Tools) -> None:
    file_id, task = receive(workshop, print_sheet(workshop), type_page(NAMED))
    plan = plan_documents(file_id, workshop=workshop, tools=tools)
    with workshop.catalog.begin() as uow:
        assert write_plan(plan, uow)  # and the machine goes down before the commit
    with workshop.catalog.look() as uow:
        printed = uow.sheets.get_chart(plan.sheets[0].token)
        assert printed is not None
        assert printed.used_by_page is None
    run_task(task, workshop=workshop, tools=tools, owner="w")
    assert [d.state for d in documents_of(workshop, file_id)] == [DocumentState.FILED]


def test_of_two_files_at_once_one_uses_the_sheet(workshop: Workshop, tools: Tools) -> None:
    sheet = print_sheet(workshop)
    files = [receive(workshop, sheet, type_page(NAMED))[0] for _ in range(2)]
    plans = [plan_documents(file, workshop=workshop, tools=tools) for file in files]
    with workshop.catalog.begin() as uow:
        assert write_plan(plans[0], uow)
        uow.commit()
    with workshop.catalog.begin() as uow:
        assert not write_plan(plans[1], uow)
    with workshop.catalog.begin() as uow:
        assert write_plan(plan_documents(files[1], workshop=workshop, tools=tools), uow)
        uow.commit()
    assert_review(documents_of(workshop, files[1])[0], Reason.HEADER_SHEET_REUSED)


def test_matching_again_keeps_to_the_sheet(workshop: Workshop, tools: Tools) -> None:
    settle(workshop, tools, sheet_page(Sheet(SheetKind.CHART, make_token())), type_page(WHOLE))
    rematch_waiting(workshop)
    with workshop.catalog.look() as uow:
        assert [d.reason for d in uow.documents.all()] == [Reason.HEADER_SHEET_UNKNOWN]


def test_a_type_sheet_gives_the_type(workshop: Workshop, tools: Tools) -> None:
    sheet = sheet_page(Sheet(SheetKind.TYPE, "consent"), text="DOCUMENT TYPE SHEET")
    (document,) = settle(workshop, tools, sheet, type_page(WHOLE))
    assert (document.type.name, document.type.probability) == ("consent", 1.0)
    assert document.state is DocumentState.FILED


# --- batch header sheets ------------------------------------------------------------------------------

FIRST = f"PROGRESS NOTE\nPatient: JONES, ANNA     DOB: 07/01/1971    MRN: 00777777     Page 1 of 2\n{BODY}"
SECOND = f"PROGRESS NOTE\nPatient: JONES, ANNA     DOB: 07/01/1971    MRN: 00777777     Page 2 of 2\n{BODY}"


def batch_page(workshop: Workshop, *, type: str = "") -> PageReading:
    (sheet,) = issue_batch_sheets(["Box 12"], type_name=type, catalog=workshop.catalog, actor="tina")
    return sheet_page(Sheet(SheetKind.BATCH, sheet.token), text="BATCH HEADER SHEET\nBox 12")


def read_files(workshop: Workshop, folder: str | None, *files: tuple[PageReading, ...]) -> list[str]:
    """Take in files, and keep what is read of their pages as the worker does, the last file first."""
    ids = []
    with workshop.catalog.begin() as uow:
        now = uow.clock.now()
        batch = uow.files.ensure_batch(folder, "inbox", at=now) if folder else None
        for number, pages in enumerate(files, 1):
            name = f"{number:03d}.pdf"
            file = receive_file(
                uow,
                pages=len(pages),
                name=name,
                state=FileState.WORKING,
                batch_id=batch.id if batch else None,
            )
            uow.pages.add(file.id, count=len(pages))
            ids.append(file.id)
        for file_id, pages in zip(reversed(ids), reversed(files), strict=True):
            for page, reading in zip(uow.pages.of_file(file_id), pages, strict=True):
                uow.pages.save_reading(page.id, reading, at=now)
                held = uow.files.get(file_id)
                assert held is not None
                note_batch_sheet(page.id, held, uow)
            ask_for_assembly(uow, file_id, join_files=False)
        uow.commit()
    return ids


def work(workshop: Workshop, tools: Tools) -> None:
    with workshop.catalog.look() as uow:
        ready = uow.tasks.ready(limit=9)
    for task in ready:
        run_task(task, workshop=workshop, tools=tools, owner="w")


def test_files_of_a_folder_are_joined_by_a_batch_header_sheet(workshop: Workshop, tools: Tools) -> None:
    files = read_files(
        workshop, "box", (batch_page(workshop, type="consent"), type_page(FIRST)), (type_page(SECOND),)
    )
    work(workshop, tools)
    assert documents_of(workshop, files[1]) == []  # it waits for the batch to close
    clock = workshop.catalog.clock
    assert isinstance(clock, FixedClock)
    clock.advance(31)
    CatalogTaskBoard(workshop).expire_leases()
    work(workshop, tools)
    (whole,) = documents_of(workshop, files[0])
    assert documents_of(workshop, files[1]) == [whole]
    assert (whole.state, whole.type.name) == (DocumentState.FILED, "consent")


def test_without_a_sheet_each_file_is_by_itself(workshop: Workshop, tools: Tools) -> None:
    foreign = sheet_page(Sheet(SheetKind.BATCH, make_token()), text="BATCH HEADER SHEET")
    files = read_files(workshop, "box", (foreign, type_page(FIRST)), (type_page(SECOND),))
    work(workshop, tools)
    assert documents_of(workshop, files[0]) != documents_of(workshop, files[1])


def test_a_file_outside_folders_gets_the_name_of_its_sheet(workshop: Workshop, tools: Tools) -> None:
    files = read_files(workshop, None, (batch_page(workshop), type_page(FIRST)), (type_page(SECOND),))
    work(workshop, tools)
    with workshop.catalog.look() as uow:
        batches = [uow.files.get_batch(file.batch_id or "") for file in map(uow.files.get, files) if file]
    assert [batch.name if batch else None for batch in batches] == ["Box 12", None]
    assert len(documents_of(workshop, files[0])) == 1


def test_a_batch_of_joined_files_can_be_read_again(workshop: Workshop, tools: Tools) -> None:
    files = read_files(workshop, "box", (batch_page(workshop), type_page(BODY)), (type_page(BODY),))
    clock = workshop.catalog.clock
    assert isinstance(clock, FixedClock)
    clock.advance(31)
    CatalogTaskBoard(workshop).expire_leases()
    work(workshop, tools)
    retry_pages(files[1], catalog=workshop.catalog, actor="tina")
    with workshop.catalog.begin() as uow:
        for file_id in files:
            for page in uow.pages.of_file(file_id):
                if page.state is PageState.WORKING:
                    uow.pages.save_reading(page.id, type_page(WHOLE), at=uow.clock.now())
        uow.tasks.cancel(TaskKind.READ_PAGE, page.id, at=uow.clock.now())
        ask_for_assembly(uow, files[1], join_files=False)
        uow.commit()
    work(workshop, tools)
    with workshop.catalog.look() as uow:
        assert uow.files.count_working() == 0
