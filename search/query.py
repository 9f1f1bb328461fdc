"""The query language: words, "phrases", beginnings*, OR and -not.

All words must stand on the page. ``OR`` between two binds tighter than the blank that means "and":
``fever chills OR rigors -sepsis`` is fever, and chills or rigors, and not sepsis. ``AND`` may be written out.
The operators are in capitals; at the beginning or end of a query they are words (OR is also an operating
room), and so they are in quotes. A quote that is never closed ends with the query. A ``*`` ends a word or
phrase: ``cardio*``, ``"chest pai*"``.

The tree holds analysed tokens only, so every engine and the highlighter answer the same question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from backfile.errors import UsageError
from search.analysis import Unit, find_units
from search.dates import expand_date
from search.fold import unify_typography
from search.forms import forms_of, stems_of_beginning

MAX_QUERY = 2000
"""Characters."""
MAX_VARIANTS = 24
"""Ways of writing one phrase that are sought; more compounds than that are sought in the first ways only."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Tokens that follow one another directly, in any of several ways of writing."""

    variants: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Like ``Terms``, but the last of each variant is only the beginning of a token."""

    variants: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of them stand on the page."""

    nodes: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one stands on the page."""

    nodes: tuple[QueryNode, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not stand on the page."""

    node: QueryNode


QueryNode: TypeAlias = Terms | Prefix | And | Or | Not


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing as typed."""

    text: str
    is_quoted: bool = False
    is_negated: bool = False
    is_open: bool = False
    """Ended with a star."""

    @property
    def is_plain(self) -> bool:
        """A word and nothing else."""
        return not (self.is_quoted or self.is_negated or self.is_open)


_PIECE = re.compile(r'(?P<minus>-*)(?:"(?P<quoted>[^"]*)(?:"(?P<star>\*?)|$)|(?P<bare>\S+))')
_LIST_COMMA = re.compile(r"(?<!\d),|,(?!\d)|;")
"""Smith,John are two words; 1,000 is a number."""


def parse_query(text: str) -> QueryNode:
    """Return what a query asks for.

    Raises:
        UsageError: there is nothing to look for, or the query is too long.
    """
    if len(text) > MAX_QUERY:
        raise UsageError(
            f"The search is longer than {MAX_QUERY} characters.",
            next_step="Search for a few words of the page.",
        )
    nodes: list[QueryNode] = []
    run: list[str] = []
    for group in _group_alternatives(_split_pieces(text)):
        if len(group) == 1 and group[0].is_plain:
            run.append(group[0].text)
            continue
        nodes += [*_build_words(run), *_any_of([node for piece in group for node in _build_piece(piece)])]
        run = []
    nodes += _build_words(run)
    root = _all_of(nodes)
    if not root:
        raise UsageError(
            "The search holds no word and no number.",
            next_step='Type a word, a number or a "phrase".',
        )
    return root[0]


def _split_pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(unify_typography(text)):
        is_negated = bool(found["minus"])
        if found["quoted"] is not None:
            quoted = found["quoted"].rstrip()
            is_open = bool(found["star"]) or quoted.endswith("*")
            yield _Piece(quoted.replace("*", " "), True, is_negated, is_open)
            continue
        for word in _LIST_COMMA.sub(" ", found["bare"]).split():
            bare, star, _ = word.partition("*")
            yield _Piece(bare, False, is_negated, bool(star))


def _group_alternatives(pieces: Iterator[_Piece]) -> list[list[_Piece]]:
    """Return the pieces, those joined by OR together; operators are taken out."""
    every = list(pieces)
    groups: list[list[_Piece]] = []
    is_alternative = False
    for index, piece in enumerate(every):
        if piece.is_plain and piece.text in ("OR", "AND") and 0 < index < len(every) - 1:
            is_alternative = piece.text == "OR"
        elif is_alternative:
            groups[-1].append(piece)
            is_alternative = False
        else:
            groups.append([piece])
    return groups


def _build_piece(piece: _Piece) -> list[QueryNode]:
    words = piece.text.split()
    nodes = _build_prefix(words) if piece.is_open else _build_phrase(words)
    return [Not(node) for node in nodes] if piece.is_negated else nodes


def _build_words(words: Sequence[str]) -> list[QueryNode]:
    """Return nodes for words that may stand anywhere; a date or phone in several words also in one token."""
    nodes: list[QueryNode] = []
    for unit in find_units(words):
        if unit.first == unit.last:
            nodes += _build_terms([unit])
            continue
        apart = _all_of([n for word in words[unit.first : unit.last + 1] for n in _build_phrase([word])])
        nodes += _any_of([*apart, Terms(tuple(_ways_of_whole(unit)))])
    return nodes


def _build_phrase(words: Sequence[str]) -> list[QueryNode]:
    return _build_terms(find_units(words))


def _build_terms(units: Sequence[Unit]) -> list[QueryNode]:
    variants = _combine_ways(units)
    return [Terms(variants)] if variants[0] else []


def _build_prefix(words: Sequence[str]) -> list[QueryNode]:
    """Return nodes for a phrase whose last word is only begun."""
    while words and not forms_of(words[-1]).parts:
        words = words[:-1]
    if not words:
        return []
    before, last = _combine_ways(find_units(words[:-1])), forms_of(words[-1])
    begun: list[tuple[str, ...]] = []
    ended: list[tuple[str, ...]] = []
    for tokens, raw in dict.fromkeys(((last.parts, last.raw_parts), (last.whole, last.raw_whole))):
        for lead in before:
            begun.append((*lead, *tokens[:-1], raw[-1]))
            ended += [(*lead, *tokens[:-1], stem) for stem in sorted(stems_of_beginning(raw[-1]))]
    return _any_of([Prefix(tuple(begun)), *([Terms(tuple(ended))] if ended else [])])


def _combine_ways(units: Sequence[Unit]) -> tuple[tuple[str, ...], ...]:
    """Return the ways of writing these units one after another: all in parts first, then all as wholes."""
    ways = [[unit.parts, *_ways_of_whole(unit)] for unit in units if unit.parts]
    as_wholes = tuple(way[min(1, len(way) - 1)] for way in ways)
    mixed = islice(product(*ways), 1, MAX_VARIANTS)
    chosen = [tuple(way[0] for way in ways), as_wholes, *mixed]
    return tuple(dict.fromkeys(tuple(token for tokens in way for token in tokens) for way in chosen))


def _ways_of_whole(unit: Unit) -> list[tuple[str, ...]]:
    if unit.whole == unit.parts:
        return []
    return list(islice(product(*map(expand_date, unit.whole)), MAX_VARIANTS))


def _all_of(nodes: Sequence[QueryNode]) -> list[QueryNode]:
    different = tuple(dict.fromkeys(nodes))
    return list(different) if len(different) < 2 else [And(different)]


def _any_of(nodes: Sequence[QueryNode]) -> list[QueryNode]:
    different = tuple(dict.fromkeys(nodes))
    return list(different) if len(different) < 2 else [Or(different)]
