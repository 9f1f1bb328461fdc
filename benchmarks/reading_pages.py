"""Pages with truth to read: generated ones, and any folder of images with their words.

Generated pages are documents of the samples' families that no model and no threshold was chosen on, printed,
aged by grade and scanned; each is a PDF file of one page. A folder has one of two layouts:

- ``images/NAME.png`` with ``annotations/NAME.json`` as FUNSD has them (words with boxes in groups), or
- ``NAME.png`` (or any other image) with its text in ``NAME.txt``, in reading order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image
from pydantic import TypeAdapter

from backfile.domain.geometry import Box
from backfile.errors import UsageError
from benchmarks.reading_metrics import Token, split_tokens
from ocr.rasterize import rasterize_page
from samples.charts import make_chart
from samples.degrade import Grade, degrade_page, turn_page
from samples.documents import LaidPage
from samples.families import FamilySplit
from samples.files import FileFormat, pack_scan
from samples.patients import make_patients
from samples.render import render_sheet

MIX = {Grade.CLEAN.value: 0.30, Grade.FAIR.value: 0.45, Grade.POOR.value: 0.25}
"""Shares of grades in a usual archive, by which means over the grades are weighted."""
TURNED = "turned"
"""Group of pages that were fed sideways or upside down; counted apart."""

_QUALITY = {Grade.CLEAN: (70, 90), Grade.FAIR: (50, 80), Grade.POOR: (30, 60)}
"""Of JPEG, as scanners write it."""
_FAX_SHARE = 0.4
"""Share of pages that are black and white, as among the samples."""
_IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pdf", ".webp"}
_PATIENTS = 300
_FEW_WORDS = 20
"""A page with fewer says little about reading."""


@dataclass(frozen=True, slots=True)
class TruthPage:
    """A file of one page and what stands on it."""

    file: Path
    group: str
    """``clean``, ``fair``, ``poor``, ``turned``, or a folder's name."""
    chains: tuple[tuple[Token, ...], ...]
    """Tokens in groups within which their order is known; boxes on the page turned upright and straight."""
    rotation: int = 0
    """Clockwise degrees that turn it upright."""
    skew: float = 0.0
    """Degrees of the text baseline after that turn, counter-clockwise positive."""
    upright: str = ""
    """Name of the same page's file before it was turned."""


_TRUTH = TypeAdapter(tuple[TruthPage, ...])


def load_pages(path: Path) -> tuple[TruthPage, ...]:
    """Read what ``save_pages`` wrote."""
    return _TRUTH.validate_json(path.read_bytes())


def save_pages(pages: Iterable[TruthPage], path: Path) -> None:
    """Write the list of pages, for other processes and later runs."""
    path.write_bytes(_TRUTH.dump_json(tuple(pages)))


def make_pages(folder: Path, *, pages: int, seed: int, dpi: int, turned: int) -> tuple[TruthPage, ...]:
    """Make pages of every grade, and some of them again turned.

    Args:
        folder: to write to; pages that it has of the same numbers are taken as they are.
        pages: of each grade.
        seed: of people, documents and damage.
        dpi: of the scans.
        turned: how many pages of each grade are turned too; at most ``pages``.
    """
    name = folder / f"pages-{pages}-{seed}-{dpi}-{turned}.json"
    if name.exists():
        return load_pages(name)
    folder.mkdir(parents=True, exist_ok=True)
    made: list[TruthPage] = []
    for grade in Grade:
        rng = random.Random(f"reading {grade} {seed} {dpi}")
        for number, page in enumerate(_print_pages(grade, seed, pages), 1):
            made += _scan_page(page, rng, grade, folder / f"{grade}-{number:04}.pdf", dpi, number <= turned)
    save_pages(made, name)
    return tuple(made)


def _print_pages(grade: Grade, seed: int, pages: int) -> Iterator[LaidPage]:
    """Yield printed pages, each of another chart."""
    patients = make_patients(_PATIENTS, seed=seed)
    found = 0
    chart_seed = seed * 1_000_003 + sum(map(ord, grade))
    while found < pages:
        chart_seed += 1
        chart = make_chart(chart_seed, patients, families=FamilySplit.DEMO, grade=grade.value)
        printed = [page for page in chart.pages if len(page.words) >= _FEW_WORDS]
        if printed:
            found += 1
            yield random.Random(chart_seed).choice(printed)


def _scan_page(
    page: LaidPage, rng: random.Random, grade: Grade, file: Path, dpi: int, also_turned: bool
) -> list[TruthPage]:
    bilevel = rng.random() < _FAX_SHARE
    format = FileFormat.PDF_G4 if bilevel else FileFormat.PDF_JPEG
    quality = rng.randint(*_QUALITY[grade])
    damaged = degrade_page(
        render_sheet(page, dpi=dpi),
        rng,
        grade=grade,
        dpi=dpi,
        words=[word.box for word in page.words],
        bilevel=bilevel,
    )
    image = turn_page(damaged.image, damaged.rotation)
    file.write_bytes(pack_scan([image], format=format, dpi=dpi, quality=quality))
    chain = tuple(token for word in page.words for token in split_tokens(word.text, word.box))
    upright = TruthPage(file, grade.value, (chain,), 0, damaged.skew)
    if not also_turned:
        return [upright]
    rotation = rng.choice((90, 180, 270))
    target = file.with_name(f"{TURNED}-{file.name}")
    target.write_bytes(pack_scan([turn_page(image, -rotation)], format=format, dpi=dpi, quality=quality))
    return [upright, TruthPage(target, TURNED, (chain,), rotation, damaged.skew, file.name)]


def find_pages(folder: Path, *, pages: int | None = None) -> tuple[TruthPage, ...]:
    """Return a folder's pages with their truth, in order of their names.

    Raises:
        UsageError: it has none, or the truth of one cannot be read.
    """
    annotated = folder / "annotations"
    images = folder / "images" if annotated.is_dir() else folder
    found: list[TruthPage] = []
    for file in sorted(path for path in images.rglob("*") if path.suffix.lower() in _IMAGES):
        truth = annotated / f"{file.stem}.json" if annotated.is_dir() else file.with_suffix(".txt")
        if not truth.is_file():
            continue
        try:
            chains = _read_funsd(truth, file) if annotated.is_dir() else _read_text(truth)
        except (ValueError, KeyError, TypeError, OSError):
            raise UsageError(
                f"The truth in {truth} cannot be read.",
                next_step="See docs/benchmarks.md for its form.",
            ) from None
        found.append(TruthPage(file.resolve(), folder.resolve().name, chains))
    if not found:
        raise UsageError(
            f"{folder} has no images with truth.",
            next_step="Give one with images/ and annotations/, or one of images with .txt files beside them.",
        )
    return tuple(found[:pages])


def _read_funsd(truth: Path, image: Path) -> tuple[tuple[Token, ...], ...]:
    """Return the words of each group; the order of the groups is not known."""
    with Image.open(image) as opened:
        width, height = opened.size
    groups = json.loads(truth.read_text(encoding="utf-8"))["form"]
    return tuple(
        tuple(
            token
            for word in group["words"]
            for token in split_tokens(word["text"], _scale(word["box"], width, height))
        )
        for group in groups
    )


def _scale(box: list[float], width: int, height: int) -> Box:
    return (box[0] / width, box[1] / height, box[2] / width, box[3] / height)


def _read_text(truth: Path) -> tuple[tuple[Token, ...], ...]:
    return (tuple(split_tokens(truth.read_text(encoding="utf-8", errors="replace"))),)


def join_pages(pages: Iterable[TruthPage], target: Path, *, rasters: Path) -> None:
    """Write one PDF with all pages: scans in PDF files go in as they are, images without loss.

    Args:
        pages: in order.
        target: the PDF to write.
        rasters: folder for what images are turned into on the way.
    """
    with pikepdf.new() as joined:
        for number, page in enumerate(pages):
            file = page.file
            if file.suffix.lower() != ".pdf":
                file = _wrap_image(file, rasters / f"{number:05}.pdf")
            with pikepdf.open(file) as source:
                joined.pages.extend(source.pages[:1])
        joined.save(target)


def _wrap_image(file: Path, target: Path) -> Path:
    """Write an image's pixels, as gray, to a PDF page of the size of the sheet it shows."""
    raster = rasterize_page(file, 1)
    height, width = raster.image.shape
    size = (width * 72 / raster.dpi, height * 72 / raster.dpi)
    with pikepdf.new() as pdf:
        image = pdf.make_stream(
            raster.image.tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        sheet = pdf.add_blank_page(page_size=size)
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
        sheet.Contents = pdf.make_stream(f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Scan Do Q".encode())
        pdf.save(target)
    return target
