"""Pages that mislead (``samples.hard_cases``), read and judged: what would harm if it were believed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from backfile.domain.document import FieldName, Sighting
from backfile.domain.page import PageReading
from backfile.settings import Reading
from benchmarks.understanding_pages import read_files
from benchmarks.understanding_score import IDENTITY, SURE, Verdict, is_same, judge_fields
from classify.reader import DocumentReader
from samples.families import FamilySplit
from samples.hard_cases import HardCase, HardFile, make_hard_files

_FILES = TypeAdapter(tuple[HardFile, ...])


@dataclass(frozen=True, slots=True)
class HardPage:
    """One page that misleads, as it is and as it was read."""

    file: HardFile
    reading: PageReading | None


@dataclass(frozen=True, slots=True)
class HardOutcome:
    """What was made of one such page."""

    case: HardCase
    name: str
    grade: str
    is_right: bool
    """The patient's identifiers are right, and where two people stand on the page, both are seen."""
    is_harmful: bool
    """Somebody else is taken for the patient with nothing that speaks against it, or somebody is invented."""
    problem: str
    """What is not right, with what was read: synthetic people only."""


def read_hard(
    folder: Path, *, each: int, seed: int, families: FamilySplit, reading: Reading, processes: int
) -> tuple[HardPage, ...]:
    """Make and read pages of each case, or take what an earlier run left in the folder."""
    own = folder / f"hard-{families.value}-{seed}-{each}"
    kept = own / "truth.json"
    if kept.exists():
        files = _FILES.validate_json(kept.read_bytes())
    else:
        print(f"Making {each} pages of each hard case ...", file=sys.stderr)
        files = make_hard_files(own / "charts", each=each, seed=seed, families=families)
        kept.write_bytes(_FILES.dump_json(files))
    charts = read_files(own, [file.truth for file in files], reading=reading, processes=processes)
    return tuple(
        HardPage(file, chart.readings[0] if chart.readings else None)
        for file, chart in zip(files, charts, strict=True)
    )


def judge_hard(reader: DocumentReader, page: HardPage) -> HardOutcome:
    """Understand a page and say what came out."""
    truth = page.file.truth
    understood = reader.understand_document([page.reading])
    sightings = understood.evidence[0].sightings
    verdicts, sure, _ = judge_fields(truth.pages, understood.fields)
    given = {field.name: field.value for field in understood.fields}
    problems: list[str] = []
    if page.file.other:
        own = _seen(sightings, truth.documents[0].fields)
        other = _seen(sightings, page.file.other)
        if not (own and other):
            problems.append(f"sees {'only the patient' if own else 'only the other' if other else 'nobody'}")
        # Who is seen alone would be filed under, if nothing else on the page spoke against it.
        harmful = (
            bool(other) and not own if page.file.case is HardCase.OTHER_STICKER else bool(own) != bool(other)
        )
    else:
        wrong = [name for name in IDENTITY if verdicts[name] not in (Verdict.RIGHT, Verdict.ABSENT)]
        problems += [f"{name} {verdicts[name]} {given.get(name, '')!r}" for name in wrong]
        harmful = bool(sure & set(IDENTITY))
    return HardOutcome(
        page.file.case, truth.name, truth.pages[0].grade, not problems, harmful, "; ".join(problems)
    )


def _seen(sightings: tuple[Sighting, ...], values: dict[FieldName, str]) -> list[FieldName]:
    """Return which identifiers of a person were read surely as a patient's."""
    return [
        name
        for name in IDENTITY
        if name in values
        and any(
            s.kind.value == name.value and s.confidence >= 0.55 and is_same(name, s.value, values[name])
            for s in sightings
        )
    ]


__all__ = ["SURE", "HardOutcome", "HardPage", "judge_hard", "read_hard"]
