"""Makes a perfect page look like paper that was kept, copied, faxed and scanned, by grade.

The truth stays exact: a page is laid askew about its centre with the canvas size kept, then turned by
quarters; nothing else moves a word. So the boxes of the printed sheet hold in the frame of
``backfile.domain.geometry``.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from backfile.domain.geometry import Box
from samples import damage
from samples.render import Gray


class Grade(StrEnum):
    """How much a page has suffered."""

    CLEAN = "clean"
    FAIR = "fair"
    POOR = "poor"


TURNED_SHARE = 0.08
"""Share of pages that are fed sideways or upside down."""

_MAX_SKEW = {Grade.CLEAN: 1.0, Grade.FAIR: 2.5, Grade.POOR: 4.0}
_EDGE = 0.004
"""Share of the page that stays free between a word and the edge."""


@dataclass(frozen=True, slots=True)
class DamagedPage:
    """A page as the scanner delivers it."""

    image: Gray
    rotation: int
    """Clockwise degrees that set it upright: 0, 90, 180 or 270."""
    skew: float
    """Degrees of the text baseline after that turn, counter-clockwise positive."""
    bilevel: bool
    """Only 0 and 255 occur."""


def degrade_page(
    image: Gray,
    rng: random.Random,
    *,
    grade: Grade,
    dpi: float,
    words: Iterable[Box] = (),
    bilevel: bool = False,
    blank: bool = False,
    marks: bool = True,
) -> DamagedPage:
    """Return the page after years and a scanner.

    Args:
        image: the upright page as printed; not changed.
        rng: where everything is drawn from.
        grade: how bad it gets.
        dpi: pixels per inch of the image.
        words: places that must stay on the page, relative; they limit the skew.
        bilevel: the file that it goes into knows black and white only.
        blank: nothing is printed on it: no angle can be told, so it lies straight, and nobody wrote on it.
        marks: allow stamps and handwriting.
    """
    height, width = image.shape
    skew = 0.0 if blank else _draw_skew(rng, grade, tuple(words), width, height)
    paper = _age_paper(image.copy(), rng, grade=grade, dpi=dpi, marks=marks and not blank)
    askew = lay_askew(paper, skew)
    scanned = _scan(askew, rng, grade=grade, dpi=dpi, bilevel=bilevel)
    rotation = rng.choice([90, 180, 270]) if rng.random() < TURNED_SHARE and not blank else 0
    return DamagedPage(turn_page(scanned, -rotation), rotation, skew, bilevel)


def lay_askew(image: Gray, degrees: float) -> Gray:
    """Turn the page counter-clockwise about its centre; canvas kept, corners in the paper's white."""
    if abs(degrees) < 1e-9:
        return image
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    # The paper's own white: a scanner's lid is white as well.
    white = int(np.percentile(image[::16, ::16], 90))
    turned = cv2.warpAffine(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=white,
    )
    return np.asarray(turned, dtype=np.uint8)


def turn_page(image: Gray, degrees: int) -> Gray:
    """Turn the page clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, -(degrees // 90) % 4))


def _draw_skew(rng: random.Random, grade: Grade, words: tuple[Box, ...], width: int, height: int) -> float:
    """Draw an angle that keeps every word on the page."""
    limit = _MAX_SKEW[grade]
    skew = rng.uniform(-limit, limit)
    if grade is Grade.CLEAN and rng.random() < 0.3:
        return 0.0
    for _ in range(8):
        if all(_stays(word, skew, width, height) for word in words):
            return skew
        skew /= 2
    return 0.0


def _stays(word: Box, skew: float, width: int, height: int) -> bool:
    """Say whether a word's corners stay on the canvas when the page is laid askew."""
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    for x in (word[0], word[2]):
        for y in (word[1], word[3]):
            across, down = (x - 0.5) * width, (y - 0.5) * height
            at_x = (across * cos + down * sin) / width + 0.5
            at_y = (down * cos - across * sin) / height + 0.5
            if not (_EDGE <= at_x <= 1 - _EDGE and _EDGE <= at_y <= 1 - _EDGE):
                return False
    return True


def _age_paper(page: Gray, rng: random.Random, *, grade: Grade, dpi: float, marks: bool) -> Gray:
    """Apply what happens to the paper itself."""
    often = {Grade.CLEAN: 0.3, Grade.FAIR: 0.8, Grade.POOR: 1.0}[grade]
    if grade is Grade.POOR and rng.random() < 0.2:
        page = damage.make_carbon(page, rng)
    elif grade is Grade.POOR:
        page = damage.fade_ink(page, rng, strength=rng.uniform(0.2, 0.6))
    elif grade is Grade.FAIR and rng.random() < 0.5:
        page = damage.fade_ink(page, rng, strength=rng.uniform(0.1, 0.35))
    if marks and rng.random() < 0.3 * often:
        page = damage.add_stamp(page, rng, dpi=dpi)
    if marks and rng.random() < 0.35 * often:
        for _ in range(rng.randint(1, 3)):
            page = damage.add_handwriting(page, rng, dpi=dpi)
    if rng.random() < 0.4 * often:
        page = damage.punch_holes(page, rng, dpi=dpi)
    if rng.random() < 0.06 * often:
        page = damage.add_coffee_ring(page, rng, dpi=dpi)
    low, high = {Grade.CLEAN: (248, 255), Grade.FAIR: (232, 252), Grade.POOR: (205, 240)}[grade]
    return damage.tint_paper(page, white=rng.randint(low, high))


def _scan(page: Gray, rng: random.Random, *, grade: Grade, dpi: float, bilevel: bool) -> Gray:
    """Apply what copier, fax and scanner do."""
    if grade is Grade.FAIR and rng.random() < 0.5:
        page = damage.soften(page, sigma=rng.uniform(0.4, 0.7) * dpi / 200)
    elif grade is Grade.POOR:
        page = damage.soften(page, sigma=rng.uniform(0.6, 1.1) * dpi / 200)
    if rng.random() < {Grade.CLEAN: 0.05, Grade.FAIR: 0.25, Grade.POOR: 0.5}[grade]:
        page = damage.add_edge_shadow(page, rng, dpi=dpi)
    if bilevel:
        if grade is not Grade.CLEAN and rng.random() < 0.6:
            return damage.send_fax(page, rng, poor=grade is Grade.POOR)
        return damage.binarize(page, rng)
    low, high = {Grade.CLEAN: (0.5, 3.0), Grade.FAIR: (3.0, 8.0), Grade.POOR: (6.0, 15.0)}[grade]
    page = damage.add_noise(page, rng, sigma=rng.uniform(low, high))
    if grade is Grade.POOR and rng.random() < 0.5:
        page = damage.squeeze_jpeg(page, quality=rng.randint(18, 40))
    return page
