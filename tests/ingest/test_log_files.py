"""Log files begin anew while their processes hold them open."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.child import start_child
from ingest.log_files import LogFiles


def wait_for(file: Path, text: str) -> None:
    deadline = time.monotonic() + 20
    while text not in file.read_text():
        assert time.monotonic() < deadline, f"{text!r} did not come"
        time.sleep(0.02)


def test_a_long_log_begins_anew_and_its_process_goes_on_writing(tmp_path: Path) -> None:
    log, short = tmp_path / "worker.log", tmp_path / "watcher.log"
    short.write_text("one line\n")
    script = "printf '%1000s\\n' one; while [ ! -e go ]; do sleep 0.05; done; echo two"
    child = start_child(["/bin/sh", "-c", f"cd {tmp_path}; {script}"], logfile=log)
    wait_for(log, "one")
    LogFiles(tmp_path, longest=500).trim()
    assert log.read_text() == ""
    kept = tmp_path / "worker.log.1"
    assert kept.read_text().strip() == "one"
    assert kept.stat().st_mode & 0o777 == 0o600
    (tmp_path / "go").touch()
    wait_for(log, "two")
    assert log.read_text() == "two\n"
    assert short.read_text() == "one line\n"
    assert child.wait(timeout=10) == 0


def test_it_looks_once_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs, log = LogFiles(tmp_path, longest=5), tmp_path / "ui.log"
    logs.trim()
    log.write_text("a long line\n")
    logs.trim()
    assert log.read_text() == "a long line\n"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    logs.trim()
    assert log.read_text() == ""
