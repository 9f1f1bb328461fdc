"""The scanning staff's view: each file from received to searchable, and what needs somebody, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason, reason_text
from backfile.store.scans import (
    BatchBalance,
    ScanFilter,
    ScannedFile,
    ScanRepository,
    Stand,
)
from backfile.store.unit_of_work import UnitOfWork
from ui.finding.document import write_pages

FILES_AT_ONCE = 100
_BATCHES_SHOWN = 30

PAGE_WORDS = {
    PageState.FILED: "filed",
    PageState.REVIEW: "with a technician",
    PageState.EXCEPTION: "exception",
    PageState.BLANK: "blank",
    PageState.SEPARATOR: "separator",
    PageState.REMOVED: "removed",
    PageState.WORKING: "in work",
}
FILE_WORDS = {
    FileState.TAKEN: "taken",
    FileState.DUPLICATE: "duplicate",
    FileState.REJECTED: "rejected",
    FileState.WORKING: "in work",
}


_SEARCHED = (PageState.FILED, PageState.REVIEW, PageState.EXCEPTION, PageState.WORKING)
"""Pages that are in the index, or will be; a file of blank or removed pages alone has none."""


class Step(StrEnum):
    """The way of a file; each word says that it is done."""

    RECEIVED = "received"
    READ = "read"
    TYPED = "typed"
    MATCHED = "matched"
    SEARCHABLE = "searchable"


@dataclass(frozen=True, slots=True)
class StepMark:
    """How far a step is."""

    step: Step
    is_done: bool
    progress: str = ""
    """"4/12" while it goes on."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as a line of the screen."""

    id: str
    name: str
    batch: str
    received_at: dt.datetime
    pages: int
    stand: Stand
    steps: tuple[StepMark, ...]
    """None for a file that was rejected or is a duplicate."""
    needs: tuple[str, ...]
    """What somebody must do, in whole sentences."""
    notes: tuple[str, ...]
    """What became of the pages, and what is good to know."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch as a line of the screen."""

    id: str
    name: str
    last_file_at: dt.datetime
    is_open: bool
    files: str
    """"12 files = 10 taken + 1 duplicate + 1 rejected"."""
    pages: str
    is_balanced: bool


@dataclass(frozen=True, slots=True)
class ScansView:
    """Everything that the screen shows at one moment."""

    counts: dict[Stand | None, int]
    """Files by stand under the filters of day and batch; None is all."""
    rows: tuple[FileRow, ...]
    total: int
    """Rows under all filters."""
    batches: tuple[BatchRow, ...]
    notices: tuple[str, ...]


def load_scans(only: ScanFilter, *, offset: int, uow: UnitOfWork) -> ScansView:
    """Return files and batches as they are now."""
    scans = ScanRepository(uow.connection)
    counts = scans.count_stands(only)
    files = scans.list_files(only, offset=offset, limit=FILES_AT_ONCE)
    return ScansView(
        counts=counts,
        rows=tuple(tell_file(one) for one in files),
        total=counts[only.stand],
        batches=tuple(tell_batch(one) for one in scans.list_batches(limit=_BATCHES_SHOWN)),
        notices=tuple(uow.notices.all().values()),
    )


def tell_file(scanned: ScannedFile) -> FileRow:
    """Return one file in words."""
    file = scanned.file
    needs = _tell_needs(scanned)
    return FileRow(
        id=file.id,
        name=file.name,
        batch=scanned.batch,
        received_at=file.received_at,
        pages=file.page_count,
        stand=_stand_of(scanned, bool(needs)),
        steps=_mark_steps(scanned),
        needs=needs,
        notes=_tell_notes(scanned),
    )


def tell_batch(batch: BatchBalance) -> BatchRow:
    """Return one batch in words, as an equation that a person can check."""
    file_parts = [
        f"{count} {FILE_WORDS[state]}" for state in FileState if (count := batch.by_file_state.get(state))
    ]
    page_parts = [
        f"{count} {word}" for state, word in PAGE_WORDS.items() if (count := batch.by_page_state.get(state))
    ]
    return BatchRow(
        id=batch.id,
        name=batch.name,
        last_file_at=batch.last_file_at,
        is_open=batch.closed_at is None,
        files=_equation(batch.files, "file", file_parts),
        pages=_equation(batch.pages, "page", page_parts),
        is_balanced=batch.is_balanced,
    )


def _equation(total: int, thing: str, parts: Sequence[str]) -> str:
    counted = f"{total} {thing}" if total == 1 else f"{total} {thing}s"
    return f"{counted} = {' + '.join(parts)}" if parts else counted


def _stand_of(scanned: ScannedFile, needs_somebody: bool) -> Stand:
    state = scanned.file.state
    if state is FileState.WORKING:
        return Stand.WORKING
    if state is FileState.DUPLICATE:
        return Stand.DUPLICATE
    return Stand.NEEDS if needs_somebody else Stand.DONE


def _mark_steps(scanned: ScannedFile) -> tuple[StepMark, ...]:
    file = scanned.file
    if file.state in (FileState.REJECTED, FileState.DUPLICATE):
        return ()
    is_read = scanned.read >= file.page_count
    is_settled = file.state is FileState.TAKEN
    is_searchable = is_settled and scanned.unindexed == 0
    steps = (
        StepMark(Step.RECEIVED, True),
        StepMark(Step.READ, is_read, "" if is_read else f"{scanned.read}/{file.page_count}"),
        StepMark(Step.TYPED, is_settled),
        StepMark(Step.MATCHED, is_settled),
        StepMark(Step.SEARCHABLE, is_searchable),
    )
    holds_any = any(scanned.by_state.get(state) for state in _SEARCHED)
    return steps if holds_any else steps[:2]


def _tell_needs(scanned: ScannedFile) -> tuple[str, ...]:
    file = scanned.file
    if file.state is FileState.REJECTED and not scanned.was_dropped_again:
        return (reason_text(file.reason) or "The file was rejected.",)
    by_reason: dict[str, list[int]] = {}
    for page in scanned.troubled:
        by_reason.setdefault(page.reason, []).append(page.number)
    return tuple(_tell_trouble(reason, numbers) for reason, numbers in by_reason.items())


def _tell_trouble(reason: str, numbers: Sequence[int]) -> str:
    where = write_pages(numbers).capitalize()
    if reason == Reason.SCAN_REQUESTED.value:
        return f"{where}: a technician asks for a new scan."
    if reason == Reason.PAGE_UNREADABLE.value:
        return f"{where} could not be read. Scan again, or let a technician look."
    return f"{where}: {reason_text(reason)}"


def _tell_notes(scanned: ScannedFile) -> tuple[str, ...]:
    file = scanned.file
    if file.state is FileState.DUPLICATE:
        return (reason_text(Reason.DUPLICATE_FILE) or "",)
    if file.state is FileState.REJECTED:
        return ("Rejected, and dropped again since.",) if scanned.was_dropped_again else ()
    parts = [
        f"{count} {word}" for state, word in PAGE_WORDS.items() if (count := scanned.by_state.get(state))
    ]
    notes = [", ".join(parts)] if parts else []
    if scanned.unreliable:
        few = "1 page" if scanned.unreliable == 1 else f"{scanned.unreliable} pages"
        notes.append(f"{few} hard to read: a search may miss words there.")
    return tuple(notes)
