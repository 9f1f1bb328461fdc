"""Boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.geometry import (
    Box,
    box_area,
    box_center,
    box_overlap,
    clamp_box,
    intersect_boxes,
    union_boxes,
)

sides = st.floats(0, 1, allow_nan=False, width=32)
boxes = st.tuples(sides, sides, sides, sides).map(clamp_box)


@given(st.lists(boxes, min_size=1, max_size=8))
def test_a_union_holds_every_box(some: list[Box]) -> None:
    whole = union_boxes(some)
    assert all(intersect_boxes(whole, box) in (box, None) for box in some)
    assert box_area(whole) >= max(box_area(box) for box in some)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_share(a: Box, b: Box) -> None:
    assert box_overlap(a, b) == pytest.approx(box_overlap(b, a))
    assert 0.0 <= box_overlap(a, b) <= 1.0 + 1e-9


@given(st.tuples(*[st.floats(-2, 3, allow_nan=False)] * 4))
def test_clamping_gives_a_box_on_the_page(raw: Box) -> None:
    x0, y0, x1, y1 = clamp_box(raw)
    assert 0 <= x0 <= x1 <= 1
    assert 0 <= y0 <= y1 <= 1
    assert clamp_box((x0, y0, x1, y1)) == (x0, y0, x1, y1)


def test_the_centre_is_in_the_middle() -> None:
    assert box_center((0.2, 0.0, 0.4, 1.0)) == pytest.approx((0.3, 0.5))


def test_no_box_has_no_union() -> None:
    with pytest.raises(ValueError, match="at least one box"):
        union_boxes([])
