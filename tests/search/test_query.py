from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backfile.errors import UsageError
from search.analysis import join_page
from search.match import PageTokens, is_match
from search.query import MAX_QUERY, MAX_VARIANTS, And, Not, Or, Prefix, Terms, parse_query

TYPED = ['"', "-", "*", "OR", " ", "pain", "post-op", "5mg", "3/12/1987", "“", "(", "March", "12,"]
WORDS_TYPED = ["OR", "AND", "pain", '"chest', 'pain"', "-pain", "pa*", '"', "-", "March", "12", "1987"]
QUERY_TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(TYPED), max_size=20).map("".join),
    st.lists(st.sampled_from(WORDS_TYPED), max_size=12).map(" ".join),
)


def answers(query: str, page: str) -> bool:
    return is_match(parse_query(query), PageTokens.of(join_page(page.split())))


def terms(*tokens: str) -> Terms:
    return Terms((tokens,))


def test_words_must_all_be_there() -> None:
    assert parse_query("Chest  PAIN") == And((terms("chest"), terms("pain")))


def test_quotes_hold_words_together() -> None:
    assert parse_query('"chest pain" fever') == And((terms("chest", "pain"), terms("fever")))


@pytest.mark.parametrize(
    "query", ['"chest pain', "“chest pain”", '"chest pain"', "«chest pain»", '"chest pain" ""']
)
def test_quotes_of_any_kind_need_not_be_closed(query: str) -> None:
    assert parse_query(query) == terms("chest", "pain")


def test_or_binds_tighter_than_and() -> None:
    either = Or((terms("chill"), terms("rigor")))
    assert parse_query("fever chills OR rigors") == And((terms("fever"), either))
    assert parse_query("chills OR rigors AND fever") == And((either, terms("fever")))


@pytest.mark.parametrize("query", ["or", "OR", "OR OR", '"OR"'])
def test_or_alone_is_a_word(query: str) -> None:
    assert parse_query(query) == terms("or")


def test_operators_at_the_ends_are_words() -> None:
    assert parse_query("OR nurse") == And((terms("or"), terms("nurse")))
    assert parse_query("nurse OR") == And((terms("nurse"), terms("or")))


def test_minus_excludes() -> None:
    assert parse_query("pain -chest") == And((terms("pain"), Not(terms("chest"))))
    assert parse_query('-"chest pain"') == Not(terms("chest", "pain"))


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse_query("post-op") == Terms((("post", "op"), ("postop",)))


def test_a_star_ends_a_beginning() -> None:
    assert parse_query("cardio*") == Prefix((("cardio",),))
    assert parse_query('"chest wa*"') == Prefix((("chest", "wa"),))
    assert parse_query("B12*") == Prefix((("b", "12"),))


@pytest.mark.parametrize(
    "query", ["", " ", '"', '""', "-", "- -", "*", "-*", "!!! ...", "|", '"- *"', "\u200b", "\x00", "\ud800"]
)
def test_nothing_to_look_for_is_wrong_use(query: str) -> None:
    with pytest.raises(UsageError):
        parse_query(query)


def test_a_query_without_end_is_wrong_use() -> None:
    with pytest.raises(UsageError):
        parse_query("pain " * MAX_QUERY)


def test_an_error_never_repeats_the_query() -> None:
    with pytest.raises(UsageError) as caught:
        parse_query("¿" * 7)
    assert "¿" not in str(caught.value)


@given(QUERY_TEXT)
@example('-"')
@example('"*"*')
@example("a OR OR -b")
@example("March 12, 1987 OR")
def test_any_text_is_a_query_or_wrong_use(text: str) -> None:
    try:
        node = parse_query(text)
    except UsageError:
        return
    _assert_sound(node)
    assert is_match(node, PageTokens.of("chest pain")) in (True, False)


def _assert_sound(node: object) -> None:
    """No empty node, no empty or unbounded variants, nothing that an engine would split."""
    if isinstance(node, And | Or):
        assert len(node.nodes) > 1
        for part in node.nodes:
            _assert_sound(part)
    elif isinstance(node, Not):
        _assert_sound(node.node)
    else:
        assert isinstance(node, Terms | Prefix)
        assert 0 < len(node.variants) <= 8 * MAX_VARIANTS
        tokens = {token for variant in node.variants for token in variant}
        assert not any(not token or token == "|" or token.isspace() for token in tokens)
        assert all(node.variants)


@pytest.mark.parametrize(
    "query",
    [
        " ".join(["1/1/99-2/2/98-3/3/97"] * 50),
        '"' + "post-op " * 200 + '"',
        "-".join(["1/1/99"] * 250),
        "a-" * 900,
        '"' + "a " * 900,
    ],
)
def test_compounds_without_end_do_not_blow_up(query: str) -> None:
    _assert_sound(parse_query(query[:MAX_QUERY]))


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("5mg", "aspirin 5 mg daily"),
        ("5 mg", "aspirin 5mg daily"),
        ('"aspirin 5 mg"', "aspirin 5mg daily"),
        ("post-op", "a postop visit"),
        ("postop", "a post-op visit"),
        ("postop", "a post op visit post-op"),
        ('"post op visit"', "a post-op visit"),
        ('"postop visit"', "a post-op visit"),
        ('"post-op visit 3/12/1987"', "postop visit on March 12, 1987 post op visit 03/12/1987"),
        ("3/12/1987", "seen 03/12/1987 in clinic"),
        ("03/12/1987", "seen March 12, 1987 in clinic"),
        ("03/12/1987", "seen 12 Mar 1987 in clinic"),
        ("1987-03-12", "seen 3/12/87 in clinic"),
        ("3/12/87", "seen 1987-03-12 in clinic"),
        ("March 12, 1987", "seen 03/12/1987 in clinic"),
        ('"March 12, 1987"', "seen 03/12/1987 in clinic"),
        ("5551234567", "call 555-123-4567"),
        ("555-123-4567", "call (555) 123-4567"),
        ("(555) 123-4567", "call 555.123.4567"),
        ("001234", "MRN: 00-12-34"),
        ("00-12-34", "MRN:001234"),
        ("O'Brien", "Mr. OBrien"),
        ("obrien", "O’BRIEN, JOHN"),
        ("hypertension", "severe hyper- tension noted"),
        ("fractures", "a fracture of the hip"),
        ("fracture", "multiple FRACTURES"),
        ("muller", "Müller"),
        ("105", "glucose 1O5"),
        ("BID", "take b.i.d."),
        ("biopsies*", "a biopsy was taken"),
        ("biops*", "two biopsies"),
        ("Smith,John", "John Smith"),
        ('"chest pai*"', "no chest pain"),
        ("ug", "5 µg"),
        ("mri", "two MRIs"),
        ("-fever", "no cough"),
        ("fever OR cough", "a cough"),
    ],
)
def test_these_find(query: str, page: str) -> None:
    assert answers(query, page)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("chest pain", "chest tube"),
        ('"chest pain"', "pain in chest"),
        ('"chest pain"', "chest wall pain"),
        ("Williams", "William Tell"),
        ("5mg", "15 mg"),
        ("5mg", "5 ml of 10 mg"),
        ("0012345", "MRN 12345"),
        ("12345", "MRN 0012345"),
        ("12080", "BP 120/80"),
        ("510", "5-10 days"),
        ("98", "temp 98.6"),
        ("3/12/1987", "seen 3/13/1987"),
        ("3/12/2087", "seen 3/12/1987"),
        ("pain -fever", "pain and fever"),
        ("bleed", "bleeding"),
        ("cardio*", "the card"),
        ('"pain chest*"', "chest pain"),
        ("postop", "blog post: op cit"),
    ],
)
def test_these_do_not_find(query: str, page: str) -> None:
    assert not answers(query, page)


WORDS = st.lists(st.text(alphabet="aBcO'5/-. 1", min_size=1, max_size=6), min_size=1, max_size=7)


@given(WORDS)
def test_any_stretch_of_a_page_finds_the_page(words: list[str]) -> None:
    text = " ".join(words)
    try:
        node = parse_query(f'"{text}"')
    except UsageError:
        return
    assert is_match(node, PageTokens.of(join_page(["before", *text.split(), "after"])))


@given(st.text(alphabet="abeihosxuyz", min_size=1, max_size=9), st.data())
def test_any_beginning_of_a_word_finds_it(word: str, data: st.DataObject) -> None:
    beginning = word[: data.draw(st.integers(1, len(word)))]
    assert answers(f"{beginning}*", f"before {word} after")
