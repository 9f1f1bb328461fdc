"""What tests fetch through Maven, once, into the user's cache; what is missing fails the test in words."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

_DOWNLOAD_SECONDS = 240.0


def fetch_once(
    name: str, goal: Callable[[Path], Sequence[str]], *, arrives_as: str, what: str, sha256: str = ""
) -> Path:
    """Return what Maven fetches, from the cache where it is there.

    Args:
        name: of the file or folder in the cache.
        goal: returns Maven's goal and settings, given the empty folder that Maven works in.
        arrives_as: name of the file or folder that the goal leaves in that folder.
        what: it is, in words.
        sha256: of the file. Without it the repository must say checksums, which not every mirror has for
            every file.
    """
    base = os.environ.get("XDG_CACHE_HOME")
    cache = (Path(base) if base else Path.home() / ".cache") / "backfile-tests"
    wanted = cache / name
    if wanted.exists():
        return wanted
    maven = need_program("mvn", "maven", of=what)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        arriving = Path(folder)
        done = subprocess.run(
            [maven, "-q", "-B", *([] if sha256 else ["--strict-checksums"]), *goal(arriving)],
            cwd=arriving,
            capture_output=True,
            text=True,
            timeout=_DOWNLOAD_SECONDS,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"Maven could not fetch {what} for the tests:\n{done.stdout[-800:]}")
        if sha256 and _digest(arriving / arrives_as) != sha256:
            pytest.fail(f"What Maven fetched for the tests is not {what}: its SHA-256 is another.")
        (arriving / arrives_as).rename(wanted)
    return wanted


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def need_program(program: str, package: str, *, of: str) -> str:
    """Return where a program lies that the tests of something need."""
    found = shutil.which(program)
    if found is None:
        pytest.fail(f"The tests of {of} need {program}. Install it with: apt-get install {package}")
    return found
