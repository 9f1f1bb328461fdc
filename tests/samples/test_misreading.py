"""Reading errors drawn from what was measured."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from samples.misreading import PageReader, load_misreadings


def _read(grade: str, text: str, times: int) -> list[tuple[str, float]]:
    rng = random.Random(4)
    read = (PageReader(grade, rng).read(text) for _ in range(times))
    return [(word.text, word.confidence) for words in read for word in words]


def test_worse_paper_is_read_worse() -> None:
    shares = []
    for grade in ("clean", "poor"):
        read = _read(grade, "00451207", 4000)
        shares.append(sum(text != "00451207" for text, _ in read) / len(read))
    clean, poor = shares
    assert 0 < clean < 0.03
    assert clean < poor < 0.15


def test_wrong_words_are_read_with_less_confidence() -> None:
    read = _read("poor", "MONTGOMERY,", 6000)
    right = [sure for text, sure in read if text == "MONTGOMERY,"]
    wrong = [sure for text, sure in read if text != "MONTGOMERY,"]
    assert sum(wrong) / len(wrong) < sum(right) / len(right) - 0.1
    assert max(wrong) > 0.75  # some are wrong and sure: what the rules must stand


def test_confusions_are_those_of_the_table() -> None:
    table = load_misreadings()
    only = {"8": {"3": 5}, "": {}}
    noisy = {"poor": replace(table.grades["poor"], missed=0.0, page_rates=(0.3, 0.3))}
    reader = PageReader("poor", random.Random(1), table=replace(table, grades=noisy, confusions=only))
    seen = Counter(char for _ in range(300) for word in reader.read("8888") for char in word.text)
    assert set(seen) == {"8", "3"}
    assert seen["3"] > 100


@pytest.mark.parametrize("grade", ["clean", "fair", "poor", "worn"])
def test_the_table_has_what_is_drawn_from_it(grade: str) -> None:
    found = load_misreadings().grades[grade]
    assert found.pages >= 40
    assert found.words > 5000
    for quantiles in (found.page_rates, found.right, found.wrong):
        assert list(quantiles) == sorted(quantiles)
        assert 0 <= quantiles[0] <= quantiles[-1] <= 1
