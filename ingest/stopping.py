"""Stopping on request: a flag that a signal raises and that wakes whoever waits."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from types import FrameType


class StopRequest:
    """Raised once, by SIGTERM, SIGINT or a call; every loop of the service looks at it.

    A pipe, not ``threading.Event``: setting an event inside a signal handler can deadlock with the wait it
    interrupts, and ``time.sleep`` goes on sleeping after a signal.
    """

    def __init__(self) -> None:
        """Start unraised."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        os.set_blocking(self._reader, False)
        self._raised = False

    def __bool__(self) -> bool:
        """Say whether to stop."""
        return self._raised

    def request(self) -> None:
        """Ask to stop. May be called in a signal handler."""
        self._raised = True
        self.wake()

    def wake(self) -> None:
        """End the present wait early."""
        with contextlib.suppress(BlockingIOError):  # so many wakes pend that one more changes nothing
            os.write(self._writer, b"\0")

    def wait(self, seconds: float) -> bool:
        """Wait, at most ``seconds``, and return whether to stop."""
        if not self._raised and select.select([self._reader], [], [], max(0.0, seconds))[0]:
            os.read(self._reader, 4096)
        return self._raised

    def listen(self, *signals: signal.Signals) -> None:
        """Let signals raise it: SIGTERM and SIGINT where none are named."""
        for number in signals or (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reader)
        os.close(self._writer)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.request()
