"""A document as one searchable PDF, to be saved: for people who may take documents out."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from backfile.errors import UsageError
from ingest.export_pdf import export_pdf
from ingest.workshop import Workshop
from ui.auth.rights import Right
from ui.context import Visitor
from ui.finding.access import require_view
from ui.routes.http import NO_STORE, json_route

_CHUNK = 1 << 18
_PREFIX = "export-"
_ABANDONED_SECONDS = 3600.0

_slots = threading.BoundedSemaphore(2)
"""Documents written at once by one process."""


class _PdfBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str = Field(min_length=1, max_length=80)


def give_pdf(body: Mapping[str, object], visitor: Visitor, workshop: Workshop) -> Response:
    """Check, write, note, and only then give; nothing of the file stays behind."""
    asked = _PdfBody.model_validate(body)
    with workshop.catalog.look() as uow:
        document = uow.documents.get(asked.document)
    if document is None:
        raise UsageError("There is no such document.", next_step="Open it from a list or a search.")
    require_view(visitor, state=document.state, patient=document.patient_id)
    folder = _make_folder(workshop.home.cache)
    try:
        target = folder / "document.pdf"
        with _slots:
            export_pdf(
                document.id, target, workshop=workshop, actor=visitor.user.name, session=visitor.session
            )
        file = target.open("rb")
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what is open can still be read
    headers = {
        **NO_STORE,
        "Content-Disposition": f'attachment; filename="{document.id}.pdf"',
    }
    return StreamingResponse(_read(file), media_type="application/pdf", headers=headers)


def _make_folder(cache: Path) -> Path:
    """Return a private folder on the home's disk; remove what a crash left there."""
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in cache.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(old)
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=cache))


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


ROUTES = [Route("/data/document/pdf", json_route(Right.EXPORT, give_pdf), methods=["POST"])]
