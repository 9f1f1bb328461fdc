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


_TURNS = (
    *(None, FamilySplit.TRAIN, FamilySplit.DEMO, FamilySplit.TRAIN),
    *(None, FamilySplit.TRAIN, FamilySplit.CALIBRATE, FamilySplit.TRAIN),
)
"""Whose each phrase of a pool is, in turn, after the pool was shuffled by hash; None is everybody's."""

_SMALL_POOL = 6
"""Pools under this size are common: there are not many ways to say it."""


def bucket_of(text: str, buckets: int = 8) -> int:
    """Return a stable number from 0 for a text."""
    return zlib.crc32(text.encode()) % buckets


@lru_cache(maxsize=4096)
def part_of_pool(pool: tuple[str, ...], families: FamilySplit) -> tuple[str, ...]:
    """Return the phrases of a pool that a set may use; all of a small pool."""
    phrases = list(dict.fromkeys(pool))
    if len(phrases) < _SMALL_POOL:
        return pool
    shuffled = sorted(phrases, key=lambda phrase: bucket_of(phrase, 2**32))
    kept = {phrase for at, phrase in enumerate(shuffled) if _TURNS[at % len(_TURNS)] in {None, families}}
    return tuple(phrase for phrase in phrases if phrase in kept)
