"""An installation with made-up patients and documents, put into it as the pipeline would."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from backfile.domain.decision import Candidate, MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FieldValue, FileState, TypeGuess
from backfile.domain.page import PageState, Word
from backfile.domain.patient import Patient, PatientIdentifier, PersonName
from backfile.domain.reasons import Reason
from backfile.domain.records import Batch, ReceivedFile, StoredDocument
from backfile.domain.user import Role, User
from backfile.ids import new_id
from backfile.ports import FixedClock
from backfile.services.decide import note_machine_decision
from ingest.indexer import rebuild_here
from ingest.workshop import Workshop, open_workshop, prepare_workshop
from tests.received import make_reading, receive_file
from ui.context import Visitor

NOW = dt.datetime(2026, 3, 1, 15, 0, tzinfo=dt.UTC)


def make_patient(
    key: str, name: str, birth: str | None, mrn: str, *, merged_into: str | None = None, **more: str
) -> Patient:
    """Return a patient; ``name`` is "Last, First"."""
    last, _, first = name.partition(", ")
    return Patient(
        id=key,
        name=PersonName(last, first),
        identifiers=(PatientIdentifier(mrn, ""),),
        birth_date=dt.date.fromisoformat(birth) if birth else None,
        merged_into=merged_into,
        review_only=birth is None,
        **more,  # type: ignore[arg-type]
    )


def place_words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, ten a line, on a page."""
    words = []
    for at, word in enumerate(text.split()):
        line, column = divmod(at, 10)
        x, y = 0.05 + column * 0.09, 0.05 + line * 0.04
        words.append(Word(word, (x, y, x + 0.08, y + 0.02), 0.95, line))
    return tuple(words)


@dataclass
class Archive:
    """A home under test."""

    workshop: Workshop
    clock: FixedClock

    def visitor(self, role: Role, *, session: str = "ses_1") -> Visitor:
        """Return somebody who is signed in."""
        return Visitor(User(f"usr_{role.value}", role.value, role), session)

    def add_patients(self, *patients: Patient) -> None:
        with self.workshop.catalog.begin() as uow:
            uow.patients.add(*patients)
            uow.commit()

    def add_file(
        self,
        name: str = "scan.pdf",
        *,
        pages: int = 1,
        state: FileState = FileState.TAKEN,
        reason: Reason | None = None,
        batch: Batch | None = None,
    ) -> ReceivedFile:
        """Add a file with its pages."""
        with self.workshop.catalog.begin() as uow:
            now = uow.clock.now()
            file = receive_file(
                uow,
                pages=pages,
                name=name,
                sha256=new_id("sha").ljust(64, "0")[:64],
                state=state,
                reason=reason,
                batch_id=batch.id if batch else None,
                finished_at=now + dt.timedelta(minutes=1) if state is FileState.TAKEN else None,
            )
            if state in (FileState.TAKEN, FileState.WORKING):
                uow.pages.add(file.id, count=pages)
            uow.commit()
        return file

    def add_document(
        self,
        *texts: str | None,
        patient: str | None = None,
        state: DocumentState = DocumentState.FILED,
        reason: Reason = Reason.MRN_AND_BIRTH_DATE,
        type: str = "progress_note",
        date: str = "",
        candidates: tuple[str, ...] = (),
        unreliable: bool = False,
        file: ReceivedFile | None = None,
    ) -> str:
        """Add a document of one page a text, in a file of its own; None is a page without a reading."""
        file = file or self.add_file(pages=len(texts))
        with self.workshop.catalog.begin() as uow:
            now = uow.clock.now()
            held = uow.pages.of_file(file.id)
            for page, text in zip(held, texts, strict=True):
                if text is None:
                    uow.pages.mark_unreadable(page.id, Reason.PAGE_UNREADABLE)
                else:
                    reading = make_reading(
                        place_words(text), dpi=300, size=(2550, 3300), reliable=not unreliable
                    )
                    uow.pages.save_reading(page.id, reading, at=now)
            found = FieldValue(FieldName.SERVICE_DATE, date, date, 0.9, 1, (0.1, 0.1, 0.2, 0.12))
            document = StoredDocument(
                id=new_id("doc"),
                state=state,
                reason=reason,
                type=TypeGuess(type, 0.9),
                match=MatchOutcome(
                    state,
                    reason,
                    candidates=tuple(Candidate(one, "1", "", 0.5, ()) for one in candidates),
                ),
                fields=(found,) if date else (),
                cut_reason="first_page",
                received_at=now,
                patient_id=patient if state is DocumentState.FILED else None,
                batch_id=file.batch_id,
            )
            uow.documents.add(document)
            uow.pages.set_state(
                [p.id for p in held],
                PageState(state.value),
                document_id=document.id,
                reason=reason if state is DocumentState.EXCEPTION else None,
            )
            note_machine_decision(uow, document, before=None)
            uow.commit()
        return document.id

    def index(self) -> None:
        """Bring everything into the search index."""
        rebuild_here(self.workshop)

    def pages_of(self, document: str) -> list[str]:
        with self.workshop.catalog.look() as uow:
            return [page.id for page in uow.pages.of_document(document)]

    def audit(self) -> list[tuple[str, str, str | None, dict[str, str]]]:
        """Return action, subject, patient and details of every event."""
        with self.workshop.catalog.look() as uow:
            events = [sealed.event for sealed in uow.audit.all()]
        return [(e.action.value, e.subject, e.patient, e.details) for e in events]


def make_archive(folder: Path) -> Archive:
    """Return an empty installation whose clock stands."""
    clock = FixedClock(NOW)
    return Archive(prepare_workshop(folder / "home", clock=clock), clock)


def copy_archive(archive: Archive, folder: Path) -> Archive:
    """Return an archive of the same content in a home of its own."""
    home = folder / "home"
    shutil.copytree(archive.workshop.home.root, home)
    clock = FixedClock(archive.clock.now())
    return Archive(open_workshop(home, clock=clock), clock)
