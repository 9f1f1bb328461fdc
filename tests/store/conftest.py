"""A catalog in a file of its own, with a clock that stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from backfile.ports import FixedClock
from backfile.store.catalog import Catalog


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC))


@pytest.fixture
def catalog(tmp_path: Path, clock: FixedClock) -> Catalog:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}", clock=clock)
    catalog.migrate()
    return catalog
