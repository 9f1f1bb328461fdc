"""A document that was superseded names what took its place, and that stays to be seen."""

from __future__ import annotations

import datetime as dt

import pytest

from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.records import StoredDocument
from backfile.domain.request import Answer, Outcome, RejectReason, Request, RequestKind
from backfile.errors import UsageError
from backfile.services.decide import remove_document
from backfile.services.queue import Holder
from backfile.services.successor import follow_successors
from backfile.store.catalog import Catalog
from tests.services.station import ask, assert_sound, get, open_station, put_chart, saved, send

CONFIRM, REJECT, UNDO = RequestKind.CONFIRM, RequestKind.REJECT, RequestKind.UNDO


@pytest.fixture
def tina(catalog: Catalog) -> Holder:
    return open_station(catalog, "tina")


def superseding(catalog: Catalog, old: StoredDocument, new: str | None) -> Request:
    now = get(catalog, old.id)
    return ask(REJECT, now, now.version, reject=RejectReason.SUPERSEDED, successor=new)


def refuse(answers: list[Answer], words: str) -> None:
    assert [answer.outcome for answer in answers] == [Outcome.REFUSED]
    assert words in answers[0].text


def standing(catalog: Catalog, document: StoredDocument) -> str | None:
    with catalog.look() as uow:
        stands = follow_successors(get(catalog, document.id), uow)
    return None if stands is None else stands.id


def test_the_successor_is_kept_audited_and_undone(catalog: Catalog, tina: Holder) -> None:
    old, new = put_chart(catalog, documents=2)
    request = superseding(catalog, old, new.id)
    saved(send(catalog, tina, request))
    assert get(catalog, old.id).superseded_by == new.id == standing(catalog, old)
    with catalog.look() as uow:
        assert list(uow.audit.all(subject=old.id))[-1].event.details["successor"] == new.id
    saved(send(catalog, tina, ask(UNDO, old, undoes=request.id)))
    assert get(catalog, old.id).superseded_by is None
    assert get(catalog, old.id).state is DocumentState.REVIEW
    assert_sound(catalog)


def test_what_cannot_have_taken_its_place_is_refused(catalog: Catalog, tina: Holder) -> None:
    old, gone = put_chart(catalog, documents=2)
    saved(send(catalog, tina, ask(REJECT, gone, reject=RejectReason.NOT_A_RECORD)))
    refuse(send(catalog, tina, superseding(catalog, old, None)), "Which document")
    for other in (old.id, gone.id, "doc_none"):
        refuse(send(catalog, tina, superseding(catalog, old, other)), "cannot have taken its place")
    assert get(catalog, old.id).state is DocumentState.REVIEW


def test_a_document_of_another_patient_takes_no_ones_place(catalog: Catalog, tina: Holder) -> None:
    with catalog.begin() as uow:
        name, number = PersonName("Roe", "Ann"), PatientIdentifier("77", "")
        uow.patients.add(Patient("pat_2", name, (number,), dt.date(1961, 4, 18)))
        uow.patients.add(Patient("pat_3", name, (PatientIdentifier("78", ""),), merged_into="pat_2"))
        uow.commit()
    old, other, same = put_chart(catalog, documents=3)
    for document, patient in ((old, "pat_2"), (other, "pat_1"), (same, "pat_3")):
        saved(send(catalog, tina, ask(CONFIRM, document, patient=patient)))
    refuse(send(catalog, tina, superseding(catalog, old, other.id)), "another patient")
    saved(send(catalog, tina, superseding(catalog, old, same.id)))
    assert_sound(catalog)


def test_what_took_a_place_is_not_removed_but_may_be_superseded_itself(
    catalog: Catalog, tina: Holder
) -> None:
    old, new, newest = put_chart(catalog, documents=3)
    saved(send(catalog, tina, superseding(catalog, old, new.id)))
    refuse(
        send(catalog, tina, ask(REJECT, new, reject=RejectReason.DUPLICATE)),
        "because this one took its place",
    )
    with pytest.raises(UsageError, match="took its place"):
        remove_document(new.id, version=1, catalog=catalog, actor="ann")
    saved(send(catalog, tina, ask(REJECT, newest, reject=RejectReason.SCAN_AGAIN)))  # waits, but stands
    saved(send(catalog, tina, superseding(catalog, new, newest.id)))
    assert standing(catalog, old) == newest.id
    assert_sound(catalog)


def test_undoing_never_leaves_two_removed_for_each_other(catalog: Catalog, tina: Holder) -> None:
    first, second = put_chart(catalog, documents=2)
    saved(send(catalog, tina, superseding(catalog, first, second.id)))
    confirm = ask(CONFIRM, first, 2, patient="pat_1")
    saved(send(catalog, tina, confirm, superseding(catalog, second, first.id)))
    refuse(send(catalog, tina, ask(UNDO, first, undoes=confirm.id)), "is removed itself")
    assert get(catalog, first.id).state is DocumentState.FILED
    assert standing(catalog, second) == first.id
    assert_sound(catalog)


def test_the_part_that_took_a_place_is_not_joined_again(catalog: Catalog, tina: Holder) -> None:
    old, whole = put_chart(catalog, documents=2)
    split = ask(RequestKind.SPLIT, whole, page=2)
    saved(send(catalog, tina, split))
    with catalog.look() as uow:
        (part,) = {document.id for document in uow.documents.all()} - {old.id, whole.id}
    saved(send(catalog, tina, superseding(catalog, old, part)))
    refuse(send(catalog, tina, ask(UNDO, whole, undoes=split.id)), "because this one took its place")
    assert_sound(catalog)
