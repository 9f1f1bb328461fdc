"""What the readers' confidences are worth: fits the calibration of ``ocr.confidence``, or checks it.

    .venv/bin/python -m benchmarks.reader_confidence [--pages 12] [--seed 2]     check the one that is shipped
    .venv/bin/python -m benchmarks.reader_confidence --fit ocr/calibration.json  fit one anew, and check it

It is fitted on pages of the families that models are trained on and checked on pages of those kept for
calibration, which share no design and no wording with them. Prints for each situation how many words were
found so and how many of them were right; then, for both sets, what was promised against what held, and the
expected calibration error (Guo et al., On Calibration of Modern Neural Networks, 2017).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from backfile.domain.geometry import box_center
from backfile.domain.page import Word
from backfile.settings import Reading
from benchmarks.reading_metrics import split_tokens
from ocr.attempt import Attempt, attempt_turn, look_at_sheet
from ocr.clean import measure_tone
from ocr.confidence import Calibration, Evidence, Situation, fit_curve, load_calibration
from ocr.fusion import fuse_readings, list_sightings, see_alone
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, get_readers, preload_engine
from ocr.stopwatch import Stopwatch
from samples import damage
from samples.charts import make_chart
from samples.degrade import Grade, degrade_page, lay_askew, turn_page
from samples.families import FamilySplit
from samples.patients import make_patients
from samples.render import render_sheet

_EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.001)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that both readers read."""

    attempt: Attempt
    truth: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A word as found, and whether it is right."""

    situation: Situation
    evidence: Evidence
    right: bool


def main() -> int:
    """Fit or check, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=12, help="of each of five kinds, in each set")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--fit", type=Path, metavar="FILE", help="fit anew and write the calibration here")
    options = parser.parse_args()
    calibration = load_calibration()
    if options.fit:
        learned = list(read_pages(FamilySplit.TRAIN, pages=options.pages, seed=options.seed))
        calibration = fit_calibration([o for page in learned for o in list_outcomes(page)])
        options.fit.write_text(calibration.dump() + "\n", encoding="utf-8")
        print_promises("fitted on", learned, calibration)
    checked = read_pages(FamilySplit.CALIBRATE, pages=options.pages, seed=options.seed + 1)
    print_promises("checked on", list(checked), calibration)
    return 0


def read_pages(families: FamilySplit, *, pages: int, seed: int) -> Iterator[ReadPage]:
    """Yield pages of five kinds, from clean to badly worn, and as coarse as old scans are.

    Args:
        families: of layouts.
        pages: of each kind.
        seed: of people, documents and damage.
    """
    options = ReadOptions(reading=Reading.BEST)
    preload_engine(options)
    readers = get_readers(options)
    patients = make_patients(300, seed=seed)
    for kind, dpi in (*((grade.value, 300) for grade in Grade), ("worn", 300), ("fair", 90)):
        for number in range(pages):
            grade = "poor" if kind == "worn" else kind
            chart_seed = seed * 1_000_003 + number * 31 + dpi
            chart = make_chart(chart_seed, patients, families=families, grade=grade)
            rng = random.Random(f"confidence {families} {kind} {dpi} {seed} {number}")
            printed = rng.choice([page for page in chart.pages if page.words])
            image = render_sheet(printed, dpi=dpi)
            if kind == "worn":
                image = wear_out(image, rng)
            else:
                damaged = degrade_page(
                    image,
                    rng,
                    grade=Grade(grade),
                    dpi=dpi,
                    words=[word.box for word in printed.words],
                    bilevel=dpi == 300 and rng.random() < 0.4,
                )
                image = turn_page(damaged.image, damaged.rotation)
            sheet = look_at_sheet(image, dpi=float(dpi), tone=measure_tone(image))
            yield ReadPage(attempt_turn(sheet, 0, readers, Stopwatch()), tuple(printed.words))


def wear_out(image: Pixels, rng: random.Random) -> Pixels:
    """Return a page that was copied, faded and scanned in a hurry, worse than any of the samples."""
    page = lay_askew(image, rng.uniform(-2.0, 2.0))
    page = damage.fade_ink(page, rng, strength=rng.uniform(0.4, 0.7))
    page = damage.tint_paper(page, white=rng.randint(195, 240))
    page = damage.soften(page, sigma=rng.uniform(0.8, 1.8))
    if rng.random() < 0.3:
        return damage.send_fax(page, rng, poor=True)
    page = damage.add_noise(page, rng, sigma=rng.uniform(8.0, 20.0))
    return damage.squeeze_jpeg(page, quality=rng.randint(20, 45))


def list_outcomes(page: ReadPage) -> Iterator[Outcome]:
    """Yield every word that either reader found, in each situation that it stands for."""
    first, second = page.attempt.first, page.attempt.second
    alone = [see_alone(word, Situation.FIRST_ONLY) for word in first]
    alone += [see_alone(word, Situation.SECOND_ONLY) for word in second]
    for seen in (*alone, *list_sightings(first, second)):
        if split_tokens(seen.word.text):
            yield Outcome(seen.situation, seen.evidence, is_right(seen.word, page.truth))


def is_right(word: Word, truth: Sequence[Word]) -> bool:
    """Say whether all tokens of a word are printed where it stands."""
    x, y = box_center(word.box)
    printed: Counter[str] = Counter()
    for true in truth:
        tx, ty = box_center(true.box)
        inside = true.box[0] <= x <= true.box[2] and true.box[1] <= y <= true.box[3]
        around = word.box[0] <= tx <= word.box[2] and word.box[1] <= ty <= word.box[3]
        if inside or around:
            printed.update(token.text for token in split_tokens(true.text))
    return not Counter(token.text for token in split_tokens(word.text)) - printed


def fit_calibration(outcomes: Sequence[Outcome]) -> Calibration:
    """Fit a curve for each situation, and print how often words found so were right."""
    curves = {}
    for situation in Situation:
        mine = [outcome for outcome in outcomes if outcome.situation is situation]
        right = [outcome.right for outcome in mine]
        curves[situation] = fit_curve([outcome.evidence for outcome in mine], right)
        print(f"{situation:18} {len(mine):7,} words, {np.mean(right):.4f} right")
    return Calibration(curves)


def print_promises(title: str, pages: Sequence[ReadPage], calibration: Calibration) -> None:
    """Print what confidences promised and what held, for both readers' words joined."""
    promised, held = [], []
    for page in pages:
        attempt = page.attempt
        for word in fuse_readings(attempt.first, attempt.second, calibration=calibration):
            if split_tokens(word.text):
                promised.append(word.confidence)
                held.append(is_right(word, page.truth))
    said, true = np.array(promised), np.array(held, dtype=np.float64)
    print(f"\n{title} {len(pages)} pages, {len(said):,} words")
    error = 0.0
    for low, high in pairwise(_EDGES):
        inside = (said >= low) & (said < high)
        if inside.any():
            error += inside.sum() * abs(said[inside].mean() - true[inside].mean()) / len(said)
            print(
                f"{low:.3f}-{high:.3f} {inside.sum():7,} words: "
                f"said {said[inside].mean():.3f}, was {true[inside].mean():.3f}"
            )
    print(f"expected calibration error {error:.4f}")


if __name__ == "__main__":
    raise SystemExit(main())
