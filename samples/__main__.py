"""Makes samples from the command line: ``python -m samples --out DIR --charts 60 --seed 7``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from samples.families import FamilySplit
from samples.make import make_samples


def main(argv: Sequence[str] | None = None) -> int:
    """Make a set of samples and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to make them in")
    parser.add_argument("--charts", type=int, default=60, help="number of files (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="decides every byte (default: 1)")
    parser.add_argument(
        "--families",
        type=FamilySplit,
        default=FamilySplit.DEMO,
        choices=list(FamilySplit),
        help="set of layout families (default: demo)",
    )
    parser.add_argument("--processes", type=int, default=2, help="that work at a time (default: 2)")
    args = parser.parse_args(argv)
    if args.charts < 1:
        parser.error(f"--charts must be 1 or more, not {args.charts}")
    made = make_samples(
        args.out, charts=args.charts, seed=args.seed, families=args.families, processes=args.processes
    )
    pages = sum(len(chart.pages) for chart in made.charts)
    sys.stdout.write(f"{len(made.charts)} charts, {pages} pages in {args.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
