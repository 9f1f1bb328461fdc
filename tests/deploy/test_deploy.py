"""The files for a site with containers: as far as they can be tried without a container engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import srsly  # type: ignore[import-untyped]  # the YAML reader that spaCy brings along
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from backfile.settings import Settings
from ingest.redis_server import find_redis

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")
SITE: dict[str, Any] = srsly.yaml_loads(COMPOSE)
SERVICES: dict[str, dict[str, Any]] = SITE["services"]
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))
_PINNED = re.compile(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*")


def test_the_services_of_a_site_are_there() -> None:
    assert {"backfile", "redis", "elasticsearch"} <= SERVICES.keys()


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    images += re.findall(r"^ARG PYTHON_IMAGE=(\S+)", dockerfile, re.M)
    assert {image for image in images if not _PINNED.fullmatch(image)} == set()
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.M)) == {"${PYTHON_IMAGE}"}


def test_every_variable_is_explained_to_the_site() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
    passed = {
        name
        for service in SERVICES.values()
        for name, value in (service.get("environment") or {}).items()
        if value is None
    }
    explained = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.M))
    assert used | passed == explained


def test_every_setting_that_is_given_exists() -> None:
    given = {
        name.removeprefix("BACKFILE_").removesuffix("_FILE").lower()
        for service in SERVICES.values()
        for name in service.get("environment") or {}
        if name.startswith("BACKFILE_")
    }
    assert given
    assert given <= Settings.model_fields.keys()


def test_no_secret_stands_in_a_file_of_the_project() -> None:
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|API_KEY|SECRET", name):
                assert name.endswith("_FILE")
                assert str(value).startswith("/run/secrets/")
                assert Path(value).name in service["secrets"]
    assert set(SITE["secrets"]) == {name for s in SERVICES.values() for name in s.get("secrets", ())}
    made = (DEPLOY / "make_secrets.sh").read_text(encoding="utf-8")
    assert {name for name in SITE["secrets"] if name not in made} == set()
    assert not re.search("PASSWORD|API_KEY", EXAMPLE)


def test_what_runs_on_is_nobody_special_and_out_of_reach() -> None:
    for name in ("backfile", "redis", "elasticsearch", "rights"):
        service = SERVICES[name]
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        is_root = str(service.get("user", "10001")).split(":")[0] == "0"
        assert not is_root
    assert re.search(r"^USER 10001", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert all(SERVICES[name]["read_only"] for name in ("backfile", "redis"))
    assert SITE["networks"]["back"]["internal"] is True
    for name in ("redis", "elasticsearch"):
        assert SERVICES[name]["networks"] == ["back"]
        assert "ports" not in SERVICES[name]
    assert all("healthcheck" in SERVICES[name] for name in ("backfile", "redis", "elasticsearch"))


def test_elasticsearch_is_asked_with_tls_and_by_a_user_of_our_own() -> None:
    ours, theirs = SERVICES["backfile"]["environment"], SERVICES["elasticsearch"]["environment"]
    assert ours["BACKFILE_SEARCH_URL"].startswith("https://")
    assert ours["BACKFILE_SEARCH_USER"] != "elastic"
    assert theirs["xpack.security.enabled"] == theirs["xpack.security.http.ssl.enabled"] == "true"
    versions = {s["image"] for s in SERVICES.values() if "elasticsearch" in s["image"]}
    assert len(versions) == 1
    assert versions.pop().rpartition(":")[2].startswith("8.19.")


def test_volumes_and_files_that_are_named_are_there() -> None:
    sources = [
        str(volume).split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if not str(volume).startswith("$")
    ]
    for source in sources:
        assert source in SITE["volumes"] or (DEPLOY / source).is_dir()
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.M):
        *parts, _ = [part for part in line.split() if not part.startswith("--")]
        assert {part for part in parts if not (ROOT / part).exists()} == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


def test_compose_itself_accepts_it_where_there_is_one() -> None:
    """Without `docker compose` the tests above must do."""
    docker = shutil.which("docker")
    has_compose = (
        docker
        and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    )
    if docker and has_compose:
        files = ["-f", str(DEPLOY / "compose.yaml"), "--env-file", str(DEPLOY / ".env.example")]
        subprocess.run([docker, "compose", *files, "config", "--quiet"], check=True)
    assert SITE["name"] == "backfile"


# the parts that run anywhere


def run_entrypoint(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", DEPLOY / "entrypoint.sh", *command],
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_secrets_come_from_files_and_only_from_those_that_are_named(tmp_path: Path) -> None:
    secret, key = tmp_path / "secret", tmp_path / "key"
    secret.write_text("correct horse $HOME `id`\n")
    key.write_text("c3RhcGxl")
    done = run_entrypoint(
        "env",
        BACKFILE_SEARCH_PASSWORD_FILE=str(secret),
        REDIS_PASSWORD_FILE=str(key),
        BACKFILE_SEARCH_USER="backfile",
    )
    assert done.returncode == 0, done.stderr
    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert found["BACKFILE_SEARCH_PASSWORD"] == "correct horse $HOME `id`"
    assert found["BACKFILE_REDIS_URL"] == "redis://:c3RhcGxl@redis:6379/0"
    assert found["BACKFILE_SEARCH_USER"] == "backfile"
    assert not any(name.endswith("_FILE") for name in found)
    assert "BACKFILE_SEARCH_API_KEY" not in found


def test_a_secret_that_cannot_be_read_is_named_without_starting_anything(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    done = run_entrypoint("echo", "started", BACKFILE_SEARCH_API_KEY_FILE=str(missing))
    assert done.returncode == 2
    assert "BACKFILE_SEARCH_API_KEY_FILE" in done.stderr
    assert done.stdout == ""


@pytest.fixture
def redis_as_composed(tmp_path: Path) -> Iterator[Path]:
    """A Redis started by the command of compose.yaml; its socket."""
    (tmp_path / "redis_password").write_text("0123abcd")
    shell, flag, line = SERVICES["redis"]["command"]
    line = line.replace("$$", "$").replace("/run/secrets", str(tmp_path)).replace("/data", str(tmp_path))
    line = line.replace("redis-server -", f"{find_redis()} - --port 0 --unixsocket {tmp_path}/s")
    with subprocess.Popen([shell, flag, line], stdout=subprocess.DEVNULL) as process:
        yield tmp_path / "s"
        assert process.poll() is None
        client = Redis(unix_socket_path=str(tmp_path / "s"), password="0123abcd")
        client.shutdown(nosave=True)
        client.close()
        process.wait(timeout=20)


def test_redis_wants_its_password_and_keeps_what_it_is_given(redis_as_composed: Path) -> None:
    client = Redis(unix_socket_path=str(redis_as_composed), password="0123abcd")
    until = time.monotonic() + 20
    while True:
        try:
            client.ping()
            break
        except RedisError:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    client.close()
    stranger = Redis(unix_socket_path=str(redis_as_composed))
    with pytest.raises(AuthenticationError):
        stranger.ping()
    stranger.close()
