"""Supervisors under test and the processes that they keep.

``python -m tests.ingest.supervised FOLDER CHILD...`` supervises Redis and the children named:
``steady`` (runs until SIGTERM), ``stubborn`` (ignores SIGTERM), ``crashing`` (ends at once), ``parent`` (has
a child of its own in the same session). It says "ready" and what happens on its standard output.
"""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
import time
from pathlib import Path

from backfile.errors import BackfileError
from backfile.logs import start_logging
from ingest.announcer import Announcer
from ingest.child import announce_ready, has_announced, start_child
from ingest.redis_server import start_redis
from ingest.stopping import StopRequest
from ingest.supervisor import ProcessSpec, hold_home, supervise


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
    plan = [ProcessSpec("redis", lambda: start_redis(folder, folder / "redis.sock"), is_last=True)]
    for number, kind in enumerate(names):
        argv = [sys.executable, "-m", "tests.ingest.supervised", str(folder), "--child", kind]
        plan.append(
            ProcessSpec(
                f"{kind}-{number}",
                functools.partial(start_child, argv, logfile=folder / f"{kind}.log", nice=5),
                is_ready=has_announced,
            )
        )
    supervise(
        plan,
        stop=stop,
        announcer=Announcer(lambda subject, text: say("notice:", subject, text) if text else None),
        on_ready=lambda: say("ready"),
        on_death=lambda name, pid: say("dead:", name, pid),
        stop_seconds=1.5,
    )
    lock.release()
    say("stopped")
    return 0


def be_child(folder: Path, kind: str) -> int:
    """Be one of the children."""
    if kind == "crashing":
        return 3
    stop = StopRequest()
    stop.listen()
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pids = [Path("/proc/self").readlink().name]
    if kind == "parent":
        grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
        pids.append(str(grandchild.pid))
    (folder / f"{kind}.pids").write_text(" ".join(pids))
    announce_ready()
    while not stop:
        stop.wait(60)
    if kind == "parent":
        time.sleep(0.1)
    return 0


if __name__ == "__main__":
    given = Path(sys.argv[1])
    if "--child" in sys.argv:
        sys.exit(be_child(given, sys.argv[3]))
    sys.exit(supervise_children(given, sys.argv[2:]))
