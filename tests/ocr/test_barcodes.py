"""Barcodes of the sizes that labels have, on pages of the densities that scanners give."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from ocr.barcodes import find_barcodes
from ocr.raster_image import Pixels

_LETTER_INCHES = (8.5, 11.0)


def _make_page(dpi: int, format: str, text: str, *, module: int, turned: bool = False) -> Pixels:
    """Return a letter sheet with one barcode whose bars or squares are ``module`` pixels wide."""
    code = np.asarray(
        zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, format)), scale=1
        )
    )
    rows = code[:1].repeat(60, axis=0) if format.startswith("Code") else code.repeat(module, axis=0)
    drawn = rows.repeat(module, axis=1)
    drawn = np.rot90(drawn) if turned else drawn
    page = np.full((round(_LETTER_INCHES[1] * dpi), round(_LETTER_INCHES[0] * dpi)), 245, np.uint8)
    top, left = page.shape[0] // 5, page.shape[1] // 4
    page[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 0.6), dtype=np.uint8)


@pytest.mark.parametrize("dpi", [100, 200, 300])
@pytest.mark.parametrize(
    ("format", "module"),
    [("QRCode", 4), ("DataMatrix", 4), ("Aztec", 4), ("PDF417", 3), ("Code128", 2), ("Code39", 2)],
)
def test_a_code_is_found_once_where_it_stands(dpi: int, format: str, module: int) -> None:
    (found,) = find_barcodes(_make_page(dpi, format, "MRN00412", module=module))
    assert (found.format, found.text) == (format, "MRN00412")
    assert found.box[0] == pytest.approx(0.25, abs=0.06)
    assert found.box[1] == pytest.approx(0.2, abs=0.06)


def test_small_squares_are_found_at_the_density_of_most_scans() -> None:
    (found,) = find_barcodes(_make_page(200, "QRCode", "PATCHT", module=3))
    assert found.text == "PATCHT"


def test_bars_that_run_across_the_lines_are_found() -> None:
    (found,) = find_barcodes(_make_page(300, "Code128", "MRN00412", module=4, turned=True))
    assert found.text == "MRN00412"


def test_a_page_without_codes_has_none() -> None:
    page = np.full((2200, 1700), 250, np.uint8)
    for row in range(200, 2000, 40):
        page[row : row + 2, 150:1550] = 30
    assert find_barcodes(page) == ()
