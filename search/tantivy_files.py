"""The files of a tantivy index: can this version read them, and are they as they were written?

tantivy ends each file with a JSON footer that holds a CRC-32 of what stands before it, then the footer's
length and a magic number, four bytes each, least significant first. It does not check them when it opens an
index; ``check_sums`` does, for ``verify``.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backfile.errors import IndexUnusable
from search.tantivy_query import FIELD_NAMES

META = "meta.json"
WRITER_LOCK = ".tantivy-writer.lock"

_SUFFIXES = (".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm")
"""Every segment has one file of each; the library itself opens a segment without positions."""
_MAGIC = 1337
_TAIL = struct.Struct("<II")
_CHUNK = 1 << 20


def check_make(folder: Path) -> None:
    """Refuse an index that this version cannot read, or that misses a file.

    Raises:
        IndexUnusable: it is damaged, or was made by another version.
    """
    content = (folder / META).read_bytes()
    try:
        meta = json.loads(content)
        names = {field["name"] for field in meta["schema"]}
        ids = _segment_ids(meta)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise IndexUnusable("The search index is damaged.") from None
    if names != FIELD_NAMES:
        raise IndexUnusable("The search index was made by another version.")
    is_whole = all((folder / (name + suffix)).exists() for name in ids for suffix in _SUFFIXES)
    if not is_whole and (folder / META).read_bytes() == content:  # else a newer commit cleaned up meanwhile
        raise IndexUnusable("The search index is damaged.")


def check_sums(folder: Path) -> None:
    """Read every file of the newest commit and compare it with its checksum.

    What a writer left half written when it died belongs to no commit and is passed over.

    Raises:
        IndexUnusable: one is not what was written.
    """
    for path in _segment_files(folder):
        try:
            is_whole = _has_sum(path)
        except FileNotFoundError:
            continue  # merged away meanwhile; a file that a commit misses is found when the index is opened
        except (ValueError, KeyError, struct.error):
            is_whole = False
        if not is_whole:
            raise IndexUnusable("The search index is damaged.")


def _segment_files(folder: Path) -> Iterator[Path]:
    meta = json.loads((folder / META).read_bytes())
    for segment, name in zip(meta["segments"], _segment_ids(meta), strict=True):
        yield from (folder / (name + suffix) for suffix in _SUFFIXES)
        if deletes := segment.get("deletes"):  # which pages of it are gone; written anew by commits
            yield folder / f"{name}.{deletes['opstamp']}.del"


def _segment_ids(meta: dict[str, Any]) -> tuple[str, ...]:
    return tuple(segment["segment_id"].replace("-", "") for segment in meta["segments"])


def _has_sum(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size < _TAIL.size:
            return False
        file.seek(size - _TAIL.size)
        length, magic = _TAIL.unpack(file.read(_TAIL.size))
        left = size - _TAIL.size - length
        if magic != _MAGIC or left < 0:
            return False
        file.seek(left)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        total = 0
        while left > 0:
            chunk = file.read(min(_CHUNK, left))
            total = zlib.crc32(chunk, total)
            left -= len(chunk)
    return bool(total == expected)
