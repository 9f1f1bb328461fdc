"""The verification station in a browser, driven by keys alone."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from backfile.domain.geometry import Box, box_center
from tests.browser.screens import SignIn

LEAST_MS = 270
"""A document is on the screen for so long before a decision about it counts."""


@dataclass
class Station:
    """One open station."""

    page: Page

    @property
    def root(self) -> Locator:
        return self.page.locator(".station")

    @property
    def document(self) -> str:
        """Id of the document on the screen."""
        return self.root.get_attribute("data-document") or ""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def wait_for(self, document: str) -> None:
        """Wait until a document is painted, and so long that a decision counts."""
        expect(self.root).to_have_attribute("data-shown", document, timeout=30_000)
        expect(self.root).to_have_attribute("data-document", document)
        self.page.wait_for_timeout(LEAST_MS)

    def wait_for_page(self, position: int) -> None:
        """Wait until a page is painted, and so long that it counts as looked at."""
        expect(self.root).to_have_attribute("data-page", str(position), timeout=30_000)
        self.page.wait_for_timeout(500)

    def wait_for_another(self, than: str) -> str:
        """Wait until another document, or the clear queue, is on the screen; return its id."""
        expect(self.root).not_to_have_attribute("data-document", than, timeout=30_000)
        return self.document

    def wait_until_saved(self) -> None:
        expect(self.page.locator(".net")).to_contain_text("all saved", timeout=30_000)

    def expect_words(self, words: str) -> None:
        expect(self.page.locator(".says")).to_contain_text(words)

    def candidate(self, patient: str) -> Locator:
        return self.page.locator(f".cands [data-patient={patient}]")

    def digit_of(self, patient: str) -> str:
        """Return the key that chooses a candidate."""
        return self.candidate(patient).locator(".digit kbd").inner_text()

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[data-row={name}]")

    def click_box(self, box: Box, *, shift: bool = False) -> None:
        """Click on a word of the page image; the one thing that needs a pointer."""
        sheet = self.page.locator(".paper img").bounding_box()
        assert sheet is not None
        u, v = box_center(box)
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(sheet["x"] + u * sheet["width"], sheet["y"] + v * sheet["height"])
        if shift:
            self.page.keyboard.up("Shift")


def open_station(sign_in: SignIn, document: str, *, account: str = "technician") -> Station:
    """Sign in and open the station on one document."""
    station = Station(sign_in(account, f"/verify?doc={document}"))
    station.wait_for(document)
    return station
