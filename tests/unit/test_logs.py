"""Nothing of a patient enters a log."""

from __future__ import annotations

import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backfile.logs import SafeFormatter, start_logging


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = list(root.handlers), root.level, sys.excepthook
    yield
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers, root.level, sys.excepthook = handlers, level, hook


def test_an_exceptions_text_does_not_enter_the_log(tmp_path: Path) -> None:
    file = tmp_path / "log"
    start_logging(file=file)
    try:
        try:
            raise KeyError("SMITH, JOHN 0012345")
        except KeyError as error:
            raise ValueError("born 1950-03-12") from error
    except ValueError:
        logging.getLogger("test").exception("task %s: failed", "tsk_1")
    text = file.read_text()
    assert "task tsk_1: failed" in text
    assert "ValueError (from KeyError) at test_logs.py:" in text
    assert "SMITH" not in text
    assert "1950" not in text


def test_the_log_file_is_private(tmp_path: Path) -> None:
    start_logging(file=tmp_path / "log")
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


def test_a_stack_is_left_out() -> None:
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "said", (), None)
    record.stack_info = 'File "x", line 1: mrn = "0012345"'
    assert "0012345" not in SafeFormatter("%(message)s").format(record)
