"""Workers on real Redis: what they refuse, what they survive, what they leave behind."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.rq_queue import QUEUE_NAME, RqQueue
from tests.ingest.conftest import RunningRedis
from tests.ingest.folder_board import FolderBoard
from tests.ingest.task_jobs import FUNCTION
from tests.ingest.test_redis_server import is_alive, wait_until_dead

pytestmark = pytest.mark.server

QUEUE_KEY = f"rq:queue:{QUEUE_NAME}"


@pytest.fixture
def board(tmp_path: Path) -> FolderBoard:
    folder = tmp_path / "board"
    folder.mkdir()
    return FolderBoard(folder)


@contextmanager
def working(
    server: RunningRedis, board: FolderBoard, *, name: str = "worker-1", **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    with (board.folder / f"{name}.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.task_jobs", server.url, board.folder, name],
            env=os.environ | environment,
            stderr=log,
        )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def pid_of(board: FolderBoard, task: str) -> int:
    """Return the child that has begun a task."""
    file = board.folder / f"{task}.pid"
    wait_for(lambda: file.exists() and file.read_text() != "")
    return int(file.read_text())


def offer(server: RunningRedis, board: FolderBoard, *tasks: str) -> None:
    board.add(*tasks)
    RqQueue(server.connection(), function=FUNCTION).push(tasks)


def test_does_each_task_once_and_leaves_nothing_in_redis(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    tasks = [f"tsk_quick{number:02d}" for number in range(20)]
    with working(redis_server, board, name="worker-1"), working(redis_server, board, name="worker-2"):
        offer(redis_server, board, *tasks)
        wait_for(lambda: all(board.runs(task) for task in tasks))
        connection = redis_server.connection()
        wait_for(lambda: not connection.keys("rq:job:*"))
        assert [board.runs(task) for task in tasks] == [1] * 20
        assert connection.keys("rq:results:*") == []
        assert connection.exists(QUEUE_KEY, f"{QUEUE_KEY}:intermediate", f"rq:failed:{QUEUE_NAME}") == 0


def test_error_of_a_task_leaves_no_text_in_redis_nor_in_the_log(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    with working(redis_server, board):
        offer(redis_server, board, "tsk_fails00", "tsk_after00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        contents = redis_server.contents()
    log = (board.folder / "worker-1.log").read_bytes()
    assert b"tsk_fails00 ended by ValueError" in log
    for held in (contents, log):
        assert b"Planted" not in held
        assert b"00123456" not in held
    assert redis_server.connection().keys("rq:failed:*") == []


def _job(**changes: object) -> dict[str, object]:
    """Return a job's hash as RqQueue makes it, changed."""
    call = changes.pop("call", [FUNCTION, None, ["tsk_forged0"], {}])
    data = changes.pop("data", zlib.compress(json.dumps(call).encode()))
    return {
        "created_at": "2026-01-01T00:00:00.000000Z",
        "enqueued_at": "2026-01-01T00:00:00.000000Z",
        "status": "queued",
        "origin": QUEUE_NAME,
        "timeout": 10,
        "data": data,
    } | changes


class _Run:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return (os.system, (self.command,))


FORGED: dict[str, Callable[[str], dict[str, object]]] = {
    "another function": lambda run: _job(call=["os.system", None, [run], {}]),
    "another function under our argument": lambda _: _job(call=["os.remove", None, ["tsk_forged0"], {}]),
    "pickle": lambda run: _job(data=zlib.compress(pickle.dumps(_Run(run)))),
    "success callback": lambda _: _job(success_callback_name="tests.ingest.planted.run"),
    "failure callback": lambda _: _job(
        failure_callback_name="tests.ingest.planted.run", call=["x", None, [], {}]
    ),
    "stopped callback": lambda _: _job(stopped_callback_name="tests.ingest.planted.run"),
    "webhook": lambda _: _job(
        webhooks=json.dumps([{"url": "http://127.0.0.1:9/", "job_status": "finished"}])
    ),
    "method of an object": lambda _: _job(call=[FUNCTION, "tsk_forged0", ["tsk_forged0"], {}]),
    "options": lambda _: _job(call=[FUNCTION, None, ["tsk_forged0"], {"x": 1}]),
    "another task's id": lambda _: _job(call=[FUNCTION, None, ["tsk_other00"], {}]),
    "a path for an id": lambda _: _job(call=[FUNCTION, None, ["../../etc"], {}]),
    "a bomb": lambda _: _job(data=zlib.compress(b"[" * 5_000_000)),
    "padded past the limit": lambda _: _job(
        data=zlib.compress(json.dumps([FUNCTION, None, ["tsk_forged0"], {}]).encode() + b" " * 5_000_000)
    ),
    "retries": lambda _: _job(retries_left=3),
    "no data": lambda _: {"status": "queued", "origin": QUEUE_NAME},
    "another queue's name": lambda _: _job(origin="elsewhere"),
}


def test_every_forged_job_is_refused_and_the_next_true_one_done(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    planted = board.folder / "planted"
    connection = redis_server.connection()
    board.add("tsk_forged0", "tsk_other00")
    for number, forge in enumerate(FORGED.values()):
        job_id = f"tsk_forged0-{number}"
        connection.hset(f"rq:job:{job_id}", mapping=forge(f"touch {planted}"))  # type: ignore[arg-type]
        connection.rpush(QUEUE_KEY, job_id)
    connection.rpush(QUEUE_KEY, b"\xff\xfe", "no such job", "tsk_nowhere-1")
    connection.set("rq:job:tsk_wrong00-1", "a string where a hash should be")
    connection.rpush(QUEUE_KEY, "tsk_wrong00-1")
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_true000")
        wait_for(lambda: board.runs("tsk_true000") == 1)
        assert worker.poll() is None
    assert not planted.exists()
    assert board.runs("tsk_forged0") == 0
    assert board.runs("tsk_other00") == 0
    log = (board.folder / "worker-1.log").read_text()
    assert log.count("was refused") >= len(FORGED)


def test_true_job_built_like_the_forged_ones_is_done(redis_server: RunningRedis, board: FolderBoard) -> None:
    """The forged jobs above fail for what was changed in them, not for how they were built."""
    connection = redis_server.connection()
    board.add("tsk_forged0")
    connection.hset("rq:job:tsk_forged0-1", mapping=_job())  # type: ignore[arg-type]
    connection.rpush(QUEUE_KEY, "tsk_forged0-1")
    with working(redis_server, board):
        wait_for(lambda: board.runs("tsk_forged0") == 1)


def test_killed_child_frees_its_task_at_once(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board):
        offer(redis_server, board, "tsk_slow000")
        os.kill(pid_of(board, "tsk_slow000"), signal.SIGKILL)
        wait_for(lambda: board.ready_tasks(9) == ["tsk_slow000"], 5)
        offer(redis_server, board, "tsk_slow000")
        wait_for(lambda: board.runs("tsk_slow000") == 1)
        wait_for(lambda: not redis_server.connection().keys("rq:job:*"))


def test_killed_worker_takes_its_child_along(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_slow000")
        child = pid_of(board, "tsk_slow000")
        worker.kill()
        worker.wait()
        assert wait_until_dead(child, 3.0)
    assert board.runs("tsk_slow000") == 0


def test_time_limit_holds_against_a_broad_except(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board):
        offer(redis_server, board, "tsk_hangs00", "tsk_after00")
        child = pid_of(board, "tsk_hangs00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        assert not is_alive(child)
        assert "tsk_hangs00" in board.ready_tasks(9)


def test_sigterm_lets_the_task_end(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_slow000", "tsk_other00")
        pid_of(board, "tsk_slow000")
        worker.terminate()
        assert worker.wait(8) == 0
    assert board.runs("tsk_slow000") == 1
    assert board.runs("tsk_other00") == 0


def test_idle_worker_stops_at_once(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_quick00")
        wait_for(lambda: board.runs("tsk_quick00") == 1)
        asked = time.monotonic()
        worker.terminate()
        assert worker.wait(8) == 0
        assert time.monotonic() - asked < 4.0


def test_worker_survives_redis_killed_amid_a_task(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_slow000")
        pid_of(board, "tsk_slow000")
        redis_server.kill()
        wait_for(lambda: board.runs("tsk_slow000") == 1)
        time.sleep(1.0)
        redis_server.start()
        offer(redis_server, board, "tsk_after00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        assert worker.poll() is None


def test_worker_survives_everything_deleted_amid_a_task(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_slow000")
        pid_of(board, "tsk_slow000")
        redis_server.connection().flushall()
        wait_for(lambda: board.runs("tsk_slow000") == 1)
        offer(redis_server, board, "tsk_after00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        assert worker.poll() is None


def test_worker_waits_out_a_redis_that_refuses(redis_server: RunningRedis, board: FolderBoard) -> None:
    connection = redis_server.connection()
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_quick00")
        wait_for(lambda: board.runs("tsk_quick00") == 1)
        connection.config_set("maxmemory", "1")
        board.add("tsk_after00")
        time.sleep(1.0)
        connection.config_set("maxmemory", "0")
        offer(redis_server, board, "tsk_after00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        assert worker.poll() is None


def test_idle_worker_takes_no_command_through_redis(redis_server: RunningRedis, board: FolderBoard) -> None:
    with working(redis_server, board) as worker:
        offer(redis_server, board, "tsk_quick00")
        wait_for(lambda: board.runs("tsk_quick00") == 1)
        connection = redis_server.connection()
        assert connection.pubsub_channels() == []
        connection.set("rq:suspended", 1)
        offer(redis_server, board, "tsk_after00")
        wait_for(lambda: board.runs("tsk_after00") == 1)
        assert worker.poll() is None
