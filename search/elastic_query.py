"""Queries and filters in Elasticsearch's terms."""

from __future__ import annotations

from typing import Any, TypeAlias

from backfile.ports import IndexFilter
from search.elastic_mapping import KIND_PAGE, TOKENS
from search.engine import date_bounds, wanted_values
from search.query import And, Not, Or, Prefix, QueryNode, Terms

Clause: TypeAlias = dict[str, Any]


def compile_search(node: QueryNode, only: IndexFilter) -> Clause:
    """Return the pages that answer, scored by the words alone."""
    return {"bool": {"must": [_compile(node)], "filter": _filters(only)}}


def compile_filter(only: IndexFilter) -> Clause:
    """Return all pages that a filter admits."""
    return {"bool": {"filter": _filters(only)}}


def _compile(node: QueryNode) -> Clause:
    match node:
        case And(nodes):
            wanted = [_compile(part) for part in nodes if not isinstance(part, Not)]
            unwanted = [_compile(part.node) for part in nodes if isinstance(part, Not)]
            return {"bool": {"must": wanted or [_every_page()], "must_not": unwanted}}
        case Or(nodes):
            return {"bool": {"should": [_compile(part) for part in nodes], "minimum_should_match": 1}}
        case Not(part):
            return {"bool": {"must": [_every_page()], "must_not": [_compile(part)]}}
        case Terms(variants):
            return _best_of([_terms_query(variant) for variant in variants])
        case Prefix(variants):
            return _best_of([_prefix_query(variant) for variant in variants])


def _terms_query(tokens: tuple[str, ...]) -> Clause:
    if len(tokens) == 1:
        return {"term": {TOKENS: {"value": tokens[0]}}}
    return {"match_phrase": {TOKENS: {"query": " ".join(tokens)}}}


def _prefix_query(tokens: tuple[str, ...]) -> Clause:
    begun: Clause = {"prefix": {TOKENS: {"value": tokens[-1]}}}
    if len(tokens) == 1:
        return begun
    # The kinds of query made for this leave words out silently where many begin so; spans refuse instead.
    # Their score would be the sum over all words that begin so: it says nothing.
    before = [{"span_term": {TOKENS: {"value": token}}} for token in tokens[:-1]]
    near = {"clauses": [*before, {"span_multi": {"match": begun}}], "slop": 0, "in_order": True}
    return {"constant_score": {"filter": {"span_near": near}}}


def _best_of(queries: list[Clause]) -> Clause:
    """Several ways of writing count once, by the best."""
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _every_page() -> Clause:
    return {"constant_score": {"filter": {"term": {"kind": KIND_PAGE}}, "boost": 0.0}}


def _filters(only: IndexFilter) -> list[Clause]:
    clauses: list[Clause] = [{"term": {"kind": KIND_PAGE}}]
    clauses += [{"terms": {field: list(values)}} for field, values in wanted_values(only).items()]
    bounds = date_bounds(only)
    if bounds:
        clauses.append({"range": {"day": {"gte": bounds[0], "lte": bounds[1]}}})
    return clauses
