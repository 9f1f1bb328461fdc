"""The sources of the components: kept in parts, each with one responsibility, and joined for the browser.

A browser gets a component's parts as one script, so a part may use what those before it define.
"""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).parent
"""Folder of the parts that several components use."""


def join_parts(folder: Path, *names: str) -> str:
    """Return files of a folder as one text, in this order."""
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
