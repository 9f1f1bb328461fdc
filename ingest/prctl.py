"""Two favours of the Linux kernel that keep a killed process from leaving others behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# Loaded at import: nothing may be looked up between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Let the kernel signal this process as soon as its parent dies, however that happens.

    The parent that counts is the *thread* that started this process, so it has to be one that lives as
    long as its process does: the main thread.

    Args:
        parent: process id of the parent, read before the fork. If it is gone already, this process ends.
        with_signal: what the kernel sends.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
