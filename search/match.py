"""Where a query's answer stands in a page's tokens: the definition that every engine must agree with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.analysis import FENCE, Token
from search.query import And, Not, Or, Prefix, QueryNode, Terms


@dataclass(frozen=True, slots=True)
class PageTokens:
    """The tokens of one page, fences included."""

    sequence: tuple[str, ...]
    distinct: frozenset[str]

    @classmethod
    def of(cls, tokens: str) -> PageTokens:
        """Take apart a page's token string."""
        sequence = tuple(tokens.split())
        return cls(sequence, frozenset(sequence))

    @classmethod
    def of_analysed(cls, tokens: Sequence[Token]) -> PageTokens:
        """Put the tokens of a page in their places."""
        sequence = [FENCE] * (tokens[-1].position + 1 if tokens else 0)
        for token in tokens:
            sequence[token.position] = token.text
        return cls(tuple(sequence), frozenset(sequence))


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive tokens that answer one part of a query."""

    start: int
    """Position in the token string."""
    end: int
    """One past the last."""
    leaf: int
    """Which word or phrase of the query, from 0 in the order typed."""


def is_match(node: QueryNode, page: PageTokens) -> bool:
    """Say whether a page answers a query."""
    match node:
        case And(nodes):
            return all(is_match(part, page) for part in nodes)
        case Or(nodes):
            return any(is_match(part, page) for part in nodes)
        case Not(part):
            return not is_match(part, page)
        case Terms() | Prefix():
            return next(_find_starts(node, page), None) is not None


def find_spans(node: QueryNode, page: PageTokens) -> list[Span]:
    """Return all places that answer a word or phrase of the query which the page is not required to lack."""
    return [
        Span(start, start + length, number)
        for number, leaf in enumerate(_wanted_leaves(node))
        for start, length in _find_starts(leaf, page)
    ]


def wanted_leaves(node: QueryNode) -> list[Terms | Prefix]:
    """Return the words and phrases of a query that are wanted on the page, as typed."""
    return list(_wanted_leaves(node))


def _wanted_leaves(node: QueryNode) -> Iterator[Terms | Prefix]:
    match node:
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _wanted_leaves(part)
        case Not():
            return
        case Terms() | Prefix():
            yield node


def _find_starts(leaf: Terms | Prefix, page: PageTokens) -> Iterator[tuple[int, int]]:
    """Yield where a variant begins and how many tokens it has."""
    is_open = isinstance(leaf, Prefix)
    for variant in leaf.variants:
        for start in _find_sequence(variant, page, is_open=is_open):
            yield start, len(variant)


def _find_sequence(wanted: Sequence[str], page: PageTokens, *, is_open: bool) -> Iterator[int]:
    whole = wanted[:-1] if is_open else wanted
    if not page.distinct.issuperset(whole):
        return
    tokens, last, size = page.sequence, wanted[-1], len(wanted)
    if not whole:
        yield from (at for at, token in enumerate(tokens) if token.startswith(last))
        return
    at = -1
    try:
        while True:
            at = tokens.index(whole[0], at + 1)
            if tokens[at : at + len(whole)] != tuple(whole):
                continue
            if not is_open or (at + size <= len(tokens) and tokens[at + size - 1].startswith(last)):
                yield at
    except ValueError:
        return
