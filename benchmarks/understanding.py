"""What each document is, where it ends and whose it is, on layout families that no model was trained on.

    .venv/bin/python -m benchmarks.understanding [--charts 150] [--each 12] [--seed 41] [--families demo]
        [--reading balanced] [--folder DIR] [--rivals] [--list mrn]

Charts are printed, aged and read by this machine's readers; ``--folder`` keeps the readings, so that the same
command after a change under ``classify/`` takes seconds. ``docs/understanding.md`` defines every figure.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backfile.domain.document import FieldName
from backfile.domain.page import PageReading
from backfile.settings import Reading
from benchmarks.understanding_cuts import CutCount, count_cuts
from benchmarks.understanding_hard import HardOutcome, judge_hard, read_hard
from benchmarks.understanding_pages import ReadChart, read_charts
from benchmarks.understanding_print import RivalFigures, print_scorecard
from benchmarks.understanding_rivals import find_by_patterns, find_with_presidio, guess_types
from benchmarks.understanding_score import Judged, judge_document, worst_grade
from classify.reader import DocumentReader, load_reader
from samples.families import FamilySplit
from samples.truth import TrueDocument


@dataclass(frozen=True, slots=True)
class Understood:
    """Everything that one set of charts gave."""

    documents: tuple[Judged, ...]
    cuts: tuple[tuple[str, CutCount], ...]
    """(grade, boundaries) of each file."""
    pages: int
    seconds: float
    """Processor seconds of cutting, naming and finding on all pages."""


def main() -> int:
    """Measure and print."""
    options = _parse_options()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        folder = options.folder or Path(name)
        common = {"seed": options.seed, "families": options.families, "reading": options.reading}
        charts = read_charts(folder, charts=options.charts, processes=options.processes, **common)
        hard = read_hard(folder, each=options.each, processes=options.processes, **common)
    reader = load_reader()
    understood = understand_charts(reader, charts)
    outcomes = [judge_hard(reader, page) for page in hard]
    if options.list:
        list_mistakes(understood, outcomes, FieldName(options.list))
        return 0
    print(f"families {options.families.value}, seed {options.seed}, reading {options.reading.value}")
    rivals = measure_rivals(charts) if options.rivals else None
    print_scorecard(understood.documents, understood.cuts, outcomes, rivals=rivals)
    print(f"\nprocessor time   {1000 * understood.seconds / understood.pages:.1f} ms a page")
    return 0


def understand_charts(reader: DocumentReader, charts: Sequence[ReadChart]) -> Understood:
    """Understand the charts: boundaries from whole files, types and fields from the true documents."""
    judged: list[Judged] = []
    cuts: list[tuple[str, CutCount]] = []
    seconds = 0.0
    for chart in charts:
        started = time.process_time()
        parts = reader.understand_pages(chart.readings)
        seconds += time.process_time() - started
        grade = worst_grade(chart.truth.pages)
        cuts.append((grade, count_cuts(chart.truth, [part.cut.pages for part in parts])))
        judged += [_judge(reader, chart, document) for document in chart.truth.documents]
    return Understood(tuple(judged), tuple(cuts), sum(len(c.readings) for c in charts), seconds)


def _judge(reader: DocumentReader, chart: ReadChart, document: TrueDocument) -> Judged:
    understood = reader.understand_document(_readings(chart, document))
    return judge_document(chart.truth, document, understood.fields, understood.type)


def _readings(chart: ReadChart, document: TrueDocument) -> list[PageReading | None]:
    return [chart.readings[number - 1] for number in document.pages]


def measure_rivals(charts: Sequence[ReadChart]) -> RivalFigures:
    """Let the rivals understand the same readings."""
    documents = [(chart, document) for chart in charts for document in chart.truth.documents]
    texts = ["\n".join(page.text for page in _readings(c, d) if page is not None) for c, d in documents]
    typed = guess_types(texts, [document.type for _, document in documents])
    by_pattern = [find_by_patterns(text) for text in texts]
    by_presidio = find_with_presidio(texts)
    judged = [
        [judge_document(c.truth, d, given) for (c, d), given in zip(documents, found, strict=True)]
        for found in (by_pattern, by_presidio)
    ]
    return RivalFigures(tuple(typed), tuple(judged[0]), tuple(judged[1]))


def list_mistakes(understood: Understood, outcomes: Sequence[HardOutcome], name: FieldName) -> None:
    """Print each document on which a field is not right: synthetic people only."""
    for judged in understood.documents:
        verdict = judged.verdicts[name]
        if verdict.value in {"wrong", "missed", "invented"}:
            sure = "SURE " if name in judged.sure_wrong else ""
            print(
                f"{verdict:8} {sure}{judged.chart} p{judged.document.pages} {judged.grade} "
                f"{judged.document.family}: {judged.given.get(name, '')!r} "
                f"for {judged.document.fields.get(name, '')!r}"
            )
    for outcome in outcomes:
        if not outcome.is_right:
            print(f"hard {outcome.case.value} {outcome.name} {outcome.grade}: {outcome.problem}")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--charts", type=int, default=150, help="files, of one to three documents each")
    parser.add_argument("--each", type=int, default=12, help="pages of each hard case")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--families", type=FamilySplit, default=FamilySplit.DEMO)
    parser.add_argument("--reading", type=Reading, default=Reading.BALANCED)
    parser.add_argument("--folder", type=Path, help="keeps charts and readings for the next run")
    parser.add_argument("--processes", type=int, default=2, help="that read at a time")
    parser.add_argument("--rivals", action="store_true", help="measure plain baselines and Presidio as well")
    parser.add_argument("--list", choices=[name.value for name in FieldName], help="only list its mistakes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
