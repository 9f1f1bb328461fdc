"""Counts words read on pages with black borders and punch holes, with the edges cleared and without.

Pages are aged as always, and some have holes by that; those that nothing is cleared of are read alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from backfile.settings import Reading
from benchmarks.imaging_script import age_page
from benchmarks.reading_metrics import Token, score_page, split_tokens
from ocr.attempt import Readers, attempt_turn, look_at_sheet
from ocr.clean import measure_tone
from ocr.edges import clear_edges
from ocr.raster_image import Pixels
from ocr.stopwatch import Stopwatch
from ocr.tesseract_api import get_tesserocr
from samples.charts import make_chart
from samples.families import FamilySplit
from samples.patients import make_patients
from samples.render import render_sheet

_DPIS = (150, 200, 300)
_Spoil = Callable[[Pixels, random.Random, float], Pixels]


def measure_borders(count: int, seed: int) -> None:
    """Print recall and words too many, before and after, for pages of each kind.

    Args:
        count: pages of each kind.
        seed: others give other pages.
    """
    kinds: dict[str, _Spoil] = {
        "as they are": lambda page, rng, dpi: page,
        "with borders": add_borders,
        "with holes": add_holes,
        "with both": lambda page, rng, dpi: add_borders(add_holes(page, rng, dpi), rng, dpi),
    }
    for name, spoil in kinds.items():
        rng = random.Random(f"borders {name} {seed}")
        patients = make_patients(60, seed=seed)
        sums = np.zeros((2, 3), np.int64)
        touched = 0
        for number in range(count):
            sheet = make_chart(seed * 10_000 + number, patients, families=FamilySplit.DEMO).pages[0]
            dpi = float(rng.choice(_DPIS))
            page = spoil(age_page(render_sheet(sheet, dpi=round(dpi)), dpi, rng), rng, dpi)
            cleared = clear_edges(page, dpi=dpi)
            touched += cleared is not page
            truth = [token for word in sheet.words for token in split_tokens(word.text)]
            before = _count_words(page, truth, dpi)
            sums[0] += before
            sums[1] += before if cleared is page else _count_words(cleared, truth, dpi)
        total = max(int(sums[0, 0]), 1)
        (found, right), (found_after, right_after) = (
            (row[1] / total, row[1] / max(row[2], 1)) for row in sums.tolist()
        )
        print(f"edges, pages {name:12} {count}, {touched} touched; words found {found:.3f} as they are, "
              f"{found_after:.3f} cleared; precision {right:.3f}, {right_after:.3f}", flush=True)  # fmt: skip


def _count_words(page: Pixels, truth: list[Token], dpi: float) -> NDArray[np.int64]:
    """Return how many words there are, were found and were read on a page, straightened and smoothed."""
    readers = Readers(get_tesserocr("eng"), None, Reading.FAST)
    sheet = look_at_sheet(page, dpi=dpi, tone=measure_tone(page))
    words = attempt_turn(sheet, 0, readers, Stopwatch()).first
    score = score_page([truth], [token for word in words for token in split_tokens(word.text)])
    return np.array([score.truth, score.found, score.read])


def add_borders(page: Pixels, rng: random.Random, dpi: float) -> Pixels:
    """Lay the page askew on black, or cover its edges with black, as scanners do."""
    mm = dpi / 25.4
    height, width = page.shape
    black = rng.randint(0, 45)
    if rng.random() < 0.4:
        turn = cv2.getRotationMatrix2D(
            (width / 2, height / 2), rng.uniform(-1.5, 1.5), rng.uniform(0.93, 1.0)
        )
        page = np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=black), dtype=np.uint8)
    else:
        top, bottom, left, right = (
            round(rng.uniform(2, 25) * mm) if rng.random() < 0.6 else 0 for _ in range(4)
        )
        page = np.pad(page, ((top, bottom), (left, right)), constant_values=black)
    noise = np.random.default_rng(rng.getrandbits(64)).normal(0, rng.uniform(0, 6), page.shape)
    soft = cv2.GaussianBlur(page, (0, 0), 0.6).astype(np.float32) + noise
    return np.clip(soft, 0, 255).astype(np.uint8)


def add_holes(page: Pixels, rng: random.Random, dpi: float) -> Pixels:
    """Punch dark holes with a ring of shadow along one edge, as near to the text as punches come."""
    mm = dpi / 25.4
    page = page.copy()
    height, width = page.shape
    count, gap = rng.choice([(2, 70.0), (2, 80.0), (3, 108.0), (4, 80.0)])
    radius, inset, shade = rng.uniform(2.6, 4.0), rng.uniform(7.0, 13.0), rng.randint(5, 90)
    at_left = rng.random() < 0.8
    for n in range(count):
        along = (height if at_left else width) / 2 + (n - (count - 1) / 2) * gap * mm
        x, y = (inset * mm, along) if at_left else (along, inset * mm)
        if rng.random() < 0.6:
            ring, sweep = round((radius + 0.7) * mm), rng.uniform(90, 300)
            start, thick = rng.uniform(0, 360), max(1, round(0.4 * mm))
            cv2.ellipse(page, (round(x), round(y)), (ring, ring), start, 0, sweep, 150, thick, cv2.LINE_AA)
        cv2.circle(page, (round(x), round(y)), round(radius * mm), shade, -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 0.5), dtype=np.uint8)
