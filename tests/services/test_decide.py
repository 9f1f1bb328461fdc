"""A person's decision is one transaction, is never overwritten, and can be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.errors import Busy, UsageError
from backfile.services.decide import confirm_patient, remove_document, undo_decision
from backfile.store.catalog import Catalog

AddDocument = Callable[..., StoredDocument]


def state_of(catalog: Catalog, document_id: str) -> tuple[DocumentState, str | None, set[PageState]]:
    with catalog.look() as uow:
        document = uow.documents.get(document_id)
        assert document is not None
        return document.state, document.patient_id, {p.state for p in uow.pages.of_document(document_id)}


def test_confirming_files_the_document_with_audit_and_outbox(
    catalog: Catalog, add_document: AddDocument
) -> None:
    document = add_document(DocumentState.REVIEW, Reason.SEVERAL_CANDIDATES)
    decision = confirm_patient(document.id, "pat_1", version=1, catalog=catalog, actor="tina")
    assert state_of(catalog, document.id) == (DocumentState.FILED, "pat_1", {PageState.FILED})
    with catalog.look() as uow:
        events = [e.event for e in uow.audit.all(subject=document.id)]
        assert events[-1].action is AuditAction.DOCUMENT_FILED
        assert (events[-1].actor, events[-1].patient) == ("tina", "pat_1")
        assert [(r.document_id, r.version) for r in uow.outbox.fetch(limit=9)] == [(document.id, 2)]
        assert uow.documents.decisions_of(document.id)[-1] == decision
        assert uow.counts.summarize().is_balanced


def test_the_second_of_two_technicians_is_told(catalog: Catalog, add_document: AddDocument) -> None:
    document = add_document(DocumentState.REVIEW, Reason.SEVERAL_CANDIDATES)
    confirm_patient(document.id, "pat_1", version=1, catalog=catalog, actor="tina")
    with pytest.raises(Busy, match="changed by somebody else"):
        remove_document(document.id, version=1, catalog=catalog, actor="tom")
    assert state_of(catalog, document.id)[0] is DocumentState.FILED


def test_undo_restores_what_was_before(catalog: Catalog, add_document: AddDocument) -> None:
    document = add_document(DocumentState.FILED, Reason.MRN_AND_BIRTH_DATE)
    removed = remove_document(document.id, version=1, catalog=catalog, actor="tina")
    assert state_of(catalog, document.id) == (DocumentState.REMOVED, None, {PageState.REMOVED})
    undo_decision(removed.id, catalog=catalog, actor="tina")
    assert state_of(catalog, document.id) == (DocumentState.FILED, "pat_1", {PageState.FILED})


def test_undoing_the_machines_filing_asks_a_person(catalog: Catalog, add_document: AddDocument) -> None:
    document = add_document(DocumentState.FILED, Reason.MRN_AND_BIRTH_DATE)
    with catalog.look() as uow:
        (machine,) = uow.documents.decisions_of(document.id)
    undone = undo_decision(machine.id, catalog=catalog, actor="tina")
    assert state_of(catalog, document.id) == (DocumentState.REVIEW, None, {PageState.REVIEW})
    for wrong in (machine.id, undone.id, "dec_none"):
        with pytest.raises(UsageError):
            undo_decision(wrong, catalog=catalog, actor="tina")


def test_nobody_is_not_a_patient(catalog: Catalog, add_document: AddDocument) -> None:
    document = add_document(DocumentState.REVIEW, Reason.NOT_IN_INDEX)
    with pytest.raises(UsageError, match="no such patient"):
        confirm_patient(document.id, "pat_9", version=1, catalog=catalog, actor="tina")
    with pytest.raises(UsageError, match="no document"):
        confirm_patient("doc_9", "pat_1", version=1, catalog=catalog, actor="tina")
