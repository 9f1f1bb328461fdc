"""The processes of a home and their entry points.

``python -m ingest.processes watcher|dispatcher|worker|indexer --home DIR`` runs one of them until SIGTERM;
``plan_processes`` says which of them a supervisor keeps running. They share nothing but the catalog and
Redis, so each may be killed at any time.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from backfile.errors import BackfileError, Busy
from backfile.home import Home
from backfile.ids import new_id
from backfile.logs import start_logging
from backfile.settings import Settings
from ingest.announcer import Announcer
from ingest.child import announce_ready, has_announced, start_child
from ingest.dispatch import Dispatcher, dispatch_tasks
from ingest.intake import IncomingFile, take_file
from ingest.locks import FileLock
from ingest.reconcile import CatalogTaskBoard
from ingest.redis_server import connect, ping, socket_url, start_redis
from ingest.rq_queue import RqQueue
from ingest.rq_worker import TaskWorker
from ingest.settle import SettledFile, SettleTracker
from ingest.stopping import StopRequest
from ingest.supervisor import ProcessSpec
from ingest.watch import watch_inbox
from ingest.workshop import Workshop, open_workshop
from ocr.complete import is_structure_complete

log = logging.getLogger(__name__)

WORKER_NICENESS = 10
"""Workers stand back for the screens, so that a technician never waits for a page to be read."""
_INDEXER_NICENESS = 5
_ROLE_SECONDS = 8.0
"""What a process waits for its killed predecessor to be gone."""
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Workers share the cores among themselves; libraries that start threads of their own only get in the way."""


def plan_processes(
    home: Home, settings: Settings, *, with_watcher: bool = True, environment: dict[str, str] | None = None
) -> list[ProcessSpec]:
    """Return what a supervisor keeps running for a home (the screens come on top).

    Args:
        home: the home.
        settings: of the home, flags included.
        with_watcher: watch the inbox; ``ingest --wait`` and ``demo`` may bring their files themselves.
        environment: settings given as flags, as ``BACKFILE_<NAME>`` variables for the processes.
    """
    shared = {"BACKFILE_REDIS_URL": redis_url(home, settings)} | (environment or {})
    plan = []
    if not settings.redis_url:
        plan.append(
            ProcessSpec(
                "redis",
                lambda: start_redis(
                    home.redis, home.run_folder() / "redis.sock", logfile=home.logs / "redis.log"
                ),
                is_last=True,
            )
        )
    if with_watcher:
        plan.append(_plan_role("watcher", home, shared))
    plan.append(_plan_role("dispatcher", home, shared))
    plan.append(_plan_role("indexer", home, shared, nice=_INDEXER_NICENESS))
    for number in range(1, settings.worker_count + 1):
        plan.append(
            _plan_role("worker", home, shared | _ONE_THREAD, nice=WORKER_NICENESS, name=f"worker-{number}")
        )
    return plan


def redis_url(home: Home, settings: Settings) -> str:
    """Return the address of the Redis that a home uses: the site's, else its own."""
    return settings.redis_url or socket_url(home.run_folder() / "redis.sock")


def free_tasks(workshop: Workshop) -> Callable[[str, int], object]:
    """Return the supervisor's ``on_death``: what a dead worker held may be claimed again at once."""
    board = CatalogTaskBoard(workshop)
    return lambda name, pid: (
        board.release_owner(f"{owner_of(name, pid)}:") if name.startswith("worker") else 0
    )


def owner_of(name: str, pid: int) -> str:
    """Return how a worker signs its leases; its children add ``:`` and their process ids."""
    return f"{name}.{pid}"


def announcer_of(workshop: Workshop) -> Announcer:
    """Return an announcer whose sentences stand in ``status`` and on the screens."""

    def write(subject: str, text: str | None) -> None:
        with workshop.catalog.begin() as uow:
            if text is None:
                uow.notices.clear(subject)
            else:
                uow.notices.set(subject, text, at=uow.clock.now())
            uow.commit()

    return Announcer(write)


def run_watcher(workshop: Workshop, stop: StopRequest) -> None:
    """Watch the inboxes and take in what settles."""
    _hold_role("watcher", workshop.home)
    call_id = new_id("run")

    def take(file: SettledFile) -> None:
        incoming = IncomingFile(
            path=file.path,
            name=file.name,
            source=str(file.snapshot.inbox),
            batch=file.batch,
            is_complete=file.is_complete,
        )
        take_file(incoming, workshop=workshop, call_id=call_id, move=True)

    tracker = SettleTracker(is_structure_complete, settle_seconds=workshop.settings.settle_seconds)
    announce_ready()
    watch_inbox(
        workshop.inboxes,
        take,
        tracker=tracker,
        stop=stop,
        announcer=announcer_of(workshop),
        poll_seconds=min(1.0, workshop.settings.settle_seconds),
    )


def run_dispatcher(workshop: Workshop, stop: StopRequest) -> None:
    """Keep the queue filled from the catalog."""
    _hold_role("dispatcher", workshop.home)
    queue = RqQueue(connect(redis_url(workshop.home, workshop.settings), patience=0.0))
    announce_ready()
    dispatch_tasks(Dispatcher(CatalogTaskBoard(workshop), queue), stop=stop, announcer=announcer_of(workshop))


def run_worker(workshop: Workshop, stop: StopRequest, *, name: str) -> None:
    """Do tasks, each in a child process."""
    from ingest import jobs  # engines and models are loaded by workers alone

    url = redis_url(workshop.home, workshop.settings)
    owner = owner_of(name, os.getpid())
    jobs.prepare(workshop, RqQueue(connect(url)), owner=owner)
    while not ping(url):
        if stop.wait(0.5):
            return
    board = CatalogTaskBoard(workshop)
    worker = TaskWorker(
        connect(url),
        name=f"{owner}.{new_id('w')}",
        on_horse_death=lambda horse: board.release_owner(f"{owner}:{horse}"),
    )
    announce_ready()
    if not stop:
        worker.work(logging_level="WARNING")  # from here on RQ handles SIGTERM


def run_indexer(workshop: Workshop, stop: StopRequest) -> None:
    """Bring what changed into the search index."""
    from ingest.indexer import drain_outbox  # the search engine is loaded by this process alone

    _hold_role("indexer", workshop.home)
    announce_ready()
    drain_outbox(workshop, stop=stop, announcer=announcer_of(workshop))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one process until SIGTERM; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m ingest.processes", description=__doc__)
    parser.add_argument("role", choices=["watcher", "dispatcher", "worker", "indexer"])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--name", default="worker")
    options = parser.parse_args(arguments)
    start_logging()
    stop = StopRequest()
    stop.listen()
    try:
        workshop = open_workshop(options.home)
        match options.role:
            case "watcher":
                run_watcher(workshop, stop)
            case "dispatcher":
                run_dispatcher(workshop, stop)
            case "worker":
                run_worker(workshop, stop, name=options.name)
            case "indexer":
                run_indexer(workshop, stop)
    except BackfileError as error:
        log.error("%s stopped: %s", options.role, error)
        return int(error.exit_code)
    return 0


def _plan_role(
    role: str, home: Home, environment: dict[str, str], *, nice: int = 0, name: str | None = None
) -> ProcessSpec:
    name = name or role
    argv = [sys.executable, "-P", "-m", "ingest.processes", role, "--home", str(home.root), "--name", name]
    return ProcessSpec(
        name,
        lambda: start_child(argv, environment=environment, logfile=home.logs / f"{name}.log", nice=nice),
        is_ready=has_announced,
    )


def _hold_role(role: str, home: Home) -> None:
    """Be the only one of this role in the home, for as long as this process lives.

    Raises:
        Busy: another one runs, and does not end.
    """
    lock = FileLock(home.run_folder() / f"{role}.lock")
    if not lock.acquire(seconds=_ROLE_SECONDS):
        raise Busy(f"Another {role} runs on this home.", next_step="Stop it first.")


def _run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _run()
