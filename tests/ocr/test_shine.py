"""What shines through from the other side of a leaf is told by that side; a mark on it stays a mark."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from backfile.settings import Reading
from benchmarks.imaging_hand import add_strokes, draw_writer, write_line
from benchmarks.imaging_leaf import Leaf, print_leaf
from ocr.blank import InkKind, measure_ink
from ocr.marks import find_marks, look_at_page
from ocr.raster_image import Pixels
from ocr.read import ReadOptions, read_page
from ocr.shine import Neighbour
from tests.ocr.pages import prose_page, render

DPI = 150
MM = DPI / 25.4
SIZE = (1650, 1275)
PRINTS = [render(prose_page(seed), dpi=DPI) for seed in (3, 4)]


def leaf(seed: int, *, held_out: bool = False) -> Leaf:
    """Return one that shines through as sharply as a pencil draws."""
    rng = random.Random(seed)
    return print_leaf(PRINTS[0], rng, SIZE, MM, strength=28.0, is_bilevel=False, held_out=held_out)


def back(of: Leaf, mark: Pixels | None = None, *, grain: float = 2.0) -> Pixels:
    ink = of.through.astype(np.float32)
    if mark is not None:
        ink = np.maximum(ink, mark)
    noise = np.random.default_rng(7).normal(0, grain, SIZE)
    return np.clip(238 - ink + noise, 0, 255).astype(np.uint8)


def initial(at: tuple[float, float], *, levels: int) -> Pixels:
    rng, cover = random.Random(5), np.zeros(SIZE, np.uint8)
    strokes = write_line("K", draw_writer(rng), rng, height=2.2 * MM)
    add_strokes(cover, strokes, (at[0] * MM, at[1] * MM), thickness=0.4 * MM)
    return np.asarray(cv2.convertScaleAbs(cover, alpha=levels / 255), dtype=np.uint8)


def kind(page: Pixels, *neighbours: Pixels) -> InkKind:
    beside = tuple(Neighbour(image, DPI) for image in neighbours)
    return measure_ink(page, dpi=DPI, get_neighbours=lambda: beside).kind


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_back_on_which_its_front_shines_through_is_told_by_the_front(seed: int, held_out: bool) -> None:
    of = leaf(seed, held_out=held_out)
    assert kind(back(of), PRINTS[1], of.front) is InkKind.GHOST


@pytest.mark.parametrize(("seed", "rows", "strength"), [(3, 230, 12.0), (9, 230, 12.0), (8, 320, 14.0)])
def test_few_printed_lines_are_enough_to_lay_a_front_that_slipped_on_its_back(
    seed: int, rows: int, strength: float
) -> None:
    printed = PRINTS[0].copy()
    printed[rows:] = 255
    of = print_leaf(
        printed, random.Random(seed), SIZE, MM, strength=strength, is_bilevel=False, held_out=True
    )
    assert kind(back(of, grain=5.0), of.front) is InkKind.GHOST


def test_a_hole_that_print_shining_through_touches_is_no_ink() -> None:
    of = leaf(2)
    y = int(np.percentile(np.nonzero(of.through > 20)[0], 1))
    x = int(np.percentile(np.nonzero(of.through[: y + 20] > 20)[1], 50))
    page = back(of)
    cv2.circle(page, (x, max(y - 10, 30)), 22, 180, -1, cv2.LINE_AA)
    assert kind(page, of.front) is InkKind.GHOST


@pytest.mark.parametrize("seed", [2, 7])
def test_black_specks_by_twos_on_what_shines_through_are_no_ink(seed: int) -> None:
    of = leaf(seed)
    page = back(of)
    for n in range(30):
        x, y = round((20 + 5.7 * n) * MM), round((40 + 6.1 * n) * MM)
        for below in (0, 6):
            cv2.circle(page, (x, y + below), 3, 40, -1, cv2.LINE_AA)
    assert kind(page, of.front) is InkKind.GHOST


def test_without_its_front_such_a_back_remains_a_page() -> None:
    of = leaf(1)
    assert kind(back(of)) is InkKind.INK
    assert kind(back(of), PRINTS[1]) is InkKind.INK


@pytest.mark.parametrize("at", [(40, 60), (90, 100), (120, 150), (60, 200), (150, 240)])
def test_a_faint_initial_amid_what_shines_through_is_ink(at: tuple[float, float]) -> None:
    of = leaf(2)
    assert kind(back(of, initial(at, levels=30)), of.front) is InkKind.INK


@pytest.mark.parametrize("at", [(42, 115), (54, 98), (54, 132), (54, 217)])
def test_a_short_stroke_that_lies_partly_on_what_shines_through_is_ink(at: tuple[int, int]) -> None:
    of, stroke = leaf(2), np.zeros(SIZE, np.uint8)
    x, top, foot = (round(value * MM) for value in (at[0], at[1], at[1] + 2.4))
    cv2.line(stroke, (x, top), (x, foot), 30, 2, cv2.LINE_AA)
    assert kind(back(of), of.front) is InkKind.GHOST
    assert kind(back(of, stroke), of.front) is InkKind.INK


def test_print_too_pale_to_be_marks_proves_whose_the_few_marks_are() -> None:
    printed = np.asarray(255 - 0.35 * (255.0 - PRINTS[0]), dtype=np.uint8)
    cv2.putText(printed, "Note", (500, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 5, cv2.LINE_AA)
    of = print_leaf(printed, random.Random(4), SIZE, MM, strength=14.0, is_bilevel=False, held_out=False)
    page = back(of)
    assert len(find_marks(look_at_page(page, dpi=DPI)).length) < 5
    assert kind(page, of.front) is InkKind.GHOST


def test_a_copy_of_the_front_that_is_not_signed_does_not_stand_for_it() -> None:
    signed = PRINTS[0].copy()
    cv2.putText(signed, "Ann Lee", (500, 1560), cv2.FONT_HERSHEY_SCRIPT_COMPLEX, 1.6, 0, 3, cv2.LINE_AA)
    of = print_leaf(signed, random.Random(2), SIZE, MM, strength=28.0, is_bilevel=False, held_out=False)
    for neighbours in ((of.front, PRINTS[0]), (PRINTS[0], of.front)):
        assert kind(back(of), *neighbours) is InkKind.GHOST
    assert kind(back(of), PRINTS[0]) is InkKind.INK


def test_the_same_few_strokes_on_both_sides_are_no_proof() -> None:
    cross: Pixels = np.zeros(SIZE, np.uint8)
    cv2.line(cross, (600, 800), (640, 840), 255, 2, cv2.LINE_AA)
    cv2.line(cross, (640, 800), (600, 840), 255, 2, cv2.LINE_AA)
    front = np.asarray(cv2.bitwise_not(np.ascontiguousarray(cross[:, ::-1])), dtype=np.uint8)
    faint = Leaf(front, np.asarray(cv2.convertScaleAbs(cross, alpha=0.12), dtype=np.uint8))
    assert kind(back(faint), front) is InkKind.INK


def test_the_same_pale_form_on_both_sides_is_no_bleed_through() -> None:
    page: Pixels = np.full(SIZE, 238, np.uint8)
    for row in range(200, 1500, 60):
        page[row : row + 2, 150:1125] = 205
    for column in (150, 400, 875, 1125):
        page[200:1440, column : column + 2] = 205
    assert kind(page, np.ascontiguousarray(page[:, ::-1])) is InkKind.INK


def test_a_page_of_dark_ink_is_told_without_its_neighbours() -> None:
    def fail() -> tuple[Neighbour, ...]:
        raise AssertionError("asked")

    assert measure_ink(PRINTS[0], dpi=DPI, get_neighbours=fail).kind is InkKind.INK


@pytest.mark.parametrize("is_marked", [False, True])
def test_reading_a_file_looks_at_the_page_before(tmp_path: Path, is_marked: bool) -> None:
    of = leaf(3)
    mark = initial((70, 120), levels=40) if is_marked else None
    pages = [Image.fromarray(image) for image in (of.front, back(of, mark))]
    pages[0].save(tmp_path / "leaf.tif", save_all=True, append_images=pages[1:], dpi=(DPI, DPI))
    reading = read_page(tmp_path / "leaf.tif", 2, options=ReadOptions(reading=Reading.FAST))
    assert reading.blank is not is_marked
