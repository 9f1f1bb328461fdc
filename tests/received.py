"""Received files, put into a catalog as the watcher would."""

from __future__ import annotations

from typing import Any

from backfile.domain.document import FileState
from backfile.domain.records import ReceivedFile
from backfile.ids import new_id
from backfile.store.unit_of_work import UnitOfWork


def receive_file(uow: UnitOfWork, *, pages: int, **more: Any) -> ReceivedFile:
    """Add a file without its pages; what is not said is that of a PDF taken without incident.

    Args:
        uow: the transaction; the caller commits.
        pages: how many it has.
        more: other values of ``ReceivedFile``.
    """
    values: dict[str, Any] = {
        "id": new_id("fil"),
        "name": "scan.pdf",
        "sha256": "0" * 64,
        "size": 1,
        "kind": "pdf",
        "state": FileState.TAKEN,
        "call_id": "run_1",
        "received_at": uow.clock.now(),
    }
    file = ReceivedFile(**(values | more), page_count=pages)
    uow.files.add(file)
    return file
