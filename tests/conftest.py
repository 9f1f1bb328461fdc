"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlalchemy import Connection, create_engine

from backfile.store.schema import metadata
from tests.servers.elasticsearch import elastic_server, secured_server

__all__ = ["elastic_server", "secured_server"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("backfile", deadline=None)
settings.load_profile("backfile")


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Return a connection to an empty catalog in memory, within one transaction."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()
