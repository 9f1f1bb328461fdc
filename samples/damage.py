"""Single kinds of damage: each takes a gray page and a generator and returns the page changed.

What happens to the paper is drawn before the page is laid askew, what the scanner does after it
(``samples.degrade``).
"""

from __future__ import annotations

import math
import random

import cv2
import numpy as np

from samples.render import Gray

_STAMPS = ("COPY", "RECEIVED", "SCANNED", "FILED", "CONFIDENTIAL", "FAXED", "ENTERED")
_TILE = 512


def fade_ink(page: Gray, rng: random.Random, *, strength: float) -> Gray:
    """Make ink paler, by ``strength`` 0..1, and unevenly over the page."""
    height, width = page.shape
    coarse = np.array([[rng.uniform(0.6, 1.0) for _ in range(4)] for _ in range(5)], dtype=np.float32)
    keep = cv2.resize(1.0 - strength * coarse, (width // 8, height // 8), interpolation=cv2.INTER_CUBIC)
    keep8 = cv2.resize((keep * 255).clip(0, 255).astype(np.uint8), (width, height))
    ink = cv2.multiply(cv2.bitwise_not(page), keep8, scale=1 / 255)
    return _gray(cv2.bitwise_not(ink))


def add_noise(page: Gray, rng: random.Random, *, sigma: float) -> Gray:
    """Add grain: a tile of Gaussian noise, laid over the page at random shifts."""
    height, width = page.shape
    draw = np.random.default_rng(rng.getrandbits(64))
    tile = (draw.standard_normal((_TILE, _TILE), dtype=np.float32) * sigma + 128).clip(0, 255)
    tile = tile.astype(np.uint8)
    rows = []
    for _ in range(-(-height // _TILE)):
        shifted = np.roll(tile, (rng.randrange(_TILE), rng.randrange(_TILE)), axis=(0, 1))
        rows.append(np.tile(shifted, (1, -(-width // _TILE))))
    grain = np.concatenate(rows)[:height, :width]
    return _gray(cv2.addWeighted(page, 1.0, grain, 1.0, -128))


def tint_paper(page: Gray, *, white: int) -> Gray:
    """Lower the white of the paper, as on yellowed or recycled paper."""
    table = np.linspace(0, white, 256).astype(np.uint8)
    return _gray(cv2.LUT(page, table))


def soften(page: Gray, *, sigma: float) -> Gray:
    """Blur by a Gaussian of ``sigma`` pixels."""
    return _gray(cv2.GaussianBlur(page, (0, 0), sigma))


def make_carbon(page: Gray, rng: random.Random) -> Gray:
    """Make it look like a carbon copy: fat, soft, broken strokes and smudges."""
    fat = cv2.erode(page, np.ones((2, 2), np.uint8))
    fat = cv2.GaussianBlur(fat, (0, 0), 0.9)
    fat = fade_ink(_gray(fat), rng, strength=0.45)
    for _ in range(rng.randint(1, 4)):
        fat = _smudge(fat, rng)
    return add_noise(fat, rng, sigma=9)


def _smudge(page: Gray, rng: random.Random) -> Gray:
    height, width = page.shape
    small = np.zeros((height // 8, width // 8), np.uint8)
    center = (rng.randrange(width // 8), rng.randrange(height // 8))
    axes = (rng.randint(10, 40), rng.randint(4, 14))
    cv2.ellipse(small, center, axes, rng.uniform(0, 180), 0, 360, rng.randint(15, 45), -1)
    small = cv2.GaussianBlur(small, (0, 0), 5)
    return _gray(cv2.subtract(page, cv2.resize(small, (width, height))))


def punch_holes(page: Gray, rng: random.Random, *, dpi: float) -> Gray:
    """Punch two or three holes at the left or top edge; the scanner sees them dark or gray."""
    height, width = page.shape
    radius = round(dpi * 0.14)
    inset, shade = dpi * rng.uniform(0.22, 0.32), rng.choice([20, 60, 110])
    on_top = rng.random() < 0.3
    side, count = (width, 2) if on_top else (height, rng.choice([2, 3]))
    gap = dpi * (2.75 if count == 2 else 4.25)
    for at in range(count):
        along = side / 2 + (at - (count - 1) / 2) * gap
        center = (along, inset) if on_top else (inset, along)
        cv2.circle(page, (round(center[0]), round(center[1])), radius, shade, -1, cv2.LINE_AA)
    return page


def add_coffee_ring(page: Gray, rng: random.Random, *, dpi: float) -> Gray:
    """Put a cup on the page: a ring that is darker at its rim."""
    height, width = page.shape
    scale = 4
    stain: Gray = np.zeros((height // scale, width // scale), np.uint8)
    center = (rng.randrange(stain.shape[1]), rng.randrange(stain.shape[0]))
    radius = round(dpi * rng.uniform(1.3, 1.9) / scale)
    start = rng.uniform(0, 360)
    cv2.ellipse(
        stain, center, (radius, radius), 0, start, start + rng.uniform(220, 360), 70, max(2, radius // 14)
    )
    if rng.random() < 0.3:
        cv2.circle(stain, center, radius, 14, -1)
    stain = _gray(cv2.GaussianBlur(stain, (0, 0), 1.6))
    return _gray(cv2.subtract(page, cv2.resize(stain, (width, height))))


def add_stamp(page: Gray, rng: random.Random, *, dpi: float) -> Gray:
    """Stamp a word, aslant and pale, over whatever is there."""
    height, width = page.shape
    scale = dpi / 72 * rng.uniform(0.6, 1.1)
    text, thick = rng.choice(_STAMPS), max(2, round(dpi / 70))
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, thick)
    pad = high
    pad_w = wide + 2 * pad
    stamp: Gray = np.zeros((pad_w, pad_w), np.uint8)
    middle, shade = pad_w // 2, rng.randint(60, 130)
    cv2.putText(
        stamp, text, (pad, middle + high // 2), cv2.FONT_HERSHEY_DUPLEX, scale, shade, thick, cv2.LINE_AA
    )
    if rng.random() < 0.6:
        corner = (pad // 2, middle - high), (pad_w - pad // 2, middle + high)
        cv2.rectangle(stamp, corner[0], corner[1], shade, thick)
    turn = cv2.getRotationMatrix2D((pad_w / 2, pad_w / 2), rng.uniform(-25, 25), 1.0)
    stamp = _gray(cv2.warpAffine(stamp, turn, (pad_w, pad_w)))
    x = rng.randrange(-pad_w // 4, max(1, width - pad_w * 3 // 4))
    y = rng.randrange(-pad_w // 4, max(1, height - pad_w * 3 // 4))
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + pad_w, width), min(y + pad_w, height)
    page[y0:y1, x0:x1] = cv2.subtract(page[y0:y1, x0:x1], stamp[y0 - y : y1 - y, x0 - x : x1 - x])
    return page


def add_handwriting(page: Gray, rng: random.Random, *, dpi: float) -> Gray:
    """Write a note or initials by pen: strokes that say nothing, in a margin or across the text."""
    height, width = page.shape
    length = dpi * rng.uniform(0.5, 2.2)
    x, y = rng.uniform(0.03, 0.75) * width, rng.uniform(0.05, 0.95) * height
    slope, size = rng.uniform(-0.15, 0.15), dpi * rng.uniform(0.04, 0.08)
    shade, thick = rng.randint(30, 120), max(1, round(dpi / rng.uniform(80, 140)))
    at, angle, tall, points = 0.0, rng.uniform(0, 6), size, []
    while at < length:
        points.append((x + at + size * 0.5 * math.cos(angle), y + slope * at + tall * math.sin(angle)))
        # Loops of uneven height and width, as in joined letters.
        tall += rng.uniform(-0.3, 0.3) * size
        tall = min(max(tall, 0.3 * size), 2.0 * size)
        angle += rng.uniform(0.5, 0.9)
        at += size * rng.uniform(0.05, 0.3)
    stroke = np.array(points, dtype=np.float32).round().astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(page, [stroke], False, shade, thick, cv2.LINE_AA)
    return page


def add_edge_shadow(page: Gray, rng: random.Random, *, dpi: float) -> Gray:
    """Darken one edge, as the lid or a book's gutter does."""
    height, width = page.shape
    depth = min(round(dpi * rng.uniform(0.15, 0.5)), width // 4, height // 4)
    ramp = np.linspace(rng.uniform(90, 200), 0, depth) ** 1.0
    shadow = (ramp * np.linspace(1, 0, depth)).astype(np.uint8)
    side = rng.randrange(4)
    if side == 0:
        page[:, :depth] = cv2.subtract(page[:, :depth], np.tile(shadow, (height, 1)))
    elif side == 1:
        page[:, -depth:] = cv2.subtract(page[:, -depth:], np.tile(shadow[::-1], (height, 1)))
    elif side == 2:
        page[:depth] = cv2.subtract(page[:depth], np.tile(shadow[:, None], (1, width)))
    else:
        page[-depth:] = cv2.subtract(page[-depth:], np.tile(shadow[::-1, None], (1, width)))
    return page


def send_fax(page: Gray, rng: random.Random, *, poor: bool) -> Gray:
    """Make it black and white as a fax machine does: threshold, specks, now and then a lost row."""
    sigma = 14 if poor else 8
    # A fax machine sets its threshold by the paper, or every page would be covered with specks.
    white = float(np.percentile(page[::16, ::16], 50))
    limit = min(rng.randint(140, 185), white - rng.uniform(2.9, 4.5) * sigma)
    grainy = add_noise(page, rng, sigma=sigma)
    black = cv2.threshold(grainy, limit, 255, cv2.THRESH_BINARY)[1]
    height, width = black.shape
    for _ in range(rng.randint(5, 60) if poor else rng.randint(0, 10)):
        x, y = rng.randrange(width - 4), rng.randrange(height - 4)
        black[y : y + rng.randint(1, 4), x : x + rng.randint(1, 4)] = 0
    if poor:
        for _ in range(rng.randint(0, 5)):
            row = rng.randrange(1, height)
            black[row] = black[row - 1]
    return _gray(black)


def binarize(page: Gray, rng: random.Random) -> Gray:
    """Make it black and white as an office scanner does."""
    return _gray(cv2.threshold(page, rng.randint(130, 170), 255, cv2.THRESH_BINARY)[1])


def squeeze_jpeg(page: Gray, *, quality: int) -> Gray:
    """Press through JPEG once, which leaves its blocks."""
    _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _gray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def _gray(pixels: object) -> Gray:
    return np.asarray(pixels, dtype=np.uint8)
