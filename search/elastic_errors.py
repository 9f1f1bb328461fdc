"""What Elasticsearch and its client raise, in our terms.

Their own texts may quote a query or an entry, and are dropped.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from backfile.errors import BackfileError, IndexUnusable, ServerDown, UsageError

log = logging.getLogger(__name__)

_WAITS = "Intake and verification go on meanwhile, and the index catches up by itself."
_CODE = re.compile(r"[a-z_]{3,80}")
_MISSING = frozenset(
    {"index_not_found_exception", "alias_not_found_exception", "aliases_not_found_exception"}
)
_TOO_MANY = ("maxclausecount", "too_many_clauses", "too_many_nested_clauses")
_OVERLOADED = 429


@contextmanager
def translated() -> Iterator[None]:
    """Raise our errors in place of the client's.

    Raises:
        IndexUnusable: the index is missing.
        UsageError: the query asks for more than the server looks for at once.
        ServerDown: anything else, said in words.
    """
    try:
        yield
    except BackfileError:
        raise
    except (ApiError, TransportError, UnsupportedProductError) as error:
        raise _translate(error) from None


def translate_item(status: int, error: Mapping[str, Any]) -> BackfileError:
    """Return what went wrong with one entry of a request for many."""
    return _judge(status, [error])


def is_overload(error: BaseException) -> bool:
    """Say whether the server only asks to come again later."""
    return (
        isinstance(error, ApiError) and error.meta.status == _OVERLOADED and not _is_full([*_causes(error)])
    )


def is_overload_item(status: int, error: Mapping[str, Any]) -> bool:
    """Say the same of one entry of a request for many."""
    return status == _OVERLOADED and not _is_full([error])


def partial_answer() -> ServerDown:
    """Return the error for an answer that does not cover the whole index."""
    return _down("Search is down: Elasticsearch could not look through the whole index.")


def overloaded() -> ServerDown:
    """Return the error for a server that goes on refusing work."""
    return _down("Search is down: Elasticsearch has too much to do.")


def _translate(error: Exception) -> BackfileError:
    if isinstance(error, UnsupportedProductError):
        return _setting("What answers at search_url is not Elasticsearch.", "Correct search_url.")
    if isinstance(error, ApiError):
        return _judge(error.meta.status, [*_causes(error)])
    log.warning("elasticsearch failed: %s", type(error).__name__)
    if isinstance(error, ConnectionTimeout):
        return _down("Search is down: Elasticsearch did not answer in time.")
    if isinstance(error, TlsError):
        return _setting(
            "Search is down: the certificate of Elasticsearch is not trusted, or it speaks no TLS.",
            "Name its certificate authority in search_ca, and see that search_url names the right server.",
        )
    return _down("Search is down: Elasticsearch does not answer.")


def _judge(status: int, causes: list[Mapping[str, Any]]) -> BackfileError:
    codes = [code for cause in causes if _CODE.fullmatch(code := str(cause.get("type", "")))]
    if _MISSING.intersection(codes):
        return IndexUnusable("The search index is missing.")
    if status == 400 and any(
        mark in f"{cause.get('type')} {cause.get('reason')}".lower() for cause in causes for mark in _TOO_MANY
    ):
        return UsageError(
            "The search fits too many words of the index.",
            next_step="Type more of the word before the star, or search for fewer words at once.",
        )
    log.warning("elasticsearch failed: status %s, %s", status, ", ".join(dict.fromkeys(codes)) or "no code")
    if status == 401:
        return _setting(
            "Search is down: Elasticsearch does not accept the sign-in.",
            "Correct search_user and search_password, or search_api_key.",
        )
    if _is_full(causes):
        return _down("The disk of Elasticsearch is too full to write.", "Free some space there.")
    if status == 403:
        return _setting(
            "Search is down: this user of Elasticsearch lacks a right.",
            "Give it the rights that docs/elasticsearch.md lists.",
        )
    if "index_closed_exception" in codes:
        return _down("Search is down: the search index is closed.", "Open it, or run `backfile reindex`.")
    if status == _OVERLOADED:
        return overloaded()
    if status == 503:
        return _down(
            "Search is down: a part of the index is not available.",
            "Look at the health of Elasticsearch; if its data is lost, run `backfile reindex`.",
        )
    if status in (502, 504):
        return _down("Search is down: Elasticsearch does not answer.")
    return _down(f"Search is down: Elasticsearch refused the request (status {status}).", "Look at its log.")


def _causes(error: ApiError) -> Iterator[Mapping[str, Any]]:
    """Yield the failure and what is behind it; nothing where a proxy answered in its own way."""
    body = error.body
    first = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(first, Mapping):
        return
    yield first
    yield from (cause for cause in first.get("root_cause", ()) if isinstance(cause, Mapping))
    for shard in first.get("failed_shards", ()):
        if isinstance(shard, Mapping) and isinstance(shard.get("reason"), Mapping):
            yield shard["reason"]
    if isinstance(first.get("caused_by"), Mapping):
        yield first["caused_by"]


def _is_full(causes: list[Mapping[str, Any]]) -> bool:
    return any("flood-stage" in str(cause.get("reason", "")) for cause in causes)


def _down(what: str, todo: str = "Start it, or correct search_url.") -> ServerDown:
    return ServerDown(what, next_step=f"{todo} {_WAITS}")


def _setting(what: str, todo: str) -> ServerDown:
    return ServerDown(what, next_step=todo)
