"""A split gives the later pages to a new document; both are read anew, and all of it can be undone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, TypeGuess
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, TaskKind
from backfile.domain.request import FieldCorrection, Outcome, Request, RequestKind
from backfile.errors import UsageError
from backfile.ports import FixedClock
from backfile.services.decide import undo_decision
from backfile.services.queue import Holder, QueueCount, claim_documents, count_queue
from backfile.services.split import end_understanding, save_understanding
from backfile.store.catalog import Catalog
from backfile.store.schema import decisions
from tests.services.station import (
    ask,
    assert_sound,
    get,
    open_station,
    page_ids,
    put_chart,
    read_field,
    saved,
    send,
)

SPLIT, UNDO, CONFIRM = RequestKind.SPLIT, RequestKind.UNDO, RequestKind.CONFIRM
FIELDS = (
    read_field(FieldName.PATIENT_NAME, "Roe, Ann", page=1),
    read_field(FieldName.BIRTH_DATE, "1950-03-12", page=3),
)


def split(
    catalog: Catalog, holder: Holder, document: StoredDocument, *, page: int = 3
) -> tuple[Request, str]:
    """Split a document; return the request, and the id of the new document."""
    request = ask(SPLIT, document, document.version, page=page)
    saved(send(catalog, holder, request))
    with catalog.look() as uow:
        (part,) = (d.id for d in uow.documents.all() if d.cut_reason == "person")
    return request, part


def read_anew(catalog: Catalog, document_id: str, state: DocumentState) -> bool:
    """Do what a worker does with a document that was split."""
    with catalog.begin() as uow:
        task = uow.tasks.find(TaskKind.UNDERSTAND, document_id)
        document = uow.documents.get(document_id)
        assert task is not None
        assert document is not None
        held = uow.tasks.claim(task.id, owner="w", at=uow.clock.now())
        assert held is not None
        uow.tasks.finish(task.id, held.token, at=uow.clock.now())
        is_written = save_understanding(
            document,
            uow,
            type_guess=TypeGuess("consultation", 0.8),
            fields=(read_field(FieldName.SERVICE_DATE, "1999-01-02"), read_field(FieldName.MRN, "12")),
            match=MatchOutcome(
                state, Reason.MRN_AND_NAME if state is DocumentState.FILED else Reason.NEWBORN
            ),
        )
        uow.commit()
    return is_written


def test_both_parts_wait_for_a_worker_and_then_for_a_person(catalog: Catalog, clock: FixedClock) -> None:
    document, other = put_chart(catalog, documents=2, pages=4, fields=FIELDS)
    pages = page_ids(catalog, document.id)
    tina = open_station(catalog, "tina")
    claim_documents(tina, count=1, catalog=catalog)
    _, part = split(catalog, tina, document)
    assert (page_ids(catalog, document.id), page_ids(catalog, part)) == (pages[:2], pages[2:])
    assert [f.name for f in get(catalog, document.id).fields] == [FieldName.PATIENT_NAME]
    assert [(f.name, f.page) for f in get(catalog, part).fields] == [(FieldName.BIRTH_DATE, 1)]
    assert count_queue(catalog=catalog) == QueueCount(waiting=1, claimed=0, postponed=0)
    for document_id in (document.id, part):
        version = get(catalog, document_id).version
        (answer,) = send(catalog, tina, ask(CONFIRM, document_id, version, patient="pat_1"))
        assert (answer.outcome, "read again" in answer.text) == (Outcome.REFUSED, True)
    assert_sound(catalog)
    # Even where every rule of filing is kept, a person who split decides.
    assert read_anew(catalog, document.id, DocumentState.FILED)
    assert read_anew(catalog, part, DocumentState.REVIEW)
    first, second = get(catalog, document.id), get(catalog, part)
    assert (first.state, first.reason) == (DocumentState.REVIEW, Reason.SPLIT_BY_PERSON)
    assert (second.state, second.reason) == (DocumentState.REVIEW, Reason.NEWBORN)
    assert (second.type.name, second.field(FieldName.MRN)) == ("consultation", "12")
    assert [d.id for d in claim_documents(tina, count=9, catalog=catalog)] == [document.id, part, other.id]
    assert_sound(catalog)


def test_a_worker_that_fails_loses_nothing(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=4, fields=FIELDS)
    tina = open_station(catalog, "tina")
    _, part = split(catalog, tina, document)
    with catalog.begin() as uow:
        for document_id in (document.id, part):
            task = uow.tasks.find(TaskKind.UNDERSTAND, document_id)
            assert task is not None
            uow.tasks.fail(task.id, at=uow.clock.now())
            end_understanding(document_id, uow)
        uow.commit()
    assert {d.id for d in claim_documents(tina, count=9, catalog=catalog)} == {document.id, part}
    saved(send(catalog, tina, ask(CONFIRM, part, 1, patient="pat_1")))
    assert_sound(catalog)


def test_what_a_person_corrected_stays_with_its_page(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=4, fields=FIELDS)
    tina = open_station(catalog, "tina")
    saved(
        send(
            catalog,
            tina,
            ask(
                RequestKind.POSTPONE,
                document,
                fields=(
                    FieldCorrection(FieldName.SERVICE_DATE, "2001-02-03", page=4, box=(0.1, 0.1, 0.2, 0.2)),
                    FieldCorrection(FieldName.PHONE, "555 010 0199"),
                ),
            ),
        )
    )
    _, part = split(catalog, tina, get(catalog, document.id))
    read_anew(catalog, document.id, DocumentState.REVIEW)
    read_anew(catalog, part, DocumentState.REVIEW)
    first, second = get(catalog, document.id), get(catalog, part)
    assert first.field(FieldName.PHONE) == "5550100199"
    assert (first.field(FieldName.SERVICE_DATE), second.field(FieldName.SERVICE_DATE)) == (
        "1999-01-02",
        "2001-02-03",
    )
    (kept,) = (f for f in second.fields if f.corrected)
    assert (kept.page, [a.value for a in kept.alternatives]) == (2, ["1999-01-02"])


@pytest.mark.parametrize("is_read", [False, True])
def test_undoing_a_split_joins_the_parts_again(catalog: Catalog, is_read: bool) -> None:
    (document,) = put_chart(catalog, pages=4, fields=FIELDS)
    before, pages = get(catalog, document.id), page_ids(catalog, document.id)
    tina = open_station(catalog, "tina")
    request, part = split(catalog, tina, document)
    if is_read:
        read_anew(catalog, document.id, DocumentState.REVIEW)
        read_anew(catalog, part, DocumentState.REVIEW)
    saved(send(catalog, tina, ask(UNDO, document, undoes=request.id)))
    after = get(catalog, document.id)
    assert replace(after, version=1) == before
    assert page_ids(catalog, document.id) == pages
    left = get(catalog, part)
    assert (left.state, left.reason) == (DocumentState.REMOVED, Reason.SPLIT_UNDONE)
    assert [d.id for d in claim_documents(tina, count=9, catalog=catalog)] == [document.id]
    with catalog.look() as uow:
        assert uow.tasks.count_open() == 0
        born, *_, gone = uow.documents.decisions_of(part)
    for decision in (born, gone):
        with pytest.raises(UsageError):
            undo_decision(decision.id, catalog=catalog, actor="ann")
    (answer,) = send(catalog, tina, ask(CONFIRM, part, left.version, patient="pat_1"))
    assert answer.outcome is Outcome.REFUSED
    assert_sound(catalog)


def test_a_split_stays_once_the_other_part_is_decided_or_on_a_screen(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=4)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    request, part = split(catalog, tina, document)
    for document_id in (document.id, part):
        read_anew(catalog, document_id, DocumentState.REVIEW)
    claim_documents(tom, count=1, catalog=catalog, first=part)
    (answer,) = send(catalog, tina, ask(UNDO, document, undoes=request.id))
    assert answer.outcome is Outcome.CONFLICT
    confirmed = ask(CONFIRM, part, 2, patient="pat_1")
    saved(send(catalog, tom, confirmed))
    (answer,) = send(catalog, tina, ask(UNDO, document, undoes=request.id))
    assert answer.outcome is Outcome.CONFLICT
    assert page_ids(catalog, part)
    # Taken back in order, newest first, it goes.
    saved(send(catalog, tom, ask(UNDO, part, undoes=confirmed.id)))
    saved(send(catalog, tom, ask(UNDO, document, undoes=request.id)))
    assert len(page_ids(catalog, document.id)) == 4
    assert_sound(catalog)


def test_a_worker_that_comes_too_late_changes_nothing(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=4, fields=FIELDS)
    tina = open_station(catalog, "tina")
    request, _ = split(catalog, tina, document)
    seen = get(catalog, document.id)
    saved(send(catalog, tina, ask(UNDO, document, undoes=request.id)))
    now = get(catalog, document.id)
    with catalog.begin() as uow:
        outcome = MatchOutcome(DocumentState.FILED, Reason.MRN_AND_NAME, "pat_1")
        assert not save_understanding(
            seen, uow, type_guess=TypeGuess("consent", 1.0), fields=(), match=outcome
        )
        uow.commit()
    assert get(catalog, document.id) == now


def test_only_what_waits_is_split_and_only_between_pages(catalog: Catalog) -> None:
    document, filed = put_chart(catalog, documents=2, pages=3)
    tina = open_station(catalog, "tina")
    saved(send(catalog, tina, ask(CONFIRM, filed, patient="pat_1")))
    requests = [ask(SPLIT, document, page=page) for page in (None, 0, 1, 4)] + [ask(SPLIT, filed, 2, page=2)]
    assert {a.outcome for a in send(catalog, tina, *requests)} == {Outcome.REFUSED}
    # A document that was parted is not what was seen before, not even to the one who parted it.
    split(catalog, tina, document, page=2)
    read_anew(catalog, document.id, DocumentState.REVIEW)
    (answer,) = send(catalog, tina, ask(CONFIRM, document, 1, patient="pat_1"))
    assert answer.outcome is Outcome.CONFLICT


def test_decisions_of_the_first_schema_can_be_undone(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, fields=FIELDS)
    tina = open_station(catalog, "tina")
    (answer,) = saved(send(catalog, tina, ask(CONFIRM, document, patient="pat_1")))
    with catalog.begin() as uow:
        text = uow.connection.execute(
            select(decisions.c.before).where(decisions.c.id == answer.decision)
        ).scalar_one()
        old = {key: value for key, value in json.loads(text).items() if key != "details"}
        assert set(old) == {"state", "reason", "patient", "type", "version"}
        uow.connection.execute(
            update(decisions).where(decisions.c.id == answer.decision).values(before=json.dumps(old))
        )
        uow.commit()
    assert answer.decision is not None
    undo_decision(answer.decision, catalog=catalog, actor="ann")
    undone = get(catalog, document.id)
    assert (undone.state, undone.patient_id) == (DocumentState.REVIEW, None)
    assert undone.fields == FIELDS
