"""No text of an exception reaches a log of the screens, whoever logs it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import logging, logging.config
from ui.safe_logs import start_safe_logging
start_safe_logging()
import streamlit.logger
import uvicorn.config
logging.config.dictConfig(uvicorn.config.LOGGING_CONFIG)

def look_up(name):
    raise KeyError(name)

for logger in (
    logging.getLogger("uvicorn.error"),
    logging.getLogger("ui.routes.http"),
    streamlit.logger.get_logger("streamlit.runtime.scriptrunner"),
    streamlit.logger.get_logger("made.later"),
):
    try:
        look_up("Quackenbush, Ethelinda 7730042")
    except KeyError as error:
        logger.error("it failed", exc_info=True)
        logger.error("it failed", exc_info=error)
        if not logger.name.startswith("ui."):
            logger.error(error)
            logger.error("it failed: %s", error)
        logger.error("page %s", "pag_1", stack_info=True)
"""


def test_exceptions_are_named_and_never_quoted() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    written = done.stdout + done.stderr
    assert written.count("it failed") >= 10
    assert written.count("KeyError at ") == 8
    assert written.count("page pag_1") == 4
    for planted in ("Quackenbush", "Ethelinda", "7730042", "raise KeyError"):
        assert planted not in written
