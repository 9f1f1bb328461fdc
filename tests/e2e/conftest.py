"""A home of its own for each test, the command line, and a running service."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from samples.families import FamilySplit
from samples.make import SampleSet, make_samples

PATIENCE = 120.0


@dataclass
class Installation:
    """One home, used by the command line only."""

    home: Path
    environment: dict[str, str]

    def run(
        self, *arguments: str | Path, expect: int = 0, stdin: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command and see that it ends as expected."""
        done = subprocess.run(
            [sys.executable, "-m", "ingest.cli", *map(str, arguments), "--home", str(self.home)],
            capture_output=True,
            text=True,
            input=stdin,
            env=os.environ | self.environment | environment,
            timeout=PATIENCE * 2,
            check=False,
        )
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def lines(self, *arguments: str | Path) -> list[dict[str, Any]]:
        """Run a command that prints a JSON object a line."""
        return [json.loads(line) for line in self.run(*arguments, "--json").stdout.splitlines()]

    def object(self, *arguments: str | Path, **options: Any) -> dict[str, Any]:
        """Run a command that prints one JSON object."""
        found: dict[str, Any] = json.loads(self.run(*arguments, "--json", **options).stdout)
        return found


@dataclass
class Service:
    """A running ``backfile up``."""

    installation: Installation
    process: subprocess.Popen[str]

    def pids(self, role: str) -> list[int]:
        """Return the process ids of a role: the direct children of the supervisor."""
        found = []
        for pid in children_of(self.process.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended after it was listed
            if f"ingest.processes {role}" in command or (role == "redis" and "redis-server" in command):
                found.append(pid)
        return found

    def wait_for_files(self, count: int, *, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Wait until so many files have their end state and the index has drained."""
        wait_until(lambda: self._is_done(count), patience=patience, what=f"{count} files done")
        return self.installation.lines("files")

    def _is_done(self, count: int) -> bool:
        from ingest.waiting import is_idle
        from ingest.workshop import open_workshop

        workshop = open_workshop(self.installation.home)
        with workshop.catalog.look() as uow:
            received = uow.counts.summarize().files.received
        return received >= count and is_idle(workshop)

    def stop(self) -> float:
        """Ask it to stop; return the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        assert code == 0
        return time.monotonic() - started


def children_of(parent: int) -> list[int]:
    """Return the direct children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def wait_until(condition: Callable[[], bool], *, patience: float = PATIENCE, what: str = "it") -> float:
    """Wait until something holds; return the seconds it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < patience, f"waited {patience} s for {what}"
        time.sleep(0.1)
    return time.monotonic() - started


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A new home with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="bf-e2e-"))
    made = Installation(folder / "home", {"BACKFILE_SETTLE_SECONDS": "0.5"})
    made.run("init")
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start_service(installation: Installation) -> Iterator[Callable[..., Service]]:
    """Starts ``backfile up --no-ui``; whatever was started is stopped at the end."""
    started: list[Service] = []

    def start(**environment: str) -> Service:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest.cli", "up", "--no-ui", "--home", str(installation.home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | installation.environment | environment,
        )
        service = Service(installation, process)
        started.append(service)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        return service

    yield start
    for service in started:
        if service.process.poll() is None:
            service.stop()
        assert service.process.stdout is not None
        service.process.stdout.close()


@pytest.fixture(scope="session")
def sample_set(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    """A few charts of families that no model was trained on, with their patient index."""
    folder = tmp_path_factory.mktemp("samples")
    return make_samples(folder, charts=8, seed=41, families=FamilySplit.DEMO)
