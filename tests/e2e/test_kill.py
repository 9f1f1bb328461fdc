"""Whatever is killed, every file reaches its end state, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Installation, Service, wait_until
from tests.e2e.pages import note, write_chart

pytestmark = [pytest.mark.server, pytest.mark.long, pytest.mark.timeout(900)]

TIMES = 10


def check_everything_is_there_once(
    installation: Installation, *, files: int, pages: int, may_give_up: bool = False
) -> None:
    """Every file has its end state, every page stands in exactly one document, and all can be found.

    A page whose worker was killed three times ends as an exception for a person (``may_give_up``).
    """
    status = installation.object("status")
    assert status["balanced"] is True
    assert status["files"]["in"] == status["files"]["taken"] == files
    assert status["pages"]["in"] == pages
    assert status["pages"]["working"] == 0
    documents = installation.lines("documents")
    held = [(page["file"], page["number"]) for document in documents for page in document["pages"]]
    assert len(held) == len(set(held)) == pages
    given_up = [d for d in documents if d["reason"] == "page_unreadable"]
    assert not given_up or may_give_up
    found = installation.object("search", "zebra*", "--state", "filed,review,exception", "--limit", "200")
    assert found["total"] == pages - len(given_up)
    assert installation.object("verify")["sound"] is True


def test_workers_killed_inside_a_page(
    installation: Installation, start_service: Callable[..., Service], tmp_path: Path
) -> None:
    markers = tmp_path / "markers"
    markers.mkdir()
    # Each of the first passages hangs inside the page's job until its worker is killed; the marker proves it.
    passages = range(1, TIMES + 1)
    faults = ",".join(f"read_page.read:{number}:hang" for number in passages)
    service = start_service(BACKFILE_FAULT=faults, BACKFILE_FAULT_MARKERS=str(markers))
    for number in range(TIMES):
        write_chart(installation.home / "inbox" / f"scan{number}.png", [note(number)])
    for number in passages:
        horse = _wait_for_pid(markers / f"read_page.read.{number}.hang")
        worker = int(Path(f"/proc/{horse}/stat").read_text().rpartition(")")[2].split()[1])
        assert worker in service.pids("worker")
        os.kill(worker, signal.SIGKILL)
        _wait_for_end(horse)
    service.wait_for_files(TIMES)
    check_everything_is_there_once(installation, files=TIMES, pages=TIMES, may_give_up=True)


def test_indexer_killed(installation: Installation, start_service: Callable[..., Service]) -> None:
    service = start_service()
    for number in range(TIMES):
        write_chart(installation.home / "inbox" / f"scan{number}.tif", [note(number), note(100 + number)])
        _kill(service, "indexer")
    service.wait_for_files(TIMES)
    check_everything_is_there_once(installation, files=TIMES, pages=2 * TIMES)


def test_redis_killed(installation: Installation, start_service: Callable[..., Service]) -> None:
    service = start_service()
    for number in range(TIMES):
        write_chart(installation.home / "inbox" / f"scan{number}.tif", [note(number), note(100 + number)])
        _kill(service, "redis")
    service.wait_for_files(TIMES)
    check_everything_is_there_once(installation, files=TIMES, pages=2 * TIMES)


def _wait_for_pid(marker: Path) -> int:
    """Wait until a fault has struck; return the process that it struck."""
    wait_until(lambda: marker.exists() and marker.read_text() != "", what=marker.name)
    return int(marker.read_text())


def _wait_for_end(pid: int) -> None:
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), what="the job to die with its worker")


def _kill(service: Service, role: str) -> None:
    """Kill the process of a role, and wait until it runs again."""
    wait_until(lambda: len(service.pids(role)) == 1, what=f"{role} to run")
    (pid,) = service.pids(role)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: service.pids(role) not in ([], [pid]), what=f"{role} to run again")
