"""The command ``demo``: synthetic charts through everything, scored against their truth."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from backfile.domain.accounting import Summary
from backfile.domain.records import StoredDocument
from backfile.domain.user import Role
from backfile.errors import BackfileError, ExitCode, HomeError, IntegrityViolated, UsageError
from backfile.home import Home, create_home
from backfile.services.accounts import add_user
from backfile.settings import load_settings
from backfile.store.unit_of_work import UnitOfWork
from ingest.cli.output import print_json, print_line, say
from ingest.cli.patients import import_index
from ingest.cli.running import Progress, print_summary
from ingest.cli.views import summary_view
from ingest.indexer import prepare_index
from ingest.service import Service, check_port, run_service, ui_address
from ingest.waiting import is_idle
from ingest.workshop import Workshop, prepare_workshop
from search.open_engine import drop_index

if TYPE_CHECKING:
    from samples.make import SampleSet
    from samples.score import Score, ScoredDocument

Commands = Any
DEMO_HOME = Path("demo-home")
_MARKER = ".backfile-demo"
_SEED = 2026
_SETTINGS = """\
# Written by the demo.
settle_seconds = 1.0  # its charts are copied in whole, so they need not stand still as long as a scanner's
facility = [{facility}]
unaided = "declared"  # nothing was checked in a demo; its risk is its own
"""


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    demo = commands.add_parser("demo", help="show everything at work on synthetic charts")
    demo.add_argument("--charts", type=int, default=40, metavar="N", help="how many charts (default: 40)")
    demo.add_argument("--no-ui", action="store_true", help="stop when everything is done")
    demo.add_argument("--json", action="store_true", help="one JSON object on standard output")
    demo.add_argument("--keep", action="store_true", help="keep an earlier demo home")
    demo.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Show everything at work."""
    if options.charts < 1:
        raise UsageError("A demo needs at least one chart.", next_step="Give --charts a number from 1.")
    root = DEMO_HOME.absolute()
    is_new = _clear_home(root, keep=options.keep)
    started = time.monotonic()
    if is_new:
        _make_home(root)
    workshop = prepare_workshop(root)
    prepare_index(workshop)
    if is_new:
        _add_accounts(workshop)
    say(f"Making {options.charts} synthetic charts and a patient index of 2,000 people ...")
    samples = _make_samples(root / "samples", charts=options.charts)
    import_index(samples.patients_csv, workshop=workshop, actor="demo")
    say("Starting watcher, workers and indexer, and dropping the charts into the inbox ...")
    with_ui = not options.no_ui
    if with_ui:
        check_port(workshop.settings)
    with run_service(workshop, with_ui=with_ui) as service:
        try:
            if is_new:
                _drop_charts(samples, workshop.home.inbox)
            if with_ui:
                say(f"Watch it at {ui_address(workshop.settings)}")
            _run_until_idle(service, workshop, expected=options.charts)
            result = _score(workshop, samples)
            _show(result, options, seconds=time.monotonic() - started)
            if with_ui:
                _stay(service, workshop)
        except KeyboardInterrupt:
            say("Stopped.")
    return ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _DemoResult:
    summary: Summary
    score: Score


def _clear_home(root: Path, *, keep: bool) -> bool:
    """Remove an earlier demo home; say whether the home is new.

    Raises:
        HomeError: the folder is somebody's, not a demo's.
    """
    if not root.exists():
        return True
    if not (root / _MARKER).exists():
        raise HomeError(
            f"{root} was not made by the demo, so it is left alone.",
            next_step="Move it away, or run the demo in another folder.",
        )
    if keep:
        return False
    with suppress(BackfileError):  # what the earlier demo left on a server that is down stays there
        drop_index(load_settings(root), Home(root))
    shutil.rmtree(root)
    return True


def _make_home(root: Path) -> None:
    """Make a marked home with the settings of the demo's hospital."""
    samples = _import_samples()
    home = create_home(root)
    (root / _MARKER).touch()
    site = samples.site_of(samples.FamilySplit.DEMO)
    home.settings_file.write_text(
        _SETTINGS.format(facility=json.dumps(site.name, ensure_ascii=False)), encoding="utf-8"
    )


def _add_accounts(workshop: Workshop) -> None:
    """Add an account for each role; names and passwords go to a private file."""
    accounts = []
    for role in Role:
        password = secrets.token_urlsafe(12)
        add_user(role.value, role, password, catalog=workshop.catalog, actor="demo")
        accounts.append({"name": role.value, "role": role.value, "password": password})
    file = workshop.home.root / "accounts.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writer:
        json.dump(accounts, writer, indent=1)
    say(f"Accounts (one a role) are in {file}:")
    for account in accounts:
        say(f"  {account['name']:14} {account['password']}")


def _import_samples() -> ModuleType:
    """Return the chart generator, which is not part of an installed wheel."""
    try:
        import samples
    except ImportError:
        raise UsageError(
            "The demo needs the chart generator, which is not installed.",
            next_step="Run ./demo in a checkout of the project.",
        ) from None
    return samples


def _make_samples(folder: Path, *, charts: int) -> SampleSet:
    samples = _import_samples()
    made: SampleSet = samples.make_samples(
        folder, charts=charts, seed=_SEED, families=samples.FamilySplit.DEMO
    )
    return made


def _drop_charts(samples: SampleSet, inbox: Path) -> None:
    """Drop the charts as a scanner would: whole folders, file by file."""
    for source in sorted(samples.charts_folder.rglob("*")):
        if source.is_file():
            target = inbox / source.relative_to(samples.charts_folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _run_until_idle(service: Service, workshop: Workshop, *, expected: int) -> None:
    progress = Progress(workshop)
    while True:
        service.look()
        with workshop.catalog.look() as uow:
            received = uow.counts.summarize().files.received
        if received >= expected and is_idle(workshop):
            return
        progress.tell()
        time.sleep(0.25)


def _score(workshop: Workshop, samples: SampleSet) -> _DemoResult:
    from samples.score import score_documents

    with workshop.catalog.look() as uow:
        documents = [_scored(uow, document) for document in uow.documents.all()]
        return _DemoResult(uow.counts.summarize(), score_documents(samples.charts, documents))


def _scored(uow: UnitOfWork, document: StoredDocument) -> ScoredDocument:
    from samples.score import ScoredDocument

    patient = uow.patients.get(document.patient_id) if document.patient_id else None
    pages = []
    for page in uow.pages.of_document(document.id):
        file = uow.files.get(page.file_id)
        assert file is not None  # a foreign key
        pages.append((file.name, page.number))
    return ScoredDocument(
        state=document.state.value,
        mrn=patient.mrn.value if patient else None,
        type=document.type.name,
        pages=tuple(pages),
    )


def _show(result: _DemoResult, options: argparse.Namespace, *, seconds: float) -> None:
    score = result.score.as_json()
    if options.json:
        print_json({**summary_view(result.summary), "score": score, "seconds": round(seconds, 1)})
    else:
        print_summary(result.summary, seconds=seconds)
        print_line("Against the truth, on layouts that no model was trained on:")
        for name, value in score.items():
            if not isinstance(value, list):
                print_line(f"  {name.replace('_', ' '):22} {value}")
    if not result.summary.is_balanced:
        raise IntegrityViolated("Files or pages do not add up.", next_step="Run: backfile verify")


def _stay(service: Service, workshop: Workshop) -> None:
    """Go on until somebody stops it."""
    home = workshop.home.root
    say(
        f"\nEverything goes on running. Drop a scan into {workshop.home.inbox}, then try\n"
        f"  .venv/bin/backfile status --home {home}\n"
        f"  .venv/bin/backfile documents --home {home}\n"
        f"  .venv/bin/backfile search 'chest pain' --home {home}\n"
        "Ctrl-C stops it."
    )
    service.run()
