"""Deciding many lines of identifiers at once, on every core, answers in the order of the lines."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from backfile.errors import BadInput
from backfile.store.unit_of_work import UnitOfWork
from classify.matching import FilingRules, match_identifiers
from ingest.cli.views import match_view
from ingest.tools import filing_rules
from ingest.workshop import open_workshop

_WAITING = 500
"""Lines that are decided or wait before reading goes on."""
_TOGETHER = 16
"""Lines that a process is given at a time at most."""


_write = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of a line."""

    text: str
    """One JSON object, written where it was decided: there is one process to tell all of them."""
    is_good: bool
    """The line is a record of identifiers."""


class LineMatcher:
    """Decides lines on one consistent state of the catalog."""

    def __init__(self, home: Path | None) -> None:
        """Open the home."""
        workshop = open_workshop(home)
        self._rules: FilingRules = filing_rules(workshop.settings)
        self._uow: UnitOfWork = workshop.catalog.look()

    def decide(self, line: bytes) -> Answer:
        """Return the answer to one line; to one that is no record, what is wrong with it."""
        try:
            record = _parse(line)
            outcome = match_identifiers(record, index=self._uow.patients, rules=self._rules)
        except BadInput as error:
            return Answer(_write({"error": f"{error.what} {error.next_step}"}), is_good=False)
        return Answer(_write(match_view(outcome, record.get("id"))), is_good=True)


def match_lines(lines: Iterable[bytes], tell: Callable[[str], None], *, home: Path | None) -> bool:
    """Decide each line and tell the answers in order, each as soon as it is known; say whether all were good.

    Args:
        lines: one JSON object each; empty ones are left out.
        tell: takes an answer, as JSON.
        home: the home.
    """
    wanted = (line for line in lines if line.strip())
    cores = len(os.sched_getaffinity(0))
    if cores == 1:
        matcher = LineMatcher(home)
        return _tell_all((matcher.decide(line) for line in wanted), tell)
    is_good: list[bool] = []
    failure: list[BaseException] = []
    open_workshop(home)  # what is wrong with the home is said once, here
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(cores, context, initializer=_open, initargs=(home,)) as pool:
        pool.submit(os.getpid)  # the processes are made before the thread
        feeder = _Feeder(pool, cores)

        def tell_in_order() -> None:
            try:
                is_good.append(_tell_all(feeder.answers(), tell))
            except BaseException as error:  # told to the caller, who waits for this thread
                failure.append(error)
                feeder.stop()

        teller = threading.Thread(target=tell_in_order)
        teller.start()
        try:
            for line in wanted:
                if not feeder.add(line):
                    break
        finally:
            feeder.end()
            teller.join()
    if failure:
        raise failure[0]
    return is_good[0]


class _Feeder:
    """Gives lines to the processes: one at once while any of them is idle, else as many as wait together.

    So whoever waits for an answer before sending the next line gets it, and a long file costs little to hand
    out.
    """

    def __init__(self, pool: ProcessPoolExecutor, processes: int) -> None:
        self._pool, self._free = pool, processes
        self._lines: deque[bytes] = deque()
        self._given: Queue[Future[list[Answer]] | None] = Queue()
        self._room = threading.Semaphore(_WAITING)
        self._lock = threading.Lock()
        self._is_ended = self._is_stopped = False

    def add(self, line: bytes) -> bool:
        """Take a line, once there is room; False where nobody takes answers any more."""
        self._room.acquire()
        with self._lock:
            self._lines.append(line)
            self._give()
        return not self._is_stopped

    def end(self) -> None:
        """Say that no more lines come."""
        with self._lock:
            self._is_ended = True
            if not self._lines:
                self._given.put(None)

    def stop(self) -> None:
        """Drop what waits: nobody takes answers any more."""
        self._is_stopped = True
        self._room.release()

    def answers(self) -> Iterator[Answer]:
        """Yield the answers in the order of the lines."""
        while (future := self._given.get()) is not None:
            for answer in future.result():
                self._room.release()
                yield answer

    def _give(self) -> None:
        """Hand out what waits to an idle process; the lock is held."""
        while self._lines and self._free:
            share = min(_TOGETHER, max(1, len(self._lines) // 2))
            batch = [self._lines.popleft() for _ in range(share)]
            self._free -= 1
            future = self._pool.submit(_decide, batch)
            self._given.put(future)
            future.add_done_callback(self._take_back)
            if self._is_ended and not self._lines:
                self._given.put(None)

    def _take_back(self, _: Future[list[Answer]]) -> None:
        with self._lock:
            self._free += 1
            if not self._is_stopped:
                self._give()


def _tell_all(answers: Iterable[Answer], tell: Callable[[str], None]) -> bool:
    is_good = True
    for answer in answers:
        tell(answer.text)
        is_good = is_good and answer.is_good
    return is_good


_MATCHERS: list[LineMatcher] = []
"""The one of this process."""


def _open(home: Path | None) -> None:
    _MATCHERS.append(LineMatcher(home))
    # A line makes thousands of objects and no circles of them: to look for circles is a tenth of its cost.
    gc.freeze()
    gc.set_threshold(50_000)


def _decide(lines: list[bytes]) -> list[Answer]:
    return [_MATCHERS[0].decide(line) for line in lines]


def _parse(line: bytes) -> dict[str, object]:
    """Return the record of a line; what it holds can be written again as text."""
    try:
        text = line.decode("utf-8-sig")
        record = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(record, ensure_ascii=False).encode()  # half a surrogate is no text
    except (ValueError, RecursionError):
        raise BadInput("The line is not JSON.", next_step="Give one JSON object a line, in UTF-8.") from None
    if not isinstance(record, dict):
        raise BadInput("The line is not a JSON object.", next_step="Give one JSON object a line.")
    return record


def _refuse_constant(name: str) -> None:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError(name)
