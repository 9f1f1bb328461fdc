"""Searching a chart through the handlers of the routes, as the screen does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason
from backfile.domain.user import Role
from backfile.errors import AccessDenied, ServerDown, UsageError
from backfile.ports import IndexAnswer, IndexFilter
from backfile.services.decide import confirm_patient, remove_document
from search.memory_engine import MemoryEngine
from search.query import QueryNode
from tests.ui.archive import Archive, copy_archive, make_archive, make_patient
from ui.context import Visitor, use_workshop
from ui.finding.access import may_view
from ui.finding.hits import MAX_HITS, SHOWN_AT_ONCE, find_hits
from ui.routes.search import open_patient_chart, search_chart, search_patients, show_document

FILLER = "the patient was seen in clinic today and feels well"


@dataclass
class Scene:
    """Two patients' charts, and something that waits."""

    archive: Archive
    documents: dict[str, str]

    def find(self, visitor: Visitor, text: str, patient: str | None = "pat_1", **more: object) -> Any:
        return search_chart({"patient": patient, "text": text, **more}, visitor, self.archive.workshop)

    def open(self, visitor: Visitor, patient: str = "pat_1") -> Any:
        return open_patient_chart({"patient": patient}, visitor, self.archive.workshop)

    def reader(self, role: Role = Role.CLINICIAN, *, session: str) -> Visitor:
        visitor = self.archive.visitor(role, session=session)
        self.open(visitor)
        return visitor


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    archive = make_archive(tmp_path_factory.mktemp("template"))
    archive.add_patients(
        make_patient("pat_1", "Marsh-Doe, Odette", "1950-03-12", "0012345", sex="F"),
        make_patient("pat_2", "Tran, Minh", "1961-04-18", "7700002"),
        make_patient("pat_old", "Marsh, Odette", "1950-03-12", "0099999", merged_into="pat_1"),
    )
    documents = {
        "note": archive.add_document(
            f"{FILLER} takes lisinopril 10 mg daily for lisinopril responsive pressure",
            f"{FILLER} continue lisinopril",
            patient="pat_1",
            date="1998-03-02",
        ),
        "lab": archive.add_document(
            f"{FILLER} potassium normal on lisinopril",
            patient="pat_1",
            type="laboratory_report",
            date="2001-07-09",
        ),
        "old": archive.add_document("lisinopril begun", patient="pat_old", type="consultation"),
        "dim": archive.add_document("smudge", patient="pat_1", date="1999-01-01", unreliable=True),
        "other": archive.add_document("lisinopril of another person", patient="pat_2", date="1998-01-01"),
        "waits": archive.add_document(
            "lisinopril waits here",
            state=DocumentState.REVIEW,
            reason=Reason.TWIN_OR_NAMESAKE,
            candidates=("pat_1", "pat_9"),
        ),
    }
    archive.index()
    return Scene(archive, documents)


@pytest.fixture
def scene(template: Scene, tmp_path: Path) -> Iterator[Scene]:
    archive = copy_archive(template.archive, tmp_path)
    use_workshop(archive.workshop)
    yield Scene(archive, template.documents)
    use_workshop(None)


def documents_of(answer: Any) -> list[str]:
    return [hit["document"] for hit in answer["hits"]]


def test_a_search_stays_inside_the_chart_and_takes_merged_records_along(scene: Scene) -> None:
    visitor = scene.reader(session="inside")
    answer = scene.find(visitor, "lisinopril")
    assert answer["total"] == 4
    held = scene.documents
    assert set(documents_of(answer)) == {held["note"], held["lab"], held["old"]}


def test_hits_carry_snippet_marks_boxes_and_where_they_stand(scene: Scene) -> None:
    answer = scene.find(scene.reader(session="marks"), "potassium")
    (hit,) = answer["hits"]
    (mark,) = hit["marks"]
    assert hit["snippet"][mark[0] : mark[1]] == "potassium"
    (box,) = hit["words"]
    assert box == pytest.approx([0.05, 0.09, 0.13, 0.11])
    assert (hit["label"], hit["date"], hit["page"]["position"]) == ("Laboratory report", "2001-07-09", 1)
    assert hit["verified"] is False
    assert hit["patient"] is None


def test_facets_count_hits_by_type_and_year_each_under_the_other_filter(scene: Scene) -> None:
    visitor = scene.reader(session="facets")
    answer = scene.find(visitor, "lisinopril")
    assert [(f["value"], f["count"]) for f in answer["types"]] == [
        ("progress_note", 2),
        ("consultation", 1),
        ("laboratory_report", 1),
    ]
    assert [(f["label"], f["count"]) for f in answer["years"]] == [("2001", 1), ("1998", 2), ("undated", 1)]
    filtered = scene.find(visitor, "lisinopril", types=["progress_note"])
    assert filtered["shown"] == 2
    assert filtered["total"] == 4
    assert set(documents_of(filtered)) == {scene.documents["note"]}
    assert [(f["label"], f["count"]) for f in filtered["years"]] == [("2001", 0), ("1998", 2), ("undated", 0)]
    assert [f["count"] for f in filtered["types"]] == [2, 1, 1]
    both = scene.find(visitor, "lisinopril", types=["progress_note"], years=["2001"])
    assert both["shown"] == 0
    assert "without it, 4 pages" in both["says"]
    undated = scene.find(visitor, "lisinopril", years=[""])
    assert documents_of(undated) == [scene.documents["old"]]


def test_hits_are_sorted_by_date_on_demand_undated_last(scene: Scene) -> None:
    visitor = scene.reader(session="order")
    held = scene.documents
    newest = documents_of(scene.find(visitor, "lisinopril", order="newest"))
    assert newest == [held["lab"], held["note"], held["note"], held["old"]]
    oldest = documents_of(scene.find(visitor, "lisinopril", order="oldest"))
    assert oldest == [held["note"], held["note"], held["lab"], held["old"]]


def test_every_answer_says_what_was_searched_and_what_was_not(scene: Scene) -> None:
    visitor = scene.reader(session="coverage")
    found = scene.find(visitor, "lisinopril")
    assert found["says"] == "Found on 4 pages. Searched: 4 readable pages."
    nothing = scene.find(visitor, "zebra")
    assert nothing["total"] == 0
    assert nothing["says"] == "Not found in the 4 readable pages."
    limits = " ".join(nothing["limits"])
    assert "1 page of this chart is not reliably readable" in limits
    assert "1 document, 1 of them perhaps of this patient, awaits verification" in limits
    assert nothing["coverage"] == {"pages_readable": 4, "pages_unreliable": 1, "documents_waiting": 1}


def test_a_change_on_its_way_into_the_index_is_neither_shown_wrong_nor_kept_quiet(scene: Scene) -> None:
    archive, visitor = scene.archive, scene.reader(session="stale")
    late = archive.add_document("lisinopril filed a moment ago", patient="pat_1")
    remove_document(scene.documents["lab"], version=1, catalog=archive.workshop.catalog, actor="t")
    answer = scene.find(visitor, "lisinopril")
    assert scene.documents["lab"] not in documents_of(answer)
    assert late not in documents_of(answer)
    assert answer["total"] == 3
    assert "1 document of this chart is being made searchable" in " ".join(answer["limits"])


def test_a_confirmed_document_is_verified(scene: Scene) -> None:
    catalog = scene.archive.workshop.catalog
    confirm_patient(scene.documents["waits"], "pat_1", version=1, catalog=catalog, actor="t")
    scene.archive.index()
    visitor = scene.reader(session="verified")
    verified = {hit["document"]: hit["verified"] for hit in scene.find(visitor, "lisinopril")["hits"]}
    assert verified[scene.documents["waits"]] is True
    assert verified[scene.documents["note"]] is False


def test_hits_come_in_portions_without_gap_or_repetition(scene: Scene) -> None:
    for number in range(SHOWN_AT_ONCE + 7):
        scene.archive.add_document(f"gadolinium given {number}", patient="pat_1", date="2003-05-05")
    scene.archive.index()
    visitor = scene.reader(session="portions")
    first = scene.find(visitor, "gadolinium")
    assert len(first["hits"]) == SHOWN_AT_ONCE
    assert first["total"] == SHOWN_AT_ONCE + 7
    rest = scene.find(visitor, "gadolinium", offset=first["next"])
    assert rest["next"] is None
    seen = [hit["page"]["id"] for hit in first["hits"] + rest["hits"]]
    assert len(seen) == len(set(seen)) == SHOWN_AT_ONCE + 7


def test_a_chart_must_be_opened_before_it_is_searched(scene: Scene) -> None:
    for role in (Role.CLINICIAN, Role.TECHNICIAN, Role.SUPERVISOR):
        visitor = scene.archive.visitor(role, session=f"closed-{role.value}")
        with pytest.raises(AccessDenied):
            scene.find(visitor, "lisinopril")
    opened = scene.reader(session="opened")
    with pytest.raises(AccessDenied):
        scene.find(opened, "lisinopril", patient="pat_2")


def test_searching_across_patients_is_a_right_of_its_own(scene: Scene) -> None:
    for role in (Role.CLINICIAN, Role.TECHNICIAN):
        with pytest.raises(AccessDenied):
            scene.find(scene.reader(role, session=f"all-{role.value}"), "lisinopril", patient=None)
    supervisor = scene.archive.visitor(Role.SUPERVISOR, session="all")
    answer = scene.find(supervisor, "lisinopril", patient=None)
    assert answer["total"] == 5
    whose = {hit["document"]: hit["patient"]["mrn"] for hit in answer["hits"]}
    assert whose[scene.documents["other"]] == "7700002"
    assert whose[scene.documents["old"]] == "0012345"  # of the survivor
    assert scene.documents["waits"] not in whose


def test_a_clinician_sees_pages_of_opened_charts_and_of_no_other(scene: Scene) -> None:
    clinician = scene.reader(session="pages")
    filed, review = DocumentState.FILED, DocumentState.REVIEW
    assert may_view(clinician, state=filed, patient="pat_1")
    assert may_view(clinician, state=filed, patient="pat_old")
    assert not may_view(clinician, state=filed, patient="pat_2")
    assert not may_view(clinician, state=review, patient=None)
    assert not may_view(clinician, state=DocumentState.REMOVED, patient="pat_1")
    assert not may_view(clinician, state=None, patient=None)
    stranger = scene.archive.visitor(Role.CLINICIAN, session="another session of the same person")
    assert not may_view(stranger, state=filed, patient="pat_1")
    technician = scene.archive.visitor(Role.TECHNICIAN, session="tech")
    assert may_view(technician, state=review, patient=None)
    scanning = scene.archive.visitor(Role.SCANNING, session="scan")
    assert not may_view(scanning, state=filed, patient="pat_1")


def test_the_pages_of_a_document_are_given_under_the_same_rule(scene: Scene) -> None:
    workshop = scene.archive.workshop
    clinician = scene.reader(session="document")
    shown: Any = show_document({"document": scene.documents["note"]}, clinician, workshop)
    assert [page["id"] for page in shown["document"]["pages"]] == scene.archive.pages_of(
        scene.documents["note"]
    )
    assert shown["patient"]["mrn"] == "0012345"
    for closed in ("other", "waits"):
        with pytest.raises(AccessDenied):
            show_document({"document": scene.documents[closed]}, clinician, workshop)
    with pytest.raises(UsageError):
        show_document({"document": "doc_none"}, clinician, workshop)


def test_the_timeline_needs_no_search_engine(scene: Scene) -> None:
    visitor = scene.reader(session="down")
    scene.archive.workshop.home.index.rename(scene.archive.workshop.home.root / "gone")
    with pytest.raises(ServerDown):
        scene.find(visitor, "lisinopril")
    chart = scene.open(visitor)
    dates = [document["date"] for document in chart["documents"]]
    assert dates == ["1998-03-02", "1999-01-01", "2001-07-09", ""]
    assert chart["likely"] == 1
    assert chart["patient"]["birth_date"] == "1950-03-12"


def test_the_audit_trail_names_patient_and_pages_and_never_the_words(scene: Scene) -> None:
    visitor = scene.reader(session="audit")
    search_patients({"text": "Marsh-Doe, Odette"}, visitor, scene.archive.workshop)
    found = scene.find(visitor, "potassium")
    events = scene.archive.audit()
    viewed = [e for e in events if e[0] == "viewed"]
    assert [(e[1], e[2]) for e in viewed] == [("pat_1", "pat_1")]
    scene.open(visitor)  # once more in the same session is no second opening
    assert len([e for e in scene.archive.audit() if e[0] == "viewed"]) == 1
    _, subject, patient, details = [e for e in events if e[0] == "searched"][-1]
    assert (subject, patient) == ("chart", "pat_1")
    assert details["pages"] == found["hits"][0]["page"]["id"]
    assert "potassium" not in str(events)
    assert "Odette" not in str(events)


def test_a_patient_who_is_not_there_cannot_be_opened(scene: Scene) -> None:
    with pytest.raises(UsageError):
        scene.open(scene.archive.visitor(Role.CLINICIAN), "pat_nobody")


@pytest.mark.parametrize(
    "body",
    [
        {"patient": "pat_1"},
        {"patient": "pat_1", "text": 5},
        {"patient": "pat_1", "text": "x", "years": ["19"]},
        {"patient": "pat_1", "text": "x", "offset": -1},
        {"patient": "pat_1", "text": "x", "order": "worst"},
        {"patient": "", "text": "x"},
        {"patient": "pat_1", "text": "x", "sql": "1"},
    ],
)
def test_a_request_of_the_wrong_form_is_refused(scene: Scene, body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        search_chart(body, scene.archive.visitor(Role.ADMINISTRATOR), scene.archive.workshop)


def test_an_empty_query_is_told_not_answered(scene: Scene) -> None:
    with pytest.raises(UsageError):
        scene.find(scene.reader(session="empty"), "  -- ")


def test_facets_say_when_they_are_not_of_all_hits(scene: Scene) -> None:
    visitor = scene.reader(session="partial")
    assert scene.find(visitor, "lisinopril")["partial"] is False
    with scene.archive.workshop.catalog.look() as uow:
        assert find_hits("lisinopril", engine=_ManyHits(), uow=uow).are_facets_partial


class _ManyHits(MemoryEngine):
    """An engine whose answer is longer than what is taken of it."""

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        return IndexAnswer(MAX_HITS + 1, ())
