"""Whoever reads in the comparison: Backfile in its three readings, raw Tesseract, pytesseract, OCRmyPDF.

Each reads the same files. Backfile opens and prepares them itself, and that counts. Raw Tesseract and
pytesseract are given the page's pixels as a viewer shows them, and only their reading counts. OCRmyPDF is
given one PDF of all pages and writes one, without PDF/A and without compressing again, its quickest.
"""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytesseract
import tesserocr
from PIL import Image
from pydantic import TypeAdapter

from backfile.domain.geometry import Box
from backfile.errors import PageRefused, UsageError
from backfile.settings import Reading
from benchmarks.reading_metrics import Token, split_tokens
from benchmarks.reading_pages import TruthPage, join_pages, load_pages, save_pages
from benchmarks.reading_usage import MemoryWatch, cpu_seconds
from benchmarks.rivals import need_programs, rivals_command
from ocr.models import find_models
from ocr.raster_image import Pixels
from ocr.rasterize import RasterPage, rasterize_page
from ocr.read import ENGINES, ReadOptions, preload_engine, read_page

RAW = "raw"
OCRMYPDF = "ocrmypdf"
RIVALS = (RAW, "pytesseract", OCRMYPDF)


@dataclass(frozen=True, slots=True)
class PageRun:
    """What a reader made of one page."""

    tokens: tuple[Token, ...]
    """In its order."""
    is_straight: bool
    """Its boxes are in the frame of the page turned upright and straight; else of the page as it lies."""
    aspect: float
    """Width of the page as it lies for one of its height; 0 where no box was given."""
    cpu: float
    """Processor seconds."""


@dataclass(frozen=True, slots=True)
class ReaderRun:
    """What a reader made of all pages."""

    name: str
    pages: tuple[PageRun, ...]
    wall: float
    """Seconds by the clock from the first page's start to the last one's end."""
    peak_bytes: int
    """Of one process with its children; of OCRmyPDF as a whole."""


_RUNS = TypeAdapter(tuple[tuple[float, float], tuple[PageRun, ...]])
_RUN = TypeAdapter(ReaderRun)
_Read = Callable[[TruthPage], PageRun]


def run_reader(
    name: str, pages: Sequence[TruthPage], *, processes: int, keep: Path | None = None
) -> ReaderRun:
    """Let a reader read all pages in processes of its own.

    Args:
        name: one of ``RIVALS``; or a reading (``fast``), or one with another engine (``fast/pytesseract``).
        pages: what to read.
        processes: at the same time.
        keep: folder in which what a rival made of the same pages is kept, and taken from: they do not change
            while Backfile is worked on.

    Raises:
        UsageError: there is no such reader, or it is not on this machine.
    """
    kept = keep / f"{name}-{_fingerprint(pages)}-{processes}.json" if keep and name in RIVALS else None
    if kept and kept.exists():
        return _RUN.validate_json(kept.read_bytes())
    with tempfile.TemporaryDirectory(prefix="backfile-benchmark-") as folder:
        if name == OCRMYPDF:
            run = _run_ocrmypdf(pages, Path(folder), processes=processes)
        else:
            _open_reader(name)  # complain here, not in the child
            run = _run_children(name, pages, Path(folder), processes=processes)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(_RUN.dump_json(run))
    return run


def _fingerprint(pages: Sequence[TruthPage]) -> str:
    sums = [zlib.crc32(page.file.read_bytes()) for page in pages]
    return f"{zlib.crc32(repr(sums).encode()):08x}"


def _run_children(name: str, pages: Sequence[TruthPage], folder: Path, *, processes: int) -> ReaderRun:
    context = get_context("spawn")  # nothing of this process counts as the reader's memory
    children = []
    for number in range(processes):
        save_pages(pages[number::processes], folder / f"pages-{number}.json")
        child = context.Process(target=_read_share, args=(name, folder, number))
        child.start()
        children.append(child)
    assert children[0].pid
    with MemoryWatch(children[0].pid) as memory:
        for child in children:
            child.join()
    if any(child.exitcode for child in children):
        raise SystemExit(f"reading by {name} ended with an error")
    shares = [
        _RUNS.validate_json((folder / f"runs-{number}.json").read_bytes()) for number in range(processes)
    ]
    runs = tuple(shares[at % processes][1][at // processes] for at in range(len(pages)))
    wall = max(ended for (_, ended), _ in shares) - min(started for (started, _), _ in shares)
    return ReaderRun(name, runs, wall, memory.peak_bytes)


def _read_share(name: str, folder: Path, number: int) -> None:
    """In the child: read a share of the pages one by one and leave what came of it."""
    pages = load_pages(folder / f"pages-{number}.json")
    read = _open_reader(name)
    read(pages[0])  # whatever is loaded at first use is loaded now
    started = time.perf_counter()  # the system's clock, the same in all processes
    runs = tuple(read(page) for page in pages)
    times = (started, time.perf_counter())
    (folder / f"runs-{number}.json").write_bytes(_RUNS.dump_json((times, runs)))


def _open_reader(name: str) -> _Read:
    if name == RAW:
        return _open_raw()
    if name == "pytesseract":
        need_programs("tesseract")
        return _read_by_pytesseract
    reading, _, engine = name.partition("/")
    if reading not in tuple(Reading):
        raise UsageError(
            f"There is no reader {name!r}.",
            next_step=f"Use one of {', '.join([*RIVALS, *Reading])}, or {Reading.FAST}/{ENGINES[-1]}.",
        )
    return _open_backfile(ReadOptions(reading=Reading(reading), engine=engine or ENGINES[0]))


def _open_backfile(options: ReadOptions) -> _Read:
    preload_engine(options)

    def read(page: TruthPage) -> PageRun:
        before = cpu_seconds()
        try:
            reading = read_page(page.file, 1, options=options)
        except PageRefused:
            return PageRun((), True, 0.0, cpu_seconds() - before)
        cpu = cpu_seconds() - before
        tokens = tuple(token for word in reading.words for token in split_tokens(word.text, word.box))
        return PageRun(tokens, True, reading.width / reading.height, cpu)

    return read


def _open_raw() -> _Read:
    """Tesseract's library with its own layout analysis, page segmentation mode 3, and the model we use."""
    api = tesserocr.PyTessBaseAPI(path=f"{find_models('eng')}/", lang="eng", psm=tesserocr.PSM.AUTO)

    def read(page: TruthPage) -> PageRun:
        raster = rasterize_page(page.file, 1)
        before = cpu_seconds()
        words = recognize(api, raster.image, dpi=raster.dpi)
        cpu = cpu_seconds() - before
        return PageRun(_with_boxes(words, raster), False, _aspect(raster), cpu)

    return read


def recognize(
    api: tesserocr.PyTessBaseAPI, image: Pixels, *, dpi: float
) -> list[tuple[str, tuple[int, ...]]]:
    """Return words and their boxes in pixels, as Tesseract gives them."""
    height, width = image.shape
    data = image.tobytes()  # kept alive: Tesseract does not copy it
    api.SetImageBytes(data, width, height, 1, width)
    api.SetSourceResolution(round(dpi))
    api.Recognize()
    rows = (row.split("\t") for row in api.GetTSVText(0).splitlines())
    words = [(row[11], tuple(map(int, row[6:10]))) for row in rows if len(row) > 11 and row[0] == "5"]
    api.Clear()
    return words


def _with_boxes(words: list[tuple[str, tuple[int, ...]]], raster: RasterPage) -> tuple[Token, ...]:
    height, width = raster.image.shape
    return tuple(
        token
        for text, (x, y, w, h) in words
        for token in split_tokens(text, (x / width, y / height, (x + w) / width, (y + h) / height))
    )


def _aspect(raster: RasterPage) -> float:
    height, width = raster.image.shape
    return float(width / height)


def _read_by_pytesseract(page: TruthPage) -> PageRun:
    """As most programs use it: the image in, the text out, the system's own Tesseract."""
    image = Image.fromarray(rasterize_page(page.file, 1).image)
    before = cpu_seconds()
    text = pytesseract.image_to_string(image)
    return PageRun(tuple(split_tokens(text)), False, 0.0, cpu_seconds() - before)


def _run_ocrmypdf(pages: Sequence[TruthPage], folder: Path, *, processes: int) -> ReaderRun:
    """Rotate, deskew, clean and read all pages in one call; its processor time is shared out evenly."""
    command = rivals_command(OCRMYPDF)
    source, text = folder / "pages.pdf", folder / "pages.txt"
    join_pages(pages, source, rasters=folder)
    command += ["--rotate-pages", "--deskew", "--clean", "--sidecar", str(text), "--jobs", str(processes)]
    command += ["--output-type", "pdf", "--optimize", "0", "--quiet", str(source), str(folder / "read.pdf")]
    before, started = cpu_seconds(), time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"OMP_THREAD_LIMIT": "1"}, cwd=folder)
    with MemoryWatch(process.pid) as memory:
        code = process.wait()
    wall, cpu = time.perf_counter() - started, cpu_seconds() - before
    if code:
        raise SystemExit(f"OCRmyPDF ended with exit code {code}")
    texts = text.read_text(encoding="utf-8").split("\f")[: len(pages)]
    texts += [""] * (len(pages) - len(texts))
    share = cpu / len(pages)
    runs = tuple(PageRun(tuple(split_tokens(text)), True, 0.0, share) for text in texts)
    return ReaderRun(OCRMYPDF, runs, wall, memory.peak_bytes)


def lay_box(box: Box, *, rotation: int, skew: float, aspect: float) -> Box:
    """Return the box around a word on the page as it lies.

    Args:
        box: on the page upright and straight.
        rotation: clockwise degrees that turn the page upright.
        skew: of its baselines after that turn, degrees counter-clockwise.
        aspect: width of the page as it lies for one of its height.
    """
    if rotation in (90, 270):
        aspect = 1 / aspect
    sin, cos = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    xs, ys = [], []
    for x in (box[0], box[2]):
        for y in (box[1], box[3]):
            across, down = (x - 0.5) * aspect, y - 0.5
            xs.append((across * cos + down * sin) / aspect + 0.5)
            ys.append(down * cos - across * sin + 0.5)
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    match rotation:
        case 90:  # was turned 90 degrees counter-clockwise
            return (top, 1 - right, bottom, 1 - left)
        case 180:
            return (1 - right, 1 - bottom, 1 - left, 1 - top)
        case 270:
            return (1 - bottom, left, 1 - top, right)
        case _:
            return (left, top, right, bottom)
