"""What the pipeline costs around Tesseract, stage by stage, and what memory a long file takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import tesserocr

from backfile.domain.geometry import Box
from backfile.domain.page import Word
from backfile.settings import Reading
from benchmarks.reading_pages import TruthPage
from benchmarks.reading_readers import recognize
from benchmarks.reading_usage import MemoryWatch, cpu_seconds
from ocr.engine import LineReader, OcrEngine, PageMode
from ocr.models import find_models
from ocr.raster_image import Pixels
from ocr.rasterize import rasterize_page
from ocr.read import ReadOptions, get_readers, preload_engine, read_page
from ocr.read_image import read_image
from ocr.stopwatch import Stopwatch

_GIBI = 2**30


class CpuStopwatch(Stopwatch):
    """Counts processor seconds, children's too, where ``Stopwatch`` counts those of the clock."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what runs inside to the stage."""
        started = cpu_seconds()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + cpu_seconds() - started


class CountingEngine:
    """Passes on to an engine, counts its processor seconds, and keeps the pages it was given."""

    def __init__(self, engine: OcrEngine) -> None:
        """Count for this engine."""
        self.name = engine.name
        self.cpu = 0.0
        self.prepared: list[tuple[Pixels, float]] = []
        self._engine = engine

    def read_words(self, image: Pixels, *, dpi: float, mode: PageMode) -> tuple[Word, ...]:
        """Return what the engine reads."""
        self.prepared.append((image, dpi))
        with self._counting():
            return self._engine.read_words(image, dpi=dpi, mode=mode)

    @contextmanager
    def _counting(self) -> Iterator[None]:
        started = cpu_seconds()
        try:
            yield
        finally:
            self.cpu += cpu_seconds() - started


class CountingLineReader(CountingEngine):
    """The same for an engine that reads given lines as well."""

    def __init__(self, engine: LineReader) -> None:
        """Count for this engine."""
        super().__init__(engine)
        self._lines = engine

    def read_lines(self, image: Pixels, lines: Sequence[Box]) -> tuple[Word, ...]:
        """Return what the engine reads on these lines."""
        with self._counting():
            return self._lines.read_lines(image, lines)


def measure_overhead(pages: Sequence[TruthPage], *, readings: Sequence[Reading]) -> int:
    """Print what reading costs beside raw Tesseract on the same prepared pages.

    *Prepared* are the images of a page that the pipeline gives to its first engine; raw Tesseract reads them
    in page segmentation mode 3 with the same model. *Around* is everything that is no call of an engine.
    """
    api = tesserocr.PyTessBaseAPI(path=f"{find_models('eng')}/", lang="eng", psm=tesserocr.PSM.AUTO)
    for reading in readings:
        options = ReadOptions(reading=reading)
        preload_engine(options)
        read_page(pages[0].file, 1, options=options)  # loads whatever is loaded at first use
        whole = first_cpu = second_cpu = raw = 0.0
        stages: dict[str, float] = {}
        for page in pages:
            readers = get_readers(options)
            first = CountingEngine(readers.first)
            second = CountingLineReader(readers.second) if readers.second else None
            watch = CpuStopwatch()
            before = cpu_seconds()
            with watch.stage("rasterize"):
                raster = rasterize_page(page.file, 1)
            read_image(raster, readers=replace(readers, first=first, second=second), watch=watch)
            whole += cpu_seconds() - before
            first_cpu += first.cpu
            second_cpu += second.cpu if second else 0.0
            raw += sum(_time_raw(api, *prepared) for prepared in first.prepared)
            for stage in watch.stages:
                stages[stage.stage] = stages.get(stage.stage, 0.0) + stage.seconds
        around = whole - first_cpu - second_cpu
        print(f"\n{reading}, {len(pages)} pages, processor seconds a page")
        for name, seconds in (
            ("raw Tesseract on prepared pages", raw),
            ("pipeline", whole),
            ("  first engine", first_cpu),
            ("  second engine", second_cpu),
            ("  around the engines", around),
            *((f"    stage {name}", seconds) for name, seconds in stages.items()),
        ):
            print(f"{name:32} {seconds / len(pages):7.3f}   {seconds / raw:7.1%} of raw")
    return 0


def _time_raw(api: tesserocr.PyTessBaseAPI, image: Pixels, dpi: float) -> float:
    before = cpu_seconds()
    recognize(api, image, dpi=dpi)
    return cpu_seconds() - before


def measure_big_pdf(pages: Sequence[TruthPage], *, count: int, readings: Sequence[Reading]) -> int:
    """Read a PDF of ``count`` pages, one after the other as a worker does, and print the memory it took."""
    for reading in readings:
        with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as name:
            file = Path(name) / "long.pdf"
            _write_long_pdf(pages, file, count=count)
            started = time.perf_counter()
            child = get_context("spawn").Process(target=_read_all, args=(file, count, reading))
            child.start()
            assert child.pid
            with MemoryWatch(child.pid) as memory:
                child.join()
            if child.exitcode:
                raise SystemExit("a page of the long file was not read")
            size = file.stat().st_size / 2**20
        verdict = "under 1 GiB" if memory.peak_bytes < _GIBI else "OVER 1 GiB"
        print(
            f"{reading}: {count} pages, {size:.0f} MiB, read in {time.perf_counter() - started:.0f} s; "
            f"worker with its children {memory.peak_bytes / 2**20:.0f} MiB at most, {verdict}",
            flush=True,
        )
    return 0


def _write_long_pdf(pages: Sequence[TruthPage], target: Path, *, count: int) -> None:
    """Join pages over and over, each with an image of its own."""
    with pikepdf.new() as joined:
        for at in range(count):
            with pikepdf.open(pages[at % len(pages)].file) as source:
                joined.pages.extend(source.pages[:1])
        joined.save(target)


def _read_all(file: Path, count: int, reading: Reading) -> None:
    options = ReadOptions(reading=reading)
    preload_engine(options)
    for page in range(1, count + 1):
        read_page(file, page, options=options)
