"""The table of weights, ``weights.csv`` beside this file: m and u of every level of every field.

m is how often a field looks so on pages *of* the person, u how often on pages of somebody else. The table
is made by ``python -m benchmarks.matching_weights``; docs/matching.md says how, and may be read beside it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from classify.matching.levels import Field, Level

Weights: TypeAlias = Mapping[Field, Mapping[Level, tuple[float, float]]]
"""m and u by field and level; a level that a field lacks says nothing."""

M, U = 0, 1
_TABLE = Path(__file__).with_name("weights.csv")
_COLUMNS = ("field", "level", "m", "u", "bits")


def load_weights(path: Path = _TABLE) -> Weights:
    """Return the table.

    Raises:
        ValueError: a row is not of this form; the file is part of the program.
    """
    weights: dict[Field, dict[Level, tuple[float, float]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            pair = (float(row["m"]), float(row["u"]))
            weights.setdefault(Field(row["field"]), {})[Level(row["level"])] = pair
    return weights


def write_weights(weights: Weights, path: Path, *, remarks: tuple[str, ...] = ()) -> None:
    """Write a table, with its weights in bits for whoever reads it, and remarks above."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {remark}\n" for remark in remarks)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for name, levels in weights.items():
            for level, (m, u) in levels.items():
                writer.writerow([name.value, level.value, f"{m:.3g}", f"{u:.3g}", f"{math.log2(m / u):+.1f}"])
