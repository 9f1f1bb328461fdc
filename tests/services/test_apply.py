"""What screens ask for is applied once, by the one who has the document, and can be undone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState, FieldName
from backfile.domain.page import PageState
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.request import FieldCorrection, Outcome, RejectReason, RequestKind
from backfile.ports import FixedClock
from backfile.services.queue import CLAIM_SECONDS, claim_documents, count_queue
from backfile.store.catalog import Catalog
from tests.services.station import (
    Judge,
    ask,
    assert_sound,
    get,
    open_station,
    put_chart,
    read_field,
    saved,
    send,
)

CONFIRM, REJECT, POSTPONE = RequestKind.CONFIRM, RequestKind.REJECT, RequestKind.POSTPONE
ROTATE, UNDO = RequestKind.ROTATE, RequestKind.UNDO


def patient(name: str, mrn: str, **more: object) -> Patient:
    made = Patient(f"pat_{name}", PersonName("Roe", name), (PatientIdentifier(mrn, ""),))
    return replace(made, **more)  # type: ignore[arg-type]


def add_patients(catalog: Catalog, *patients: Patient) -> None:
    with catalog.begin() as uow:
        uow.patients.add(*patients)
        uow.commit()


def test_a_request_that_comes_again_gets_its_first_answer(catalog: Catalog) -> None:
    (document,) = put_chart(catalog)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    confirm = ask(CONFIRM, document, patient="pat_1")
    (first,) = saved(send(catalog, tina, confirm))
    assert send(catalog, tina, confirm, confirm) == [first, first]
    assert get(catalog, document.id).version == 2
    (refusal,) = send(catalog, tina, ask(CONFIRM, document, 2, patient="pat_none"))
    assert refusal.outcome is Outcome.REFUSED
    stranger = replace(confirm, kind=REJECT, reject=RejectReason.DUPLICATE)
    for holder, other in ((tina, stranger), (tom, confirm)):
        (answer,) = send(catalog, holder, other)
        assert (answer.outcome, answer.decision) == (Outcome.REFUSED, None)
    (answer,) = send(catalog, tina, replace(confirm, id=""))
    assert answer.outcome is Outcome.REFUSED
    assert get(catalog, document.id).version == 2
    assert_sound(catalog)


def test_a_refusal_is_repeated_even_if_it_would_be_granted_now(catalog: Catalog) -> None:
    (document,) = put_chart(catalog)
    tina = open_station(catalog, "tina")
    confirm = ask(CONFIRM, document, patient="pat_new")
    (refused,) = send(catalog, tina, confirm)
    add_patients(catalog, replace(patient("new", "77"), id="pat_new"))
    assert send(catalog, tina, confirm) == [refused]
    assert get(catalog, document.id).state is DocumentState.REVIEW


def test_correction_type_and_patient_are_one_decision_and_one_undo(catalog: Catalog) -> None:
    read = read_field(FieldName.BIRTH_DATE, "1950-03-21")
    (document,) = put_chart(catalog, fields=(read, read_field(FieldName.PHONE, "5550100123")))
    tina = open_station(catalog, "tina")
    confirm = ask(
        CONFIRM,
        document,
        patient="pat_1",
        type="consultation",
        fields=(
            FieldCorrection(FieldName.BIRTH_DATE, "03/12/1950", "03/12/1950", 2, (0.2, 0.1, 0.4, 0.12)),
            FieldCorrection(FieldName.PATIENT_NAME, "odette doe-marsh"),
            FieldCorrection(FieldName.ENCOUNTER, "V1001"),
            FieldCorrection(FieldName.PHONE, ""),
        ),
    )
    (answer,) = saved(send(catalog, tina, confirm))
    filed = get(catalog, document.id)
    assert (filed.state, filed.patient_id) == (DocumentState.FILED, "pat_1")
    assert (filed.type.name, filed.type.probability) == ("consultation", 1.0)
    assert filed.encounter == "V1001"
    by_name = {field.name: field for field in filed.fields}
    born = by_name[FieldName.BIRTH_DATE]
    assert (born.value, born.confidence, born.page, born.corrected) == ("1950-03-12", 1.0, 2, True)
    assert [(a.value, a.confidence) for a in born.alternatives] == [("1950-03-21", 0.7)]
    assert by_name[FieldName.PATIENT_NAME].page == 0
    assert FieldName.PHONE not in by_name
    with catalog.look() as uow:
        event = list(uow.audit.all(subject=document.id))[-1].event
        assert event.details["fields"] == "birth_date,encounter,patient_name,phone"
        assert event.details["type"] == "consultation"
        assert len(uow.documents.decisions_of(document.id)) == 2
    saved(send(catalog, tina, ask(UNDO, document, undoes=confirm.id)))
    undone = get(catalog, document.id)
    assert replace(undone, version=1, queue_key="") == document
    assert answer.version == 2
    assert_sound(catalog)


@pytest.mark.parametrize(
    "wrong",
    [
        {"patient": None},
        {"patient": "pat_none"},
        {"type": "no_such_type"},
        {"fields": (FieldCorrection(FieldName.BIRTH_DATE, "31/31/1950"),)},
        {"fields": (FieldCorrection(FieldName.PHONE, "12"),)},
        {"fields": (FieldCorrection(FieldName.PATIENT_NAME, "Roe, Ann", page=3),)},
    ],
)
def test_what_cannot_be_is_refused_whole(catalog: Catalog, wrong: dict[str, Any]) -> None:
    (document,) = put_chart(catalog)
    tina = open_station(catalog, "tina")
    (answer,) = send(catalog, tina, ask(CONFIRM, document, **({"patient": "pat_1", **wrong})))
    assert answer.outcome is Outcome.REFUSED
    assert "1950" not in answer.text
    assert replace(get(catalog, document.id), queue_key="") == document


def test_a_page_that_speaks_against_the_patient_must_have_been_seen(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=3)
    tina, judge = open_station(catalog, "tina"), Judge({document.id: frozenset({2, 3})})
    (answer,) = send(
        catalog, tina, ask(CONFIRM, document, patient="pat_1", seen=frozenset({1, 2})), judge=judge
    )
    assert answer.outcome is Outcome.REFUSED
    assert "page 3 speaks against" in answer.text
    saved(send(catalog, tina, ask(CONFIRM, document, patient="pat_1", seen=frozenset({2, 3})), judge=judge))


def test_a_merged_record_leads_to_the_one_that_survives(catalog: Catalog) -> None:
    add_patients(
        catalog,
        patient("old", "1", merged_into="pat_mid"),
        patient("mid", "2", merged_into="pat_1"),
        patient("lost", "3", merged_into="pat_gone"),
    )
    first, second = put_chart(catalog, documents=2)
    tina = open_station(catalog, "tina")
    (answer,) = saved(send(catalog, tina, ask(CONFIRM, first, patient="pat_old")))
    assert "merged" in answer.text
    assert get(catalog, first.id).patient_id == "pat_1"
    (lost,) = send(catalog, tina, ask(CONFIRM, second, patient="pat_lost"))
    assert lost.outcome is Outcome.REFUSED


def test_a_death_before_the_service_is_said_and_review_only_records_may_be_confirmed(
    catalog: Catalog,
) -> None:
    add_patients(
        catalog,
        patient("dead", "8", death_date=dt.date(2001, 1, 1)),
        patient("half", "9", review_only=True),
    )
    served = (read_field(FieldName.SERVICE_DATE, "2003-04-05"),)
    first, second = put_chart(catalog, documents=2, fields=served)
    tina = open_station(catalog, "tina")
    late, half = saved(
        send(
            catalog,
            tina,
            ask(CONFIRM, first, patient="pat_dead"),
            ask(CONFIRM, second, patient="pat_half"),
        )
    )
    assert "death" in late.text
    assert "no birth date" in half.text


@pytest.mark.parametrize(
    ("reject", "state", "reason", "action"),
    [
        ("not_a_record", "removed", Reason.REMOVED_NOT_A_RECORD, AuditAction.DOCUMENT_REMOVED),
        ("duplicate", "removed", Reason.REMOVED_DUPLICATE, AuditAction.DOCUMENT_REMOVED),
        ("superseded", "removed", Reason.REMOVED_SUPERSEDED, AuditAction.DOCUMENT_REMOVED),
        ("scan_again", "exception", Reason.SCAN_REQUESTED, AuditAction.DOCUMENT_EXCEPTION),
        ("not_registered", "exception", Reason.NOT_REGISTERED, AuditAction.DOCUMENT_EXCEPTION),
    ],
)
def test_rejecting_says_why(
    catalog: Catalog, reject: str, state: str, reason: Reason, action: AuditAction
) -> None:
    document, other = put_chart(catalog, documents=2)
    tina = open_station(catalog, "tina")
    successor = other.id if reject == "superseded" else None
    rejection = ask(REJECT, document, reject=RejectReason(reject), successor=successor)
    saved(send(catalog, tina, rejection))
    now = get(catalog, document.id)
    assert (now.state.value, now.reason, now.superseded_by) == (state, reason, successor)
    with catalog.look() as uow:
        assert {p.state.value for p in uow.pages.of_document(document.id)} == {state}
        assert list(uow.audit.all(subject=document.id))[-1].event.action is action
    saved(send(catalog, tina, ask(UNDO, document, undoes=rejection.id)))
    assert replace(get(catalog, document.id), version=1, queue_key="") == document
    assert_sound(catalog)


def test_a_page_is_turned_and_turned_back(catalog: Catalog) -> None:
    (document,) = put_chart(catalog, pages=2)
    tina = open_station(catalog, "tina")
    quarter, half = ask(ROTATE, document, page=2, degrees=90), ask(ROTATE, document, page=2, degrees=-180)

    def standing() -> list[int]:
        with catalog.look() as uow:
            return [page.view_rotation for page in uow.pages.of_document(document.id)]

    saved(send(catalog, tina, quarter, half))
    assert standing() == [0, 270]
    saved(send(catalog, tina, ask(UNDO, document, undoes=half.id)))
    assert standing() == [0, 90]
    saved(send(catalog, tina, ask(UNDO, document, undoes=quarter.id)))
    assert standing() == [0, 0]
    for page, degrees in ((3, 90), (None, 90), (1, 45)):
        (answer,) = send(catalog, tina, ask(ROTATE, document, 5, page=page, degrees=degrees))
        assert answer.outcome is Outcome.REFUSED
    assert_sound(catalog)


def test_a_screen_sends_on_without_waiting_for_answers(catalog: Catalog) -> None:
    (document,) = put_chart(catalog)
    tina = open_station(catalog, "tina")
    wrong = ask(CONFIRM, document, patient="pat_1")
    saved(
        send(
            catalog,
            tina,
            ask(ROTATE, document, page=1, degrees=90),
            wrong,
            ask(UNDO, document, undoes=wrong.id),
            ask(REJECT, document, reject=RejectReason.DUPLICATE),
        )
    )
    assert get(catalog, document.id).reason is Reason.REMOVED_DUPLICATE
    # What is settled is not settled once more by what was typed before.
    (answer,) = send(catalog, tina, ask(CONFIRM, document, patient="pat_1"))
    assert answer.outcome is Outcome.CONFLICT


def test_nobody_decides_over_another(catalog: Catalog, clock: FixedClock) -> None:
    (document,) = put_chart(catalog)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    claim_documents(tina, count=1, catalog=catalog)
    (early,) = send(catalog, tom, ask(CONFIRM, document, patient="pat_1"))
    assert early.outcome is Outcome.CONFLICT
    clock.advance(CLAIM_SECONDS + 1)
    # Nobody holds it now, and it is as he saw it.
    saved(send(catalog, tom, ask(CONFIRM, document, patient="pat_1")))
    (late,) = send(catalog, tina, ask(REJECT, document, reject=RejectReason.DUPLICATE))
    assert late.outcome is Outcome.CONFLICT
    assert late.text.startswith("Already decided by someone else; not saved.")
    (ahead,) = send(catalog, tina, ask(REJECT, document, 9, reject=RejectReason.DUPLICATE))
    assert ahead.outcome is Outcome.CONFLICT
    assert get(catalog, document.id).state is DocumentState.FILED


def test_undo_puts_the_document_back_on_the_screen(catalog: Catalog) -> None:
    document, _ = put_chart(catalog, documents=2)
    tina, tom = open_station(catalog, "tina"), open_station(catalog, "tom")
    postponed = ask(POSTPONE, document)
    confirmed = ask(CONFIRM, document, 2, patient="pat_1")
    saved(send(catalog, tina, postponed, confirmed))
    saved(send(catalog, tina, ask(UNDO, document, undoes=confirmed.id)))
    again = get(catalog, document.id)
    assert (again.state, again.reason) == (DocumentState.REVIEW, Reason.SEVERAL_CANDIDATES)
    assert again.postponed_at is not None
    assert document.id not in {d.id for d in claim_documents(tom, count=5, catalog=catalog)}
    (answer,) = send(catalog, tom, ask(UNDO, document, undoes=postponed.id))
    assert answer.outcome is Outcome.CONFLICT
    saved(send(catalog, tina, ask(UNDO, document, undoes=postponed.id)))
    assert get(catalog, document.id).postponed_at is None
    assert count_queue(catalog=catalog).postponed == 0
    for undoes in (postponed.id, confirmed.id, "nothing", None):
        (answer,) = send(catalog, tina, ask(UNDO, document, undoes=undoes))
        assert answer.outcome is Outcome.REFUSED
    assert_sound(catalog)


def test_a_filing_that_is_looked_at_again_can_be_corrected(catalog: Catalog) -> None:
    add_patients(catalog, patient("other", "5"))
    (document,) = put_chart(catalog)
    tina = open_station(catalog, "tina")
    saved(send(catalog, tina, ask(CONFIRM, document, patient="pat_1")))
    other = ask(CONFIRM, document, 2, patient="pat_other")
    saved(send(catalog, tina, other))
    assert get(catalog, document.id).patient_id == "pat_other"
    saved(send(catalog, tina, ask(UNDO, document, undoes=other.id)))
    assert get(catalog, document.id).patient_id == "pat_1"
    with catalog.look() as uow:
        assert {p.state for p in uow.pages.of_document(document.id)} == {PageState.FILED}
