"""The commands ``patients import``, ``encounters import`` and ``match``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from backfile.errors import ExitCode
from backfile.services.import_encounters import EncounterImport, import_encounters
from backfile.services.import_patients import ImportResult, import_patients
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.match_lines import match_lines
from ingest.rematch import rematch_waiting
from ingest.reopen import reopen_touched
from ingest.workshop import Workshop, open_workshop

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    patients = commands.add_parser("patients", help="the patient index").add_subparsers(
        dest="patients_command", metavar="COMMAND", required=True
    )
    load = patients.add_parser("import", parents=[common], help="import the patient index from CSV")
    load.add_argument("file", type=Path, metavar="FILE.csv")
    load.add_argument("--json", action="store_true", help="the result as one JSON object")
    load.set_defaults(run=run_patients_import)

    check = patients.add_parser("check", parents=[common], help="report suspected duplicates and overlays")
    check.add_argument("--json", action="store_true", help="a JSON object a finding")
    check.set_defaults(run=run_patients_check)

    encounters = commands.add_parser("encounters", help="the numbers of stays and visits").add_subparsers(
        dest="encounters_command", metavar="COMMAND", required=True
    )
    load = encounters.add_parser("import", parents=[common], help="import encounters from CSV")
    load.add_argument("file", type=Path, metavar="FILE.csv")
    load.add_argument("--json", action="store_true", help="the result as one JSON object")
    load.set_defaults(run=run_encounters_import)

    match = commands.add_parser("match", parents=[common], help="decide identifiers by the filing rules")
    match.add_argument("--json", action="store_true", help="a JSON object a line (the only form)")
    match.set_defaults(run=run_match)


def import_index(file: Path, *, workshop: Workshop, actor: str) -> ImportResult:
    """Import the patient index and decide waiting documents anew."""
    result = import_patients(file, catalog=workshop.catalog, actor=actor, facility=workshop.settings.facility)
    reopen_touched(workshop, result.touched, parted=result.parted)
    if result.imported or result.updated:
        rematch_waiting(workshop)
    return result


def run_patients_import(options: argparse.Namespace) -> int:
    """Import the patient index."""
    workshop = open_workshop(options.home)
    result = import_index(options.file, workshop=workshop, actor=actor())
    return _tell_import(result, as_json=options.json)


def run_patients_check(options: argparse.Namespace) -> int:
    """Report records that are probably one person twice, and numbers that several people claim."""
    workshop = open_workshop(options.home)
    found = 0
    with workshop.catalog.look() as uow:
        for one, other in uow.patients.find_suspected_duplicates():
            found += 1
            mrns = [one.mrn.value, other.mrn.value]
            if options.json:
                print_json({"finding": "suspected_duplicate", "mrns": mrns, "patients": [one.id, other.id]})
            else:
                print_line(f"MRN {mrns[0]} and MRN {mrns[1]} are probably one person's.")
        for number, holders in uow.patients.find_doubted():
            found += 1
            ids = [holder.id for holder in holders]
            if options.json:
                print_json({"finding": "claimed_twice", "mrns": [number], "patients": ids})
            else:
                print_line(f"MRN {number} is claimed by {len(ids)} records.")
    if not options.json:
        print_line(f"{found} findings; to none of these numbers anything is filed unaided.")
    return ExitCode.DONE


def run_encounters_import(options: argparse.Namespace) -> int:
    """Import encounters and decide anew whatever bears their numbers."""
    workshop = open_workshop(options.home)
    result = import_encounters(
        options.file, catalog=workshop.catalog, actor=actor(), facility=workshop.settings.facility
    )
    if result.touched:
        reopen_touched(workshop, result.touched)
        rematch_waiting(workshop)
    return _tell_import(result, as_json=options.json)


def _tell_import(result: ImportResult | EncounterImport, *, as_json: bool) -> int:
    if as_json:
        print_json(
            {
                "imported": result.imported,
                "updated": result.updated,
                "unchanged": result.unchanged,
                "bad": [{"line": b.line, "column": b.column, "reason": b.reason} for b in result.bad],
            }
        )
    else:
        print_line(
            f"{result.imported} imported, {result.updated} updated, {result.unchanged} unchanged, "
            f"{len(result.bad)} bad"
        )
        for bad in result.bad:
            say(f"  line {bad.line}, {bad.column}: {bad.reason}")
    return ExitCode.BAD_INPUT if result.bad else ExitCode.DONE


def run_match(options: argparse.Namespace) -> int:
    """Decide each line of standard input."""
    is_good = match_lines(sys.stdin.buffer, _tell_answer, home=options.home)
    return ExitCode.DONE if is_good else ExitCode.BAD_INPUT


def _tell_answer(answer: str) -> None:
    print_line(answer)
    sys.stdout.flush()  # whoever asks line by line waits for it
