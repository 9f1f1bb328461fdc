"""Charts with truth as the readers of this machine read them: printed, aged, scanned, read once and kept.

Reading takes a hundred times as long as understanding, so readings are written beside the charts, and a
change under ``classify/`` is measured again in seconds. Readings hold only synthetic people.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from backfile.domain.page import PageReading
from backfile.errors import PageRefused
from backfile.settings import Reading
from ingest.rereading import read_identifiers_again
from ocr.read import ReadOptions, read_file
from samples.families import FamilySplit
from samples.make import load_truth, make_samples
from samples.truth import TrueChart

_READINGS = TypeAdapter(tuple[PageReading | None, ...])


@dataclass(frozen=True, slots=True)
class ReadChart:
    """One file as it is and as it was read."""

    truth: TrueChart
    readings: tuple[PageReading | None, ...]
    """One for each page; None where it could not be read."""


def read_charts(
    folder: Path, *, charts: int, seed: int, families: FamilySplit, reading: Reading, processes: int
) -> tuple[ReadChart, ...]:
    """Make charts and read them, or take what a run with the same arguments left in the folder.

    Args:
        folder: to write to: a folder for each set, in it a folder of readings for each way of reading.
        charts: how many; a fifth belong to nobody in the index.
        seed: of people, charts and damage.
        families: layout families.
        reading: how carefully.
        processes: that read at the same time.
    """
    own = folder / f"{families.value}-{seed}-{charts}"
    if (own / "truth.json").exists():
        truth = load_truth(own / "truth.json")
    else:
        print(f"Making {charts} charts ...", file=sys.stderr)
        truth = make_samples(own, charts=charts, seed=seed, families=families, processes=processes).charts
    return read_files(own, truth, reading=reading, processes=processes)


def read_files(
    own: Path, truth: Sequence[TrueChart], *, reading: Reading, processes: int
) -> tuple[ReadChart, ...]:
    """Read the files of ``own / "charts"`` that were not read before.

    Args:
        own: the folder of a set.
        truth: of its files, named relative to ``charts``.
        reading: how carefully.
        processes: that read at the same time.
    """
    jobs = [(own / "charts" / chart.name, _kept_at(own, reading, chart.name), reading) for chart in truth]
    left = [job for job in jobs if not job[1].exists()]
    if left:
        print(f"Reading {len(left)} files ({reading.value}) ...", file=sys.stderr)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            for number, _ in enumerate(pool.map(_read_and_keep, left), 1):
                print(f"\r{number}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return tuple(
        ReadChart(chart, _READINGS.validate_json(job[1].read_bytes()))
        for chart, job in zip(truth, jobs, strict=True)
    )


def _kept_at(own: Path, reading: Reading, name: str) -> Path:
    return own / f"readings-{reading.value}" / f"{name}.json"


def _read_and_keep(job: tuple[Path, Path, Reading]) -> None:
    path, target, reading = job
    options = ReadOptions(reading=reading)
    pages = tuple(
        None if isinstance(page, PageRefused) else read_identifiers_again(path, number, page, options=options)
        for number, page in enumerate(read_file(path, options=options), 1)
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(_READINGS.dump_json(pages))
    part.replace(target)
