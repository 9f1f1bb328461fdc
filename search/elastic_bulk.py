"""Many entries in few requests, no faster than the server can take them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from elasticsearch import ApiError, Elasticsearch

from search.elastic_errors import is_overload, is_overload_item, overloaded, translate_item, translated

log = logging.getLogger(__name__)

MAX_BYTES = 4_000_000
"""Of one request; a server takes 100 MB, and needs many times a request's size in memory."""
MAX_LINES = 2_000
WRITE_SECONDS = 60.0
"""The longest that a request which writes takes."""
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 5.0
_PATIENCE = 30.0
"""How long a server may go on saying that it has too much to do."""
_NOT_FOUND = 404
_CONFLICT = 409
_TOO_LARGE = 413
_OVERLOADED = 429


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One entry to be written or deleted."""

    subject: str
    """For whose sake; named where the entry was changed by somebody else."""
    action: str
    """``index``, ``create`` or ``delete``."""
    entry: str
    """Id of the entry."""
    conditions: tuple[tuple[str, int | str], ...] = ()
    """Under which it is written: a version, or that nobody changed it since it was looked at."""
    source: Mapping[str, Any] | None = None

    def encode(self) -> bytes:
        """Return the lines of the request."""
        head = {self.action: {"_id": self.entry, **dict(self.conditions)}}
        parts = [head] if self.source is None else [head, self.source]
        return b"\n".join(json.dumps(part, ensure_ascii=False).encode() for part in parts)


def send_lines(lines: Iterable[BulkLine], *, client: Elasticsearch, alias: str) -> frozenset[str]:
    """Write entries; return the subjects of those whose conditions did not hold. Nothing is visible yet.

    Raises:
        ServerDown: the server does not answer, or refuses; what was written before stays written.
        IndexUnusable: the index is missing.
    """
    conflicts: set[str] = set()
    for chunk in _chunks(lines):
        conflicts |= _send_chunk(chunk, client, alias)
    return frozenset(conflicts)


def _chunks(lines: Iterable[BulkLine]) -> Iterator[list[tuple[BulkLine, bytes]]]:
    chunk: list[tuple[BulkLine, bytes]] = []
    size = 0
    for line in lines:
        encoded = line.encode()
        if chunk and (size + len(encoded) > MAX_BYTES or len(chunk) >= MAX_LINES):
            yield chunk
            chunk, size = [], 0
        chunk.append((line, encoded))
        size += len(encoded)
    if chunk:
        yield chunk


def _send_chunk(chunk: list[tuple[BulkLine, bytes]], client: Elasticsearch, alias: str) -> set[str]:
    """Send what is refused for overload again, ever more slowly."""
    conflicts: set[str] = set()
    wait, deadline = _FIRST_WAIT, time.monotonic() + _PATIENCE
    while chunk:
        refused = []
        for pair, outcome in zip(chunk, _ask(chunk, client, alias), strict=True):
            status, error = int(outcome["status"]), outcome.get("error") or {}
            if is_overload_item(status, error):
                refused.append(pair)
            elif status == _CONFLICT:
                conflicts.add(pair[0].subject)
            elif error or (status >= 300 and status != _NOT_FOUND):
                raise translate_item(status, error)
        chunk = refused
        if chunk:
            if time.monotonic() + wait > deadline:
                raise overloaded()
            log.info("elasticsearch has too much to do: %d entries wait %.1f s", len(chunk), wait)
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
    return conflicts


def _ask(chunk: list[tuple[BulkLine, bytes]], client: Elasticsearch, alias: str) -> list[dict[str, Any]]:
    """Return an outcome for each line, in order."""
    with translated():
        try:
            answer = client.options(request_timeout=WRITE_SECONDS).bulk(
                index=alias,
                operations=cast(Any, [encoded for _, encoded in chunk]),  # the client passes bytes through
                timeout="10s",  # for a part of the index that is not available
                require_alias=True,  # else a lost index would come back on its own, with a layout of its own
            )
        except ApiError as error:
            if error.meta.status == _TOO_LARGE and len(chunk) > 1:  # a proxy may take less than the server
                half = len(chunk) // 2
                return _ask(chunk[:half], client, alias) + _ask(chunk[half:], client, alias)
            if not is_overload(error):
                raise
            return [{"status": _OVERLOADED}] * len(chunk)
    return [next(iter(item.values())) for item in answer["items"]]
