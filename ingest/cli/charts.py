"""Commands about what came in: ``files``, ``documents``, ``read``, ``retry``, ``undo``."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backfile.domain.reasons import Reason, reason_text
from backfile.errors import BackfileError, ExitCode, FileRefused, PageRefused
from backfile.services.decide import undo_decision
from backfile.services.retry import retry_pages
from backfile.settings import Reading, load_settings
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.cli.views import document_view, file_view, reading_view
from ingest.tools import reading_options
from ingest.workshop import open_workshop
from ocr.probe import probe_file
from ocr.read import ENGINES, ReadOptions, get_readers, read_page

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
    """Read files without a home; what cannot be read is told, and the others go on."""
    settings = load_settings(None, reading=options.reading)
    reading = reading_options(settings, engine=options.engine)
    get_readers(reading)  # an engine that is missing is missing for all files
    code = ExitCode.DONE
    for path in options.files:
        with _plainly_named(path) as file:
            if not _read_file(options, path, file, reading):
                code = ExitCode.BAD_INPUT
    return code


def _read_file(options: argparse.Namespace, path: Path, file: Path, reading: ReadOptions) -> bool:
    """Print what is read of a file; say whether all of it could be."""
    try:
        pages = _probe(file)
    except (BackfileError, OSError) as error:
        _print_unreadable(options, path, error)
        return False
    is_whole = True
    for number in range(1, pages + 1):
        try:
            page = read_page(file, number, options=reading)
        except (BackfileError, OSError) as error:
            is_whole = False
            _print_unreadable(options, path, error, page=number)
            continue
        if options.json:
            print_json(reading_view(_name(path), number, page))
        else:
            print_line(page.text)
    return is_whole


@contextmanager
def _plainly_named(path: Path) -> Iterator[Path]:
    """Give a file whose name is no text another for a while; PDFium and qpdf take UTF-8 only."""
    if _name(path) == str(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "file"
        link.symlink_to(path.absolute())
        yield link


def _probe(path: Path) -> int:
    """Return the number of pages of a file that a person named."""
    if path.is_dir():
        raise FileRefused(Reason.NOT_A_DOCUMENT)
    return probe_file(path).pages


def _name(path: Path) -> str:
    """Return a path as given; bytes of its name that are no text are shown as such."""
    return os.fsencode(path).decode("utf-8", "replace")


def _print_unreadable(
    options: argparse.Namespace, path: Path, error: BackfileError | OSError, *, page: int | None = None
) -> None:
    code, message = _explain(error)
    if options.json:
        at_page = {"page": page} if page is not None else {}
        print_json({"file": _name(path), **at_page, "error": {"code": code, "message": message}})
    else:
        say(f"{_name(path)}{f', page {page}' if page else ''}: {message}")


def _explain(error: BackfileError | OSError) -> tuple[str, str]:
    """Return a stable code for why a file or page could not be read, and a sentence."""
    if isinstance(error, FileRefused | PageRefused):
        return error.reason.value, reason_text(error.reason) or ""
    if isinstance(error, FileNotFoundError):
        return "not_found", "There is no such file. Check the path."
    if isinstance(error, OSError):
        return (
            "cannot_open",
            f"The file cannot be opened ({error.strerror}). Check its permissions, and the disk.",
        )
    return "not_now", str(error)


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
