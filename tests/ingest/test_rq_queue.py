"""The queue of tasks: order, what waits, what was lost."""

from __future__ import annotations

from typing import Any

import pytest

from backfile.errors import ServerDown
from backfile.ports import JobQueue
from ingest.rq_queue import QUEUE_NAME, STUCK_SECONDS, RqQueue, task_of
from tests.ingest.conftest import RunningRedis

pytestmark = pytest.mark.server

QUEUE_KEY = f"rq:queue:{QUEUE_NAME}"
PASSING_KEY = f"{QUEUE_KEY}:intermediate"


def order(server: RunningRedis) -> list[str]:
    entries: Any = server.connection().lrange(QUEUE_KEY, 0, -1)
    return [task_of(entry.decode()) for entry in entries]


def test_keeps_the_order_given(redis_server: RunningRedis) -> None:
    queue: JobQueue = RqQueue(redis_server.connection())
    queue.push(["tsk_aaaaaa", "tsk_bbbbbb"])
    queue.push(["tsk_cccccc", "tsk_dddddd"], front=True)
    queue.push([])
    assert order(redis_server) == ["tsk_cccccc", "tsk_dddddd", "tsk_aaaaaa", "tsk_bbbbbb"]
    assert queue.waiting() == {"tsk_aaaaaa", "tsk_bbbbbb", "tsk_cccccc", "tsk_dddddd"}


def test_same_task_may_be_offered_twice(redis_server: RunningRedis) -> None:
    queue = RqQueue(redis_server.connection())
    queue.push(["tsk_aaaaaa"])
    queue.push(["tsk_aaaaaa"])
    assert order(redis_server) == ["tsk_aaaaaa", "tsk_aaaaaa"]
    assert len(set(redis_server.connection().lrange(QUEUE_KEY, 0, -1))) == 2


def test_task_between_queue_and_worker_still_waits_but_not_for_ever(redis_server: RunningRedis) -> None:
    now = 0.0
    queue = RqQueue(redis_server.connection(), clock=lambda: now)
    queue.push(["tsk_aaaaaa", "tsk_bbbbbb"])
    connection = redis_server.connection()
    connection.lmove(QUEUE_KEY, PASSING_KEY)
    assert queue.waiting() == {"tsk_aaaaaa", "tsk_bbbbbb"}
    now = STUCK_SECONDS - 0.1
    assert queue.waiting() == {"tsk_aaaaaa", "tsk_bbbbbb"}
    now = STUCK_SECONDS
    assert queue.waiting() == {"tsk_bbbbbb"}
    assert connection.llen(PASSING_KEY) == 0
    assert len(connection.keys("rq:job:*")) == 1


def test_rubbish_in_the_lists_is_borne(redis_server: RunningRedis) -> None:
    now = 0.0
    queue = RqQueue(redis_server.connection(), clock=lambda: now)
    connection = redis_server.connection()
    connection.rpush(QUEUE_KEY, b"\xff\xfe", "nothing")
    connection.rpush(PASSING_KEY, b"\xff\xfe")
    queue.push(["tsk_aaaaaa"])
    assert "tsk_aaaaaa" in queue.waiting()
    now = STUCK_SECONDS
    queue.waiting()
    assert connection.llen(PASSING_KEY) == 0


def test_says_that_the_server_is_down(redis_server: RunningRedis) -> None:
    queue = RqQueue(redis_server.connection(patience=0))
    redis_server.kill()
    with pytest.raises(ServerDown, match="nothing is lost"):
        queue.push(["tsk_aaaaaa"])
    with pytest.raises(ServerDown):
        queue.waiting()
    redis_server.start()
    queue.push(["tsk_aaaaaa"])
    assert queue.waiting() == {"tsk_aaaaaa"}


def test_full_server_counts_as_down(redis_server: RunningRedis) -> None:
    queue = RqQueue(redis_server.connection())
    redis_server.connection().config_set("maxmemory", "1")
    with pytest.raises(ServerDown):
        queue.push(["tsk_aaaaaa"])


def test_holds_nothing_but_opaque_ids(redis_server: RunningRedis) -> None:
    RqQueue(redis_server.connection()).push(["tsk_aaaaaa"])
    (key,) = redis_server.connection().keys("rq:job:*")
    job = redis_server.connection().hgetall(key)
    assert job[b"description"] == b"task"
    assert b'["ingest.jobs.run_task", null, ["tsk_aaaaaa"], {}]' in redis_server.contents()
