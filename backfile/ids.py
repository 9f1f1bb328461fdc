"""Opaque identifiers."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterator

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_BITS = 60
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]
_SHIFTS = range(_BITS - 10, -1, -10)
_DRAWN_AT_ONCE = 1000


def new_id(prefix: str) -> str:
    """Return a new id such as ``doc_4x0mhk2v9t8r``: 60 random bits after the prefix."""
    return _write_id(prefix, secrets.randbits(_BITS))


def new_ids(prefix: str, count: int) -> Iterator[str]:
    """Yield so many new ids, each greater than the one before.

    Rows that are added in the order of their keys lie together, and a table of a million of them is written
    once instead of again and again. Each id is random within its share of all there are.
    """
    share = (1 << _BITS) // max(count, 1)
    for start in range(0, count, _DRAWN_AT_ONCE):
        drawn = array("Q", secrets.token_bytes(8 * _DRAWN_AT_ONCE))
        for at, bits in zip(range(start, count), drawn, strict=False):
            yield _write_id(prefix, at * share + bits % share)


def _write_id(prefix: str, bits: int) -> str:
    return f"{prefix}_" + "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])
