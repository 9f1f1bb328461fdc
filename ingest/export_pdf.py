"""Takes a document out of the archive as one searchable PDF: checked, written, noted, and only then given."""

from __future__ import annotations

import datetime as dt
import errno
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from backfile import __version__
from backfile.domain.audit import AuditAction
from backfile.domain.document import FieldName
from backfile.domain.document_types import UNKNOWN, title_of
from backfile.domain.page import PageReading, PageState
from backfile.domain.records import StoredDocument, StoredPage
from backfile.errors import BackfileError, Busy, IntegrityViolated, UsageError
from backfile.store.unit_of_work import UnitOfWork
from ingest.workshop import Workshop
from ocr.pdf_export import ExportedPdf, PdfAbout, source_page, write_searchable_pdf

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_SET_ASIDE = {PageState.BLANK, PageState.SEPARATOR}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page with where its bytes lie and what was read from it."""

    page: StoredPage
    sha256: str
    reading: PageReading | None


def export_pdf(
    document_id: str, target: Path, *, workshop: Workshop, actor: str, session: str = ""
) -> ExportedPdf:
    """Write a document as a PDF file, and note who took it out.

    The file appears whole and after the note in the audit trail, or not at all.

    Args:
        document_id: of the document.
        target: the file; one that is there is replaced.
        workshop: the installation.
        actor: who takes it out.
        session: of the screens, by its public key; "" for a command.

    Raises:
        UsageError: there is no such document, or the file cannot be written there.
        BadInput: a page of it cannot be had.
        IntegrityViolated: a received file is missing in the store, or its bytes have changed.
        Busy: it is being read again, there is no room, or the machine is.
    """
    with workshop.catalog.look() as uow:
        document, sheets = _load(document_id, uow)
        about = _describe(document, sheets, now=uow.clock.now())
    staged = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}")
    try:
        _check_bytes(sheets, workshop)
        pages = [
            source_page(
                workshop.blobs.path_of(sheet.sha256),
                sheet.page.number,
                sheet.reading,
                view_rotation=sheet.page.view_rotation,
            )
            for sheet in sheets
        ]
        result = write_searchable_pdf(pages, staged, about=about)
        _flush(staged)
        _note(document, result, workshop=workshop, actor=actor, session=session)
        staged.replace(target)
        _flush(target.parent)
    except BackfileError:
        raise
    except OSError as error:
        raise _explain(error) from None
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)
    return result


def _load(document_id: str, uow: UnitOfWork) -> tuple[StoredDocument, list[_Sheet]]:
    document = uow.documents.get(document_id)
    if document is None:
        raise UsageError(
            "There is no document with this id.", next_step="Look it up with: backfile documents"
        )
    pages = [page for page in uow.pages.of_document(document_id) if page.state not in _SET_ASIDE]
    if not pages or not all(page.is_read for page in pages):
        raise Busy(
            "The document's pages are being read again.",
            next_step="Try again when `backfile status` says that nothing is working.",
        )
    sheets = []
    for page in pages:
        file = uow.files.get(page.file_id)
        if file is None:
            raise _missing()
        sheets.append(_Sheet(page, file.sha256, uow.pages.reading_of(page.id)))
    return document, sheets


def _describe(document: StoredDocument, sheets: Sequence[_Sheet], *, now: dt.datetime) -> PdfAbout:
    numbers: dict[str, list[int]] = {}
    for sheet in sheets:
        numbers.setdefault(sheet.sha256, []).append(sheet.page.number)
    return PdfAbout(
        title=_title(document.type.name),
        identifier=document.id,
        made_at=now,
        service_date=_iso_date(document.field(FieldName.SERVICE_DATE)),
        sources=tuple(
            f"sha256:{sha256} page {', '.join(map(str, held))}" for sha256, held in numbers.items()
        ),
        version=__version__,
    )


def _title(type_name: str) -> str:
    """Return what people call the type."""
    return "Document" if type_name == UNKNOWN else title_of(type_name)


def _iso_date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _check_bytes(sheets: Sequence[_Sheet], workshop: Workshop) -> None:
    """See that what is taken out is what was received."""
    for sha256 in {sheet.sha256 for sheet in sheets}:
        if not workshop.blobs.is_sound(sha256):
            raise _missing()


def _missing() -> IntegrityViolated:
    return IntegrityViolated(
        "A received file of the document is missing in the store, or its bytes have changed.",
        next_step="Run `backfile verify`, and bring the file back from a backup.",
    )


def _note(
    document: StoredDocument, result: ExportedPdf, *, workshop: Workshop, actor: str, session: str
) -> None:
    details = {"session": session} if session else {}
    with workshop.catalog.begin() as uow:
        uow.record(
            AuditAction.EXPORTED,
            "document",
            document.id,
            actor=actor,
            patient=document.patient_id,
            pages=str(result.pages),
            version=str(document.version),
            **details,
        )
        uow.commit()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explain(error: OSError) -> BackfileError:
    if error.errno in _NO_ROOM:
        return Busy("There is no room for the PDF.", next_step="Free some space and try again.")
    return UsageError(
        f"The PDF could not be written ({os.strerror(error.errno or errno.EIO)}).",
        next_step="Check that the folder is there and may be written to.",
    )
