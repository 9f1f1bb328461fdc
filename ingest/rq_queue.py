"""The job queue on Redis Queue (RQ): opaque task ids on their way to the workers, nothing else.

What was measured of RQ 3.0 and is kept to here:

* A worker that listens to *two* queues takes jobs with BLPOP: killed at the wrong moment, the job is in no
  list at all. With *one* queue RQ uses BLMOVE and the job stays in ``:intermediate``. So there is one queue.
* RQ empties ``:intermediate`` after a minute at the earliest and then fails the job. Here a job that lies
  there for ``STUCK_SECONDS`` is dropped from Redis, and the dispatcher offers its task anew.
* ``unique`` lets a lost job block its own task for ever; equal job ids share one hash, which the first to
  end deletes. So every offer is a job of its own: ``<task>-<random>``.
* Pickle would let anybody who can write to Redis run code, so arguments are JSON.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.defaults import RQ_KEY_PREFIX
from rq.executions import ExecutionRegistry
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from backfile.errors import ServerDown

log = logging.getLogger(__name__)

QUEUE_NAME = "tasks"
RUN_TASK = "ingest.jobs.run_task"
"""The one function that a worker runs."""
JOB_SECONDS = 660
"""A job is killed after this: longer than a task's lease may be renewed, so the task is free by then."""
STUCK_SECONDS = 10.0
"""A job passes through ``:intermediate`` in milliseconds; longer means that its worker died in between."""
_DESCRIPTION = "task"


class TaskQueue(Queue):
    """RQ's queue, which goes on where an entry cannot be a job at all."""

    @classmethod
    def dequeue_any(cls, *args: Any, **options: Any) -> tuple[Job, Queue] | None:
        """Return the next job; what bears no possible id is passed over."""
        while True:
            try:
                return super().dequeue_any(*args, **options)
            except ValueError:
                log.error("an entry of the queue that Backfile did not make was refused")


class RqQueue:
    """Offers tasks to the workers (a ``backfile.ports.JobQueue``)."""

    def __init__(
        self,
        connection: Redis,
        *,
        function: str = RUN_TASK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Offer tasks on a connection.

        Args:
            connection: to Redis; opened at first use, so that it may be made while Redis is down.
            function: what workers call with a task's id.
            clock: seconds, for noticing jobs that are stuck.
        """
        self._connection = connection
        self._function = function
        self._clock = clock
        self._queue = open_queue(connection)
        self._first_seen: dict[bytes, float] = {}

    def push(self, task_ids: Sequence[str], *, front: bool = False) -> None:
        """Offer tasks to the workers, in this order.

        Raises:
            ServerDown: Redis does not answer, or has no room.
        """
        # Each push to the front overtakes the one before it, so the last goes first.
        ordered = list(reversed(task_ids)) if front else list(task_ids)
        jobs = [
            Queue.prepare_data(
                self._function,
                args=[task_id],
                timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=0,
                description=_DESCRIPTION,
                job_id=f"{task_id}-{secrets.token_hex(4)}",
                at_front=front,
            )
            for task_id in ordered
        ]
        if not jobs:
            return
        try:
            self._queue.enqueue_many(jobs)
        except RedisError:
            raise _queue_down() from None

    def waiting(self) -> set[str]:
        """Return the tasks that are offered and not yet begun.

        Also removes what dead workers left behind in Redis.

        Raises:
            ServerDown: Redis does not answer.
        """
        started = StartedJobRegistry(QUEUE_NAME, connection=self._connection)
        intermediate = IntermediateQueue.get_intermediate_queue_key(self._queue.key)
        try:
            with self._connection.pipeline() as pipeline:
                pipeline.lrange(self._queue.key, 0, -1)
                pipeline.lrange(intermediate, 0, -1)
                pipeline.zrangebyscore(started.key, "-inf", time.time())
                answers: list[list[bytes]] = pipeline.execute()
            queued, passing, abandoned = answers
            stuck = self._find_stuck(passing)
            if stuck or abandoned:
                self._forget(stuck, intermediate, abandoned, started.key)
        except RedisError:
            raise _queue_down() from None
        return {task_of(job_id) for job_id in map(_text, (*queued, *(set(passing) - stuck)))}

    def _find_stuck(self, passing: Sequence[bytes]) -> set[bytes]:
        """Return the jobs that have lain in ``:intermediate`` for too long."""
        now = self._clock()
        self._first_seen = {job_id: self._first_seen.get(job_id, now) for job_id in passing}
        return {job_id for job_id, since in self._first_seen.items() if now - since >= STUCK_SECONDS}

    def _forget(
        self, stuck: set[bytes], intermediate: str, abandoned: Sequence[bytes], started_key: str
    ) -> None:
        """Remove jobs whose workers died: between taking and beginning them, or while at them."""
        log.info("%d jobs of dead workers removed from the queue", len(stuck) + len(abandoned))
        with self._connection.pipeline() as pipeline:
            for job_id in stuck:
                pipeline.lrem(intermediate, 0, job_id)  # type: ignore[arg-type]  # bytes are right
                pipeline.delete(*keys_of(_text(job_id)))
            for entry in abandoned:
                pipeline.zrem(started_key, entry)
                pipeline.delete(*keys_of(_text(entry).partition(":")[0]))
            pipeline.execute()


def open_queue(connection: Redis, **options: Any) -> TaskQueue:
    """Return RQ's queue of tasks."""
    return TaskQueue(QUEUE_NAME, connection=connection, serializer=JSONSerializer, **options)


def task_of(job_id: str) -> str:
    """Return the task that a job carries."""
    return job_id.rpartition("-")[0]


def keys_of(job_id: str) -> tuple[str, ...]:
    """Return every key that RQ may keep for a job."""
    return (
        Job.key_for(job_id),
        Job.dependents_key_for(job_id),
        f"{RQ_KEY_PREFIX}:results:{job_id}",
        ExecutionRegistry.key_template.format(job_id),
    )


def _text(entry: bytes) -> str:
    """Return an entry as text; what somebody else wrote there may be any bytes."""
    return entry.decode(errors="replace")


def _queue_down() -> ServerDown:
    return ServerDown(
        "The job queue (Redis) does not answer.",
        next_step="Work goes on by itself when it is back; nothing is lost.",
    )
