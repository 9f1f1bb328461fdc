"""Notes how long the stages of reading a page take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from backfile.domain.page import StageSeconds


class Stopwatch:
    """Sums the seconds of each stage, in the order in which the stages first came."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs inside to the stage."""
        started = perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - started

    @property
    def stages(self) -> tuple[StageSeconds, ...]:
        """What was noted."""
        return tuple(StageSeconds(stage, seconds) for stage, seconds in self._seconds.items())
