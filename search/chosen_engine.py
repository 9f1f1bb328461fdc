"""The engine that the settings choose, and the memory of which one it was before.

Changes are carried into one index only. When a site changes ``search_url``, the index that it comes back to
has missed all that happened meanwhile and would answer without it. So the home remembers which index is kept
up; any other is as good as missing until it is built anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from backfile.errors import IndexUnusable
from backfile.ports import IndexAnswer, IndexFilter
from search.engine import HeldDocument, IndexCount, IndexedDocument, SearchEngine
from search.query import QueryNode


class ChosenEngine:
    """A ``SearchEngine`` that refuses to answer from an index which another one has replaced."""

    def __init__(self, engine: SearchEngine, *, mark: str, file: Path, is_default: bool) -> None:
        """Stand before an engine.

        Args:
            engine: the one that the settings choose.
            mark: tells its index from all others that the home may have had.
            file: where the home remembers the mark of the index that is kept up.
            is_default: it is taken for kept up where the home remembers nothing.
        """
        self._engine = engine
        self._mark, self._file, self._is_default = mark, file, is_default

    def check(self, *, deep: bool = False) -> None:
        """See whether the index can answer."""
        self._check_mark()
        self._engine.check(deep=deep)

    def put_documents(self, documents: Sequence[IndexedDocument]) -> int:
        """Put or replace documents; return how many were refused."""
        self._check_mark()
        return self._engine.put_documents(documents)

    def commit(self) -> None:
        """Make what was put durable and visible."""
        self._check_mark()
        self._engine.commit()

    def search(self, query: QueryNode, *, only: IndexFilter, limit: int) -> IndexAnswer:
        """Return the pages that answer, best first."""
        self._check_mark()
        return self._engine.search(query, only=only, limit=limit)

    def count_pages(self, *, only: IndexFilter) -> IndexCount:
        """Return how many pages a search with this filter looks through."""
        self._check_mark()
        return self._engine.count_pages(only=only)

    def versions(self) -> dict[str, HeldDocument]:
        """Return every document that has pages in the index."""
        self._check_mark()
        return self._engine.versions()

    def clear(self) -> None:
        """Begin an empty index; it is the one that is kept up from now on."""
        self._engine.clear()
        draft = self._file.with_name(f".{self._file.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(self._mark + "\n", encoding="ascii")
        draft.replace(self._file)

    def close(self) -> None:
        """Let go of the index."""
        self._engine.close()

    def _check_mark(self) -> None:
        try:
            remembered = self._file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            remembered = self._mark if self._is_default else ""
        except (OSError, UnicodeDecodeError):
            remembered = ""
        if remembered != self._mark:
            raise IndexUnusable("This search index was not kept up: search_url was changed meanwhile.")
