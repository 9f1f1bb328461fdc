"""A document taken out of the archive: what is in the file, who is noted, nothing half written."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from backfile.domain.audit import AuditAction, AuditEvent
from backfile.domain.decision import MatchOutcome
from backfile.domain.document import DocumentState, FieldName, FieldValue, FileState, TypeGuess
from backfile.domain.geometry import WHOLE_PAGE
from backfile.domain.page import PageReading, PageState, Word
from backfile.domain.reasons import Reason
from backfile.domain.records import ReceivedFile, StoredDocument
from backfile.errors import BadInput, Busy, IntegrityViolated, UsageError
from backfile.ids import new_id
from backfile.ports import FixedClock
from backfile.services.decide import note_machine_decision
from ingest.cli.main import main
from ingest.export_pdf import export_pdf
from ingest.workshop import Workshop, prepare_workshop
from tests.people import ODETTE
from tests.received import make_reading

NOW = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
READING = make_reading(
    [Word("Progress", (0.1, 0.1, 0.3, 0.12), 0.9), Word("note", (0.32, 0.1, 0.4, 0.12), 0.9)],
    dpi=50,
    size=(425, 550),
    rotation=90,
    skew=0.5,
)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = prepare_workshop(tmp_path / "home", clock=FixedClock(NOW))
    with made.catalog.begin() as uow:
        uow.patients.add(ODETTE)
        uow.commit()
    return made


def scan(folder: Path, name: str) -> Path:
    """A page that lies on its side."""
    path = folder / name
    sheet = Image.new("L", (550, 425), 255)
    ImageDraw.Draw(sheet).text((100, 100), name, fill=0)
    sheet.save(path, dpi=(50, 50))
    return path


def file_document(workshop: Workshop, *scans: Path, reading: PageReading | None = READING) -> str:
    """Put a document of the patient into the catalog, a page a file, a blank page after each."""
    document = StoredDocument(
        id=new_id("doc"),
        state=DocumentState.FILED,
        reason=Reason.CONFIRMED_BY_PERSON,
        type=TypeGuess("progress_note", 0.9),
        match=MatchOutcome(DocumentState.FILED, Reason.CONFIRMED_BY_PERSON),
        fields=(FieldValue(FieldName.SERVICE_DATE, "2019-03-02", "3/2/19", 0.9, 1, WHOLE_PAGE),),
        cut_reason="first_page",
        received_at=NOW,
        patient_id=ODETTE.id,
    )
    with workshop.catalog.begin() as uow:
        uow.documents.add(document)
        mine = []
        for path in scans:
            file = ReceivedFile(
                id=new_id("fil"),
                name=path.name,
                sha256=workshop.blobs.add_file(path),
                size=path.stat().st_size,
                kind=path.suffix[1:],
                state=FileState.TAKEN,
                call_id="run_1",
                page_count=2,
                received_at=NOW,
            )
            uow.files.add(file)
            page, blank = uow.pages.add(file.id, count=2)
            if reading is not None:
                uow.pages.save_reading(page.id, reading, at=NOW)
            else:
                uow.pages.mark_unreadable(page.id, Reason.PAGE_UNREADABLE)
            uow.pages.set_state([blank.id], PageState.BLANK)
            mine.append(page.id)
        uow.pages.set_state(mine, PageState.FILED, document_id=document.id)
        note_machine_decision(uow, document, before=None)
        uow.commit()
    return document.id


def exports_of(workshop: Workshop, document: str) -> list[AuditEvent]:
    with workshop.catalog.look() as uow:
        events = [sealed.event for sealed in uow.audit.all(subject=document)]
    return [event for event in events if event.action is AuditAction.EXPORTED]


def test_a_document_of_two_files_becomes_one_pdf_and_is_noted(workshop: Workshop, tmp_path: Path) -> None:
    document = file_document(workshop, scan(tmp_path, "b.png"), scan(tmp_path, "Doe-Marsh.jpg"))
    target = tmp_path / "out.pdf"
    result = export_pdf(document, target, workshop=workshop, actor="admin:ann")
    assert (result.pages, result.copied_pages, result.is_pdfa) == (2, 2, True)
    assert target.stat().st_size == result.bytes
    assert target.stat().st_mode & 0o077 == 0
    with pikepdf.open(target) as pdf:
        assert [int(page.obj.Rotate) for page in pdf.pages] == [90, 90]
        assert str(pdf.docinfo.Title) == "Progress note"
        with pdf.open_metadata() as meta:
            assert meta["dc:identifier"] == document
            assert meta["dc:date"] == ["2019-03-02"]
            assert len(meta["dc:relation"]) == 2
    data = target.read_bytes()
    assert not [word for word in (b"Doe-Marsh", b"0012345", b"b.png") if word in data]
    (event,) = exports_of(workshop, document)
    assert (event.actor, event.patient, event.details["pages"]) == ("admin:ann", ODETTE.id, "2")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_goes_wrong_leaves_the_file_that_was_there(workshop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "kept.pdf"
    target.write_bytes(b"earlier")

    def refuse(document: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            export_pdf(document, target, workshop=workshop, actor="admin:ann")
        assert left_in(folder) == ["kept.pdf"]
        assert target.read_bytes() == b"earlier"
        assert exports_of(workshop, document) == []

    refuse("doc_none", UsageError)

    unread = file_document(workshop, scan(tmp_path, "unread.png"))
    with workshop.catalog.begin() as uow:
        (page,) = uow.pages.of_document(unread)
        uow.pages.mark_unread([page.id])
        uow.commit()
    refuse(unread, Busy)

    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    refuse(file_document(workshop, broken, reading=None), BadInput)

    changed = file_document(workshop, scan(tmp_path, "changed.png"))
    with workshop.catalog.look() as uow:
        (page,) = uow.pages.of_document(changed)
        file = uow.files.get(page.file_id)
    assert file is not None
    blob = workshop.blobs.path_of(file.sha256)
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes() + b"!")
    refuse(changed, IntegrityViolated)
    blob.unlink()
    refuse(changed, IntegrityViolated)


def test_the_page_that_cannot_be_had_is_named_by_its_place(workshop: Workshop, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    document = file_document(workshop, scan(tmp_path, "a.png"), broken, reading=None)
    with pytest.raises(BadInput, match="Page 2 of the document"):
        export_pdf(document, tmp_path / "out.pdf", workshop=workshop, actor="admin:ann")


def test_a_folder_that_is_not_there_is_said(workshop: Workshop, tmp_path: Path) -> None:
    document = file_document(workshop, scan(tmp_path, "a.png"))
    with pytest.raises(UsageError, match="could not be written"):
        export_pdf(document, tmp_path / "none" / "out.pdf", workshop=workshop, actor="admin:ann")
    assert exports_of(workshop, document) == []


def test_the_command(workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(workshop.home.root)]
    document = file_document(workshop, scan(tmp_path, "a.png"))
    with contextlib.chdir(tmp_path):
        assert main(["export-pdf", document, *home]) == 0
    assert "1 page, " in capsys.readouterr().out
    assert (tmp_path / f"{document}.pdf").read_bytes().startswith(b"%PDF-1.7")

    folder = tmp_path / "folder"
    folder.mkdir()
    assert main(["export-pdf", document, "-o", str(folder), "--json", *home]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "document": document,
        "file": str(folder / f"{document}.pdf"),
        "pages": 1,
        "bytes": (folder / f"{document}.pdf").stat().st_size,
        "pages_copied": 1,
        "pdfa": True,
        "obstacles": [],
    }
    assert len(exports_of(workshop, document)) == 2

    assert main(["export-pdf", "doc_none", "-o", str(tmp_path / "none.pdf"), *home]) == 2
    assert "no document" in capsys.readouterr().err
    assert not (tmp_path / "none.pdf").exists()
