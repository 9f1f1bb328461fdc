"""Printing: data to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from typing import Any


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_line(text: str) -> None:
    """Print a line for a person to standard output."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Tell a person on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
