from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.match import PageTokens, Span, find_spans, is_match, wanted_leaves
from search.query import And, Not, Or, Prefix, QueryNode, Terms

TOKENS = st.sampled_from(["a", "b", "ab", "abc", "c"])
PAGE = st.lists(st.one_of(TOKENS, st.just("|")), max_size=12)
VARIANTS = st.lists(st.lists(TOKENS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
NODES: st.SearchStrategy[QueryNode] = st.recursive(
    st.one_of(st.builds(Terms, VARIANTS), st.builds(Prefix, VARIANTS)),
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)


def holds(node: QueryNode, tokens: list[str]) -> bool:
    """The meaning of a query, spelled out as plainly as can be."""
    if isinstance(node, And):
        return all(holds(part, tokens) for part in node.nodes)
    if isinstance(node, Or):
        return any(holds(part, tokens) for part in node.nodes)
    if isinstance(node, Not):
        return not holds(node.node, tokens)
    for variant in node.variants:
        for start in range(len(tokens) - len(variant) + 1):
            window = tokens[start : start + len(variant)]
            begins = window[-1].startswith(variant[-1]) and isinstance(node, Prefix)
            if window[:-1] == list(variant[:-1]) and (begins or window[-1] == variant[-1]):
                return True
    return False


@given(NODES, PAGE)
def test_matching_means_what_it_says(node: QueryNode, tokens: list[str]) -> None:
    assert is_match(node, PageTokens.of(" ".join(tokens))) == holds(node, tokens)


@given(NODES, PAGE)
def test_spans_are_where_the_leaves_match(node: QueryNode, tokens: list[str]) -> None:
    page = PageTokens.of(" ".join(tokens))
    leaves = wanted_leaves(node)
    spans = find_spans(node, page)
    assert {span.leaf for span in spans} == {n for n, leaf in enumerate(leaves) if holds(leaf, tokens)}
    assert all(holds(leaves[span.leaf], tokens[span.start : span.end]) for span in spans)


def test_spans_leave_out_what_is_excluded() -> None:
    node = And((Terms((("pain",),)), Not(Terms((("fever",),)))))
    assert find_spans(node, PageTokens.of("pain no pain")) == [Span(0, 1, 0), Span(2, 3, 0)]
