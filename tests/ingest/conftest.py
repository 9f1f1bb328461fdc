"""A private Redis for each test that needs one, and a home folder with a short path."""

from __future__ import annotations

import base64
import contextlib
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ingest.redis_server import connect, socket_url, start_redis


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A private folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="bf-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class RunningRedis:
    """A Redis server under test."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        return socket_url(self.socket)

    def connection(self, *, patience: float = 3.0) -> Redis:
        return connect(self.url, patience=patience)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again."""
        self.process = start_redis(self.folder, self.socket)

    def contents(self) -> bytes:
        """Everything that it holds, keys and values, unpacked, as one run of bytes."""
        connection: Any = self.connection()
        parts: list[bytes] = []
        for key in connection.keys("*"):
            parts.append(key)
            match connection.type(key):
                case b"hash":
                    for name, value in connection.hgetall(key).items():
                        parts += [name, _unpack(value)]
                case b"stream":
                    for _, entry in connection.xrange(key):
                        parts += [_unpack(value) for value in entry.values()]
                case _:
                    # None: it ran out of its time since the keys were listed.
                    parts.append(connection.dump(key) or b"")
        connection.close()
        return b"\n".join(parts)


def _unpack(value: bytes) -> bytes:
    """Undo what RQ does to values: zlib, and zlib in base 64."""
    for decode in (bytes, base64.b64decode):
        with contextlib.suppress(zlib.error, ValueError):
            return zlib.decompress(decode(value))
    return value


@pytest.fixture
def redis_server(short_folder: Path) -> Iterator[RunningRedis]:
    """A server as a home has it."""
    server = RunningRedis(short_folder, start_redis(short_folder, short_folder / "redis.sock"))
    yield server
    server.kill()
