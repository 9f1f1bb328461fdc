"""The watch folder on real files."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest

from backfile.errors import DiskFull
from ingest.announcer import Announcer
from ingest.settle import IsComplete, SettledFile, SettleTracker
from ingest.stopping import StopRequest
from ingest.watch import look_at_inboxes, watch_inbox
from ocr.complete import is_structure_complete

SETTLE = 0.2


class Desk:
    """Takes files the way intake does, and remembers what it took and what was said."""

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.done = inbox.parent / "done"
        self.done.mkdir()
        self.taken: list[SettledFile] = []
        self.contents: dict[str, bytes] = {}
        self.errors: dict[str, list[Exception]] = {}
        self.notices: dict[str, str] = {}
        self.said: list[str] = []

    def take(self, file: SettledFile) -> None:
        errors = self.errors.get(file.name)
        if errors:
            raise errors.pop(0)
        self.contents[file.name] = file.path.read_bytes()
        file.path.rename(self.done / str(len(self.taken)))
        self.taken.append(file)

    def write_notice(self, subject: str, text: str | None) -> None:
        if text is None:
            self.notices.pop(subject, None)
        else:
            self.notices[subject] = text
            self.said.append(text)

    @property
    def names(self) -> list[str]:
        return [file.name for file in self.taken]


@contextmanager
def watching(
    desk: Desk, is_complete: IsComplete = lambda _path: True, *, settle: float = SETTLE
) -> Iterator[StopRequest]:
    stop = StopRequest()
    thread = threading.Thread(
        target=watch_inbox,
        args=([desk.inbox], desk.take),
        kwargs={
            "tracker": SettleTracker(is_complete, settle_seconds=settle),
            "stop": stop,
            "announcer": Announcer(desk.write_notice),
            "poll_seconds": 0.05,
            "pause_seconds": 0.3,
        },
    )
    thread.start()
    try:
        yield stop
    finally:
        stop.request()
        thread.join(5)
        assert not thread.is_alive()
        stop.close()


def wait_for(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Desk(inbox)


def test_takes_in_natural_order_with_batches(desk: Desk) -> None:
    box = desk.inbox / "box 7" / "volume 1"
    box.mkdir(parents=True)
    for name in ("p10.pdf", "p9.pdf"):
        (box / name).write_bytes(name.encode())
    (desk.inbox / "single.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: len(desk.taken) == 3)
    assert [(file.name, file.batch) for file in desk.taken] == [
        ("box 7/volume 1/p9.pdf", "box 7/volume 1"),
        ("box 7/volume 1/p10.pdf", "box 7/volume 1"),
        ("single.pdf", None),
    ]


def test_files_there_before_the_start_have_to_settle_too(desk: Desk) -> None:
    path = desk.inbox / "a.pdf"
    path.write_bytes(b"first")
    with watching(desk, settle=1.0), path.open("ab") as writer:
        for _ in range(4):
            time.sleep(0.3)
            assert desk.taken == []
            writer.write(b" more")
            writer.flush()
        wait_for(lambda: bool(desk.taken))
    assert desk.contents == {"a.pdf": b"first more more more more"}


def test_real_pdf_that_stalls_halfway_is_taken_whole_and_once(desk: Desk, tmp_path: Path) -> None:
    source = tmp_path / "whole.pdf"
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        pdf.save(source)
    whole = source.read_bytes()
    with watching(desk, is_structure_complete):
        for end in (len(whole) // 3, len(whole) * 2 // 3):
            with (desk.inbox / "scan.pdf").open("ab") as scanner:
                scanner.write(whole[scanner.tell() : end])
            time.sleep(SETTLE * 3)  # longer than the settle time: only the structure tells
            assert desk.taken == []
        with (desk.inbox / "scan.pdf").open("ab") as scanner:
            scanner.write(whole[scanner.tell() :])
        wait_for(lambda: bool(desk.taken))
        time.sleep(SETTLE * 3)
    assert [(f.name, f.is_complete) for f in desk.taken] == [("scan.pdf", True)]
    assert desk.contents["scan.pdf"] == whole


def test_empty_file_of_a_scanner_is_waited_for(desk: Desk) -> None:
    (desk.inbox / "scan.pdf").touch()
    with watching(desk):
        time.sleep(SETTLE * 4)
        assert desk.taken == []
        (desk.inbox / "scan.pdf").write_bytes(b"pages")
        wait_for(lambda: bool(desk.taken))
    assert desk.contents == {"scan.pdf": b"pages"}


def test_passing_errors_are_retried_and_hold_nobody_up(desk: Desk) -> None:
    for code in (errno.EBUSY, errno.EACCES, errno.ENOENT, errno.EIO, errno.ETIMEDOUT, errno.ESTALE):
        (desk.inbox / f"{code}.pdf").write_bytes(b"x")
        desk.errors[f"{code}.pdf"] = [OSError(code, "no")]
    (desk.inbox / "z.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: len(desk.taken) == 7)
    assert desk.names[0] == "z.pdf"


def test_error_of_any_kind_never_ends_the_watching(desk: Desk) -> None:
    desk.errors["a.pdf"] = [RuntimeError("whatever"), ValueError("else")]
    (desk.inbox / "a.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: len(desk.taken) == 1)


def test_file_that_goes_on_failing_is_spoken_of_without_its_name(desk: Desk) -> None:
    desk.errors["Doe John.pdf"] = [PermissionError()] * 3
    (desk.inbox / "Doe John.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: "inbox-retries" in desk.notices)
        assert "Doe" not in desk.notices["inbox-retries"]
        wait_for(lambda: len(desk.taken) == 1)
        wait_for(lambda: "inbox-retries" not in desk.notices)


@pytest.mark.parametrize("error", [DiskFull(), OSError(errno.ENOSPC, "no"), OSError(errno.EDQUOT, "no")])
def test_full_disk_pauses_intake_which_resumes_unaided(desk: Desk, error: Exception) -> None:
    desk.errors["a.pdf"] = [error, error]
    for name in ("a.pdf", "b.pdf"):
        (desk.inbox / name).write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: "disk is full" in desk.notices.get("intake", ""))
        assert desk.taken == []
        wait_for(lambda: len(desk.taken) == 2)
        wait_for(lambda: "intake" not in desk.notices)
    assert desk.names == ["a.pdf", "b.pdf"]


def test_links_and_special_files_are_left_alone_and_spoken_of_once(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"not for you")
    (desk.inbox / "link.pdf").symlink_to(secret)
    (desk.inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(desk.inbox / "pipe.pdf")
    (desk.inbox / "a.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: len(desk.taken) == 1)
        time.sleep(SETTLE)
    assert desk.names == ["a.pdf"]
    assert secret.read_bytes() == b"not for you"
    (said,) = [text for text in desk.said if "links" in text]
    assert "3 entries" in said
    assert desk.notices == {}, "a watcher that has ended says nothing"


def test_file_is_taken_when_renamed_from_its_temporary_name(desk: Desk) -> None:
    hidden = desk.inbox / "scan.pdf.part"
    hidden.write_bytes(b"x")
    with watching(desk):
        time.sleep(SETTLE * 3)
        assert desk.taken == []
        hidden.rename(desk.inbox / "scan.pdf")
        wait_for(lambda: bool(desk.taken))
    assert desk.names == ["scan.pdf"]


def test_missing_inbox_is_spoken_of_and_watched_when_it_comes_back(desk: Desk) -> None:
    desk.inbox.rmdir()
    with watching(desk):
        wait_for(lambda: "inbox-folders" in desk.notices)
        desk.inbox.mkdir()
        (desk.inbox / "a.pdf").write_bytes(b"x")
        wait_for(lambda: len(desk.taken) == 1)
        wait_for(lambda: "inbox-folders" not in desk.notices)


def test_file_that_vanishes_is_forgotten(desk: Desk) -> None:
    path = desk.inbox / "a.pdf"
    path.write_bytes(b"x")
    with watching(desk):
        time.sleep(SETTLE / 2)
        path.unlink()
        time.sleep(SETTLE * 2)
    assert desk.taken == []
    assert desk.said == []


def test_same_name_dropped_again_is_taken_again(desk: Desk) -> None:
    with watching(desk):
        for content in (b"one", b"two"):
            (desk.inbox / "a.pdf").write_bytes(content)
            wait_for(lambda content=content: desk.contents.get("a.pdf") == content)  # type: ignore[misc]
    assert desk.names == ["a.pdf", "a.pdf"]


def test_notices_that_cannot_be_kept_hold_nothing_up(desk: Desk) -> None:
    def refuse(_subject: str, _text: str | None) -> None:
        raise OSError(errno.ENOSPC, "no")

    desk.write_notice = refuse  # type: ignore[assignment]
    (desk.inbox / "a.pdf").write_bytes(b"x")
    with watching(desk):
        wait_for(lambda: len(desk.taken) == 1)


def test_stops_within_a_second_amid_a_burst(desk: Desk) -> None:
    for number in range(500):
        (desk.inbox / f"{number}.pdf").write_bytes(b"x")
    slow = desk.take

    def take(file: SettledFile) -> None:
        time.sleep(0.05)
        slow(file)

    desk.take = take  # type: ignore[method-assign]
    with watching(desk) as stop:
        wait_for(lambda: len(desk.taken) > 3)
        asked = time.monotonic()
        stop.request()
    assert time.monotonic() - asked < 1.0
    assert len(desk.taken) < 400


def test_look_at_thousands_of_files_is_quick(tmp_path: Path) -> None:
    for number in range(2_000):
        os.close(os.open(tmp_path / f"{number}.pdf", os.O_CREAT | os.O_WRONLY))
    watching_them = SettleTracker(lambda _path: True, settle_seconds=1)
    started = time.perf_counter()
    look = look_at_inboxes([tmp_path])
    watching_them.observe(look.snapshots, now=0)
    assert len(look.snapshots) == 2_000
    assert time.perf_counter() - started < 1.0
