from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from search.engine import SearchEngine
from search.memory_engine import MemoryEngine
from search.tantivy_engine import TantivyEngine

EngineMaker: TypeAlias = Callable[[Path], SearchEngine]

ENGINES: dict[str, EngineMaker] = {
    "memory": lambda folder: MemoryEngine(),
    "tantivy": TantivyEngine,
}
"""Every engine that ships; each must pass the same tests."""


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine with an empty index."""
    made = ENGINES[request.param](tmp_path / "index")
    made.clear()
    yield made
    made.close()
