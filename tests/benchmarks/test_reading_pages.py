"""Folders of pages with truth, and the picture that is drawn of what they gave."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from PIL import Image

from backfile.errors import UsageError
from benchmarks.reading_pages import find_pages, join_pages, load_pages, save_pages
from benchmarks.reading_picture import draw_frontier
from benchmarks.reading_tally import Figures


def _save_image(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (400, 200), 255).save(path)


def _make_forms(folder: Path) -> None:
    words = [{"text": "Date:", "box": [40, 20, 80, 30]}, {"text": "12/31/99", "box": [100, 20, 180, 30]}]
    for name in ("a", "b"):
        _save_image(folder / "images" / f"{name}.png")
        truth = folder / "annotations" / f"{name}.json"
        truth.parent.mkdir(exist_ok=True)
        truth.write_text(json.dumps({"form": [{"words": words}, {"words": []}]}))


def test_words_of_forms_are_read_with_their_places(tmp_path: Path) -> None:
    _make_forms(tmp_path)
    first, second = find_pages(tmp_path)
    assert (first.file.name, second.file.name) == ("a.png", "b.png")
    assert [[token.text for token in chain] for chain in first.chains] == [["date", "12", "31", "99"], []]
    assert first.chains[0][0].box == (0.1, 0.1, 0.2, 0.15)
    assert len(find_pages(tmp_path, pages=1)) == 1


def test_texts_beside_images_are_read_and_images_without_are_left_out(tmp_path: Path) -> None:
    _save_image(tmp_path / "page.png")
    _save_image(tmp_path / "other.png")
    (tmp_path / "page.txt").write_text("Seen in clinic\n2019")
    (page,) = find_pages(tmp_path)
    assert [token.text for token in page.chains[0]] == ["seen", "in", "clinic", "2019"]


def test_a_folder_without_truth_is_refused_in_words(tmp_path: Path) -> None:
    _save_image(tmp_path / "page.png")
    with pytest.raises(UsageError, match="no images with truth"):
        find_pages(tmp_path)
    _make_forms(tmp_path)
    (tmp_path / "annotations" / "a.json").write_text("{}")
    with pytest.raises(UsageError, match=r"a\.json cannot be read"):
        find_pages(tmp_path)


def test_pages_outlive_being_written_down(tmp_path: Path) -> None:
    _make_forms(tmp_path)
    pages = find_pages(tmp_path)
    save_pages(pages, tmp_path / "pages.json")
    assert load_pages(tmp_path / "pages.json") == pages


def test_joined_pages_keep_their_order_and_size(tmp_path: Path) -> None:
    _make_forms(tmp_path)
    target = tmp_path / "all.pdf"
    join_pages(find_pages(tmp_path), target, rasters=tmp_path)
    with pikepdf.open(target) as joined:
        assert len(joined.pages) == 2
        left, bottom, right, top = (float(edge) for edge in joined.pages[0].mediabox)
        assert (right - left) / (top - bottom) == pytest.approx(2.0)


def test_the_picture_shows_every_reader_better_ones_higher(tmp_path: Path) -> None:
    def figures(recall: float, cpu: float) -> Figures:
        return Figures(recall, 1.0, 1.0, 0.0, 1.0, 1.0, cpu)

    target = tmp_path / "picture.svg"
    draw_frontier({"raw": figures(0.9, 0.5), "best": figures(0.99, 2.0)}, target, title="mix")
    circles = [e for e in ET.parse(target).iter() if e.tag.endswith("circle")]
    raw, best = ((float(c.attrib["cx"]), float(c.attrib["cy"])) for c in circles)
    assert best[0] > raw[0]
    assert best[1] < raw[1]
