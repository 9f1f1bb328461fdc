"""Where documents end in charts that no generator made: composed one by one, dropped as one file each.

    .venv/bin/python -m benchmarks.understanding_streams [--sets streams] [--grades digital,clean] [--list]

The charts stand in ``benchmarks/written``, with their truth; nobody in them exists. They were written before
any rule was tried on them; ``docs/understanding.md`` says how they fared at first sight. They are printed and
scanned as the single documents of ``benchmarks.understanding_written`` are.

Columns show boundaries inside files found right, + missed, - one too many; how many files were cut right
as a whole; and how many missed boundaries lie between pages of two people.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from backfile.domain.document import Cut, FieldName
from backfile.domain.page import PageReading
from benchmarks.understanding_written import (
    FOLDER,
    WrittenDocument,
    parse_document,
    parse_options,
    read_document,
)
from classify.reader import DocumentReader, load_reader

SETS = ("streams", "streams2")
"""In the order in which they were written."""
_WHO = (FieldName.PATIENT_NAME, FieldName.BIRTH_DATE, FieldName.MRN)


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page of a chart."""

    begins: bool
    """It is the first of a document."""
    document: WrittenDocument
    """Its text, with the truth of the whole document."""

    def is_of(self, other: WrittenPage) -> bool:
        """Whether both documents can be one person's: no name, birth date or number says otherwise."""
        pairs = [(self.document.fields[name], other.document.fields[name]) for name in _WHO]
        (name, its_name), *others = pairs
        if name and its_name and name.split(",")[0] != its_name.split(",")[0]:
            return False
        return all(a == b for a, b in others if a and b)


@dataclass(frozen=True, slots=True)
class StreamScore:
    """What became of the boundaries of a chart; its beginning is none."""

    missed: tuple[int, ...]
    """Numbers of pages that begin a document and were put to the one before."""
    added: tuple[int, ...]
    """Numbers of pages that go on and were cut off."""
    right: int
    people_joined: int
    """Missed between pages of two people."""


def load_streams(name: str) -> list[list[WrittenPage]]:
    """Return the charts of a set.

    A chart begins with ``## stream``, a page with ``@@ + type|name|...`` where it begins a document and with
    ``@@ - type|name|...`` where it goes on.
    """
    streams = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("## stream\n")[1:]
    return [
        [WrittenPage(part.startswith("+ "), parse_document(part[2:])) for part in stream.split("@@ ")[1:]]
        for stream in streams
    ]


def read_stream(pages: Sequence[WrittenPage], number: int, grade: str) -> list[PageReading | None]:
    """Print, scan and read the pages of a chart."""
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as folder:
        return [
            reading
            for at, page in enumerate(pages)
            for reading in read_document(
                page.document, number, grade, Path(folder) / f"{at}.pdf", seed=100 * number + at
            )
        ]


def score_cuts(pages: Sequence[WrittenPage], cuts: Sequence[Cut]) -> StreamScore:
    """Hold the documents that were cut out against the truth."""
    true = {number for number, page in enumerate(pages, 1) if page.begins} - {1}
    found = {cut.pages[0] for cut in cuts} - {1}
    changes = {n for n, (a, b) in enumerate(pairwise(pages), 2) if b.begins and not a.is_of(b)}
    missed = true - found
    return StreamScore(
        tuple(sorted(missed)), tuple(sorted(found - true)), len(true & found), len(missed & changes)
    )


def cut_streams(name: str, grade: str, *, reader: DocumentReader) -> Iterator[StreamScore]:
    """Read and cut every chart of a set."""
    for number, pages in enumerate(load_streams(name)):
        readings = read_stream(pages, number, grade)
        cuts = [document.cut for document in reader.understand_pages(readings)]
        yield score_cuts(pages, cuts)


def main() -> int:
    """Measure and print a line a set and grade."""
    options = parse_options(__doc__, SETS)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    reader = load_reader()
    print(f"{'set':10}{'grade':9}{'boundaries':>16}{'F1':>7}{'files right':>14}{'people joined':>15}")
    for name in options.sets.split(","):
        for grade in options.grades.split(","):
            scores = list(cut_streams(name, grade, reader=reader))
            right = sum(score.right for score in scores)
            missed, added = (sum(len(getattr(s, kind)) for s in scores) for kind in ("missed", "added"))
            whole = sum(not (score.missed or score.added) for score in scores)
            told = f"{right} +{missed:2} -{added:2}"
            print(
                f"{name:10}{grade:9}{told:>16}{2 * right / (2 * right + missed + added):>7.3f}"
                f"{f'{whole} of {len(scores)}':>14}{sum(s.people_joined for s in scores):>15}",
                flush=True,
            )
            for number, score in enumerate(scores) if options.list else ():
                if score.missed or score.added:
                    print(f"    file {number:2}: missed {score.missed}, too many {score.added}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
