from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from search.elastic_engine import ElasticEngine
from search.engine import SearchEngine
from search.memory_engine import MemoryEngine
from search.tantivy_engine import TantivyEngine
from tests.search.corpus import make_document
from tests.search.elastic_site import Site, elastic_engine
from tests.servers.elasticsearch import ElasticServer

EngineMaker: TypeAlias = Callable[[Path, pytest.FixtureRequest], SearchEngine]


_HOME_ID = secrets.token_hex(6)
"""One for all that begin with an empty index: beginning one takes less time than also removing it."""

ENGINES: dict[str, EngineMaker] = {
    "memory": lambda folder, request: MemoryEngine(),
    "tantivy": lambda folder, request: TantivyEngine(folder),
    "elastic": lambda folder, request: elastic_engine(
        request.getfixturevalue("elastic_server"), folder, home_id=_HOME_ID
    ),
}
"""Every engine that ships; each must pass the same tests."""


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index."""
    made = ENGINES[request.param](tmp_path / "index", request)
    made.clear()
    yield made
    made.close()


@pytest.fixture
def site(elastic_server: ElasticServer, tmp_path: Path) -> Iterator[Site]:
    """A home's index on the test server, not made yet."""
    made = Site(elastic_server, tmp_path)
    yield made
    made.close()


@pytest.fixture
def elastic(site: Site) -> ElasticEngine:
    """An engine on the site's index, which holds one document."""
    made = site.engine()
    made.clear()
    made.put_documents([make_document("first", "fever and chills", "cough")])
    made.commit()
    return made
