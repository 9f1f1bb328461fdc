"""Draws accuracy against cost as an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import ceil, log10
from pathlib import Path

from benchmarks.reading_tally import Figures

_WIDTH, _HEIGHT = 760, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 86, 190, 56, 64
_TITLE = "Words read against processor time"
_OURS = {"fast", "balanced", "best"}
_NAMES = {"raw": "raw Tesseract", "ocrmypdf": "OCRmyPDF"}
_MISSED_TICKS = (0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.002, 0.001)


def draw_frontier(figures: Mapping[str, Figures], target: Path, *, title: str) -> None:
    """Write a picture: processor seconds a page to the right, words missed downwards.

    Args:
        figures: of each reader.
        target: the SVG file.
        title: what was read.
    """
    points = {name: (f.cpu, max(1.0 - f.recall, 0.0005)) for name, f in figures.items()}
    most = max(cpu for cpu, _ in points.values()) * 1.12
    worst, least = max(m for _, m in points.values()) * 1.4, min(m for _, m in points.values()) / 1.4

    def place(cpu: float, missed: float) -> tuple[float, float]:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * cpu / most
        share = log10(missed / least) / log10(worst / least)
        return x, _TOP + (_HEIGHT - _TOP - _BOTTOM) * share

    right, foot = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img"><title>{_TITLE}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="26" font-size="16" font-weight="bold">{_TITLE}</text>',
        f'<text x="{_LEFT}" y="44" fill="#555">{escape(title)}; up is better, left is cheaper</text>',
    ]
    for missed in _MISSED_TICKS:
        if least <= missed <= worst:
            _, y = place(0, missed)
            parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
            parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{1 - missed:.1%}</text>')
    step = next(s for s in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0) if most / s <= 9)
    for tick in range(ceil(most / step)):
        x, _ = place(tick * step, worst)
        parts.append(f'<path d="M{x:.1f} {foot}v5" stroke="#333"/>')
        parts.append(f'<text x="{x:.1f}" y="{foot + 20}" text-anchor="middle">{tick * step:g}</text>')
    parts.append(f'<path d="M{_LEFT} {_TOP}V{foot}H{right}" fill="none" stroke="#333"/>')
    parts.append(
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 18}" text-anchor="middle">'
        "processor seconds a page</text>"
    )
    parts.append(
        f'<text transform="translate(20 {(_TOP + foot) / 2}) rotate(-90)" text-anchor="middle">'
        "words read</text>"
    )
    ours = sorted(point for name, point in points.items() if name in _OURS)
    if len(ours) > 1:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in ours))
        parts.append(f'<polyline points="{line}" fill="none" stroke="#0b6bcb" stroke-width="2"/>')
    for name, (cpu, missed) in points.items():
        x, y = place(cpu, missed)
        color = "#0b6bcb" if name in _OURS else "#b4491f"
        label = f"Backfile, {name}" if name in _OURS else _NAMES.get(name, name)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{color}"/>')
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{color}">{escape(label)}</text>')
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")
