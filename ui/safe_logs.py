"""Keeps what a person typed or saw out of the logs that Streamlit and its web server write.

They log exceptions with their text and tracebacks with source lines; either may hold a name or a date.
``backfile.logs`` guards our own loggers. Streamlit gives each of its loggers a handler and a formatter of
its own whenever a module is first loaded, so the guard stands where all of them pass.
"""

from __future__ import annotations

import logging

from backfile.logs import SafeFormatter, start_logging

_OURS = ("backfile", "ingest", "ocr", "classify", "search", "ui", "__main__")
"""Our own loggers write ids and codes; their arguments are kept."""


def start_safe_logging() -> None:
    """Start logging to standard error; from now on no logger of this process writes an exception's text."""
    start_logging()
    logging.Formatter.formatException = SafeFormatter.formatException  # type: ignore[assignment, method-assign]
    logging.Formatter.formatStack = SafeFormatter.formatStack  # type: ignore[assignment, method-assign]
    logging.setLogRecordFactory(_make_record)


def _make_record(*args: object, **options: object) -> logging.LogRecord:
    """Make a record in which exceptions that stand as message or argument are named, not quoted."""
    record = logging.LogRecord(*args, **options)  # type: ignore[arg-type]
    if record.name.partition(".")[0] in _OURS:
        return record
    record.msg = _name_error(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(_name_error(value) for value in record.args)
    return record


def _name_error(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value
