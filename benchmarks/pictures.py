"""Takes the pictures of README and manual from the running demo, in a real browser.

    .venv/bin/python -m benchmarks.pictures [--out docs/pictures] [--running DEMO_HOME]

Everybody in them is made up: the demo's charts and patients come from a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from backfile.domain.document import DocumentState
from ingest.waiting import is_idle
from ingest.workshop import Workshop, open_workshop
from tests.browser.chart_screen import go_to_search, open_chart, search

_SIZE = {"width": 1360, "height": 850}
_PATIENCE_MS = 60_000
_DEMO_SECONDS = 600.0
_PORT = 8577


def main() -> int:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--running", type=Path, help=f"home of a demo that runs already, on port {_PORT}")
    options = parser.parse_args()
    out = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium")
    if program is None:
        print("The pictures need Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    demo = run_demo() if options.running is None else nullcontext(options.running)
    with demo as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        passwords = {one["name"]: one["password"] for one in json.loads((home / "accounts.json").read_text())}
        for name, role, show in PICTURES:
            page = sign_in(browser, role, passwords[role])
            show(page, open_workshop(home))
            page.wait_for_timeout(700)
            save(page, out / f"{name}.png")
            page.context.close()
        browser.close()
    return 0


@contextmanager
def run_demo() -> Iterator[Path]:
    """Run the demo in a folder of its own, until everything is read; give its home."""
    with tempfile.TemporaryDirectory(prefix="backfile-pictures-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.cli", "demo"],
            cwd=folder,
            env=os.environ | {"BACKFILE_UI_PORT": str(_PORT), "PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        home = Path(folder) / "demo-home"
        try:
            _wait_for_demo(process, home)
            yield home
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for_demo(process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + _DEMO_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the demo ended by itself, exit code {process.returncode}")
        if (home / "accounts.json").exists() and _is_done(open_workshop(home)):
            return
        time.sleep(1)
    raise SystemExit("the demo did not end in time")


def _is_done(workshop: Workshop) -> bool:
    with workshop.catalog.look() as uow:
        files = uow.counts.summarize().files
    return files.received >= 40 and not files.working and is_idle(workshop)


def sign_in(browser: Browser, role: str, password: str) -> Page:
    """Return a page on which somebody of a role is signed in."""
    context = browser.new_context(viewport=_SIZE, locale="en-US", color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(f"http://127.0.0.1:{_PORT}/")
    page.fill("[name=name]", role)
    page.fill("[name=password]", password)
    page.click("button")
    page.wait_for_selector(".frame .out")
    return page


def save(page: Page, path: Path) -> None:
    """Save what is on the screen; 128 colours are enough, and a quarter of the bytes."""
    image = Image.open(BytesIO(page.screenshot()))
    image.convert("RGB").quantize(128).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


def _open_screen(page: Page, title: str) -> None:
    page.locator("[data-testid=stTopNavLink]", has_text=title).click()


def show_verify(page: Page, workshop: Workshop) -> None:
    """The station with a waiting document that has several candidates."""
    with workshop.catalog.look() as uow:
        waiting = [d for d in uow.documents.all(states=[DocumentState.REVIEW]) if d.match]
        chosen = max(waiting, key=lambda d: len(d.match.candidates) if d.match else 0)
    page.goto(f"http://127.0.0.1:{_PORT}/verify?doc={chosen.id}")
    page.wait_for_selector(".station .cands .cand")
    page.wait_for_selector(".station .paper img")


def show_verify_zoom(page: Page, workshop: Workshop) -> None:
    """The station, zoomed to where the birth date was read."""
    show_verify(page, workshop)
    page.keyboard.press("1")
    page.keyboard.press("b")


def show_search(page: Page, workshop: Workshop) -> None:
    """A search in the longest chart, its first hit open."""
    with workshop.catalog.look() as uow:
        filed = [d for d in uow.documents.all(states=[DocumentState.FILED]) if d.patient_id]
        longest = max(filed, key=lambda document: len(uow.pages.of_document(document.id)))
        patient = uow.patients.get(longest.patient_id or "")
    assert patient is not None
    go_to_search(page)
    open_chart(page, patient)
    search(page, "patient OR history")
    page.locator(".hits .row").first.click()
    page.wait_for_selector(".viewer[data-shown]")


def show_scans(page: Page, _workshop: Workshop) -> None:
    """Every file, and what became of it."""
    _open_screen(page, "My scans")
    page.get_by_text("chart-0001").first.wait_for()


def show_overview(page: Page, _workshop: Workshop) -> None:
    """Backlog, reasons, throughput."""
    _open_screen(page, "Overview")
    page.locator("h1", has_text="Overview").wait_for()


PICTURES: tuple[tuple[str, str, Callable[[Page, Workshop], None]], ...] = (
    ("verify", "technician", show_verify),
    ("verify-zoom", "technician", show_verify_zoom),
    ("search", "clinician", show_search),
    ("scans", "scanning", show_scans),
    ("overview", "supervisor", show_overview),
)
"""Name, role and what to do first."""


if __name__ == "__main__":
    raise SystemExit(main())
