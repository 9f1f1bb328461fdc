"""The supervisor's figures: each its own count, each with the filter of the documents behind it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.accounting import Summary
from backfile.domain.document import DocumentState
from backfile.domain.reasons import SET_ASIDE, Reason
from backfile.services.unaided import NOTICE
from backfile.store.reports import (
    WAITING,
    DecisionFilter,
    DocumentFilter,
    DocumentLine,
    ReportRepository,
    Span,
)
from backfile.store.unit_of_work import UnitOfWork
from ui.reports.spans import ages, busy_minutes, last_days, local_day

DAYS_SHOWN = 14
LINES_AT_ONCE = 100
_AGE_BOUNDS = (1, 3, 7, 30)
AGE_WORDS = ("under 1 day", "1 to 3 days", "3 to 7 days", "7 to 30 days", "over 30 days")
OTHERS = "others"
"""Stands for actors without an account: the command line, the demo."""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """What one account decided, by day; days as ``Overview.days`` has them."""

    user: str
    """Opaque id of the account, or ``OTHERS``."""
    name: str
    role: str
    decisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures at one moment."""

    at: dt.datetime
    waiting: int
    """For a technician."""
    aside: int
    """For the scanner or the registration: no technician can settle them."""
    waiting_by_age: tuple[int, ...]
    """As ``AGE_WORDS``."""
    oldest: tuple[str, dt.datetime] | None
    """Id and receipt of the document that has waited longest."""
    filed_unaided: int
    filed_by_person: int
    removed: int
    documents: int
    reasons: tuple[tuple[Reason, int], ...]
    """Of waiting and set-aside documents, the most frequent first."""
    days: tuple[dt.date, ...]
    """Today first."""
    pages_finished: tuple[int, ...]
    """By day."""
    team: tuple[TeamLine, ...]
    pages_per_minute: float | None
    """Over the minutes of the last 24 hours in which a file was in work; None where none was."""
    summary: Summary
    notices: tuple[str, ...] = ()
    """What supervisors should know: kinds of documents that are stopped from being filed unaided."""

    @property
    def unaided_share(self) -> float | None:
        """Filed without a person, of all that came in and was not removed, 0..1; None where nothing came."""
        base = self.filed_unaided + self.filed_by_person + self.waiting + self.aside
        return self.filed_unaided / base if base else None


def load_overview(*, uow: UnitOfWork) -> Overview:
    """Return the figures as they are now."""
    reports = ReportRepository(uow.connection)
    now = uow.clock.now()
    days = last_days(now, DAYS_SHOWN)
    spans = [local_day(day) for day in days]
    finished = reports.finished_files(since=now - dt.timedelta(days=1))
    minutes = busy_minutes((received, ended) for received, ended, _ in finished)
    waiting = filter_waiting(now=now)
    return Overview(
        at=now,
        waiting=reports.count_documents(waiting),
        aside=reports.count_documents(filter_aside()),
        waiting_by_age=tuple(reports.count_by_span(waiting, _age_spans(now))),
        oldest=reports.oldest(waiting),
        filed_unaided=reports.count_documents(filter_filed(by_person=False)),
        filed_by_person=reports.count_documents(filter_filed(by_person=True)),
        removed=reports.count_documents(DocumentFilter(states=(DocumentState.REMOVED,))),
        documents=reports.count_documents(DocumentFilter()),
        reasons=tuple(reports.count_by_reason(WAITING)),
        days=tuple(days),
        pages_finished=tuple(reports.count_finished_pages(spans)),
        team=_count_team(reports, spans),
        pages_per_minute=sum(count for _, _, count in finished) / minutes if minutes else None,
        summary=uow.counts.summarize(),
        notices=tuple(text for name, text in uow.notices.all().items() if name == NOTICE),
    )


def list_documents(only: DocumentFilter, *, offset: int, uow: UnitOfWork) -> tuple[list[DocumentLine], int]:
    """Return the documents behind a figure, and how many there are in all."""
    reports = ReportRepository(uow.connection)
    return reports.list_documents(only, offset=offset, limit=LINES_AT_ONCE), reports.count_documents(only)


def filter_waiting(*, age: int | None = None, now: dt.datetime) -> DocumentFilter:
    """Return the filter of documents that wait for a technician, of any age or one of ``AGE_WORDS``."""
    received = None if age is None else _age_spans(now)[age]
    return DocumentFilter(states=WAITING, not_reasons=SET_ASIDE, received=received)


def filter_aside() -> DocumentFilter:
    """Return the filter of documents that wait for the scanner or for the registration."""
    return DocumentFilter(states=WAITING, reasons=SET_ASIDE)


def filter_reason(reason: Reason) -> DocumentFilter:
    """Return the filter of documents that wait for a reason."""
    return DocumentFilter(states=WAITING, reasons=frozenset({reason}))


def filter_filed(*, by_person: bool) -> DocumentFilter:
    """Return the filter of filed documents, confirmed by a person or not."""
    return DocumentFilter(states=(DocumentState.FILED,), is_by_person=by_person)


def filter_decided(*, user: str | None, day: dt.date | None, uow: UnitOfWork) -> DocumentFilter:
    """Return the filter of documents that people decided.

    Args:
        user: id of an account, ``OTHERS``, or None for everybody.
        day: a local day, or None for all days shown.
        uow: reads the accounts.
    """
    accounts = ReportRepository(uow.connection).accounts()
    days = last_days(uow.clock.now(), DAYS_SHOWN)
    within = local_day(day) if day else (local_day(days[-1])[0], local_day(days[0])[1])
    decided = DecisionFilter(within=within)
    if user == OTHERS:
        decided = replace(decided, not_actors=tuple(accounts))
    elif user is not None:
        decided = replace(decided, actors=tuple(n for n, one in accounts.items() if one.id == user) or ("",))
    return DocumentFilter(decided=decided)


def _age_spans(now: dt.datetime) -> list[Span]:
    return ages(now, [dt.timedelta(days=bound) for bound in _AGE_BOUNDS])


def _count_team(reports: ReportRepository, spans: Sequence[Span]) -> tuple[TeamLine, ...]:
    accounts = reports.accounts()
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(spans))
    for span, actor, _, count in reports.count_decisions(spans):
        counts[actor if actor in accounts else OTHERS][span] += count
    lines = [
        TeamLine(
            user=accounts[name].id if name != OTHERS else OTHERS,
            name=name if name != OTHERS else "without an account",
            role=accounts[name].role.value if name != OTHERS else "command line",
            decisions=tuple(decided),
        )
        for name, decided in counts.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-sum(line.decisions), line.name)))
