"""What a process costs: processor seconds and memory, all its children counted.

Processor seconds are what comparisons rest on: they hardly change while other work shares the machine, where
the clock's seconds do.
"""

from __future__ import annotations

import contextlib
import re
import resource
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_SAMPLE_SECONDS = 0.25
_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


def cpu_seconds() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def tree_bytes(pid: int) -> int:
    """Return the memory of a process and all below it, shared memory once (proportional set size)."""
    total, todo = 0, [pid]
    while todo:
        process = Path("/proc") / str(todo.pop())
        with contextlib.suppress(OSError):  # it may have ended
            found = _PSS.search((process / "smaps_rollup").read_bytes())
            total += int(found[1]) * 1024 if found else 0
            for task in (process / "task").iterdir():
                todo += map(int, (task / "children").read_text(encoding="ascii").split())
    return total


class MemoryWatch:
    """Notes the most memory that a process and its children have at a time; looks four times a second."""

    def __init__(self, pid: int) -> None:
        """Watch the process of this id, from entering to leaving the context."""
        self.peak_bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self.peak_bytes = max(self.peak_bytes, tree_bytes(self._pid))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
