"""Pen strokes that look like handwriting and say nothing: signatures, notes, initials."""

from __future__ import annotations

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


def draw_heartbeats(rng: random.Random, left: float, right: float, base: float, rate: int) -> PathOp:
    """Return one lead of an electrocardiogram; 25 mm a second."""
    beat = 25 * 72 / 25.4 * 60 / rate
    tall = rng.uniform(12, 30)
    shape = (
        *((0.0, 0.0), (0.1, 0.12), (0.18, 0.0), (0.26, 0.0), (0.29, -0.15)),
        *((0.32, 1.0), (0.36, -0.3), (0.39, 0.0), (0.55, 0.25), (0.68, 0.0)),
    )
    points, x = list[tuple[float, float]](), left
    while x + beat < right:
        points += [(x + dx * beat, base - dy * tall + rng.uniform(-0.4, 0.4)) for dx, dy in shape]
        x += beat * rng.uniform(0.94, 1.06)
    return PathOp(tuple(points), 0.7, 0.0)


def _stroke(
    rng: random.Random,
    x: float,
    baseline: float,
    width: float,
    *,
    height: float,
    loops: int,
    pen: float,
) -> PathOp:
    """Return a stroke of waves, each as tall, wide and slanted as it likes; capitals come first."""
    points = [(x, baseline - height * rng.uniform(0.2, 1.2))]
    slant, at = rng.uniform(0.0, 0.6), x
    for number in range(loops):
        step = width / loops * rng.uniform(0.6, 1.4)
        tall = height * rng.choice([0.35, 0.45, 0.5, 0.6, 1.1]) * (1.9 if number == 0 else 1.0)
        deep = height * rng.choice([0.0, 0.0, 0.05, 0.5]) if number else 0.1
        back = rng.uniform(-0.3, 0.25) * step
        points += [
            (at + step * 0.25 + slant * tall, baseline - tall),
            (at + step * 0.5 + back + slant * tall * 0.5, baseline - tall * rng.uniform(0.3, 0.9)),
            (at + step * 0.7, baseline + deep),
            (at + step, baseline - height * rng.uniform(0.0, 0.3)),
        ]
        at += step
    if rng.random() < 0.4:
        points.append((at + width * rng.uniform(0.1, 0.4), baseline - height * rng.uniform(-0.4, 0.5)))
    return PathOp(tuple(points), pen, rng.uniform(0.0, 0.35))
