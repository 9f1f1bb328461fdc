"""Fault points: silent until planned, exact when planned, and proving that they struck."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backfile.faults import FaultAction, FaultPlan, PlannedFault, fault, known_points, parse_plan

_PASS_THREE_TIMES = (
    "from backfile.faults import fault\nfor n in range(3):\n    fault('a.b')\n    print(n, flush=True)"
)


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_unset_does_nothing_and_costs_nothing() -> None:
    started = time.perf_counter()
    for _ in range(100_000):
        fault("a.b")
    assert time.perf_counter() - started < 0.5


def test_kills_at_the_planned_passage() -> None:
    done = run(_PASS_THREE_TIMES, BACKFILE_FAULT="a.b:2:kill")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["0"]


def test_other_points_pass() -> None:
    assert run(_PASS_THREE_TIMES, BACKFILE_FAULT="a.c:1:kill").returncode == 0


def test_strikes_once_across_processes_and_leaves_proof(tmp_path: Path) -> None:
    plan = {"BACKFILE_FAULT": "a.b:2:kill", "BACKFILE_FAULT_MARKERS": str(tmp_path)}
    codes = [run("from backfile.faults import fault; fault('a.b')", **plan).returncode for _ in range(4)]
    assert codes == [0, -signal.SIGKILL, 0, 0]
    assert (tmp_path / "a.b.2.kill").exists()
    assert not (tmp_path / "a.b.1.kill").exists()


@pytest.mark.parametrize(
    ("action", "code"), [(FaultAction.ENOSPC, errno.ENOSPC), (FaultAction.EIO, errno.EIO)]
)
def test_raises_what_the_kernel_would(action: FaultAction, code: int) -> None:
    plan = FaultPlan((PlannedFault("write", 1, action),))
    with pytest.raises(OSError, match=os.strerror(code)) as raised:
        plan.pass_point("write")
    assert raised.value.errno == code
    plan.pass_point("write")


def test_hangs_for_ever(tmp_path: Path) -> None:
    hanging = subprocess.Popen(
        [sys.executable, "-c", "from backfile.faults import fault; fault('a.b')"],
        env=os.environ | {"BACKFILE_FAULT": "a.b:1:hang", "BACKFILE_FAULT_MARKERS": str(tmp_path)},
    )
    try:
        deadline = time.monotonic() + 10
        while not (tmp_path / "a.b.1.hang").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        with pytest.raises(subprocess.TimeoutExpired):
            hanging.wait(0.3)
    finally:
        hanging.kill()
        hanging.wait()


@pytest.mark.parametrize(
    ("text", "complaint"), [("a.b", "unpack"), ("a.b:x:kill", "invalid"), ("a.b:1:explode", "explode")]
)
def test_a_plan_that_cannot_be_read_is_not_ignored(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_plan({"BACKFILE_FAULT": text})


def test_several_faults_in_one_plan() -> None:
    plan = parse_plan({"BACKFILE_FAULT": "a:1:eio, b:2:enospc"})
    assert plan is not None
    plan.pass_point("b")
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        plan.pass_point("a")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        plan.pass_point("b")


def test_lists_the_points_of_the_source(tmp_path: Path) -> None:
    package = tmp_path / "ingest"
    package.mkdir()
    (package / "one.py").write_text('fault("x.first")\nfaults.fault("x.second")\nother("x.none")\n')
    (package / "two.py").write_text('"""fault("x.text")"""\n')
    assert known_points(tmp_path) == ("x.first", "x.second")


def test_intake_has_points() -> None:
    assert {"intake.stored", "intake.committed", "intake.moved"} <= set(known_points())
