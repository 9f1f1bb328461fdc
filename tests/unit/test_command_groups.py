"""The command line finds the file of each command by a table, so that it loads no other."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys

import pytest

from ingest.cli.main import GROUPS


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_of_commands_has_those_that_the_table_says(group: str) -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(f"ingest.cli.{group}").add_commands(
        commands, argparse.ArgumentParser(add_help=False)
    )
    assert tuple(commands.choices) == GROUPS[group]


def test_a_command_does_not_load_what_only_others_need() -> None:
    program = (
        "import sys; from ingest.cli.main import build_parser; build_parser('status'); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ingest.cli.keeping" in loaded
    assert not {"ingest.cli.demo", "spacy", "pandas", "alembic", "streamlit"} & set(loaded)
