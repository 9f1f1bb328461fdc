"""The small distribution of the real Elasticsearch that its makers publish for plugin authors."""

from __future__ import annotations

import os
import pwd
import zipfile
from pathlib import Path

from tests.servers.maven import fetch_once, need_program

VERSION = "8.19.9"
_SHA256 = "6a0603db2b0406776dcf15df248294941f310e9183ca18a219bc8c6d57546ff0"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"


def unpack_distribution(folder: Path) -> Path:
    """Return the server's own folder, unpacked in ``folder`` and readable for ``server_user``."""
    with zipfile.ZipFile(_fetch_zip()) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            path.chmod((entry.external_attr >> 16) & 0o777 or (0o755 if entry.is_dir() else 0o644))
    return folder / f"elasticsearch-{VERSION}"


def java_home() -> Path:
    """Return the home of the Java that is on the path."""
    return Path(need_program("java", "openjdk-17-jre-headless", of="Elasticsearch")).resolve().parent.parent


def server_user() -> str | None:
    """Return whom the server runs as: itself it refuses root. None is whoever runs the tests."""
    return "nobody" if os.getuid() == 0 else None


def server_group() -> int | None:
    """Return the group of ``server_user``."""
    user = server_user()
    return pwd.getpwnam(user).pw_gid if user else None


def give_to_server(folder: Path) -> None:
    """Let the server write in a folder."""
    user = server_user()
    if user is None:
        return
    owner = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _fetch_zip() -> Path:
    java_home()
    name = f"elasticsearch-{VERSION}.zip"
    return fetch_once(
        name,
        lambda folder: ["dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}"],
        arrives_as=name,
        what=f"Elasticsearch {VERSION}",
        sha256=_SHA256,
    )
