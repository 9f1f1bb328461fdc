"""Intake: from a settled file to its durable copy and its row in the catalog.

The order keeps the promise that nothing is lost. The bytes are safe in the store before the catalog
knows of them; the catalog's transaction is committed before the source is moved; and a source that a
crash left behind is recognised by its key and only moved, never counted twice.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from backfile.domain.audit import AuditAction
from backfile.domain.document import FileState
from backfile.domain.reasons import Reason, reason_text
from backfile.domain.records import ReceivedFile, TaskKind
from backfile.errors import BackfileError, DiskFull, FileRefused
from backfile.faults import fault
from backfile.ids import new_id
from ingest.workshop import Workshop
from ocr.probe import probe_file

log = logging.getLogger(__name__)

_REOPENED_WITHIN = dt.timedelta(minutes=15)


class SourceChanged(BackfileError):
    """The file changed while it was copied; it will be taken when it stands still."""

    def __init__(self) -> None:
        """Say that nothing was taken."""
        super().__init__("A file changed while it was copied.", next_step="It is taken once it stands still.")


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that has settled."""

    path: Path
    name: str
    """Relative to its inbox or argument, with forward slashes."""
    source: str
    """The inbox or argument."""
    batch: str | None
    """The subfolder it lies in, relative; None at the top."""
    is_complete: bool = True
    """False where it was given up waiting for the file's end."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of it."""

    file: ReceivedFile
    task_ids: tuple[str, ...]
    """Work to offer to the workers at once."""


@dataclass(frozen=True, slots=True)
class _SourceStamp:
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> _SourceStamp:
        stat = path.stat(follow_symlinks=False)
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def take_file(incoming: IncomingFile, *, workshop: Workshop, call_id: str, move: bool) -> TakenFile:
    """Take one file in.

    Args:
        incoming: the settled file.
        workshop: the installation.
        call_id: the ``ingest`` call or watcher run it belongs to.
        move: move the source to ``done/`` or ``rejected/`` afterwards (the watch folder), or leave it
            untouched (``ingest``).

    Raises:
        SourceChanged: it changed meanwhile; nothing was recorded.
        DiskFull: no room; nothing was recorded.
        OSError: the source cannot be read; nothing was recorded.
    """
    before = _SourceStamp.of(incoming.path)
    key = source_key(incoming.path) if move else None
    if key is not None:
        with workshop.catalog.look() as uow:
            unmoved = uow.files.find_unmoved(key)
        if unmoved is not None:
            _move_source(incoming, unmoved, workshop)
            return TakenFile(unmoved, ())
    sha256 = workshop.blobs.add_file(incoming.path)
    if _SourceStamp.of(incoming.path) != before:
        raise SourceChanged
    fault("intake.stored")
    taken = _record(incoming, sha256, before.size, workshop=workshop, call_id=call_id, key=key)
    fault("intake.committed")
    if move:
        _move_source(incoming, taken.file, workshop)
    return taken


def _record(
    incoming: IncomingFile,
    sha256: str,
    size: int,
    *,
    workshop: Workshop,
    call_id: str,
    key: str | None,
) -> TakenFile:
    """Write file, pages, task and audit event in one transaction."""
    kind, pages, refusal = _probe(incoming, sha256, workshop)
    try:
        with workshop.catalog.begin() as uow:
            now = uow.clock.now()
            first = uow.files.find_first_copy(sha256) if refusal is None else None
            batch = (
                uow.files.ensure_batch(incoming.batch, incoming.source, at=now)
                if incoming.batch is not None
                else None
            )
            state, reason = FileState.WORKING, refusal
            if refusal is not None:
                state = FileState.REJECTED
            elif first is not None:
                state, reason = FileState.DUPLICATE, Reason.DUPLICATE_FILE
            earlier = uow.files.find_previous_version(incoming.name, batch.id if batch else None)
            file = ReceivedFile(
                id=new_id("fil"),
                name=incoming.name,
                sha256=sha256,
                size=size,
                kind=kind,
                state=state,
                call_id=call_id,
                page_count=pages if state is FileState.WORKING else 0,
                received_at=now,
                reason=reason,
                duplicate_of=first.id if first else None,
                supersedes=_extended_file(earlier, pages=pages, at=now)
                if state is FileState.WORKING
                else None,
                batch_id=batch.id if batch else None,
                finished_at=None if state is FileState.WORKING else now,
            )
            uow.files.add(file, source_key=key)
            task_ids: list[str] = []
            if state is FileState.WORKING:
                new_pages = uow.pages.add(file.id, count=pages)
                task_ids = uow.tasks.add(TaskKind.READ_PAGE, [page.id for page in new_pages], at=now)
            details = {"reason": reason.value} if reason else {"pages": str(pages)}
            uow.record(_AUDITED[state], "file", file.id, **details)
            fault("intake.recording")
            uow.commit()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull from None
        raise
    except OperationalError as error:
        if "is full" in str(error.orig):  # SQLITE_FULL has no exception class of its own
            raise DiskFull from None
        raise
    log.info("file %s: %s%s", file.id, file.state, f" ({file.reason})" if file.reason else "")
    return TakenFile(file, tuple(task_ids))


_AUDITED = {
    FileState.WORKING: AuditAction.FILE_RECEIVED,
    FileState.DUPLICATE: AuditAction.FILE_DUPLICATE,
    FileState.REJECTED: AuditAction.FILE_REJECTED,
}


def _extended_file(earlier: ReceivedFile | None, *, pages: int, at: dt.datetime) -> str | None:
    """Return the file that a scanner goes on with: some close a file after each page and open it again."""
    if earlier is None or at - earlier.received_at > _REOPENED_WITHIN or pages <= earlier.page_count:
        return None
    return earlier.id


def _probe(incoming: IncomingFile, sha256: str, workshop: Workshop) -> tuple[str | None, int, Reason | None]:
    """Return kind, number of pages and the reason to refuse the file, if any."""
    try:
        probe = probe_file(workshop.blobs.path_of(sha256))
    except FileRefused as refused:
        is_cut_short = not incoming.is_complete and refused.reason is Reason.BROKEN_FILE
        return None, 0, Reason.INCOMPLETE_FILE if is_cut_short else refused.reason
    return probe.kind.value, probe.pages, None


def source_key(path: Path) -> str:
    """Return what tells this very source apart from any other, until it is moved away."""
    stamp = _SourceStamp.of(path)
    text = f"{path.absolute()}\0{stamp.size}\0{stamp.mtime_ns}\0{stamp.inode}"
    return hashlib.sha256(os.fsencode(text)).hexdigest()


def _move_source(incoming: IncomingFile, file: ReceivedFile, workshop: Workshop) -> None:
    """Move a committed source out of the inbox, with the reason beside it where it was rejected."""
    is_rejected = file.state is FileState.REJECTED
    folder = workshop.home.rejected if is_rejected else workshop.home.done
    target = _free_path(folder / incoming.name, file.id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(incoming.path, target)
    if target.stat().st_size != file.size:
        # It was written to after its copy was made: back it goes, to be taken anew as a longer file.
        shutil.move(target, incoming.path)
    elif is_rejected:
        note = target.with_name(f"{target.name}.reason.txt")
        note.write_text(f"{reason_text(file.reason)}\n", encoding="utf-8")
    fault("intake.moved")
    with workshop.catalog.begin() as uow:
        uow.files.mark_moved(file.id)
        uow.commit()


def _free_path(path: Path, file_id: str) -> Path:
    """Return the path itself, or one with the file's id where something of that name is there already."""
    if not path.exists():
        return path
    return path.with_name(f"{path.stem}.{file_id}{path.suffix}")
