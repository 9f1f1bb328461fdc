"""The small distribution of the real Elasticsearch that its makers publish for plugin authors.

Maven fetches it once into a cache of the user's own; whatever is missing to do so fails the test in words.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

VERSION = "8.19.9"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
_DOWNLOAD_SECONDS = 240.0


def unpack_distribution(folder: Path) -> Path:
    """Return the server's own folder, unpacked in ``folder`` and readable for ``server_user``."""
    with zipfile.ZipFile(_fetch_zip()) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            path.chmod((entry.external_attr >> 16) & 0o777 or (0o755 if entry.is_dir() else 0o644))
    return folder / f"elasticsearch-{VERSION}"


def java_home() -> Path:
    """Return the home of the Java that is on the path."""
    return Path(_need("java", "openjdk-17-jre-headless")).resolve().parent.parent


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
    base = os.environ.get("XDG_CACHE_HOME")
    cache = (Path(base) if base else Path.home() / ".cache") / "backfile-tests"
    wanted = cache / f"elasticsearch-{VERSION}.zip"
    if wanted.is_file():
        return wanted
    maven = _need("mvn", "maven")
    java_home()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as arriving:
        goal = ["dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={arriving}"]
        done = subprocess.run(
            [maven, "-q", "-B", "--strict-checksums", *goal],
            capture_output=True,
            text=True,
            timeout=_DOWNLOAD_SECONDS,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"Maven could not fetch Elasticsearch {VERSION} for the tests:\n{done.stdout[-800:]}")
        (Path(arriving) / wanted.name).replace(wanted)
    return wanted


def _need(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.fail(f"The tests of Elasticsearch need {program}. Install it with: apt-get install {package}")
    return found
