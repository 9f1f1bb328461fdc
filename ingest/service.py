"""The whole service of a home, run by one supervisor: for ``up``, ``demo`` and ``ingest --wait``."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backfile.errors import Busy
from backfile.settings import Settings
from ingest.child import has_announced, start_child
from ingest.locks import FileLock
from ingest.log_files import LogFiles
from ingest.processes import announcer_of, free_tasks, plan_processes
from ingest.stopping import StopRequest
from ingest.supervisor import POLL_SECONDS, ProcessSpec, Supervisor, hold_home
from ingest.workshop import Workshop


class Service:
    """Running processes that are looked after as often as ``look`` is called."""

    def __init__(self, supervisor: Supervisor, stop: StopRequest, logs: LogFiles) -> None:
        """Look after ``supervisor`` and what it logs until ``stop`` is raised."""
        self._supervisor = supervisor
        self._stop = stop
        self._logs = logs

    def look(self) -> None:
        """Start what died; call it a few times a second.

        Raises:
            KeyboardInterrupt: somebody asked to stop.
        """
        if self._stop:
            raise KeyboardInterrupt
        self._supervisor.look()
        self._logs.trim()

    def wait_until_ready(self, *, tick: Callable[[], object] = lambda: None) -> None:
        """Wait until every process has answered; ``tick`` is called meanwhile, four times a second.

        Raises:
            KeyboardInterrupt: somebody asked to stop.
        """
        while True:
            self.look()
            if self._supervisor.is_ready():
                return
            tick()
            self._stop.wait(POLL_SECONDS)

    def run(self, *, tick: Callable[[], object] = lambda: None) -> None:
        """Look after everything until somebody asks to stop."""
        while not self._stop:
            self._supervisor.look()
            self._logs.trim()
            tick()
            self._stop.wait(POLL_SECONDS)


@contextmanager
def run_service(
    workshop: Workshop,
    *,
    with_watcher: bool = True,
    with_ui: bool = False,
    environment: dict[str, str] | None = None,
) -> Iterator[Service]:
    """Run everything of a home inside a ``with`` block; afterwards none of its processes is left.

    Args:
        workshop: the installation.
        with_watcher: watch the inbox.
        with_ui: serve the screens.
        environment: settings given as flags, for the processes.

    Raises:
        Busy: another supervisor runs on this home.
    """
    lock = hold_home(workshop.home.lock)
    stop = StopRequest()
    try:
        with _signals_to(stop):
            workshop.blobs.clear_incoming()
            plan = plan_processes(
                workshop.home, workshop.settings, with_watcher=with_watcher, environment=environment
            )
            if with_ui:
                plan.append(_plan_ui(workshop, environment or {}))
            supervisor = Supervisor(plan, announcer=announcer_of(workshop), on_death=free_tasks(workshop))
            with supervisor:
                yield Service(supervisor, stop, LogFiles(workshop.home.logs))
    finally:
        stop.close()
        lock.release()


@contextmanager
def _signals_to(stop: StopRequest) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C raise ``stop``, and give the signals back afterwards."""
    old = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stop.listen()
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _plan_ui(workshop: Workshop, environment: dict[str, str]) -> ProcessSpec:
    """Return the process of the screens; it is named, not imported: ``ui`` stands above this package."""
    argv = [sys.executable, "-P", "-m", "ui.server"]
    shared = {"BACKFILE_HOME": str(workshop.home.root)} | environment
    logfile = workshop.home.logs / "ui.log"
    return ProcessSpec(
        "ui",
        lambda: start_child(argv, environment=shared, logfile=logfile),
        is_ready=has_announced,
    )


def ui_address(settings: Settings) -> str:
    """Return where the screens answer."""
    return f"http://{settings.ui_host}:{settings.ui_port}/"


def is_service_running(workshop: Workshop) -> bool:
    """Say whether a supervisor looks after this home now."""
    lock = FileLock(workshop.home.lock)
    if lock.acquire():
        lock.release()
        return False
    return True


def check_port(settings: Settings) -> None:
    """Refuse a port for the screens that is in use.

    Raises:
        Busy: it is; the port is named.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.ui_host, settings.ui_port))
        except OSError:
            raise Busy(
                f"Port {settings.ui_port} on {settings.ui_host} is in use by another program.",
                next_step="Choose another one with --port, or stop that program.",
            ) from None


def settings_environment(**flags: object) -> dict[str, str]:
    """Return flags as the environment variables by which child processes learn of them."""
    return {f"BACKFILE_{name.upper()}": str(value) for name, value in flags.items() if value is not None}
