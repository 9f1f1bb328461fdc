"""Reads the barcodes of a page: separator sheets, header sheets and labels."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import zxingcpp

from backfile.domain.geometry import Box, box_center, clamp_box
from backfile.domain.page import Barcode
from ocr.raster_image import Pixels

_SQUARES = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
)
_FINE = (
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.Code93,
    zxingcpp.BarcodeFormat.Codabar,
    zxingcpp.BarcodeFormat.ITF,
)
_FORMATS = (*_SQUARES, *_FINE)
"""What is printed on sheets and labels in hospitals; goods' codes are not looked for."""
_WEAK_FORMATS = {"Codabar", "ITF", "Code39"}
"""Without a checksum: ruled lines and print can look like a short one."""
_MIN_WEAK_LETTERS = 4
_COARSE_SIDE = 1300
"""Longer side in pixels from which a page is also read at half its size."""
_DENSE_SIDE = 3000
"""Longer side from which QR codes and the like are read at half size only: a letter sheet at 273 dpi. Half of
it shows squares of 0.3 mm as well; at full size the search for them takes longer than for all others. Of
bars the full width is needed, but not the full height."""
_SAME_PLACE = 0.02


def find_barcodes(image: Pixels) -> tuple[Barcode, ...]:
    """Return the barcodes on a page, from top to bottom.

    The page is read at half its size in all directions, where print noise no longer tears bars
    apart, and at full size along the lines for codes with fine bars.

    Args:
        image: gray, upright and straight, so that boxes are in the page's frame.
    """
    if max(image.shape) < _COARSE_SIDE:
        return _merge(_read(image, _FORMATS, thorough=True))
    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = _read(np.asarray(half, dtype=np.uint8), _FORMATS, thorough=True)
    if max(image.shape) < _DENSE_SIDE:
        return _merge([*coarse, *_read(image, _FORMATS, thorough=False)])
    low = cv2.resize(image, None, fx=1.0, fy=0.5, interpolation=cv2.INTER_LINEAR)  # the mean of two rows
    return _merge([*coarse, *_read(np.asarray(low, dtype=np.uint8), _FINE, thorough=False)])


def _read(image: Pixels, formats: tuple[zxingcpp.BarcodeFormat, ...], *, thorough: bool) -> list[Barcode]:
    """Read at one size; ``thorough`` also across the lines and at smaller sizes."""
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(image),
        formats=zxingcpp.BarcodeFormats(list(formats)),
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    height, width = image.shape
    return [
        Barcode(code.format.name, code.text, _box_of(code.position, width, height))
        for code in found
        if code.valid and (code.format.name not in _WEAK_FORMATS or len(code.text) >= _MIN_WEAK_LETTERS)
    ]


def _box_of(position: zxingcpp.Position, width: int, height: int) -> Box:
    """Return the box around the corners; a linear code is found on one line and has hardly a height."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [p.x for p in corners], [p.y for p in corners]
    return clamp_box((min(xs) / width, min(ys) / height, max(xs) / width, max(ys) / height))


def _merge(codes: Iterable[Barcode]) -> tuple[Barcode, ...]:
    """Return each code once: one that was read at both sizes stands at the same place."""
    kept: list[Barcode] = []
    for code in codes:
        x, y = box_center(code.box)
        is_known = any(
            (other.format, other.text) == (code.format, code.text)
            and abs(box_center(other.box)[0] - x) < _SAME_PLACE
            and other.box[1] - _SAME_PLACE <= y <= other.box[3] + _SAME_PLACE
            for other in kept
        )
        if not is_known:
            kept.append(code)
    return tuple(sorted(kept, key=lambda code: (code.box[1], code.box[0], code.text)))
