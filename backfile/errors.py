"""Every error that Backfile raises on purpose.

::

    BackfileError
     ├── UsageError          2   the command was called wrongly
     ├── AccessDenied        2   who asks may not do that
     │    └── SessionEnded       who asks must sign in again
     ├── HomeError           3   no home, or one this version cannot use
     │    └── HomeMissing
     ├── BadInput            4   some input was bad; the rest was done
     │    ├── FileRefused        no page of a file can be had
     │    └── PageRefused        one page cannot be had
     ├── ServerDown          5   a needed server does not answer
     │    └── IndexUnusable      the search index is missing, damaged or of another version
     ├── Busy                6   somebody else holds it
     │    ├── LeaseLost          another worker took the task over
     │    └── DiskFull
     ├── IntegrityViolated   7   what is stored is not what was stored
     └── TimedOut           75

Each says what happened, to what, and what to do next. A message never holds patient data, page text
or a file's name where it may enter a log: opaque ids, codes and line numbers only.
"""

from __future__ import annotations

from enum import IntEnum

from backfile.domain.reasons import Reason, reason_text


class ExitCode(IntEnum):
    """Exit codes of the ``backfile`` command."""

    DONE = 0
    WRONG_USE = 2
    NO_HOME = 3
    BAD_INPUT = 4
    SERVER_DOWN = 5
    BUSY = 6
    INTEGRITY = 7
    TIMED_OUT = 75


class BackfileError(Exception):
    """The root of the tree."""

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, what: str, *, next_step: str) -> None:
        """Say ``what`` happened to what, and the ``next_step`` to take, both in whole sentences."""
        super().__init__(f"{what} {next_step}")
        self.what = what
        self.next_step = next_step


class UsageError(BackfileError):
    """The command was called wrongly."""

    exit_code = ExitCode.WRONG_USE


class AccessDenied(BackfileError):
    """Who asks may not do that."""

    exit_code = ExitCode.WRONG_USE

    def __init__(
        self,
        what: str = "Your account may not do this.",
        *,
        next_step: str = "Ask a supervisor or an administrator.",
    ) -> None:
        """Say ``what`` is not allowed."""
        super().__init__(what, next_step=next_step)


class SessionEnded(AccessDenied):
    """Who asks must sign in, or sign in again."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Your session has ended.", next_step="Sign in again.")


class HomeError(BackfileError):
    """The home cannot be used."""

    exit_code = ExitCode.NO_HOME


class HomeMissing(HomeError):
    """There is no home in the folder."""


class BadInput(BackfileError):
    """Input was bad."""

    exit_code = ExitCode.BAD_INPUT


class FileRefused(BadInput):
    """No page of a file can be had."""

    def __init__(self, reason: Reason) -> None:
        """Refuse the file for ``reason``."""
        super().__init__(f"The file was refused ({reason.value}).", next_step=reason_text(reason) or "")
        self.reason = reason

    def __reduce__(self) -> tuple[type[FileRefused], tuple[Reason]]:
        """Let it cross from the parsing child process."""
        return (type(self), (self.reason,))


class PageRefused(BadInput):
    """One page of a file cannot be had."""

    def __init__(self, reason: Reason) -> None:
        """Refuse the page for ``reason``."""
        super().__init__(f"The page was refused ({reason.value}).", next_step=reason_text(reason) or "")
        self.reason = reason

    def __reduce__(self) -> tuple[type[PageRefused], tuple[Reason]]:
        """Let it cross from the parsing child process."""
        return (type(self), (self.reason,))


class ServerDown(BackfileError):
    """A needed server does not answer."""

    exit_code = ExitCode.SERVER_DOWN


class IndexUnusable(ServerDown):
    """The search index is missing, damaged or of another version; it must be built anew from the catalog."""

    def __init__(self, what: str) -> None:
        """Say ``what`` is wrong with it."""
        super().__init__(
            what, next_step="Run `backfile reindex`: it is built anew from the catalog, nothing is lost."
        )


class Busy(BackfileError):
    """Somebody else holds it."""

    exit_code = ExitCode.BUSY


class LeaseLost(Busy):
    """Another worker took the task over; whatever this one did is thrown away."""

    def __init__(self, task_id: str) -> None:
        """Name the task."""
        super().__init__(
            f"The lease of task {task_id} was taken over by another worker.",
            next_step="Nothing to do: the other worker's result counts.",
        )


class DiskFull(Busy):
    """The disk has no room."""

    def __init__(self) -> None:
        """Say that intake waits."""
        super().__init__(
            "The disk that holds the home is full.",
            next_step="Free some space; intake goes on by itself, nothing was lost.",
        )


class IntegrityViolated(BackfileError):
    """What is stored is not what was stored."""

    exit_code = ExitCode.INTEGRITY


class TimedOut(BackfileError):
    """It took too long."""

    exit_code = ExitCode.TIMED_OUT
