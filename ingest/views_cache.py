"""Pictures of pages, kept so that a screen need not wait for them; they may vanish at any time."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import random
import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from backfile.domain.page import PageState
from backfile.domain.records import ReceivedFile
from backfile.store.unit_of_work import UnitOfWork
from ingest.workshop import Workshop
from ocr.page_image import THUMB_WIDTH, VIEW_WIDTH, render_page_image, render_page_images

log = logging.getLogger(__name__)

_MAKE = "1"
"""Part of every name: raised when pictures are drawn in another way."""
_MOST_AHEAD = 40
"""Pages of one file that are drawn ahead; those behind them are drawn while the first are looked at."""
_MOST_BYTES = 4 * 1024**3
"""What all pictures may take; the oldest go first."""
_LOOK_EVERY = 200
"""Pictures kept between two looks, on average, at what they take."""


_slots = threading.BoundedSemaphore(2)
"""Pictures drawn at once by one process; those that are kept do not wait for it."""


class ViewSize(StrEnum):
    """How large a picture is."""

    VIEW = "view"
    """To read from."""
    THUMB = "thumb"


_WIDTHS = {ViewSize.VIEW: VIEW_WIDTH, ViewSize.THUMB: THUMB_WIDTH}


@dataclass(frozen=True, slots=True)
class PageView:
    """What a picture shows: a page of a stored file, as its reading says that it lies."""

    sha256: str
    """Of the file."""
    number: int
    """Of the page in the file, from 1."""
    rotation: int | None
    skew: float | None


def page_view(view: PageView, size: ViewSize, *, workshop: Workshop) -> bytes:
    """Return the JPEG picture of a page, drawn now if it is not kept.

    Raises:
        PageRefused: the page cannot be drawn.
        OSError: its file cannot be read at the moment.
    """
    kept = _path_of(view, size, workshop)
    picture = _read(kept)
    if picture is None:
        with _slots:
            picture = render_page_image(
                workshop.blobs.path_of(view.sha256),
                view.number,
                rotation=view.rotation,
                skew=view.skew,
                width=_WIDTHS[size],
            )
        _keep(picture, kept, workshop)
    return picture


def draw_ahead(subject: str, *, workshop: Workshop) -> None:
    """Draw the pages of a file or batch that a person will look at, if that goes; nothing depends on it."""
    try:
        with workshop.catalog.look() as uow:
            file = uow.files.get(subject)
            files = [file] if file else uow.files.of_batch(subject)
            views = [view for file in files for view in _waiting_views(file, uow)]
        for view in views[:_MOST_AHEAD]:
            _draw_both(view, workshop)
    except Exception as error:
        log.warning("pictures were not drawn ahead (%s)", type(error).__name__)


def _waiting_views(file: ReceivedFile, uow: UnitOfWork) -> list[PageView]:
    """Return the pages of a file that wait for a person."""
    return [
        PageView(file.sha256, page.number, page.rotation, page.skew)
        for page in uow.pages.of_file(file.id)
        if page.state in (PageState.REVIEW, PageState.EXCEPTION)
    ]


def _draw_both(view: PageView, workshop: Workshop) -> None:
    paths = [_path_of(view, size, workshop) for size in ViewSize]
    if all(path.exists() for path in paths):
        return
    pictures = render_page_images(
        workshop.blobs.path_of(view.sha256),
        view.number,
        rotation=view.rotation,
        skew=view.skew,
        widths=tuple(_WIDTHS[size] for size in ViewSize),
    )
    for picture, path in zip(pictures, paths, strict=True):
        _keep(picture, path, workshop)


def _path_of(view: PageView, size: ViewSize, workshop: Workshop) -> Path:
    lies = f"{view.rotation or 0}:{view.skew or 0.0:.4f}"
    name = f"{_MAKE}:{view.sha256}:{view.number}:{lies}:{_WIDTHS[size]}"
    digest = hashlib.sha256(name.encode()).hexdigest()
    return workshop.home.cache / digest[:2] / f"{digest[2:]}.jpg"


def _read(path: Path) -> bytes | None:
    """Return a kept picture; None where there is none, or a power cut left half of one."""
    try:
        picture = path.read_bytes()
    except OSError:
        return None
    return picture if picture.startswith(b"\xff\xd8") and picture.endswith(b"\xff\xd9") else None


def _keep(picture: bytes, path: Path, workshop: Workshop) -> None:
    """Keep a picture if there is room."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            new.touch(mode=0o600)
            new.write_bytes(picture)
            new.rename(path)
        finally:
            new.unlink(missing_ok=True)
        if random.randrange(_LOOK_EVERY) == 0:  # noqa: S311 - not a secret
            _make_room(workshop.home.cache)


def _make_room(folder: Path, *, most_bytes: int = _MOST_BYTES) -> None:
    """Remove the oldest pictures until the rest take no more than ``most_bytes``."""
    found = []
    for path in folder.glob("*/*"):
        with contextlib.suppress(OSError):
            stat = path.stat()
            found.append((stat.st_mtime, stat.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most_bytes:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
