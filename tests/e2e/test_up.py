"""``backfile up``: dropped, taken in, found; and how it starts and stops."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Installation, Service, wait_until
from tests.e2e.pages import note, write_chart

pytestmark = pytest.mark.server


def test_a_dropped_file_is_taken_read_and_found(
    installation: Installation, start_service: Callable[..., Service]
) -> None:
    service = start_service()
    inbox = installation.home / "inbox"
    write_chart(inbox / "box-7" / "scan1.tif", [note(1), note(2, word="gallstones")])
    wait_until(lambda: bool(list((installation.home / "done").rglob("scan1.tif"))), what="the move to done/")
    options = ("--state", "filed,review,exception")
    wait_until(
        lambda: installation.object("search", "zebra0002 gallstones", *options)["total"] == 1,
        patience=60,  # ten seconds do, where nothing else keeps the cores busy
        what="the second page to be found",
    )
    (file,) = installation.lines("files")
    assert file["batch"] == "box-7"
    assert len(file["pages"]) == 2
    assert service.stop() <= 10


def test_bad_files_are_rejected_in_words(
    installation: Installation, start_service: Callable[..., Service]
) -> None:
    start_service()
    inbox = installation.home / "inbox"
    (inbox / "letter.docx").write_bytes(b"PK\x03\x04 not a scan")
    (inbox / "torn.pdf").write_bytes(
        b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nnothing more\nstartxref\n9\n%%EOF\n"
    )
    write_chart(inbox / "good.png", [note(1)])
    rejected = installation.home / "rejected"
    wait_until(lambda: len(list(rejected.glob("*.reason.txt"))) == 2, what="two rejections")
    assert "not a PDF, TIFF, JPEG, PNG, WebP or HEIC" in (rejected / "letter.docx.reason.txt").read_text()
    assert "damaged" in (rejected / "torn.pdf.reason.txt").read_text()
    status = installation.object("status")
    assert status["balanced"] is True
    assert status["files"]["rejected"] == 2
    # A rejected file that is dropped again is tried again, not called a duplicate.
    shutil.move(rejected / "torn.pdf", inbox / "torn.pdf")
    wait_until(lambda: installation.object("status")["files"]["rejected"] == 3, what="the third rejection")


def test_a_second_up_on_the_same_home_refuses(
    installation: Installation, start_service: Callable[..., Service]
) -> None:
    service = start_service()
    refused = installation.run("up", "--no-ui", expect=6)
    assert str(service.process.pid) in refused.stderr
    assert "stop it first" in refused.stderr


def test_a_busy_port_is_named(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = installation.run("up", "--port", str(port), expect=6)
    assert f"Port {port}" in refused.stderr
    assert "--port" in refused.stderr


def test_the_screens_answer_once_it_is_ready_and_stop_with_it(installation: Installation) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest.cli", "up", "--port", str(port), "--home", str(installation.home)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | installation.environment,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready http://127.0.0.1:{port}/\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=10) as answer:
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "Sign in" in answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
    finally:
        asked = time.monotonic()
        process.terminate()
        out, _ = process.communicate(timeout=15)
    assert (process.returncode, out) == (0, "")
    assert time.monotonic() - asked <= 10
    with socket.socket() as visitor:
        assert visitor.connect_ex(("127.0.0.1", port)) != 0


def test_a_missing_home_offers_init(tmp_path: Path) -> None:
    nowhere = Installation(tmp_path / "nowhere", {})
    for command in (["up"], ["status"], ["files"], ["search", "x"], ["ingest", str(tmp_path)]):
        refused = nowhere.run(*command, expect=3)
        assert "backfile init" in refused.stderr


def test_a_full_disk_pauses_intake_and_says_so(
    installation: Installation, start_service: Callable[..., Service], tmp_path: Path
) -> None:
    markers = tmp_path / "markers"
    markers.mkdir()
    faults = ",".join(f"blob.writing:{number}:enospc" for number in (1, 2))
    start_service(BACKFILE_FAULT=faults, BACKFILE_FAULT_MARKERS=str(markers))
    write_chart(installation.home / "inbox" / "scan.png", [note(1)])
    wait_until(
        lambda: any("full" in text for text in installation.object("status")["notices"].values()),
        what="status to say that the disk is full",
    )
    assert (installation.home / "inbox" / "scan.png").exists()
    wait_until(lambda: installation.object("status")["files"]["taken"] == 1, what="intake to go on by itself")
    assert installation.object("status")["notices"] == {}
