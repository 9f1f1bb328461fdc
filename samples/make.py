"""Makes a set of samples on disk: chart files, the patient index, and the truth."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydantic import TypeAdapter

from samples.charts import Chart, Scan, make_chart
from samples.degrade import Grade, degrade_page
from samples.families import FamilySplit
from samples.files import FileFormat, pack_scan
from samples.patients import make_patients, write_patients_csv
from samples.registrar import SamplePatient
from samples.render import Gray, print_pdf, render_sheet
from samples.truth import TrueChart

PATIENTS = 2000
"""Records of the index."""

_STRANGERS = 5
"""One chart in so many belongs to nobody in the index."""
_IN_FOLDER = 0.2
"""Share of charts that lie in a subfolder."""

_BORN_DIGITAL = "born_digital"
_FORMATS = {
    FileFormat.PDF_JPEG: 34,
    FileFormat.PDF_G4: 24,
    FileFormat.TIFF_G4: 16,
    FileFormat.TIFF_JPEG: 8,
    FileFormat.TIFF_LZW: 4,
    FileFormat.JPEG: 8,
    FileFormat.PNG: 6,
}
_SINGLE = {FileFormat.JPEG, FileFormat.PNG}
_FEW_GRAYS = {FileFormat.TIFF_LZW, FileFormat.PNG}
"""Without loss, grain would make files of many megabytes: scanners then give sixteen grays."""
_FEW = np.array([level // 16 * 17 for level in range(256)], dtype=np.uint8)
"""The nearest of sixteen grays below each of 256."""
_QUALITY = {Grade.CLEAN: (70, 90), Grade.FAIR: (50, 80), Grade.POOR: (30, 60)}

_TRUTH = TypeAdapter(tuple[TrueChart, ...])


@dataclass(frozen=True, slots=True)
class SampleSet:
    """What was made."""

    charts_folder: Path
    patients_csv: Path
    charts: tuple[TrueChart, ...]
    """Their names are relative to ``charts_folder``, with forward slashes."""


def make_samples(
    folder: Path,
    *,
    charts: int = 60,
    seed: int = 1,
    families: FamilySplit = FamilySplit.DEMO,
    processes: int = 2,
) -> SampleSet:
    """Make ``charts/``, ``patients.csv`` and ``truth.json`` in a folder; the seed decides every byte.

    Args:
        folder: made if it is not there; files of the same names are replaced.
        charts: how many; a fifth belong to nobody in the index.
        seed: of the people and the charts.
        families: set of layout families.
        processes: that work at the same time; with more than 1 a caller's script needs the usual
            ``if __name__ == "__main__"``.
    """
    charts_folder, patients_csv = folder / "charts", folder / "patients.csv"
    charts_folder.mkdir(parents=True, exist_ok=True)
    # A fifth exactly, not about: a small set would otherwise often have none.
    strangers = set(random.Random(f"strangers {seed}").sample(range(1, charts + 1), charts // _STRANGERS))
    jobs = [(charts_folder, number, number in strangers) for number in range(1, charts + 1)]
    if processes <= 1 or charts <= 1:
        _start_worker(seed, families)
        truth = tuple(_make_file(job) for job in jobs)
    else:
        # Spawned, not forked: the caller may have threads.
        context = multiprocessing.get_context("spawn")
        with (
            _one_thread_each(),
            ProcessPoolExecutor(
                min(processes, charts),
                mp_context=context,
                initializer=_start_worker,
                initargs=(seed, families),
            ) as pool,
        ):
            truth = tuple(pool.map(_make_file, jobs, chunksize=2))
    write_patients_csv(make_patients(PATIENTS, seed=seed), patients_csv)
    (folder / "truth.json").write_bytes(_TRUTH.dump_json(truth))
    return SampleSet(charts_folder, patients_csv, truth)


def load_truth(path: Path) -> tuple[TrueChart, ...]:
    """Read what ``make_samples`` wrote as ``truth.json``."""
    return _TRUTH.validate_json(path.read_bytes())


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a process keeps between charts."""

    seed: int
    families: FamilySplit
    patients: tuple[SamplePatient, ...]


_workers: list[_Worker] = []


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let spawned processes start with one thread each: they share the cores already."""
    name = "OPENBLAS_NUM_THREADS"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _start_worker(seed: int, families: FamilySplit) -> None:
    cv2.setNumThreads(1)
    _workers[:] = [_Worker(seed, families, make_patients(PATIENTS, seed=seed))]


def _make_file(job: tuple[Path, int, bool]) -> TrueChart:
    """Make one chart's file and return its truth."""
    folder, number, is_stranger = job
    worker = _workers[0]
    chart = make_chart(
        worker.seed * 1_000_000 + number, worker.patients, families=worker.families, is_stranger=is_stranger
    )
    rng = random.Random(f"scan {worker.families.value} {worker.seed} {number}")
    if chart.grade == _BORN_DIGITAL:
        format, data = FileFormat.PDF_TEXT, print_pdf(chart.pages)
        scans = [Scan(0, 0.0)] * len(chart.pages)
    else:
        format = draw_format(rng, len(chart.pages))
        data, scans = scan_chart(chart, rng, format)
    name = f"chart-{number:04d}{format.suffix}"
    if rng.random() < _IN_FOLDER:
        name = f"box-{rng.randint(1, 5):02d}/{name}"
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return chart.finish_truth(name, scans)


def draw_format(rng: random.Random, pages: int) -> FileFormat:
    """Draw the kind of file that a scanner writes for so many pages."""
    fitting = {f: weight for f, weight in _FORMATS.items() if pages == 1 or f not in _SINGLE}
    return rng.choices(list(fitting), list(fitting.values()))[0]


def scan_chart(chart: Chart, rng: random.Random, format: FileFormat) -> tuple[bytes, list[Scan]]:
    """Print, age and scan the pages; return the file and how each page lies in it."""
    grade = Grade(chart.grade)
    dpi = 200 if format.is_bilevel or rng.random() < 0.7 else 300
    images: list[Gray] = []
    scans: list[Scan] = []
    for page, true in zip(chart.pages, chart.truth.pages, strict=True):
        damaged = degrade_page(
            render_sheet(page, dpi=dpi),
            rng,
            grade=grade,
            dpi=dpi,
            words=[word.box for word in page.words],
            bilevel=format.is_bilevel,
            blank=true.blank,
            marks=not true.separator,
        )
        images.append(_FEW[damaged.image] if format in _FEW_GRAYS else damaged.image)
        scans.append(Scan(damaged.rotation, damaged.skew))
    return pack_scan(images, format=format, dpi=dpi, quality=rng.randint(*_QUALITY[grade])), scans
