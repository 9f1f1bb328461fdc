"""The commands ``search`` and ``reindex``."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import Any

from backfile.domain.audit import AuditAction
from backfile.domain.document import DocumentState
from backfile.domain.normalize import normalize_number
from backfile.errors import ExitCode, IndexUnusable, UsageError
from backfile.ports import IndexFilter
from backfile.store.unit_of_work import UnitOfWork
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.cli.views import search_view
from ingest.indexer import CatalogPages, is_rebuild_pending, open_engine, rebuild_here, request_rebuild
from ingest.service import is_service_running
from ingest.workshop import Workshop, open_workshop
from search.find import DEFAULT_LIMIT, SearchAnswer, find_pages

Commands = Any
_LOOK_SECONDS = 0.5
_SEARCHABLE = (DocumentState.FILED, DocumentState.REVIEW, DocumentState.EXCEPTION)


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    search = commands.add_parser("search", parents=[common], help="search the archive")
    search.add_argument("query", metavar="QUERY", help='words, "phrases", prefix*, OR, -not')
    search.add_argument("--patient", metavar="MRN", help="only this patient's chart")
    search.add_argument("--type", metavar="T", help="only this document type (several: a,b)")
    search.add_argument("--state", metavar="S", help="filed (default), review, exception (several: a,b)")
    search.add_argument("--from", dest="date_from", metavar="D", help="service date from (YYYY-MM-DD)")
    search.add_argument("--to", dest="date_to", metavar="D", help="service date to (YYYY-MM-DD)")
    search.add_argument("--limit", type=int, default=DEFAULT_LIMIT, metavar="N", help="hits (default: 20)")
    search.add_argument("--json", action="store_true", help="the answer as one JSON object")
    search.set_defaults(run=run_search)

    reindex = commands.add_parser("reindex", parents=[common], help="build the search index anew")
    reindex.set_defaults(run=run_reindex)


def run_search(options: argparse.Namespace) -> int:
    """Search as administrator; the search is audited, its words are not."""
    workshop = open_workshop(options.home)
    engine = open_engine(workshop)
    with workshop.catalog.look() as uow:
        only = _filter_of(options, uow)
        answer = find_pages(
            options.query, engine=engine, pages=CatalogPages(uow), only=only, limit=options.limit
        )
    with workshop.catalog.begin() as uow:
        uow.record(
            AuditAction.SEARCHED,
            "index",
            "all",
            actor=actor(),
            patient=only.patients[0] if only.patients else None,
            pages=",".join(hit.page_id for hit in answer.hits),
        )
        uow.commit()
    if options.json:
        print_json(search_view(answer))
    else:
        _print_answer(answer)
    return ExitCode.DONE


def _filter_of(options: argparse.Namespace, uow: UnitOfWork) -> IndexFilter:
    """Return what the options limit the search to.

    Raises:
        UsageError: an option has a value that cannot be meant.
    """
    patients: tuple[str, ...] = ()
    if options.patient is not None:
        patients = tuple(p.id for p in uow.patients.find_by_number(normalize_number(options.patient)))
        if not patients:
            raise UsageError("No patient of the index has this MRN.", next_step="Check the number.")
    states = tuple(options.state.split(",")) if options.state else ()
    for state in states:
        if state not in _SEARCHABLE:
            raise UsageError(
                f"{state!r} is no searchable state.",
                next_step="Use filed, review, exception, or several: a,b",
            )
    for date in (options.date_from, options.date_to):
        if date is not None:
            _check_date(date)
    return IndexFilter(
        patients=patients,
        types=tuple(options.type.split(",")) if options.type else (),
        states=states,
        date_from=options.date_from or "",
        date_to=options.date_to or "",
    )


def _check_date(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date.", next_step="Write it as YYYY-MM-DD.") from None


def _print_answer(answer: SearchAnswer) -> None:
    for hit in answer.hits:
        whose = f"MRN {hit.mrn}" if hit.mrn else "not filed"
        print_line(f"{hit.file}, page {hit.file_page}  {hit.type}  {hit.service_date}  {whose}")
        print_line(f"    {hit.snippet}")
    coverage = answer.coverage
    found = f"{answer.total} pages found" if answer.total else "Not found"
    print_line(
        f"{found} in {coverage.pages_searched - coverage.pages_unreliable} readable pages; "
        f"{coverage.pages_unreliable} pages not reliably readable, "
        f"{coverage.documents_waiting} documents await verification."
    )


def run_reindex(options: argparse.Namespace) -> int:
    """Build the search index anew."""
    workshop = open_workshop(options.home)
    if is_service_running(workshop):
        _check_answers(workshop)
        request_rebuild(workshop)
        while is_rebuild_pending(workshop) or _outbox_count(workshop):
            time.sleep(_LOOK_SECONDS)
            _check_answers(workshop)
        say("The running indexer has built the index anew.")
    else:
        count = rebuild_here(workshop)
        say(f"The index was built anew from {count} documents.")
    with workshop.catalog.begin() as uow:
        uow.record(AuditAction.INDEX_REBUILT, "index", "all", actor=actor())
        uow.commit()
    return ExitCode.DONE


def _check_answers(workshop: Workshop) -> None:
    """See that the engine answers, whatever the condition of its index.

    Raises:
        ServerDown: it does not; the running indexer goes on when it does.
    """
    engine = open_engine(workshop)
    try:
        engine.check()
    except IndexUnusable:
        return
    finally:
        engine.close()


def _outbox_count(workshop: Workshop) -> int:
    with workshop.catalog.look() as uow:
        return uow.outbox.count()
