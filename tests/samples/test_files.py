from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageSequence

from samples.files import FileFormat, pack_scan
from samples.render import Gray, render_sheet
from tests.samples.scans import lay_out

SCANS = [f for f in FileFormat if f is not FileFormat.PDF_TEXT]


def open_pages(data: bytes, format: FileFormat) -> list[Gray]:
    """Return the pages as a viewer shows them."""
    if format.suffix == ".pdf":
        document = pypdfium2.PdfDocument(data)
        scale = 200 / 72 * (1 - 1e-6)
        pages = [page.render(scale=scale, grayscale=True).to_numpy().squeeze().copy() for page in document]
        document.close()
        return pages
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["dpi"][0] == pytest.approx(200, abs=0.1)
        return [np.asarray(frame.convert("L")) for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("format", SCANS)
def test_every_format_gives_the_pages_back(format: FileFormat) -> None:
    page = render_sheet(lay_out(2), dpi=200)
    if format.is_bilevel:
        page = np.where(page >= 128, 255, 0).astype(np.uint8)
    count = 1 if format in {FileFormat.JPEG, FileFormat.PNG} else 2
    pages = [page, page[::-1].copy()][:count]
    found = open_pages(pack_scan(pages, format=format, dpi=200, quality=85), format)
    assert len(found) == count
    for was, now in zip(pages, found, strict=True):
        assert now.shape == was.shape
        assert np.abs(now.astype(int) - was).mean() < 2
    assert pack_scan(pages, format=format, dpi=200) == pack_scan(pages, format=format, dpi=200)


@pytest.mark.parametrize(
    ("format", "pages"),
    [(FileFormat.JPEG, 2), (FileFormat.PNG, 2), (FileFormat.PDF_TEXT, 1), (FileFormat.PDF_G4, 0)],
)
def test_pages_that_do_not_fit_are_refused(format: FileFormat, pages: int) -> None:
    with pytest.raises(ValueError, match="page"):
        pack_scan([np.full((10, 10), 255, np.uint8)] * pages, format=format, dpi=200)
