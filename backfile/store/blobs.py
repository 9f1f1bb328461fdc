"""Files kept by the SHA-256 of their bytes: ``store/ab/abcdef…``. What is in it never changes."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from backfile.errors import DiskFull
from backfile.faults import fault

_CHUNK = 1 << 20
_ABANDONED_SECONDS = 3600.0


class BlobFolder:
    """A content-addressed folder on this machine."""

    def __init__(self, root: Path) -> None:
        """Keep the files under ``root``."""
        self._root = root
        self._incoming = root / "incoming"

    def add_file(self, source: Path) -> str:
        """Copy a file in, durably, and return its SHA-256.

        Written under a temporary name, flushed to the disk, renamed, and the folder flushed: after a
        power cut the file is there whole or not at all. A symbolic link is not followed.

        Raises:
            DiskFull: there is no room; nothing was kept.
            OSError: the source cannot be read.
        """
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._incoming / secrets.token_hex(16)
        try:
            digest = self._copy(source, temporary)
            fault("blob.copied")
            target = self.path_of(digest)
            if target.exists():
                return digest
            target.parent.mkdir(mode=0o700, exist_ok=True)
            temporary.rename(target)
            fault("blob.renamed")
            _flush_folder(target.parent)
            _flush_folder(self._root)
            return digest
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise DiskFull from None
            raise
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _copy(self, source: Path, temporary: Path) -> str:
        digest = hashlib.sha256()
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
        with (
            os.fdopen(os.open(source, flags), "rb") as reader,
            os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as writer,
        ):
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
                fault("blob.writing")
            writer.flush()
            os.fsync(writer.fileno())
        return digest.hexdigest()

    def path_of(self, sha256: str) -> Path:
        """Return where the bytes lie, for reading."""
        return self._root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether they are there."""
        return self.path_of(sha256).is_file()

    def is_sound(self, sha256: str) -> bool:
        """Say whether the bytes are there and still have their hash."""
        path = self.path_of(sha256)
        if not path.is_file():
            return False
        digest = hashlib.sha256()
        with path.open("rb") as reader:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest() == sha256

    def all(self) -> Iterator[str]:
        """Return every hash in the store."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                yield path.name

    def clear_incoming(self) -> None:
        """Remove copies that a crash left half written; one of the last hour may still be in the making."""
        for path in self._incoming.glob("*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
