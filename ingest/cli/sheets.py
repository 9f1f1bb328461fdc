"""The commands ``sheets separator``, ``sheets type``, ``sheets batch`` and ``sheets chart``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backfile.domain.document_types import DOCUMENT_TYPES, title_of
from backfile.domain.patient import Patient
from backfile.domain.sheets import Sheet, SheetKind
from backfile.errors import BadInput, ExitCode, UsageError
from backfile.services.csv_lines import column_name, detect_delimiter, detect_encoding, read_lines, split_line
from backfile.services.print_sheets import (
    IssuedCharts,
    WantedChart,
    check_type,
    issue_batch_sheets,
    issue_chart_sheets,
)
from ingest.cli.actor import actor
from ingest.cli.output import print_line, say
from ingest.sheet_pdf import Paper, SheetText, draw_sheets
from ingest.workshop import open_workshop

Commands = Any
_MOST_COPIES = 500


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    sheets = commands.add_parser("sheets", help="print sheets to lay between pages").add_subparsers(
        dest="sheets_command", metavar="COMMAND", required=True
    )
    printing = argparse.ArgumentParser(add_help=False)
    printing.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE.pdf", help="the file to print"
    )
    printing.add_argument(
        "--paper", choices=[*Paper], default=Paper.LETTER, help="its size (default: letter)"
    )
    copies = argparse.ArgumentParser(add_help=False)
    copies.add_argument("--copies", type=int, default=1, metavar="N", help="how many of each (default: 1)")

    separator = sheets.add_parser("separator", parents=[printing, copies], help="document separators")
    separator.set_defaults(run=run_separator)
    type_ = sheets.add_parser("type", parents=[printing, copies], help="separators that give a type")
    type_.add_argument("types", nargs="+", metavar="TYPE", help="e.g. laboratory_report; all: one of each")
    type_.set_defaults(run=run_type)
    batch = sheets.add_parser("batch", parents=[common, printing], help="batch header sheets")
    batch.add_argument("names", nargs="+", metavar="NAME", help="of a batch, e.g. 'Box 12'")
    batch.add_argument("--type", default="", metavar="TYPE", help="of every document in it")
    batch.set_defaults(run=run_batch)
    chart = sheets.add_parser("chart", parents=[common, printing], help="chart header sheets of patients")
    chart.add_argument("mrns", nargs="*", metavar="MRN", help="of a patient of the index")
    chart.add_argument("--list", type=Path, metavar="FILE", help="an MRN a line, or CSV with a column mrn")
    chart.add_argument("--facility", metavar="NAME", help="whose numbers they are, where several have them")
    chart.set_defaults(run=run_chart)


def run_separator(options: argparse.Namespace) -> int:
    """Print separators."""
    return _write(options, [SheetText(Sheet(SheetKind.SEPARATOR))] * _copies(options))


def run_type(options: argparse.Namespace) -> int:
    """Print sheets that give a type."""
    names = (
        [name for name in DOCUMENT_TYPES if name != "unknown"] if options.types == ["all"] else options.types
    )
    for name in names:
        check_type(name)
    texts = [SheetText(Sheet(SheetKind.TYPE, name), title_of(name), (name,)) for name in names]
    return _write(options, [text for text in texts for _ in range(_copies(options))])


def run_batch(options: argparse.Namespace) -> int:
    """Print batch header sheets."""
    workshop = open_workshop(options.home)
    issued = issue_batch_sheets(
        options.names, type_name=options.type, catalog=workshop.catalog, actor=actor()
    )
    texts = [
        SheetText(
            Sheet(SheetKind.BATCH, one.token),
            one.name,
            (f"Type: {title_of(one.type_name)}",) if one.type_name else (),
        )
        for one in issued
    ]
    return _write(options, texts)


def run_chart(options: argparse.Namespace) -> int:
    """Print chart header sheets; each patient's is audited."""
    workshop = open_workshop(options.home)
    wanted = _read_wanted(options, workshop.settings.facility)
    done = issue_chart_sheets(wanted, catalog=workshop.catalog, actor=actor())
    site = workshop.settings.facility[0] if workshop.settings.facility else ""
    for refused in done.refused:
        say(f"  no sheet for line {refused.line}: {refused.reason}")
    if not done.issued:
        raise BadInput("No sheet was printed.", next_step="Check the numbers against the patient index.")
    _write(options, _texts_of(done, site))
    return ExitCode.BAD_INPUT if done.refused else ExitCode.DONE


def _read_wanted(options: argparse.Namespace, site: Sequence[str]) -> list[WantedChart]:
    """Return whom for; arguments count as lines from 1."""
    if bool(options.mrns) == bool(options.list):
        raise UsageError("Give either MRNs or --list FILE.", next_step="See: backfile sheets chart --help")
    if options.mrns:
        whose = _name_facility(options.facility, site)
        return [WantedChart(at, mrn, whose) for at, mrn in enumerate(options.mrns, 1)]
    return _read_list(options.list, options.facility, site)


def _read_list(path: Path, facility: str | None, site: Sequence[str]) -> list[WantedChart]:
    """Return the numbers of a list: one a line, or a table with columns ``mrn`` and perhaps ``facility``."""
    lines = list(read_lines(path, detect_encoding(path, what="list")))
    if not lines:
        raise UsageError("The list is empty.", next_step="Give an MRN a line.")
    delimiter = detect_delimiter(lines[0], ("mrn", "facility"))
    columns = [column_name(name) for name in split_line(lines[0], delimiter)]
    if "mrn" not in columns:
        return [
            WantedChart(at, line.strip(), _name_facility(facility, site))
            for at, line in enumerate(lines, 1)
            if line.strip()
        ]
    wanted = []
    for at, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        row = dict(zip(columns, split_line(line, delimiter), strict=False))
        whose = row.get("facility", "").strip() or facility
        wanted.append(WantedChart(at, row.get("mrn", "").strip(), _name_facility(whose, site)))
    return wanted


def _name_facility(name: str | None, site: Sequence[str]) -> str | None:
    """Return a facility as the index names it: the site itself is ""."""
    return "" if name is not None and name.casefold() in {one.casefold() for one in site} else name


def _texts_of(done: IssuedCharts, site: str) -> list[SheetText]:
    return [
        SheetText(
            Sheet(SheetKind.CHART, one.sheet.token),
            str(one.patient.name),
            (*_describe(one.patient, site), f"Printed {one.sheet.printed_at:%d %b %Y}"),
        )
        for one in done.issued
    ]


def _describe(patient: Patient, site: str) -> tuple[str, ...]:
    mrn = patient.mrn
    lines = (
        f"Born {patient.birth_date:%d %b %Y}" if patient.birth_date else "",
        f"MRN {mrn.value}",
        mrn.facility or site,
    )
    return tuple(line for line in lines if line)


def _copies(options: argparse.Namespace) -> int:
    copies: int = options.copies
    if not 1 <= copies <= _MOST_COPIES:
        raise UsageError(f"--copies is 1 to {_MOST_COPIES}.", next_step="Give a number in between.")
    return copies


def _write(options: argparse.Namespace, texts: Sequence[SheetText]) -> int:
    """Write the file; only its owner may read it, since chart header sheets name patients."""
    target: Path = options.out
    content = draw_sheets(texts, paper=Paper(options.paper))
    try:
        target.write_bytes(content)
        os.chmod(target, 0o600)  # noqa: PTH101
    except OSError as error:
        raise UsageError(
            f"The file {target} cannot be written ({error.strerror}).", next_step="Name another with --out."
        ) from None
    print_line(f"{target}: {len(texts)} sheet{'' if len(texts) == 1 else 's'}")
    return ExitCode.DONE
