from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from backfile.domain.document import DocumentState, FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason, reason_text
from backfile.domain.records import Batch
from backfile.services.decide import confirm_patient, remove_document
from backfile.store.scans import BatchBalance, ScanFilter, Stand
from tests.ui.archive import NOW, Archive, make_archive, make_patient
from ui.reports.scans import FileRow, ScansView, load_scans, tell_batch
from ui.reports.spans import local_day


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = make_archive(tmp_path)
    archive.add_patients(make_patient("pat_1", "Marsh-Doe, Odette", "1950-03-12", "0012345"))
    return archive


EVERYTHING = ScanFilter()


def look(archive: Archive, only: ScanFilter = EVERYTHING, *, offset: int = 0) -> ScansView:
    with archive.workshop.catalog.look() as uow:
        return load_scans(only, offset=offset, uow=uow)


def row(view: ScansView, name: str) -> FileRow:
    return next(row for row in view.rows if row.name == name)


def make_batch(archive: Archive, name: str) -> Batch:
    with archive.workshop.catalog.begin() as uow:
        batch = uow.files.ensure_batch(name, "inbox", at=uow.clock.now())
        uow.commit()
    return batch


def steps(row: FileRow) -> list[tuple[str, bool, str]]:
    return [(mark.step.value, mark.is_done, mark.progress) for mark in row.steps]


def test_a_file_goes_from_received_to_searchable(archive: Archive) -> None:
    file = archive.add_file("a.pdf", pages=2, state=FileState.WORKING)
    assert steps(row(look(archive), "a.pdf")) == [
        ("received", True, ""),
        ("read", False, "0/2"),
        ("typed", False, ""),
        ("matched", False, ""),
        ("searchable", False, ""),
    ]
    document = archive.add_document("one", "two", patient="pat_1", file=file)
    read = row(look(archive), "a.pdf")
    assert [done for _, done, _ in steps(read)] == [True, True, False, False, False]
    with archive.workshop.catalog.begin() as uow:
        uow.files.mark_taken(file.id, at=uow.clock.now())
        uow.commit()
    settled = row(look(archive), "a.pdf")
    assert [done for _, done, _ in steps(settled)] == [True, True, True, True, False]
    assert settled.notes == ("2 filed",)
    archive.index()
    assert all(done for _, done, _ in steps(row(look(archive), "a.pdf")))
    remove_document(document, version=1, catalog=archive.workshop.catalog, actor="t")
    assert [name for name, _, _ in steps(row(look(archive), "a.pdf"))] == ["received", "read"]


def test_a_rejected_file_needs_somebody_in_words_until_it_is_dropped_again(archive: Archive) -> None:
    archive.add_file("locked.pdf", pages=0, state=FileState.REJECTED, reason=Reason.ENCRYPTED)
    view = look(archive, ScanFilter(stand=Stand.NEEDS))
    assert row(view, "locked.pdf").needs == (reason_text(Reason.ENCRYPTED),)
    assert row(view, "locked.pdf").steps == ()
    archive.clock.advance(60)
    archive.add_file("locked.pdf", pages=1)
    assert look(archive).counts[Stand.NEEDS] == 0
    rejected = next(one for one in look(archive).rows if not one.steps)
    assert rejected.needs == ()
    assert rejected.notes == ("Rejected, and dropped again since.",)


def test_the_page_that_could_not_be_read_is_named_and_its_neighbours_are_not(archive: Archive) -> None:
    file = archive.add_file("torn.pdf", pages=3)
    document = archive.add_document(
        "first",
        None,
        "third",
        state=DocumentState.EXCEPTION,
        reason=Reason.PAGE_UNREADABLE,
        file=file,
    )
    told = row(look(archive), "torn.pdf")
    assert told.stand is Stand.NEEDS
    assert told.needs == ("Page 2 could not be read. Scan again, or let a technician look.",)
    confirm_patient(document, "pat_1", version=1, catalog=archive.workshop.catalog, actor="t")
    assert row(look(archive), "torn.pdf").stand is Stand.DONE


def test_a_step_that_failed_is_told_with_its_pages(archive: Archive) -> None:
    file = archive.add_file("odd.pdf", pages=3)
    archive.add_document("a", "b", "c", state=DocumentState.EXCEPTION, reason=Reason.STEP_FAILED, file=file)
    assert row(look(archive), "odd.pdf").needs == (f"Pages 1 to 3: {reason_text(Reason.STEP_FAILED)}",)


def test_a_new_scan_that_a_technician_asks_for_is_told(archive: Archive) -> None:
    file = archive.add_file("again.pdf", pages=1)
    archive.add_document("faint", state=DocumentState.EXCEPTION, reason=Reason.SCAN_REQUESTED, file=file)
    elsewhere = archive.add_file("registration.pdf", pages=1)
    archive.add_document("new", state=DocumentState.EXCEPTION, reason=Reason.NOT_REGISTERED, file=elsewhere)
    assert look(archive).counts[Stand.NEEDS] == 1  # whom nobody registered is nothing for the scanner
    told = row(look(archive, ScanFilter(stand=Stand.NEEDS)), "again.pdf")
    assert told.needs == ("Page 1: a technician asks for a new scan.",)


def test_filters_of_state_day_and_batch_and_their_counts(archive: Archive) -> None:
    box = make_batch(archive, "box 12")
    archive.add_file("one.pdf", batch=box)
    archive.add_file("two.pdf", batch=box, state=FileState.DUPLICATE)
    archive.add_file("three.pdf", state=FileState.WORKING)
    archive.clock.advance(2 * 24 * 3600)
    archive.add_file("later.pdf")
    view = look(archive)
    assert view.counts == {
        None: 4,
        Stand.WORKING: 1,
        Stand.DONE: 2,
        Stand.NEEDS: 0,
        Stand.DUPLICATE: 1,
    }
    assert next(one.name for one in view.rows) == "later.pdf"
    assert {one.name for one in look(archive, ScanFilter(batch=box.id)).rows} == {"one.pdf", "two.pdf"}
    today = local_day(NOW.astimezone().date())
    assert {one.name for one in look(archive, ScanFilter(received=today)).rows} == {
        "one.pdf",
        "two.pdf",
        "three.pdf",
    }
    assert [one.name for one in look(archive, ScanFilter(stand=Stand.DUPLICATE)).rows] == ["two.pdf"]


def test_files_come_a_hundred_at_a_time(archive: Archive) -> None:
    for number in range(103):
        archive.add_file(f"{number:03d}.pdf")
    first, rest = look(archive), look(archive, offset=100)
    assert (len(first.rows), len(rest.rows), first.total) == (100, 3, 103)
    assert not {one.id for one in first.rows} & {one.id for one in rest.rows}


def test_a_batch_line_balances_to_the_page(archive: Archive) -> None:
    box = make_batch(archive, "box 12")
    file = archive.add_file("one.pdf", pages=2, batch=box)
    archive.add_document("a", "b", patient="pat_1", file=file)
    archive.add_file("two.pdf", pages=3, batch=box, state=FileState.WORKING)
    archive.add_file("copy.pdf", pages=2, batch=box, state=FileState.DUPLICATE)
    archive.add_file("bad.pdf", pages=0, batch=box, state=FileState.REJECTED, reason=Reason.EMPTY_FILE)
    (line,) = look(archive).batches
    assert line.files == "4 files = 1 in work + 1 taken + 1 duplicate + 1 rejected"
    assert line.pages == "5 pages = 2 filed + 3 in work"
    assert line.is_balanced
    assert line.is_open


def test_a_batch_that_lost_a_page_says_so() -> None:
    lost = BatchBalance(
        "bat_1",
        "box",
        NOW,
        NOW,
        None,
        files=1,
        by_file_state={FileState.TAKEN: 1},
        pages_declared=3,
        pages=2,
        by_page_state={PageState.FILED: 2},
    )
    assert not tell_batch(lost).is_balanced


def test_hard_pages_are_told_though_nobody_must_act(archive: Archive) -> None:
    file = archive.add_file("pale.pdf", pages=1)
    archive.add_document("pale", patient="pat_1", unreliable=True, file=file)
    told = row(look(archive), "pale.pdf")
    assert told.stand is Stand.DONE
    assert "1 page hard to read: a search may miss words there." in told.notes


def test_what_the_service_has_to_say_is_shown(archive: Archive) -> None:
    with archive.workshop.catalog.begin() as uow:
        uow.notices.set("intake", "Intake waits for space.", at=dt.datetime.now(dt.UTC))
        uow.commit()
    assert look(archive).notices == ("Intake waits for space.",)
