"""Prepares an upright, straight page for reading only: what is kept and shown is the page as it is.

Every step is taken only where it is needed, because each costs accuracy on good pages: no global
binarisation, which lost words in every measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.raster_image import Pixels

_MASK = np.uint8
_MIN_INK = 25
"""Gray levels by which ink is darker than the paper around it."""
_FEW_PIXELS = 50
"""Of ink on the shrunk page, up to which they tell no contrast."""

_NOISE_STEPS = ((0.05, 0.0), (0.10, 0.7), (0.20, 1.0), (0.30, 1.5))
"""Noise as a share of the ink's contrast, and the smoothing (sigma in pixels at 300 dpi) it asks for."""
_BILEVEL_SMOOTHING = 0.8
"""Softens the steps and specks of black-and-white scans."""
_SPECKLED_SMOOTHING = 1.4
_SPECKLED = 0.1
"""Share of lonely black pixels from which a black-and-white scan is speckled all over."""
_BILEVEL_SHARE = 0.05
"""Gray pixels for each black one, up to which a scan counts as black and white."""
_TILE_ROWS = (0.08, 0.36, 0.64, 0.92)
_TILE_COLUMNS = (0.1, 0.5, 0.9)
_TILE = 256
"""Places and size in pixels of the samples in which noise is measured."""
_MEDIAN_TO_SIGMA = 1.4826
_NOISE_GAIN = 1.13
"""What white noise has more than it leaves after a Gaussian of one pixel was subtracted."""

_RULE_SHARE = 18
"""A stroke is a rule when it is longer than this part of the page's width."""
_RULE_THICKNESS = 0.5
"""A rule is thinner than this many letter heights; thicker are bars, pictures and black edges."""
_RULE_EDGE = 2
"""Pixels by which the soft edge of a rule reaches beyond what counts as ink."""
_CRUMB_REACH = 0.8
"""Specks as near to a rule as this, in its greatest thickness, belong to it."""

_GOOD_LETTER = (15.0, 42.0)
"""Heights of small letters, in pixels, at which Tesseract's models read best."""
_LARGE_LETTER = 20.0
_LARGE_SCALE = 0.8
"""Letters of this height on are made smaller by this: the same words are read in 0.86 of the time."""
_WISHED_LETTER = 24.0
_MAX_STRETCH = 3.0
_MAX_PIXELS = 24_000_000

_UNEVEN_PAPER = 28.0
"""Difference in gray levels between the page's lightest and darkest paper, from which it is levelled."""


@dataclass(frozen=True, slots=True)
class PageTone:
    """Measures of a page image's gray levels."""

    paper: float
    """Gray level of the paper, 0..255."""
    contrast: float
    """Gray levels between paper and ink."""
    noise: float
    """Standard deviation of the paper's gray, in levels."""
    bilevel: bool
    """Pure black and white."""
    specks: float
    """Share of the black pixels that stand alone or in pairs."""
    unevenness: float
    """Gray levels between the page's lightest and darkest paper."""


def measure_tone(image: Pixels) -> PageTone:
    """Measure paper, ink and noise.

    The noise is what a small Gaussian takes away, by its median: letters' edges are a minority.
    """
    height, width = image.shape
    noises: list[float] = []
    black = between = lonely = 0
    for row in _TILE_ROWS:
        for column in _TILE_COLUMNS:
            top, left = int(row * max(height - _TILE, 0)), int(column * max(width - _TILE, 0))
            tile = image[top : top + _TILE, left : left + _TILE]
            rest = tile.astype(np.float32) - cv2.GaussianBlur(tile.astype(np.float32), (0, 0), 1.0)
            noises.append(float(np.median(np.abs(rest[::3, ::3]))) * _MEDIAN_TO_SIGMA * _NOISE_GAIN)
            dark = (tile < 128).astype(np.uint8)
            black += int(dark.sum())
            between += int(np.count_nonzero((tile > 12) & (tile < 243)))
            around = cv2.boxFilter(dark, cv2.CV_16U, (3, 3), normalize=False)
            lonely += int(np.count_nonzero((around <= 2) & (dark > 0)))
    small = _shrink(image)
    paper = _find_paper(small)
    ink = np.asarray(cv2.subtract(paper, small), dtype=np.uint8)
    levels = np.bincount(ink.ravel(), minlength=256)
    levels[: _MIN_INK + 1] = 0
    low, usual, high = _find_levels(np.bincount(paper.ravel(), minlength=256), (0.03, 0.5, 0.97))
    return PageTone(
        paper=usual,
        contrast=_find_levels(levels, (0.75,))[0] if levels.sum() > _FEW_PIXELS else 0.0,
        noise=float(np.median(noises)),
        bilevel=between <= _BILEVEL_SHARE * black,
        specks=lonely / max(black, 1),
        unevenness=high - low,
    )


def _find_levels(counts: NDArray[np.int64], shares: tuple[float, ...]) -> list[float]:
    """Return the gray levels under which these shares of an image's pixels lie."""
    sums = np.cumsum(counts)
    return [float(np.searchsorted(sums, share * sums[-1])) for share in shares]


def _shrink(image: Pixels, longest: int = 825) -> Pixels:
    factor = max(1, max(image.shape) // longest)
    if factor == 1:
        return image
    return np.asarray(
        cv2.resize(image, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )


def _find_paper(small: Pixels) -> Pixels:
    """Return the paper's gray under the ink of a page that ``_shrink`` made small."""
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8))
    return np.asarray(cv2.blur(closed, (31, 31)), dtype=np.uint8)


def smooth_noise(image: Pixels, tone: PageTone, *, dpi: float) -> Pixels:
    """Smooth as much as the noise asks for; a clean page comes back as it is."""
    sigma = smoothing_for(tone) * dpi / 300.0
    if sigma < 0.3:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def smoothing_for(tone: PageTone) -> float:
    """Return the sigma of the smoothing, in pixels at 300 dpi."""
    if tone.bilevel:
        return float(np.interp(tone.specks, (0.0, _SPECKLED), (_BILEVEL_SMOOTHING, _SPECKLED_SMOOTHING)))
    if tone.contrast <= 0:
        return 0.0
    shares, sigmas = zip(*_NOISE_STEPS, strict=True)
    return float(np.interp(tone.noise / tone.contrast, shares, sigmas))


def level_paper(image: Pixels, tone: PageTone) -> Pixels:
    """Make uneven paper even, as under a shadow; even paper comes back as it is."""
    if tone.unevenness < _UNEVEN_PAPER:
        return image
    height, width = image.shape
    paper = cv2.resize(_find_paper(_shrink(image)), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(image, np.maximum(paper, 1), scale=255.0), dtype=np.uint8)


def scale_letters(image: Pixels, *, letter: float) -> Pixels:
    """Bring small letters to the size that is read best.

    Args:
        image: gray.
        letter: height of its small letters in pixels; 0 where unknown.
    """
    if letter <= 0 or _GOOD_LETTER[0] <= letter < _LARGE_LETTER:
        return image
    if _LARGE_LETTER <= letter <= _GOOD_LETTER[1]:
        small = cv2.resize(image, None, fx=_LARGE_SCALE, fy=_LARGE_SCALE, interpolation=cv2.INTER_LINEAR)
        return np.asarray(small, dtype=np.uint8)
    height, width = image.shape
    scale = min(_WISHED_LETTER / letter, _MAX_STRETCH, (_MAX_PIXELS / (width * height)) ** 0.5)
    if 0.95 < scale < 1.05:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, size, interpolation=how), dtype=np.uint8)


def remove_rules(image: Pixels, *, letter: float) -> Pixels:
    """Paint long thin rules over with paper; strokes of letters that cross them are kept.

    Args:
        image: gray, straight.
        letter: height of its small letters in pixels; 0 where unknown.
    """
    mask = _find_ink(image)
    length = max(24, image.shape[1] // _RULE_SHARE)
    thickness = max(3, round(_RULE_THICKNESS * (letter or image.shape[1] / 120)))
    across = _find_runs(mask, length)
    down = _find_runs(mask.T, length).T
    if not across.any() and not down.any():
        return image
    strokes = np.where((across > 0) | (down > 0), 0, mask).astype(np.uint8)
    rules = _choose_rules(across, strokes, thickness) | _choose_rules(down.T, strokes.T, thickness).T
    rules |= _find_crumbs(strokes, rules, round(_CRUMB_REACH * thickness))
    small = cv2.medianBlur(_shrink(image), 15)
    paper = cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(rules, paper, image).astype(np.uint8)


def _find_ink(image: Pixels) -> NDArray[np.uint8]:
    """Return 1 where a pixel is darker than the paper around it."""
    paper = cv2.blur(cv2.dilate(image, np.ones((9, 9), np.uint8)), (41, 41))
    ink = cv2.subtract(paper, image)
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    return np.asarray(ink > max(level, _MIN_INK), dtype=np.uint8)


def _find_runs(mask: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    """Return 1 on long runs of ink across."""
    # One pixel of play lets a rule that leans or bends a little be followed.
    loose = cv2.dilate(np.ascontiguousarray(mask), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(loose, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray(runs, dtype=np.uint8)


def _choose_rules(runs: NDArray[np.uint8], strokes: NDArray[np.uint8], thickness: int) -> NDArray[np.bool_]:
    """Return the thin runs with their soft edges, letters' strokes that run through them left out."""
    runs = np.ascontiguousarray(runs)
    upright = np.ones((thickness + 3, 1), np.uint8)
    thick = cv2.dilate(cv2.morphologyEx(runs, cv2.MORPH_OPEN, upright), np.ones((3, 1), np.uint8))
    edge = np.ones((2 * _RULE_EDGE + 1, 1), np.uint8)
    thin = cv2.dilate(np.where(thick > 0, 0, runs).astype(np.uint8), edge)
    crossing = cv2.morphologyEx(np.ascontiguousarray(strokes), cv2.MORPH_CLOSE, upright)
    return np.asarray((thin > 0) & (crossing == 0), dtype=np.bool_)


def _find_crumbs(strokes: NDArray[np.uint8], rules: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Return what is left of rules beside them: specks that lie wholly within ``reach`` of one."""
    near = cv2.dilate(rules.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    inside = np.bincount(labels[near], minlength=len(stats))
    crumbs = inside >= stats[:, cv2.CC_STAT_AREA]
    crumbs[0] = False
    found: NDArray[np.bool_] = cv2.dilate(crumbs[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return found
