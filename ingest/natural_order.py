"""Natural order of file names: ``page2`` before ``page10``, as a person would lay them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

_DIGITS = re.compile(r"([0-9]+)")

NaturalKey: TypeAlias = tuple[tuple[str | int, ...], str]


def natural_key(name: str) -> NaturalKey:
    """Return what to sort a name by: runs of digits count as numbers, upper and lower case as one.

    Names that differ only in case or leading zeros still have one fixed order.
    """
    parts = _DIGITS.split(name.casefold())
    # Splitting by a group alternates text and digits, so like is always compared with like.
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), name


def natural_path_key(parts: Sequence[str]) -> tuple[NaturalKey, ...]:
    """Return what to sort a path's parts by, folder by folder."""
    return tuple(natural_key(part) for part in parts)
