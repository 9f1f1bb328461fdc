"""Pages are set upright, or it is said that nobody knows: never turned wrong without a word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backfile.settings import Reading
from ocr.orient import turn_page
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, read_page
from tests.ocr.pages import form_page, render, save_image, table_page, wear

OPTIONS = ReadOptions(reading=Reading.FAST)


def turns_of(page: Pixels, folder: Path, *, dpi: float) -> list[int | None]:
    """Return what each of the four turns was read as, minus what it needed: 0 is right."""
    found: list[int | None] = []
    for turn in (0, 90, 180, 270):
        file = save_image(turn_page(page, (360 - turn) % 360), folder / f"{turn}.png", dpi=dpi)
        rotation = read_page(file, 1, options=OPTIONS).rotation
        found.append(None if rotation is None else (rotation - turn) % 360)
    return found


@pytest.mark.parametrize("dpi", [90, pytest.param(200, marks=pytest.mark.long)])
def test_a_worn_form_is_set_upright_from_all_turns(tmp_path: Path, dpi: int) -> None:
    page = wear(render(form_page(7), dpi=dpi), 1, noise=6)
    assert turns_of(page, tmp_path, dpi=dpi) == [0, 0, 0, 0]


def test_a_strip_along_the_side_does_not_turn_the_page(tmp_path: Path) -> None:
    page = render(form_page(3), dpi=150)
    strip = np.rot90(render(table_page(1), dpi=60)[:70])
    page[200 : 200 + strip.shape[0], 20 : 20 + strip.shape[1]] = strip
    assert turns_of(page, tmp_path, dpi=150) == [0, 0, 0, 0]


def test_a_page_of_few_signs_is_never_turned_wrong(tmp_path: Path) -> None:
    page: Pixels = np.full((1650, 1275), 255, np.uint8)
    page[300:330, 200:900] = render(form_page(1), dpi=150)[100:130, 200:900]
    assert set(turns_of(page, tmp_path, dpi=150)) <= {0, None}
