"""Names of the overview's figures: codes that stand in an address and open the list behind a figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backfile.domain.document import DocumentState
from backfile.domain.reasons import Reason, reason_text
from backfile.store.reports import DocumentFilter
from backfile.store.unit_of_work import UnitOfWork
from ui.reports.overview import (
    AGE_WORDS,
    OTHERS,
    filter_aside,
    filter_decided,
    filter_filed,
    filter_reason,
    filter_waiting,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the documents behind it."""

    code: str
    title: str
    only: DocumentFilter


def code_of(*parts: object) -> str:
    """Return the code of a figure from its parts."""
    return ".".join(str(part) for part in parts)


def read_figure(code: str, *, uow: UnitOfWork) -> Figure | None:
    """Return the figure of a code as it stands in an address; None for what is none."""
    name, *rest = code.split(".")
    now = uow.clock.now()
    match name, rest:
        case "waiting", []:
            return Figure(code, "Waiting for a technician", filter_waiting(now=now))
        case "waiting", [age] if age.isdigit() and int(age) < len(AGE_WORDS):
            title = f"Waiting for a technician, received {AGE_WORDS[int(age)]} ago"
            return Figure(code, title, filter_waiting(age=int(age), now=now))
        case "reason", [reason] if reason in set(Reason):
            title = f"Waiting: {reason_text(reason)}"
            return Figure(code, title, filter_reason(Reason(reason)))
        case "aside", []:
            return Figure(code, "Waiting for the scanner or the registration", filter_aside())
        case "filed", ["machine"]:
            return Figure(code, "Filed without a person", filter_filed(by_person=False))
        case "filed", ["person"]:
            return Figure(code, "Filed by a person", filter_filed(by_person=True))
        case "removed", []:
            return Figure(code, "Removed by a person", DocumentFilter(states=(DocumentState.REMOVED,)))
        case "all", []:
            return Figure(code, "All documents", DocumentFilter())
        case "decided", [who, day]:
            return _read_decided(code, who, day, uow)
        case _:
            return None


def _read_decided(code: str, who: str, day: str, uow: UnitOfWork) -> Figure | None:
    date = None
    if day != "any":
        try:
            date = dt.date.fromisoformat(day)
        except ValueError:
            return None
    user = None if who == "any" else who
    name = next((one.name for one in uow.users.all() if one.id == who), who)
    by = "" if user is None else " without an account" if user == OTHERS else f" by {name}"
    when = f" on {date:%m/%d/%Y}" if date else ""
    return Figure(code, f"Decided{by}{when}", filter_decided(user=user, day=date, uow=uow))
