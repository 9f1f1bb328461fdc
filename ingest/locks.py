"""Locks between processes that the kernel takes back from the dead."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class FileLock:
    """An exclusive ``flock`` on a file that holds the holder's process id.

    It falls with its last open descriptor, so it never outlives the process, and it outlives this process
    only in a child that was given the descriptor on purpose (Redis keeps its folder's lock that way).
    """

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is locked yet."""
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, seconds: float = 0.0) -> bool:
        """Take the lock, trying for ``seconds``; False where somebody else holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return False
                time.sleep(0.05)
            else:
                self._descriptor = descriptor
                self.name_holder(os.getpid())
                return True

    @property
    def descriptor(self) -> int:
        """The open file, to be handed to a child that shall hold the lock."""
        assert self._descriptor is not None
        return self._descriptor

    def name_holder(self, pid: int) -> None:
        """Write who holds it."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{pid}\n".encode(), 0)

    def holder(self) -> int | None:
        """Return the process id that the file names; it may be dead."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def release(self) -> None:
        """Close this process's share of the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
