"""Stretches of time as the screens cut them: local days, ages, the last hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from backfile.store.reports import Span

_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def local_day(day: dt.date) -> Span:
    """Return the stretch of one day of the machine's own time zone."""
    begin = dt.datetime.combine(day, dt.time()).astimezone()
    return begin, dt.datetime.combine(day + dt.timedelta(days=1), dt.time()).astimezone()


def last_days(now: dt.datetime, count: int) -> list[dt.date]:
    """Return the last days, today first."""
    today = now.astimezone().date()
    return [today - dt.timedelta(days=back) for back in range(count)]


def ages(now: dt.datetime, bounds: Iterable[dt.timedelta]) -> list[Span]:
    """Return the stretches between ages: under the first bound, between, and over the last."""
    edges = [now + dt.timedelta(days=1), *(now - bound for bound in bounds), _BEGINNING]
    return list(zip(edges[1:], edges[:-1], strict=True))


def busy_minutes(spans: Iterable[Span]) -> float:
    """Return the minutes that at least one of the stretches covers; they come by their beginning."""
    total = dt.timedelta()
    until: dt.datetime | None = None
    for begin, end in spans:
        start = begin if until is None else max(begin, until)
        if end > start:
            total += end - start
            until = end
    return total.total_seconds() / 60
