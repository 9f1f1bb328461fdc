"""Processes for a supervisor to keep: ``python -m tests.ingest.supervised_child FOLDER KIND``.

``steady`` runs until SIGTERM, ``stubborn`` ignores it, ``crashing`` ends at once, ``parent`` has a child of
its own in the same session.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from ingest.child import announce_ready
from ingest.stopping import StopRequest


def be_child(folder: Path, kind: str) -> int:
    """Be one of the children."""
    if kind == "crashing":
        return 3
    stop = StopRequest()
    stop.listen()
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pids = [str(os.getpid())]
    if kind == "parent":
        grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
        pids.append(str(grandchild.pid))
    (folder / f"{kind}.pids").write_text(" ".join(pids))
    announce_ready()
    while not stop:
        stop.wait(60)
    return 0


if __name__ == "__main__":
    sys.exit(be_child(Path(sys.argv[1]), sys.argv[2]))
