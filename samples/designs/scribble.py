"""Pen strokes that look like handwriting and say nothing: signatures, notes, initials."""

from __future__ import annotations

import math
import random

from samples.sheet import PathOp


def draw_signature(rng: random.Random, x: float, baseline: float, name: str) -> list[PathOp]:
    """Return the strokes of a signature, longer for a longer name."""
    width = min(150.0, 40 + 4.5 * min(len(name), 26)) * rng.uniform(0.7, 1.1)
    return [
        _stroke(
            rng,
            x,
            baseline,
            width,
            height=rng.uniform(7, 13),
            loops=rng.randint(5, 9),
            pen=rng.uniform(0.8, 1.5),
        )
    ]


def draw_scribble(rng: random.Random, x: float, baseline: float, width: float) -> list[PathOp]:
    """Return a line of words written by hand."""
    strokes, at = [], x
    pen = rng.uniform(0.7, 1.3)
    while at < x + width:
        word = min(rng.uniform(14, 55), x + width - at + 10)
        strokes.append(
            _stroke(rng, at, baseline, word, height=rng.uniform(4, 7), loops=max(2, int(word / 6)), pen=pen)
        )
        at += word + rng.uniform(5, 9)
    return strokes


def _stroke(
    rng: random.Random, x: float, baseline: float, width: float, *, height: float, loops: int, pen: float
) -> PathOp:
    points = []
    steps = loops * 6
    phase = rng.uniform(0, 6)
    for i in range(steps + 1):
        share = i / steps
        wave = math.sin(phase + share * loops * 2 * math.pi)
        tall = height * (1.0 if rng.random() < 0.8 else 1.8) * (1.5 if i < 5 else 1.0)
        dx = width * share + 0.35 * width / loops * math.cos(phase + share * loops * 2 * math.pi)
        points.append((x + dx, baseline - tall * (0.35 + 0.5 * wave) + rng.uniform(-0.8, 0.8)))
    return PathOp(tuple(points), pen, rng.uniform(0.0, 0.35))
