"""Words of places that overlap: each place once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backfile.domain.page import Word
from ocr.combine import keep_once, leave_out


@st.composite
def words(draw: st.DrawFn) -> Word:
    left, top = draw(st.integers(0, 20)) / 25, draw(st.integers(0, 20)) / 25
    wide, high = draw(st.integers(1, 4)) / 25, draw(st.integers(1, 4)) / 25
    text = draw(st.sampled_from(["E144242", "Roe", "05.01.1979"]))
    return Word(text, (left, top, left + wide, top + high), draw(st.integers(1, 99)) / 100)


@given(st.lists(words(), max_size=12))
def test_each_place_is_kept_once_by_its_surest_word(read: list[Word]) -> None:
    kept = keep_once(read)
    for at, word in enumerate(kept):
        assert leave_out([word], kept[:at] + kept[at + 1 :]) == [word]
    for lost in [word for word in read if word not in kept]:
        (better, *_) = [word for word in kept if not leave_out([lost], [word])]
        assert better.confidence >= lost.confidence
