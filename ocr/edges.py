"""Clears the edges of a page for reading: black borders of scanners, and punch holes with their shadows.

A reader takes them for letters, and for pictures that swallow the letters beside them. Only solid black that
hangs on the edge is a border: strokes are thinner, bars with white letters have paper inside, a picture
reaches far into the page; all those stay. The page that is kept and shown is not touched.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.holes import Disc, find_discs
from ocr.raster_image import Pixels

_SCALE = 3.0
"""Pixels for a millimetre at which edges are looked at."""
_DARK_SHARE = 0.5
"""Of the paper's gray, below which a border lies."""
_SOLID_MM = 1.8
"""No pen and no printed letter at the edge has broader strokes."""
_DEEPEST_MM = 45.0
_MOST_OF_PAGE = 0.35
_MOST_INSIDE = 0.008
"""How far borders reach into the page, how much of it they cover, and how much of them is paper amid them:
bars have letters in white."""
_HALO_MM = 0.7
"""How far the blur of a border reaches."""
_LINE_MM, _LINE_DEPTH_MM = 40.0, 1.6
"""A dark line this long and so near to the edge is where the scan ends."""
_RING_MM, _RIM_MM = 1.6, 0.5
"""What lies wholly so near to a hole is its shadow; its rim reaches so far."""
_SECTOR_DEGREES, _SHADOW_SECTORS = 10.0, 5
"""And is seen under so many tens of degrees from its middle."""
_SHADOW_LEVEL = 15
_USUAL_WINDOW = 7
"""Pixels across, at half that scale, of the places whose median is paper."""
_TILE = 256
"""Pixels across of the parts of a page that are painted, or left alone, as a whole."""

_Mask = NDArray[np.uint8]


def clear_edges(image: Pixels, *, dpi: float) -> Pixels:
    """Paint borders and holes over with the paper beside them; a page without any comes back as it is.

    Args:
        image: gray.
        dpi: its dots per inch, to tell sizes.
    """
    factor = _SCALE * 25.4 / dpi
    if min(image.shape) * factor < 4 * _SOLID_MM * _SCALE:
        return image  # too small to have any
    small = _shrink(image, factor)
    white = float(np.percentile(small[::4, ::4], 75))
    mask = _find_border(small, white)
    height, width = mask.shape
    y, x = np.nonzero(mask)
    depth = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    for disc in find_discs(small, _SCALE, border_mm=float(depth.max(initial=0)) / _SCALE):
        _add_hole(mask, small, white, disc)
    if not mask.any():
        return image
    return _paint(image, small, mask)


def _find_border(small: Pixels, white: float) -> _Mask:
    """Return 1 where a border lies."""
    dark = (small < _DARK_SHARE * white).astype(np.uint8)
    frame = np.ones(dark.shape, np.bool_)
    frame[1:-1, 1:-1] = False
    if not dark[frame].any():
        return np.zeros(dark.shape, np.uint8)
    side = round(_SOLID_MM * _SCALE)
    # Beyond the edge there is more of it: a thin border there is solid as well.
    wide = cv2.copyMakeBorder(dark, side, side, side, side, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))[side:-side, side:-side]
    found = np.zeros(dark.shape, np.uint8)
    _, labels = cv2.connectedComponents(np.ascontiguousarray(solid), connectivity=4)
    for number in map(int, np.unique(labels[frame])):
        if number and _is_border(labels == number, dark):
            found[labels == number] = 1
    if found.mean() > _MOST_OF_PAGE:
        found[:] = 0
    reach = 2 * round(_HALO_MM * _SCALE) + 1
    found = np.asarray(cv2.dilate(found, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    return found | _find_lines(dark, frame)


def _is_border(part: NDArray[np.bool_], dark: _Mask) -> bool:
    """Say whether solid black that touches the edge is no bar, no picture and no writing."""
    height, width = part.shape
    y, x = np.nonzero(part)
    depth = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    if depth.max() > _DEEPEST_MM * _SCALE:
        return False
    # It runs along the edge and not from it into the page.
    on_edge = max(part[0].sum(), part[-1].sum(), part[:, 0].sum(), part[:, -1].sum())
    if on_edge < max(2.0 * float(np.percentile(depth, 95)), 5 * _SOLID_MM * _SCALE):
        return False
    area = part.astype(np.uint8)
    closed = cv2.morphologyEx(area, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return bool(np.count_nonzero((closed > 0) & (dark == 0)) <= _MOST_INSIDE * len(y))


def _find_lines(dark: _Mask, frame: NDArray[np.bool_]) -> _Mask:
    """Return 1 on long dark lines at the very edge."""
    found = np.zeros(dark.shape, np.uint8)
    depth = round(_LINE_DEPTH_MM * _SCALE)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    for number in map(int, np.unique(labels[frame])):
        wide, high = int(boxes[number, cv2.CC_STAT_WIDTH]), int(boxes[number, cv2.CC_STAT_HEIGHT])
        if number and min(wide, high) <= depth and max(wide, high) >= _LINE_MM * _SCALE:
            found[labels == number] = 1
    return np.asarray(cv2.dilate(found, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _add_hole(mask: _Mask, small: Pixels, white: float, disc: Disc) -> None:
    """Add a hole and the shadow around it to a mask; what only passes by stays."""
    height, width = mask.shape
    reach = disc.radius + _RING_MM * _SCALE
    left, top = max(0, int(disc.x - reach)), max(0, int(disc.y - reach))
    right, bottom = min(width, int(disc.x + reach) + 2), min(height, int(disc.y + reach) + 2)
    y, x = np.mgrid[top:bottom, left:right]
    away = np.hypot(x - disc.x, y - disc.y)
    part = small[top:bottom, left:right]
    hole = away <= disc.radius + _RIM_MM * _SCALE
    outside = ((part < white - _SHADOW_LEVEL) & ~hole).astype(np.uint8)
    count, labels, _, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
    passing = np.zeros(count, np.bool_)
    passing[np.unique(labels[away > reach - 1])] = True
    passing[0] = True
    around = (np.degrees(np.arctan2(y - disc.y, x - disc.x)) // _SECTOR_DEGREES).astype(np.int64)
    for number in np.flatnonzero(~passing):  # a letter beside it is seen from its middle as a narrow one
        passing[number] = len(np.unique(around[labels == number])) < _SHADOW_SECTORS
    mask[top:bottom, left:right] |= (hole | ~passing[labels]).astype(np.uint8)


def _shrink(image: Pixels, factor: float) -> Pixels:
    """Return the page at a scale; by halves first, each ten times faster than a factor that is not whole."""
    size = max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor))
    while 2 * size[0] <= image.shape[1] and 2 * size[1] <= image.shape[0]:
        image = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _paint(image: Pixels, small: Pixels, mask: _Mask) -> Pixels:
    """Return the image with the mask's places in the gray of the nearest paper."""
    half = np.asarray(cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    mask = mask * np.uint8(255)
    is_masked = cv2.resize(mask, (half.shape[1], half.shape[0]), interpolation=cv2.INTER_AREA)
    paper = np.asarray(cv2.medianBlur(half, _USUAL_WINDOW), dtype=np.uint8)
    unknown = (is_masked > 0) | (paper < np.percentile(half, 40) * 0.8)
    _, nearest = cv2.distanceTransformWithLabels(
        unknown.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    grays = np.zeros(int(nearest.max()) + 1, np.uint8)
    grays[nearest[~unknown]] = paper[~unknown]
    filled = np.asarray(cv2.GaussianBlur(grays[nearest], (0, 0), _SCALE), dtype=np.uint8)
    painted = image.copy()
    for top in range(0, image.shape[0], _TILE):
        for left in range(0, image.shape[1], _TILE):
            _paint_tile(
                painted[top : top + _TILE, left : left + _TILE], (left, top), image.shape, mask, filled
            )
    return painted


def _paint_tile(tile: Pixels, at: tuple[int, int], shape: tuple[int, ...], mask: _Mask, fill: Pixels) -> None:
    """Paint a part of the page in place, if the mask has anything there."""
    left, top = at
    high, wide = tile.shape
    across, down = mask.shape[1] / shape[1], mask.shape[0] / shape[0]
    rows = slice(max(0, int(top * down) - 2), int((top + high) * down) + 3)
    columns = slice(max(0, int(left * across) - 2), int((left + wide) * across) + 3)
    if not mask[rows, columns].any():
        return
    where = _enlarge(mask, at, shape, (wide, high)) > 100
    np.maximum(tile, _enlarge(fill, at, shape, (wide, high)), out=tile, where=where)


def _enlarge(small: Pixels, at: tuple[int, int], shape: tuple[int, ...], size: tuple[int, int]) -> Pixels:
    """Return the part of a shrunk page at a place of the page, as large as there."""
    across, down = small.shape[1] / shape[1], small.shape[0] / shape[0]
    matrix = np.array([[across, 0.0, (at[0] + 0.5) * across - 0.5], [0.0, down, (at[1] + 0.5) * down - 0.5]])
    part = cv2.warpAffine(
        small,
        matrix,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(part, dtype=np.uint8)
