"""veraPDF, the validator of PDF/A that archives use, for the long tests; Maven fetches it once."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.servers.maven import fetch_once, need_program

VERSION = "1.28.2"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_JUDGING_SECONDS = 300.0
_PROJECT = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId><artifactId>verapdf</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId><version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def find_violations(files: Sequence[Path], *, flavour: str = "2b") -> dict[Path, tuple[str, ...]]:
    """Return the clauses that each file violates; none where it is what it claims.

    Args:
        files: of different names.
        flavour: of PDF/A.
    """
    command = [
        need_program("java", "openjdk-17-jre-headless", of="PDF/A"),
        "-Xmx512m",
        "-cp",
        f"{_fetch()}/*",
        _MAIN,
    ]
    command += ["--flavour", flavour, "--format", "text", "-v", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_JUDGING_SECONDS, check=False)
    found: dict[Path, list[str]] = {}
    for line in done.stdout.splitlines():
        verdict, _, rest = line.strip().partition(" ")
        if line.startswith(("PASS ", "FAIL ")):
            found[Path(rest.rpartition(" ")[0])] = [] if verdict == "PASS" else ["not said which"]
        elif verdict == "FAIL" and found:
            clauses = list(found.values())[-1]
            clauses[:] = [clause for clause in clauses if clause != "not said which"] + [rest]
    missing = set(files) - found.keys()
    if missing:
        pytest.fail(
            f"veraPDF gave no verdict on {len(missing)} files:\n{done.stdout[-800:]}{done.stderr[-800:]}"
        )
    return {path: tuple(clauses) for path, clauses in found.items()}


def _fetch() -> Path:
    def goal(folder: Path) -> list[str]:
        (folder / "pom.xml").write_text(_PROJECT, encoding="utf-8")
        return ["dependency:copy-dependencies", "-DoutputDirectory=jars", "-DincludeScope=runtime"]

    return fetch_once(f"verapdf-{VERSION}", goal, arrives_as="jars", what=f"veraPDF {VERSION}")
