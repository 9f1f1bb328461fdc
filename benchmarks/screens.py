"""How fast the verification station answers a technician, measured in a real browser.

    .venv/bin/python -m benchmarks.screens [--documents 60] [--queue 10000] [--charts 24]

From the press of Enter to the next document's page on the screen, idle and while OCR workers read charts at
low priority; how long the screen takes to open on a long queue; and the search for a patient among 2,000.
Server and browser share the machine, so a site with a server of its own is faster, and has a network between.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, expect, sync_playwright

from backfile.domain.blocking import BlockKind
from backfile.domain.document import DocumentState
from backfile.domain.patient import Patient
from backfile.services.find_patients import find_patients
from ingest.waiting import is_idle
from ingest.workshop import Workshop, open_workshop
from samples.families import FamilySplit
from samples.make import make_samples
from tests.browser.chart_screen import go_to_search, open_chart
from tests.browser.screens import find_chromium, free_port, wait_for_screen
from tests.papers import Sheet, add_waiting, fill_queue

_GOALS = {"idle": 100, "busy": 150, "open": 1500, "patients": 50, "search": 500}
"""Milliseconds: 90th percentile of a key press, opening the queue, searches."""
_QUERIES = (
    "lisinopril", "blood pressure", '"short of breath"', "metform*", "lungs OR heart", "weight -fever",
    "zebra", "three months", "10 mg", "sleeps night",
)  # fmt: skip
_WATCH = """() => {
  window.keyToPage = [];
  let pressed = 0;
  new PerformanceObserver((list) => {
    for (const mark of list.getEntries()) {
      if (mark.name === "backfile-key") pressed = mark.startTime;
      if (mark.name === "backfile-shown" && pressed) {
        window.keyToPage.push(mark.startTime - pressed);
        pressed = 0;
      }
    }
  }).observe({ type: "mark" });
}"""


_ANSWERED = """(text) => [...document.querySelectorAll("*")].some(
  (one) => one.shadowRoot?.querySelector(".chart")?.dataset.answered === text)"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of many of one thing."""

    values: tuple[float, ...]

    def share(self, part: float) -> float:
        """Return the value that a share of all do not exceed."""
        return sorted(self.values)[min(len(self.values) - 1, int(part * len(self.values)))]

    def __str__(self) -> str:
        """Return median, p90 and max."""
        return (
            f"median {median(self.values):5.0f}  p90 {self.share(0.9):5.0f}  max {max(self.values):5.0f} ms"
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=60, help="decided in each of the two runs")
    parser.add_argument("--openings", type=int, default=7, help="of the queue, each by a new session")
    parser.add_argument("--queue", type=int, default=10_000, help="documents that wait")
    parser.add_argument("--charts", type=int, default=24, help="charts that workers read meanwhile")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bf-bench-"))
    try:
        return measure(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure everything in a home of its own."""
    home, password = folder / "home", secrets.token_urlsafe(12)
    samples = make_samples(folder / "samples", charts=options.charts, seed=23, families=FamilySplit.DEMO)
    run_backfile(home, "init")
    run_backfile(home, "patients", "import", str(samples.patients_csv))
    run_backfile(
        home, "user", "add", "tech", "--role", "technician", "--password-stdin", stdin=f"{password}\n"
    )
    workshop = open_workshop(home)
    fill(workshop, decided=2 * options.documents + 10 * options.openings, queue=options.queue)
    patients = time_patient_search(workshop)
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest.cli", "up", "--port", str(port), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"BACKFILE_SETTLE_SECONDS": "0.5"},
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1].rstrip("/")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            opened, page = time_openings(browser, url, password, options.openings)
            idle = time_keys(page, options.documents)
            for chart in sorted(path for path in samples.charts_folder.rglob("*") if path.is_file()):
                shutil.copyfile(chart, home / "inbox" / chart.name)
            wait_for_workers(home)
            busy = time_keys(page, options.documents)
            is_busy = is_reading(home)
            searches = time_chart_search(page, workshop)
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=60)
    show(options, opened, idle, busy, patients, searches, is_busy=is_busy)
    return 0


def show(
    options: argparse.Namespace,
    opened: Figures,
    idle: Figures,
    busy: Figures,
    patients: Figures,
    searches: Figures,
    *,
    is_busy: bool,
) -> None:
    """Print what was measured."""
    print(f"cores                              {len(os.sched_getaffinity(0))}")
    print(f"key press to next page, idle       {idle}   (goal p90 {_GOALS['idle']})")
    print(f"key press to next page, OCR runs   {busy}   (goal p90 {_GOALS['busy']})")
    if not is_busy:
        print("  the workers had ended before the run had: take more --charts")
    print(f"a queue of {options.queue:,} opens            {opened}   (goal {_GOALS['open']})")
    print(f"  the first time after the start   {opened.values[0]:5.0f} ms")
    print(f"search in a chart, Enter to hits   {searches}   (goal p90 {_GOALS['search']})")
    print(f"patient search among 2,000, p95    {patients.share(0.95):5.0f} ms   (goal {_GOALS['patients']})")


def fill(workshop: Workshop, *, decided: int, queue: int) -> None:
    """Put documents of one page and of several before a long queue; every one has a candidate."""
    people = find_people(workshop)
    sheets = [Sheet(str(p.name), f"{p.birth_date:%m/%d/%Y}", seen="05/01/2009") for p in people]
    documents = [
        [sheets[at % len(sheets)]] * (3 if at % 5 == 0 else 1)  # one in five has three pages
        for at in range(decided)
    ]
    for at in range(0, decided, 10):
        add_waiting(workshop, documents[at : at + 10])
    fill_queue(workshop, sheets[0], count=max(0, queue - decided))


def find_people(workshop: Workshop) -> list[Patient]:
    """Return some patients with a birth date."""
    with workshop.catalog.look() as uow:
        found = uow.patients.find_under_prefix(BlockKind.FULL_NAME, "B", limit=40)
    return [patient for patient in found if patient.birth_date and not patient.merged_into][:20]


def time_patient_search(workshop: Workshop) -> Figures:
    """Look patients up by name, by number with a wrong digit and by birth date."""
    texts = []
    for patient in find_people(workshop):
        name, number = patient.name, patient.mrn.value
        texts += [f"{name.last}, {name.first[:2]}", f"{name.first} {name.last}", number, f"{number[:-1]}x"]
        texts += [name.last[:3], f"{patient.birth_date:%m/%d/%Y}"]
    values = []
    for text in texts:
        started = time.perf_counter()
        with workshop.catalog.look() as uow:
            find_patients(text, patients=uow.patients, today=dt.date(2026, 11, 24))
        values.append((time.perf_counter() - started) * 1000)
    return Figures(tuple(values))


def sign_in(page: Page, url: str, password: str) -> None:
    """Sign in and wait for the first screen."""
    page.goto(url)
    page.fill("[name=name]", "tech")
    page.fill("[name=password]", password)
    page.click("button")
    wait_for_screen(page)


def time_openings(browser: Browser, url: str, password: str, count: int) -> tuple[Figures, Page]:
    """Open the queue in new sessions of browser and server, one after the other; return the last one too."""
    values = []
    while True:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        sign_in(page, url, password)
        values.append(time_opening(page))
        if len(values) == count:
            return Figures(tuple(values)), page
        page.wait_for_timeout(1500)  # what it fetches ahead of need is there
        page.context.close()


def time_opening(page: Page) -> float:
    """Return the milliseconds from the click on "Verify" to the first page on the screen."""
    page.evaluate(_WATCH)
    started = time.perf_counter()
    page.locator("[data-testid=stTopNavLink]", has_text="Verify").click()
    page.wait_for_selector(".station[data-shown]", timeout=60_000)
    return (time.perf_counter() - started) * 1000


def time_keys(page: Page, count: int) -> Figures:
    """Confirm documents one after the other, as fast as is allowed; return key press to next page."""
    page.evaluate("window.keyToPage = []")
    station = page.locator(".station")
    for _ in range(count):
        document = station.get_attribute("data-document") or ""
        expect(station).to_have_attribute("data-shown", document, timeout=60_000)
        page.wait_for_timeout(400)  # nobody reads a page faster
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect(station).not_to_have_attribute("data-document", document)
    page.wait_for_timeout(1000)
    values: Sequence[float] = page.evaluate("window.keyToPage")
    return Figures(tuple(values))


def time_chart_search(page: Page, workshop: Workshop) -> Figures:
    """Search the chart that has most documents; return Enter to hits drawn, the driver's share included."""
    until = time.monotonic() + 300
    while not is_idle(workshop):
        if time.monotonic() > until:
            raise SystemExit("the index did not catch up")
        time.sleep(0.5)
    with workshop.catalog.look() as uow:
        filed = Counter(d.patient_id for d in uow.documents.all(states=[DocumentState.FILED]))
        patient = uow.patients.get(filed.most_common(1)[0][0] or "")
    assert patient is not None
    go_to_search(page)
    open_chart(page, patient)
    values = []
    for text in _QUERIES * 4:
        page.keyboard.press("/")
        page.fill(".ask .query", text)
        page.evaluate("document.title")  # nothing of the typing is left to be done
        started = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_function(_ANSWERED, arg=text, polling="raf")
        values.append((time.perf_counter() - started) * 1000)
        page.wait_for_timeout(100)
    return Figures(tuple(values))


def wait_for_workers(home: Path) -> None:
    """Wait until pages are being read."""
    until = time.monotonic() + 60
    while not is_reading(home):
        if time.monotonic() > until:
            raise SystemExit("no worker began to read")
        time.sleep(0.2)


def is_reading(home: Path) -> bool:
    """Say whether pages still wait to be read."""
    with open_workshop(home).catalog.look() as uow:
        return uow.counts.summarize().pages.working > 0


def run_backfile(home: Path, *arguments: str, stdin: str | None = None) -> None:
    """Run a command."""
    subprocess.run(
        [sys.executable, "-m", "ingest.cli", *arguments, "--home", str(home)],
        check=True,
        input=stdin,
        text=True,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    raise SystemExit(main())
