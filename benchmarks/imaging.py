"""Measures skew, orientation, blank pages, edges and handwriting on pages with truth, or on any scans.

    .venv/bin/python -m benchmarks.imaging [--pages 20] [--sides 500] [--seed 1] [--only sides] [--no-rivals]
        [--fonts DIR] [--folder DIR]

Skew is given as the competitions of the trade do (Papandreou et al., DISEC 2013): mean absolute error
(AED), that of the better 80 % (TOP80), share within 0.1° (CE) and the worst. With ``--folder`` the scans'
own skew is unknown: the error is then that of the difference between a scan and the scan turned; those taken
for blank or for handwriting are named. ``--only sides --sides 10000`` shows the bound for marks that must not
be lost; it takes three to five hours of one core for both sets of kinds.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from backfile.settings import Reading
from benchmarks.imaging_blank import measure_sides
from benchmarks.imaging_borders import measure_borders
from benchmarks.imaging_held_out import find_fonts
from benchmarks.imaging_pages import HAS_LINES, OddPage, draw_odd_page, print_charts
from benchmarks.imaging_script import age_page, measure_script
from benchmarks.imaging_sides import HeldOut
from benchmarks.rivals import rivals_python
from ocr.blank import InkKind, measure_ink
from ocr.deskew import deskew_page, estimate_skew
from ocr.handwriting import measure_handwriting
from ocr.letters import find_letters
from ocr.orient import TURNS, turn_page
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, preload_engine, read_page
from samples import degrade

_DPIS = (100, 150, 200, 300)
_RANGE = 15.0
_RIVALS = ("deskew", "jdeskew")
_PARTS = ("skew", "orientation", "sides", "edges", "hand")
_SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_NOISE = 8.0


@dataclass(frozen=True, slots=True)
class Turned:
    """A page laid askew."""

    image: Pixels
    degrees: float
    original: int
    """Index of the page that it was; its own estimate is subtracted on scans of unknown skew."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=20, help="printed pages, each kind (default: 20)")
    parser.add_argument("--sides", type=int, default=500, help="marked and unmarked backs (default: 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="scans to measure instead of generated pages")
    parser.add_argument("--fonts", type=Path, help="fonts that look written by hand, for notes and pages")
    parser.add_argument("--jobs", type=int, default=2, help="processes that measure sides (default: 2)")
    parser.add_argument("--only", action="append", choices=_PARTS, help="a part; may be given again")
    parser.add_argument("--no-rivals", action="store_true", help="do not run pip deskew and jdeskew beside")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rivals = () if options.no_rivals else _RIVALS
    if options.folder is not None:
        named = _load_scans(options.folder)
        scans = list(named.values())
        if not scans:
            print(f"There are no images in {options.folder}: name a folder of scans.", file=sys.stderr)
            return 2
        _name_flagged(named)
        _compare_skew("scans, relative", scans, options.seed, rivals, is_relative=True)
        _measure_orientation(scans, grades=False, seed=options.seed)
        return 0
    parts, fonts = options.only or _PARTS, find_fonts(options.fonts)
    pages = [(p.image, p.dpi) for p in print_charts(options.seed, options.pages, dpis=_DPIS)]
    if "skew" in parts:
        _compare_skew("printed", pages, options.seed, rivals, is_relative=False)
        _measure_odd_pages(max(4, options.pages // 3), options.seed)
    if "orientation" in parts:
        _measure_orientation(pages, grades=True, seed=options.seed)
    if "sides" in parts:
        for held_out in (None, HeldOut(fonts)):
            measure_sides(options.sides, options.seed, held_out=held_out, jobs=options.jobs)
    if "edges" in parts:
        measure_borders(options.pages, options.seed)
    if "hand" in parts:
        measure_script(options.pages, options.seed, fonts=fonts)
    return 0


def _load_scans(folder: Path) -> dict[str, tuple[Pixels, float]]:
    scans: dict[str, tuple[Pixels, float]] = {}
    for path in sorted(folder.rglob("*")):
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.suffix.lower() in _SUFFIXES else None
        if image is not None:
            dpi = max(72.0, round(min(image.shape) / 8.5))
            scans[str(path.relative_to(folder))] = np.asarray(image, dtype=np.uint8), dpi
    return scans


def _name_flagged(scans: Mapping[str, tuple[Pixels, float]]) -> None:
    """Say which scans are blank, and which seem to be written by hand."""
    for name, (image, dpi) in scans.items():
        kind = measure_ink(image, dpi=dpi).kind
        straight = deskew_page(image, estimate_skew(image).degrees)
        by_hand = measure_handwriting(find_letters(straight)) >= 0.5
        if kind is not InkKind.INK or by_hand:
            print(f"{name}: {kind}{', by hand' if by_hand else ''}", flush=True)
    print(f"{len(scans)} scans looked at; those not named have ink, and are not by hand", flush=True)


def _compare_skew(
    title: str, pages: Sequence[tuple[Pixels, float]], seed: int, rivals: Sequence[str], *, is_relative: bool
) -> None:
    """Turn pages by random angles, and compare ours with the rivals on exactly the same images."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    turned: list[Turned] = [Turned(image, 0.0, n) for n, (image, _) in enumerate(pages)]
    for number, (image, _) in enumerate(pages):
        for _ in range(3):
            degrees = rng.uniform(-_RANGE, _RANGE)
            askew = degrade.lay_askew(image, degrees).astype(np.float32)
            grain = noise.normal(0.0, _NOISE, askew.shape).astype(np.float32)
            turned.append(Turned(np.clip(askew + grain, 0, 255).astype(np.uint8), degrees, number))
    mine: list[tuple[float, float]] = []
    for one in turned:
        started = time.process_time()
        mine.append((estimate_skew(one.image).degrees, time.process_time() - started))
    ours = _print_skew(f"{title}: Backfile", turned, mine, is_relative=is_relative)
    with tempfile.TemporaryDirectory(prefix="backfile-imaging-") as name:
        files = [str(Path(name) / f"{n:05}.png") for n in range(len(turned))]
        for rival in rivals:
            for file, one in zip(files, turned, strict=True):
                cv2.imwrite(file, one.image)
            script = Path(__file__).with_name("imaging_rivals.py")
            done = subprocess.run(
                [str(rivals_python()), str(script), rival, *files],
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            )
            found = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
            pairs = [(float(f[0]), float(f[1])) for f in found]
            theirs = _print_skew(f"{title}: {rival}", turned, pairs, is_relative=is_relative)
            print(f"  its mean error is {theirs[0] / max(ours[0], 1e-6):.1f} times ours, its CPU time "
                  f"{theirs[1] / max(ours[1], 1e-6):.1f} times")  # fmt: skip


def _print_skew(
    title: str, turned: Sequence[Turned], found: Sequence[tuple[float, float]], *, is_relative: bool
) -> tuple[float, float]:
    """Print the figures; return mean error and mean CPU seconds."""
    own = {one.original: degrees for one, (degrees, _) in zip(turned, found, strict=True) if not one.degrees}
    errors = np.sort([
        abs(degrees - one.degrees - (own[one.original] if is_relative else 0.0))
        for one, (degrees, _) in zip(turned, found, strict=True)
        if one.degrees
    ])  # fmt: skip
    seconds = float(np.mean([cpu for _, cpu in found]))
    best = errors[: max(1, round(0.8 * len(errors)))]
    print(
        f"skew, {title:30} n={len(errors):4}  AED {errors.mean():.3f}  TOP80 {best.mean():.3f}  "
        f"CE {np.mean(errors <= 0.1):.3f}  worst {errors[-1]:.2f}  {1000 * seconds:.0f} ms CPU",
        flush=True,
    )
    return float(errors.mean()), seconds


def _measure_odd_pages(count: int, seed: int) -> None:
    """Say how pages that mislead are tilted: straight ones must stay, turned ones be found or left."""
    rng = random.Random(seed)
    for kind in OddPage:
        straight, wrong, found = 0.0, 0, 0
        for number in range(count):
            page = draw_odd_page(kind, seed * 1000 + number, dpi=rng.choice(_DPIS))
            straight = max(straight, abs(estimate_skew(page.image).degrees))
            degrees = rng.uniform(-_RANGE, _RANGE)
            estimate = estimate_skew(degrade.lay_askew(page.image, degrees)).degrees
            found += abs(estimate - degrees) <= 0.1
            wrong += abs(estimate - degrees) > 0.3 and abs(estimate) > 0.1
        lines = "" if kind in HAS_LINES else " (no lines)"
        print(f"odd pages, {kind + lines:42} straight ones tilted by at most {straight:.2f}°; turned ones: "
              f"{found} of {count} within 0.1°, {wrong} wrong, the rest left", flush=True)  # fmt: skip


def _measure_orientation(pages: Sequence[tuple[Pixels, float]], *, grades: bool, seed: int) -> None:
    """Read every page at four turns as a whole, and count what becomes of it."""
    options = ReadOptions(reading=Reading.FAST)
    preload_engine(options)
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="backfile-imaging-") as name:
        file = Path(name) / "page.png"
        for image, dpi in pages:
            page = age_page(image, dpi, rng) if grades else image
            for turn in TURNS:
                _save(turn_page(page, (360 - turn) % 360), file, dpi)
                reading = read_page(file, 1, options=options)
                if reading.blank or reading.rotation is None:
                    counts["flagged"] += 1
                else:
                    counts["right" if reading.rotation == turn else "silently wrong"] += 1
    total = sum(counts.values())
    print(f"orientation, {total} turned pages: right {counts['right'] / total:.3f}, flagged "
          f"{counts['flagged']}, silently wrong {counts['silently wrong']}", flush=True)  # fmt: skip


def _save(image: Pixels, path: Path, dpi: float) -> None:
    from PIL import Image

    Image.fromarray(image).save(path, dpi=(dpi, dpi), compress_level=1)


if __name__ == "__main__":
    raise SystemExit(main())
