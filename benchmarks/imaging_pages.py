"""Pages with known lie for measuring skew and orientation: printed charts, and ones that mislead.

Printed pages come from ``samples``: every design, from the first page of a chart to the last. The others
are what tempts an estimator to a wrong tilt: few words, slanting pictures, tables, columns, handwriting.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from benchmarks.imaging_hand import add_strokes, draw_writer, write_line
from ocr.raster_image import Pixels
from samples.charts import make_chart
from samples.families import FamilySplit
from samples.patients import make_patients
from samples.render import render_sheet

_TEXT = (
    "patient history of mild chest pain noted on exam today with no fever alert and oriented lungs clear "
    "abdomen soft plan continue current dose follow up in clinic two weeks call if worse discussed risks "
    "family present allergies reviewed vitals stable pulse regular blood pressure improved labs pending"
)
_WORDS = tuple(_TEXT.split())
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
_LETTER = (8.5, 11.0)


class OddPage(StrEnum):
    """Pages that mislead."""

    ONE_LINE = "one line"
    THREE_LINES = "three lines"
    FEW_LABELS = "ruled form, few words"
    TWO_COLUMNS = "two columns"
    NUMBERS = "table of numbers"
    PHOTO = "photograph"
    DRAWING = "slanting drawing"
    TRACING = "tracing on a grid"
    STAMPS = "slanting stamps on a few lines"
    HAND = "handwriting on blank paper"
    HAND_RULED = "handwriting on ruled paper"


HAS_LINES = frozenset(OddPage) - {OddPage.PHOTO, OddPage.DRAWING, OddPage.HAND}
"""Those whose lines or rules tell an angle; of the others none is to be told."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """An upright, straight page."""

    image: Pixels
    dpi: float


def print_charts(
    seed: int, count: int, *, dpis: Sequence[int], families: FamilySplit = FamilySplit.DEMO
) -> Iterator[PrintedPage]:
    """Print that many pages of charts, clean."""
    patients = make_patients(200, seed=seed)
    rng = random.Random(f"pages {seed}")
    made = 0
    for number in range(10**6):
        chart = make_chart(seed * 10_000 + number, patients, families=families)
        for page in chart.pages:
            if len(page.words) >= 20:
                dpi = rng.choice(dpis)
                yield PrintedPage(render_sheet(page, dpi=dpi), float(dpi))
                made += 1
                if made == count:
                    return


def draw_odd_page(kind: OddPage, seed: int, *, dpi: float) -> PrintedPage:
    """Draw one; the same arguments give the same page."""
    rng = random.Random(f"odd {kind} {seed}")
    page: Pixels = np.full((round(_LETTER[1] * dpi), round(_LETTER[0] * dpi)), 255, np.uint8)
    match kind:
        case OddPage.ONE_LINE:
            _print(page, rng, 1, dpi)
        case OddPage.THREE_LINES:
            _print(page, rng, 3, dpi)
        case OddPage.FEW_LABELS:
            _rule(page, rng, dpi)
        case OddPage.TWO_COLUMNS:
            for column in (0.08, 0.53):
                # The columns' lines do not stand at the same heights.
                _print(page, rng, 40, dpi, left=column, right=column + 0.38)
        case OddPage.NUMBERS:
            for row in range(30):
                for column in range(5):
                    text, at = f"{rng.uniform(0, 300):.1f}", (0.1 + 0.17 * column, 0.1 + 0.026 * row)
                    _put(page, text, at, rng.choice(_FONTS), 0.09 * dpi)
        case OddPage.PHOTO:
            _paste_photo(page, rng)
        case OddPage.DRAWING:
            angle = rng.uniform(5, 40)
            for _ in range(rng.randint(6, 40)):
                _line(page, rng, angle + rng.gauss(0, 0.5), dpi)
        case OddPage.TRACING:
            _trace(page, rng, dpi)
        case OddPage.STAMPS:
            _print(page, rng, 4, dpi)
            for _ in range(3):
                _stamp(page, rng, dpi)
        case OddPage.HAND | OddPage.HAND_RULED:
            write_page(page, rng, dpi, is_ruled=kind is OddPage.HAND_RULED)
    return PrintedPage(page, dpi)


def write_page(page: Pixels, rng: random.Random, dpi: float, *, is_ruled: bool, lines: int = 0) -> None:
    """Fill a page by hand: one writer, uneven lines; on ruled paper they keep to the rules."""
    height, width = page.shape
    writer = draw_writer(rng)
    if is_ruled:
        writer = replace(writer, slope=0.0)
    size = rng.uniform(0.07, 0.12) * dpi
    step = size * rng.uniform(3.4, 4.6)
    top, left = rng.uniform(0.06, 0.2) * height, rng.uniform(0.05, 0.15) * width
    lines = lines or int((0.93 * height - top) / step)
    ink: Pixels = np.zeros(page.shape, np.uint8)
    thick, shade = rng.uniform(0.012, 0.03) * dpi, rng.randint(120, 240)
    for number in range(lines):
        y = top + number * step
        if y > 0.96 * height:
            break
        if is_ruled:
            cv2.line(page, (0, round(y)), (width, round(y)), 190, max(1, round(dpi / 150)))
        if rng.random() < 0.06:
            continue
        words = rng.choices(_WORDS, k=rng.randint(2, 12))
        strokes = write_line(" ".join(words), writer, rng, height=size)
        sway = 0.0 if is_ruled else rng.gauss(0, 0.012)
        strokes = [np.stack((s[:, 0], s[:, 1] + sway * s[:, 0]), axis=1) for s in strokes]
        add_strokes(ink, strokes, (left + rng.uniform(0, 0.03) * width, y), thickness=thick)
    page[:] = cv2.subtract(page, cv2.convertScaleAbs(ink, alpha=shade / 255))


def _put(page: Pixels, text: str, at: tuple[float, float], font: int, high: float) -> float:
    """Print text with its foot at a relative place; return how far right it reaches, relative."""
    height, width = page.shape
    scale = high / 21.0
    thick = max(1, round(high / 9))
    place = (round(at[0] * width), round(at[1] * height))
    (wide, _), _ = cv2.getTextSize(text, font, scale, thick)
    cv2.putText(page, text, place, font, scale, 0, thick, cv2.LINE_AA)
    return float(at[0] + wide / width)


def _print(
    page: Pixels, rng: random.Random, lines: int, dpi: float, *, left: float = 0.1, right: float = 0.9
) -> None:
    font, high = rng.choice(_FONTS), rng.uniform(0.08, 0.11) * dpi
    step = high * rng.uniform(1.9, 2.6) / page.shape[0]
    y = rng.uniform(0.08, 0.85) if lines <= 4 else rng.uniform(0.06, 0.1)
    for _ in range(lines):
        text = rng.choice(_WORDS).capitalize()
        while True:
            more = f"{text} {rng.choice(_WORDS)}"
            (wide, _), _ = cv2.getTextSize(more, font, high / 21.0, max(1, round(high / 9)))
            if left + wide / page.shape[1] > right:
                break
            text = more
        _put(page, text, (left, y), font, high)
        y += step


def _rule(page: Pixels, rng: random.Random, dpi: float) -> None:
    """Draw a form with boxes and a label here and there."""
    height, width = page.shape
    rows, columns = rng.randint(8, 24), rng.randint(1, 4)
    xs = np.linspace(0.07, 0.93, columns + 1) * width
    ys = np.linspace(0.1, 0.9, rows + 1) * height
    thick = max(1, round(dpi / 110))
    for x in xs:
        cv2.line(page, (round(x), round(ys[0])), (round(x), round(ys[-1])), 0, thick)
    for y in ys:
        cv2.line(page, (round(xs[0]), round(y)), (round(xs[-1]), round(y)), 0, thick)
    for _ in range(rng.randint(2, 6)):
        x, y = rng.choice(list(xs[:-1])), rng.choice(list(ys[1:]))
        label = rng.choice(_WORDS).capitalize()
        _put(page, label, (x / width + 0.01, y / height - 0.006), _FONTS[0], 0.08 * dpi)


def _paste_photo(page: Pixels, rng: random.Random) -> None:
    """Fill the page with what has edges in all directions, as a photograph has."""
    noise = np.random.default_rng(rng.getrandbits(32))
    total = np.zeros(page.shape, np.float32)
    for cells in (4, 9, 20, 45, 100):
        coarse = noise.normal(0, 1 / cells**0.5, (cells, cells)).astype(np.float32)
        cv2.accumulate(cv2.resize(coarse, page.shape[::-1], interpolation=cv2.INTER_CUBIC), total)
    total = (total - total.min()) / float(total.max() - total.min())
    for _ in range(12):
        center = (rng.randrange(page.shape[1]), rng.randrange(page.shape[0]))
        axes = (rng.randint(20, page.shape[1] // 3), rng.randint(20, page.shape[1] // 3))
        cv2.ellipse(total, center, axes, rng.uniform(0, 180), 0, 360, rng.random(), -1)
    inset = round(0.06 * page.shape[1])
    inner = (total[inset:-inset, inset:-inset] * 235).astype(np.uint8)
    page[inset:-inset, inset:-inset] = inner


def _line(page: Pixels, rng: random.Random, angle: float, dpi: float) -> None:
    height, width = page.shape
    x, y = rng.uniform(0.1, 0.6) * width, rng.uniform(0.1, 0.9) * height
    long = rng.uniform(0.2, 0.6) * width
    end = (round(x + long * np.cos(np.radians(angle))), round(y - long * np.sin(np.radians(angle))))
    cv2.line(page, (round(x), round(y)), end, 40, max(1, round(dpi / 90)), cv2.LINE_AA)


def _trace(page: Pixels, rng: random.Random, dpi: float) -> None:
    """Draw a grid with a curve over it, and its labels."""
    height, width = page.shape
    step = 0.2 * dpi
    for at in np.arange(step, width, step):
        cv2.line(page, (round(at), round(0.2 * height)), (round(at), round(0.8 * height)), 200, 1)
    for at in np.arange(0.2 * height, 0.8 * height, step):
        cv2.line(page, (0, round(at)), (width, round(at)), 200, 1)
    x = np.arange(0, width, 2)
    for row in range(4):
        beat = 0.25 * dpi * np.sin(x / (0.02 * width)) * (np.sin(x / (0.005 * width)) > 0.9)
        drift = 0.1 * dpi * np.sin(x / width * 5 + row)
        curve = np.stack((x, (0.3 + 0.13 * row) * height - beat + drift), axis=1).round().astype(np.int32)
        cv2.polylines(page, [curve.reshape(-1, 1, 2)], False, 0, max(1, round(dpi / 110)), cv2.LINE_AA)
    for row in range(3):
        _put(page, " ".join(rng.choices(_WORDS, k=6)), (0.1, 0.08 + 0.03 * row), _FONTS[0], 0.09 * dpi)


def _stamp(page: Pixels, rng: random.Random, dpi: float) -> None:
    side = round(3 * dpi)
    stamp: Pixels = np.zeros((side, side), np.uint8)
    cv2.putText(
        stamp, "RECEIVED", (round(0.4 * dpi), side // 2), _FONTS[1], dpi / 60, 150, max(2, round(dpi / 60))
    )
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(8, 25), 1.0)
    stamp = np.asarray(cv2.warpAffine(stamp, turn, (side, side)), dtype=np.uint8)
    x, y = rng.randrange(page.shape[1] - side), rng.randrange(page.shape[0] - side)
    page[y : y + side, x : x + side] = cv2.subtract(page[y : y + side, x : x + side], stamp)
