"""Charts that wait, and screens at which people decide about them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backfile.domain.audit import find_broken_seal
from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FieldValue, TypeGuess
from backfile.domain.page import PageState
from backfile.domain.reasons import SET_ASIDE, Reason
from backfile.domain.records import StoredDocument
from backfile.domain.request import Answer, Outcome, Request, RequestKind
from backfile.domain.user import Role, User
from backfile.ids import new_id
from backfile.services.changes import note_machine_decision
from backfile.services.decide import apply_requests
from backfile.services.queue import Holder
from backfile.services.successor import follow_successors
from backfile.store.catalog import Catalog
from backfile.store.unit_of_work import UnitOfWork
from tests.received import receive_file


@dataclass
class Judge:
    """Knows which pages of which document speak against anybody."""

    conflicts: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def conflicting_pages(self, uow: UnitOfWork, document: StoredDocument, patient_id: str) -> frozenset[int]:
        return self.conflicts.get(document.id, frozenset())


NOBODY = Judge()


def open_station(catalog: Catalog, name: str) -> Holder:
    """Return a screen of a technician with an account."""
    user = User(new_id("usr"), name, Role.TECHNICIAN)
    with catalog.begin() as uow:
        uow.users.add(user, password_hash="-", at=uow.clock.now())
        uow.commit()
    return Holder(user.id, name, f"station-{name}")


def put_chart(
    catalog: Catalog,
    *,
    documents: int = 1,
    pages: int = 2,
    state: DocumentState = DocumentState.REVIEW,
    reason: Reason = Reason.SEVERAL_CANDIDATES,
    fields: tuple[FieldValue, ...] = (),
    patient: str | None = None,
) -> list[StoredDocument]:
    """Put a file with documents into the catalog, by default waiting ones, as the pipeline would."""
    with catalog.begin() as uow:
        now = uow.clock.now()
        file = receive_file(uow, pages=documents * pages, name="chart.pdf")
        held = uow.pages.add(file.id, count=documents * pages)
        made = []
        for number in range(documents):
            document = StoredDocument(
                id=new_id("doc"),
                state=state,
                reason=reason,
                type=TypeGuess("progress_note", 0.9),
                match=MatchOutcome(state, reason),
                fields=fields,
                cut_reason="first_page",
                received_at=now,
                patient_id=patient,
            )
            uow.documents.add(document)
            own = held[number * pages : (number + 1) * pages]
            uow.pages.set_state([p.id for p in own], PageState(state.value), document_id=document.id)
            note_machine_decision(uow, document, before=None)
            made.append(document)
        uow.commit()
    return made


def read_field(name: FieldName, value: str, *, page: int = 1) -> FieldValue:
    """Return a field as the reader finds it."""
    return FieldValue(name, value, value, 0.7, page, (0.1, 0.1, 0.3, 0.12))


def ask(kind: RequestKind, document: StoredDocument | str, version: int = 1, **what: Any) -> Request:
    """Return a request about a document, by default in the version in which it came in."""
    document_id = document if isinstance(document, str) else document.id
    return Request(str(uuid.uuid4()), kind, document_id, version, **what)


def send(catalog: Catalog, holder: Holder, *requests: Request, judge: Judge = NOBODY) -> list[Answer]:
    """Send requests from a screen."""
    return apply_requests(requests, holder=holder, judge=judge, catalog=catalog)


def saved(answers: Sequence[Answer]) -> list[Answer]:
    """Return answers that must all be of saved requests."""
    assert [a.outcome for a in answers] == [Outcome.SAVED] * len(answers), [a.text for a in answers]
    return list(answers)


def get(catalog: Catalog, document_id: str) -> StoredDocument:
    """Return a document as it is now."""
    with catalog.look() as uow:
        document = uow.documents.get(document_id)
    assert document is not None
    return document


def page_ids(catalog: Catalog, document_id: str) -> list[str]:
    """Return the pages of a document in order."""
    with catalog.look() as uow:
        return [page.id for page in uow.pages.of_document(document_id)]


def assert_sound(catalog: Catalog) -> None:
    """Assert that everything is in one place: pages, counts, queue, outbox, audit trail."""
    with catalog.look() as uow:
        assert uow.counts.summarize().is_balanced
        assert find_broken_seal(uow.audit.all()) is None
        every = list(uow.documents.all())
        for document in every:
            pages = uow.pages.of_document(document.id)
            assert [page.position for page in pages] == list(range(1, len(pages) + 1))
            assert {page.state.value for page in pages} <= {document.state.value}
            assert pages or document.reason is Reason.SPLIT_UNDONE
            assert (document.patient_id is not None) == (document.state is DocumentState.FILED)
            is_superseded = document.reason is Reason.REMOVED_SUPERSEDED
            assert (document.superseded_by is not None) == is_superseded
            assert not is_superseded or follow_successors(document, uow) is not None
            is_waiting = document.state in {DocumentState.REVIEW, DocumentState.EXCEPTION}
            is_aside = document.reason in SET_ASIDE or uow.queue.is_read_again(document.id)
            assert not is_waiting or bool(document.queue_key) is not is_aside
            history = uow.documents.history_of(document.id)
            assert [past.after.version for past in history] == list(range(1, document.version + 1))
            assert history[-1].after.state is document.state
        places = [page.document_id for page in uow.pages.all()]
        assert None not in places
        newest = {row.document_id: row.version for row in uow.outbox.fetch(limit=100_000)}
        assert newest == {document.id: document.version for document in every}
