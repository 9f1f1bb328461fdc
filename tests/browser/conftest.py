"""One installation with screens for all browser tests, and people signed in to it."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from backfile.domain.user import Role
from backfile.services.accounts import add_user
from samples.families import FamilySplit
from samples.make import make_samples
from tests.browser.papers import ChartBox, drop_box
from tests.browser.screens import Problems, Screens, SignIn, find_chromium, wait_for_pages
from tests.e2e.conftest import Installation

CHARTS = int(os.environ.get("BACKFILE_TEST_CHARTS", "12"))
"""Fewer make a quicker start while one works on a test that needs none."""
ACCOUNTS = {role.value: role for role in Role} | {"technician2": Role.TECHNICIAN}


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """A home with a dozen synthetic charts read into it, an account for each role, and its screens."""
    folder = Path(tempfile.mkdtemp(prefix="bf-web-"))
    installation = Installation(
        folder / "home", {"BACKFILE_SETTLE_SECONDS": "0.5", "BACKFILE_READING": "fast"}
    )
    samples = make_samples(
        tmp_path_factory.mktemp("samples"), charts=CHARTS, seed=57, families=FamilySplit.DEMO
    )
    installation.run("init")
    installation.run("patients", "import", samples.patients_csv)
    passwords = {name: secrets.token_urlsafe(12) for name in ACCOUNTS}
    running = Screens(installation, samples, passwords)
    for name, role in ACCOUNTS.items():
        add_user(name, role, passwords[name], catalog=running.workshop.catalog, actor="test")
    running.start()
    files = [path for path in sorted(samples.charts_folder.rglob("*")) if path.is_file()]
    for file in files:
        target = installation.home / "inbox" / file.relative_to(samples.charts_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    wait_for_pages(running, files=len(files))
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def box(screens: Screens, tmp_path_factory: pytest.TempPathFactory) -> ChartBox:
    """Three papers of one patient of the index, and a file that is none, dropped as one batch."""
    return drop_box(screens, tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def problems() -> Iterator[Problems]:
    """What browsers complain of during a test; anything that was not expected fails it."""
    collected = Problems()
    yield collected
    assert collected.unexpected() == []


@pytest.fixture
def sign_in(screens: Screens, chromium: Browser, problems: Problems) -> Iterator[SignIn]:
    """``sign_in(role)`` returns a page on which somebody of that role is signed in."""
    opener = SignIn(screens, chromium, problems)
    yield opener
    opener.close()
