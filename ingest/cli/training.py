"""The command ``train``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from backfile.errors import ExitCode
from ingest.cli.output import print_line

Commands = Any


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add the commands of this group."""
    train = commands.add_parser("train", help="train the language models from synthetic charts")
    train.add_argument("--evaluate", action="store_true", help="score the present models, train nothing")
    train.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: in place)")
    train.add_argument("--force", action="store_true", help="replace even a better model")
    train.set_defaults(run=run_train)


def run_train(options: argparse.Namespace) -> int:
    """Train or score the models."""
    # Training needs the generator of charts and much of spaCy: only now, not at every command.
    from classify.training import TrainOptions, evaluate_models, train_models

    if options.evaluate:
        print_line(str(evaluate_models()))
        return ExitCode.DONE
    report = train_models(TrainOptions(out=options.out, force=options.force))
    print_line(str(report))
    return ExitCode.DONE
