"""Counts pages by hand that are flagged as such, and printed ones that are, by what else is on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks.imaging_hand import add_strokes
from benchmarks.imaging_held_out import scribble_strokes, set_line
from benchmarks.imaging_pages import print_charts, write_page
from ocr.deskew import deskew_page, estimate_skew
from ocr.handwriting import measure_handwriting
from ocr.letters import find_letters
from ocr.orient import turn_page
from ocr.raster_image import Pixels
from samples import damage, degrade

_DPIS = (100, 150, 200, 300)
_LIKELY = 0.5
_TEXT = "patient seen for pain no fever today plan continue dose follow up two weeks call if worse mild"
_WORDS = _TEXT.split()


def measure_script(count: int, seed: int, *, fonts: tuple[Path, ...]) -> None:
    """Print the shares of flagged pages, worn by all grades.

    Args:
        count: pages of each kind.
        seed: others give other pages.
        fonts: that look written by hand; pages are written in them as well, if there are any.
    """
    writers: dict[str, Callable[[random.Random, float], Pixels]] = {"by hand": _write}
    if fonts:
        writers["in fonts like hands"] = lambda rng, dpi: _set(rng, dpi, fonts)
    for name, write in writers.items():
        rng = random.Random(f"hand {name} {seed}")
        dpis = [float(rng.choice(_DPIS)) for _ in range(count)]
        pages = ((write(rng, dpi), dpi) for dpi in dpis)
        print(f"handwriting, pages {name}: {_count_flagged(pages, rng)} of {count} flagged", flush=True)
    printed = [(p.image, p.dpi) for p in print_charts(seed + 500, count, dpis=_DPIS)]
    for name, add in (("as they are", _leave), ("with a stamp", _stamp), ("with two signatures", _sign)):
        rng = random.Random(f"print {name} {seed}")
        flagged = _count_flagged(((add(image.copy(), rng, dpi), dpi) for image, dpi in printed), rng)
        print(f"handwriting, printed pages {name}: {flagged} of {count} flagged", flush=True)


def age_page(image: Pixels, dpi: float, rng: random.Random) -> Pixels:
    """Wear a page by a grade drawn, and leave it upright."""
    grade = rng.choice(list(degrade.Grade))
    worn = degrade.degrade_page(image, rng, grade=grade, dpi=dpi)
    return turn_page(worn.image, worn.rotation)


def _count_flagged(pages: Iterable[tuple[Pixels, float]], rng: random.Random) -> int:
    flagged = 0
    for image, dpi in pages:
        page = age_page(image, dpi, rng)
        straight = deskew_page(page, estimate_skew(page).degrees)
        flagged += measure_handwriting(find_letters(straight)) >= _LIKELY
    return flagged


def _write(rng: random.Random, dpi: float) -> Pixels:
    page: Pixels = np.full((round(11 * dpi), round(8.5 * dpi)), 255, np.uint8)
    write_page(page, rng, dpi, is_ruled=rng.random() < 0.4)
    return page


def _set(rng: random.Random, dpi: float, fonts: tuple[Path, ...]) -> Pixels:
    """Return a page of lines in one of the fonts."""
    page: Pixels = np.full((round(11 * dpi), round(8.5 * dpi)), 255, np.uint8)
    font, high = rng.choice(fonts), rng.uniform(5.5, 9.0)
    step, left = round(1.6 * high * dpi / 25.4), round(rng.uniform(0.05, 0.15) * page.shape[1])
    for top in range(round(0.6 * dpi), page.shape[0] - 2 * step, step):
        text = " ".join(rng.choices(_WORDS, k=rng.randint(3, 8)))
        line = set_line(text, font, height=round(high * dpi / 25.4))
        wide = min(line.shape[1], page.shape[1] - left)
        page[top : top + len(line), left : left + wide] -= line[: page.shape[0] - top, :wide]
    return page


def _leave(page: Pixels, rng: random.Random, dpi: float) -> Pixels:
    return page


def _stamp(page: Pixels, rng: random.Random, dpi: float) -> Pixels:
    return damage.add_stamp(page, rng, dpi=dpi)


def _sign(page: Pixels, rng: random.Random, dpi: float) -> Pixels:
    ink: Pixels = np.zeros(page.shape, np.uint8)
    for _ in range(2):
        at = rng.uniform(0.1, 0.6) * page.shape[1], rng.uniform(0.3, 0.95) * page.shape[0]
        add_strokes(ink, scribble_strokes(rng, dpi / 25.4, lines=0), at, thickness=dpi / 90)
    return np.minimum(page, 255 - ink)
