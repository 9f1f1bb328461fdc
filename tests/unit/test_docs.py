"""docs/reference.md tells the truth: every command, option, setting, type, reason and exit code."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backfile.domain.accounting import PageCounts
from backfile.domain.document import DocumentState, FieldName, FileState
from backfile.domain.document_types import DOCUMENT_TYPES
from backfile.domain.reasons import REASON_TEXTS, Reason
from backfile.domain.user import Role
from backfile.errors import ExitCode
from backfile.settings import Settings
from ingest.cli.main import build_parser

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")


def leaf_commands(
    parser: argparse.ArgumentParser, prefix: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    subparsers = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not subparsers:
        yield prefix.strip(), parser
    for action in subparsers:
        for name, child in action.choices.items():
            yield from leaf_commands(child, f"{prefix} {name}")


COMMANDS = dict(leaf_commands(build_parser()))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_is_documented(command: str) -> None:
    named = re.compile(rf"`{command}[ `]")
    line = next((line for line in REFERENCE.splitlines() if named.search(line)), "")
    assert line, f"{command} is not in docs/reference.md"
    options = {
        option
        for action in COMMANDS[command]._actions
        for option in action.option_strings
        if option not in {"-h", "--help", "--home"}
    }
    assert {option for option in options if option not in line} == set()


def test_every_documented_command_exists() -> None:
    table = REFERENCE.partition("## Commands")[2].partition("### Exit codes")[0]
    named = re.findall(r"`([a-z]+(?: [a-z]+)?)[ `]", "\n".join(re.findall(r"^\| (.*?) \|", table, re.M)))
    assert {name for name in named if not any(c == name or c.startswith(name) for c in COMMANDS)} == set()
    assert len(named) >= 20


def test_every_option_explains_itself() -> None:
    silent = [
        (command, action.dest)
        for command, parser in COMMANDS.items()
        for action in parser._actions
        if action.option_strings and not action.help and action.dest != "role"
    ]
    assert silent == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in REFERENCE


def test_every_document_type_is_documented_with_its_code() -> None:
    for known in DOCUMENT_TYPES.values():
        assert f"| `{known.name}` | {known.loinc or '-'} |" in REFERENCE


def test_every_exit_code_is_documented() -> None:
    for code in ExitCode:
        assert f"| {code.value} |" in REFERENCE


def test_every_reason_has_a_sentence_and_is_documented() -> None:
    assert set(REASON_TEXTS) == set(Reason)
    assert {reason.value for reason in Reason if f"`{reason.value}`" not in REFERENCE} == set()


def test_every_field_state_and_role_is_documented() -> None:
    for word in [*FieldName, *FileState, *DocumentState, *Role]:
        assert word.value in REFERENCE
    for name in PageCounts.__dataclass_fields__:
        assert ("in" if name == "received" else name) in REFERENCE


def test_links_in_the_documents_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
