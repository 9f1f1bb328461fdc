"""What the workers under test run instead of the pipeline, and how they are started.

``python -m tests.ingest.task_jobs URL FOLDER NAME`` is a worker like ``ingest.processes.run_worker``.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from backfile.faults import fault
from backfile.logs import start_logging
from ingest.child import announce_ready
from ingest.redis_server import connect
from ingest.rq_worker import TaskJob, TaskWorker
from tests.ingest.folder_board import FolderBoard

FUNCTION = "tests.ingest.task_jobs.run_task"


class _Bench:
    board = FolderBoard(Path())
    owner = ""


class QuickJob(TaskJob):
    """A job of the tests, with little patience."""

    allowed_function = FUNCTION
    time_limit = 2


def run_task(task_id: str) -> None:
    """Do what the task's name says."""
    board = _Bench.board
    owner = f"{_Bench.owner}:{os.getpid()}"
    if not board.claim(task_id, owner):
        return
    (board.folder / f"{task_id}.pid").write_text(str(os.getpid()))
    fault("test.claimed")
    if task_id.startswith("tsk_fails"):
        board.release_owner(owner)
        raise ValueError("Planted, Patient MRN 00123456")
    if task_id.startswith("tsk_brief"):
        time.sleep(0.05)
    if task_id.startswith("tsk_slow"):
        time.sleep(1.5)
    if task_id.startswith("tsk_hangs"):
        while True:
            try:
                time.sleep(60)
            except Exception:
                continue
    board.finish(task_id, owner)


def work(url: str, folder: Path, name: str) -> None:
    """Be a worker."""
    _Bench.board = FolderBoard(folder)
    _Bench.owner = f"{name}.{os.getpid()}"
    worker = TaskWorker(
        connect(url),
        name=f"{_Bench.owner}.x",
        on_horse_death=lambda horse: _Bench.board.release_owner(f"{_Bench.owner}:{horse}"),
        job_class=QuickJob,
    )
    announce_ready()
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    from tests.ingest import task_jobs  # the module that RQ will import, not this copy called __main__

    start_logging()
    task_jobs.work(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
