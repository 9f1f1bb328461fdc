"""One document: where it stands, its pages, and the history of its decisions in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.document import DocumentState, FieldName
from backfile.domain.patient import resolve_patient
from backfile.domain.reasons import Reason, reason_text
from backfile.domain.records import StoredDocument
from backfile.errors import UsageError
from backfile.store.charts import ChartPage, ChartRepository
from backfile.store.reports import ReportRepository, WrittenDecision
from backfile.store.unit_of_work import SERVICE, UnitOfWork
from ui.finding.chart import type_label
from ui.finding.patients import PatientCard, show_patient
from ui.words import write_date

STATE_WORDS = {
    DocumentState.FILED: "Filed",
    DocumentState.REVIEW: "Waits for a technician",
    DocumentState.EXCEPTION: "Exception",
    DocumentState.REMOVED: "Removed from the chart",
}
_KIND_WORDS = {
    "postpone": "Put off for later",
    "split": "Split from other pages",
    "rotate": "A page was turned on the screen",
    "undo": "The decision before was undone",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One decision, in words."""

    at: dt.datetime
    who: str
    """A user's name with the role; "Backfile" for the machine."""
    what: str
    decision: str
    """Id of the decision, by which it can be undone."""


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """Everything that the screen of one document shows."""

    document: StoredDocument
    type_label: str
    state_words: str
    reason_words: str
    service_date: str
    """ISO, "" where none was found."""
    verified: bool
    patient: PatientCard | None
    """Of a filed document."""
    pages: tuple[ChartPage, ...]
    sources: tuple[str, ...]
    """Where the pages came from: "file name, pages 3 to 5"; names are for people who may see scans."""
    batch: str
    history: tuple[HistoryEntry, ...]


def load_sheet(document_id: str, *, uow: UnitOfWork) -> DocumentSheet:
    """Return one document with its history.

    Raises:
        UsageError: there is no such document.
    """
    document = uow.documents.get(document_id)
    if document is None:
        raise UsageError("There is no such document.", next_step="Open it from a list or a search.")
    charts = ChartRepository(uow.connection)
    patient = None
    if document.state is DocumentState.FILED and document.patient_id:
        patient = resolve_patient(document.patient_id, uow.patients)
    batch = uow.files.get_batch(document.batch_id) if document.batch_id else None
    return DocumentSheet(
        document=document,
        type_label=type_label(document.type.name),
        state_words=STATE_WORDS[document.state],
        reason_words=_tell_reason_of(document, uow),
        service_date=document.field(FieldName.SERVICE_DATE),
        verified=document.reason is Reason.CONFIRMED_BY_PERSON,
        patient=show_patient(patient) if patient else None,
        pages=tuple(charts.pages_of_document(document_id)),
        sources=tuple(_list_sources(document_id, uow)),
        batch=batch.name if batch else "",
        history=tell_history(ReportRepository(uow.connection).history_of(document_id)),
    )


def _tell_reason_of(document: StoredDocument, uow: UnitOfWork) -> str:
    """Return why it stands where it does, with what took its place or whose place it took."""
    said = [reason_text(document.reason) or ""]
    successor = uow.documents.get(document.superseded_by) if document.superseded_by else None
    if successor is not None:
        said.append(f"In its place: {_name_document(successor)}.")
    for other in uow.documents.get_all(uow.documents.superseded_by(document.id)):
        said.append(f"It took the place of: {_name_document(other)}.")
    return " ".join(filter(None, said))


def _name_document(document: StoredDocument) -> str:
    served = document.field(FieldName.SERVICE_DATE)
    parts = (type_label(document.type.name), served and f"of {write_date(served)}", f"({document.id})")
    return " ".join(filter(None, parts))


def tell_history(decisions: Sequence[WrittenDecision]) -> tuple[HistoryEntry, ...]:
    """Return decisions in words, oldest first."""
    return tuple(HistoryEntry(d.at, _tell_actor(d), tell_decision(d), d.id) for d in decisions)


def tell_decision(decision: WrittenDecision) -> str:
    """Return what a decision did, in a sentence or two."""
    before, after = decision.before, decision.after
    said = [_tell_main(decision)]
    if before is not None and before.type != after.type:
        said.append(f"Type: {type_label(before.type)} became {type_label(after.type)}.")
    if before is not None and before.patient and after.patient and before.patient != after.patient:
        said.append("It stood under another patient before.")
    if before is not None and before.patient and not after.patient and after.state != "removed":
        said.append("It left the patient's chart.")
    return " ".join(said)


def _tell_main(decision: WrittenDecision) -> str:
    after = decision.after
    why = _tell_reason(after.reason)
    if decision.kind == "machine":
        return {"filed": "Filed by itself.", "review": "Sent to a technician.", "removed": "Taken out."}.get(
            after.state, "Could not be decided."
        ) + (f" {why}" if why else "")
    if decision.kind == "confirm":
        return "Patient confirmed."
    if decision.kind in ("remove", "reject"):
        if after.reason == Reason.REMOVED_BY_PERSON.value:
            return "Removed from the chart; it is kept and can be viewed."
        return f"Removed from the chart. {why}" if after.state == "removed" else f"Set aside. {why}"
    words = _KIND_WORDS.get(decision.kind, decision.kind.replace("_", " ").capitalize())
    return f"{words}; it is now: {STATE_WORDS[DocumentState(after.state)].lower()}."


def _tell_reason(code: str) -> str:
    try:
        return reason_text(code) or ""
    except ValueError:
        return ""


def _tell_actor(decision: WrittenDecision) -> str:
    if decision.actor == SERVICE:
        return "Backfile"
    return f"{decision.actor} ({decision.role.value})" if decision.role else decision.actor


def _list_sources(document_id: str, uow: UnitOfWork) -> list[str]:
    numbers: dict[str, list[int]] = {}
    for page in uow.pages.of_document(document_id):
        numbers.setdefault(page.file_id, []).append(page.number)
    sources = []
    for file_id, held in numbers.items():
        file = uow.files.get(file_id)
        name = file.name if file else "unknown file"
        sources.append(f"{name}, {write_pages(held)}")
    return sources


def write_pages(numbers: Sequence[int]) -> str:
    """Return page numbers in words: "page 7", "pages 1 to 3, 8"."""
    ordered = sorted(numbers)
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return f"page {told[0]}" if len(ordered) == 1 else "pages " + ", ".join(told)
