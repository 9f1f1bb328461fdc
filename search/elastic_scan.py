"""All that the index holds, for comparison with the catalog and with itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from elasticsearch import Elasticsearch

from backfile.errors import BackfileError
from search.elastic_errors import partial_answer, translated
from search.elastic_mapping import KIND_DOCUMENT, KIND_PAGE
from search.engine import HeldDocument

_BATCH = 5_000
_SECONDS = 60.0
"""The longest that one request takes here; nobody waits for it at a screen."""


def read_held_documents(client: Elasticsearch, alias: str) -> dict[str, HeldDocument]:
    """Return each document with its number of pages and the lowest version that one of them has."""
    held: dict[str, HeldDocument] = {}
    after: dict[str, Any] = {}
    with _frozen_view(client, alias) as ask:
        while True:
            composite = {"size": _BATCH, "sources": [{"document": {"terms": {"field": "document"}}}], **after}
            answer = ask(
                size=0,
                query={"term": {"kind": KIND_PAGE}},
                aggs={
                    "documents": {
                        "composite": composite,
                        "aggs": {"version": {"min": {"field": "version"}}},
                    }
                },
            )
            found = answer["aggregations"]["documents"]
            for bucket in found["buckets"]:
                held[bucket["key"]["document"]] = HeldDocument(
                    int(bucket["version"]["value"]), int(bucket["doc_count"])
                )
            if "after_key" not in found:
                return held
            after = {"after": found["after_key"]}


def read_listed_documents(client: Elasticsearch, alias: str) -> dict[str, HeldDocument]:
    """Return each document that should have pages, with how many, as its own entry says."""
    listed: dict[str, HeldDocument] = {}
    after: dict[str, Any] = {}
    with _frozen_view(client, alias) as ask:
        while True:
            answer = ask(
                size=_BATCH,
                query={"term": {"kind": KIND_DOCUMENT}},
                sort=["_shard_doc"],
                version=True,
                source=["document", "pages"],
                **after,
            )
            hits = answer["hits"]["hits"]
            for hit in hits:
                pages = hit["_source"]["pages"]
                if pages:
                    listed[hit["_source"]["document"]] = HeldDocument(int(hit["_version"]), len(pages))
            if not hits:
                return listed
            after = {"search_after": hits[-1]["sort"]}


@contextmanager
def _frozen_view(client: Elasticsearch, alias: str) -> Iterator[Any]:
    """Lend a way of asking that sees one state of the index throughout."""
    view = client.open_point_in_time(index=alias, keep_alive="5m")["id"]

    def ask(**request: Any) -> Any:
        answer = client.options(request_timeout=_SECONDS).search(
            pit={"id": view, "keep_alive": "5m"}, allow_partial_search_results=False, **request
        )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise partial_answer()
        return answer

    try:
        yield ask
    finally:
        with suppress(BackfileError), translated():
            client.close_point_in_time(id=view)
