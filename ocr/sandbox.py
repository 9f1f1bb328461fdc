"""Runs a function on hostile input in a child process that cannot take its caller along.

PDFium aborts the whole process when memory runs out, parsers loop for hours, and a 4 KB file can
unfold to gigabytes. So whatever opens a received file runs in a forked child: bounded in address
space, CPU time, file size and open files, killed as a group when the clock runs out, without the
caller's open files and signal handlers, with an empty private folder as its working directory. It
dies with the thread that started it (``PR_SET_PDEATHSIG``).

A fork costs a few milliseconds and needs no set-up, so it works as well inside a job that is a fork
itself. The result comes back in an anonymous memory file; arrays are mapped, not copied.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import select
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from backfile.domain.reasons import Reason
from backfile.errors import BackfileError, Busy, FileRefused, PageRefused
from ocr.child import DONE, RAISED, death_reason, live_as_child
from ocr.handover import load_result
from ocr.limits import ChildLimits

log = logging.getLogger(__name__)

_R = TypeVar("_R")

_LINGER_SECONDS = 2.0
"""How long a child may take to end once it has said that it is done."""


def run_limited(
    function: Callable[..., _R],
    *args: object,
    limits: ChildLimits,
    refused: type[FileRefused] | type[PageRefused] = FileRefused,
) -> _R:
    """Call ``function(*args)`` in a limited child process and return what it returns.

    Args:
        function: a top-level function; what it changes is lost, only its result comes back.
        *args: handed over by the fork, not copied. Paths must be absolute.
        limits: what the child may use.
        refused: what to raise where the child does not survive the input.

    Returns:
        The result: built-in values, dataclasses and enums of Backfile, NumPy arrays. These are
        read-only views of the child's memory file.

    Raises:
        FileRefused, PageRefused: as the function raised them, or because the child did not survive
            the input: took_too_long, page_too_large (memory), broken_file or page_unreadable.
        DiskFull: there is no room for temporary files.
        OSError: this machine is at fault, not the input.
        Busy: the child was killed from outside.
    """
    folder = Path(tempfile.mkdtemp(prefix="backfile-"))
    result = ours = theirs = -1
    pid = 0
    try:
        result = os.memfd_create("backfile-result", os.MFD_CLOEXEC)
        ours, theirs = os.pipe()
        pid = _fork(function, args, limits, refused, folder, result, theirs)
        os.close(theirs)
        theirs = -1
        verdict = _wait_for_verdict(ours, limits.wall_seconds)
        exit_code = _reap(pid, kill=verdict is None)
        pid = 0
        if verdict == DONE:
            return _load(result, refused)  # type: ignore[no-any-return]
        if verdict == RAISED:
            failure = _load(result, refused)
            if failure.place:
                log.warning("a parser gave up: %s", failure.place)
            raise failure.error
        raise _explain_death(exit_code, timed_out=verdict is None, refused=refused)
    finally:
        if pid:  # an exception came in from outside, such as the end of a job's time
            _reap(pid, kill=True)
        for descriptor in (ours, theirs, result):
            if descriptor >= 0:
                os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def _fork(
    function: Callable[..., object],
    args: tuple[object, ...],
    limits: ChildLimits,
    refused: type[FileRefused] | type[PageRefused],
    folder: Path,
    result: int,
    status: int,
) -> int:
    """Start the child and return its process id."""
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python warns of forks beside threads: a lock that another thread holds stays shut in the
        # child. What runs there takes none but those that are reset on fork, and the clock ends the rest.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        live_as_child(
            function, args, limits, refused, folder=folder, result=result, status=status, parent=parent
        )
    with contextlib.suppress(OSError):  # the child does the same; whoever comes first
        os.setpgid(pid, pid)
    return pid


def _wait_for_verdict(status: int, seconds: float) -> bytes | None:
    """Return the child's byte, b"" where it died without one, None where the time is up."""
    poll = select.poll()
    poll.register(status, select.POLLIN | select.POLLHUP)
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            return os.read(status, 1)
    return None


def _reap(pid: int, *, kill: bool) -> int | None:
    """Wait for the child and return its exit code; kill its group first if asked, or if it lingers."""
    deadline = time.monotonic() + _LINGER_SECONDS
    pause = 0.0002
    while True:
        if kill or time.monotonic() > deadline:
            _kill(pid)
        try:
            found, status = os.waitpid(pid, 0 if kill else os.WNOHANG)
        except ChildProcessError:  # somebody else in this process took its exit code
            return None
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(pause * 2, 0.02)


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):  # it may not lead its group yet
        with contextlib.suppress(OSError):
            end(pid, signal.SIGKILL)


def _load(result: int, refused: type[FileRefused] | type[PageRefused]) -> Any:
    try:
        return load_result(result)
    except (pickle.UnpicklingError, ValueError, AttributeError, ImportError, EOFError):
        log.warning("the child that opens files left a result that cannot be read")
        raise refused(death_reason(refused)) from None


def _explain_death(
    exit_code: int | None, *, timed_out: bool, refused: type[FileRefused] | type[PageRefused]
) -> BackfileError:
    """Return the error that says why the child gave no result."""
    if timed_out or exit_code == -signal.SIGXCPU:
        return refused(Reason.TOOK_TOO_LONG)
    if exit_code in (-signal.SIGKILL, -signal.SIGTERM):
        return Busy(
            "The process that opens files was stopped by the system.",
            next_step="It is tried again; if this repeats, give the machine more memory.",
        )
    log.warning("the child that opens files died, exit code %s", exit_code)
    return refused(death_reason(refused))
