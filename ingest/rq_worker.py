"""The worker on Redis Queue (RQ): one prefork process that runs one function and trusts nothing in Redis.

RQ's own worker runs whatever function a job names, calls back and posts to whatever address it names, and
keeps tracebacks in Redis for a year. This one refuses every job that Backfile did not make before
anything of it is imported, and leaves nothing of a job in Redis once it has ended.

The worker survives Redis being away for any time. Its child (the "horse") ends with it: in RQ a horse
outlives a killed worker and would go on unwatched.
"""

from __future__ import annotations

import json
import logging
import re
import signal
import time
import zlib
from collections.abc import Callable
from types import FrameType
from typing import Any, ClassVar

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from rq.utils import now
from rq.worker_registration import clean_worker_registry

from ingest.prctl import die_with_parent
from ingest.rq_queue import JOB_SECONDS, QUEUE_NAME, RUN_TASK, TaskQueue, keys_of, open_queue, task_of

log = logging.getLogger(__name__)

_TASK_ID = re.compile(r"[a-z]{2,8}_[0-9a-z]{6,32}")
_HEARTBEAT_SECONDS = 10
_WORKER_TTL = 60
_LONGEST_RECONNECT = 2.0
_LARGEST_JOB = 1000
"""Bytes of a job's data: an id and a function's name need a tenth of it."""


class JobRefused(NoSuchJobError):
    """The job is none of ours. To RQ it is a job that is not there, so it takes the next one."""


class TaskJob(Job):
    """A job that can be nothing but one call of one function with one opaque id."""

    allowed_function: ClassVar[str] = RUN_TASK
    time_limit: ClassVar[int] = JOB_SECONDS

    def restore(self, raw_data: dict[bytes, bytes]) -> None:
        """Take over what Redis holds of the job.

        Raises:
            JobRefused: it is anything but what ``RqQueue`` makes.
        """
        if not self._is_ours(raw_data):
            log.error("a job that Backfile did not make was refused")
            raise JobRefused
        super().restore(raw_data)
        self.timeout = self.time_limit  # whatever Redis says
        self.result_ttl = self.failure_ttl = 0

    def perform(self) -> None:
        """Run the task; no error of it may reach RQ, which would keep its text in Redis."""
        try:
            super().perform()
        except Exception as error:
            log.error("task %s ended by %s", task_of(self.id), type(error).__name__)
        self._result = None

    def _is_ours(self, raw: dict[bytes, bytes]) -> bool:
        """Say whether the job is one call of the one function, with nothing hung on to it."""
        bare = (
            b"success_callback_name", b"failure_callback_name", b"stopped_callback_name", b"webhooks",
            b"dependency_ids", b"dependency_id", b"group_id", b"rate_limit_key", b"retries_left",
            b"repeats_left", b"meta", b"result", b"exc_info",
        )  # fmt: skip
        if any(raw.get(name) for name in bare) or raw.get(b"origin") != QUEUE_NAME.encode():
            return False
        try:
            unpacker = zlib.decompressobj()
            function, instance, arguments, options = json.loads(
                unpacker.decompress(raw[b"data"], _LARGEST_JOB)
            )
        except (KeyError, ValueError, TypeError, RecursionError, zlib.error):
            return False
        return (
            unpacker.eof
            and function == self.allowed_function
            and instance is None
            and options == {}
            and isinstance(arguments, list)
            and arguments == [task_of(self.id)]
            and _TASK_ID.fullmatch(arguments[0]) is not None
        )


class HorseDeathPenalty(UnixSignalDeathPenalty):
    """Ends a task at its time limit for certain.

    RQ raises an exception, which a broad ``except`` swallows and which waits for C code to return. Here the
    kernel ends the horse; its worker sees that and gives the task back.
    """

    def setup_death_penalty(self) -> None:
        """Set the alarm."""
        if self._exception is not JobTimeoutException:
            super().setup_death_penalty()  # type: ignore[no-untyped-call]
            return
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(self._timeout)


class TaskWorker(Worker):
    """Takes tasks from the one queue and does each in a child process."""

    queue_class = TaskQueue
    death_penalty_class = HorseDeathPenalty
    max_connection_wait_time = _LONGEST_RECONNECT

    def __init__(
        self,
        connection: Redis,
        *,
        name: str,
        on_horse_death: Callable[[int], object],
        job_class: type[TaskJob] = TaskJob,
    ) -> None:
        """Register at Redis, which has to answer.

        Args:
            connection: to Redis; used by this worker alone.
            name: unique among the workers of this Redis, those that died lately included.
            on_horse_death: told the process id of a child that ended abnormally, to free its task.
            job_class: what jobs are taken for.
        """
        super().__init__(
            [open_queue(connection, job_class=job_class, death_penalty_class=HorseDeathPenalty)],
            name=name,
            connection=connection,
            job_class=job_class,
            serializer=JSONSerializer,
            default_result_ttl=0,
            worker_ttl=_WORKER_TTL,
            job_monitoring_interval=_HEARTBEAT_SECONDS,
            log_job_description=False,
        )
        self._on_horse_death = on_horse_death
        self._dead_horse = 0

    # -- the child -------------------------------------------------------------------------------------

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run in the child: end with the worker, then do the job."""
        assert self.pid is not None
        die_with_parent(self.pid)
        super().main_work_horse(job, queue)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait for the child, and remember it if it ended abnormally."""
        pid, status, usage = super().wait_for_horse()
        if pid and status:
            self._dead_horse = pid
        return pid, status, usage

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do one job in a child; whatever Redis does meanwhile, the child is waited for."""
        try:
            super().execute_job(job, queue)
        except RedisError as error:
            log.warning("Redis failed while a task was run (%s)", type(error).__name__)
            if self.horse_pid:
                self.wait_for_horse()
                self._horse_pid = 0
        finally:
            self._give_back_task()

    def _give_back_task(self) -> None:
        if not self._dead_horse:
            return
        horse, self._dead_horse = self._dead_horse, 0
        log.warning("the child process %d ended abnormally, its task is given back", horse)
        try:
            self._on_horse_death(horse)
        except Exception as error:
            log.warning("giving back failed (%s); the lease will run out", type(error).__name__)

    # -- nothing stays in Redis, nothing of a job is logged --------------------------------------------

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log the class of an error only: its text and traceback may hold page text."""
        kind = exc_info[0].__name__ if exc_info and exc_info[0] else "an error"
        log.error("task %s ended by %s", task_of(job.id), kind)

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: Any = None,
        exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        """Forget the job: whether its task is tried again is for the catalog to say."""
        with self.connection.pipeline() as pipeline:
            self.cleanup_execution(job, pipeline=pipeline, execution=execution)
            pipeline.delete(*keys_of(job.id))
            pipeline.lrem(queue.intermediate_queue_key, 0, job.id)
            pipeline.execute()

    # -- Redis may go away at any time -----------------------------------------------------------------

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Tell Redis that the worker lives, if it listens."""
        try:
            super().heartbeat(timeout, pipeline=pipeline)
        except RedisError:
            log.debug("no heartbeat: Redis does not answer")

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Tell Redis that the worker is at a job, if it listens."""
        try:
            super().maintain_heartbeats(job, execution)
        except RedisError:
            log.debug("no heartbeat: Redis does not answer")

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Tell Redis what the worker does, if it listens."""
        try:
            super().set_state(state, pipeline=pipeline)
        except RedisError:
            log.debug("state not told: Redis does not answer")

    def teardown(self) -> None:
        """Sign off at Redis, if it listens."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]
        except RedisError:
            log.debug("not signed off: Redis does not answer")

    def run_maintenance_tasks(self) -> None:
        """Strike dead workers off RQ's list. Lost jobs are the dispatcher's: RQ would fail or run them."""
        try:
            for queue in self.queues:
                clean_worker_registry(queue)
        except RedisError:
            log.debug("no maintenance: Redis does not answer")
        self.last_cleaned_at = now()  # type: ignore[assignment]

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for a job, also while Redis refuses (its disk or memory may be full)."""
        while True:
            try:
                return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
            except RedisError as error:
                log.warning("Redis refuses to give jobs (%s)", type(error).__name__)
                time.sleep(_LONGEST_RECONNECT)

    # -- what of RQ is not used ------------------------------------------------------------------------

    def subscribe(self) -> None:
        """Take no commands through Redis; this also keeps the process single-threaded, so forks are safe."""

    def check_for_suspension(self, burst: bool) -> None:
        """Never suspend: the supervisor stops and starts workers."""

    def set_shutdown_requested_date(self) -> None:
        """Leave Redis out of the signal handler."""

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop at once at the second signal, the child too; its task is given back."""
        try:
            super().request_force_stop(signum, frame)
        finally:
            self._give_back_task()
