"""Times and dates as the screens write them: American, in the machine's own time zone."""

from __future__ import annotations

import datetime as dt


def write_time(at: dt.datetime, *, now: dt.datetime) -> str:
    """Return "09:14" for today, else "11/23/2026 09:14"."""
    local, today = at.astimezone(), now.astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m/%d/%Y %H:%M}"


def write_date(iso: str) -> str:
    """Return an ISO date as 03/12/1987; what is no full date stays as it is."""
    try:
        return f"{dt.date.fromisoformat(iso):%m/%d/%Y}"
    except ValueError:
        return iso


def write_age(since: dt.datetime, *, now: dt.datetime) -> str:
    """Return how long ago a time is, in the largest unit that fits."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    for size, unit in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def write_count(number: int, thing: str) -> str:
    """Return "1 page", "1,204 pages"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
