"""Descendants that lost their parent: adopted by the supervisor and ended."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from pathlib import Path

from ingest.prctl import adopt_orphans

__all__ = ["Orphans", "adopt_orphans"]

log = logging.getLogger(__name__)

_ORPHAN_SECONDS = 3.0
"""How long after a child's death its descendants are looked for: they die one after the other."""


class Orphans:
    """Descendants of the children that outlived their own parent and so fell to the supervisor.

    They are told from anything else this process may have started by their session: each child leads one.
    """

    def __init__(self) -> None:
        """Know of no child yet."""
        self._sessions: set[int] = set()
        self._expected_until = 0.0

    def add_session(self, leader: int) -> None:
        """A child was started."""
        self._sessions.add(leader)

    def expect(self) -> None:
        """A child died: its descendants may arrive during the next seconds."""
        self._expected_until = time.monotonic() + _ORPHAN_SECONDS

    def end_all(self) -> None:
        """Kill and reap those that have arrived. Costs nothing unless a child died lately."""
        if time.monotonic() > self._expected_until:
            return
        for pid in self._find():
            log.warning("ending process %d, whose parent died", pid)
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _find(self) -> list[int]:
        """Return this process's children that lie in a session of the children but do not lead it."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            # The name may hold spaces and brackets; after its last bracket: state, parent, group, session.
            _state, parent, _group, session, *_ = stat.rpartition(")")[2].split()
            pid = int(folder.name)
            if int(parent) == os.getpid() and int(session) in self._sessions - {pid}:
                found.append(pid)
        return found
