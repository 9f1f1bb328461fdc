"""Notices: passed on when they change, never in the way."""

from __future__ import annotations

from ingest.announcer import Announcer


class Board:
    def __init__(self) -> None:
        self.writes: list[tuple[str, str | None]] = []
        self.is_broken = False

    def write(self, subject: str, text: str | None) -> None:
        if self.is_broken:
            raise OSError
        self.writes.append((subject, text))


def test_passes_on_changes_only() -> None:
    board = Board()
    announcer = Announcer(board.write)
    for text in (None, None, "paused", "paused", None, None):
        announcer.say("intake", text)
    assert board.writes == [("intake", None), ("intake", "paused"), ("intake", None)]


def test_what_could_not_be_kept_is_tried_again() -> None:
    board = Board()
    announcer = Announcer(board.write)
    board.is_broken = True
    announcer.say("intake", "paused")
    board.is_broken = False
    announcer.say("intake", "paused")
    assert board.writes == [("intake", "paused")]


def test_withdraws_what_stands() -> None:
    board = Board()
    announcer = Announcer(board.write)
    announcer.say("queue", "down")
    announcer.say("intake", "paused")
    announcer.say("intake", None)
    announcer.withdraw()
    assert board.writes[-1] == ("queue", None)
    assert len(board.writes) == 4
