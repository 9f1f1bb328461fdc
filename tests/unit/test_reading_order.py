from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.domain.page import Word
from backfile.domain.reading_order import order_words

PROSE = (
    "The patient denies chest pain and reports a mild cough since Monday evening with no fever but "
    "some shortness of breath on exertion which has been stable over the past week according to his wife "
    "who accompanies him today and who also notes that he has been sleeping poorly and eating little "
)


def set_line(
    text: str, *, x: float, y: float, height: float = 0.012, letter: float = 0.008, slope: float = 0.0
) -> list[Word]:
    """Set words from ``x`` on, feet at ``y``, falling by ``slope`` per page width."""
    words = []
    for token in text.split():
        width = letter * len(token)
        foot = y + slope * (x + width / 2)
        tall = height if any(c not in "aceimnorsuvwxz" for c in token) else 0.6 * height
        drop = 0.25 * height if any(c in "gjpqy" for c in token) else 0.0
        words.append(Word(token, (x, foot - tall, x + width, foot + drop), 0.9))
        x += width + letter
    return words


def wrap(text: str, letters: int) -> list[str]:
    lines, line = [], ""
    for token in text.split():
        if line and len(line) + 1 + len(token) > letters:
            lines.append(line)
            line = token
        else:
            line = f"{line} {token}".strip()
    return [*lines, line]


def read(words: list[Word], seed: int = 0) -> list[str]:
    shuffled = list(words)
    random.Random(seed).shuffle(shuffled)
    lines: dict[int, list[str]] = {}
    for word in order_words(shuffled):
        lines.setdefault(word.line, []).append(word.text)
    assert list(lines) == list(range(len(lines)))
    return [" ".join(line) for line in lines.values()]


def test_nothing_gives_nothing() -> None:
    assert order_words([]) == ()


def test_prose_comes_back_line_by_line() -> None:
    expected = wrap(PROSE * 3, 80)
    words = [w for n, line in enumerate(expected) for w in set_line(line, x=0.1, y=0.1 + n * 0.018)]
    assert read(words) == expected


@pytest.mark.parametrize("slope", [-0.05, -0.02, 0.01, 0.03, 0.05])
def test_leaning_lines_stay_whole(slope: float) -> None:
    expected = wrap(PROSE * 3, 90)
    words = [
        w for n, line in enumerate(expected) for w in set_line(line, x=0.08, y=0.15 + n * 0.018, slope=slope)
    ]
    assert read(words) == expected


def test_values_far_right_stay_on_the_line_of_their_label_though_the_page_leans() -> None:
    rows = [("Patient name:", "DOE, JANE Q"), ("Date of birth:", "01/02/1950"), ("MRN:", "00123456")] * 6
    words = []
    for n, (label, value) in enumerate(rows):
        y = 0.1 + n * 0.02
        words += set_line(label, x=0.08, y=y, slope=0.03) + set_line(value, x=0.7, y=y, slope=0.03)
    assert read(words) == [f"{label} {value}" for label, value in rows]


def test_a_form_of_two_label_value_columns_is_read_across() -> None:
    rows = [
        (f"Patient Name {n}: Maria Delgado Smith", f"Attending Physician {n}: Robert King") for n in range(12)
    ]
    words = []
    for n, (left, right) in enumerate(rows):
        words += set_line(left, x=0.06, y=0.1 + n * 0.02) + set_line(right, x=0.53, y=0.1 + n * 0.02)
    assert read(words) == [f"{left} {right}" for left, right in rows]


def test_a_table_with_long_cells_is_read_across() -> None:
    cells = [
        (f"{drug} tablet {n}0 mg oral", order)
        for n in range(1, 7)
        for drug, order in (
            ("Lisinopril", "Take one tablet daily by mouth"),
            ("Metformin", "Take two tablets with evening meal"),
        )
    ]
    words = []
    for n, (left, right) in enumerate(cells):
        words += set_line(left, x=0.1, y=0.1 + n * 0.02) + set_line(right, x=0.5, y=0.1 + n * 0.02)
    assert read(words) == [f"{left} {right}" for left, right in cells]


@pytest.mark.parametrize("shift", [0.0, 0.004, 0.009])
def test_two_columns_of_prose_are_read_one_after_the_other(shift: float) -> None:
    column = wrap(PROSE * 2, 45)
    other = wrap(PROSE.replace("patient", "gentleman") * 2, 45)
    title, footer = "Clinic letter of the department", "Page 1 of 2 continued on the next side of this sheet"
    words = set_line(title, x=0.2, y=0.06, height=0.02, letter=0.02)
    for n, line in enumerate(column):
        words += set_line(line, x=0.08, y=0.12 + n * 0.018)
    for n, line in enumerate(other):
        words += set_line(line, x=0.53, y=0.12 + shift + n * 0.018)
    words += set_line(footer, x=0.15, y=0.95, letter=0.014)
    assert read(words) == [title, *column, *other, footer]


def test_a_big_heading_does_not_swallow_the_small_lines_beside_it() -> None:
    address = ["12 Harbor Road Springfield", "Telephone 555 0100 2000", "Fax 555 0100 2001"]
    words = set_line("RIVERSIDE HOSPITAL", x=0.08, y=0.10, height=0.036, letter=0.022)
    for n, line in enumerate(address):
        words += set_line(line, x=0.62, y=0.077 + n * 0.0125, height=0.009)
    lines = read(words)
    for line in address:
        assert any(got == line or got == f"RIVERSIDE HOSPITAL {line}" for got in lines)
    assert sum("RIVERSIDE HOSPITAL" in line for line in lines) == 1


def test_small_print_on_the_foot_of_a_heading_belongs_to_its_line() -> None:
    words = set_line("DISCHARGE SUMMARY", x=0.08, y=0.1, height=0.03, letter=0.02)
    words += set_line("Page 1 of 3", x=0.8, y=0.1, height=0.01)
    assert read(words) == ["DISCHARGE SUMMARY Page 1 of 3"]


def test_blocks_side_by_side_at_other_heights_keep_their_lines_whole() -> None:
    left = [f"Referring doctor line {n} of block" for n in range(6)]
    right = [f"Copy to clinic number {n} there" for n in range(5)]
    words = []
    for n, line in enumerate(left):
        words += set_line(line, x=0.08, y=0.1 + n * 0.018)
    for n, line in enumerate(right):
        words += set_line(line, x=0.6, y=0.107 + n * 0.022)
    text = "\n".join(read(words))
    assert all(line in text for line in left + right)


def test_a_tall_stroke_read_as_a_word_does_not_join_lines() -> None:
    lines = ["Sodium 140 mmol", "Potassium 4.1 mmol", "Chloride 101 mmol", "Glucose 92 mg"]
    words = [Word("|", (0.3, 0.08, 0.303, 0.16), 0.4)]
    for n, line in enumerate(lines):
        words += set_line(line, x=0.32, y=0.1 + n * 0.018)
    got = [line.removeprefix("| ") for line in read(words) if line != "|"]
    assert got == lines


coordinates = st.floats(0, 0.95)
boxes = st.tuples(coordinates, coordinates, st.floats(0, 0.3), st.floats(0, 0.1)).map(
    lambda b: (b[0], b[1], min(1.0, b[0] + b[2]), min(1.0, b[1] + b[3]))
)
any_words = st.lists(
    st.builds(Word, st.text("abcXYZ19.|-", min_size=1, max_size=8), boxes, st.just(0.5)), max_size=40
)


@settings(max_examples=150, deadline=None)
@given(any_words, st.randoms(use_true_random=False))
def test_every_word_comes_back_once_whatever_order_they_come_in(
    words: list[Word], rng: random.Random
) -> None:
    ordered = order_words(words)
    assert Counter((w.text, w.box) for w in ordered) == Counter((w.text, w.box) for w in words)
    numbers = [w.line for w in ordered]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(set(numbers))))
    for before, after in pairwise(ordered):
        assert before.line != after.line or before.box[0] <= after.box[0]
    shuffled = list(words)
    rng.shuffle(shuffled)
    assert order_words(shuffled) == ordered


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(3, 80), min_size=1, max_size=30), st.integers(0, 10_000))
def test_ordering_what_is_ordered_changes_nothing(lengths: list[int], seed: int) -> None:
    words = []
    for n, length in enumerate(lengths):
        words += set_line(PROSE[:length], x=0.05, y=0.05 + n * 0.02)
    random.Random(seed).shuffle(words)
    once = order_words(words)
    assert order_words(once) == once


@pytest.mark.parametrize("short", [0, 1, 2])
def test_several_columns_of_different_lengths_are_read_one_after_the_other(short: int) -> None:
    expected, words = [], []
    for column in range(3):
        lines = wrap(PROSE * 3, 34)[: 12 if column == short else 32]
        expected += lines
        for n, line in enumerate(lines):
            words += set_line(line, x=0.05 + 0.31 * column, y=0.1 + n * 0.018 + 0.003 * column)
    assert read(words) == expected
