"""Measures how our own readers misread, for the simulated documents of ``benchmarks.matching``.

    .venv/bin/python -m benchmarks.matching_misreading --pages 60 [--write samples/data/misreadings.json]

Prints pages of the samples' *training* families, ages them as ``samples.degrade`` does (clean, fair, poor)
and worse (worn: copied, faded, scanned in a hurry), reads them as Backfile does by default (balanced), and
lays what was read beside what was printed. Words are brought together by their places; within each group of
words the cheapest edits (Levenshtein) say which character was taken for which. A group that shares less than
half of its characters with the print counts as missed: a stamp or handwriting was read there, or nothing.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from backfile.domain.geometry import box_center
from backfile.domain.page import Word
from backfile.errors import PageRefused
from benchmarks.reader_confidence import wear_out
from ocr.read import ReadOptions, preload_engine, read_page
from samples.charts import make_chart
from samples.degrade import Grade, degrade_page, turn_page
from samples.families import FamilySplit
from samples.files import FileFormat, pack_scan
from samples.misreading import GradeOfReading, MisreadTable
from samples.patients import make_patients
from samples.render import render_sheet

WORN = "worn"
GRADES = (*(grade.value for grade in Grade), WORN)
_DPI = 300
_STEPS = 41
"""Quantiles that a distribution is written as."""


@dataclass(slots=True)
class Tally:
    """What was counted on the pages of one grade."""

    words: int = 0
    missed: int = 0
    page_rates: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    printed: Counter[str] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)


def main() -> int:
    """Measure, print a summary, and write the table where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=60, help="of each grade")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table here")
    options = parser.parse_args()
    shares = [(g, n, options.seed) for n in range(options.pages) for g in GRADES]
    tallies = {grade: Tally() for grade in GRADES}
    with get_context("spawn").Pool(options.processes, initializer=_prepare, initargs=(options.seed,)) as pool:
        for grade, printed, read in pool.imap(_read_one, shares):
            if read is not None:
                count_page(tallies[grade], printed, read)
    table = make_table(tallies)
    for grade, found in table.grades.items():
        rates = found.page_rates
        print(
            f"{grade:6} {found.pages:4} pages {found.words:7,} words, missed {found.missed:.2%}, characters "
            f"misread: median page {rates[_STEPS // 2]:.3%}, worst {rates[-1]:.2%}"
        )
    worst = sorted(((n, c, r) for c, f in table.confusions.items() for r, n in f.items()), reverse=True)
    print("most frequent: " + ", ".join(f"{c or '+'}→{r or '-'} {n}" for n, c, r in worst[:40]))
    if options.write:
        options.write.write_text(table.dump() + "\n", encoding="utf-8")
    return 0


_patients: list[object] = []


def _prepare(seed: int) -> None:
    preload_engine(ReadOptions())
    _patients[:] = make_patients(300, seed=seed)


def _read_one(share: tuple[str, int, int]) -> tuple[str, tuple[Word, ...], tuple[Word, ...] | None]:
    """Print, age and read one page; None where it could not be read."""
    grade, number, seed = share
    rng = random.Random(f"misreading {grade} {seed} {number}")
    chart_seed = seed * 1_000_003 + number * 7 + GRADES.index(grade)
    paper = Grade.POOR if grade == WORN else Grade(grade)
    chart = make_chart(chart_seed, _patients, families=FamilySplit.TRAIN, grade=paper.value)  # type: ignore[arg-type]
    printed = rng.choice([page for page in chart.pages if len(page.words) >= 20] or list(chart.pages))
    image = render_sheet(printed, dpi=_DPI)
    is_bilevel = rng.random() < 0.4
    if grade == WORN:
        image = wear_out(image, rng)
    else:
        boxes = [word.box for word in printed.words]
        aged = degrade_page(image, rng, grade=paper, dpi=_DPI, words=boxes, bilevel=is_bilevel)
        image = turn_page(aged.image, aged.rotation)
    form = FileFormat.PDF_G4 if is_bilevel and grade != WORN else FileFormat.PDF_JPEG
    with tempfile.TemporaryDirectory(prefix="backfile-misreading-") as folder:
        file = Path(folder) / "page.pdf"
        file.write_bytes(pack_scan([image], format=form, dpi=_DPI, quality=rng.randint(40, 80)))
        try:
            return grade, tuple(printed.words), read_page(file, 1, options=ReadOptions()).words
        except PageRefused:
            return grade, tuple(printed.words), None


def count_page(tally: Tally, printed: Sequence[Word], read: Sequence[Word]) -> None:
    """Count what was read of one page."""
    edits = chars = 0
    for truth, found in group_words(printed, read):
        text, seen = "".join(w.text for w in truth), "".join(w.text for w in found)
        if not any(sign.isalnum() for sign in text):
            continue  # boxes to tick, bullets, lines to write on
        tally.words += len(truth)
        distance = Levenshtein.distance(text, seen)
        if not found or distance > len(text) / 2:
            tally.missed += len(truth)
            continue
        chars += len(text)
        edits += distance
        tally.printed.update(text)
        confidence = tally.right if distance == 0 else tally.wrong
        confidence += [word.confidence for word in found]
        for edit in Levenshtein.editops(text, seen):
            before = text[edit.src_pos] if edit.tag != "insert" else ""
            tally.confusions[before, seen[edit.dest_pos] if edit.tag != "delete" else ""] += 1
    if chars:
        tally.page_rates.append(edits / chars)


def group_words(printed: Sequence[Word], read: Sequence[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Bring printed and read words together by place: a word may be torn, or several run together."""
    owner = list(range(len(printed)))
    found: list[list[Word]] = [[] for _ in printed]
    for word in read:
        touched = [at for at, true in enumerate(printed) if _share_place(true, word)]
        if not touched:
            continue
        first = min(owner[at] for at in touched)
        for at in touched:
            old = owner[at]
            owner = [first if one == old else one for one in owner]
        found[touched[0]].append(word)
    for first in dict.fromkeys(owner):
        members = [at for at, one in enumerate(owner) if one == first]
        words = sorted((w for at in members for w in found[at]), key=lambda w: w.box[0])
        yield [printed[at] for at in sorted(members, key=lambda at: printed[at].box[0])], words


def _share_place(one: Word, other: Word) -> bool:
    (x, y), (ox, oy) = box_center(one.box), box_center(other.box)
    a, b = one.box, other.box
    return (a[0] <= ox <= a[2] and a[1] <= oy <= a[3]) or (b[0] <= x <= b[2] and b[1] <= y <= b[3])


def make_table(tallies: dict[str, Tally]) -> MisreadTable:
    """Return the table of what was counted."""
    confusions: dict[str, dict[str, int]] = {"": {}}
    printed: Counter[str] = Counter()
    for tally in tallies.values():
        printed.update(tally.printed)
        for (before, after), count in tally.confusions.items():
            of = confusions.setdefault(before, {})
            of[after] = of.get(after, 0) + count
    grades = {
        grade: GradeOfReading(
            pages=len(tally.page_rates),
            words=tally.words,
            missed=round(tally.missed / max(tally.words, 1), 5),
            page_rates=_quantiles(tally.page_rates),
            right=_quantiles(tally.right),
            wrong=_quantiles(tally.wrong),
        )
        for grade, tally in tallies.items()
    }
    ordered = {c: dict(sorted(f.items(), key=lambda i: (-i[1], i[0]))) for c, f in sorted(confusions.items())}
    return MisreadTable(grades, dict(sorted(printed.items())), ordered)


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    if not values:
        return (0.5, 0.5)
    return tuple(round(float(q), 5) for q in np.quantile(values, np.linspace(0, 1, _STEPS)))


if __name__ == "__main__":
    raise SystemExit(main())
