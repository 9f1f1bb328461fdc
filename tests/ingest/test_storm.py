"""Killing at random, with everything running: every task is done, and done once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from ingest.redis_server import connect, socket_url
from ingest.rq_queue import RqQueue
from tests.ingest.folder_board import FolderBoard
from tests.ingest.task_jobs import FUNCTION
from tests.ingest.test_dispatch import dispatching
from tests.ingest.test_rq_worker import wait_for
from tests.ingest.test_supervisor import Supervised, supervised

pytestmark = [pytest.mark.server, pytest.mark.long]

KILLS = 30


def pick_victim(up: Supervised, chance: random.Random) -> int | None:
    """Return a worker, a worker's child, or Redis."""
    kind = chance.choice(["worker", "worker", "child", "child", "child", "redis"])
    if kind == "redis":
        return up.redis()
    workers = children_of(up.process.pid, containing="task_jobs")
    if kind == "worker":
        return chance.choice(workers) if workers else None
    horses = [child for worker in workers for child in children_of(worker)]
    return chance.choice(horses) if horses else None


def children_of(parent: int, *, containing: str = "") -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if int(fields[1]) == parent and containing in command:
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_killed_at_random_and_every_task_done_once(short_folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    board = FolderBoard(short_folder)
    tasks = [f"tsk_brief{number:04d}" for number in range(200)]
    connection = connect(socket_url(short_folder / "redis.sock"), patience=0)
    killed = 0
    with supervised(short_folder, "worker", "worker") as up:
        up.hear("ready")
        board.add(*tasks)
        with dispatching(board, RqQueue(connection, function=FUNCTION)):
            while killed < KILLS and board.ready_tasks(1):
                victim = pick_victim(up, chance)
                if victim is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(victim, signal.SIGKILL)
                        killed += 1
                if chance.random() < 0.05:
                    with contextlib.suppress(RedisError):
                        connection.flushall()
                time.sleep(chance.uniform(0.1, 0.8))
            wait_for(lambda: all(board.runs(task) for task in tasks), 200)
        up.process.terminate()
        assert up.process.wait(10) == 0
    assert killed >= 15
    assert {task: board.runs(task) for task in tasks if board.runs(task) != 1} == {}
