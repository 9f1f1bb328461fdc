"""Where a point of a page's reading lies on its PDF page.

A reading's boxes stand in the frame of the page turned upright and straightened about its centre, canvas
kept (``backfile.domain.geometry``). A PDF page is neither: its contents lie in user space, a viewer turns
them by ``/Rotate``, and the text still leans. One matrix leads from the one to the other, so words can be
written as if the page were straight.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TypeAlias

Rect: TypeAlias = tuple[float, float, float, float]
"""(left, bottom, right, top) in user space."""

LEAST_SKEW = 0.1
"""Degrees; a page that leans less was read as it lies (``ocr.deskew.deskew_page``)."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A PDF transformation: x' = a·x + c·y + e, y' = b·x + d·y + f (ISO 32000-1, 8.3.3)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, after: Matrix) -> Matrix:
        """Return the transformation that does this one first and ``after`` next."""
        return Matrix(
            self.a * after.a + self.b * after.c,
            self.a * after.b + self.b * after.d,
            self.c * after.a + self.d * after.c,
            self.c * after.b + self.d * after.d,
            self.e * after.a + self.f * after.c + after.e,
            self.e * after.b + self.f * after.d + after.f,
        )

    def write(self) -> str:
        """Return the six numbers as contents of a page have them."""
        values = (self.a, self.b, self.c, self.d, self.e, self.f)
        return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in values)


def turned_size(shown: Rect, turn: int) -> tuple[float, float]:
    """Return width and height of a page once it is turned by 0, 90, 180 or 270 degrees."""
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    return (height, width) if turn % 180 else (width, height)


def reading_matrix(shown: Rect, *, turn: int, skew: float) -> Matrix:
    """Return the way from the reading's frame to user space.

    The frame is taken in the page's own units, origin at the bottom left, y upwards.

    Args:
        shown: what a viewer shows of the page, in user space (crop box within media box).
        turn: clockwise degrees from user space to the upright page: ``/Rotate`` and the reading's
            ``rotation`` together.
        skew: the reading's angle of the baseline after that turn, degrees, counter-clockwise positive.
    """
    left, bottom, right, top = shown
    matrix = _lean(turned_size(shown, turn), skew)
    match turn % 360:
        case 90:
            return matrix.then(Matrix(0, 1, -1, 0, right, bottom))
        case 180:
            return matrix.then(Matrix(-1, 0, 0, -1, right, top))
        case 270:
            return matrix.then(Matrix(0, -1, 1, 0, left, top))
        case _:
            return matrix.then(Matrix(1, 0, 0, 1, left, bottom))


def _lean(size: tuple[float, float], skew: float) -> Matrix:
    """Return the turn about the centre that undoes the straightening."""
    if abs(skew) < LEAST_SKEW:
        return Matrix()
    x, y = size[0] / 2, size[1] / 2
    across, up = cos(radians(skew)), sin(radians(skew))
    return Matrix(1, 0, 0, 1, -x, -y).then(Matrix(across, up, -up, across, x, y))
