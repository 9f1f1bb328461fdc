"""The command ``export-pdf``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from backfile.errors import ExitCode
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line
from ingest.export_pdf import export_pdf
from ingest.workshop import open_workshop
from ocr.pdf_export import ExportedPdf, obstacle_text

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the command of this group."""
    export = commands.add_parser(
        "export-pdf", parents=[common], help="write a document as one searchable PDF"
    )
    export.add_argument("document", metavar="DOCUMENT", help="id of a document (see: backfile documents)")
    export.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="the file, or a folder for it (default: DOCUMENT.pdf)"
    )
    export.add_argument("--json", action="store_true", help="one JSON object")
    export.set_defaults(run=run_export_pdf)


def run_export_pdf(options: argparse.Namespace) -> int:
    """Write one document; who took it out is audited."""
    workshop = open_workshop(options.home)
    name = f"{options.document}.pdf"
    target: Path = options.out or Path(name)
    if target.is_dir():
        target = target / name
    written = export_pdf(options.document, target, workshop=workshop, actor=actor())
    if options.json:
        print_json(
            {
                "document": options.document,
                "file": str(target),
                "pages": written.pages,
                "bytes": written.bytes,
                "pages_copied": written.copied_pages,
                "pdfa": written.is_pdfa,
                "obstacles": [obstacle.value for obstacle in written.obstacles],
            }
        )
    else:
        count = "1 page" if written.pages == 1 else f"{written.pages} pages"
        print_line(f"{target}: {count}, {written.bytes} bytes, {_tell_kind(written)}")
    return ExitCode.DONE


def _tell_kind(written: ExportedPdf) -> str:
    if written.is_pdfa:
        return "PDF/A-2b"
    return "plain PDF, because " + "; ".join(obstacle_text(one) for one in written.obstacles)
