"""The search screen in a browser: choosing a patient, asking, and where the boxes lie."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from backfile.domain.geometry import Box
from backfile.domain.patient import Patient
from backfile.domain.user import Role
from tests.browser.screens import SignIn


def open_search(sign_in: SignIn, role: Role) -> Page:
    page = sign_in(role)
    go_to_search(page)
    return page


def go_to_search(page: Page) -> None:
    page.locator("[data-testid=stTopNavLink]", has_text="Search").click()
    page.wait_for_selector(".choose .who")


def open_chart(page: Page, patient: Patient) -> None:
    """Choose a patient by the number, and see who it is before and after."""
    page.fill(".who .text", patient.mrn.value)
    page.keyboard.press("Enter")
    expect(page.locator(".choose .says")).to_have_text("1 patient fits.")
    person = page.locator(".person")
    assert patient.birth_date is not None
    for fact in (str(patient.name), f"{patient.birth_date:%m/%d/%Y}", patient.mrn.value):
        expect(person).to_contain_text(fact)
    page.keyboard.press("Enter")
    for fact in (str(patient.name), f"{patient.birth_date:%m/%d/%Y}", f"MRN {patient.mrn.value}"):
        expect(page.locator(".banner")).to_contain_text(fact)


def search(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.fill(".ask .query", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.chart[data-answered="{text}"]')


def wait_for_page(page: Page, page_id: str) -> None:
    page.wait_for_selector(f'.viewer[data-shown="{page_id}"]')


def word_at(page: Page) -> tuple[str, str | None]:
    """Return the page that the list says is shown, once it is, and the place of the word stepped to."""
    chosen = page.locator(".hit.shown .row").get_attribute("data-page") or ""
    wait_for_page(page, chosen)
    return chosen, page.locator("rect.current").get_attribute("y")


def boxes_shown(page: Page) -> list[Box]:
    """Return where the boxes lie on the picture, as the browser draws them, 0..1."""
    found: list[list[float]] = page.evaluate(
        """() => {
          const root = [...document.querySelectorAll("*")].map((one) => one.shadowRoot)
            .find((one) => one?.querySelector(".chart"));
          const frame = root.querySelector(".sheet img").getBoundingClientRect();
          return [...root.querySelectorAll(".sheet rect")].map((rect) => {
            const box = rect.getBoundingClientRect();
            return [(box.left - frame.left) / frame.width, (box.top - frame.top) / frame.height,
              (box.right - frame.left) / frame.width, (box.bottom - frame.top) / frame.height];
          });
        }"""
    )
    return [(a, b, c, d) for a, b, c, d in found]


def is_in_sight(page: Page) -> bool:
    seen: bool = page.evaluate(
        """() => {
          const root = [...document.querySelectorAll("*")].map((one) => one.shadowRoot)
            .find((one) => one?.querySelector(".chart"));
          const box = root.querySelector("rect.current").getBoundingClientRect();
          const frame = root.querySelector(".window").getBoundingClientRect();
          return box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left
            && box.right <= frame.right;
        }"""
    )
    return seen
