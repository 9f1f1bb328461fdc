"""The file store keeps bytes whole or not at all."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backfile.errors import DiskFull
from backfile.store.blobs import BlobFolder


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(max_size=3000))
def test_bytes_come_back_as_they_were(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    blobs = BlobFolder(tmp_path / "store")
    sha256 = blobs.add_file(source)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert blobs.path_of(sha256).read_bytes() == content
    assert source.read_bytes() == content
    assert blobs.add_file(source) == sha256
    assert blobs.is_sound(sha256)


def test_an_altered_or_missing_file_is_not_sound(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"a chart")
    blobs = BlobFolder(tmp_path / "store")
    sha256 = blobs.add_file(source)
    path = blobs.path_of(sha256)
    path.chmod(0o600)
    path.write_bytes(b"a chAnge")
    assert not blobs.is_sound(sha256)
    path.unlink()
    assert not blobs.is_sound(sha256)
    assert not blobs.has(sha256)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic"):
        BlobFolder(tmp_path / "store").add_file(tmp_path / "link")


def test_no_room_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(300_000))
    blobs = BlobFolder(tmp_path / "store")
    # A limit on file size fails a write as a full disk does (EFBIG in place of ENOSPC).
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DiskFull):
            blobs.add_file(source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert list(blobs.all()) == []
    assert list((tmp_path / "store" / "incoming").iterdir()) == []
    assert blobs.has(blobs.add_file(source))
