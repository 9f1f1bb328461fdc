"""Log files that do not grow without end."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

LONGEST = 10_000_000
"""Bytes of a log file, from which on it begins anew."""
_EVERY_SECONDS = 60.0


class LogFiles:
    """The log files of a home: looked at once a minute, each kept with the one before it (``NAME.log.1``)."""

    def __init__(self, folder: Path, *, longest: int = LONGEST) -> None:
        """Look after ``folder``, where every process appends to a file of its own."""
        self._folder = folder
        self._longest = longest
        self._next = 0.0

    def trim(self) -> None:
        """Begin those anew that have grown too long; cheap to call often.

        A process holds its file open, so the file is copied and emptied where it stands: what is appended
        goes on at its beginning. A line written between the two may be lost, no other.
        """
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY_SECONDS
        with contextlib.suppress(OSError):  # a full disk is told of elsewhere; logs stop nothing
            for file in self._folder.glob("*.log"):
                if file.stat().st_size > self._longest:
                    _begin_anew(file)


def _begin_anew(file: Path) -> None:
    before = file.with_name(file.name + ".1")
    before.unlink(missing_ok=True)
    with file.open("rb") as full, os.fdopen(os.open(before, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as copy:
        shutil.copyfileobj(full, copy)
    os.truncate(file, 0)
