"""When is a file in the inbox finished? Pure logic over what successive looks at the folder saw.

A scanner or a network copy writes a file little by little, and some scanners close and reopen it between
pages. A file is *settled*, and handed over once, when all of this holds:

1. **It stands still**: size, modification time and inode were equal in at least two looks, for at least
   ``settle_seconds``. Time is counted from the look that first saw the present state, so the true quiet
   was longer, never shorter.
2. **Its folder stands still**: nothing else appeared or grew in the folder for ``settle_seconds``, files
   with temporary names included. Scanners that pause between pages often write a helper file beside, and
   files of one batch are handed over together, in natural order. A busy folder must not starve its files,
   so this holds one back for at most ``FOLDER_PATIENCE`` times ``settle_seconds`` longer.
3. **Its structure is complete**: the end of the file is there (PDF trailer, TIFF directories, ...). Size
   and time alone are not enough: half a file from a stalled scanner also stands still. An empty file is
   incomplete: scanners create it first and fill it later.

A file that stands still and incomplete for ``incomplete_after`` is handed over as incomplete, for a
person to see; it is not left lying without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ingest.natural_order import natural_path_key

SETTLE_SECONDS = 5.0
INCOMPLETE_AFTER = 15 * 60.0
"""Seconds that a scanner may keep a file open: feeders jam, people fetch paper."""
FOLDER_PATIENCE = 3.0
SPOKEN_OF_AFTER = 60.0
"""Seconds after which a file that cannot be opened, or whose end does not come, is spoken of."""

_TEMPORARY_ENDINGS = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", "~",
)  # fmt: skip
_TEMPORARY_BEGINNINGS = (".", "~$", "~")

IsComplete: TypeAlias = Callable[[Path], bool]
"""Says whether a file's end is there; may raise OSError, then the next look asks again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A regular file as one look at the inbox saw it."""

    inbox: Path
    parts: tuple[str, ...]
    """Path below the inbox, the file's name last."""
    size: int
    """Bytes."""
    mtime_ns: int
    inode: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.inbox.joinpath(*self.parts)

    @property
    def folder(self) -> Path:
        """The folder it lies in."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A file to be taken in."""

    snapshot: Snapshot
    is_complete: bool
    """False where it was given up waiting for its end."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.snapshot.path

    @property
    def name(self) -> str:
        """Path below the inbox, with forward slashes."""
        return "/".join(self.snapshot.parts)

    @property
    def batch(self) -> str | None:
        """The subfolder it lies in, with forward slashes; None at the top of the inbox."""
        return "/".join(self.snapshot.parts[:-1]) or None


@dataclass(frozen=True, slots=True)
class StuckFiles:
    """Counts of files that wait for somebody to do something."""

    temporary: int
    """Bear a temporary name and have stood still so long that nobody will rename them."""
    unreadable: int
    """Cannot be opened, for longer than a passing lock would last."""
    incomplete: int
    """Stand still without their end; they are handed over as incomplete in the end."""


@dataclass(slots=True)
class _Watched:
    """What is known of one file."""

    snapshot: Snapshot
    since: float
    """When this state was first seen, monotonic seconds."""
    looks: int = 1
    incomplete_seen: float | None = None
    """When it was last found incomplete."""
    unreadable_since: float | None = None
    not_before: float = 0.0
    """Earliest time to hand it over (again)."""
    is_handed_over: bool = False


@dataclass(slots=True)
class SettleTracker:
    """Follows the files of the inboxes from look to look."""

    is_complete: IsComplete
    settle_seconds: float = SETTLE_SECONDS
    incomplete_after: float = INCOMPLETE_AFTER
    _watched: dict[Path, _Watched] = field(default_factory=dict)
    _folder_changed: dict[Path, float] = field(default_factory=dict)

    def observe(self, snapshots: Iterable[Snapshot], *, now: float) -> list[SettledFile]:
        """Take in one look at the inboxes and return the files that are settled, in natural order.

        Each is returned once; it counts as handed over until it changes, vanishes or is put back.

        Args:
            snapshots: every regular file below the inboxes, those with temporary names too.
            now: monotonic seconds; never less than at the look before.
        """
        self._remember(snapshots, now)
        settled = []
        for watched in self._watched.values():
            if self._stands_still(watched, now):
                file = self._finish(watched, now)
                if file is not None:
                    watched.is_handed_over = True
                    settled.append(file)
        return sorted(settled, key=lambda file: (file.snapshot.inbox, natural_path_key(file.snapshot.parts)))

    def put_back(self, file: SettledFile, *, not_before: float) -> None:
        """Hand a file over again, from ``not_before`` on: it could not be taken."""
        watched = self._watched.get(file.path)
        if watched is not None and watched.snapshot == file.snapshot:
            watched.is_handed_over = False
            watched.not_before = not_before

    def find_stuck(self, *, now: float) -> StuckFiles:
        """Return what lies in the inboxes and cannot be handed over, for a person to be told."""
        watched = self._watched.values()
        return StuckFiles(
            temporary=sum(
                is_temporary_name(w.snapshot.parts[-1]) and now - w.since >= self.incomplete_after
                for w in watched
            ),
            unreadable=sum(
                w.unreadable_since is not None and now - w.unreadable_since >= SPOKEN_OF_AFTER
                for w in watched
            ),
            incomplete=sum(
                w.incomplete_seen is not None and now - w.since >= SPOKEN_OF_AFTER and not w.is_handed_over
                for w in watched
            ),
        )

    def _remember(self, snapshots: Iterable[Snapshot], now: float) -> None:
        """Compare with the look before; what is gone is forgotten."""
        present: dict[Path, _Watched] = {}
        for snapshot in snapshots:
            path = snapshot.path
            watched = self._watched.get(path)
            if watched is None or watched.snapshot != snapshot:
                watched = _Watched(snapshot, since=now)
                self._folder_changed[path.parent] = now
            else:
                watched.looks += 1
            present[path] = watched
        self._watched = present
        folders = {path.parent for path in present}
        for folder in self._folder_changed.keys() - folders:
            del self._folder_changed[folder]

    def _stands_still(self, watched: _Watched, now: float) -> bool:
        if watched.is_handed_over or watched.looks < 2 or now < watched.not_before:
            return False
        if is_temporary_name(watched.snapshot.parts[-1]):
            return False
        quiet = now - watched.since
        if quiet < self.settle_seconds:
            return False
        is_folder_quiet = now - self._folder_changed[watched.snapshot.folder] >= self.settle_seconds
        return is_folder_quiet or quiet >= self.settle_seconds * (1 + FOLDER_PATIENCE)

    def _finish(self, watched: _Watched, now: float) -> SettledFile | None:
        """Return the file to hand over; None where its end is still to come."""
        # Reading the end of a file costs more than a look at its size, so it is done once a settle time.
        last = watched.incomplete_seen
        if last is None or now - last >= self.settle_seconds:
            try:
                is_complete = watched.snapshot.size > 0 and self.is_complete(watched.snapshot.path)
            except OSError:
                if watched.unreadable_since is None:
                    watched.unreadable_since = now
                return None
            watched.unreadable_since = None
            if is_complete:
                return SettledFile(watched.snapshot, is_complete=True)
            watched.incomplete_seen = now
        if now - watched.since >= self.incomplete_after:
            return SettledFile(watched.snapshot, is_complete=False)
        return None


def is_temporary_name(name: str) -> bool:
    """Say whether a name marks a file that somebody is still writing, or that is hidden."""
    folded = name.casefold()
    return folded.startswith(_TEMPORARY_BEGINNINGS) or folded.endswith(_TEMPORARY_ENDINGS)
