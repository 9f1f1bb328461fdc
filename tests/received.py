"""Received files, put into a catalog as the watcher would, and readings of their pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backfile.domain.document import FileState
from backfile.domain.page import PageQuality, PageReading, PageSource, Word
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


def make_reading(
    words: Iterable[Word], *, dpi: float, size: tuple[int, int], rotation: int = 0, skew: float = 0.0,
    reliable: bool = True,
) -> PageReading:  # fmt: skip
    """Return what reading a clean scan gave.

    Args:
        words: in reading order.
        dpi: of the page image.
        size: pixels across and down.
        rotation: clockwise degrees by which it was turned.
        skew: degrees by which it leant.
        reliable: probably all of it was read.
    """
    return PageReading(
        source=PageSource.OCR,
        words=tuple(words),
        rotation=rotation,
        skew=skew,
        blank=False,
        quality=PageQuality(dpi=dpi, ink=0.05, contrast=0.9, sharpness=0.6, reliable=reliable),
        width=size[0],
        height=size[1],
        engine="test",
    )
