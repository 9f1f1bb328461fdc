from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from search.elastic_client import ElasticAccess
from search.elastic_engine import ElasticEngine
from search.engine import SearchEngine
from search.memory_engine import MemoryEngine
from search.tantivy_engine import TantivyEngine
from tests.servers.elasticsearch import ElasticServer

EngineMaker: TypeAlias = Callable[[Path, pytest.FixtureRequest], SearchEngine]


def access_of(server: ElasticServer) -> ElasticAccess:
    """Return how an engine gets at a server."""
    return ElasticAccess(server.url, server.user, server.password, ca=str(server.ca or ""))


def elastic_engine(server: ElasticServer, folder: Path, *, home_id: str = "") -> ElasticEngine:
    """Return an engine of a home of its own."""
    return ElasticEngine(
        access_of(server), home_id=home_id or secrets.token_hex(6), lock=folder / "elasticsearch.lock"
    )


ENGINES: dict[str, EngineMaker] = {
    "memory": lambda folder, request: MemoryEngine(),
    "tantivy": lambda folder, request: TantivyEngine(folder),
    "elastic": lambda folder, request: elastic_engine(request.getfixturevalue("elastic_server"), folder),
}
"""Every engine that ships; each must pass the same tests."""


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index."""
    made = ENGINES[request.param](tmp_path / "index", request)
    made.clear()
    yield made
    if isinstance(made, ElasticEngine):
        made.drop()
    made.close()
