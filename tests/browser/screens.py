"""A running installation with screens, and what a browser that looks at it has to complain of."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from backfile.domain.user import Role
from ingest.workshop import Workshop, open_workshop
from samples.make import SampleSet
from tests.e2e.conftest import Installation, wait_until

_PROBES = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
"""Streamlit looks for its server beneath the page's own path first; there it finds none, and says so."""
_SIZE = {"width": 1440, "height": 900}


@dataclass
class Screens:
    """A home with charts in it, and ``backfile up`` serving its screens."""

    installation: Installation
    samples: SampleSet
    passwords: dict[str, str]
    """By account name; there is an account named like each role, and ``technician2``."""
    url: str = ""
    """Of the first screen, without the slash at its end."""
    process: subprocess.Popen[str] | None = None

    @property
    def home(self) -> Path:
        """The home's folder."""
        return self.installation.home

    @property
    def workshop(self) -> Workshop:
        """The installation, opened anew: look into its catalog to see what the screens did."""
        return open_workshop(self.home)

    def start(self) -> None:
        """Start everything and wait until it answers."""
        port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ingest.cli", "up", "--port", str(port), "--home", str(self.home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | self.installation.environment,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready http"), f"up said {line!r}"
        self.url = line.split()[1].rstrip("/")

    def stop(self) -> None:
        """Stop everything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert code == 0


@dataclass
class Problems:
    """What browsers complain of: errors on their consoles, and requests that leave the host."""

    found: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let complaints pass in which this is found: a test that provokes them says so."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Return the rest."""
        return [text for text in self.found if not any(p.search(text) for p in self._expected)]

    def listen(self, page: Page, *, host: str) -> None:
        """Collect what a page complains of."""
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.found.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._note_request(request, host))

    def _note_console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not _PROBES.search(urlsplit(url).path):
            self.found.append(f"console: {message.text} ({urlsplit(url).path})")

    def _note_request(self, request: Request, host: str) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            self.found.append(f"a request left the host: {request.url}")


@dataclass
class SignIn:
    """Opens browsers and signs people in; each call is another browser, with cookies of its own."""

    screens: Screens
    browser: Browser
    problems: Problems
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, account: Role | str, path: str = "/") -> Page:
        """Sign in, wait until the screen at ``path`` is drawn, and return it."""
        page = self.open(path)
        page.fill("[name=name]", str(account))
        page.fill("[name=password]", self.screens.passwords[str(account)])
        page.click("button")
        wait_for_screen(page)
        return page

    def open(self, path: str = "/") -> Page:
        """Open a browser in which nobody is signed in."""
        context = self.browser.new_context(viewport=_SIZE, locale="en-US")  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        self.problems.listen(page, host=urlsplit(self.screens.url).netloc)
        page.goto(self.screens.url + path)
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()


def wait_for_screen(page: Page) -> None:
    """Wait until a screen is drawn and its script has run."""
    page.wait_for_selector("[data-testid=stApp]", timeout=60_000)
    page.wait_for_selector(".frame .out", timeout=60_000)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
        timeout=60_000,
    )


def find_chromium() -> str:
    """Return the browser's program; the test fails with words where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found is not None, (
        "These tests need Chromium, which is not on this machine. Install it (Debian: apt-get install "
        "chromium), or run ./test, which does."
    )
    return found


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for_pages(screens: Screens, *, files: int) -> None:
    """Wait until so many files have their end state and the index has drained."""
    from ingest.waiting import is_idle

    workshop = screens.workshop

    def is_done() -> bool:
        with workshop.catalog.look() as uow:
            received = uow.counts.summarize().files.received
        return received >= files and is_idle(workshop)

    wait_until(is_done, patience=600, what=f"{files} charts to be read")
