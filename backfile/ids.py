"""Opaque identifiers."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread


def new_id(prefix: str) -> str:
    """Return a new id such as ``doc_4x0mhk2v9t8r``: 60 random bits after the prefix."""
    bits = secrets.randbits(60)
    return f"{prefix}_" + "".join(_ALPHABET[bits >> shift & 31] for shift in range(0, 60, 5))
