"""Whatever two people do, in whatever order, and however often they send it: nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, TypeGuess
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import StoredDocument, TaskKind
from backfile.domain.request import Answer, FieldCorrection, Outcome, RejectReason, Request, RequestKind
from backfile.domain.snapshot import SnapshotDetails
from backfile.ports import FixedClock
from backfile.services.changes import details_of
from backfile.services.queue import Holder, claim_documents, count_queue
from backfile.services.split import end_understanding, save_understanding
from backfile.store.catalog import Catalog
from tests.services.station import ask, assert_sound, open_station, put_chart, read_field, send

PATIENTS = [
    Patient(f"pat_{n}", PersonName("Roe", n), (PatientIdentifier(n, ""),), dt.date(1950, 3, 12)) for n in "12"
]
FIELDS = (read_field(FieldName.PHONE, "5550100123"), read_field(FieldName.MRN, "12", page=2))
CORRECTIONS = st.sampled_from(
    [
        (),
        (FieldCorrection(FieldName.PHONE, "555-010-0199"), FieldCorrection(FieldName.MRN, "")),
        (FieldCorrection(FieldName.BIRTH_DATE, "03/12/1950", page=1),),
        (FieldCorrection(FieldName.MRN, "99", page=2),),
        (FieldCorrection(FieldName.BIRTH_DATE, "no date"),),
    ]
)
SCREENS = st.integers(0, 1)
PICKS = st.integers(0, 1_000)
Look = tuple[DocumentState, str | None, SnapshotDetails, list[tuple[str, int]]]


class Stations(RuleBasedStateMachine):
    """Two screens at one catalog; a worker that comes by."""

    folder: Path
    number = 0

    @initialize()
    def set_up(self) -> None:
        type(self).number += 1
        self.clock = FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC))
        file = self.folder / f"{self.number}.db"
        shutil.copy(self.folder / "first.db", file)
        self.catalog = Catalog(f"sqlite:///{file}", clock=self.clock)
        self.order: list[str] = []
        for documents, pages in ((2, 4), (1, 3)):
            made = put_chart(self.catalog, documents=documents, pages=pages, fields=FIELDS)
            self.order += [document.id for document in made]
            self.clock.advance(1)
        with self.catalog.look() as uow:
            self.pages = {page.id for page in uow.pages.all()}
        self.holders: list[Holder] = [open_station(self.catalog, name) for name in ("tina", "tom")]
        self.sent: list[tuple[Holder, Request, Answer]] = []
        self.before: dict[str, tuple[str, Look]] = {}

    def documents(self) -> list[StoredDocument]:
        """Return the documents in the order in which they came to be; ids are random."""
        with self.catalog.look() as uow:
            every = {document.id: document for document in uow.documents.all()}
        self.order += sorted(every.keys() - set(self.order))
        return [every[document_id] for document_id in self.order]

    def look_at(self, document_id: str) -> Look:
        with self.catalog.look() as uow:
            document = uow.documents.get(document_id)
            pages = [(page.id, page.view_rotation) for page in uow.pages.of_document(document_id)]
        assert document is not None
        return document.state, document.patient_id, details_of(document), pages

    def send(self, screen: int, request: Request) -> Answer:
        holder = self.holders[screen]
        before = {d.id: self.look_at(d.id) for d in self.documents()}
        (answer,) = send(self.catalog, holder, request)
        self.sent.append((holder, request, answer))
        after = {d.id: self.look_at(d.id) for d in self.documents()}
        if answer.outcome is not Outcome.SAVED:
            assert after == before
        elif request.kind is not RequestKind.UNDO:
            self.before[request.id] = (request.document, before[request.document])
        return answer

    @rule(screen=SCREENS, count=st.integers(0, 4))
    def claim(self, screen: int, count: int) -> None:
        mine = {d.id for d in claim_documents(self.holders[screen], count=count, catalog=self.catalog)}
        others = claim_documents(self.holders[1 - screen], count=0, catalog=self.catalog)
        assert not mine & {d.id for d in others}

    @rule(
        screen=SCREENS,
        pick=PICKS,
        kind=st.sampled_from([kind for kind in RequestKind if kind is not RequestKind.UNDO]),
        is_read=st.booleans(),
        is_undone=st.booleans(),
        patient=st.sampled_from(["pat_1", "pat_1", "pat_2", "pat_none"]),
        type_name=st.sampled_from([None, None, "consent", "no_such_type"]),
        fields=CORRECTIONS,
        reject=st.sampled_from(RejectReason),
        other=PICKS,
        page=st.integers(1, 3),
        age=st.sampled_from([0, 0, 0, 1]),
    )
    def decide(
        self,
        screen: int,
        pick: int,
        kind: RequestKind,
        is_read: bool,
        is_undone: bool,
        patient: str,
        type_name: str | None,
        fields: tuple[FieldCorrection, ...],
        reject: RejectReason,
        other: int,
        page: int,
        age: int,
    ) -> None:
        every = self.documents()
        document = every[pick % len(every)]
        request = ask(
            kind,
            document,
            document.version - age,
            patient=patient,
            type=type_name,
            fields=fields,
            reject=reject,
            successor=every[other % len(every)].id,
            page=page,
            degrees=90,
        )
        answer = self.send(screen, request)
        if answer.outcome is Outcome.SAVED:
            assert answer.version == document.version + 1
            if is_read:
                self.read_anew(0, fails=False)
                self.read_anew(0, fails=False)
            if is_undone:
                self.undo(screen, 0)

    @rule(screen=SCREENS, pick=PICKS)
    def take_back(self, screen: int, pick: int) -> None:
        self.undo(screen, pick)

    def undo(self, screen: int, pick: int) -> None:
        done = [r for _, r, a in self.sent if a.outcome is Outcome.SAVED and r.kind is not RequestKind.UNDO]
        if not done:
            return
        undone = done[-1 - pick % min(len(done), 3)]
        answer = self.send(screen, ask(RequestKind.UNDO, undone.document, undoes=undone.id))
        if answer.outcome is Outcome.SAVED:
            document_id, before = self.before[undone.id]
            assert self.look_at(document_id) == before

    @rule(screen=SCREENS, pick=PICKS)
    def send_again(self, screen: int, pick: int) -> None:
        if not self.sent:
            return
        holder, request, first = self.sent[pick % len(self.sent)]
        before = {d.id: self.look_at(d.id) for d in self.documents()}
        (answer,) = send(self.catalog, holder, request)
        assert answer == first
        assert {d.id: self.look_at(d.id) for d in self.documents()} == before

    @rule(pick=PICKS, fails=st.booleans())
    def work(self, pick: int, fails: bool) -> None:
        self.read_anew(pick, fails=fails)

    def read_anew(self, pick: int, *, fails: bool) -> None:
        with self.catalog.begin() as uow:
            reading = [d for d in self.documents() if uow.queue.is_read_again(d.id)]
            if not reading:
                return
            document = reading[pick % len(reading)]
            task = uow.tasks.find(TaskKind.UNDERSTAND, document.id)
            assert task is not None
            if fails:
                uow.tasks.fail(task.id, at=uow.clock.now())
                end_understanding(document.id, uow)
            else:
                held = uow.tasks.claim(task.id, owner="w", at=uow.clock.now())
                assert held is not None
                uow.tasks.finish(task.id, held.token, at=uow.clock.now())
                outcome = MatchOutcome(DocumentState.FILED, Reason.MRN_AND_NAME, "pat_1")
                save_understanding(
                    document, uow, type_guess=TypeGuess("referral", 0.8), fields=FIELDS[:1], match=outcome
                )
            uow.commit()

    @rule(seconds=st.sampled_from([1, 200, 400]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @invariant()
    def everything_is_in_one_place(self) -> None:
        if not hasattr(self, "catalog"):
            return
        assert_sound(self.catalog)
        with self.catalog.look() as uow:
            assert {page.id for page in uow.pages.all()} == self.pages
            for document in uow.documents.all(states=[DocumentState.FILED]):
                kinds = [past.decision.kind.value for past in uow.documents.history_of(document.id)]
                assert "confirm" in kinds
        count = count_queue(catalog=self.catalog)
        waiting = [d for d in self.documents() if d.state is DocumentState.REVIEW and d.queue_key]
        assert count.waiting + count.postponed == len(waiting)


def _run(folder: Path, *, examples: int, steps: int) -> None:
    first = Catalog(f"sqlite:///{folder / 'first.db'}")
    first.migrate()
    with first.begin() as uow:
        uow.patients.add(*PATIENTS)
        uow.commit()
    machine = type("InFolder", (Stations,), {"folder": folder})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_two_people_decide_at_random(tmp_path: Path) -> None:
    _run(tmp_path, examples=15, steps=20)


@pytest.mark.long
def test_two_people_decide_at_random_for_long(tmp_path: Path) -> None:
    _run(tmp_path, examples=80, steps=40)
