from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis import FENCE, analyze_text, analyze_words, find_units, join_page
from search.forms import MAX_TOKEN
from search.match import PageTokens

SAMPLES = """
post-op wt/ht 5mg 5 mg O'Brien b.i.d. 03/12/1987 March 12, 1987 12 Mar (555) 123-4567 hyper- tension 1,000
.5 98.6 | -- 00-12-34 123-45-6789 and diagnoses MRIs patient's 120/80
"""
WORDS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(SAMPLES.split()),
    ),
    max_size=40,
)


def texts_of(text: str) -> list[str]:
    return [token.text for token in analyze_text(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Chest PAIN, severe.", "chest pain severe"),
        ("5mg", "5 mg"),
        ("5 mg", "5 mg"),
        ("0.5mg/kg", "0.5 mg kg | 0.5 mgkg"),
        ("post-op", "post op | postop"),
        ("wt/ht", "wt ht | wtht"),
        ("O'Brien's", "o brien | obrien"),
        ("b.i.d.", "b i d | bid"),
        ("M.D.", "m d | md"),
        ("pain.The", "pain the"),
        ("03/12/1987", "03 12 1987 | 1987-03-12"),
        ("DOB:3/12/87", "dob 3 12 87 | dob ~87-03-12"),
        ("123-45-6789", "123 45 6789 | 123456789"),
        ("00-12-34", "00 12 34 | 001234"),
        ("5-10", "5 10"),
        ("120/80", "120 80"),
        ("MRN0012345", "mrn 0012345"),
        ("MRIs", "mri"),
        ("µg", "mcg"),
        ("1O5", "105"),
        ("— | • !!", ""),
        ("日本 語", "日本 語"),
    ],
)
def test_words_become_tokens(text: str, tokens: str) -> None:
    assert join_page(text.split()) == tokens


@pytest.mark.parametrize(
    ("text", "token", "words"),
    [
        ("seen March 12, 1987 here", "1987-03-12", (1, 3)),
        ("seen 12 Mar 1987 here", "1987-03-12", (1, 3)),
        ("seen Sept. 3rd, 2001 here", "2001-09-03", (1, 3)),
        ("call (555) 123-4567 now", "5551234567", (1, 2)),
        ("has hyper- tension now", "hypertension", (1, 2)),
        ("two frac-\ntures now", "fracture", (1, 2)),
        ("has hyper\u00ad tension now", "hypertension", (1, 2)),
    ],
)
def test_several_words_can_form_one_token(text: str, token: str, words: tuple[int, int]) -> None:
    found = [t for t in analyze_text(text) if t.text == token]
    assert [(t.word, t.last_word) for t in found] == [words]


def test_the_parts_of_joined_words_stay_findable() -> None:
    assert texts_of("hyper- tension")[:2] == ["hyper", "tension"]
    assert texts_of("March 12, 1987")[:3] == ["march", "12", "1987"]


def test_a_whole_stands_between_its_neighbours() -> None:
    before, after = "one two three four five six seven eight", "a b c d e f g h"
    tokens = join_page(f"{before} post-op {after}".split()).split(f" {FENCE} ")
    assert tokens[1] == "three four five six seven eight postop a b c d e f"


def test_compounds_far_apart_have_stretches_of_their_own() -> None:
    far = " x" * 20
    assert join_page(f"post-op{far} pre-op".split()).count(FENCE) == 2
    assert join_page(["post-op", "x", "x", "pre-op"]).count(FENCE) == 1


@given(WORDS)
@example(["post-op", "12", "March", "1987"])
def test_every_token_points_at_a_word(words: list[str]) -> None:
    tokens = analyze_words(words)
    assert all(0 <= token.word <= token.last_word < len(words) for token in tokens)
    assert [token.position for token in tokens] == sorted({token.position for token in tokens})


@given(WORDS)
def test_tokens_are_what_the_index_gets(words: list[str]) -> None:
    assert PageTokens.of_analysed(analyze_words(words)) == PageTokens.of(join_page(words))


@given(WORDS)
def test_tokens_are_safe_for_every_engine(words: list[str]) -> None:
    for token in analyze_words(words):
        assert 0 < len(token.text) <= MAX_TOKEN
        assert FENCE not in token.text
        assert not any(char.isspace() for char in token.text)
        token.text.encode()


@given(WORDS)
def test_every_word_is_indexed_apart_from_its_neighbours(words: list[str]) -> None:
    page = join_page(words).split()
    alone = [token for word in words for token in join_page([word]).split(f" {FENCE}")[0].split()]
    assert page[: len(alone)] == alone


@given(WORDS)
def test_units_cover_the_words_in_order(words: list[str]) -> None:
    covered = [index for unit in find_units(words) for index in range(unit.first, unit.last + 1)]
    assert covered == list(range(len(words)))


@given(WORDS)
def test_analysis_is_the_same_every_time(words: list[str]) -> None:
    assert analyze_words(words) == analyze_words(list(words))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12))
def test_a_token_analysed_again_is_itself(word: str) -> None:
    first = texts_of(word)
    assert texts_of(" ".join(first)) == first
