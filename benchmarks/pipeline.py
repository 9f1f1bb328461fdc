"""Pages a minute of the whole pipeline beside raw Tesseract on the same pages.

    .venv/bin/python -m benchmarks.pipeline [--charts 40] [--seed 11]

Backfile does everything: intake with durable copies, orientation, deskew, barcodes, words, types,
identifiers, matching, filing, index. Raw Tesseract only reads: the command line program on the same pages,
already rasterized, with the same model, as many processes at a time as Backfile has workers. Both run with
OMP_THREAD_LIMIT=1 on the same cores. Start-up of Backfile's processes is left out of its pages a minute
and given on its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2

from ocr.models import find_models
from ocr.probe import probe_file
from ocr.rasterize import rasterize_page
from samples.families import FamilySplit
from samples.make import make_samples

_DPI = 300


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took."""

    pages: int
    seconds: float

    @property
    def pages_per_minute(self) -> float:
        """Pages a minute."""
        return self.pages / self.seconds * 60


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--charts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    if shutil.which("tesseract") is None:
        print("This benchmark needs the tesseract program: apt-get install tesseract-ocr", file=sys.stderr)
        return 2
    workers = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
        folder = Path(name)
        samples = make_samples(
            folder / "samples", charts=options.charts, seed=options.seed, families=FamilySplit.DEMO
        )
        charts = sorted(path for path in samples.charts_folder.rglob("*") if path.is_file())
        images = rasterize_charts(charts, folder / "pages")
        raw = time_raw_tesseract(images, workers=workers)
        whole, wall = time_backfile(samples.charts_folder, samples.patients_csv, folder / "home")
    print(f"pages                          {raw.pages}, {workers} cores")
    print(f"raw Tesseract                  {raw.pages_per_minute:6.1f} pages a minute")
    print(f"Backfile, everything           {whole.pages_per_minute:6.1f} pages a minute")
    print(f"ratio (Backfile / Tesseract)   {whole.pages_per_minute / raw.pages_per_minute:6.2f}")
    print(f"Backfile with start and stop   {wall:6.1f} s for {whole.pages} pages")
    return 0


def rasterize_charts(charts: list[Path], folder: Path) -> list[Path]:
    """Write every page as a PNG, as its viewer shows it: what raw Tesseract is given."""
    folder.mkdir()
    images: list[Path] = []
    for chart in charts:
        for number in range(1, probe_file(chart).pages + 1):
            page = rasterize_page(chart, number, dpi=_DPI)
            target = folder / f"{len(images):04}.png"
            cv2.imwrite(str(target), page.image)
            images.append(target)
    return images


def time_raw_tesseract(images: list[Path], *, workers: int) -> Timing:
    """Read every page with the Tesseract program, ``workers`` at a time."""
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    model = ["--tessdata-dir", str(find_models("eng")), "-l", "eng"]

    def read(image: Path) -> None:
        subprocess.run(
            [
                "tesseract",
                str(image),
                "-",
                "--dpi",
                str(_DPI),
                *model,
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(read, images))
    return Timing(len(images), time.perf_counter() - started)


def time_backfile(charts: Path, patients: Path, home: Path) -> tuple[Timing, float]:
    """Take every chart through the whole pipeline; return its own timing and the wall clock's seconds."""
    run_backfile("init", "--home", str(home))
    run_backfile("patients", "import", str(patients), "--home", str(home))
    started = time.perf_counter()
    answer = run_backfile("ingest", str(charts), "--wait", "--json", "--home", str(home))
    wall = time.perf_counter() - started
    summary = json.loads(answer)
    if not summary["balanced"] or summary["files"]["working"]:
        raise SystemExit("the pipeline did not end balanced")
    pages = summary["pages"]["in"]
    return Timing(pages, pages / summary["pages_per_minute"] * 60), wall


def run_backfile(*arguments: str) -> str:
    """Run the command and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "ingest.cli", *arguments], stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
