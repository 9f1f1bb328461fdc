"""Commands that run things: ``init``, ``up``, ``ingest``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from backfile.domain.accounting import Summary
from backfile.errors import ExitCode, IntegrityViolated
from backfile.ids import new_id
from ingest.cli.output import print_json, print_line, say
from ingest.cli.views import summary_view
from ingest.collect import Unreachable, collect_files
from ingest.indexer import open_engine, prepare_index
from ingest.service import (
    check_port,
    is_service_running,
    run_service,
    settings_environment,
    ui_address,
)
from ingest.waiting import wait_until_idle
from ingest.workshop import Workshop, open_workshop, prepare_workshop, upgrade_workshop

Commands = Any
_PROGRESS_SECONDS = 5.0


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    init = commands.add_parser("init", parents=[common], help="make a home, or upgrade one")
    init.set_defaults(run=run_init)

    up = commands.add_parser("up", parents=[common], help="run everything until stopped")
    up.add_argument("--port", type=int, metavar="N", help="port of the screens (default: 8501)")
    up.add_argument("--no-ui", action="store_true", help="without the screens")
    up.set_defaults(run=run_up)

    ingest = commands.add_parser("ingest", parents=[common], help="take files in without moving them")
    ingest.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder with subfolders"
    )
    ingest.add_argument("--wait", action="store_true", help="wait until everything is done and searchable")
    ingest.add_argument(
        "--timeout", type=float, metavar="S", help="give up waiting after S seconds (exit 75)"
    )
    ingest.add_argument("--json", action="store_true", help="the summary as one JSON object")
    ingest.set_defaults(run=run_ingest)


def run_init(options: argparse.Namespace) -> int:
    """Make a home."""
    workshop = prepare_workshop(options.home)
    prepare_index(workshop)
    print_line(f"The home is ready: {workshop.home.root}")
    say(
        f"  Drop scans into {workshop.inboxes[0]}, import patients with `backfile patients import`, "
        "and start everything with `backfile up`."
    )
    return ExitCode.DONE


def run_up(options: argparse.Namespace) -> int:
    """Run everything until stopped."""
    workshop = upgrade_workshop(options.home, ui_port=options.port)
    open_engine(workshop).close()  # a setting that cannot be meant is said here, not by a dying process
    with_ui = not options.no_ui
    if with_ui and not is_service_running(workshop):
        check_port(workshop.settings)
    environment = settings_environment(ui_port=options.port)
    with run_service(workshop, with_ui=with_ui, environment=environment) as service:
        try:
            service.wait_until_ready(tick=NoticeTeller(workshop).tell)
        except KeyboardInterrupt:
            return ExitCode.DONE
        print_line(f"ready {ui_address(workshop.settings)}" if with_ui else "ready")
        sys.stdout.flush()
        service.run()
    say("Stopped.")
    return ExitCode.DONE


def run_ingest(options: argparse.Namespace) -> int:
    """Take files in."""
    workshop = open_workshop(options.home)
    call_id = new_id("run")
    started = time.monotonic()
    if options.wait and not is_service_running(workshop):
        with run_service(workshop, with_watcher=False) as service:
            unreachable = collect_files(options.paths, workshop=workshop, call_id=call_id)
            progress = Progress(workshop, call_id)

            def tick() -> None:
                service.look()
                progress.tell()

            wait_until_idle(workshop, call_id=call_id, timeout=options.timeout, tick=tick)
    else:
        unreachable = collect_files(options.paths, workshop=workshop, call_id=call_id)
        if options.wait:
            progress = Progress(workshop, call_id)
            wait_until_idle(workshop, call_id=call_id, timeout=options.timeout, tick=progress.tell)
    with workshop.catalog.look() as uow:
        summary = uow.counts.summarize(call_id=call_id)
    if options.json:
        print_json(summary_view(summary))
    else:
        print_summary(summary, seconds=time.monotonic() - started)
    return _code_of(summary, unreachable)


def _code_of(summary: Summary, unreachable: list[Unreachable]) -> int:
    for problem in unreachable:
        say(f"backfile: {problem.path}: {problem.reason}")
    if not summary.is_balanced:
        raise IntegrityViolated("Files or pages do not add up.", next_step="Run: backfile verify")
    return ExitCode.BAD_INPUT if unreachable else ExitCode.DONE


class Progress:
    """Tells a person now and then how far the work is."""

    def __init__(self, workshop: Workshop, call_id: str | None = None) -> None:
        """Count in a workshop's catalog, for one call or for the whole home."""
        self._workshop, self._call_id = workshop, call_id
        self._next = time.monotonic() + 1.0

    def tell(self) -> None:
        """Say it, if it is time to."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PROGRESS_SECONDS
        with self._workshop.catalog.look() as uow:
            read, total = uow.counts.count_read(call_id=self._call_id)
            notices = uow.notices.all()
        say(f"  {read} of {total} pages read" + "".join(f"\n  {text}" for text in notices.values()))


class NoticeTeller:
    """Tells a person what the parts have to say while they come up, each sentence once."""

    def __init__(self, workshop: Workshop) -> None:
        """Listen to a workshop's parts."""
        self._workshop = workshop
        self._told: set[str] = set()

    def tell(self) -> None:
        """Say what is new."""
        with self._workshop.catalog.look() as uow:
            texts = set(uow.notices.all().values())
        for text in sorted(texts - self._told):
            say(f"! {text}")
        self._told |= texts


def print_summary(summary: Summary, *, seconds: float | None = None) -> None:
    """Print a summary for a person."""
    files, pages, documents = summary.files, summary.pages, summary.documents
    print_line(
        f"files      {files.received:5}   taken {files.taken}, duplicate {files.duplicate}, "
        f"rejected {files.rejected}, working {files.working}"
    )
    print_line(
        f"pages      {pages.received:5}   filed {pages.filed}, review {pages.review}, "
        f"exception {pages.exception}, blank {pages.blank}, separator {pages.separator}, "
        f"removed {pages.removed}, working {pages.working}"
    )
    print_line(
        f"documents          filed {documents.filed}, review {documents.review}, "
        f"exception {documents.exception}, removed {documents.removed}"
    )
    print_line(
        f"{'balanced' if summary.is_balanced else 'NOT BALANCED'}; "
        f"{summary.pages_per_minute:.0f} pages a minute"
        + (f"; {seconds:.0f} s in all" if seconds is not None else "")
    )
