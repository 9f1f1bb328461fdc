"""Commands about what is filed unaided: ``strata``, ``check-filings``, ``check-chart``."""

from __future__ import annotations

import argparse
from typing import Any

from backfile.domain.reasons import reason_text
from backfile.domain.unaided import Verdict, describe_stratum
from backfile.errors import ExitCode, UsageError
from backfile.services.unaided import answer_check, lift_stratum
from backfile.store.unit_of_work import UnitOfWork
from ingest.check_chart import check_charts
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line
from ingest.cli.views import share
from ingest.tools import unaided_policy
from ingest.workshop import open_workshop

Commands = Any
_MOST_SHOWN = 100


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    strata = commands.add_parser("strata", parents=[common], help="kinds of unaided filing, and their checks")
    strata.add_argument("--lift", metavar="NAME", help="let a stopped kind file unaided again")
    strata.add_argument("--json", action="store_true", help="a JSON object a kind")
    strata.set_defaults(run=run_strata)

    filings = commands.add_parser(
        "check-filings", parents=[common], help="quality checks: filings drawn to be looked at blindly"
    )
    filings.add_argument("document", nargs="?", metavar="DOCUMENT", help="the document that was checked")
    answer = filings.add_mutually_exclusive_group()
    answer.add_argument("--mrn", metavar="MRN", help="whose document it is")
    answer.add_argument("--nobody", action="store_true", help="it is of nobody in the index")
    filings.add_argument("--json", action="store_true", help="a JSON object a document")
    filings.set_defaults(run=run_check_filings)

    chart = commands.add_parser(
        "check-chart", parents=[common], help="look for pages of others among filed documents"
    )
    chart.add_argument("mrns", nargs="*", metavar="MRN", help="of the charts to look at")
    chart.add_argument("--all", action="store_true", help="every chart")
    chart.add_argument("--review", action="store_true", help="send documents with stray pages to review")
    chart.add_argument("--json", action="store_true", help="a JSON object a stray page")
    chart.set_defaults(run=run_check_chart)


def run_strata(options: argparse.Namespace) -> int:
    """Tell of each kind of filing how it stands, or lift a stop."""
    workshop = open_workshop(options.home)
    if options.lift:
        lift_stratum(options.lift, catalog=workshop.catalog, actor=actor())
    policy = unaided_policy(workshop.settings)
    with workshop.catalog.look() as uow:
        counts = uow.unaided.counts()
    for one in counts:
        words = describe_stratum(one.stratum)
        if options.json:
            print_json(
                {
                    "name": one.stratum,
                    "words": words,
                    "filed": one.filed,
                    "checked": one.checked,
                    "wrong": one.wrong,
                    "bound": share(one.bound),
                    "stopped": one.is_stopped,
                }
            )
            continue
        stopped = "  STOPPED" if one.is_stopped else ""
        print_line(
            f"{one.stratum:40} {one.filed} decided, {one.checked} checked, {one.wrong} wrong: "
            f"at most {one.bound:.2%} wrong is shown (risk {policy.risk:.4%}){stopped}"
        )
        print_line(f"    {words}")
    return ExitCode.DONE


def run_check_filings(options: argparse.Namespace) -> int:
    """List what is to be checked, without its patient; or take an answer."""
    workshop = open_workshop(options.home)
    if options.document:
        if not options.mrn and not options.nobody:
            raise UsageError("Whose the document is is not said.", next_step="Give --mrn MRN or --nobody.")
        with workshop.catalog.look() as uow:
            patient = None if options.nobody else _find_patient(options.mrn, uow)
        verdict = answer_check(options.document, patient, catalog=workshop.catalog, actor=actor())
        if options.json:
            print_json({"document": options.document, "verdict": verdict.value})
        elif verdict is Verdict.RIGHT:
            print_line("The filing is right.")
        else:
            print_line("The filing was wrong: the document is in review, and its kind files nothing unaided.")
        return ExitCode.DONE
    with workshop.catalog.look() as uow:
        waiting = uow.unaided.to_check(limit=_MOST_SHOWN)
        for one in waiting:
            pages = uow.pages.of_document(one.document_id)
            named = [(uow.files.get(page.file_id), page.number) for page in pages]
            places = [{"file": file.name if file else None, "number": number} for file, number in named]
            if options.json:
                print_json({"document": one.document_id, "pages": places})
            else:
                print_line(f"{one.document_id}  {len(pages)} pages")
    if not waiting and not options.json:
        print_line("Nothing is to be checked.")
    return ExitCode.DONE


def _find_patient(mrn: str, uow: UnitOfWork) -> str:
    holders = uow.patients.find_by_number(mrn)
    if len(holders) != 1:
        raise UsageError(
            "This MRN is not exactly one patient's.",
            next_step="Give the MRN that the index has, or --nobody.",
        )
    return holders[0].id


def run_check_chart(options: argparse.Namespace) -> int:
    """Run page binding over filed documents."""
    if bool(options.mrns) == options.all:
        raise UsageError("Which charts to look at is not said.", next_step="Give MRNs, or --all.")
    workshop = open_workshop(options.home)
    result = check_charts(workshop, options.mrns, actor=actor(), send_to_review=options.review)
    for stray in result.strays:
        if options.json:
            print_json(
                {
                    "document": stray.document,
                    "mrn": stray.mrn,
                    "page": stray.page,
                    "file": stray.file,
                    "file_page": stray.file_page,
                    "reason": stray.reason.value,
                    "reason_text": reason_text(stray.reason),
                    "confirmed": stray.by_person,
                }
            )
        else:
            print_line(f"{stray.document}  page {stray.page}  filed under MRN {stray.mrn}")
            print_line(f"    {reason_text(stray.reason)} ({stray.file}, page {stray.file_page})")
    if not options.json:
        print_line(
            f"Looked at {result.documents} documents, {result.pages} pages: "
            f"{len(result.strays)} stray pages, {result.reviewed} documents sent to review"
        )
    return ExitCode.DONE
