"""Where a page answers a query, shown on its words: hit boxes for the image and a snippet for the list.

The page's words go through the same analysis as when they were indexed, so a highlight is exact: it marks the
words that made the engine find the page, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backfile.domain.page import Word
from backfile.ports import HitWord
from search.analysis import Token, analyze_words
from search.match import PageTokens, find_spans, is_match
from search.query import QueryNode
from search.snippet import Snippet, cut_snippet


@dataclass(frozen=True, slots=True)
class Highlights:
    """What of a page answers a query."""

    is_answer: bool
    """The page's words answer the query; false where the index is behind the page."""
    words: tuple[HitWord, ...]
    """In reading order."""
    snippet: Snippet


def highlight_page(words: Sequence[Word], query: QueryNode) -> Highlights:
    """Return the words of a page that answer a query, and the stretch of the page that shows them best.

    Args:
        words: in reading order, as they were indexed.
        query: as ``parse_query`` gave it.
    """
    texts = [word.text for word in words]
    tokens = analyze_words(texts)
    page = PageTokens.of_analysed(tokens)
    hits = _find_hit_words(tokens, page, query)
    marked = tuple(HitWord(index, words[index].box) for index in sorted(hits))
    return Highlights(is_match(query, page), marked, cut_snippet(texts, hits))


def _find_hit_words(tokens: Sequence[Token], page: PageTokens, query: QueryNode) -> dict[int, frozenset[int]]:
    """Return for each hit word which words and phrases of the query it answers."""
    by_position = {token.position: token for token in tokens}
    hits: dict[int, frozenset[int]] = {}
    for span in find_spans(query, page):
        for position in range(span.start, span.end):
            token = by_position[position]
            for word in range(token.word, token.last_word + 1):
                hits[word] = hits.get(word, frozenset()) | {span.leaf}
    return hits
