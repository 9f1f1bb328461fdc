"""How often matching files under a wrong patient, how much it files, and how others do on the same documents.

    .venv/bin/python -m benchmarks.matching [--documents 50000] [--set test] [--no-splink] [--picture FILE]

Simulates documents over several patient indexes of their own (``matching_people``), prints them
(``matching_paper``), reads them with the errors that our own readers were measured to make
(``samples.misreading``), and lets everybody decide. docs/benchmarks.md says what each figure is.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from backfile.domain.unaided import find_upper_bound
from benchmarks.matching_documents import GRADES
from benchmarks.matching_people import Slice
from benchmarks.matching_picture import draw_risk
from benchmarks.matching_run import OURS, Share, run_shares
from benchmarks.matching_tally import (
    ALL,
    Count,
    Scorecard,
    Verdict,
    calibration_error,
    trace_risk,
)
from samples.names import ORIGINS, NamePool

_SHARE = 2500
"""Documents of one world."""
_LARGEST = 20


def main() -> int:
    """Measure, print, and draw where that is asked for. Returns 1 if anything was filed wrongly."""
    options = _parse()
    started = time.perf_counter()
    shares = [
        Share(NamePool(options.set), number, options.patients, min(_SHARE, left), options.splink)
        for number, left in enumerate(range(options.documents, 0, -_SHARE))
    ]
    cards: dict[str, Scorecard] = defaultdict(Scorecard)
    verdicts: list[Verdict] = []
    best: dict[str, list[Verdict]] = defaultdict(list)
    for number, found in enumerate(run_shares(shares, processes=options.processes), 1):
        for name, made in found.items():
            cards[name].add_all(made)
            best[name] += made
        verdicts += found[OURS]
        print(f"{number} of {len(shares)} worlds", file=sys.stderr)
    ours = cards[OURS]
    for line in (
        *_show_head(ours.counts[ALL]),
        *_show_groups(ours),
        *_show_reasons(ours),
        *_show_rivals(cards),
    ):
        print(line)
    print(
        f"\nexpected calibration error of the best candidate's probability: {calibration_error(verdicts):.4f}"
    )
    cpu = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{time.perf_counter() - started:.0f} s, {cpu:.0f} s of processors")
    if options.picture:
        filed = {name: card.counts[ALL] for name, card in cards.items()}
        curves = {name: trace_risk(made) for name, made in best.items() if any(v.candidates for v in made)}
        draw_risk(curves, filed, options.picture)
    return 1 if ours.counts[ALL].wrong else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--patients", type=int, default=10_000, help="in the index of each world")
    parser.add_argument("--set", choices=["rules", "calibrate", "test"], default="test")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--no-splink", dest="splink", action="store_false")
    parser.add_argument("--picture", type=Path, metavar="SVG", help="draw risk against coverage")
    return parser.parse_args()


def _show_head(count: Count) -> Iterator[str]:
    yield (
        f"{count.documents:,} documents, {count.pages:,} pages; {count.strangers:,} of strangers; "
        f"{count.enough:,} carry what the rules need"
    )
    for what, wrong, filed in (
        ("documents", count.wrong, count.filed),
        ("pages", count.wrong_pages, count.filed_pages),
    ):
        yield f"wrong {what}: {wrong} of {filed:,} filed, at most {find_upper_bound(wrong, filed):.2e} (95 %)"
    bound = find_upper_bound(count.strangers_filed, count.strangers)
    yield f"strangers filed: {count.strangers_filed} of {count.strangers:,}, at most {bound:.2e} (95 %)"
    yield (
        f"right patient first {count.first / max(count.ranked, 1):.2%}, "
        f"among five {count.among_five / max(count.ranked, 1):.2%} of {count.ranked:,}"
    )


def _show_groups(card: Scorecard) -> Iterator[str]:
    yield ""
    yield (
        f"{'group':26} {'documents':>9} {'filed':>7} {'wrong':>5} {'bound':>8} {'strangers':>9} {'filed':>5} "
        f"{'carry':>7} {'filed':>6} {'top 1':>7} {'top 5':>7}"
    )
    groups = [s.value for s in Slice] + [*GRADES, "noisy"] + [f"origin {origin}" for origin in ORIGINS]
    for name in (ALL, *groups):
        if (count := card.counts.get(name)) is not None:
            ranked = max(count.ranked, 1)
            bound = find_upper_bound(count.wrong, count.filed)
            yield (
                f"{name:26} {count.documents:9,} {count.filed:7,} {count.wrong:5} {bound:8.1e} "
                f"{count.strangers:9,} {count.strangers_filed:5} "
                f"{count.enough:7,} {count.enough_filed / max(count.enough, 1):6.1%} "
                f"{count.first / ranked:7.2%} {count.among_five / ranked:7.2%}"
            )


def _show_reasons(card: Scorecard) -> Iterator[str]:
    yield "\nwhy documents that carry enough were not filed:"
    for (grade, reason), count in card.reasons.most_common(_LARGEST):
        yield f"{count:6} {grade:6} {reason}"


def _show_rivals(cards: dict[str, Scorecard]) -> Iterator[str]:
    yield ""
    yield (
        f"{'method':22} {'filed':>7} {'wrong':>6} {'wrong share':>11} {'strangers filed':>15} "
        f"{'carrying, filed':>15}"
    )
    for name, card in cards.items():
        count = card.counts[ALL]
        yield (
            f"{name:22} {count.filed:7,} {count.wrong:6,} {count.wrong / max(count.filed, 1):11.2e} "
            f"{count.strangers_filed:8,} {count.strangers_filed / max(count.strangers, 1):6.2%} "
            f"{count.enough_filed / max(count.enough, 1):15.1%}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
