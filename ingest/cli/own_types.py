"""The commands ``types``: what documents can be, and what a site adds to that."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backfile.domain.audit import AuditAction
from backfile.domain.decision import DecisionKind
from backfile.domain.document import DocumentState
from backfile.domain.document_types import DOCUMENT_TYPES, UNKNOWN, SiteType, is_type_name
from backfile.domain.page import PageReading
from backfile.domain.site_type import SiteTypeModel
from backfile.errors import BackfileError, BadInput, ExitCode, UsageError
from backfile.store.site_types import SiteTypeFolder
from ingest.cli.actor import actor
from ingest.cli.output import print_json, print_line, say
from ingest.tools import reading_options
from ingest.workshop import Workshop, open_workshop

Commands = Any
_MOST_CONFIRMED = 200
_LOINC = re.compile(r"\d{1,5}-\d")


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    types = commands.add_parser("types", help="document types, and those that a site adds").add_subparsers(
        dest="types_command", metavar="COMMAND", required=True
    )
    listed = types.add_parser("list", parents=[common], help="list every type")
    listed.add_argument("--json", action="store_true", help="a JSON object a line")
    listed.set_defaults(run=run_list)
    add = types.add_parser("add", parents=[common], help="add a type from a dozen examples")
    add.add_argument("key", metavar="KEY", help="its stable key, e.g. sleep_study")
    add.add_argument(
        "examples",
        nargs="+",
        metavar="EXAMPLE",
        help="a file (PDF, TIFF or image), or the id of a document of the home",
    )
    add.add_argument("--name", required=True, metavar="TEXT", help="what people call it")
    add.add_argument("--loinc", metavar="CODE", help="its LOINC code")
    add.add_argument("--letters", metavar="XX", help="two letters to choose it by (default: of its name)")
    add.add_argument("--replace", action="store_true", help="learn a type anew that is there")
    add.set_defaults(run=run_add)
    remove = types.add_parser("remove", parents=[common], help="take a type away that the site added")
    remove.add_argument("key", metavar="KEY", help="its key")
    remove.set_defaults(run=run_remove)


def run_list(options: argparse.Namespace) -> int:
    """List the types."""
    folder = SiteTypeFolder(open_workshop(options.home).home.types)
    own = folder.models()
    for known in [*DOCUMENT_TYPES.values(), *(model.type for model in own.values())]:
        model = own.get(known.name)
        if options.json:
            print_json(_view(known.name, known.loinc, known.title, model))
        else:
            line = f"{known.name:28} {known.loinc or '-':9} {known.title}"
            print_line(f"{line}  ({_tell(model)})" if model else line)
    for name in folder.damaged:
        say(f"! {name}: its file is damaged; remove the type and add it again")
    return ExitCode.BAD_INPUT if folder.damaged else ExitCode.DONE


def run_add(options: argparse.Namespace) -> int:
    """Learn a type from examples, unless it would harm others."""
    workshop = open_workshop(options.home)
    folder = SiteTypeFolder(workshop.home.types)
    new = _check_type(options, folder)
    examples = [_read_example(text, at, workshop) for at, text in enumerate(options.examples, 1)]
    # Training needs the generator of charts and much of spaCy: only now, not at every command.
    from classify.model import load_model
    from classify.training.site_type import learn_site_type

    say(f"Learning {new.name} from {len(examples)} examples ...")
    with workshop.catalog.look() as uow:
        now = uow.clock.now()
    known = {name: model for name, model in folder.models().items() if name != new.name}
    against = _confirmed_documents(workshop, but={*options.examples}, name=new.name)
    model = learn_site_type(new, examples, model=load_model(), known=known, now=now, against=against)
    with workshop.catalog.begin() as uow:
        uow.record(
            AuditAction.TYPE_ADDED, "type", new.name, actor=actor(), examples=str(model.scores.examples)
        )
        folder.save(model)
        uow.commit()
    print_line(f"{new.name} ({new.letters}): {_tell(model)}")
    return ExitCode.DONE


def run_remove(options: argparse.Namespace) -> int:
    """Take a type away; documents that bear it keep its key."""
    workshop = open_workshop(options.home)
    folder = SiteTypeFolder(workshop.home.types)
    if options.key in DOCUMENT_TYPES:
        raise UsageError(
            f"{options.key} comes with Backfile.", next_step="Only types that the site added can be removed."
        )
    with workshop.catalog.begin() as uow:
        if not folder.remove(options.key):
            raise UsageError(
                f"The site has no type {options.key!r}.", next_step="See the types with: backfile types list"
            )
        uow.record(AuditAction.TYPE_REMOVED, "type", options.key, actor=actor())
        uow.commit()
    print_line(f"{options.key} is removed. Documents that were called so keep the key.")
    return ExitCode.DONE


def _check_type(options: argparse.Namespace, folder: SiteTypeFolder) -> SiteType:
    """Return the type that is to be added."""
    key, title, loinc = options.key, " ".join(options.name.split()), options.loinc
    if not is_type_name(key):
        raise UsageError(
            f"{key!r} cannot be the key of a type of the site's own.",
            next_step="Take 3 to 40 small letters, digits and underscores, and no shipped type.",
        )
    if key in folder.models() and not options.replace:
        raise UsageError(f"The type {key} is there.", next_step="Learn it anew with --replace.")
    if not 0 < len(title) <= 60:
        raise UsageError("A type's name has 1 to 60 characters.", next_step="Give another --name.")
    if loinc is not None and not _LOINC.fullmatch(loinc):
        raise UsageError(f"{loinc!r} is no LOINC code.", next_step="Codes look like 28633-6.")
    return SiteType(key, loinc, title, _choose_letters(options.letters, title, folder, but=key))


def _choose_letters(given: str | None, title: str, folder: SiteTypeFolder, *, but: str) -> str:
    """Return two letters that no other type has."""
    from backfile.domain.type_codes import TYPE_CODES

    taken = {*TYPE_CODES.values()}
    taken |= {model.type.letters for name, model in folder.models().items() if name != but}
    if given is not None:
        letters = given.upper()
        if not re.fullmatch(r"[A-Z]{2}", letters) or letters in taken:
            raise UsageError(
                f"{given!r} cannot be the letters of the type.", next_step="Take two letters no type has."
            )
        return letters
    if but in folder.models():
        return folder.models()[but].type.letters  # technicians know them
    plain = [char for char in title.upper() if "A" <= char <= "Z"] or ["X"]
    tried = [plain[0] + char for char in [*plain[1:], *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]]
    free = [letters for letters in tried if letters not in taken]
    if not free:
        raise UsageError("All letters of the name are taken.", next_step="Give two with --letters.")
    words = [word[0] for word in title.upper().split() if "A" <= word[0] <= "Z"]
    initials = "".join(words[:2])
    return initials if len(initials) == 2 and initials in free else free[0]


def _read_example(text: str, number: int, workshop: Workshop) -> Sequence[PageReading]:
    """Return the pages of an example; what they say stays in memory."""
    if Path(text).is_file():
        return _read_file(Path(text), number, workshop)
    with workshop.catalog.look() as uow:
        if uow.documents.get(text) is None:
            raise BadInput(
                f"Example {number} is neither a file nor a document of the home.",
                next_step="See the documents with: backfile documents",
            )
        readings = [uow.pages.reading_of(page.id) for page in uow.pages.of_document(text)]
    return [reading for reading in readings if reading is not None]


def _read_file(path: Path, number: int, workshop: Workshop) -> list[PageReading]:
    """Read a file as the home reads."""
    from ocr.probe import probe_file
    from ocr.read import read_page

    options = reading_options(workshop.settings)
    try:
        return [read_page(path, page, options=options) for page in range(1, probe_file(path).pages + 1)]
    except (BackfileError, OSError) as error:
        what = error.what if isinstance(error, BackfileError) else "it cannot be opened"
        raise BadInput(
            f"Example {number} cannot be read: {what}", next_step="Leave it out, or give another."
        ) from error


def _confirmed_documents(workshop: Workshop, *, but: set[str], name: str) -> list[list[PageReading]]:
    """Return the newest filed documents whose type a person saw and let stand, or gave."""
    found: list[list[PageReading]] = []
    with workshop.catalog.look() as uow:
        filed = list(uow.documents.all(states=[DocumentState.FILED]))
        for document in reversed(filed):
            decisions = uow.documents.decisions_of(document.id)
            is_seen = bool(decisions) and decisions[-1].kind is DecisionKind.CONFIRM
            if document.id in but or document.type.name in (name, UNKNOWN) or not is_seen:
                continue
            readings = [uow.pages.reading_of(page.id) for page in uow.pages.of_document(document.id)]
            found.append([reading for reading in readings if reading is not None])
            if len(found) == _MOST_CONFIRMED:
                break
    return found


def _view(name: str, loinc: str | None, title: str, model: SiteTypeModel | None) -> dict[str, Any]:
    view: dict[str, Any] = {"name": name, "loinc": loinc, "title": title, "site": model is not None}
    if model is not None:
        scores = model.scores
        view |= {
            "letters": model.type.letters,
            "examples": scores.examples,
            "recall": round(scores.recall, 4),
            "precision": round(scores.precision, 4),
            "held_out": scores.held_out,
            "lost": scores.lost,
            "of_home": scores.of_home,
            "taken": scores.taken,
        }
    return view


def _tell(model: SiteTypeModel) -> str:
    """Say how well a type is told."""
    scores = model.scores
    return (
        f"from {scores.examples} examples; of those left out in turn {scores.recall:.0%} were known, "
        f"precision {scores.precision:.0%}; {scores.lost} of {scores.held_out} held-out documents of other "
        f"types lost; {scores.taken} of {scores.of_home} documents of the home called so"
    )
