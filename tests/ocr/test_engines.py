"""The engines behind the same protocol: words, boxes and confidences, whoever reads."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from backfile.domain.geometry import intersect_boxes
from backfile.domain.page import Word
from backfile.errors import UsageError
from ocr.attempt import Readers
from ocr.engine import FakeEngine, LineReader, OcrEngine, PageMode
from ocr.orient import is_convincing
from ocr.rapid_models import load_recognizer
from ocr.rapid_ocr import get_rapid_ocr
from ocr.rapid_words import decode
from ocr.read import ENGINES, ReadOptions, get_engine, get_readers
from tests.ocr.pages import DrawnPage, form_page, prose_page, recall, render, wear

RAPID = get_rapid_ocr()


def engine_of(name: str) -> OcrEngine:
    return FakeEngine() if name == "fake" else get_engine(ReadOptions(engine=name))


def share_in_place(words: tuple[Word, ...], page: DrawnPage) -> float:
    """Return the share of the page's words that were read where they stand."""
    found = 0
    for text, box in page.words:
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        found += any(
            w.text == text and w.box[0] <= middle[0] <= w.box[2] and w.box[1] <= middle[1] <= w.box[3]
            for w in words
        )
    return found / len(page.words)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_reads_words_where_they_stand(name: str) -> None:
    page = prose_page(3)
    words = engine_of(name).read_words(render(page, dpi=200), dpi=200, mode=PageMode.PROSE)
    assert recall([word.text for word in words], page.tokens()) >= 0.95
    assert share_in_place(words, page) >= 0.93


@pytest.mark.parametrize("name", [*ENGINES, "fake"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (200, 2), (90, 120)])
def test_an_engine_bears_images_without_words(name: str, shape: tuple[int, int]) -> None:
    image = np.full(shape, 255, np.uint8)
    for word in engine_of(name).read_words(image, dpi=200, mode=PageMode.SPARSE):
        assert word.text
        assert 0 <= word.box[0] <= word.box[2] <= 1
        assert 0 <= word.box[1] <= word.box[3] <= 1
        assert 0 <= word.confidence <= 1


def test_an_engine_nobody_knows_is_named() -> None:
    with pytest.raises(UsageError, match="crystal-ball"):
        get_engine(ReadOptions(engine="crystal-ball"))


def test_the_second_reader_takes_no_part_in_languages_it_does_not_know() -> None:
    def second_of(languages: str) -> LineReader | None:
        readers: Readers = get_readers(ReadOptions(languages=languages), engine=FakeEngine())
        return readers.second

    assert second_of("eng") is not None
    assert second_of("eng+spa") is second_of("eng")
    assert second_of("chi_sim") is not second_of("eng")
    assert second_of("eng+rus") is None
    assert second_of("ara") is None


def test_worn_print_is_read_better_by_the_second_reader() -> None:
    page = form_page(8, rules=False)
    worn = wear(render(page, dpi=110), 3, noise=12, blur=0.6, fade=0.6)
    shares = [
        recall([w.text for w in engine.read_words(worn, dpi=110, mode=PageMode.SPARSE)], page.tokens())
        for engine in (get_engine(ReadOptions()), RAPID)
    ]
    assert shares[1] > shares[0] + 0.1


def test_lines_whose_places_are_known_are_read_alone() -> None:
    page = prose_page(5)
    image = render(page, dpi=200)
    wanted = [(text, box) for text, box in page.words if len(text) >= 8][:6]
    places = [(b[0] - 0.005, b[1] - 0.004, b[2] + 0.005, b[3] + 0.004) for _, b in wanted]
    words = RAPID.read_lines(image, places)
    for text, box in wanted:
        assert any(w.text.strip(".,") == text.strip(".,") and intersect_boxes(w.box, box) for w in words)
    assert RAPID.read_lines(image, []) == ()


def test_a_process_forked_from_a_loaded_one_reads_the_same() -> None:
    image = render(prose_page(9), dpi=100)
    here = RAPID.read_words(image, dpi=100, mode=PageMode.PROSE)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        there = RAPID.read_words(image, dpi=100, mode=PageMode.PROSE)
        os.write(theirs, b"same" if there == here else b"other")
        os._exit(0)
    assert os.read(ours, 10) == b"same"
    os.waitpid(child, 0)
    os.close(ours)
    os.close(theirs)


def test_fewer_characters_leave_the_rest_in_order() -> None:
    rng = np.random.default_rng(4)
    line = rng.uniform(-1, 1, (1, 3, 48, 160)).astype(np.float32)
    latin, every = load_recognizer(latin=True), load_recognizer(latin=False)
    cut = latin.session.run(None, {"x": line})[0][0]
    full = every.session.run(None, {"x": line})[0][0]
    columns = [every.characters.index(c) for c in latin.characters]
    kept = full[:, columns]
    assert len(latin.characters) < len(every.characters) / 20
    np.testing.assert_allclose(cut, kept / kept.sum(axis=1, keepdims=True), rtol=1e-3, atol=1e-6)


def test_repeated_steps_are_one_character_and_a_blank_parts_two() -> None:
    characters = ("", "a", "b")
    steps = [1, 1, 0, 1, 2, 2, 0]
    scores = np.full((len(steps), 3), 0.05, np.float32)
    for row, kind in enumerate(steps):
        scores[row, kind] = 0.9
    found = decode(scores, characters, step=8.0)
    assert [c.text for c in found] == ["a", "a", "b"]
    assert [c.at for c in found] == [8.0, 28.0, 40.0]


def test_the_code_that_logs_and_fetches_is_never_loaded() -> None:
    assert "rapidocr" not in sys.modules


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_print_that_does_not_stand_upright_convinces_nobody(turn: int) -> None:
    image = np.ascontiguousarray(np.rot90(render(prose_page(13), dpi=100), turn))
    words = RAPID.read_words(image, dpi=100, mode=PageMode.SPARSE)
    assert not is_convincing(words, aspect=image.shape[1] / image.shape[0])
