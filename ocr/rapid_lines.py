"""Finds lines of text with RapidOCR's detector (DB: Liao et al., Real-time Scene Text Detection, 2020)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from backfile.domain.geometry import Box, clamp_box
from ocr.raster_image import Pixels

if TYPE_CHECKING:
    import onnxruntime

_STRIDE = 32
"""The model wants sides of a multiple of this."""
_TEXT = 0.3
"""Probability from which a pixel belongs to the core of a line."""
_MIN_SCORE = 0.5
"""Mean probability of a line's core."""
_UNCLIP = 1.6
"""The core is grown by its area over its perimeter, times this; all three are RapidOCR's own values."""
_MIN_SIDE = 3


def find_lines(image: Pixels, *, session: onnxruntime.InferenceSession, side: int) -> list[Box]:
    """Return the boxes of lines, or of parts of lines, from top to bottom.

    Args:
        image: gray, straight.
        session: the detector.
        side: pixels of the longer side at which it looks; lines are found well from about 9 pixels
            of letter height on, which is half of what reading them takes.
    """
    height, width = image.shape
    scale = min(1.0, side / max(height, width))
    size = tuple(max(_STRIDE, round(length * scale / _STRIDE) * _STRIDE) for length in (width, height))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    plane = small.astype(np.float32) / 127.5 - 1.0
    batch = np.ascontiguousarray(np.broadcast_to(plane, (1, 3, *plane.shape)))
    found: NDArray[np.float32] = session.run(None, {session.get_inputs()[0].name: batch})[0][0, 0]
    return sorted(_outline(found), key=lambda box: (box[1], box[0]))


def _outline(probability: NDArray[np.float32]) -> list[Box]:
    """Return the relative boxes around what is text."""
    height, width = probability.shape
    mask = cv2.dilate((probability > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes: list[Box] = []
    for contour in contours:
        (_, _), (across, down), _angle = cv2.minAreaRect(contour)
        if min(across, down) < _MIN_SIDE:
            continue
        left, top, wide, high = cv2.boundingRect(contour)
        core = np.zeros((high, wide), np.uint8)
        cv2.drawContours(core, [contour], -1, 1, cv2.FILLED, offset=(-left, -top))
        if cv2.mean(probability[top : top + high, left : left + wide], core)[0] < _MIN_SCORE:
            continue
        grow = across * down * _UNCLIP / (2 * (across + down))
        x0, y0 = math.floor(left - grow), math.floor(top - grow)
        x1, y1 = math.ceil(left + wide + grow), math.ceil(top + high + grow)
        boxes.append(clamp_box((x0 / width, y0 / height, x1 / width, y1 / height)))
    return boxes
