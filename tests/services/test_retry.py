"""Retry reads again what waits, and leaves alone what is settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backfile.domain.document import DocumentState, FileState
from backfile.domain.page import PageState
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument
from backfile.errors import UsageError
from backfile.services.decide import confirm_patient, undo_decision
from backfile.services.retry import retry_pages
from backfile.store.catalog import Catalog

AddDocument = Callable[..., StoredDocument]


def test_an_exception_is_read_again_as_a_whole(catalog: Catalog, add_document: AddDocument) -> None:
    document = add_document(DocumentState.EXCEPTION, Reason.PAGE_UNREADABLE, pages=3)
    with catalog.look() as uow:
        (page, *_) = uow.pages.of_document(document.id)
    tasks = retry_pages(page.id, catalog=catalog, actor="ann")
    assert len(tasks) == 3
    with catalog.look() as uow:
        assert {p.state for p in uow.pages.of_file(page.file_id)} == {PageState.WORKING}
        assert uow.pages.count_unread(page.file_id) == 3
        retired = uow.documents.get(document.id)
        assert retired is not None
        assert (retired.state, retired.reason) == (DocumentState.REMOVED, Reason.READ_AGAIN)
        file = uow.files.get(page.file_id)
        assert file is not None
        assert file.state is FileState.WORKING
        assert uow.counts.summarize().is_balanced


def test_what_is_filed_or_decided_stays(catalog: Catalog, add_document: AddDocument) -> None:
    filed = add_document(DocumentState.FILED, Reason.MRN_AND_NAME)
    decided = add_document(DocumentState.REVIEW, Reason.SEVERAL_CANDIDATES)
    decision = confirm_patient(decided.id, "pat_1", version=1, catalog=catalog, actor="tina")
    undo_decision(decision.id, catalog=catalog, actor="tina")
    for document in (filed, decided):
        with pytest.raises(UsageError, match="can be tried again"):
            retry_pages(document.id, catalog=catalog, actor="ann")


def test_an_unknown_id_is_named(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="fil_none"):
        retry_pages("fil_none", catalog=catalog, actor="ann")
