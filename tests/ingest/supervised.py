"""A supervisor under test.

``python -m tests.ingest.supervised FOLDER KIND...`` supervises Redis, and a process for each kind that
``supervised_child`` knows or a ``worker``. It says "ready" and what happens on its standard output.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from backfile.errors import BackfileError
from backfile.logs import start_logging
from ingest.announcer import Announcer
from ingest.child import has_announced, start_child
from ingest.redis_server import socket_url, start_redis
from ingest.stopping import StopRequest
from ingest.supervisor import ProcessSpec, hold_home, supervise
from tests.ingest.folder_board import FolderBoard


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def supervise_children(folder: Path, names: list[str]) -> int:
    """Be the supervisor."""
    start_logging(file=folder / "up.log")
    stop = StopRequest()
    stop.listen()
    try:
        lock = hold_home(folder / "up.lock")
    except BackfileError as error:
        say("refused:", error)
        return int(error.exit_code)
    url = socket_url(folder / "redis.sock")
    board = FolderBoard(folder)

    def note_death(name: str, pid: int) -> None:
        board.release_owner(f"{name}.{pid}:")
        say("dead:", name, pid)

    plan = [ProcessSpec("redis", lambda: start_redis(folder, folder / "redis.sock"), is_last=True)]
    for number, kind in enumerate(names):
        name = f"{kind}-{number}"
        argv = [sys.executable, "-m", "tests.ingest.supervised_child", str(folder), kind]
        if kind == "worker":
            argv = [sys.executable, "-m", "tests.ingest.task_jobs", url, str(folder), name]
        plan.append(
            ProcessSpec(
                name,
                functools.partial(start_child, argv, logfile=folder / f"{kind}.log", nice=5),
                is_ready=has_announced,
            )
        )
    supervise(
        plan,
        stop=stop,
        announcer=Announcer(lambda subject, text: say("notice:", subject, text) if text else None),
        on_ready=lambda: say("ready"),
        on_death=note_death,
        stop_seconds=1.5,
    )
    lock.release()
    say("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(supervise_children(Path(sys.argv[1]), sys.argv[2:]))
