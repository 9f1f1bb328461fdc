"""A child that opens files cannot take its caller along, whatever it does."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backfile.domain.reasons import Reason
from backfile.errors import Busy, FileRefused, PageRefused
from ocr.limits import ChildLimits
from ocr.sandbox import run_limited

LIMITS = ChildLimits(wall_seconds=20.0, cpu_seconds=10, memory_bytes=256 * 1024 * 1024)


def _double(value: int) -> int:
    return 2 * value


def _make_array(side: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((side, side), 7, dtype=np.uint8)


def _take_memory() -> int:
    return len(bytearray(8 * 1024**3))


def _burn() -> None:
    while True:
        pass


def _sleep() -> None:
    time.sleep(3600)


def _abort() -> None:
    os.abort()


def _kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _write_without_end() -> None:
    with Path("big").open("wb") as file:
        while True:
            file.write(b"\0" * 1_000_000)
            file.flush()


def _open_without_end() -> int:
    held = [Path("/dev/null").open("rb") for _ in range(100_000)]  # noqa: SIM115
    return len(held)


def _have_a_child() -> None:
    if os.fork() == 0:
        Path("/proc/self/comm").write_text("bf-grandchild")
    time.sleep(3600)


def _descriptors() -> list[str]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the folder itself was open while it was listed
            found.append(str(link.readlink()))
    return found


def test_the_result_comes_back() -> None:
    assert run_limited(_double, 21, limits=LIMITS) == 42
    made = run_limited(_make_array, 500, limits=LIMITS)
    assert made.shape == (500, 500)
    assert int(made.sum()) == 7 * 250_000


@pytest.mark.parametrize("refused", [FileRefused, PageRefused])
def test_too_much_memory_refuses_the_input(refused: type[FileRefused] | type[PageRefused]) -> None:
    with pytest.raises((FileRefused, PageRefused)) as caught:
        run_limited(_take_memory, limits=LIMITS, refused=refused)
    assert type(caught.value) is refused
    assert caught.value.reason is Reason.PAGE_TOO_LARGE


def test_a_loop_ends_by_the_clock_of_the_processor() -> None:
    with pytest.raises(FileRefused) as caught:
        run_limited(_burn, limits=replace(LIMITS, cpu_seconds=1))
    assert caught.value.reason is Reason.TOOK_TOO_LONG


def test_waiting_without_end_ends_by_the_clock_on_the_wall() -> None:
    with pytest.raises(FileRefused) as caught:
        run_limited(_sleep, limits=replace(LIMITS, wall_seconds=0.5))
    assert caught.value.reason is Reason.TOOK_TOO_LONG


def test_a_crash_in_native_code_refuses_the_input() -> None:
    with pytest.raises(FileRefused) as caught:
        run_limited(_abort, limits=LIMITS)
    assert caught.value.reason is Reason.BROKEN_FILE
    with pytest.raises(PageRefused) as page:
        run_limited(_abort, limits=LIMITS, refused=PageRefused)
    assert page.value.reason is Reason.PAGE_UNREADABLE


def test_a_kill_from_outside_is_not_the_fault_of_the_file() -> None:
    with pytest.raises(Busy):
        run_limited(_kill_itself, limits=LIMITS)


def test_files_and_descriptors_are_limited() -> None:
    with pytest.raises(FileRefused):
        run_limited(_write_without_end, limits=replace(LIMITS, file_bytes=10_000_000))
    with pytest.raises(OSError, match="Too many open files"):
        run_limited(_open_without_end, limits=LIMITS)


def test_nothing_of_a_stopped_child_is_left() -> None:
    with pytest.raises(FileRefused):
        run_limited(_have_a_child, limits=replace(LIMITS, wall_seconds=0.5))
    deadline = time.monotonic() + 5.0
    while any(map(_is_alive, Path("/proc").glob("[0-9]*"))):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_child_has_none_of_the_callers_files(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        assert str(tmp_path / "secret") in _descriptors()
        assert str(tmp_path / "secret") not in run_limited(_descriptors, limits=LIMITS)
        assert not file.closed


def _is_alive(process: Path) -> bool:
    """Say whether it is the grandchild and runs; one that nobody has buried yet does not."""
    try:
        name, _, state = (process / "stat").read_text().partition(") ")
    except OSError:
        return False
    return name.endswith("(bf-grandchild") and not state.startswith("Z")
