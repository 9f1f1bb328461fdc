"""The conditions that charts are about, with what goes with each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its symptoms, findings, study, treatment and plan."""

    name: str
    icd: str
    service: str
    symptoms: tuple[str, ...]
    findings: tuple[str, ...]
    study: str
    study_findings: tuple[str, ...]
    impression: str
    meds: tuple[str, ...]
    procedure: str
    specimen: str
    """"" where nothing is sent to pathology."""
    tissue: str
    plan: tuple[str, ...]
    sex: str
    ages: tuple[int, int]


@cache
def all_conditions() -> tuple[Condition, ...]:
    """Return every condition."""
    found: list[Condition] = []
    name, parts = "", dict[str, str]()
    text = (Path(__file__).parent / "data" / "conditions.txt").read_text(encoding="utf-8")
    for line in [*text.splitlines(), "[]"]:
        if line.startswith("["):
            if name:
                found.append(_make(name, parts))
            name, parts = line.strip("[]"), {}
        elif line and not line.startswith("#"):
            key, _, value = line.partition(":")
            parts[key] = value.strip()
    return tuple(found)


def draw_condition(rng: random.Random, *, age: int, sex: str, with_tissue: bool = False) -> Condition:
    """Draw a condition that somebody of this age and sex can have."""
    fitting = [
        c
        for c in all_conditions()
        if c.ages[0] <= age <= c.ages[1] and (not c.sex or c.sex == sex) and (not with_tissue or c.specimen)
    ]
    return rng.choice(fitting or [c for c in all_conditions() if not with_tissue or c.specimen])


def _make(name: str, parts: dict[str, str]) -> Condition:
    study, findings, impression = (part.strip() for part in parts["study"].split("|"))
    specimen, _, tissue = (part.strip() for part in parts.get("tissue", "").partition("|"))
    low, _, high = parts.get("ages", "0-120").partition("-")
    return Condition(
        name,
        parts["icd"],
        parts["service"],
        _list(parts["symptoms"]),
        _list(parts["findings"]),
        study,
        _list(findings),
        impression,
        _list(parts["meds"]),
        parts["procedure"],
        specimen,
        tissue,
        _list(parts["plan"]),
        parts.get("sex", ""),
        (int(low), int(high)),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))
