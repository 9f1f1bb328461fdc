"""What is understood of documents that no generator made: composed one by one, each in a layout of its own.

    .venv/bin/python -m benchmarks.understanding_written [--sets sixth] [--grades digital,clean] [--list]

The documents stand in ``benchmarks/written``, a file a set, with their truth; nobody in them exists. A set
is written before the rules are tried on it; ``docs/understanding.md`` says how each fared at first sight.
They are printed in three typefaces in turn, and read as digital PDF or aged and scanned by grade.

Columns show how many were right, + missed (a type: unknown), - wrong or made up.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backfile.domain.document import FieldName
from backfile.domain.names import fold_name
from backfile.domain.normalize import normalize_number
from backfile.domain.page import PageReading
from backfile.errors import PageRefused
from backfile.settings import Reading
from classify.reader import DocumentReader, UnderstoodDocument, load_reader
from ocr.read import ReadOptions, read_file
from samples.degrade import Grade, degrade_page

FOLDER = Path(__file__).parent / "written"
SETS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
"""In the order in which they were written."""
DIGITAL = "digital"
GRADES = (DIGITAL, *(grade.value for grade in Grade))
_FACES = (("Courier", 9.0, 1.32), ("Helvetica", 9.6, 1.45), ("Times-Roman", 9.6, 1.45))
"""(face, size in points, line height in sizes)."""
_COLUMN = 5.15
"""Points of a character of the text as it is written, at which a column begins in proportional type."""
_DPI = 300
_FIELDS = (FieldName.PATIENT_NAME, FieldName.BIRTH_DATE, FieldName.MRN, FieldName.SERVICE_DATE)


class Verdict(StrEnum):
    """What became of a value; ``wrong`` is also one that was made up."""

    RIGHT = "right"
    MISSED = "missed"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """One page with its truth."""

    types: tuple[str, ...]
    """What it may be called: more than one where people would not agree."""
    fields: dict[FieldName, str]
    """"" where the page does not say it."""
    text: str


def load_set(name: str) -> list[WrittenDocument]:
    """Return the documents of a set: each begins with ``@@ type|name|birth date|MRN|service date``.

    A document that people would call by several types has them all: ``consultation/correspondence``.
    """
    parts = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("@@ ")[1:]
    return [parse_document(part) for part in parts]


def parse_document(part: str) -> WrittenDocument:
    """Return a document of a set, from the line of its truth on."""
    head, text = part.split("\n", 1)
    kinds, *values = head.split("|")
    return WrittenDocument(
        tuple(kinds.split("/")), dict(zip(_FIELDS, values, strict=True)), text.rstrip("\n")
    )


def print_document(document: WrittenDocument, number: int, path: Path) -> None:
    """Print a document as a PDF of one page; columns, told by wide spaces, keep their places."""
    face, size, height = _FACES[number % len(_FACES)]
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setFont(face, size)
    y = 738.0
    for line in document.text.split("\n"):
        right, end = 0.0, 0
        for cell in re.finditer(r"\S+(?: \S+)*", line):
            is_typed = face == "Courier"
            step = size * 0.6 if is_typed else _COLUMN
            # Capitals in proportional type are wider than a column: a cell never runs into the next.
            space = canvas.stringWidth(" " * 2 * (cell.start() - end), face, size)
            x = 48 + cell.start() * step if is_typed else max(48 + cell.start() * step, right + space)
            canvas.drawString(x, y, cell.group())
            right, end = x + canvas.stringWidth(cell.group(), face, size), cell.end()
        y -= size * height * (1.0 if line.strip() else 0.8)
    canvas.showPage()
    canvas.save()


def scan_document(pdf: Path, grade: Grade, seed: int, path: Path) -> None:
    """Age a printed document and scan it."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=_DPI / 72, grayscale=True)
    image = np.ascontiguousarray(page.to_numpy().squeeze())
    damaged = degrade_page(image, random.Random(seed), grade=grade, dpi=_DPI, marks=False)
    Image.fromarray(damaged.image).save(path, dpi=(_DPI, _DPI))


def understand_set(
    name: str, grade: str, *, reader: DocumentReader
) -> Iterator[tuple[WrittenDocument, UnderstoodDocument]]:
    """Print, read and understand every document of a set."""
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as folder:
        for number, document in enumerate(load_set(name)):
            readings = read_document(document, number, grade, Path(folder) / f"{number}.pdf", seed=number)
            yield document, reader.understand_document(readings)


def read_document(
    document: WrittenDocument, number: int, grade: str, file: Path, *, seed: int
) -> list[PageReading | None]:
    """Print a document to ``file``, scan it by grade, and read it.

    Args:
        document: the document.
        number: chooses the typeface.
        grade: ``DIGITAL`` or a grade of scans.
        file: where to print it.
        seed: of its ageing.
    """
    print_document(document, number, file)
    if grade != DIGITAL:
        pdf, file = file, file.with_suffix(".png")
        scan_document(pdf, Grade(grade), seed, file)
    pages = read_file(file, options=ReadOptions(Reading.BALANCED))
    return [None if isinstance(page, PageRefused) else page for page in pages]


def judge_field(name: FieldName, truth: str, given: str) -> Verdict:
    """Hold what was found against the truth: names by their words, numbers by their digits and letters."""
    if name is FieldName.PATIENT_NAME and truth:
        last, _, first = truth.partition(", ")
        is_right = {*fold_name(last).split(), *fold_name(first).split()} <= set(fold_name(given).split())
    elif name is FieldName.MRN:
        is_right = normalize_number(truth) == normalize_number(given)
    else:
        is_right = truth == given
    if is_right:
        return Verdict.RIGHT
    return Verdict.WRONG if given else Verdict.MISSED


def main() -> int:
    """Measure and print a line a set and grade."""
    options = parse_options(__doc__, SETS)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    reader = load_reader()
    columns = ("type", *(name.value for name in _FIELDS), "all three")
    print(f"{'set':8}{'grade':9}" + "".join(f"{title:>15}" for title in columns))
    for name in options.sets.split(","):
        for grade in options.grades.split(","):
            _print_line(name, grade, list(understand_set(name, grade, reader=reader)), lists=options.list)
    return 0


def _print_line(
    name: str, grade: str, found: Sequence[tuple[WrittenDocument, UnderstoodDocument]], *, lists: bool
) -> None:
    """Print right, missed and wrong of every column: "39 + 2 - 0"."""
    counts: dict[str, Counter[Verdict]] = {}
    mistakes = []
    for number, (document, understood) in enumerate(found):
        given = {field.name: field.value for field in understood.fields}
        verdicts = {n.value: judge_field(n, document.fields[n], given.get(n, "")) for n in _FIELDS}
        guess = understood.type.name
        missed = Verdict.MISSED if guess == "unknown" else Verdict.WRONG
        whole = max((verdicts[n.value] for n in _FIELDS[:3]), key=list(Verdict).index)
        kind = Verdict.RIGHT if guess in document.types else missed
        for title, verdict in ({"type": kind} | verdicts | {"all": whole}).items():
            counts.setdefault(title, Counter())[verdict] += 1
            if verdict is not Verdict.RIGHT and title != "all":
                mistakes.append(f"    {number:3} {document.types[0]:26}{title:14}{verdict}")
    told = "".join(
        f"{c[Verdict.RIGHT]:>13} +{c[Verdict.MISSED]:2} -{c[Verdict.WRONG]:2}" for c in counts.values()
    )
    print(f"{name:8}{grade:9}{len(found):>10}{told}", flush=True)
    if lists:
        print("\n".join(mistakes))


def parse_options(doc: str | None, sets: Sequence[str]) -> argparse.Namespace:
    """Return what a measurement of written papers was asked for: ``sets``, ``grades``, ``list``.

    Args:
        doc: its documentation; the first line is shown.
        sets: those it knows.
    """
    parser = argparse.ArgumentParser(description=doc.split("\n", 1)[0] if doc else None)
    parser.add_argument("--sets", default=",".join(sets))
    parser.add_argument("--grades", default=",".join(GRADES))
    parser.add_argument("--list", action="store_true", help="name each mistake")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
