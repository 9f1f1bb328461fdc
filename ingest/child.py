"""Starting a child process that dies with its parent and says when it is ready."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from ingest.prctl import die_with_parent

READY_VARIABLE = "BACKFILE_READY_FD"
"""Names the descriptor on which a child says that it is ready."""

Child: TypeAlias = "subprocess.Popen[bytes]"

_ready_pipes: dict[int, int] = {}
"""The reading ends, by process id, of children that have not said it yet."""


def start_child(
    argv: Sequence[str | Path],
    *,
    environment: dict[str, str] | None = None,
    logfile: Path | None = None,
    nice: int = 0,
) -> Child:
    """Start a process that dies with this one and may say when it is ready (``announce_ready``).

    Args:
        argv: program and arguments.
        environment: variables on top of this process's own.
        logfile: where its output goes (0600); None leaves it on standard error.
        nice: how far it stands back for others, 0..19.
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(parent)
        os.nice(nice)

    output = None
    try:
        if logfile is not None:
            output = os.open(logfile, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        child = subprocess.Popen(
            [os.fspath(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=2 if output is None else output,
            stderr=2 if output is None else output,
            env=os.environ | (environment or {}) | {READY_VARIABLE: str(writer)},
            start_new_session=True,
            pass_fds=(writer,),
            preexec_fn=prepare,
        )
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
        if output is not None:
            os.close(output)
    _ready_pipes[child.pid] = reader
    return child


def has_announced(child: Child) -> bool:
    """Say whether a child of ``start_child`` has said that it is ready."""
    reader = _ready_pipes.get(child.pid)
    if reader is None:
        return True
    with contextlib.suppress(BlockingIOError):
        if os.read(reader, 1):
            forget_child(child.pid)
            return True
    return False


def announce_ready() -> None:
    """Say, in a child, that it is ready; anywhere else nothing happens."""
    descriptor = os.environ.pop(READY_VARIABLE, None)
    if descriptor is not None:
        with contextlib.suppress(OSError):
            os.write(int(descriptor), b"1")
            os.close(int(descriptor))


def forget_child(pid: int) -> None:
    """Close what is still open for a child that ended."""
    reader = _ready_pipes.pop(pid, None)
    if reader is not None:
        os.close(reader)
