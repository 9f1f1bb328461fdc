"""Which layouts, wordings and institutions may be trained on, and which are kept for the demo."""

from __future__ import annotations

import zlib
from enum import StrEnum
from functools import lru_cache


class FamilySplit(StrEnum):
    """Three sets of layout families that share neither a page design nor the wording of a label."""

    TRAIN = "train"
    CALIBRATE = "calibrate"
    DEMO = "demo"


_SHARES = {
    FamilySplit.TRAIN: {0, 1, 2, 3, 4, 5},
    FamilySplit.CALIBRATE: {0, 1, 6},
    FamilySplit.DEMO: {0, 1, 7},
}
"""Eighths of every pool of phrases: 0 and 1 are common to all, the rest belongs to one set alone."""

_SMALL_POOL = 6
"""Pools under this size are common: there are not many ways to say it."""


def bucket_of(text: str, buckets: int = 8) -> int:
    """Return a stable number from 0 for a text."""
    return zlib.crc32(text.encode()) % buckets


@lru_cache(maxsize=4096)
def part_of_pool(pool: tuple[str, ...], families: FamilySplit) -> tuple[str, ...]:
    """Return the phrases of a pool that a set may use; all of a small pool."""
    if len(pool) < _SMALL_POOL:
        return pool
    kept = tuple(phrase for phrase in pool if bucket_of(phrase) in _SHARES[families])
    return kept if len(kept) >= 2 else pool
