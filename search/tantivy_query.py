"""Queries and filters in tantivy's terms."""

from __future__ import annotations

import re

import tantivy
from tantivy import FieldType, Occur, Query, Schema

from backfile.ports import IndexFilter
from search.analysis import ANALYSIS_VERSION
from search.engine import date_bounds, wanted_values
from search.query import And, Not, Or, Prefix, QueryNode, Terms

TOKENS = f"tokens_v{ANALYSIS_VERSION}"
"""The field of a page's words; its name changes with the analysis, so no index of another one answers."""

KIND_PAGE = "page"
KIND_GONE = "gone"
"""An entry that only remembers the version of a document without pages."""

_RAW_FIELDS = ("kind", "patient", "state", "type", "batch", "reliable")


def build_schema() -> Schema:
    """Return the fields of the index."""
    builder = tantivy.SchemaBuilder()
    for name in ("page", "document"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in _RAW_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("version", stored=True, fast=True)
    builder.add_text_field(TOKENS, tokenizer_name="whitespace", index_option="position")
    return builder.build()


FIELD_NAMES = frozenset({"page", "document", *_RAW_FIELDS, "day", "version", TOKENS})
"""Of ``build_schema``."""


def compile_search(schema: Schema, node: QueryNode, only: IndexFilter) -> Query:
    """Return the pages that answer, scored by the words alone."""
    return Query.boolean_query([(Occur.Must, _compile(schema, node)), *_filter_clauses(schema, only)])


def compile_filter(schema: Schema, only: IndexFilter, *, reliable: bool | None = None) -> Query:
    """Return all pages that a filter admits, where wanted only those read reliably or not."""
    clauses = [(Occur.Must, _pages(schema)), *_filter_clauses(schema, only)]
    if reliable is not None:
        clauses.append((Occur.Must, Query.term_query(schema, "reliable", reliable_mark(reliable), "basic")))
    return Query.boolean_query(clauses)


def reliable_mark(reliable: bool) -> str:
    """Return how the index says it."""
    return "1" if reliable else "0"


def _compile(schema: Schema, node: QueryNode) -> Query:
    match node:
        case And(nodes):
            wanted = [part for part in nodes if not isinstance(part, Not)]
            clauses = [(Occur.Must, _compile(schema, part)) for part in wanted]
            clauses += [] if wanted else [(Occur.Must, _pages(schema))]
            clauses += [
                (Occur.MustNot, _compile(schema, part.node)) for part in nodes if isinstance(part, Not)
            ]
            return Query.boolean_query(clauses)
        case Or(nodes):
            return Query.boolean_query([(Occur.Should, _compile(schema, part)) for part in nodes])
        case Not(part):
            return Query.boolean_query(
                [(Occur.Must, _pages(schema)), (Occur.MustNot, _compile(schema, part))]
            )
        case Terms(variants):
            return _best_of([_terms_query(schema, variant) for variant in variants])
        case Prefix(variants):
            return _best_of([_prefix_query(schema, variant) for variant in variants])


def _terms_query(schema: Schema, tokens: tuple[str, ...]) -> Query:
    if len(tokens) == 1:
        return Query.term_query(schema, TOKENS, tokens[0])
    return Query.phrase_query(schema, TOKENS, list(tokens))


def _prefix_query(schema: Schema, tokens: tuple[str, ...]) -> Query:
    if len(tokens) == 1:
        return Query.regex_query(schema, TOKENS, _escape(tokens[0]) + ".*")
    patterns: list[str | tuple[int, str]] = [*map(_escape, tokens[:-1]), _escape(tokens[-1]) + ".*"]
    return Query.regex_phrase_query(schema, TOKENS, patterns)


def _escape(token: str) -> str:
    """Escape what a pattern could take for more than itself; tokens hold letters, digits, and . - ~ alone."""
    return re.sub(r"([.\-~|])", r"\\\1", token)


def _best_of(queries: list[Query]) -> Query:
    """Several ways of writing count once, by the best."""
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _pages(schema: Schema) -> Query:
    return Query.const_score_query(Query.term_query(schema, "kind", KIND_PAGE, "basic"), 0.0)


def _filter_clauses(schema: Schema, only: IndexFilter) -> list[tuple[Occur, Query]]:
    clauses = [
        Query.term_set_query(schema, field, list(values)) for field, values in wanted_values(only).items()
    ]
    bounds = date_bounds(only)
    if bounds:
        clauses.append(Query.range_query(schema, "day", FieldType.Unsigned, bounds[0], bounds[1]))
    return [(Occur.Must, Query.const_score_query(clause, 0.0)) for clause in clauses]
