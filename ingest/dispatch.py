"""The dispatcher: keeps the queue filled from the catalog, and finds what got lost on the way.

The catalog says which tasks are ready; the queue may lose everything at any moment. So every second the
two are compared. A task that was never offered is offered; one that was offered and has since been in
neither the queue nor a worker's hands for ``LOST_AFTER`` is offered again. Offering twice does no harm:
whoever claims a task second finds it claimed or done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from backfile.errors import ServerDown
from backfile.ports import JobQueue
from ingest.announcer import Announcer
from ingest.stopping import StopRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
QUEUE_DEPTH = 200
"""Tasks on offer at most: enough for seconds of the shortest tasks, few enough that urgent ones pass soon."""
LOST_AFTER = 5.0
"""Seconds between a task's leaving the queue and its claim in the catalog; more means it is lost."""
_LONGEST_PAUSE = 5.0


class TaskBoard(Protocol):
    """What the dispatcher asks of the catalog."""

    def expire_leases(self) -> int:
        """Give back the tasks of workers that are gone; return how many leases had run out."""

    def ready_tasks(self, limit: int) -> Sequence[str]:
        """Return tasks that a worker may claim, the most urgent first."""


@dataclass(frozen=True, slots=True)
class DispatchStep:
    """What one comparison did."""

    expired: int
    """Leases that had run out."""
    offered: int
    again: int
    """Of those offered, tasks that had been lost."""


class Dispatcher:
    """Compares catalog and queue."""

    def __init__(
        self,
        board: TaskBoard,
        queue: JobQueue,
        *,
        depth: int = QUEUE_DEPTH,
        lost_after: float = LOST_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to compare.

        Args:
            board: the catalog.
            queue: on its way to the workers.
            depth: tasks to keep on offer.
            lost_after: seconds after which a task that left the queue and was not claimed counts as lost.
            clock: seconds.
        """
        self._board = board
        self._queue = queue
        self._depth = depth
        self._lost_after = lost_after
        self._clock = clock
        self._last_seen: dict[str, float] = {}
        """When a ready task was last offered or seen in the queue."""

    def step(self) -> DispatchStep:
        """Compare once and offer what is missing.

        Raises:
            ServerDown: queue or catalog does not answer.
        """
        expired = self._board.expire_leases()
        ready = self._board.ready_tasks(self._depth)
        waiting = self._queue.waiting()
        now = self._clock()
        self._last_seen = {
            task: now if task in waiting else self._last_seen[task]
            for task in ready
            if task in waiting or task in self._last_seen
        }
        fresh = [task for task in ready if task not in self._last_seen]
        lost = [task for task, seen in self._last_seen.items() if now - seen >= self._lost_after]
        missing = set(fresh) | set(lost)
        offered = [task for task in ready if task in missing][: max(0, self._depth - len(waiting))]
        self._queue.push(offered)
        self._last_seen |= dict.fromkeys(offered, now)
        return DispatchStep(expired, len(offered), len(set(offered) & set(lost)))


def dispatch_tasks(
    dispatcher: Dispatcher,
    *,
    stop: StopRequest,
    announcer: Announcer,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Compare catalog and queue until asked to stop; nothing that fails ends it.

    Args:
        dispatcher: does the comparing.
        stop: ends the loop.
        announcer: told while the queue or the catalog does not answer.
        poll_seconds: between two comparisons.
    """
    pause = poll_seconds
    while not stop:
        try:
            done = dispatcher.step()
        except ServerDown as error:
            announcer.say("queue", f"{error.what} {error.next_step}")
            pause = min(_LONGEST_PAUSE, pause * 1.5)
        except Exception as error:
            log.warning("the tasks could not be compared (%s)", type(error).__name__, exc_info=True)
            announcer.say("queue", "The work list could not be read. It is tried again every few seconds.")
            pause = min(_LONGEST_PAUSE, pause * 1.5)
        else:
            pause = poll_seconds
            announcer.say("queue", None)
            if done.expired or done.again:
                log.info("leases run out: %d; tasks offered again: %d", done.expired, done.again)
        stop.wait(pause)
    announcer.withdraw()
