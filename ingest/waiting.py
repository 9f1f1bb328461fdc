"""Waiting until everything that came in has its end state and can be found."""

from __future__ import annotations

import time
from collections.abc import Callable

from backfile.errors import TimedOut
from ingest.workshop import Workshop

_LOOK_SECONDS = 0.25


def is_idle(workshop: Workshop, *, call_id: str | None = None) -> bool:
    """Say whether every file (of one ``ingest`` call) has its end state and the index has drained."""
    with workshop.catalog.look() as uow:
        return uow.files.count_working(call_id=call_id) == 0 and uow.outbox.count() == 0


def wait_until_idle(
    workshop: Workshop,
    *,
    call_id: str | None = None,
    timeout: float | None = None,
    tick: Callable[[], object] = lambda: None,
) -> None:
    """Wait until nothing is left to do.

    Args:
        workshop: the installation.
        call_id: wait for one ``ingest`` call only.
        timeout: seconds; None waits for ever.
        tick: called about four times a second (progress, watching processes).

    Raises:
        TimedOut: it took longer; the work goes on where workers run.
    """
    end = None if timeout is None else time.monotonic() + timeout
    while not is_idle(workshop, call_id=call_id):
        if end is not None and time.monotonic() > end:
            raise TimedOut(
                f"Not everything was done within {timeout:g} s.",
                next_step="Nothing is lost; go on waiting with a longer --timeout, or see: backfile status",
            )
        tick()
        time.sleep(_LOOK_SECONDS)
