"""When a file is settled: never half-written, always once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.settle import INCOMPLETE_AFTER, SettledFile, SettleTracker, Snapshot, is_temporary_name

INBOX = Path("/inbox")
SETTLE = 5.0


def snap(name: str, size: int = 10, *, mtime: int = 1, inode: int = 1) -> Snapshot:
    return Snapshot(INBOX, tuple(name.split("/")), size, mtime, inode)


def tracker(is_complete: Callable[[Path], bool] = lambda _path: True) -> SettleTracker:
    return SettleTracker(is_complete, settle_seconds=SETTLE)


def names(settled: list[SettledFile]) -> list[str]:
    return [file.name for file in settled]


def test_one_look_is_not_enough() -> None:
    assert tracker().observe([snap("a.pdf")], now=1000.0) == []


def test_settles_after_the_quiet_time_and_only_once() -> None:
    watching = tracker()
    handed = [names(watching.observe([snap("a.pdf")], now=float(now))) for now in range(12)]
    assert handed == [[]] * 5 + [["a.pdf"]] + [[]] * 6


@pytest.mark.parametrize(
    "changed",
    [snap("a.pdf", 11), snap("a.pdf", mtime=2), snap("a.pdf", inode=2)],
    ids=["size", "time", "inode"],
)
def test_any_change_starts_the_quiet_time_anew(changed: Snapshot) -> None:
    watching = tracker()
    for now in (0.0, 2.0, 4.0):
        assert watching.observe([snap("a.pdf")], now=now) == []
    for now in (4.9, 6.0, 9.8):
        assert watching.observe([changed], now=now) == []
    assert names(watching.observe([changed], now=9.9)) == ["a.pdf"]


def test_long_gap_between_looks_does_not_replace_the_second_look() -> None:
    watching = tracker()
    watching.observe([snap("a.pdf", 1)], now=0)
    assert watching.observe([snap("a.pdf", 2)], now=500) == []


def test_growing_sibling_holds_back_but_not_for_ever() -> None:
    watching = tracker()
    taken_at = None
    for now in range(60):
        settled = watching.observe([snap("a.pdf"), snap("b.pdf", size=now + 1, inode=2)], now=now)
        if settled and taken_at is None:
            assert names(settled) == ["a.pdf"]
            taken_at = now
    assert taken_at == 20


def test_helper_file_of_the_scanner_holds_back() -> None:
    watching = tracker()
    for now in range(6):
        assert watching.observe([snap("a.pdf"), snap("job.tmp", size=now, inode=2)], now=now) == []
    handed = [
        names(watching.observe([snap("a.pdf"), snap("job.tmp", size=5, inode=2)], now=n))
        for n in range(6, 12)
    ]
    assert ["a.pdf"] in handed


def test_folders_do_not_hold_back_each_other() -> None:
    watching = tracker()
    handed = []
    for now in range(7):
        handed += names(watching.observe([snap("one/a.pdf"), snap("two/b.pdf", now, inode=2)], now=now))
    assert handed == ["one/a.pdf"]


def test_natural_order_and_batches() -> None:
    watching = tracker()
    seen = [snap(n, inode=i) for i, n in enumerate(["p10.pdf", "box/p2.pdf", "p9.pdf", "box/p1.pdf"])]
    watching.observe(seen, now=0)
    settled = watching.observe(seen, now=5)
    assert [(file.name, file.batch) for file in settled] == [
        ("box/p1.pdf", "box"),
        ("box/p2.pdf", "box"),
        ("p9.pdf", None),
        ("p10.pdf", None),
    ]


def test_incomplete_waits_and_is_taken_when_its_end_comes() -> None:
    complete = False
    watching = tracker(lambda _path: complete)
    for now in range(0, 100, 2):
        assert watching.observe([snap("a.pdf")], now=now) == []
    complete = True
    handed = [f for now in range(100, 110) for f in watching.observe([snap("a.pdf", 20)], now=now)]
    assert [(file.name, file.is_complete) for file in handed] == [("a.pdf", True)]


@pytest.mark.parametrize("size", [0, 10], ids=["empty", "cut short"])
def test_incomplete_for_long_is_handed_over_as_such_once(size: int) -> None:
    watching = tracker(lambda _path: False)
    handed = []
    for now in range(0, int(INCOMPLETE_AFTER) + 60, 3):
        handed += [(now, f.is_complete) for f in watching.observe([snap("a.pdf", size)], now=now)]
    assert handed == [(int(INCOMPLETE_AFTER), False)]


def test_file_without_its_end_is_spoken_of_until_it_is_handed_over() -> None:
    watching = tracker(lambda _path: False)
    spoken = {}
    for now in range(0, int(INCOMPLETE_AFTER) + 10, 5):
        watching.observe([snap("a.pdf")], now=now)
        spoken[now] = watching.find_stuck(now=now).incomplete
    assert [now for now, count in spoken.items() if count] == list(range(60, int(INCOMPLETE_AFTER), 5))


def test_end_of_file_is_not_read_at_every_look() -> None:
    asked = 0

    def is_complete(_path: Path) -> bool:
        nonlocal asked
        asked += 1
        return False

    watching = tracker(is_complete)
    for tenth in range(600):
        watching.observe([snap("a.pdf")], now=tenth / 10)
    assert 10 <= asked <= 13


def test_file_that_cannot_be_opened_is_asked_again_and_spoken_of() -> None:
    is_locked = True

    def is_complete(_path: Path) -> bool:
        if is_locked:
            raise PermissionError
        return True

    watching = tracker(is_complete)
    for now in range(120):
        assert watching.observe([snap("a.pdf")], now=now) == []
    assert watching.find_stuck(now=120).unreadable == 1
    is_locked = False
    assert names(watching.observe([snap("a.pdf")], now=121)) == ["a.pdf"]
    assert watching.find_stuck(now=121).unreadable == 0


@pytest.mark.parametrize(
    "name", [".a.pdf", "a.pdf.tmp", "A.PDF.PART", "a.pdf~", "~$a.pdf", "a.filepart", "a.crdownload", ".tmp"]
)
def test_temporary_names_wait_to_be_renamed(name: str) -> None:
    assert is_temporary_name(name)
    watching = tracker()
    for now in range(0, 2000, 10):
        assert watching.observe([snap(name)], now=now) == []
    assert watching.find_stuck(now=2000).temporary == 1
    renamed = [f for now in (2001, 2006) for f in watching.observe([snap("a.pdf")], now=now)]
    assert names(renamed) == ["a.pdf"]


@pytest.mark.parametrize("name", ["a.pdf", "temp.pdf", "part 1.tif", "a.b.jpg"])
def test_usual_names_are_not_temporary(name: str) -> None:
    assert not is_temporary_name(name)


def test_put_back_is_handed_over_again_not_before_its_time() -> None:
    watching = tracker()
    watching.observe([snap("a.pdf")], now=0)
    (file,) = watching.observe([snap("a.pdf")], now=5)
    watching.put_back(file, not_before=9)
    assert watching.observe([snap("a.pdf")], now=8) == []
    assert names(watching.observe([snap("a.pdf")], now=9)) == ["a.pdf"]


def test_put_back_of_a_file_that_changed_meanwhile_does_not_hurry_it() -> None:
    watching = tracker()
    watching.observe([snap("a.pdf")], now=0)
    (file,) = watching.observe([snap("a.pdf")], now=5)
    watching.observe([snap("a.pdf", 20)], now=6)
    watching.put_back(file, not_before=0)
    assert watching.observe([snap("a.pdf", 20)], now=10) == []
    assert names(watching.observe([snap("a.pdf", 20)], now=11)) == ["a.pdf"]


def test_same_name_again_is_a_new_file() -> None:
    watching = tracker()
    for now in (0, 5):
        watching.observe([snap("a.pdf")], now=now)
    watching.observe([], now=6)
    handed = [f for now in (7, 12) for f in watching.observe([snap("a.pdf", inode=9)], now=now)]
    assert names(handed) == ["a.pdf"]


@dataclass(frozen=True)
class Write:
    """One thing that a scanner does to its file."""

    pause: float
    """Seconds since the one before, shorter than the settle time."""
    kind: str
    """``grow``, ``reopen`` (closed and opened: time changes, size does not), ``replace`` (a new file)."""


def writes() -> st.SearchStrategy[list[Write]]:
    return st.lists(
        st.builds(
            Write,
            st.floats(0.01, SETTLE - 0.01),
            st.sampled_from(["grow", "grow", "grow", "reopen", "replace"]),
        ),
        min_size=1,
        max_size=12,
    )


@settings(max_examples=200, deadline=None)
@given(
    scripts=st.lists(st.tuples(st.floats(0, 20), writes(), st.booleans()), min_size=1, max_size=4),
    poll=st.floats(0.3, 2.5),
)
def test_dribbled_files_are_never_taken_half_written_and_each_once(
    scripts: list[tuple[float, list[Write], bool]], poll: float
) -> None:
    """Pauses shorter than the settle time: size and time alone must do, whatever the structure says."""
    histories = [_history(number, *script) for number, script in enumerate(scripts)]
    watching = tracker()
    taken: dict[str, Snapshot] = {}
    now = 0.0
    end = max(history[-1][0] for history in histories) + SETTLE * 5 + poll * 3
    while now <= end:
        present = [
            states[-1]
            for history in histories
            if (states := [snapshot for at, snapshot in history if at <= now])
            and taken.get(states[-1].parts[-1]) != states[-1]
        ]
        for file in watching.observe(present, now=now):
            assert file.name not in taken, "handed over twice"
            taken[file.name] = file.snapshot
        now += poll
    assert set(taken.values()) == {history[-1][1] for history in histories}


def _history(number: int, start: float, script: list[Write], by_rename: bool) -> list[tuple[float, Snapshot]]:
    """Return what lies in the folder from when on; the last entry is the finished file."""
    at, size, mtime, inode = start, 1, 1, number * 100
    name = f"{number}.pdf.tmp" if by_rename else f"{number}.pdf"
    history = [(at, snap(name, size, mtime=mtime, inode=inode))]
    for write in script:
        at += write.pause
        mtime += 1
        if write.kind == "grow":
            size += 1
        elif write.kind == "replace":
            inode, size = inode + 1, 1
        history.append((at, snap(name, size, mtime=mtime, inode=inode)))
    if by_rename:
        history.append((at + 0.1, snap(f"{number}.pdf", size, mtime=mtime, inode=inode)))
    return history
