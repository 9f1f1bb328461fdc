"""The way from a reading's frame to a PDF page, for every turn, lean and size."""

from __future__ import annotations

from math import atan2, degrees, hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.deskew import deskew_page
from ocr.pdf_frame import LEAST_SKEW, Matrix, Rect, reading_matrix, turned_size

sides = st.floats(3, 14000)
turns = st.sampled_from([0, 90, 180, 270])
leans = st.floats(-20, 20)
shares = st.floats(0, 1)
places = st.floats(-500, 500)


@st.composite
def boxes(draw: st.DrawFn) -> Rect:
    left, bottom = draw(places), draw(places)
    return (left, bottom, left + draw(sides), bottom + draw(sides))


def show(x: float, y: float, shown: Rect, turn: int) -> tuple[float, float]:
    """Return where a viewer that obeys /Rotate puts a point of user space: a quarter turn at a time."""
    x, y = x - shown[0], y - shown[1]
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    for _ in range(turn // 90):
        x, y = y, width - x
        width, height = height, width
    return x, y


@given(boxes(), turns, shares, shares)
def test_a_straight_page_shows_a_point_where_it_was_read(
    shown: Rect, turn: int, across: float, up: float
) -> None:
    width, height = turned_size(shown, turn)
    point = reading_matrix(shown, turn=turn, skew=0).apply(across * width, up * height)
    assert show(*point, shown, turn) == pytest.approx((across * width, up * height), abs=1e-6 * (1 + width))


@given(boxes(), turns, leans)
def test_a_baseline_leans_as_the_page_does_about_its_centre(shown: Rect, turn: int, skew: float) -> None:
    width, height = turned_size(shown, turn)
    matrix = reading_matrix(shown, turn=turn, skew=skew)
    centre = show(*matrix.apply(width / 2, height / 2), shown, turn)
    assert centre == pytest.approx((width / 2, height / 2), abs=1e-6 * (1 + width + height))
    start, end = (show(*matrix.apply(x, height / 3), shown, turn) for x in (0.0, width))
    lean = degrees(atan2(end[1] - start[1], end[0] - start[0]))
    assert lean == pytest.approx(skew if abs(skew) >= LEAST_SKEW else 0.0, abs=1e-6)


@given(boxes(), turns, leans, shares, shares, shares, shares)
def test_distances_stay_as_they_are(
    shown: Rect, turn: int, skew: float, x0: float, y0: float, x1: float, y1: float
) -> None:
    width, height = turned_size(shown, turn)
    matrix = reading_matrix(shown, turn=turn, skew=skew)
    a, b = matrix.apply(x0 * width, y0 * height), matrix.apply(x1 * width, y1 * height)
    wished = hypot((x1 - x0) * width, (y1 - y0) * height)
    assert hypot(b[0] - a[0], b[1] - a[1]) == pytest.approx(wished, rel=1e-6, abs=1e-6 * (width + height))


matrices = st.builds(Matrix, *[st.floats(-9, 9)] * 6)


@given(matrices, matrices, places, places)
def test_then_is_one_after_the_other(first: Matrix, second: Matrix, x: float, y: float) -> None:
    assert first.then(second).apply(x, y) == pytest.approx(second.apply(*first.apply(x, y)), abs=1e-6)


@given(matrices)
def test_what_is_written_is_the_matrix(matrix: Matrix) -> None:
    numbers = [float(text) for text in matrix.write().split()]
    wished = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    assert numbers == pytest.approx(wished, abs=1e-6)
    assert "e" not in matrix.write()


def test_a_page_is_straightened_from_the_same_lean_as_its_text_is_leant() -> None:
    image = np.zeros((300, 300), np.uint8)
    assert deskew_page(image, LEAST_SKEW - 1e-6) is image
    assert deskew_page(image, LEAST_SKEW) is not image
