"""One process that starts the others, starts a dead one again, and leaves none behind.

Plain and single-threaded: a loop that looks every quarter of a second. Each child leads a session of its
own, so Ctrl-C reaches only the supervisor, which ends the children in order. Three things keep orphans
away when something is killed: each child dies with the supervisor (``PR_SET_PDEATHSIG``), a worker's own
children die with it, and whatever else is orphaned falls to the supervisor, which ends it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from backfile.errors import Busy
from ingest.announcer import Announcer
from ingest.child import Child, forget_child
from ingest.locks import FileLock
from ingest.orphans import Orphans, adopt_orphans
from ingest.stopping import StopRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
STOP_SECONDS = 6.0
"""What the children have to end in an orderly way; then they are killed."""
LAST_STOP_SECONDS = 2.0
"""The same for those that the others need to the last (Redis)."""
KILL_SECONDS = 0.5
"""What the kernel needs to end what was killed."""
_SHORTEST_BACKOFF = 0.5
_LONGEST_BACKOFF = 10.0
_LONGEST_BACKOFF_ONCE_READY = 2.0
"""For one that had come up: it can do its work, whatever ended it."""
_STEADY_SECONDS = 20.0
"""A child that lived so long is started again without much waiting."""
_LOOP_DEATHS = 3
"""Deaths within ``_LOOP_SECONDS`` that are spoken of."""
_LOOP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A process to be kept running."""

    name: str
    start: Callable[[], Child]
    """Starts it (``start_child``, ``start_redis``). It may raise; then it is tried again later."""
    is_ready: Callable[[Child], bool] = field(default=lambda _child: True)
    """Says whether it answers."""
    is_last: bool = False
    """The others need it: it is started first by its place in the plan, and stopped after them."""


class Supervisor:
    """The processes of a plan, looked after as often as ``look`` is called, ended at the end of ``with``."""

    def __init__(
        self,
        plan: Sequence[ProcessSpec],
        *,
        announcer: Announcer,
        on_death: Callable[[str, int], object] = lambda _name, _pid: None,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """Start nothing yet.

        Args:
            plan: the processes, in the order of their start.
            announcer: told of a process that does not stay up.
            on_death: told name and process id of each child that ended, so that what it held can be freed.
            stop_seconds: what the children have to end in an orderly way.
        """
        self._stop_seconds = stop_seconds
        self._announcer = announcer
        self._orphans = Orphans()
        self._children = [_Kept(spec, announcer, on_death, self._orphans) for spec in plan]

    def __enter__(self) -> Supervisor:
        """Begin to adopt what the children leave behind."""
        adopt_orphans()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything; none of the processes is left."""
        _stop_all(self._children, self._orphans, self._stop_seconds)
        self._announcer.withdraw()

    def look(self) -> None:
        """Start what does not run and end what was orphaned; call it a few times a second."""
        for child in self._children:
            child.keep_running()
        self._orphans.end_all()

    def is_ready(self) -> bool:
        """Say whether every process runs and has answered."""
        return all(child.is_ready() for child in self._children)


def supervise(
    plan: Sequence[ProcessSpec],
    *,
    stop: StopRequest,
    announcer: Announcer,
    on_ready: Callable[[], object] = lambda: None,
    on_death: Callable[[str, int], object] = lambda _name, _pid: None,
    stop_seconds: float = STOP_SECONDS,
) -> None:
    """Run the plan until asked to stop; on return none of its processes is left.

    Args:
        plan: the processes, in the order of their start.
        stop: ends everything; let it listen to SIGTERM and SIGINT.
        announcer: told of a process that does not stay up.
        on_ready: called once, when all answer for the first time.
        on_death: see ``Supervisor``.
        stop_seconds: see ``Supervisor``.
    """
    was_ready = False
    with Supervisor(plan, announcer=announcer, on_death=on_death, stop_seconds=stop_seconds) as supervisor:
        while not stop:
            supervisor.look()
            if not was_ready and supervisor.is_ready():
                was_ready = True
                on_ready()
            stop.wait(POLL_SECONDS)


def hold_home(lock_file: Path) -> FileLock:
    """Become the only supervisor of a home, until the returned lock is released or the process ends.

    Raises:
        Busy: another one runs.
    """
    lock = FileLock(lock_file)
    if not lock.acquire(seconds=0.5):
        raise Busy(
            f"Another Backfile (process {lock.holder()}) runs on this home.",
            next_step="Use that one, or stop it first.",
        )
    return lock


class _Kept:
    """One process of the plan, over all its lives."""

    def __init__(
        self,
        spec: ProcessSpec,
        announcer: Announcer,
        on_death: Callable[[str, int], object],
        orphans: Orphans,
    ) -> None:
        self.spec = spec
        self._orphans = orphans
        self._announcer = announcer
        self._on_death = on_death
        self._child: Child | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._deaths: list[float] = []
        """When it died lately."""
        self._short_lives = 0
        """How many times in a row it died before it was steady."""
        self._was_ready = False
        announcer.say(f"process-{spec.name}", None)  # what an earlier run said no longer holds

    def keep_running(self) -> None:
        """Notice its death; start it where it does not run and its time has come."""
        now = time.monotonic()
        self.is_ready()  # asked before its death is noticed: one that came up is started again sooner
        if self._child is not None and self.reap():
            self._note_failure(now)
        if self._deaths and now - self._deaths[-1] >= _LOOP_SECONDS:
            self._deaths.clear()
            self._announcer.say(f"process-{self.spec.name}", None)
        if self._child is None and now >= self._not_before:
            self._start(now)

    def is_ready(self) -> bool:
        """Say whether it runs and has answered."""
        if self._child is None:
            return False
        self._was_ready = self._was_ready or self.spec.is_ready(self._child)
        return self._was_ready

    def reap(self) -> bool:
        """Notice it if it ended, and tell who cares; true where it does not run."""
        child = self._child
        if child is None:
            return True
        if child.poll() is None:
            return False
        self._child = None
        forget_child(child.pid)
        self._orphans.expect()
        log.info("%s (process %d) ended with %d", self.spec.name, child.pid, child.returncode)
        try:
            self._on_death(self.spec.name, child.pid)
        except Exception as error:
            log.warning("freeing what %s held failed (%s)", self.spec.name, type(error).__name__)
        return True

    def send(self, number: signal.Signals) -> None:
        """Signal it: SIGKILL goes to its whole process group."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if number is signal.SIGKILL:
                os.killpg(self._child.pid, number)
            else:
                self._child.send_signal(number)

    def _start(self, now: float) -> None:
        self._started, self._was_ready = now, False
        try:
            self._child = self.spec.start()
        except Exception as error:
            log.error("%s did not start (%s)", self.spec.name, type(error).__name__, exc_info=True)
            self._note_failure(now)
        else:
            self._orphans.add_session(self._child.pid)

    def _note_failure(self, now: float) -> None:
        """Count a death, wait longer before each next start, and say so where it goes on."""
        self._deaths = [*(at for at in self._deaths if now - at < _LOOP_SECONDS), now]
        self._short_lives = self._short_lives + 1 if now - self._started < _STEADY_SECONDS else 1
        longest = _LONGEST_BACKOFF_ONCE_READY if self._was_ready else _LONGEST_BACKOFF
        wait = min(longest, _SHORTEST_BACKOFF * 2.0 ** (self._short_lives - 1))
        self._not_before = now + wait
        if len(self._deaths) >= _LOOP_DEATHS:
            self._announcer.say(
                f"process-{self.spec.name}",
                f"The part {self.spec.name} does not stay up and is started again and again; "
                f"see logs/{self.spec.name}.log.",
            )


def _stop_all(children: Sequence[_Kept], orphans: Orphans, stop_seconds: float) -> None:
    """End everything: those that need Redis first, then Redis, then whatever was orphaned."""
    for group, seconds in (
        ([child for child in children if not child.spec.is_last], stop_seconds),
        ([child for child in children if child.spec.is_last], LAST_STOP_SECONDS),
    ):
        for child in group:
            child.send(signal.SIGTERM)
        if not _wait_for(group, seconds):
            for child in group:
                child.send(signal.SIGKILL)
            _wait_for(group, KILL_SECONDS)
        orphans.end_all()


def _wait_for(children: Sequence[_Kept], seconds: float) -> bool:
    """Wait until all have ended; false where some have not in time."""
    deadline = time.monotonic() + seconds
    while True:
        gone = [child.reap() for child in children]
        if all(gone):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
