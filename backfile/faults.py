"""Named fault points: places in the real code where a test can make the machine fail.

``fault("read_page.claimed")`` does nothing at all until the environment says otherwise:

* ``BACKFILE_FAULT=POINT:N:ACTION`` makes the ``N``-th passage of ``POINT`` fail (N from 1). ``ACTION`` is
  ``kill`` (SIGKILL of this process), ``enospc``, ``eio`` (an ``OSError``) or ``hang`` (forever).
  Several are separated by commas.
* ``BACKFILE_FAULT_MARKERS=FOLDER`` counts passages across all processes, so the fault strikes exactly once
  however many processes are started afresh, and leaves ``FOLDER/POINT.N.ACTION``, with the process's id in
  it, as proof that it did. Without a folder each process counts for itself, and none leaves a proof.

The method (fail the *n*-th passage, for every n, until a run no longer reaches it) is SQLite's.
"""

from __future__ import annotations

import ast
import errno
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

PLAN_VARIABLE = "BACKFILE_FAULT"
MARKERS_VARIABLE = "BACKFILE_FAULT_MARKERS"
_PACKAGES = ("backfile", "ingest", "ocr", "classify", "search", "ui")


class FaultAction(StrEnum):
    """What happens at the point."""

    KILL = "kill"
    ENOSPC = "enospc"
    EIO = "eio"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One fault to come."""

    point: str
    passage: int
    """Which passage of the point fails, from 1."""
    action: FaultAction

    @property
    def marker(self) -> str:
        """Name of the file that proves it struck."""
        return f"{self.point}.{self.passage}.{self.action.value}"


class FaultPlan:
    """The faults to come, and how often each point was passed."""

    def __init__(self, faults: tuple[PlannedFault, ...], *, markers: Path | None = None) -> None:
        """Plan ``faults``; with a folder ``markers``, count across processes and strike once."""
        self._faults = faults
        self._markers = markers
        self._passages: Counter[str] = Counter()

    def pass_point(self, point: str) -> None:
        """Count a passage of a point; fail if it is the one.

        Raises:
            OSError: planned as ENOSPC or EIO.
        """
        planned = [fault for fault in self._faults if fault.point == point]
        if not planned:
            return
        passage = self._count(point)
        for fault in planned:
            if fault.passage == passage:
                self._strike(fault)

    def _count(self, point: str) -> int:
        """Return the number of this passage, from 1."""
        if self._markers is None:
            self._passages[point] += 1
            return self._passages[point]
        while True:
            # Exclusive creation is atomic between processes: each passage takes a number of its own.
            number = self._passages[point] = self._passages[point] + 1
            if _create_durably(self._markers / f"{point}.passage.{number}"):
                return number

    def _strike(self, fault: PlannedFault) -> None:
        if self._markers is not None:
            _create_durably(self._markers / fault.marker, content=f"{os.getpid()}\n")
        match fault.action:
            case FaultAction.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
                _sleep_forever()
            case FaultAction.HANG:
                _sleep_forever()
            case FaultAction.ENOSPC:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case FaultAction.EIO:
                raise OSError(errno.EIO, os.strerror(errno.EIO))


def parse_plan(environment: Mapping[str, str]) -> FaultPlan | None:
    """Return what the environment plans; None where it plans nothing.

    Raises:
        ValueError: the plan cannot be read.
    """
    text = environment.get(PLAN_VARIABLE, "")
    if not text:
        return None
    faults = []
    for part in text.split(","):
        point, passage, action = part.strip().split(":")
        faults.append(PlannedFault(point, int(passage), FaultAction(action)))
    folder = environment.get(MARKERS_VARIABLE)
    return FaultPlan(tuple(faults), markers=Path(folder) if folder else None)


_PLAN = parse_plan(os.environ)


def fault(point: str) -> None:
    """Fail here if it is planned (see the module); otherwise do nothing.

    Raises:
        OSError: planned as ENOSPC or EIO.
    """
    if _PLAN is not None:
        _PLAN.pass_point(point)


def known_points(root: Path | None = None) -> tuple[str, ...]:
    """Return the name of every fault point in the source, sorted: the list cannot go stale.

    Args:
        root: folder that holds the packages; the installed ones if not given.
    """
    base = root or Path(__file__).resolve().parent.parent
    points: set[str] = set()
    for package in _PACKAGES:
        for file in sorted((base / package).rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            if "fault(" in source:
                points |= _points_in(ast.parse(source))
    return tuple(sorted(points))


def _points_in(tree: ast.AST) -> set[str]:
    """Return the literal arguments of the calls of ``fault`` and ``faults.fault``."""
    points = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) != 1:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        argument = node.args[0]
        if name == "fault" and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            points.add(argument.value)
    return points


def _create_durably(path: Path, *, content: str = "") -> bool:
    """Make a file; False where it is there already."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    os.write(descriptor, content.encode())
    os.fsync(descriptor)
    os.close(descriptor)
    return True


def _sleep_forever() -> NoReturn:
    while True:
        time.sleep(3600)
