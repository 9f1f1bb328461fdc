"""Joining two readings: each place once, nothing certain lost, the other reading kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.geometry import Box
from backfile.domain.page import Word
from ocr.confidence import load_calibration
from ocr.fusion import calibrate_words, fuse_readings

CALIBRATION = load_calibration()
COLUMNS, ROWS = 6, 8


def cell(column: int, row: int, *, shift: float = 0.0) -> Box:
    """Return the box of a word in a grid, a little off where another reader measured it."""
    x, y = column / COLUMNS + shift, row / ROWS + shift
    return (x, y, x + 0.8 / COLUMNS, y + 0.5 / ROWS)


words = st.text(alphabet="abcdefgXYZ0123456789", min_size=1, max_size=8)
places = st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1))
readings = st.dictionaries(places, st.tuples(words, st.floats(0.0, 1.0)), max_size=20)


def as_words(reading: dict[tuple[int, int], tuple[str, float]], *, shift: float = 0.0) -> list[Word]:
    return [Word(text, cell(*place, shift=shift), sure) for place, (text, sure) in reading.items()]


def place_of(word: Word) -> tuple[int, int]:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return (int(x * COLUMNS), int(y * ROWS))


@given(readings, readings)
def test_each_place_is_read_once(
    first: dict[tuple[int, int], tuple[str, float]], second: dict[tuple[int, int], tuple[str, float]]
) -> None:
    fused = fuse_readings(as_words(first), as_words(second, shift=0.004), calibration=CALIBRATION)
    seen = [place_of(word) for word in fused]
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(first) | set(second)
    assert set(first) & set(second) <= set(seen)
    assert all(0.0 <= word.confidence <= 1.0 for word in fused)


@given(readings, readings)
def test_both_readings_are_kept(
    first: dict[tuple[int, int], tuple[str, float]], second: dict[tuple[int, int], tuple[str, float]]
) -> None:
    fused = fuse_readings(as_words(first), as_words(second, shift=0.004), calibration=CALIBRATION)
    for word in fused:
        read = {r[place_of(word)][0] for r in (first, second) if place_of(word) in r}
        assert {word.text, *word.alternatives} == read


@given(readings)
def test_what_one_reader_alone_was_asked_for_is_never_lost(
    first: dict[tuple[int, int], tuple[str, float]],
) -> None:
    alone = as_words(first)
    fused = fuse_readings(alone, [], calibration=CALIBRATION, second_looked=())
    assert sorted(fused, key=lambda w: w.box) == sorted(
        calibrate_words(alone, calibration=CALIBRATION), key=lambda w: w.box
    )
    assert {w.text for w in fuse_readings([], alone, calibration=CALIBRATION, first_looked=())} == {
        w.text for w in alone
    }


def test_what_is_certain_stays_though_the_other_saw_nothing() -> None:
    sure = Word("Hemoglobin", (0.1, 0.1, 0.3, 0.12), 0.96)
    assert fuse_readings([sure], [], calibration=CALIBRATION)[0].text == "Hemoglobin"
    faint = Word("Hemoglobin", (0.1, 0.1, 0.3, 0.12), 0.999)
    assert fuse_readings([], [faint], calibration=CALIBRATION)[0].text == "Hemoglobin"


def test_agreement_makes_sure_and_disagreement_doubtful() -> None:
    box = (0.1, 0.1, 0.3, 0.12)
    only = calibrate_words([Word("04718836", box, 0.85)], calibration=CALIBRATION)[0]
    agreed = fuse_readings(
        [Word("04718836", box, 0.85)], [Word("04718836", box, 0.99)], calibration=CALIBRATION
    )[0]
    against = fuse_readings(
        [Word("04718836", box, 0.85)], [Word("04718886", box, 0.99)], calibration=CALIBRATION
    )[0]
    assert agreed.confidence > only.confidence > against.confidence
    assert {against.text, *against.alternatives} == {"04718836", "04718886"}
    assert agreed.alternatives == ()


def test_the_likelier_of_two_readings_stands() -> None:
    box = (0.1, 0.1, 0.3, 0.12)
    fused = fuse_readings([Word("Pa7iont", box, 0.3)], [Word("Patient", box, 0.99)], calibration=CALIBRATION)
    assert [(w.text, w.alternatives) for w in fused] == [("Patient", ("Pa7iont",))]


@pytest.mark.parametrize("parted_by", [1, 2])
def test_where_both_read_the_same_letters_spaces_are_kept(parted_by: int) -> None:
    parted = [
        Word("Date", (0.1, 0.1, 0.15, 0.12), 0.9),
        Word("of", (0.16, 0.1, 0.18, 0.12), 0.9),
        Word("birth", (0.19, 0.1, 0.25, 0.12), 0.9),
    ]
    joined = [Word("Dateofbirth", (0.1, 0.1, 0.25, 0.12), 0.9)]
    first, second = (parted, joined) if parted_by == 1 else (joined, parted)
    assert [w.text for w in fuse_readings(first, second, calibration=CALIBRATION)] == ["Date", "of", "birth"]


@pytest.mark.parametrize(("one", "other"), [("12.5", "125"), ("03/04", "0304"), ("O'Brien", "OBrien")])
def test_a_mark_inside_makes_another_word_and_one_at_the_end_does_not(one: str, other: str) -> None:
    box = (0.1, 0.1, 0.3, 0.12)

    def fuse(first: str, second: str) -> Word:
        read = fuse_readings([Word(first, box, 0.9)], [Word(second, box, 0.9)], calibration=CALIBRATION)
        return read[0]

    assert fuse(one, other).confidence < 0.8 < fuse(one, f"{one},").confidence
    assert fuse(one, other).alternatives


def test_where_only_marks_at_the_ends_differ_the_surer_reader_has_them() -> None:
    box = (0.1, 0.1, 0.3, 0.12)

    def fuse(first: float, second: float) -> Word:
        read = [Word("Physician", box, first)], [Word("Physician:", box, second)]
        return fuse_readings(*read, calibration=CALIBRATION)[0]

    assert (fuse(0.5, 0.999).text, fuse(0.5, 0.999).alternatives) == ("Physician:", ("Physician",))
    assert (fuse(0.97, 0.5).text, fuse(0.97, 0.5).alternatives) == ("Physician", ("Physician:",))
