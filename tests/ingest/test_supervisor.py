"""The supervisor: keeps its processes running, ends them all, and leaves none behind."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.redis_server import ping, socket_url
from ingest.supervisor import KILL_SECONDS, LAST_STOP_SECONDS, STOP_SECONDS
from tests.ingest.test_redis_server import is_alive, wait_until_dead
from tests.ingest.test_rq_worker import wait_for

pytestmark = pytest.mark.server


class Supervised:
    """A running supervisor, and what it said."""

    def __init__(self, folder: Path, *children: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.supervised", folder, *children],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(line.strip())

    def hear(self, beginning: str, seconds: float = 10.0) -> str:
        """Return the next line that begins so."""
        deadline = time.monotonic() + seconds
        while True:
            line = self.said.get(timeout=max(0.01, deadline - time.monotonic()))
            if line.startswith(beginning):
                return line

    def pids(self, kind: str) -> list[int]:
        file = self.folder / f"{kind}.pids"
        wait_for(file.exists)
        return [int(pid) for pid in file.read_text().split()]

    def redis(self) -> int:
        return int((self.folder / "redis.lock").read_text())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def supervised(folder: Path, *children: str) -> Iterator[Supervised]:
    running = Supervised(folder, *children)
    try:
        yield running
    finally:
        running.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_says_ready_and_stops_everything_in_order(short_folder: Path, number: signal.Signals) -> None:
    with supervised(short_folder, "steady", "parent") as up:
        up.hear("ready")
        assert ping(socket_url(short_folder / "redis.sock"))
        pids = [*up.pids("steady"), *up.pids("parent"), up.redis()]
        assert all(map(is_alive, pids))
        asked = time.monotonic()
        up.process.send_signal(number)
        up.hear("stopped")
        assert up.process.wait(5) == 0
        assert time.monotonic() - asked < 6.0
        assert not any(map(is_alive, pids))


def test_allows_itself_less_than_ten_seconds_to_stop() -> None:
    assert STOP_SECONDS + LAST_STOP_SECONDS + 2 * KILL_SECONDS <= 9.0


def test_stops_in_time_although_a_child_will_not(short_folder: Path) -> None:
    with supervised(short_folder, "stubborn") as up:
        up.hear("ready")
        pids = [*up.pids("stubborn"), up.redis()]
        asked = time.monotonic()
        up.process.terminate()
        assert up.process.wait(11) == 0
        assert 1.5 <= time.monotonic() - asked < 8.0
        assert not any(map(is_alive, pids))


def test_starts_the_dead_again_and_tells_who_died(short_folder: Path) -> None:
    with supervised(short_folder, "steady") as up:
        up.hear("ready")
        (first,) = up.pids("steady")
        (short_folder / "steady.pids").unlink()
        os.kill(first, signal.SIGKILL)
        assert up.hear("dead:") == f"dead: steady-0 {first}"
        (second,) = up.pids("steady")
        assert second != first
        redis = up.redis()
        os.kill(redis, signal.SIGKILL)
        assert up.hear("dead:") == f"dead: redis {redis}"
        wait_for(lambda: ping(socket_url(short_folder / "redis.sock")))
        assert up.redis() != redis


def test_descendants_of_a_killed_child_are_ended(short_folder: Path) -> None:
    with supervised(short_folder, "parent") as up:
        up.hear("ready")
        parent, grandchild = up.pids("parent")
        os.kill(parent, signal.SIGKILL)
        assert wait_until_dead(grandchild, 3.0)


def test_crash_loop_is_reported_and_hinders_nobody(short_folder: Path) -> None:
    with supervised(short_folder, "crashing", "steady") as up:
        notice = up.hear("notice: process-crashing-0")
        assert "does not stay up" in notice
        assert is_alive(up.pids("steady")[0])
        up.process.terminate()
        assert up.process.wait(10) == 0


def test_second_supervisor_is_refused(short_folder: Path) -> None:
    with supervised(short_folder, "steady") as up:
        up.hear("ready")
        with supervised(short_folder, "steady") as second:
            refusal = second.hear("refused:")
            assert str(up.process.pid) in refusal
            assert second.process.wait(5) == 6
        assert up.process.poll() is None


def test_killed_supervisor_leaves_no_orphans_and_its_home_free(short_folder: Path) -> None:
    with supervised(short_folder, "steady", "stubborn") as up:
        up.hear("ready")
        pids = [*up.pids("steady"), *up.pids("stubborn"), up.redis()]
        up.process.kill()
        up.process.wait()
        assert all(wait_until_dead(pid, 3.0) for pid in pids)
    for kind in ("steady", "stubborn"):
        (short_folder / f"{kind}.pids").unlink()
    with supervised(short_folder, "steady") as again:
        again.hear("ready")


def test_children_stand_back_and_lead_their_own_sessions(short_folder: Path) -> None:
    with supervised(short_folder, "steady") as up:
        up.hear("ready")
        (child,) = up.pids("steady")
        assert os.getpriority(os.PRIO_PROCESS, child) == os.getpriority(os.PRIO_PROCESS, up.process.pid) + 5
        assert os.getsid(child) == child
        assert (short_folder / "steady.log").stat().st_mode & 0o777 == 0o600
