"""Gets the pages before and after one in its file: one of them may be the other side of its leaf."""

from __future__ import annotations

from pathlib import Path

from backfile.errors import PageRefused
from ocr.rasterize import rasterize_page
from ocr.shine import Neighbour

_DPI = 150.0
"""What shines through is blurred; more dots would tell no more."""


def get_neighbours(path: Path, page: int) -> tuple[Neighbour, ...]:
    """Return the pages beside one, as far as there are any that can be had.

    Args:
        path: a PDF or image file of any kind in ``ocr.kinds``.
        page: from 1.

    Raises:
        OSError: the file cannot be read at the moment.
    """
    found = []
    for number in (page - 1, page + 1):
        if number >= 1:
            try:
                raster = rasterize_page(path, number, dpi=_DPI)
            except PageRefused:  # there is none, or it is reported when its turn comes
                continue
            found.append(Neighbour(raster.image, raster.dpi))
    return tuple(found)
