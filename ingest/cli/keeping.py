"""The commands ``status`` and ``verify``."""

from __future__ import annotations

import argparse
from typing import Any

from backfile.domain.audit import AuditAction
from backfile.errors import ExitCode, IntegrityViolated, ServerDown
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.cli.running import print_summary
from ingest.cli.views import summary_view, unaided_view
from ingest.indexer import open_engine, rebuild_here, request_rebuild
from ingest.service import is_service_running
from ingest.tools import unaided_policy
from ingest.verify import Verification, verify_home
from ingest.workshop import Workshop, open_workshop

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    status = commands.add_parser("status", parents=[common], help="where everything is")
    status.add_argument("--json", action="store_true", help="one JSON object")
    status.set_defaults(run=run_status)

    verify = commands.add_parser("verify", parents=[common], help="check everything that is stored")
    verify.add_argument("--repair", action="store_true", help="build a stale index anew")
    verify.add_argument("--json", action="store_true", help="one JSON object")
    verify.set_defaults(run=run_verify)


def run_status(options: argparse.Namespace) -> int:
    """Tell where everything is."""
    workshop = open_workshop(options.home)
    running = is_service_running(workshop)
    with workshop.catalog.look() as uow:
        summary = uow.counts.summarize()
        notices = uow.notices.all()
        unaided = unaided_view(uow.unaided.counts(), unaided_policy(workshop.settings))
    if options.json:
        print_json({**summary_view(summary), "running": running, "notices": notices, "unaided": unaided})
    else:
        print_line("running" if running else "not running (start with: backfile up)")
        print_summary(summary)
        print_line(unaided["in_force"])
        for text in notices.values():
            print_line(f"! {text}")
    if not summary.is_balanced:
        raise IntegrityViolated("Files or pages do not add up.", next_step="Run: backfile verify")
    return ExitCode.DONE


def run_verify(options: argparse.Namespace) -> int:
    """Check bytes, rows, index and audit trail against each other."""
    workshop = open_workshop(options.home)
    result = verify_home(workshop, open_engine(workshop))
    is_index_wrong = bool(result.stale_documents or result.index_problem) and not result.is_search_down
    repaired = options.repair and is_index_wrong
    if repaired:
        _repair_index(workshop)
    with workshop.catalog.begin() as uow:
        outcome = "sound" if result.is_sound else "violated"
        uow.record(AuditAction.CATALOG_VERIFIED, "catalog", "all", actor=actor(), outcome=outcome)
        uow.commit()
    _tell(result, repaired=repaired, as_json=options.json)
    if not result.is_sound or (is_index_wrong and not repaired):
        raise IntegrityViolated(
            f"{len(result.problems)} problems, {len(result.stale_documents)} documents stale in the index.",
            next_step="An index is mended by --repair; for the rest keep the home and compare with a backup.",
        )
    if result.is_search_down:
        raise ServerDown(
            "The search index could not be looked at; all else is sound.",
            next_step="Run it again when search answers.",
        )
    return ExitCode.DONE


def _repair_index(workshop: Workshop) -> None:
    if is_service_running(workshop):
        request_rebuild(workshop)
    else:
        rebuild_here(workshop)


def _tell(result: Verification, *, repaired: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "sound": result.is_sound,
                "problems": list(result.problems),
                "index": result.index_problem,
                "stale_documents": list(result.stale_documents),
                "repaired": repaired,
                "files": result.files,
                "pages": result.pages,
                "documents": result.documents,
                "audit_events": result.audit_events,
            }
        )
        return
    for problem in result.problems:
        say(f"! {problem}")
    if result.index_problem:
        say(f"! index: {result.index_problem}")
    if repaired:
        print_line("The search index is built anew.")
    print_line(
        f"Checked {result.files} files, {result.pages} pages, {result.documents} documents, "
        f"{result.audit_events} audit events: {'sound' if result.is_sound else 'NOT SOUND'}"
    )
