"""Where the second reader reads."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.geometry import intersect_boxes
from backfile.domain.page import Word
from ocr.letters import Letters, find_letters
from ocr.policy import find_doubtful, find_first_part, find_identifiers, is_poor, merge_places
from tests.ocr.pages import blank_sheet, prose_page, render


def no_letters() -> Letters:
    return Letters(mask=np.zeros((1650, 1275), np.bool_), factor=0.5, height=20.0, count=0)


def word(text: str, x: float, y: float, sure: float = 0.99) -> Word:
    return Word(text, (x, y, x + 0.012 * len(text), y + 0.012), sure)


def lies_in(inner: Word, boxes: list[tuple[float, float, float, float]]) -> bool:
    return any(intersect_boxes(inner.box, box) == inner.box for box in boxes)


def test_a_sure_page_is_left_alone() -> None:
    page = [word("glucose", 0.1, 0.1), word("normal", 0.3, 0.1)]
    assert find_doubtful(page, no_letters()) == []
    assert not is_poor(page, cover=1.0)


def test_a_page_of_guesses_or_of_unread_ink_is_poor() -> None:
    assert is_poor([word("gl7c0se", 0.1, 0.1, 0.4)], cover=1.0)
    assert is_poor([word("glucose", 0.1, 0.1)], cover=0.2)


def test_unsure_words_and_their_surroundings_are_read_again() -> None:
    unsure = word("04718836", 0.3, 0.1, 0.6)
    page = [word("Glucose", 0.1, 0.1), unsure, word("normal", 0.7, 0.1)]
    places = find_doubtful(page, no_letters())
    assert len(places) == 1
    assert lies_in(unsure, places)
    assert not lies_in(page[2], places)


def test_ink_in_which_no_word_was_read_is_read_again() -> None:
    page = prose_page(4)
    letters = find_letters(render(page, dpi=150))
    read = [Word(text, box, 0.99) for text, box in page.words]
    lost = next(w for w in read if len(w.text) > 7 and 0.3 < w.box[1] < 0.6)
    assert find_doubtful(read, letters) == []
    places = find_doubtful([w for w in read if w is not lost], letters)
    assert any(intersect_boxes(lost.box, place) for place in places)
    assert len(places) == 1


def test_values_at_labels_of_identifiers_are_read_again() -> None:
    page = [
        word("MRN:", 0.1, 0.1),
        word("04718836", 0.16, 0.1),
        word("Glucose", 0.1, 0.2),
        word("99", 0.2, 0.2),
    ]
    places = find_identifiers(page, no_letters())
    assert lies_in(page[1], places)
    assert not lies_in(page[3], places)


def test_prose_about_a_patient_is_no_label_and_a_name_read_surely_no_doubt() -> None:
    page = [
        word("the", 0.1, 0.1),
        word("patient", 0.14, 0.1),
        word("denies", 0.24, 0.1),
        word("Name", 0.1, 0.2),
        word("Whitfield", 0.17, 0.2),
        word("Orla", 0.3, 0.2, 0.97),
        word("1961", 0.36, 0.2),
    ]
    places = find_identifiers(page, no_letters())
    assert not lies_in(page[2], places)
    assert not lies_in(page[4], places)
    assert lies_in(page[5], places)
    assert lies_in(page[6], places)


def test_a_column_of_numbers_that_was_read_as_one_word_is_read_line_by_line() -> None:
    mask = np.zeros((1100, 850), np.bool_)
    for row in range(6):
        mask[200 + 40 * row : 215 + 40 * row, 100:108] = True
    letters = Letters(mask=mask, factor=1.0, height=12.0, count=6)
    column = Word("OONADU", (98 / 850, 199 / 1100, 110 / 850, 416 / 1100), 0.02)
    places = find_doubtful([column], letters)
    assert len(places) == 6
    for row, place in enumerate(sorted(places, key=lambda box: box[1])):
        assert place[1] * 1100 <= 200 + 40 * row
        assert 215 + 40 * row <= place[3] * 1100 < 240 + 40 * row


boxes = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 9), st.integers(1, 3)).map(
    lambda b: (b[0] / 100, b[1] / 100, (b[0] + b[2]) / 100, (b[1] + b[3]) / 100)
)


@given(st.lists(boxes, max_size=15))
def test_merged_places_hold_every_box(given_boxes: list[tuple[float, float, float, float]]) -> None:
    places = merge_places(given_boxes, aspect=0.77)
    assert len(places) <= len(given_boxes)
    for box in given_boxes:
        assert any(intersect_boxes(box, place) == box for place in places)


def test_a_page_is_cut_between_lines() -> None:
    image = render(prose_page(6), dpi=150)
    cut = find_first_part(find_letters(image))
    assert cut is not None
    assert 0.05 < cut < 0.5
    row = round(cut * image.shape[0])
    assert image[row - 2 : row + 2].min() > 200


def test_a_page_without_ink_is_not_cut() -> None:
    assert find_first_part(find_letters(render(blank_sheet(), dpi=100))) is None


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0.0, 40.0))
def test_wherever_the_text_stands_a_cut_leaves_it_whole(rows: list[bool], height: float) -> None:
    mask = np.repeat(np.array(rows)[:, None], 30, axis=1)
    cut = find_first_part(Letters(mask=mask, factor=1.0, height=height, count=30))
    if cut is not None:
        assert 0.0 < cut <= 0.5
        assert not rows[min(int(cut * len(rows)), len(rows) - 1)]
