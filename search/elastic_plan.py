"""Which entries must be written and deleted so that documents stand in the index as they were put."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from backfile.ports import IndexedPage
from search.elastic_bulk import WRITE_SECONDS, BulkLine
from search.elastic_errors import translate_item, translated
from search.elastic_mapping import document_entry, document_entry_id, page_entry, page_entry_id
from search.engine import IndexedDocument

_MAX_IDS = 5_000


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document's own entry."""

    version: int
    pages: tuple[str, ...]
    """All that it holds; none where it was taken out."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """Where a page stands now."""

    document: str
    unchanged: tuple[tuple[str, int | str], ...]
    """The condition that nobody has changed it since."""


class EntryStore:
    """Looks entries up by their ids, as they are now, whether visible to searches or not."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        """Look in an index."""
        self._client, self._alias = client, alias

    def versions(self, documents: Sequence[str]) -> dict[str, int]:
        """Return the version of each document that was ever put."""
        ids = {document_entry_id(one): one for one in documents}
        return {ids[key]: int(found["_version"]) for key, found in self._get(ids, source=False)}

    def documents(self, documents: Iterable[str]) -> dict[str, DocumentEntry]:
        """Return the entries of documents, as far as there are any."""
        ids = {document_entry_id(one): one for one in documents}
        return {
            ids[key]: DocumentEntry(int(found["_version"]), tuple(found["_source"]["pages"]))
            for key, found in self._get(ids, source=["pages"])
        }

    def pages(self, pages: Iterable[str]) -> dict[str, PageEntry]:
        """Return where pages stand, as far as they are in the index."""
        ids = {page_entry_id(one): one for one in pages}
        return {
            ids[key]: PageEntry(
                found["_source"]["document"],
                (("if_seq_no", found["_seq_no"]), ("if_primary_term", found["_primary_term"])),
            )
            for key, found in self._get(ids, source=["document"])
        }

    def _get(self, ids: Mapping[str, str], *, source: bool | list[str]) -> Iterator[tuple[str, Any]]:
        every = iter(ids)
        while batch := list(islice(every, _MAX_IDS)):
            with translated():
                answer = self._client.options(request_timeout=WRITE_SECONDS).mget(
                    index=self._alias, docs=[{"_id": key, "_source": source} for key in batch]
                )
            for found in answer["docs"]:
                if "error" in found:
                    raise translate_item(503, found["error"])
                if found["found"]:
                    yield found["_id"], found


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: first the documents' entries, which a higher version refuses, then the pages'."""

    documents: tuple[BulkLine, ...]
    pages: tuple[BulkLine, ...]


def plan_changes(documents: Mapping[str, IndexedDocument], store: EntryStore) -> Plan:
    """Return the changes that put documents; no page may stand in two of them.

    Args:
        documents: by id.
        store: the entries as they are.
    """
    before = store.documents(documents)
    wanted = {page.id: document.id for document in documents.values() for page in document.pages}
    left = {page for entry in before.values() for page in entry.pages if page not in wanted}
    standing = store.pages([*wanted, *left])
    heads = [
        _document_line(document.id, document.version, [page.id for page in document.pages])
        for document in documents.values()
    ]
    lines = [
        _page_line(page, document, standing) for document in documents.values() for page in document.pages
    ]
    lines += [
        BulkLine(document, "delete", page_entry_id(page), standing[page].unchanged)
        for document, entry in before.items()
        for page in entry.pages
        if page in left and page in standing and standing[page].document == document
    ]
    return Plan(tuple(heads), (*lines, *_robbed_lines(wanted, standing, documents, store)))


def _page_line(page: IndexedPage, document: IndexedDocument, standing: Mapping[str, PageEntry]) -> BulkLine:
    found = standing.get(page.id)
    return BulkLine(
        document.id,
        "index" if found else "create",
        page_entry_id(page.id),
        found.unchanged if found else (),
        page_entry(page, document),
    )


def _robbed_lines(
    wanted: Mapping[str, str],
    standing: Mapping[str, PageEntry],
    documents: Mapping[str, IndexedDocument],
    store: EntryStore,
) -> Iterator[BulkLine]:
    """Yield the entries of documents that lose pages to those put, without being put themselves."""
    robbed: dict[str, str] = {}
    for page, document in wanted.items():
        if page in standing and standing[page].document not in documents:
            robbed[standing[page].document] = document
    for loser, entry in store.documents(robbed).items():
        kept = [page for page in entry.pages if page not in wanted]
        yield _document_line(loser, entry.version, kept, subject=robbed[loser])


def _document_line(document: str, version: int, pages: list[str], *, subject: str = "") -> BulkLine:
    return BulkLine(
        subject or document,
        "index",
        document_entry_id(document),
        (("version", version), ("version_type", "external_gte")),
        document_entry(document, pages),
    )
