"""Who gives a command."""

from __future__ import annotations

import getpass


def actor() -> str:
    """Return who gives the command, for the audit trail."""
    return f"admin:{getpass.getuser()}"
