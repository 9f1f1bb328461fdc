"""The dispatcher: offers what is ready, finds what was lost, bears what is down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from backfile.errors import ServerDown
from backfile.ports import JobQueue, MemoryJobQueue
from ingest.announcer import Announcer
from ingest.dispatch import LOST_AFTER, Dispatcher, TaskBoard, dispatch_tasks
from ingest.rq_queue import RqQueue
from ingest.stopping import StopRequest
from tests.ingest.conftest import RunningRedis
from tests.ingest.folder_board import FolderBoard
from tests.ingest.task_jobs import FUNCTION
from tests.ingest.test_rq_worker import pid_of, wait_for, working


class ListBoard:
    """A catalog that is a list."""

    def __init__(self, *ready: str) -> None:
        self.ready = list(ready)

    def expire_leases(self) -> int:
        return 0

    def ready_tasks(self, limit: int) -> Sequence[str]:
        return self.ready[:limit]


class Desk:
    """A dispatcher with a clock that is set by hand."""

    def __init__(self, *ready: str, depth: int = 200) -> None:
        self.now = 100.0
        self.board = ListBoard(*ready)
        self.queue = MemoryJobQueue()
        self.dispatcher = Dispatcher(self.board, self.queue, depth=depth, clock=lambda: self.now)

    def step(self, *, later: float = 1.0) -> int:
        self.now += later
        return self.dispatcher.step().offered


def test_offers_each_ready_task_once_in_order() -> None:
    desk = Desk("a", "b", "c")
    assert [desk.step(), desk.step(), desk.step()] == [3, 0, 0]
    assert desk.queue.tasks == ["a", "b", "c"]


def test_keeps_the_queue_at_its_depth() -> None:
    desk = Desk(*(f"{n:03d}" for n in range(500)), depth=20)
    assert desk.step() == 20
    for _ in range(7):
        taken = desk.queue.tasks.pop(0)
        desk.board.ready.remove(taken)
    assert desk.step() == 7
    assert desk.queue.tasks == [f"{n:03d}" for n in range(7, 27)]


def test_new_urgent_task_is_offered_although_others_wait() -> None:
    desk = Desk("b", "c")
    desk.step()
    desk.board.ready.insert(0, "a")
    assert desk.step() == 1
    assert "a" in desk.queue.waiting()


def test_task_taken_but_not_yet_claimed_is_not_offered_again_at_once() -> None:
    desk = Desk("a")
    desk.step()
    desk.queue.tasks.clear()
    assert [desk.step() for _ in range(int(LOST_AFTER) - 1)] == [0] * (int(LOST_AFTER) - 1)


def test_lost_task_is_offered_again_and_again_while_it_is_lost() -> None:
    desk = Desk("a")
    desk.step()
    for _ in range(3):
        desk.queue.tasks.clear()
        desk.now += LOST_AFTER
        assert desk.dispatcher.step().again == 1
        assert desk.queue.tasks == ["a"]
        assert desk.step() == 0


def test_waiting_for_long_is_not_lost() -> None:
    desk = Desk("a")
    desk.step()
    assert desk.step(later=3600) == 0
    desk.queue.tasks.clear()
    assert desk.step() == 0


def test_task_given_back_is_offered_at_once() -> None:
    desk = Desk("a")
    desk.step()
    desk.queue.tasks.clear()
    desk.board.ready.clear()  # claimed
    desk.step()
    desk.board.ready.append("a")  # given back
    assert desk.step() == 1


class BrokenQueue(MemoryJobQueue):
    """A queue that is down until it is mended."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    def waiting(self) -> set[str]:
        if self.errors:
            raise self.errors.pop(0)
        return super().waiting()


@contextmanager
def dispatching(
    board: TaskBoard, queue: JobQueue, notices: dict[str, str | None] | None = None
) -> Iterator[None]:
    stop = StopRequest()
    write: Callable[[str, str | None], None] = ({} if notices is None else notices).__setitem__
    thread = threading.Thread(
        target=dispatch_tasks,
        args=(Dispatcher(board, queue, lost_after=1.0),),
        kwargs={"stop": stop, "announcer": Announcer(write), "poll_seconds": 0.1},
    )
    thread.start()
    try:
        yield
    finally:
        stop.request()
        thread.join(5)
        assert not thread.is_alive()
        stop.close()


@pytest.mark.parametrize("error", [ServerDown("It is down.", next_step="Wait."), RuntimeError("odd")])
def test_whatever_is_down_is_spoken_of_and_waited_for(error: Exception) -> None:
    notices: dict[str, str | None] = {}
    queue = BrokenQueue(error, error, error)
    with dispatching(ListBoard("a"), queue, notices):
        wait_for(lambda: bool(notices.get("queue")))
        wait_for(lambda: queue.tasks == ["a"])
        wait_for(lambda: notices["queue"] is None)


@pytest.fixture
def board(tmp_path: Path) -> FolderBoard:
    folder = tmp_path / "board"
    folder.mkdir()
    return FolderBoard(folder)


@pytest.mark.server
def test_everything_deleted_from_redis_is_offered_again(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    tasks = [f"tsk_quick{number:02d}" for number in range(30)]
    queue = RqQueue(redis_server.connection(patience=0), function=FUNCTION)
    with dispatching(board, queue):
        board.add(*tasks)
        wait_for(lambda: queue.waiting() == set(tasks))
        redis_server.connection().flushall()
        wait_for(lambda: queue.waiting() == set(tasks))
        with working(redis_server, board):
            wait_for(lambda: all(board.runs(task) == 1 for task in tasks))


@pytest.mark.server
def test_redis_killed_and_away_for_a_while_loses_nothing(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    notices: dict[str, str | None] = {}
    queue = RqQueue(redis_server.connection(patience=0), function=FUNCTION)
    with working(redis_server, board) as worker, dispatching(board, queue, notices):
        board.add("tsk_quick00")
        wait_for(lambda: board.runs("tsk_quick00") == 1)
        redis_server.kill()
        board.add("tsk_quick01", "tsk_quick02")
        wait_for(lambda: bool(notices["queue"]))
        redis_server.start()
        wait_for(lambda: board.runs("tsk_quick01") + board.runs("tsk_quick02") == 2)
        wait_for(lambda: notices["queue"] is None)
        assert worker.poll() is None


@pytest.mark.server
def test_worker_killed_inside_a_task_which_is_then_done_once(
    redis_server: RunningRedis, board: FolderBoard, tmp_path: Path
) -> None:
    markers = tmp_path / "markers"
    markers.mkdir()
    faults = {"BACKFILE_FAULT": "test.claimed:2:hang", "BACKFILE_FAULT_MARKERS": str(markers)}
    tasks = ["tsk_quick00", "tsk_quick01", "tsk_quick02"]
    queue = RqQueue(redis_server.connection(patience=0), function=FUNCTION)
    with dispatching(board, queue):
        with working(redis_server, board, name="worker-1", **faults) as worker:
            board.add(*tasks)
            wait_for((markers / "test.claimed.2.hang").exists)
            worker.kill()  # while its child is inside the task
            worker.wait()
        assert board.release_owner(f"worker-1.{worker.pid}:") == 1
        with working(redis_server, board, name="worker-2", **faults):
            wait_for(lambda: all(board.runs(task) for task in tasks))
            time.sleep(0.5)
    assert [board.runs(task) for task in tasks] == [1, 1, 1]


@pytest.mark.server
def test_idle_worker_killed_as_a_task_arrives_loses_nothing(
    redis_server: RunningRedis, board: FolderBoard
) -> None:
    queue = RqQueue(redis_server.connection(patience=0), function=FUNCTION)
    with dispatching(board, queue), working(redis_server, board, name="worker-1") as worker:
        board.add("tsk_quick00")
        wait_for(lambda: board.runs("tsk_quick00") == 1)
        worker.kill()
        board.add("tsk_quick01")  # may be handed to the dead worker's connection
        with working(redis_server, board, name="worker-2"):
            wait_for(lambda: board.runs("tsk_quick01") == 1, 18)
        assert pid_of(board, "tsk_quick01") != 0
