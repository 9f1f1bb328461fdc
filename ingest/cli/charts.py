"""Commands about what came in: ``files``, ``documents``, ``read``, ``retry``, ``undo``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from backfile.domain.reasons import Reason, reason_text
from backfile.errors import BackfileError, ExitCode, FileRefused, PageRefused, UsageError
from backfile.services.decide import undo_decision
from backfile.services.retry import retry_pages
from backfile.settings import Reading, load_settings
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.cli.views import document_view, file_view, reading_view
from ingest.tools import reading_options
from ingest.workshop import open_workshop
from ocr.probe import probe_file
from ocr.read import ENGINES, read_page

Commands = Any  # argparse names its type of subparsers with an underscore


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    files = commands.add_parser("files", parents=[common], help="list received files and their pages")
    files.add_argument("--json", action="store_true", help="a JSON object a line")
    files.set_defaults(run=run_files)

    documents = commands.add_parser("documents", parents=[common], help="list documents")
    documents.add_argument("--json", action="store_true", help="a JSON object a line")
    documents.add_argument("--text", action="store_true", help="with the text that was read")
    documents.set_defaults(run=run_documents)

    read = commands.add_parser("read", help="read the words of files; needs no home")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--engine", choices=ENGINES, help="the reading engine (default: tesserocr)")
    read.add_argument("--reading", choices=[r.value for r in Reading], help="effort (default: balanced)")
    read.add_argument("--json", action="store_true", help="a JSON object a page")
    read.set_defaults(run=run_read)

    retry = commands.add_parser("retry", parents=[common], help="read a file, page or document again")
    retry.add_argument("id", metavar="ID", help="id of a file, page or document")
    retry.set_defaults(run=run_retry)

    undo = commands.add_parser("undo", parents=[common], help="take a decision back")
    undo.add_argument("decision", metavar="DECISION", help="id of the newest decision about a document")
    undo.set_defaults(run=run_undo)


def run_files(options: argparse.Namespace) -> int:
    """List received files."""
    workshop = open_workshop(options.home)
    with workshop.catalog.look() as uow:
        for file in uow.files.all():
            pages = uow.pages.of_file(file.id)
            batch = uow.files.get_batch(file.batch_id) if file.batch_id else None
            if options.json:
                print_json(file_view(file, pages, batch))
            else:
                print_line(f"{file.id}  {file.state.value:9}  {len(pages):3} pages  {file.name}")
                if file.reason:
                    print_line(f"    {reason_text(file.reason)}")
    return ExitCode.DONE


def run_documents(options: argparse.Namespace) -> int:
    """List documents."""
    workshop = open_workshop(options.home)
    with workshop.catalog.look() as uow:
        for document in uow.documents.all():
            view = document_view(document, uow, with_text=options.text)
            if options.json:
                print_json(view)
                continue
            patient = f"MRN {view['patient']['mrn']}" if view["patient"] else "-"
            print_line(
                f"{document.id}  {document.state.value:9}  {document.type.name:25}  "
                f"{len(view['pages']):2} pages  {patient}"
            )
            print_line(f"    {view['reason_text']}")
            if options.text:
                print_line(view["text"])
    return ExitCode.DONE


def run_read(options: argparse.Namespace) -> int:
    """Read files without a home."""
    settings = load_settings(None, reading=options.reading)
    reading = reading_options(settings, engine=options.engine)
    code = ExitCode.DONE
    for path in options.files:
        try:
            probe = _probe(path)
        except (FileRefused, UsageError) as refused:
            code = ExitCode.BAD_INPUT
            _print_unreadable(options, str(path), refused)
            continue
        for number in range(1, probe + 1):
            try:
                page = read_page(path, number, options=reading)
            except PageRefused as refused:
                code = ExitCode.BAD_INPUT
                _print_unreadable(options, str(path), refused, page=number)
                continue
            if options.json:
                print_json(reading_view(str(path), number, page))
            else:
                print_line(page.text)
    return code


def _probe(path: Path) -> int:
    """Return the number of pages of a file that a person named."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", next_step="Check the path.")
    try:
        return probe_file(path).pages
    except OSError as error:
        raise UsageError(
            f"{path} cannot be opened ({error.strerror}).", next_step="Check its permissions."
        ) from None


def _print_unreadable(
    options: argparse.Namespace, file: str, error: BackfileError, *, page: int | None = None
) -> None:
    reason = getattr(error, "reason", None)
    code = reason.value if isinstance(reason, Reason) else "not_found"
    message = reason_text(reason) if isinstance(reason, Reason) else str(error)
    if options.json:
        at_page = {"page": page} if page is not None else {}
        print_json({"file": file, **at_page, "error": {"code": code, "message": message}})
    else:
        say(f"{file}{f', page {page}' if page else ''}: {message}")


def run_retry(options: argparse.Namespace) -> int:
    """Read pages again."""
    workshop = open_workshop(options.home)
    tasks = retry_pages(options.id, catalog=workshop.catalog, actor=actor())
    say(f"{len(tasks)} pages will be read again, as soon as `backfile up` runs.")
    return ExitCode.DONE


def run_undo(options: argparse.Namespace) -> int:
    """Take a decision back."""
    workshop = open_workshop(options.home)
    decision = undo_decision(options.decision, catalog=workshop.catalog, actor=actor())
    say(f"Undone by decision {decision.id}; document {decision.document_id} is back in its earlier state.")
    return ExitCode.DONE
