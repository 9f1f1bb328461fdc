"""Documents decided by the filing rules and put into a home, as the pipeline would, without any scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backfile.domain.document import DocumentState, TypeGuess
from backfile.domain.evidence import DocumentEvidence, PageEvidence
from backfile.domain.page import Word
from backfile.domain.records import StoredDocument
from backfile.ids import new_id
from backfile.services.changes import note_machine_decision
from backfile.services.unaided import hold_back_unaided
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import decide_filing
from ingest.assembly import page_state_of
from ingest.tools import filing_rules, unaided_policy
from ingest.workshop import Workshop
from tests.received import make_reading, receive_file

CLEAN, WORN = (True, 0.97), (True, 0.8)


def put_document(
    workshop: Workshop, *pages: PageEvidence, scan: tuple[bool, float] = CLEAN
) -> StoredDocument:
    """Decide a document of these pages, and put it where the rules say."""
    (document,) = put_documents(workshop, 1, *pages, scan=scan)
    return document


def put_documents(
    workshop: Workshop, count: int, *pages: PageEvidence, scan: tuple[bool, float] = CLEAN
) -> list[StoredDocument]:
    """Put so many documents of the same pages."""
    with workshop.catalog.begin() as uow:
        made = [_put(workshop, uow, pages, scan) for _ in range(count)]
        uow.commit()
    return made


def _put(
    workshop: Workshop, uow: UnitOfWork, pages: Sequence[PageEvidence], scan: tuple[bool, float]
) -> StoredDocument:
    file = receive_file(uow, pages=len(pages), name="chart.pdf")
    held = uow.pages.add(file.id, count=len(pages))
    evidence = [replace(page, page=number) for number, page in enumerate(pages, 1)]
    outcome = decide_filing(
        DocumentEvidence(tuple(evidence)), index=uow.patients, rules=filing_rules(workshop.settings)
    )
    outcome = hold_back_unaided(outcome, [scan] * len(pages), uow, unaided_policy(workshop.settings))
    document = StoredDocument(
        id=new_id("doc"),
        state=outcome.state,
        reason=outcome.reason,
        type=TypeGuess("progress_note", 0.9),
        match=outcome,
        fields=(),
        cut_reason="first_page",
        received_at=uow.clock.now(),
        patient_id=outcome.patient_id if outcome.state is DocumentState.FILED else None,
    )
    uow.documents.add(document)
    uow.pages.set_state([page.id for page in held], page_state_of(document.state), document_id=document.id)
    for page, seen in zip(held, evidence, strict=True):
        word = Word("text", (0.1, 0.1, 0.2, 0.12), scan[1])
        uow.pages.save_reading(page.id, make_reading([word], dpi=300, size=(2550, 3300)), at=uow.clock.now())
        uow.pages.save_evidence(page.id, seen)
    note_machine_decision(uow, document, before=None)
    return document
