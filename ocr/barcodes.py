"""Barcodes on a page, by ZXing."""

from __future__ import annotations

import zxingcpp

from backfile.domain.geometry import clamp_box
from backfile.domain.page import Barcode
from ocr.raster_image import Pixels

_FORMATS = zxingcpp.barcode_formats_from_str("QRCode,Code128,Code39,DataMatrix")


def find_barcodes(image: Pixels) -> tuple[Barcode, ...]:
    """Return the barcodes of the kinds that sheets and labels in charts bear.

    Args:
        image: gray, upright and straight, so that boxes are in the page's frame.
    """
    height, width = image.shape
    found = []
    for code in zxingcpp.read_barcodes(image, formats=_FORMATS):
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_left,
            code.position.bottom_right,
        )
        xs, ys = [corner.x / width for corner in corners], [corner.y / height for corner in corners]
        name = str(code.format).rpartition(".")[2].replace(" ", "")
        found.append(Barcode(name, code.text, clamp_box((min(xs), min(ys), max(xs), max(ys)))))
    return tuple(found)
