"""The picture that people look at lies in the frame of the boxes."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from backfile.errors import PageRefused
from backfile.settings import Reading
from ocr.page_image import THUMB_WIDTH, VIEW_WIDTH, render_page_image, render_page_images
from ocr.raster_image import Pixels
from ocr.rasterize import rasterize_page
from ocr.read import ReadOptions, read_page
from tests.ocr.pages import prose_page


def decode(picture: bytes) -> Pixels:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "JPEG"
    return np.asarray(image.convert("L"))


def write_scan(path: Path, *, turn: int, skew: float) -> Path:
    """Write a page as a scanner would that fed it turned and askew, with a coloured stamp."""
    pdf = path.with_suffix(".pdf")
    pdf.write_bytes(prose_page(3).pdf)
    page = Image.fromarray(rasterize_page(pdf, 1, dpi=200, color=True).image).convert("RGB")
    page.paste((200, 20, 20), (1150, 60, 1600, 160))
    page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    page = page.rotate(-turn, expand=True)
    page.save(path, dpi=(200, 200))
    return path


@pytest.mark.parametrize(("turn", "skew"), [(0, 2.5), (90, -3.0), (180, 1.2), (270, 0.0)])
def test_boxes_of_words_lie_on_ink(tmp_path: Path, turn: int, skew: float) -> None:
    scan = write_scan(tmp_path / "scan.png", turn=turn, skew=skew)
    reading = read_page(scan, 1, options=ReadOptions(reading=Reading.FAST))
    assert reading.rotation == (360 - turn) % 360
    view, thumb = render_page_images(
        scan, 1, rotation=reading.rotation, skew=reading.skew, widths=(1500, THUMB_WIDTH)
    )
    page = decode(view)
    height, width = page.shape
    assert width == 1500
    assert height / width == pytest.approx(reading.height / reading.width, rel=0.005)
    assert decode(thumb).shape[1] == THUMB_WIDTH

    ink = page < 150
    words = [word for word in reading.words if word.confidence > 0.8 and len(word.text) >= 4]
    assert len(words) > 100
    covered = np.zeros(ink.shape, dtype=bool)
    for word in words:
        x0, y0, x1, y1 = word.box
        rows = slice(round(y0 * height), round(y1 * height) + 1)
        columns = slice(round(x0 * width), round(x1 * width) + 1)
        assert ink[rows, columns].mean() > 0.05, "a box beside its word"
        covered[rows, columns] = True
    # And the ink of the lines lies in the boxes: a frame that is a line off would miss it.
    lines = ink.copy()
    lines[: round(0.17 * height)] = False
    near = cv2.dilate(covered.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert (lines & near).sum() / lines.sum() > 0.9


def test_a_picture_keeps_its_colours_and_is_not_stretched(tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "scan.png", turn=0, skew=0.0)
    picture = Image.open(io.BytesIO(render_page_image(scan, 1, rotation=0, skew=0.0)))
    assert picture.width == VIEW_WIDTH
    red, green, blue = picture.convert("RGB").getpixel((1300, 100))  # type: ignore[misc]
    assert red > 150 > 80 > max(green, blue)
    small = tmp_path / "card.png"
    Image.new("RGB", (400, 250), "white").save(small, dpi=(150, 150))
    card = Image.open(io.BytesIO(render_page_image(small, 1, rotation=None, skew=None)))
    assert card.size == (400, 250)


def test_a_page_that_cannot_be_had_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    with pytest.raises(PageRefused):
        render_page_image(broken, 1, rotation=0, skew=0.0)
