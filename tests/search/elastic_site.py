"""A home's index on the test server, and the server itself as an administrator sees it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from elasticsearch import Elasticsearch

from backfile.ports import IndexFilter
from search.elastic_client import ElasticAccess
from search.elastic_engine import ElasticEngine
from search.elastic_mapping import alias_name, root_name
from search.query import parse_query
from tests.search.corpus import make_document
from tests.servers.elasticsearch import ElasticServer

EVERYTHING = IndexFilter()


def access_of(server: ElasticServer) -> ElasticAccess:
    """Return how an engine gets at a server."""
    return ElasticAccess(server.url, server.user, server.password, ca=str(server.ca or ""))


def elastic_engine(server: ElasticServer, folder: Path, *, home_id: str = "") -> ElasticEngine:
    """Return an engine of a home of its own."""
    return ElasticEngine(
        access_of(server), home_id=home_id or secrets.token_hex(6), lock=folder / "elasticsearch.lock"
    )


class Site:
    """A home's index on the test server, and the server itself as an administrator sees it."""

    def __init__(self, server: ElasticServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.home_id = secrets.token_hex(6)
        self.alias = alias_name(self.home_id)
        self.client = Elasticsearch(server.url, request_timeout=30)
        self.engines: list[ElasticEngine] = []

    def engine(self) -> ElasticEngine:
        self.engines.append(elastic_engine(self.server, self.folder, home_id=self.home_id))
        return self.engines[-1]

    def indexes(self) -> set[str]:
        return set(self.client.indices.get(index=f"{root_name(self.home_id)}-*", expand_wildcards="all").body)

    def close(self) -> None:
        for engine in self.engines:
            engine.close()
        names = sorted(self.indexes())
        if names:
            self.client.indices.delete(index=names)
        self.client.close()


def total(engine: ElasticEngine, text: str) -> int:
    return engine.search(parse_query(text), only=EVERYTHING, limit=1).total


def every_question(engine: ElasticEngine) -> list[Callable[[], object]]:
    return [
        lambda: total(engine, "fever"),
        lambda: engine.count_pages(only=EVERYTHING),
        engine.versions,
        engine.check,
        lambda: engine.put_documents([make_document("x", "fever")]),
        engine.commit,
        lambda: engine.search(parse_query("fever"), only=EVERYTHING, limit=20_000),
    ]
