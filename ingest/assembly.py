"""From the readings of a file (or joined batch) to its documents, each decided by the filing rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FileState, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.page import PageReading, PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import ReceivedFile, StoredDocument, StoredPage
from backfile.faults import fault
from backfile.ids import new_id
from backfile.ports import Clock
from backfile.services.decide import note_machine_decision
from backfile.services.unaided import hold_back_unaided
from backfile.store.unit_of_work import UnitOfWork
from classify import UnderstoodDocument, is_separator_page
from ingest.covers import (
    NO_CLAIM,
    PageClaim,
    SeenSheet,
    claim_pages,
    decide_claimed,
    find_seen_sheets,
    use_sheets,
)
from ingest.natural_order import natural_path_key
from ingest.strays import part_strays
from ingest.tools import Tools
from ingest.workshop import Workshop

_PAGE_STATES = {
    DocumentState.FILED: PageState.FILED,
    DocumentState.REVIEW: PageState.REVIEW,
    DocumentState.EXCEPTION: PageState.EXCEPTION,
    DocumentState.REMOVED: PageState.REMOVED,
}

_TAKEN = (FileState.WORKING, FileState.TAKEN)


def page_state_of(state: DocumentState) -> PageState:
    """Return the state that the pages of a document in ``state`` have."""
    return _PAGE_STATES[state]


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document with the pages it takes."""

    document: StoredDocument
    pages: tuple[StoredPage, ...]
    evidence: tuple[PageEvidence, ...]


@dataclass(frozen=True, slots=True)
class AssemblyPlan:
    """What will become of the pages of a unit; nothing is written yet."""

    files: tuple[ReceivedFile, ...]
    documents: tuple[PlannedDocument, ...]
    blank: tuple[StoredPage, ...]
    separators: tuple[StoredPage, ...]
    sheets: tuple[SeenSheet, ...] = ()
    """The chart header sheets of the files."""


def plan_documents(subject: str, *, workshop: Workshop, tools: Tools) -> AssemblyPlan:
    """Cut, name and match the pages of a file, or of the files of a batch in natural order.

    Only pages that wait for it take part: those of a document that a retry does not touch stay where
    they are.
    """
    with workshop.catalog.look() as uow:
        files = files_of(subject, uow)
        pages = [page for f in files for page in uow.pages.of_file(f.id) if page.state is PageState.WORKING]
        readings = [uow.pages.reading_of(page.id) if page.reason is None else None for page in pages]
        understood = tools.reader.understand_pages(readings)
        claims = claim_pages(
            [file.id for file in files],
            uow,
            readings={page.id: reading for page, reading in zip(pages, readings, strict=True)},
        )
        over = [claims.get(page.id, NO_CLAIM) for page in pages]
        understood = tuple(type_by_sheet(document, over) for document in understood)
        decided = list(
            part_strays(
                understood,
                readings,
                lambda one: decide_document(one, readings, over, files, uow, tools),
                reader=tools.reader,
                uow=uow,
                rules=tools.rules,
            )
        )
        sheets = find_seen_sheets([file.id for file in files], uow)
    planned = [
        _plan(document, outcome, pages, files, workshop.catalog.clock) for document, outcome in decided
    ]
    used = {page.id for document in planned for page in document.pages}
    aside = [(p, r) for p, r in zip(pages, readings, strict=True) if p.id not in used]
    return AssemblyPlan(
        files=tuple(files),
        documents=tuple(planned),
        sheets=sheets,
        separators=tuple(p for p, r in aside if r is not None and is_separator_page(r)),
        blank=tuple(p for p, r in aside if r is None or not is_separator_page(r)),
    )


def files_of(subject: str, uow: UnitOfWork) -> list[ReceivedFile]:
    """Return the file with this id, or the taken files of the batch with this id in natural order."""
    file = uow.files.get(subject)
    if file is not None:
        return [file]
    taken = [file for file in uow.files.of_batch(subject) if file.state in _TAKEN]
    return sorted(taken, key=lambda f: natural_path_key(f.name.split("/")))


def decide_document(
    document: UnderstoodDocument,
    readings: Sequence[PageReading | None],
    claims: Sequence[PageClaim],
    files: Sequence[ReceivedFile],
    uow: UnitOfWork,
    tools: Tools,
) -> MatchOutcome:
    """Let the filing rules decide; a page that could not be read can be bound to nobody.

    Args:
        document: the document.
        readings: of all pages, in order.
        claims: what the sheets over the pages say, in the same order.
        files: that the pages came in.
        uow: the transaction.
        tools: the site's rules.
    """
    if any(readings[number - 1] is None for number in document.cut.pages):
        return MatchOutcome(DocumentState.EXCEPTION, Reason.PAGE_UNREADABLE)
    evidence = DocumentEvidence(document.evidence, is_boundary_doubtful=document.cut.doubtful)
    over = [claims[number - 1] for number in document.cut.pages]
    outcome = decide_claimed(evidence, over, uow=uow, rules=tools.rules)
    read = [reading for number in document.cut.pages if (reading := readings[number - 1]) is not None]
    scans = [(reading.quality.reliable, reading.confidence) for reading in read]
    return hold_back(hold_back_unaided(outcome, scans, uow, tools.policy), files)


def type_by_sheet(document: UnderstoodDocument, claims: Sequence[PageClaim]) -> UnderstoodDocument:
    """Return a document with the type that the sheet over its pages gives it, if one does."""
    types = {claims[number - 1].type for number in document.cut.pages}
    name = types.pop() if len(types) == 1 else ""
    return replace(document, type=TypeGuess(name, 1.0, ("type sheet",))) if name else document


def hold_back(outcome: MatchOutcome, files: Sequence[ReceivedFile]) -> MatchOutcome:
    """Leave to a person what came with a file that may hold the pages of an earlier one again."""
    if outcome.state is DocumentState.FILED and any(file.supersedes for file in files):
        # The same pages may have been filed from the shorter file: a person looks at both.
        return replace(
            outcome, state=DocumentState.REVIEW, reason=Reason.EXTENDS_EARLIER_FILE, patient_id=None
        )
    return outcome


def _plan(
    document: UnderstoodDocument,
    outcome: MatchOutcome,
    pages: Sequence[StoredPage],
    files: Sequence[ReceivedFile],
    clock: Clock,
) -> PlannedDocument:
    fields = {field.name: field.value for field in document.fields}
    stored = StoredDocument(
        id=new_id("doc"),
        state=outcome.state,
        reason=outcome.reason,
        type=document.type if outcome.reason is not Reason.PAGE_UNREADABLE else TypeGuess(UNKNOWN, 0.0),
        match=outcome,
        fields=document.fields,
        cut_reason=document.cut.reason,
        is_boundary_doubtful=document.cut.doubtful,
        received_at=min((f.received_at for f in files), default=clock.now()),
        patient_id=outcome.patient_id if outcome.state is DocumentState.FILED else None,
        encounter=fields.get(FieldName.ENCOUNTER),
        batch_id=files[0].batch_id if files else None,
    )
    return PlannedDocument(stored, tuple(pages[n - 1] for n in document.cut.pages), document.evidence)


def write_plan(plan: AssemblyPlan, uow: UnitOfWork) -> bool:
    """Write the documents, put every page in its place, and say that the files are taken.

    Returns:
        False where another file used one of its chart header sheets since it was planned: then nothing may
        be committed, and the plan is to be made anew.
    """
    if not use_sheets(plan.sheets, uow):
        return False
    for planned in plan.documents:
        document = planned.document
        uow.documents.add(document)
        uow.pages.set_state(
            [page.id for page in planned.pages],
            page_state_of(document.state),
            reason=document.reason if document.state is DocumentState.EXCEPTION else None,
            document_id=document.id,
        )
        for page, evidence in zip(planned.pages, planned.evidence, strict=True):
            uow.pages.save_evidence(page.id, evidence)
        note_machine_decision(uow, document, before=None)
        fault("assemble.document")
    uow.pages.set_state([p.id for p in plan.blank], PageState.BLANK, reason=Reason.BLANK_PAGE)
    uow.pages.set_state([p.id for p in plan.separators], PageState.SEPARATOR, reason=Reason.SEPARATOR_SHEET)
    for file in plan.files:
        uow.files.mark_taken(file.id, at=uow.clock.now())
    return True
