"""How the index lies in Elasticsearch.

One entry a page, and one a document that remembers the document's version and which pages it holds. Entries
are found by one alias, whose name carries the version of this layout and of the text analysis: a program of
another version asks for another alias and is told that the index is missing. It would get silent zeros from
fields that are not there.

Only what Elasticsearch itself brings is used, no plugin and no module: text comes in already analysed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backfile.ports import IndexedPage
from search.analysis import ANALYSIS_VERSION
from search.engine import IndexedDocument, day_number

SCHEMA_VERSION = 1
"""Raised with every change of what stands here."""

TOKENS = f"tokens_v{ANALYSIS_VERSION}"
KIND_PAGE = "page"
KIND_DOCUMENT = "document"

_KEYWORDS = ("kind", "page", "document", "patient", "state", "type", "batch")
MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "_meta": {"schema": SCHEMA_VERSION, "analysis": ANALYSIS_VERSION},
    # What a page says is in the index alone: built anew it is from the catalog, never from here.
    "_source": {"excludes": [TOKENS]},
    "properties": {
        **{name: {"type": "keyword"} for name in _KEYWORDS},
        "pages": {"type": "keyword", "index": False, "doc_values": False},
        "day": {"type": "integer"},
        "version": {"type": "long"},
        "reliable": {"type": "boolean"},
        # This analyzer cuts words of more than 255 characters in pieces; our tokens are much shorter.
        TOKENS: {"type": "text", "analyzer": "whitespace"},
    },
}
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    # Only `commit` makes what was put visible, and never half of it.
    "refresh_interval": "-1",
    "translog": {"durability": "request"},
}


def root_name(home_id: str) -> str:
    """Return how the names of all indexes of a home begin."""
    return f"backfile-{home_id}"


def alias_name(home_id: str) -> str:
    """Return the alias of this version's index of a home."""
    return f"{root_name(home_id)}-v{SCHEMA_VERSION}a{ANALYSIS_VERSION}"


def is_our_make(mapping: Mapping[str, Any]) -> bool:
    """Say whether an index is laid out as this version does it."""
    found = {name: field.get("type") for name, field in mapping.get("properties", {}).items()}
    wanted = {name: field["type"] for name, field in MAPPING["properties"].items()}
    is_strict = mapping.get("dynamic") == "strict"
    return is_strict and found == wanted and mapping.get("_meta") == MAPPING["_meta"]


def page_entry_id(page: str) -> str:
    """Return the id of a page's entry."""
    return f"p:{page}"


def document_entry_id(document: str) -> str:
    """Return the id of a document's entry."""
    return f"d:{document}"


def page_entry(page: IndexedPage, document: IndexedDocument) -> dict[str, Any]:
    """Return the entry of a page."""
    return {
        "kind": KIND_PAGE,
        "page": page.id,
        "document": document.id,
        "version": document.version,
        "patient": page.patient,
        "state": page.state,
        "type": page.type,
        "batch": page.batch,
        "day": day_number(page.service_date),
        "reliable": page.reliable,
        TOKENS: page.tokens,
    }


def document_entry(document: str, pages: list[str]) -> dict[str, Any]:
    """Return the entry of a document; its version is the entry's own."""
    return {"kind": KIND_DOCUMENT, "document": document, "pages": pages}
