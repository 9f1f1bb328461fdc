"""Domain values to JSON and back, for columns that hold a whole value."""

from __future__ import annotations

import zlib
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from backfile.domain.decision import MatchOutcome
from backfile.domain.document import FieldValue
from backfile.domain.evidence import PageEvidence
from backfile.domain.page import PageReading

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump_json(kind: Any, value: object) -> str:
    """Return a dataclass value as JSON."""
    return _adapter(kind).dump_json(value).decode()


def load_json(kind: type[T], data: str | bytes) -> T:
    """Return the value that ``dump_json`` wrote."""
    adapter: TypeAdapter[Any] = _adapter(cast("Any", kind))
    value: T = adapter.validate_json(data)
    return value


def pack_reading(reading: PageReading) -> bytes:
    """Return a reading compressed; about 8 kB for a full page.

    What has its usual value, such as words without another reading, is left out, and read back as it was.
    """
    return zlib.compress(_adapter(PageReading).dump_json(reading, exclude_defaults=True), 6)


def unpack_reading(data: bytes) -> PageReading:
    """Return the reading that ``pack_reading`` wrote."""
    return load_json(PageReading, zlib.decompress(data))


def pack_evidence(evidence: PageEvidence) -> bytes:
    """Return a page's evidence compressed."""
    return zlib.compress(_adapter(PageEvidence).dump_json(evidence), 6)


def unpack_evidence(data: bytes) -> PageEvidence:
    """Return the evidence that ``pack_evidence`` wrote."""
    return load_json(PageEvidence, zlib.decompress(data))


def dump_fields(fields: tuple[FieldValue, ...]) -> str:
    """Return a document's fields as JSON."""
    return _adapter(tuple[FieldValue, ...]).dump_json(fields).decode()


def load_fields(data: str) -> tuple[FieldValue, ...]:
    """Return the fields that ``dump_fields`` wrote."""
    value: tuple[FieldValue, ...] = _adapter(tuple[FieldValue, ...]).validate_json(data)
    return value


def dump_match(match: MatchOutcome | None) -> str | None:
    """Return a match as JSON; None for none."""
    return None if match is None else dump_json(MatchOutcome, match)


def load_match(data: str | None) -> MatchOutcome | None:
    """Return the match that ``dump_match`` wrote."""
    return None if data is None else load_json(MatchOutcome, data)
