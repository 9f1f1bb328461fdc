"""Logging without patient data.

Loggers write ids and codes with ``%s``. Two guards stand behind that habit: exceptions are logged by
class and place only (their text or a traceback's source line might hold a value), and file logs are 0600.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class SafeFormatter(logging.Formatter):
    """Formats exceptions as class names and places, never their text."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the base class's name
        """Return "ValueError at read.py:42 < pipeline.py:17"."""
        kind, error, trace = ei
        if kind is None:
            return ""
        frames = traceback.extract_tb(trace)
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-8:]))
        cause = getattr(error, "__cause__", None)
        because = f" (from {type(cause).__name__})" if cause else ""
        return f"{kind.__name__}{because} at {places}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - the base class's name
        """Drop the stack: it quotes source lines."""
        return ""


def start_logging(*, file: Path | None = None, level: int = logging.INFO) -> None:
    """Send this process's logs to a file (0600), or to standard error where none is given."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(SafeFormatter(_FORMAT))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("pdfminer", "PIL", "rq", "alembic", "pdfplumber", "pikepdf", "fontTools"):
        # Libraries may log what they read; from them only the fact that something went wrong counts.
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Keep an uncaught exception's text out of the terminal and the log."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("backfile").critical("stopped by an unexpected error", exc_info=(kind, error, trace))
