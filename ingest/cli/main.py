"""The ``backfile`` command: arguments in, exit code out.

Data goes to standard output, everything else to standard error. Each command stands in a file of its
group as ``add_<command>`` (its arguments) and ``run_<command>`` (what it does).
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from backfile import __version__
from backfile.errors import BackfileError, ExitCode
from backfile.logs import start_logging

Runner = Callable[[argparse.Namespace], int]

GROUPS = {
    "running": ("init", "up", "ingest"),
    "charts": ("files", "documents", "read", "retry", "undo"),
    "patients": ("patients", "encounters", "match"),
    "trust": ("strata", "check-filings", "check-chart"),
    "finding": ("search", "reindex"),
    "exporting": ("export-pdf",),
    "sheets": ("sheets",),
    "keeping": ("status", "verify"),
    "accounts": ("user", "audit"),
    "training": ("train",),
    "own_types": ("types",),
    "demo": ("demo",),
}
"""The files of commands, with theirs. Only the file of the command that is given is loaded: what all of
them need together takes seconds to import."""


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Args:
        command: the one that is given; any other word, or none: all of them.
    """
    parser = argparse.ArgumentParser(
        prog="backfile",
        description="Turns paper medical records into a searchable electronic archive.",
        epilog="Every command explains itself with --help. The manual is in docs/.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"backfile {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--home", type=Path, metavar="DIR", help="the home (default: $BACKFILE_HOME, else ./backfile-home)"
    )
    wanted = [group for group, names in GROUPS.items() if command in names] or list(GROUPS)
    for group in wanted:
        importlib.import_module(f"ingest.cli.{group}").add_commands(commands, common)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser(given[0] if given else "").parse_args(given)
    start_logging(level=_log_level())
    os.umask(0o077)  # whatever a command makes is for its user's eyes alone
    runner: Runner = options.run
    try:
        return runner(options)
    except BackfileError as error:
        print(f"backfile: {error.what}\n  {error.next_step}", file=sys.stderr)  # noqa: T201
        return int(error.exit_code)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader of our output has gone (``| head``); Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)


def _log_level() -> int:
    """Commands are quiet: their own messages say what is needed."""
    return logging.INFO if os.environ.get("BACKFILE_VERBOSE") else logging.ERROR


def run() -> None:
    """Entry of the console script."""
    sys.exit(main())
