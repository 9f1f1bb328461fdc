"""A real Elasticsearch on this machine, for the tests: plain, or with sign-in and TLS."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.certificates import make_authority
from tests.servers.distribution import (
    give_to_server,
    java_home,
    server_group,
    server_user,
    unpack_distribution,
)

_START_SECONDS = 120.0
_STOP_SECONDS = 20.0
_PORT = re.compile(r"HttpServer.*publish_address \{[^}]*?:(\d+)\}")
_PR_SET_PDEATHSIG = 1
_QUICK_JAVA = "-XX:TieredStopAtLevel=1"
"""Starts sooner and takes less of a small machine; slower in the long run."""
_ROLE = "backfile"
_RIGHTS = f"""\
{_ROLE}:
  indices:
    - names: ["backfile-*"]
      privileges: ["all"]
"""
"""What docs/elasticsearch.md tells a site to grant, and nothing else."""


class ElasticServer:
    """One node. It keeps its data and its port when it is stopped and started again."""

    def __init__(
        self,
        distribution: Path,
        folder: Path,
        *,
        secured: bool = False,
        heap: str = "512m",
        quick: bool = True,
        settings: Sequence[str] = (),
    ) -> None:
        """Lay out a node in ``folder``; nothing runs yet.

        Args:
            distribution: as ``unpack_distribution`` gave it; several nodes may share it.
            folder: for its settings, data and logs.
            secured: with sign-in and TLS.
            heap: memory of the Java machine.
            quick: for tests; not where speed is measured.
            settings: further lines of its settings file.
        """
        self._program = distribution / "bin"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._heap, self._quick = heap, quick
        self.port = 0
        self.user = self.password = ""
        self.guest = ("", "")
        """Name and password of somebody without any right."""
        self.ca: Path | None = None
        for name in ("data", "logs", "tmp"):
            (folder / name).mkdir(parents=True)
        shutil.copytree(distribution / "config", folder / "config")
        lines = [
            "discovery.type: single-node",
            "http.host: 127.0.0.1",
            "transport.host: 127.0.0.1",
            "transport.port: 0",
            f"path.data: {folder / 'data'}",
            f"path.logs: {folder / 'logs'}",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            f"xpack.security.enabled: {str(secured).lower()}",
        ]
        lines += settings
        if secured:
            lines += self._lay_out_certificates()
        (folder / "config" / "roles.yml").write_text(_RIGHTS)
        (folder / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
        give_to_server(folder)
        if secured:
            self._run_tool("elasticsearch-keystore", "create")
            self._run_tool(
                "elasticsearch-keystore", "add", "-x", "bootstrap.password", stdin=secrets.token_urlsafe()
            )
            self.user, self.password = self._add_user(rights=True)
            self.guest = self._add_user(rights=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.ca else 'http'}://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the settings by which Backfile uses it."""
        settings = {"BACKFILE_SEARCH_URL": self.url}
        if self.ca:
            settings |= {
                "BACKFILE_SEARCH_USER": self.user,
                "BACKFILE_SEARCH_PASSWORD": self.password,
                "BACKFILE_SEARCH_CA": str(self.ca),
            }
        return settings

    def start(self) -> None:
        """Start it and wait until it answers; it ends with the thread that starts it."""
        log = self._folder / "logs" / "out.log"
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [self._program / "elasticsearch", "-E", f"http.port={self.port}", "-p", self._pid_file],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
                user=server_user(),
                group=server_group(),
                extra_groups=[] if server_user() else None,
                start_new_session=True,
                cwd=self._folder,
                preexec_fn=_end_with_parent,
            )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            said = log.read_text(encoding="utf-8", errors="replace")
            found = _PORT.search(said)
            if found and "] started " in said:
                self.port = int(found[1])
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"Elasticsearch did not start:\n{said[-3000:]}")
            time.sleep(0.1)

    def stop(self, *, at_once: bool = False) -> None:
        """End it, in an orderly way or as a power cut would."""
        process, self._process = self._process, None
        if process is None:
            return
        if at_once:
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
        process.terminate()
        try:
            process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def pause(self) -> None:
        """Let it hang: it takes connections and answers nothing."""
        os.kill(int(self._pid_file.read_text()), signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.kill(int(self._pid_file.read_text()), signal.SIGCONT)

    @property
    def _pid_file(self) -> Path:
        return self._folder / "pid"

    def _lay_out_certificates(self) -> list[str]:
        config = self._folder / "config"
        self.ca, certificate, key = make_authority(config / "certs")
        # The node's settings are the server user's alone; the authority is for everyone.
        self.ca = Path(shutil.copy(self.ca, self._folder.parent / f"{self._folder.name}-ca.crt"))
        return [
            "xpack.security.http.ssl.enabled: true",
            f"xpack.security.http.ssl.certificate: {certificate}",
            f"xpack.security.http.ssl.key: {key}",
        ]

    def _add_user(self, *, rights: bool) -> tuple[str, str]:
        """Add a user with the rights that Backfile needs, or with none; return name and password."""
        name, password = f"user-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
        role = ["-r", _ROLE] if rights else []
        self._run_tool("elasticsearch-users", "useradd", name, "-p", password, *role)
        return name, password

    def _run_tool(self, name: str, *arguments: str, stdin: str = "") -> None:
        done = subprocess.run(
            [self._program / name, *arguments],
            input=stdin.encode(),
            env=self._environment(),
            user=server_user(),
            group=server_group(),
            extra_groups=[] if server_user() else None,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "ES_JAVA_HOME": str(java_home()),
            "ES_JAVA_OPTS": f"-Xms{self._heap} -Xmx{self._heap} {_QUICK_JAVA if self._quick else ''}",
            "ES_PATH_CONF": str(self._folder / "config"),
            "ES_TMPDIR": str(self._folder / "tmp"),
        }


@contextmanager
def run_elastic(
    *, secured: bool = False, heap: str = "512m", quick: bool = True, settings: Sequence[str] = ()
) -> Iterator[ElasticServer]:
    """Run a server inside a ``with`` block, with a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bf-es-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's user must get through
        distribution = unpack_distribution(folder)
        server = ElasticServer(
            distribution, folder / "node", secured=secured, heap=heap, quick=quick, settings=settings
        )
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def elastic_server() -> Iterator[ElasticServer]:
    """A plain server for the whole session; tests tell their indexes apart by their homes."""
    with run_elastic() as server:
        yield server


@pytest.fixture(scope="session")
def secured_server() -> Iterator[ElasticServer]:
    """A server with sign-in and TLS for the whole session."""
    with run_elastic(secured=True) as server:
        yield server


def _end_with_parent() -> None:
    """Let the server end when the tests are killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
