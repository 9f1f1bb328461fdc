"""The child's side of ``ocr.sandbox``: shut oneself in, call the function, leave the result, end."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import logging
import os
import resource
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from backfile.domain.reasons import Reason
from backfile.errors import BackfileError, DiskFull, FileRefused, PageRefused
from ocr.handover import dump_result
from ocr.limits import ChildLimits

DONE = b"d"
RAISED = b"r"

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)

_LAST_WORDS_BYTES = 32 * 1024 * 1024

_OUR_SURROUNDINGS = {
    errno.EACCES, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.ENOMEM, errno.EPERM, errno.ESTALE
}  # fmt: skip
"""Errors that tell of this machine, not of the file: the file must not be refused for them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How the function ended that gave no result."""

    error: BaseException
    """What the parent shall raise."""
    place: str = ""
    """Type and place of an error that the parser did not expect, for the log: no message, no values."""


def live_as_child(
    function: Callable[..., object],
    args: tuple[object, ...],
    limits: ChildLimits,
    refused: type[FileRefused] | type[PageRefused],
    *,
    folder: Path,
    result: int,
    status: int,
    parent: int,
) -> NoReturn:
    """Call ``function(*args)`` within the limits, write the outcome to ``result``, and end the process.

    One byte goes to ``status`` when the outcome is complete; none if the child dies before.
    """
    verdict = b""
    try:
        _shut_in(limits, folder, keep={result, status}, parent=parent)
        try:
            dump_result(function(*args), result)
            verdict = DONE
        except BaseException as error:
            if isinstance(error, MemoryError):
                _allow_last_words()
            os.ftruncate(result, 0)
            os.lseek(result, 0, os.SEEK_SET)
            dump_result(_explain(error, refused), result)
            verdict = RAISED
        os.write(status, verdict)
    finally:
        os._exit(0 if verdict else 1)


def _shut_in(limits: ChildLimits, folder: Path, *, keep: set[int], parent: int) -> None:
    """Take on the limits and let go of everything that is the parent's."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    gc.disable()
    logging.disable(logging.CRITICAL)  # the log files are closed below, and their numbers given anew
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for descriptor in (int(name) for name in os.listdir("/proc/self/fd")):  # noqa: PTH208
        if descriptor > 2 and descriptor not in keep:
            with contextlib.suppress(OSError):
                os.close(descriptor)
    # Libraries write parts of the file to standard error.
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    os.chdir(folder)
    os.environ["TMPDIR"] = str(folder)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, max(keep) + 1 + limits.open_files)
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory_bytes, grace=_LAST_WORDS_BYTES)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, grace=5)


def _allow_last_words() -> None:
    """Make room to say that memory ran out."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _limit(kind: int, value: int, *, grace: int = 0) -> None:
    """Lower a limit; one that the caller already has lower stays."""
    _, hard = resource.getrlimit(kind)
    ceiling = value + grace if hard == resource.RLIM_INFINITY else min(hard, value + grace)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))


def _address_space() -> int:
    """Return the bytes of address space that this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no Path after the shut-in
        return int(file.read().split()[0]) * resource.getpagesize()


def _explain(error: BaseException, refused: type[FileRefused] | type[PageRefused]) -> Failure:
    """Return what an error of the function means for the parent."""
    if isinstance(error, BackfileError):
        return Failure(error)
    if isinstance(error, MemoryError):
        return Failure(refused(Reason.PAGE_TOO_LARGE))
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Failure(DiskFull())
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return Failure(refused(Reason.PAGE_TOO_LARGE))
    if isinstance(error, OSError) and error.errno in _OUR_SURROUNDINGS:
        return Failure(OSError(error.errno, os.strerror(error.errno)))
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} in {frame.name}, {Path(frame.filename).name}:{frame.lineno}"
    return Failure(refused(death_reason(refused)), place=place)


def death_reason(refused: type[FileRefused] | type[PageRefused]) -> Reason:
    """Return the reason for an input that its parser did not survive."""
    return Reason.PAGE_UNREADABLE if refused is PageRefused else Reason.BROKEN_FILE
