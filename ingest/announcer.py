"""What a running part says of itself, in sentences for ``status`` and the screens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

log = logging.getLogger(__name__)

WriteNotice: TypeAlias = Callable[[str, str | None], None]
"""Keeps the sentence for a subject; None takes it back."""


class Announcer:
    """Passes on what changed, and never stands in the way of the work.

    A notice that cannot be kept (the disk may be full: that may be what it wants to say) is tried again
    the next time the same is said.
    """

    def __init__(self, write: WriteNotice) -> None:
        """Pass changes on to ``write``."""
        self._write = write
        self._said: dict[str, str | None] = {}

    def say(self, subject: str, text: str | None) -> None:
        """Say something of a subject; None says that all is well with it."""
        if subject in self._said and self._said[subject] == text:
            return
        if text is not None:
            log.warning("%s: %s", subject, text)
        elif self._said.get(subject) is not None:
            log.info("%s: all is well again", subject)
        try:
            self._write(subject, text)
        except Exception as error:
            log.warning("the notice on %s could not be kept (%s)", subject, type(error).__name__)
            return
        self._said[subject] = text

    def withdraw(self) -> None:
        """Take back all that was said: the part that said it ends in an orderly way."""
        for subject, text in list(self._said.items()):
            if text is not None:
                self.say(subject, None)
