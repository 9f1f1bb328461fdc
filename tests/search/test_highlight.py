from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.errors import UsageError
from search.analysis import join_page
from search.highlight import highlight_page
from search.match import PageTokens, is_match
from search.query import parse_query
from search.snippet import MAX_SNIPPET, cut_snippet
from tests.search.corpus import place_words


def marked(page: str, query: str) -> list[str]:
    words = place_words(page)
    shown = highlight_page(words, parse_query(query))
    assert all(hit.box == words[hit.word].box for hit in shown.words)
    return [words[hit.word].text for hit in shown.words]


@pytest.mark.parametrize(
    ("page", "query", "hits"),
    [
        ("Chest pain, no FEVER.", "fever", ["FEVER."]),
        ("pain in chest and chest pain again", '"chest pain"', ["chest", "pain"]),
        ("no chest | pain", '"chest pain"', ["chest", "pain"]),
        ("cardiac card cardio", "cardi*", ["cardiac", "cardio"]),
        ("two biopsies one biopsy", "biopsy", ["biopsies", "biopsy"]),
        ("take 5 mg or 5mg not 15 mg", "5mg", ["5", "mg", "5mg"]),
        ("a post-op visit, postop again", "postop", ["post-op", "postop"]),
        ("a post-op visit", '"post op visit"', ["post-op", "visit"]),
        ("born March 12, 1987 here", "3/12/1987", ["March", "12,", "1987"]),
        ("call (555) 123-4567 now", "555-123-4567", ["(555)", "123-4567"]),
        ("severe hyper- tension noted", "hypertension", ["hyper-", "tension"]),
        ("fever and cough", "fever -rigors", ["fever"]),
        ("fever and cough", "fever OR cough OR rigors", ["fever", "cough"]),
        ("fever and cough", "-rigors", []),
        ("DOB:03/12/1987", "1987-03-12", ["DOB:03/12/1987"]),
        ("chest pain chest pain", '"pain chest"', ["pain", "chest"]),
    ],
)
def test_exactly_the_words_that_answer_are_marked(page: str, query: str, hits: list[str]) -> None:
    assert marked(page, query) == hits


def test_a_page_that_does_not_answer_says_so() -> None:
    words = place_words("fever and cough")
    assert highlight_page(words, parse_query("fever")).is_answer
    assert not highlight_page(words, parse_query("fever rigors")).is_answer
    assert not highlight_page((), parse_query("fever")).is_answer


WORDS = "fever Fevers chest pain post-op postop 5mg 5 mg 03/12/1987 March 12, 1987 hyper- the"
WORD = st.sampled_from(WORDS.split())
PAGE = st.lists(WORD, max_size=40).map(" ".join)
QUERIES = ["fever", "chest pain", '"chest pain"', "post-op", "5mg", "3/12/1987", "f*", "fever OR pain -chest"]
QUERY = st.sampled_from([*QUERIES, "-fever"])


@given(PAGE, QUERY)
def test_highlights_agree_with_the_index(page: str, query: str) -> None:
    node = parse_query(query)
    shown = highlight_page(place_words(page), node)
    assert shown.is_answer == is_match(node, PageTokens.of(join_page(page.split())))
    if shown.is_answer and not query.startswith("-"):
        assert shown.words
    positions = [hit.word for hit in shown.words]
    assert positions == sorted(set(positions))


@given(PAGE, QUERY)
def test_snippets_are_short_and_their_marks_lie_on_words(page: str, query: str) -> None:
    snippet = highlight_page(place_words(page), parse_query(query)).snippet
    assert len(snippet.text) <= MAX_SNIPPET
    ends = 0
    for start, end in snippet.marks:
        assert ends <= start < end <= len(snippet.text)
        assert snippet.text[start].isalnum()
        assert snippet.text[end - 1].isalnum()
        ends = end


ANY_WORD = st.text(max_size=3).flatmap(lambda end: st.integers(1, 260).map(lambda n: "x" * n + end))


@given(st.lists(ANY_WORD, min_size=1, max_size=30), st.data())
def test_snippets_of_any_words_are_short_and_show_a_hit(words: list[str], data: st.DataObject) -> None:
    places = st.integers(0, len(words) - 1)
    chosen = data.draw(st.dictionaries(places, st.frozensets(st.integers(0, 3), min_size=1)))
    snippet = cut_snippet(words, chosen)
    assert len(snippet.text) <= MAX_SNIPPET
    assert bool(snippet.marks) == bool(chosen)
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.marks)


def test_a_snippet_shows_the_place_with_most_of_the_query() -> None:
    page = "fever " + "word " * 60 + "fever with chills and rigors " + "word " * 60 + "fever"
    shown = highlight_page(place_words(page), parse_query("fever chills rigors"))
    assert "fever with chills and rigors" in shown.snippet.text
    assert shown.snippet.text.startswith("… ")
    assert shown.snippet.text.endswith(" …")
    assert [shown.snippet.text[a:b] for a, b in shown.snippet.marks] == ["fever", "chills", "rigors"]


def test_a_short_page_is_its_own_snippet() -> None:
    shown = highlight_page(place_words("Temp: 98.6, no fever."), parse_query("fever"))
    assert shown.snippet.text == "Temp: 98.6, no fever."
    assert shown.snippet.marks == ((15, 20),)


def test_without_a_word_to_show_the_snippet_is_the_beginning_of_the_page() -> None:
    page = "Discharge summary " + "word " * 100
    shown = highlight_page(place_words(page), parse_query("-rigors"))
    assert shown.snippet.text.startswith("Discharge summary word")
    assert shown.snippet.marks == ()


def test_any_query_on_any_page_gives_highlights() -> None:
    for query in ("a", '"a b"', "-a", "a* OR b"):
        for page in ("", "a", "a b " * 500, "| — !!"):
            try:
                highlight_page(place_words(page), parse_query(query))
            except UsageError:
                raise AssertionError("these are queries") from None
