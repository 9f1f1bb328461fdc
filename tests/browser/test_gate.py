"""Who gets in, what they see, and what is left on the screen when their session is over."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from backfile.domain.document import FieldName
from backfile.domain.page import PageState
from backfile.domain.records import StoredPage
from backfile.domain.user import Role
from backfile.services.sessions import IDLE_SECONDS
from backfile.store.schema import sessions
from tests.browser.screens import Problems, Screens, SignIn, wait_for_screen
from ui.auth.gate import COOKIE

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

SEEN = {
    Role.SCANNING: ["Home", "My scans", "Counts"],
    Role.TECHNICIAN: ["Home", "Verify", "Search", "Checks", "My scans", "Counts"],
    Role.CLINICIAN: ["Home", "Search"],
    Role.SUPERVISOR: ["Home", "Verify", "Search", "Checks", "My scans", "Overview", "Counts"],
    Role.ADMINISTRATOR: ["Home", "Verify", "Search", "Checks", "My scans", "Overview", "Counts"],
}
PATHS = {
    "Verify": "/verify",
    "Search": "/search",
    "Checks": "/checks",
    "My scans": "/scans",
    "Overview": "/overview",
}
BAR = "[data-testid=stTopNavLink]"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_screens_and_no_others(sign_in: SignIn, problems: Problems, role: Role) -> None:
    problems.expect("page that you have requested does not seem to exist")
    page = sign_in(role)
    assert [title.strip() for title in page.locator(BAR).all_inner_texts()] == SEEN[role]
    expect(page.locator(".frame .who")).to_have_text(role.value)
    for title in SEEN[role]:
        page.locator(BAR, has_text=title).click()
        wait_for_screen(page)
        assert page.locator("[data-testid=stException]").count() == 0
    for title in set(PATHS) - set(SEEN[role]):
        page.goto(sign_in.screens.url + PATHS[title])
        wait_for_screen(page)
        expect(page.locator("[data-testid=stDialog]")).to_contain_text("Page not found")
        expect(page.locator("h1")).to_have_text("What waits for you")


def test_one_comes_to_the_screen_that_was_asked_for(sign_in: SignIn) -> None:
    page = sign_in(Role.SUPERVISOR, "/counts")
    assert urlsplit(page.url).path == "/counts"
    expect(page.locator("h1")).to_have_text("Counts")
    expect(page.get_by_text("accounted for")).to_be_visible()


def test_a_wrong_password_is_told_in_words(sign_in: SignIn, problems: Problems) -> None:
    problems.expect(r"status of 401 .*\(/login\)")
    page = sign_in.open("/")
    page.fill("[name=name]", "nobody-of-that-name")
    page.fill("[name=password]", "wrong")
    page.click("button")
    expect(page.locator("[role=alert]")).to_have_text(
        "User name or password are wrong. Check both and try again."
    )
    assert page.input_value("[name=password]") == ""


def test_when_a_session_ends_the_screen_is_blank_at_once(
    sign_in: SignIn, screens: Screens, problems: Problems
) -> None:
    problems.expect("401|WebSocket")
    page = sign_in(Role.TECHNICIAN, "/counts")
    expire_sessions_of(screens, "technician")
    # A click is enough: the screen asks to be drawn anew and the gate closes the connection.
    page.locator(BAR, has_text="Home").click()
    see_only_the_sign_in_form(page)
    expect(page.locator("[role=alert]")).to_contain_text("Your session has ended")


def test_a_session_that_nobody_uses_ends_by_itself(
    sign_in: SignIn, screens: Screens, problems: Problems
) -> None:
    problems.expect("401|WebSocket")
    page = sign_in(Role.CLINICIAN, "/search")
    expire_sessions_of(screens, "clinician", seconds=IDLE_SECONDS - 8)
    page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange'))"
    )  # as when one comes back to the tab
    see_only_the_sign_in_form(page)
    assert urlsplit(page.url).query == "ended=1&next=%2Fsearch"


def test_signing_out_blanks_every_tab(sign_in: SignIn, problems: Problems) -> None:
    problems.expect("401|WebSocket")
    first = sign_in(Role.SUPERVISOR)
    second = first.context.new_page()
    problems.listen(second, host=urlsplit(sign_in.screens.url).netloc)
    second.goto(f"{sign_in.screens.url}/counts")
    wait_for_screen(second)
    first.locator(".frame .out").click()
    see_only_the_sign_in_form(first)
    expect(first.locator("[role=alert]")).to_have_text("You have signed out.")
    see_only_the_sign_in_form(second)
    first.go_back()
    see_only_the_sign_in_form(first)


def test_a_tab_shows_nothing_of_somebody_who_left_to_whoever_came(
    sign_in: SignIn, problems: Problems
) -> None:
    problems.expect("401|WebSocket")
    page, other = sign_in(Role.SUPERVISOR), sign_in(Role.CLINICIAN)
    page.context.add_cookies(other.context.cookies())  # type: ignore[arg-type] # given as they are taken
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".frame .who")).to_have_text("clinician", timeout=30_000)
    wait_for_screen(page)
    assert [title.strip() for title in page.locator(BAR).all_inner_texts()] == SEEN[Role.CLINICIAN]


def test_without_a_session_nothing_is_to_be_had(sign_in: SignIn) -> None:
    page = sign_in.open("/login")
    answers = page.evaluate(
        """async () => {
          const paths = ["/_stcore/metrics", "/_stcore/host-config", "/media/x.jpg", "/page/pag_1.jpg",
            "/_stcore/upload_file/a/b", "/static/js/index.js", "/_stcore/agent/openapi.json", "/verify"];
          const statuses = [];
          for (const path of paths) statuses.push((await fetch(path, {credentials: "same-origin"})).status);
          const socket = new WebSocket(`ws://${location.host}/_stcore/stream`);
          const opened = await new Promise((done) => {
            socket.onopen = () => done(true);
            socket.onclose = () => done(false);
          });
          return {statuses, opened};
        }"""
    )
    assert set(answers["statuses"]) <= {401, 403}
    assert answers["opened"] is False
    sign_in.problems.expect("40[13]|WebSocket")


def test_what_waits_is_drawn_before_anybody_looks(screens: Screens, sign_in: SignIn) -> None:
    waiting = [page for page in pages_of(screens) if page.state in (PageState.REVIEW, PageState.EXCEPTION)]
    assert len(list(screens.workshop.home.cache.rglob("*.jpg"))) >= 2 * len(waiting) > 0
    page = sign_in(Role.TECHNICIAN)
    size = page.evaluate(
        """async (id) => {
          const answer = await fetch(`/page/${id}.jpg`, {credentials: "same-origin", cache: "no-store"});
          const picture = await createImageBitmap(await answer.blob());
          return [picture.width, picture.height];
        }""",
        waiting[0].id,
    )
    assert min(size) > 500


def test_nothing_of_a_patient_enters_logs_addresses_titles_or_redis(
    screens: Screens, sign_in: SignIn, problems: Problems
) -> None:
    planted = planted_words(screens)
    assert len(planted) > 5
    page = sign_in(Role.SUPERVISOR)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    told = []
    for title in SEEN[Role.SUPERVISOR]:
        page.locator(BAR, has_text=title).click()
        wait_for_screen(page)
        page.wait_for_timeout(500)
        told.append(f"{page.url} {page.title()}")
    secret = next(c["value"] for c in page.context.cookies() if c["name"] == COOKIE)
    stranger = sign_in.open("/login")
    problems.expect("40[134]")
    for page_id in (pages_of(screens)[0].id, "none"):
        answer = stranger.request.get(f"{screens.url}/page/{page_id}.jpg")
        told.append(f"{answer.status} {answer.text()}")
    written = {
        path.name: path.read_bytes()
        for folder in (screens.home / "logs", screens.home / "redis")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert "ui.log" in written
    places = written | {"addresses": "\n".join(requested).encode(), "told": "\n".join(told).encode()}
    spilled = {
        (place, word)
        for place, content in places.items()
        for word in {*planted, secret}
        if word.encode() in content
    }
    assert spilled == set()


def pages_of(screens: Screens) -> list[StoredPage]:
    with screens.workshop.catalog.look() as uow:
        return list(uow.pages.all())


def planted_words(screens: Screens) -> set[str]:
    """Return the MRNs, last names, birth dates and file names of the charts."""
    words = set()
    for chart in screens.samples.charts:
        words.add(chart.name.rpartition("/")[2])
        for document in chart.documents:
            mrn = document.fields.get(FieldName.MRN, "")
            last = document.fields.get(FieldName.PATIENT_NAME, "").partition(",")[0]
            words |= {mrn} if len(mrn) >= 6 else set()
            words |= {last, last.upper()} if len(last) >= 6 else set()
            words.add(document.fields.get(FieldName.BIRTH_DATE, ""))
    return words - {""}


def see_only_the_sign_in_form(page: Page) -> None:
    """Wait until the form stands where the screen was."""
    page.wait_for_url(re.compile(r"/login\?"), timeout=30_000)
    expect(page.locator("[name=password]")).to_be_visible()
    assert page.locator("[data-testid=stApp]").count() == 0


def expire_sessions_of(screens: Screens, name: str, *, seconds: float = IDLE_SECONDS + 1) -> None:
    """Let it be so long ago that somebody used their sessions."""
    with screens.workshop.catalog.begin() as uow:
        user = uow.users.get(name)
        assert user is not None
        used = uow.clock.now() - dt.timedelta(seconds=seconds)
        uow.connection.execute(
            sessions.update().where(sessions.c.user_id == user.id).values(last_used_at=used)
        )
        uow.commit()
