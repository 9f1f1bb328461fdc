"""The watch folder: looks at the inboxes every second or so and hands settled files to intake.

It polls, on purpose. File events are lost on network shares, in bursts and when a watcher starts anew, and
a look at 10,000 files takes 0.03 s. What a look sees is judged by ``ingest.settle``; what intake says of a
file never ends the loop: a file that is busy, vanished or forbidden is tried again, a full disk pauses
intake until there is room.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from backfile.errors import DiskFull
from ingest.announcer import Announcer
from ingest.settle import SettledFile, SettleTracker, Snapshot
from ingest.stopping import StopRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
DISK_FULL_PAUSE = 5.0
"""Seconds."""
_LONGEST_RETRY = 60.0
_DEEPEST_FOLDER = 32

TakeFile: TypeAlias = Callable[[SettledFile], object]
"""Takes a file in, for good: on return its bytes are safe and recorded, and its source is out of the inbox.

Raises whatever it likes: ``DiskFull`` or ENOSPC pauses intake, anything else means "later".
"""


def watch_inbox(
    inboxes: Sequence[Path],
    take: TakeFile,
    *,
    tracker: SettleTracker,
    stop: StopRequest,
    announcer: Announcer,
    poll_seconds: float = POLL_SECONDS,
    pause_seconds: float = DISK_FULL_PAUSE,
    after_poll: Callable[[], object] = lambda: None,
) -> None:
    """Watch the inboxes until asked to stop; returns within the time that one ``take`` takes.

    Args:
        inboxes: folders to watch, with all folders below; links are not followed.
        take: takes one settled file in.
        tracker: says when a file is settled.
        stop: ends the loop.
        announcer: told what a person should know.
        poll_seconds: between two looks.
        pause_seconds: between two tries while the disk is full.
        after_poll: called after each look (closing of batches).
    """
    watcher = _Watcher(tuple(inboxes), take, tracker, stop, announcer, poll_seconds, pause_seconds)
    announcer.say("intake", None)  # what an earlier run said no longer holds
    announcer.say("inbox-retries", None)
    while not stop:
        watcher.poll()
        if not stop:
            after_poll()
            stop.wait(poll_seconds)
    announcer.withdraw()


class _Watcher:
    """The loop's memory."""

    def __init__(
        self,
        inboxes: tuple[Path, ...],
        take: TakeFile,
        tracker: SettleTracker,
        stop: StopRequest,
        announcer: Announcer,
        poll_seconds: float,
        pause_seconds: float,
    ) -> None:
        self._inboxes = inboxes
        self._take = take
        self._tracker = tracker
        self._stop = stop
        self._announcer = announcer
        self._poll_seconds = poll_seconds
        self._pause_seconds = pause_seconds
        self._paused_until = 0.0
        self._failures: dict[Path, int] = {}

    def poll(self) -> None:
        """Look once, and take what is settled."""
        look = look_at_inboxes(self._inboxes)
        now = time.monotonic()
        settled = self._tracker.observe(look.snapshots, now=now)
        self._say_what_waits(look, now)
        self._failures = {path: n for path, n in self._failures.items() if path in look.paths}
        for position, file in enumerate(settled):
            if self._stop:
                return
            if time.monotonic() < self._paused_until:
                for rest in settled[position:]:
                    self._tracker.put_back(rest, not_before=self._paused_until)
                return
            self._take_one(file)

    def _take_one(self, file: SettledFile) -> None:
        if not _is_unchanged(file.snapshot):
            self._tracker.put_back(file, not_before=0.0)  # the next look sees more
            return
        try:
            self._take(file)
        except Exception as error:
            if _is_disk_full(error):
                self._pause(file)
            else:
                self._try_later(file, error)
            return
        self._failures.pop(file.path, None)
        self._announcer.say("intake", None)
        if not self._failures:
            self._announcer.say("inbox-retries", None)

    def _pause(self, file: SettledFile) -> None:
        self._paused_until = time.monotonic() + self._pause_seconds
        self._tracker.put_back(file, not_before=self._paused_until)
        self._announcer.say(
            "intake",
            "Intake is paused: the disk is full. Free some space; it goes on by itself and nothing is lost.",
        )

    def _try_later(self, file: SettledFile, error: Exception) -> None:
        """Put it back; longer each time, so that one bad file neither stalls nor drowns the others."""
        failures = self._failures[file.path] = self._failures.get(file.path, 0) + 1
        wait = min(_LONGEST_RETRY, self._poll_seconds * 2.0 ** (failures - 1))
        self._tracker.put_back(file, not_before=time.monotonic() + wait)
        log.info("a file could not be taken (%s), try %d", type(error).__name__, failures)
        if failures >= 3:
            self._announcer.say(
                "inbox-retries",
                f"{_files(len(self._failures))} in the inbox could not be taken yet and will be tried again. "
                "Check that the files are not open elsewhere and may be read and moved.",
            )

    def _say_what_waits(self, look: InboxLook, now: float) -> None:
        stuck = self._tracker.find_stuck(now=now)
        self._announcer.say(
            "inbox-folders",
            "A watched folder cannot be read. Check that it is connected and may be read."
            if look.unreadable_folders
            else None,
        )
        self._announcer.say(
            "inbox-ignored",
            f"{_entries(look.ignored)} not taken: links, special files and deeply nested folders never are."
            if look.ignored
            else None,
        )
        self._announcer.say(
            "inbox-temporary",
            f"{_files(stuck.temporary)} in the inbox with a temporary or hidden name: rename to have taken."
            if stuck.temporary
            else None,
        )
        self._announcer.say(
            "inbox-unreadable",
            f"{_files(stuck.unreadable)} in the inbox cannot be opened. Check the permissions."
            if stuck.unreadable
            else None,
        )
        minutes = self._tracker.incomplete_after / 60
        self._announcer.say(
            "inbox-incomplete",
            f"{_files(stuck.incomplete)} in the inbox without an end: still being scanned or copied? "
            f"Handed to a person after {minutes:.0f} minutes."
            if stuck.incomplete
            else None,
        )


class InboxLook:
    """What one look at the inboxes saw."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.snapshots: list[Snapshot] = []
        self.paths: set[Path] = set()
        self.ignored = 0
        """Entries that are neither regular files nor folders (links, pipes), and folders too deep."""
        self.unreadable_folders = 0


def look_at_inboxes(inboxes: Sequence[Path]) -> InboxLook:
    """Return every regular file below the inboxes; links are never followed, hidden folders not entered."""
    look = InboxLook()
    for inbox in inboxes:
        _look_at_folder(inbox, (), look)
    look.paths = {snapshot.path for snapshot in look.snapshots}
    return look


def _look_at_folder(inbox: Path, below: tuple[str, ...], look: InboxLook) -> None:
    try:
        with os.scandir(inbox.joinpath(*below)) as entries:
            listed = list(entries)
    except OSError:
        look.unreadable_folders += 1
        return
    for entry in listed:
        parts = (*below, entry.name)
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # vanished, or the share hiccuped: the next look will tell
        if stat.S_ISDIR(found.st_mode):
            if len(parts) >= _DEEPEST_FOLDER:
                look.ignored += 1
            elif not entry.name.startswith("."):
                _look_at_folder(inbox, parts, look)
        elif stat.S_ISREG(found.st_mode):
            look.snapshots.append(Snapshot(inbox, parts, found.st_size, found.st_mtime_ns, found.st_ino))
        else:
            look.ignored += 1


def _is_unchanged(snapshot: Snapshot) -> bool:
    """Look once more just before taking: in a long burst the common look is old by now."""
    try:
        found = snapshot.path.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns, found.st_ino) == (
        snapshot.size,
        snapshot.mtime_ns,
        snapshot.inode,
    )


def _is_disk_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or (
        isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    )


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _entries(count: int) -> str:
    return "1 entry of the inbox is" if count == 1 else f"{count} entries of the inbox are"
