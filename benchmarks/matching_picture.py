"""Draws what share of filings is wrong against how much is filed, as an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path

from backfile.domain.unaided import find_upper_bound
from benchmarks.matching_tally import Count, RiskPoint

_WIDTH, _HEIGHT = 800, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 200, 56, 64
_LOWEST = 1e-5
_COLORS = ("#0b6bcb", "#b4491f", "#5f7d1d", "#7a4fa3", "#8a6d1d")
_TITLE = "Filed under a wrong patient, against how much is filed"


def draw_risk(curves: Mapping[str, Sequence[RiskPoint]], filed: Mapping[str, Count], target: Path) -> None:
    """Write a picture: share of documents filed to the right, share of those filed wrongly upwards.

    Args:
        curves: Of filing by probability alone, by method.
        filed: What each method files as it is used; one without a wrong filing stands at its 95 % bound.
        target: The SVG file.
    """
    right, foot = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def place(coverage: float, risk: float) -> tuple[float, float]:
        share = (log10(max(risk, _LOWEST)) - log10(_LOWEST)) / -log10(_LOWEST)
        x = _LEFT + (right - _LEFT) * min(coverage, 1.5) / 1.5
        return x, foot - (foot - _TOP) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img"><title>{_TITLE}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="26" font-size="16" font-weight="bold">{_TITLE}</text>',
        f'<text x="{_LEFT}" y="44" fill="#555">lines: by probability alone; points: as each method files; '
        "down is better</text>",
    ]
    for power in range(6):
        risk = 10.0**-power
        _, y = place(0, risk)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        label = f"{risk:.0%}" if risk >= 0.01 else f"1 in {round(1 / risk):,}"
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5):
        x, _ = place(tick, 1)
        parts.append(f'<path d="M{x:.1f} {foot}v5" stroke="#333"/>')
        parts.append(f'<text x="{x:.1f}" y="{foot + 20}" text-anchor="middle">{tick:.0%}</text>')
    parts.append(f'<path d="M{_LEFT} {_TOP}V{foot}H{right}" fill="none" stroke="#333"/>')
    parts.append(
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 18}" text-anchor="middle">documents filed, of those '
        "whose patient is in the index (over 100 %: strangers too)</text>"
    )
    colors = dict(zip(filed, _COLORS, strict=False))
    drawn: set[tuple[float, ...]] = set()
    for name, points in curves.items():
        line = [place(p.coverage, p.risk) for p in _thin(points)]
        key = tuple(round(y, 1) for _, y in line)
        if key in drawn:
            continue  # the same probabilities under two thresholds
        drawn.add(key)
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(
            f'<polyline points="{text}" fill="none" stroke="{colors[name]}" stroke-width="1.5" '
            'stroke-dasharray="4 3"/>'
        )
    for name, count in filed.items():
        indexed = max(count.documents - count.strangers, 1)
        risk = count.wrong / count.filed if count.wrong else find_upper_bound(0, count.filed)
        x, y = place(count.filed / indexed, risk)
        said = f"{name}: {count.wrong:,} of {count.filed:,}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colors[name]}"/>')
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{colors[name]}">{escape(said)}</text>')
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _thin(points: Sequence[RiskPoint], *, most: int = 300) -> list[RiskPoint]:
    """Return at most so many of the points, the last one among them."""
    step = max(1, len(points) // most)
    return [*points[::step], *points[-1:]]
