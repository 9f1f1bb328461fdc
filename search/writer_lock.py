"""One writer for an index that lies elsewhere: the lock lies in the home, which all its writers share."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from backfile.errors import Busy


class WriterLock:
    """A lock of the operating system (``flock``): it falls with its process, however that ends."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is locked yet."""
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is held by this object."""
        return self._descriptor is not None

    def take(self) -> None:
        """Take it, unless it is held already.

        Raises:
            Busy: another one writes.
        """
        if self._descriptor is not None:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Busy(
                "Another process writes to the search index.",
                next_step="Wait for it to end, or let `backfile up` do the work; only one writer is allowed.",
            ) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Let it go, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
