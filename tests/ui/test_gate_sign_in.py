"""Signing in: who may, how often one may try, and what the browser is given."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from backfile.domain.audit import AuditAction, AuditEvent
from backfile.domain.user import Role
from backfile.ports import FixedClock
from backfile.services.accounts import disable_user
from backfile.services.sessions import LOCK_SECONDS, NAME_FAILURES, session_key
from backfile.store.schema import sessions, sign_in_failures
from ingest.workshop import Workshop
from tests.ui.conftest import ORIGIN, PASSWORD, send_form
from ui.auth.gate import COOKIE


def events(workshop: Workshop, *actions: AuditAction) -> list[AuditEvent]:
    with workshop.catalog.look() as uow:
        return [sealed.event for sealed in uow.audit.all() if sealed.event.action in actions]


def test_the_cookie_is_for_the_server_alone(anonymous: TestClient, workshop: Workshop) -> None:
    page = anonymous.get("/login")
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": token, "name": "clinician", "password": PASSWORD, "next": "/search?type=a"}
    answer = anonymous.post("/login", data=fields, headers={"Origin": ORIGIN})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/search?type=a"
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{COOKIE}=")]
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    assert "secure" not in cookie.lower()  # on plain http a browser would not send it back
    secret = anonymous.cookies[COOKIE]
    with workshop.catalog.look() as uow:
        held = uow.connection.execute(sessions.select()).all()
    assert [row.key for row in held] == [session_key(secret)]
    assert secret not in repr(held)
    (event,) = events(workshop, AuditAction.SIGNED_IN)
    assert (event.actor, event.subject) == ("clinician", session_key(secret))


def test_over_https_the_cookie_is_secure(app: object, workshop: Workshop) -> None:
    client = TestClient(app, base_url="https://127.0.0.1:8501", follow_redirects=False)  # type: ignore[arg-type]
    page = client.get("/login")
    assert "max-age" in page.headers["strict-transport-security"]
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": token, "name": "clinician", "password": PASSWORD}
    answer = client.post("/login", data=fields, headers={"Origin": "https://127.0.0.1:8501"})
    assert answer.status_code == 303
    assert all(
        "secure" in cookie.lower() for cookie in answer.headers.get_list("set-cookie") if COOKIE in cookie
    )


def test_whoever_is_signed_in_is_passed_on(sign_in_as: Callable[..., TestClient]) -> None:
    answer = sign_in_as(Role.CLINICIAN).get("/login?next=/search")
    assert (answer.status_code, answer.headers["location"]) == (303, "/search")


def test_a_new_session_replaces_the_one_before(
    sign_in_as: Callable[..., TestClient], anonymous: TestClient
) -> None:
    client = sign_in_as(Role.CLINICIAN)
    old = client.cookies[COOKIE]
    page_of_another_tab = anonymous.get("/login").text
    token = page_of_another_tab.partition('name="token" value="')[2].partition('"')[0]
    client.cookies.set("backfile_form", anonymous.cookies["backfile_form"], path="/login")
    fields = {"token": token, "name": "supervisor", "password": PASSWORD}
    assert client.post("/login", data=fields, headers={"Origin": ORIGIN}).status_code == 303
    anonymous.cookies.set(COOKIE, old)
    assert anonymous.get("/").status_code == 401


@pytest.mark.parametrize(
    ("origin", "token"), [(ORIGIN, "guessed"), (ORIGIN, ""), ("http://evil.example", None), ("null", None)]
)
def test_a_form_of_another_site_signs_nobody_in(
    anonymous: TestClient, origin: str, token: str | None
) -> None:
    page = anonymous.get("/login").text
    right = page.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": right if token is None else token, "name": "clinician", "password": PASSWORD}
    answer = anonymous.post("/login", data=fields, headers={"Origin": origin})
    assert answer.status_code == 403
    assert COOKIE not in anonymous.cookies


@pytest.mark.parametrize(
    ("name", "password"),
    [("clinician", "wrong"), ("nobody", PASSWORD), ("", ""), ("clinician", ""), ("x" * 5000, "y" * 5000)],
)
def test_wrong_names_and_wrong_passwords_get_the_same_answer(
    anonymous: TestClient, workshop: Workshop, name: str, password: str
) -> None:
    page = anonymous.get("/login").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": token, "name": name, "password": password}
    answer = anonymous.post("/login", data=fields, headers={"Origin": ORIGIN})
    assert answer.status_code == 401
    assert "User name or password are wrong." in answer.text
    assert COOKIE not in anonymous.cookies
    (event,) = events(workshop, AuditAction.SIGN_IN_FAILED)
    assert name not in event.subject or name == ""  # a password typed into the wrong field is kept nowhere


def test_a_closed_account_cannot_sign_in(anonymous: TestClient, workshop: Workshop) -> None:
    disable_user("clinician", catalog=workshop.catalog, actor="test")
    assert send_form(anonymous, "clinician", PASSWORD) == 401


@pytest.mark.parametrize("name", ["clinician", "nobody"])
def test_after_too_many_tries_a_name_is_not_heard_for_a_while(
    anonymous: TestClient, clock: FixedClock, workshop: Workshop, name: str
) -> None:
    for _ in range(NAME_FAILURES):
        assert send_form(anonymous, name, "wrong") == 401
        clock.advance(30)
    assert send_form(anonymous, name, PASSWORD) == 429
    clock.advance(LOCK_SECONDS - 31)
    assert send_form(anonymous, name, PASSWORD) == 429
    assert send_form(anonymous, "supervisor", PASSWORD) == 303  # another name from there is
    anonymous.post("/logout", headers={"Origin": ORIGIN, "X-Backfile": "1"})
    clock.advance(2)
    assert send_form(anonymous, name, PASSWORD) == (303 if name == "clinician" else 401)


def test_a_right_password_clears_what_failed_before(anonymous: TestClient, workshop: Workshop) -> None:
    for _ in range(3):
        for _ in range(NAME_FAILURES - 1):
            assert send_form(anonymous, "clinician", "wrong") == 401
        assert send_form(anonymous, "clinician", PASSWORD) == 303
        anonymous.post("/logout", headers={"Origin": ORIGIN, "X-Backfile": "1"})


def test_one_address_cannot_try_many_names(anonymous: TestClient, clock: FixedClock) -> None:
    answers = [send_form(anonymous, f"name{number}", "wrong") for number in range(25)]
    assert answers[:20] == [401] * 20
    assert answers[20:] == [429] * 5
    assert send_form(anonymous, "clinician", PASSWORD) == 429
    clock.advance(LOCK_SECONDS + 1)
    assert send_form(anonymous, "clinician", PASSWORD) == 303


def test_names_that_were_tried_are_kept_as_digests(anonymous: TestClient, workshop: Workshop) -> None:
    send_form(anonymous, "my secret password", "wrong")
    with workshop.catalog.look() as uow:
        held = repr(uow.connection.execute(sign_in_failures.select()).all())
    assert held.count("(") > 2
    assert "secret" not in held


def test_what_ended_a_session_stands_in_the_audit_trail(
    sign_in_as: Callable[..., TestClient], workshop: Workshop, clock: FixedClock
) -> None:
    sign_in_as(Role.CLINICIAN).post("/logout", headers={"Origin": ORIGIN, "X-Backfile": "1"})
    client = sign_in_as(Role.TECHNICIAN)
    clock.advance(LOCK_SECONDS)
    assert client.get("/").status_code == 401
    ends = [(event.actor, event.details["why"]) for event in events(workshop, AuditAction.SIGNED_OUT)]
    assert ends == [
        ("clinician", "signed_out"),
        ("technician", "idle"),
    ]
