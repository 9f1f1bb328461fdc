"""How well and at what cost pages are read, beside raw Tesseract, pytesseract and OCRmyPDF on the same pages.

    .venv/bin/python -m benchmarks.reading [--pages 20] [--seed 4] [--reading fast,balanced,best]
        [--engines tesserocr] [--rivals raw,pytesseract,ocrmypdf] [--processes 1] [--picture FILE.svg]
    .venv/bin/python -m benchmarks.reading --folder DIR      pages with truth of one's own, FUNSD for one
    .venv/bin/python -m benchmarks.reading --overhead        what the pipeline costs around Tesseract
    .venv/bin/python -m benchmarks.reading --big-pdf 500     the memory that a long file takes

``docs/benchmarks.md`` defines every figure.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from backfile.errors import UsageError
from backfile.settings import Reading
from benchmarks.reading_metrics import Token, score_page
from benchmarks.reading_overhead import measure_big_pdf, measure_overhead
from benchmarks.reading_pages import MIX, TURNED, TruthPage, find_pages, make_pages
from benchmarks.reading_picture import draw_frontier
from benchmarks.reading_readers import OCRMYPDF, RAW, RIVALS, PageRun, ReaderRun, lay_box, run_reader
from benchmarks.reading_tally import Figures, Measured, mix_figures, recall_difference, sum_figures
from ocr.read import ENGINES

_MIXED = "mix"
_Groups = dict[str, list[Measured]]


def main() -> int:
    """Measure and print."""
    options = _parse_options()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        work = options.work or Path(name)
        try:
            if options.folder:
                pages = find_pages(options.folder, pages=options.pages)
            else:
                pages = make_pages(
                    work,
                    pages=options.pages or 20,
                    seed=options.seed,
                    dpi=options.dpi,
                    turned=(options.pages or 20) // 4 if options.turned is None else options.turned,
                )
            if options.overhead:
                return measure_overhead([p for p in pages if p.group != TURNED], readings=_readings(options))
            if options.big_pdf:
                return measure_big_pdf(pages, count=options.big_pdf, readings=_readings(options))
            runs = [
                run_reader(name, pages, processes=options.processes, keep=options.work)
                for name in _readers(options)
            ]
        except UsageError as error:
            print(error, file=sys.stderr)
            return int(error.exit_code)
        report(pages, runs, processes=options.processes, picture=options.picture)
    return 0


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--reading", default=",".join(Reading), help="readings to measure")
    parser.add_argument("--engines", default=ENGINES[0], help=f"our engines: {', '.join(ENGINES)}")
    parser.add_argument("--rivals", default=",".join(RIVALS), help='whom to measure beside; "" is nobody')
    parser.add_argument("--pages", type=int, help="of each grade (20), or of the folder (all)")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--dpi", type=int, default=300, help="of generated scans")
    parser.add_argument("--turned", type=int, help="pages of each grade to read turned as well (a quarter)")
    parser.add_argument("--folder", type=Path, help="read pages with truth from here instead")
    parser.add_argument("--processes", type=int, default=1, help="that read at the same time")
    parser.add_argument(
        "--work", type=Path, help="keep generated pages and what rivals read here, and take them from here"
    )
    parser.add_argument("--picture", type=Path, help="draw accuracy against cost to this SVG file")
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--big-pdf", type=int, metavar="PAGES")
    return parser.parse_args()


def _readings(options: argparse.Namespace) -> list[Reading]:
    names = [name for name in options.reading.split(",") if name]
    if unknown := set(names) - set(Reading):
        raise UsageError(
            f"There is no reading {', '.join(sorted(unknown))}.", next_step=f"Use {', '.join(Reading)}."
        )
    return [Reading(name) for name in names]


def _readers(options: argparse.Namespace) -> list[str]:
    engines = [name for name in options.engines.split(",") if name]
    ours = [
        str(reading) if engine == ENGINES[0] else f"{reading}/{engine}"
        for engine in engines
        for reading in _readings(options)
    ]
    return [name for name in options.rivals.split(",") if name] + ours


def report(
    pages: Sequence[TruthPage], runs: Sequence[ReaderRun], *, processes: int, picture: Path | None
) -> None:
    """Print the tables, and draw the picture if one is wished for."""
    measured = {run.name: _measure(pages, run) for run in runs}
    figures = {name: _sum_groups(groups) for name, groups in measured.items()}
    every = next(iter(figures.values()))
    for group in every:
        count = len(next(iter(measured.values())).get(group, ())) or sum(p.group in MIX for p in pages)
        print(f"\n{group}, {count} pages")
        _print_group(group, figures)
    whole = _MIXED if _MIXED in every else next(iter(every))
    shares = MIX if whole == _MIXED else {whole: 1.0}
    print(f"\nrecall against others, {whole} (95 % interval, paired bootstrap over pages)")
    for name in measured:
        for rival in (RAW, OCRMYPDF):
            if rival in measured and name not in RIVALS:
                exact, low, high = recall_difference(measured[name], measured[rival], shares)
                print(f"{name:18} over {rival:10} {exact:+.4f} [{low:+.4f}, {high:+.4f}]")
    print(f"\nspeed and memory, all pages, {processes} at a time")
    _print_speed(runs)
    if picture:
        draw_frontier({name: groups[whole] for name, groups in figures.items()}, picture, title=whole)


def _measure(pages: Sequence[TruthPage], run: ReaderRun) -> _Groups:
    groups: _Groups = {}
    for page, result in zip(pages, run.pages, strict=True):
        score = score_page(_truth_for(page, result), result.tokens)
        groups.setdefault(page.group, []).append(Measured(score, result.cpu))
    return groups


def _truth_for(page: TruthPage, result: PageRun) -> Sequence[Sequence[Token]]:
    """Return the truth with its boxes where they lie in the reader's image."""
    if result.is_straight or not result.aspect:
        return page.chains
    return [
        [
            Token(
                token.text,
                token.box
                and lay_box(token.box, rotation=page.rotation, skew=page.skew, aspect=result.aspect),
            )
            for token in chain
        ]
        for chain in page.chains
    ]


def _sum_groups(groups: _Groups) -> dict[str, Figures]:
    sums = {name: sum_figures(pages) for name, pages in groups.items() if name != TURNED}
    if set(sums) >= set(MIX):
        sums[_MIXED] = mix_figures(sums, MIX)
    if TURNED in groups:
        sums[TURNED] = sum_figures(groups[TURNED])
    return sums


def _print_group(group: str, figures: Mapping[str, Mapping[str, Figures]]) -> None:
    print(
        f"{'':18} {'recall':>7} {'precis.':>7} {'digits':>7} {'CER':>7} {'order':>7} {'IoU':>7} "
        f"{'CPU s':>7} {'x raw':>6}"
    )
    raw = figures[RAW][group].cpu if RAW in figures else float("nan")
    for name, groups in figures.items():
        f = groups[group]
        shown = [f"{value:7.4f}" for value in (f.recall, f.precision, f.digits, f.cer, f.order, f.overlap)]
        print(f"{name:18} {' '.join(shown)} {f.cpu:7.3f} {f.cpu / raw:6.2f}".replace("    nan", "      –"))


def _print_speed(runs: Sequence[ReaderRun]) -> None:
    rival = next((run for run in runs if run.name == OCRMYPDF), None)
    print(f"{'':18} {'pages/min':>9} {'x OCRmyPDF':>10} {'CPU s/page':>10} {'x OCRmyPDF':>10} {'MiB':>6}")
    for run in runs:
        speed, cpu = _speed(run), _cpu(run)
        faster = speed / _speed(rival) if rival else float("nan")
        cheaper = cpu / _cpu(rival) if rival else float("nan")
        print(
            f"{run.name:18} {speed:9.1f} {faster:10.2f} {cpu:10.3f} {cheaper:10.2f} "
            f"{run.peak_bytes / 2**20:6.0f}".replace("       nan", "         –")
        )


def _speed(run: ReaderRun) -> float:
    return len(run.pages) / run.wall * 60


def _cpu(run: ReaderRun) -> float:
    return sum(page.cpu for page in run.pages) / len(run.pages)


if __name__ == "__main__":
    raise SystemExit(main())
