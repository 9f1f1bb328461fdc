"""Reading a document anew as one, after a person split it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backfile.domain.decision import MatchOutcome
from backfile.domain.evidence import PageEvidence
from backfile.domain.records import StoredDocument
from backfile.services.corrections import correct_evidence
from backfile.services.split import save_understanding
from backfile.store.unit_of_work import UnitOfWork
from classify import UnderstoodDocument
from ingest.assembly import decide_document, type_by_sheet
from ingest.covers import claims_of
from ingest.tools import Tools
from ingest.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was read of a document; nothing is written yet."""

    document: StoredDocument
    """As it was when it was read."""
    understood: UnderstoodDocument
    evidence: tuple[tuple[str, PageEvidence], ...]
    """By page id."""
    outcome: MatchOutcome


def read_again(document_id: str, *, workshop: Workshop, tools: Tools) -> Understanding | None:
    """Name the pages of a document as one and match it; None where it has none any more.

    What a person corrected counts for the candidates; the evidence that is kept is what stands on the pages.
    """
    with workshop.catalog.look() as uow:
        document = uow.documents.get(document_id)
        pages = uow.pages.of_document(document_id)
        if document is None or not pages:
            return None
        readings = [uow.pages.reading_of(page.id) for page in pages]
        understood = tools.reader.understand_document(readings, reason=document.cut_reason)
        doubtful = replace(understood.cut, doubtful=document.is_boundary_doubtful)
        understood = replace(understood, cut=doubtful)
        files = [file for file_id in {p.file_id for p in pages} if (file := uow.files.get(file_id))]
        corrected = tuple(correct_evidence(document, understood.evidence))
        over = claims_of(pages, uow)
        understood = type_by_sheet(understood, over)
        outcome = decide_document(replace(understood, evidence=corrected), readings, over, files, uow, tools)
    evidence = tuple(
        (page.id, replace(found, page=page.number))
        for page, found in zip(pages, understood.evidence, strict=True)
    )
    return Understanding(document, understood, evidence, outcome)


def write_understanding(understanding: Understanding, uow: UnitOfWork) -> None:
    """Write what was read, unless the document has changed since; then it stays as it is."""
    is_written = save_understanding(
        understanding.document,
        uow,
        type_guess=understanding.understood.type,
        fields=understanding.understood.fields,
        match=understanding.outcome,
    )
    if is_written:
        for page_id, evidence in understanding.evidence:
            uow.pages.save_evidence(page_id, evidence)
