"""Files, pages and documents as the catalog holds them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FieldValue, FileState, TypeGuess
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Batch:
    """The files of one folder."""

    id: str
    name: str
    source: str
    """The inbox or argument it came from."""
    created_at: dt.datetime
    last_file_at: dt.datetime
    closed_at: dt.datetime | None = None
    sheet: str | None = None
    """Token of the batch header sheet that was scanned with it."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file that came in, whatever became of it."""

    id: str
    name: str
    """Relative to its inbox or argument."""
    sha256: str
    size: int
    kind: str | None
    """``pdf``, ``tiff``, ``jpeg`` or ``png``; None for what is none of them."""
    state: FileState
    call_id: str
    """The ``ingest`` call, or the watcher's run, that took it."""
    page_count: int
    received_at: dt.datetime
    reason: Reason | None = None
    duplicate_of: str | None = None
    supersedes: str | None = None
    batch_id: str | None = None
    finished_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One page of a received file."""

    id: str
    file_id: str
    number: int
    """In the file, from 1."""
    state: PageState
    reason: Reason | None = None
    is_read: bool = False
    """Reading it has ended, well or not."""
    document_id: str | None = None
    position: int | None = None
    """In the document, from 1."""
    rotation: int | None = None
    skew: float | None = None
    word_count: int | None = None
    confidence: float | None = None
    reliable: bool | None = None
    view_rotation: int = 0
    """Clockwise degrees by which a person turned it on the screen; the file stays as it is."""
    sheet: Sheet | None = None
    """The sheet that it is, or whose barcode it bears."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One document."""

    id: str
    state: DocumentState
    reason: Reason
    type: TypeGuess
    match: MatchOutcome | None
    """What the filing rules said of it; None where a step failed before."""
    fields: tuple[FieldValue, ...]
    cut_reason: str
    received_at: dt.datetime
    version: int = 1
    patient_id: str | None = None
    """Whose it is; only of a filed document."""
    encounter: str | None = None
    batch_id: str | None = None
    replaces: str | None = None
    superseded_by: str | None = None
    """The document that took its place; only of one that was removed for that."""
    is_boundary_doubtful: bool = False
    """Where it begins or ends is a guess that a person must see."""
    postponed_at: dt.datetime | None = None
    """Since when it waits behind all others of the queue."""
    queue_key: str = ""
    """Its place in the queue; "" where it is in none. Written by the queue alone."""

    def field(self, name: FieldName) -> str:
        """Return the chosen value of a field, "" where it has none."""
        return next((field.value for field in self.fields if field.name is name), "")


@dataclass(frozen=True, slots=True)
class ChartSheet:
    """A chart header sheet that was printed."""

    token: str
    patient_id: str
    identity: str
    """Of the patient when it was printed (``sheets.identity_of``)."""
    printed_by: str
    printed_at: dt.datetime
    used_by_page: str | None = None
    """The page that it was when it was first scanned."""


@dataclass(frozen=True, slots=True)
class BatchSheet:
    """A batch header sheet that was printed."""

    token: str
    name: str
    type_name: str
    """Of every document of the batch; "" where that is not said."""
    printed_by: str
    printed_at: dt.datetime


class TaskKind(StrEnum):
    """What a worker is asked to do."""

    READ_PAGE = "read_page"
    ASSEMBLE = "assemble"
    """Cut the pages of a file (or of a batch that is joined) into documents and decide each."""
    UNDERSTAND = "understand"
    """Read type, fields and candidates of one document anew, after a person split it."""


class TaskState(StrEnum):
    """Where a task stands."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with its lease."""

    id: str
    kind: TaskKind
    subject: str
    """Id of the page, file, batch or document."""
    state: TaskState
    attempts: int
    token: int
    """Fencing token: grows with every claim; a result counts only under the newest."""
    owner: str | None
    lease_until: dt.datetime | None
