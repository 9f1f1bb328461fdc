"""Counts marked sides taken for blank and unmarked ones not taken for blank, on as many sides as asked for.

Sides are made and measured one after the other in each process, so that ten thousand need no memory to
speak of and twice the cores half the time: about 0.35 s of a core a side, most of it where print shines
through.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2

from backfile.domain.unaided import find_upper_bound
from benchmarks.imaging_pages import print_charts
from benchmarks.imaging_sides import PRINT_DPI, HeldOut, Side, make_side
from ocr.blank import InkKind, measure_ink
from ocr.raster_image import Pixels
from ocr.shine import Neighbour
from samples.families import FamilySplit

_PRINTS = 24
_PART = 50
"""Sides that a process does at a time."""
_THROUGH = "bleed-through"


@dataclass(frozen=True, slots=True)
class SideTask:
    """Sides to make and measure."""

    seed: int
    """Of the pages that shine through."""
    seeds: range
    is_marked: bool
    held_out: HeldOut | None


@dataclass(frozen=True, slots=True)
class SideOutcome:
    """What became of one side."""

    seed: int
    mark: str
    shines_through: bool
    kind: InkKind


def measure_sides(count: int, seed: int, *, held_out: HeldOut | None, jobs: int) -> None:
    """Measure that many marked and as many unmarked sides, and print both rates.

    Args:
        count: of each.
        seed: others give other sides.
        held_out: kinds on which no constant was chosen; None for those on which they were.
        jobs: processes.
    """
    _print_pages(seed, is_held_out=held_out is not None)  # once, before the processes fork
    kinds = "" if held_out is None else ", kinds held out"
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for is_marked in (True, False):
            first = seed * 10**6
            tasks = [
                SideTask(seed, range(at, min(at + _PART, first + count)), is_marked, held_out)
                for at in range(first, first + count, _PART)
            ]
            outcomes = [one for part in pool.imap_unordered(_measure_part, tasks) for one in part]
            print(f"blank{kinds}: {_describe(outcomes, is_marked=is_marked)}", flush=True)


@lru_cache(maxsize=1)
def _print_pages(seed: int, *, is_held_out: bool) -> tuple[Pixels, ...]:
    families = FamilySplit.DEMO if is_held_out else FamilySplit.TRAIN
    pages = print_charts(seed + 900, _PRINTS, dpis=(PRINT_DPI,), families=families)
    return tuple(page.image for page in pages)


def _measure_part(task: SideTask) -> list[SideOutcome]:
    """In a process: make and measure some."""
    cv2.setNumThreads(1)
    prints = _print_pages(task.seed, is_held_out=task.held_out is not None)
    outcomes = []
    for seed in task.seeds:
        side = make_side(seed, prints, is_marked=task.is_marked, held_out=task.held_out)
        kind = _measure_side(side, Neighbour(prints[seed % len(prints)], PRINT_DPI))
        outcomes.append(SideOutcome(seed, side.mark, _THROUGH in side.dirt, kind))
    return outcomes


def _measure_side(side: Side, after: Neighbour) -> InkKind:
    """Measure one as in its file, where it lies between its own front and the front of the next leaf."""
    pages = (Neighbour(side.front, side.dpi), after)
    return measure_ink(side.image, dpi=side.dpi, get_neighbours=lambda: pages).kind


def _describe(outcomes: Sequence[SideOutcome], *, is_marked: bool) -> str:
    """Return the counts of what went wrong, by what is on the sides."""
    seen: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in outcomes:
        kinds = ("with bleed-through" if one.shines_through else "without", one.mark)
        seen.update(kinds)
        if (one.kind is InkKind.INK) is not is_marked:
            wrong.update(kinds)
    lost = wrong["with bleed-through"] + wrong["without"]
    title = "marked sides taken for blank" if is_marked else "unmarked sides not taken for blank"
    parts = ", ".join(f"{kind} {wrong[kind]} of {seen[kind]}" for kind in sorted(seen) if kind)
    upper = find_upper_bound(lost, len(outcomes))
    seeds = [one.seed for one in outcomes if (one.kind is InkKind.INK) is not is_marked][:8]
    which = f"; seeds {seeds}" if is_marked and lost else ""
    return f"{title} {lost} of {len(outcomes)} (95 %: under {upper:.2e}): {parts}{which}"
