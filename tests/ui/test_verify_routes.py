"""What the station asks the server: claims, decisions applied once, patients; and who may ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState, FieldName
from backfile.domain.user import Role
from backfile.store.schema import audit_events, decisions
from ingest.workshop import Workshop
from tests.papers import Sheet, add_waiting
from tests.people import ANNA, ANNAS, BARE, BURT, BURTS, TWIN
from tests.ui.conftest import ORIGIN
from ui.finding.document import load_sheet

Ask = Callable[..., dict[str, Any]]
SignIn = Callable[[Role], TestClient]

STATION = "station-0001"
HEADERS = {"X-Backfile": "1", "Origin": ORIGIN}


@pytest.fixture(autouse=True)
def _patients(workshop: Workshop) -> None:
    with workshop.catalog.begin() as uow:
        uow.patients.add(ANNA, BURT)
        uow.commit()


@pytest.fixture
def technician(sign_in_as: SignIn) -> TestClient:
    return sign_in_as(Role.TECHNICIAN)


def post(client: TestClient, path: str, body: object, *, expect: int = 200) -> dict[str, Any]:
    answer = client.post(f"/data/verify/{path}", json=body, headers=HEADERS)
    assert answer.status_code == expect, answer.text
    assert "no-store" in answer.headers["cache-control"]
    found: dict[str, Any] = answer.json()
    return found


def claim(client: TestClient, *, station: str = STATION, **more: object) -> dict[str, Any]:
    return post(client, "claim", {"station": station, "want": 5, **more})


def request(document: dict[str, Any], kind: str, number: int = 1, **more: object) -> dict[str, Any]:
    return {
        "id": f"request-{number:04}",
        "kind": kind,
        "document": document["id"],
        "version": document["version"],
        **more,
    }


def decide(client: TestClient, *requests: dict[str, Any], station: str = STATION) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = post(client, "decide", {"station": station, "decisions": list(requests)})[
        "answers"
    ]
    return answers


def test_only_those_who_may_verify_are_answered(
    workshop: Workshop, sign_in_as: SignIn, anonymous: TestClient
) -> None:
    body = {"station": STATION, "want": 5}
    for role in (Role.SCANNING, Role.CLINICIAN):
        assert post(sign_in_as(role), "claim", body, expect=403)["error"]["code"] == "denied"
    for role in (Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR):
        assert post(sign_in_as(role), "claim", body)["documents"] == []
    assert anonymous.post("/data/verify/claim", json=body, headers=HEADERS).status_code == 401
    foreign = {**HEADERS, "Origin": "http://elsewhere.example"}
    answer = sign_in_as(Role.TECHNICIAN).post("/data/verify/claim", json=body, headers=foreign)
    assert answer.status_code == 403


def test_documents_come_in_chart_order_each_once(workshop: Workshop, technician: TestClient) -> None:
    ids = add_waiting(workshop, [[ANNAS], [ANNAS, BURTS], [BURTS]])
    answer = claim(technician)
    assert [one["id"] for one in answer["documents"]] == ids
    assert answer["waiting"] == 3
    first = answer["documents"][0]
    assert first["candidates"][0]["patient"] == ANNA.id
    assert first["pages"][0]["words"][0][0] == "PROGRESS"
    assert first["preselected"] is None
    again = claim(technician, have=[[first["id"], first["version"]]])
    assert again["documents"][0] == {"id": first["id"], "version": first["version"]}
    assert again["documents"][1]["pages"]


def test_two_stations_never_hold_the_same_document(
    workshop: Workshop, technician: TestClient, sign_in_as: SignIn
) -> None:
    add_waiting(workshop, [[BURTS]] * 8)
    mine = [one["id"] for one in claim(technician)["documents"]]
    other = sign_in_as(Role.SUPERVISOR)
    theirs = [one["id"] for one in claim(other, station="station-0002")["documents"]]
    same_user = [one["id"] for one in claim(technician, station="station-0003")["documents"]]
    assert len(mine) == 5
    assert len(set(mine) | set(theirs) | set(same_user)) == len(mine) + len(theirs) + len(same_user) == 8
    error = post(other, "claim", {"station": "station-0002", "first": mine[0]}, expect=409)["error"]
    assert error["code"] == "busy"
    post(technician, "release", {"station": STATION})
    assert len(claim(other, station="station-0002")["documents"]) == 5


def test_a_decision_is_applied_once_however_often_it_is_sent(
    workshop: Workshop, technician: TestClient
) -> None:
    add_waiting(workshop, [[BURTS]])
    (document,) = claim(technician)["documents"]
    sent = request(document, "confirm", patient=BURT.id, seen=[1], type="consent")
    first = decide(technician, sent)
    assert first[0]["outcome"] == "saved"
    assert decide(technician, sent) == first
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document["id"])
        rows = uow.connection.execute(select(decisions.c.kind)).scalars().all()
    assert stored is not None
    assert (stored.state, stored.patient_id, stored.type.name) == (DocumentState.FILED, BURT.id, "consent")
    assert Counter(rows) == {"machine": 1, "confirm": 1}


def test_a_conflict_and_a_refusal_are_told_in_words(
    workshop: Workshop, technician: TestClient, sign_in_as: SignIn
) -> None:
    add_waiting(workshop, [[ANNAS, BURTS]])
    (document,) = claim(technician)["documents"]
    unseen = decide(technician, request(document, "confirm", 1, patient=ANNA.id, seen=[1]))[0]
    assert unseen["outcome"] == "refused"
    assert "2" in unseen["text"]
    assert "Quillfeather" not in unseen["text"]
    other = sign_in_as(Role.SUPERVISOR)
    held = decide(
        other, request(document, "confirm", 2, patient=ANNA.id, seen=[1, 2]), station="station-0002"
    )
    assert held[0]["outcome"] == "conflict"
    assert held[0]["text"]
    saved = decide(technician, request(document, "confirm", 3, patient=ANNA.id, seen=[1, 2]))[0]
    assert saved["outcome"] == "saved"
    late = decide(technician, request(document, "postpone", 4))[0]
    assert late["outcome"] == "conflict"


def test_a_page_that_a_correction_turns_against_the_patient_must_have_been_seen(
    workshop: Workshop, technician: TestClient
) -> None:
    add_waiting(workshop, [[ANNAS, BARE]])
    (document,) = claim(technician)["documents"]
    fix = {"name": "mrn", "value": "70771234", "raw": "7077-1234", "page": 2, "box": [0.1, 0.1, 0.2, 0.2]}
    body = {"document": document["id"], "patient": ANNA.id, "fields": [fix]}
    assert post(technician, "beside", body)["candidate"]["page_marks"][1] == "conflict"
    blind = decide(technician, request(document, "confirm", 1, patient=ANNA.id, fields=[fix], seen=[1]))[0]
    assert (blind["outcome"], "2" in blind["text"]) == ("refused", True)
    seen = decide(technician, request(document, "confirm", 2, patient=ANNA.id, fields=[fix], seen=[1, 2]))[0]
    assert seen["outcome"] == "saved"


def test_corrections_are_saved_with_the_decision_and_undone_with_it(
    workshop: Workshop, technician: TestClient
) -> None:
    add_waiting(workshop, [[replace(BURTS, born="02/03/1949", confidence=0.7)]])
    (document,) = claim(technician)["documents"]
    box = next(one for one in document["fields"] if one["name"] == "birth_date")["box"]
    fix = {"name": "birth_date", "value": "2/3/1944", "raw": "02/03/1944", "page": 1, "box": box}
    sent = request(document, "confirm", 1, patient=BURT.id, fields=[fix], seen=[1])
    (saved,) = decide(technician, sent)
    assert saved["outcome"] == "saved"
    with workshop.catalog.look() as uow:
        stored = uow.documents.get(document["id"])
    assert stored is not None
    assert stored.field(FieldName.BIRTH_DATE) == "1944-02-03"
    undo = {
        "id": "request-0002",
        "kind": "undo",
        "document": document["id"],
        "version": 1,
        "undoes": sent["id"],
    }
    assert decide(technician, undo)[0]["outcome"] == "saved"
    back = claim(technician, first=document["id"])["documents"][0]
    assert back["id"] == document["id"]
    assert next(one for one in back["fields"] if one["name"] == "birth_date")["value"] == "1949-02-03"


def test_matching_again_with_a_corrected_number(workshop: Workshop, technician: TestClient) -> None:
    add_waiting(workshop, [[Sheet(mrn="99999999")]])
    (document,) = claim(technician)["documents"]
    body = {"document": document["id"], "fields": [{"name": "mrn", "value": "7077-1234", "page": 1}]}
    answer = post(technician, "match", body)
    assert answer["fields"] == [{"name": "mrn", "value": "70771234", "problem": ""}]
    assert [one["patient"] for one in answer["candidates"]] == [BURT.id]
    body["fields"] = [{"name": "birth_date", "value": "some day"}]
    assert post(technician, "match", body)["fields"][0]["problem"]


def test_a_patient_is_found_by_hand_and_the_look_is_audited_without_the_words(
    workshop: Workshop, technician: TestClient
) -> None:
    add_waiting(workshop, [[ANNAS]])
    (document,) = claim(technician)["documents"]
    found = post(technician, "patients", {"document": document["id"], "text": "zolot 2/3/1944"})["candidates"]
    assert [one["patient"] for one in found] == [BURT.id]
    assert found[0]["page_marks"] == ["conflict"]
    with workshop.catalog.look() as uow:
        rows = uow.connection.execute(
            select(audit_events.c.details).where(audit_events.c.action == AuditAction.SEARCHED.value)
        )
        details = " ".join(rows.scalars())
    assert document["id"] in details
    assert "olot" not in details
    assert "1944" not in details


def test_whoever_is_chosen_from_a_search_is_compared_with_the_whole_index(
    workshop: Workshop, technician: TestClient
) -> None:
    with workshop.catalog.begin() as uow:
        uow.patients.add(TWIN)
        uow.commit()
    add_waiting(workshop, [[BURTS]])
    (document,) = claim(technician)["documents"]
    (listed,) = post(technician, "patients", {"document": document["id"], "text": "70482913"})["candidates"]
    assert listed["warnings"] == []
    body = {"document": document["id"], "patient": ANNA.id}
    assert "Possible twin" in post(technician, "beside", body)["candidate"]["warnings"][0]
    both = post(technician, "patients", {"document": document["id"], "text": "quillfeather"})["candidates"]
    assert all("Possible twin" in one["warnings"][0] for one in both)
    post(technician, "beside", {**body, "patient": "pat_nobody"}, expect=422)


def test_a_superseded_document_names_what_took_its_place(workshop: Workshop, technician: TestClient) -> None:
    (old,) = add_waiting(workshop, [[BURTS]])
    (other_type,) = add_waiting(workshop, [[BURTS]], type="consent")
    (hers,) = add_waiting(workshop, [[ANNAS]])
    (new,) = add_waiting(workshop, [[BURTS]])
    documents = {one["id"]: one for one in claim(technician)["documents"]}
    saved = decide(technician, request(documents[new], "confirm", 1, patient=BURT.id, seen=[1]))
    assert saved[0]["outcome"] == "saved"
    shown = post(technician, "successors", {"document": old})["successors"]
    assert [one["document"] for one in shown] == [new, other_type]
    first = (shown[0]["type"], shown[0]["service_date"], shown[0]["pages"])
    assert first == ("Progress note", "1999-05-02", 1)
    assert shown[0]["stands"] == "filed: Zolotareff, Burt, MRN 70771234"
    assert shown[1]["stands"] == "waits for a technician"
    of_anna = post(technician, "successors", {"document": old, "patient": ANNA.id})["successors"]
    assert [one["document"] for one in of_anna] == [hers]
    unnamed = request(documents[old], "reject", 2, reject="superseded", seen=[1])
    assert decide(technician, unnamed)[0]["outcome"] == "refused"
    named = request(documents[old], "reject", 3, reject="superseded", successor=new, seen=[1])
    assert decide(technician, named)[0]["outcome"] == "saved"
    with workshop.catalog.look() as uow:
        of_old, of_new = load_sheet(old, uow=uow), load_sheet(new, uow=uow)
    assert f"In its place: Progress note of 05/02/1999 ({new})." in of_old.reason_words
    assert f"It took the place of: Progress note of 05/02/1999 ({old})." in of_new.reason_words


def test_words_of_a_page_of_a_long_document(workshop: Workshop, technician: TestClient) -> None:
    add_waiting(workshop, [[ANNAS] * 9])
    (document,) = claim(technician)["documents"]
    assert document["pages"][8]["words"] is None
    words = post(technician, "words", {"document": document["id"], "position": 9})["words"]
    assert "Quillfeather," in [word[0] for word in words]
    post(technician, "words", {"document": document["id"], "position": 10}, expect=422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("claim", {"station": "x"}),
        ("claim", {"station": STATION, "want": 500}),
        ("claim", {"station": STATION, "more": 1}),
        ("decide", {"station": STATION, "decisions": [{"id": "request-0001", "kind": "burn"}]}),
        ("patients", {"document": "doc_none00000000", "text": "x"}),
        ("match", {"document": "doc_none00000000", "fields": [{"name": "shoe_size", "value": "9"}]}),
    ],
)
def test_what_is_not_of_the_right_form_is_refused_in_words(
    technician: TestClient, path: str, body: dict[str, Any]
) -> None:
    error = post(technician, path, body, expect=422)["error"]
    assert error["code"] == "usage"
    assert error["next_step"]
