"""The gate: nobody passes who is not signed in, whatever they ask for and whatever they say of themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from backfile.domain.user import Role
from backfile.ports import FixedClock
from backfile.services.accounts import disable_user
from backfile.services.sessions import IDLE_SECONDS, LONGEST_SECONDS, session_key
from backfile.store.schema import users
from ingest.workshop import Workshop
from tests.ui.conftest import HOST, ORIGIN
from ui.auth.gate import COOKIE, WS_NOT_SIGNED_IN
from ui.auth.paths import safe_next
from ui.auth.rights import RIGHTS, Right

STREAM = f"ws://{HOST}/_stcore/stream"
OURS = {"Origin": ORIGIN, "X-Backfile": "1"}
PATHS = (
    "/",
    "/verify",
    "/search",
    "/page/pag_1.jpg",
    "/data/search/patients",
    "/session/beat",
    "/logout",
    "/media/0123456789abcdef.jpg",
    "/static/js/index.js",
    "/index.html",
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/x/y",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/bidi-components/x/y.js",
    "/component/x/index.html",
    "/app/static/x",
    "/no/such/place",
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_anonymous_requests_get_nothing(anonymous: TestClient, method: str) -> None:
    for path in PATHS:
        answer = anonymous.request(method, path, headers=OURS)
        assert answer.status_code in (401, 403), path
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/", "/verify?doc=doc_1", "/search?type=x&from=1990"])
def test_a_person_who_opens_a_screen_is_asked_to_sign_in(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
    form = anonymous.get(answer.headers["location"]).text
    assert f'name="next" value="{path.replace("&", "&amp;")}"' in form


@pytest.mark.parametrize("path", ["/login", "/login.css", "/favicon.png", "/_stcore/health"])
def test_what_anybody_may_have(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_websocket_without_a_session_is_refused(anonymous: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        anonymous.websocket_connect(STREAM, headers={"Origin": ORIGIN}),
    ):
        pass
    assert closed.value.code == WS_NOT_SIGNED_IN


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None, "http://127.0.0.1:9999"])
def test_a_websocket_from_another_site_is_refused(
    sign_in_as: Callable[..., TestClient], origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    with (
        pytest.raises(WebSocketDisconnect),
        sign_in_as(Role.SUPERVISOR).websocket_connect(STREAM, headers=headers),
    ):
        pass


def test_a_websocket_ends_with_its_session(sign_in_as: Callable[..., TestClient], clock: FixedClock) -> None:
    client = sign_in_as(Role.TECHNICIAN)
    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}, subprotocols=["streamlit"]) as socket:
        clock.advance(IDLE_SECONDS)
        socket.send_bytes(b"\x00")  # whatever it is, it is not looked at
        assert _close_code(socket) == WS_NOT_SIGNED_IN


def _close_code(socket: WebSocketTestSession) -> int:
    """Read on until the server closes."""
    while True:
        message = socket.receive()
        if message["type"] == "websocket.close":
            return int(message["code"])


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Backfile-Session": "{key}"},
        {"x-backfile-session": "{key}", "X-Backfile-User": "administrator"},
        {"Cookie": f"{COOKIE}={{key}}"},
        {"Authorization": "Bearer {key}"},
    ],
)
def test_knowing_the_public_key_of_a_session_opens_nothing(
    anonymous: TestClient, sign_in_as: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    secret = sign_in_as(Role.ADMINISTRATOR).cookies[COOKIE]
    spoofed = {name: value.format(key=session_key(secret)) for name, value in headers.items()}
    assert anonymous.get("/", headers=spoofed).status_code == 401
    assert anonymous.post("/session/left", headers=OURS | spoofed).status_code == 401
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        anonymous.websocket_connect(STREAM, headers={"Origin": ORIGIN} | spoofed),
    ):
        pass
    assert closed.value.code == WS_NOT_SIGNED_IN


@pytest.mark.parametrize("role", [Role.SCANNING, Role.ADMINISTRATOR])
def test_doors_that_nobody_uses_stay_shut(sign_in_as: Callable[..., TestClient], role: Role) -> None:
    client = sign_in_as(role)
    for path in ("/media/x.jpg", "/_stcore/metrics", "/_stcore/upload_file/x/y", "/_stcore/agent/mcp"):
        for method in ("GET", "PUT", "POST", "DELETE"):
            assert client.request(method, path, headers=OURS).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8501", "", "a@127.0.0.1", "x:y"])
def test_another_name_for_this_server_is_not_heard(sign_in_as: Callable[..., TestClient], host: str) -> None:
    client = sign_in_as(Role.SUPERVISOR)
    assert client.get("/login", headers={"Host": host}).status_code == 421
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", [HOST, "localhost:8501", "[::1]:8501", "10.1.2.3"])
def test_its_own_names_are(anonymous: TestClient, host: str) -> None:
    assert anonymous.get("/login", headers={"Host": host}).status_code == 200


def test_every_answer_has_the_headers_that_keep_others_out(sign_in_as: Callable[..., TestClient]) -> None:
    client = sign_in_as(Role.SUPERVISOR)
    for path in ("/", "/login", "/verify", "/_stcore/host-config", "/page/none.jpg", "/media/x"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "private, no-store"
        assert "access-control-allow-origin" not in headers


def test_a_session_ends_when_nobody_uses_it(sign_in_as: Callable[..., TestClient], clock: FixedClock) -> None:
    client = sign_in_as(Role.TECHNICIAN)
    clock.advance(IDLE_SECONDS - 1)
    told = client.post("/session/left", headers=OURS).json()
    assert told == {"seconds": 1.0, "session": session_key(client.cookies[COOKIE])[:16]}
    clock.advance(1)
    assert client.post("/session/left", headers=OURS).status_code == 401
    assert client.post("/session/beat", headers=OURS).status_code == 401
    assert client.get("/").status_code == 401


def test_a_beat_keeps_a_session_but_not_for_ever(
    sign_in_as: Callable[..., TestClient], clock: FixedClock
) -> None:
    client = sign_in_as(Role.TECHNICIAN)
    steps = 0
    while client.post("/session/beat", headers=OURS).status_code == 200:
        clock.advance(IDLE_SECONDS - 60)
        steps += 1
    assert LONGEST_SECONDS - IDLE_SECONDS < steps * (IDLE_SECONDS - 60) <= LONGEST_SECONDS + IDLE_SECONDS


def test_a_closed_account_and_a_changed_role_count_at_once(
    sign_in_as: Callable[..., TestClient], workshop: Workshop
) -> None:
    technician, clinician = sign_in_as(Role.TECHNICIAN), sign_in_as(Role.CLINICIAN)
    disable_user("technician", catalog=workshop.catalog, actor="test")
    assert technician.get("/").status_code == 401
    assert clinician.post("/data/search/patients", headers=OURS, json={"text": ""}).status_code != 403
    with workshop.catalog.begin() as uow:
        uow.connection.execute(users.update().where(users.c.name == "clinician").values(role="scanning"))
        uow.commit()
    assert clinician.post("/data/search/patients", headers=OURS, json={"text": ""}).status_code == 403


def test_signing_out_ends_the_session_everywhere(
    sign_in_as: Callable[..., TestClient], anonymous: TestClient
) -> None:
    client = sign_in_as(Role.SUPERVISOR)
    anonymous.cookies.set(COOKIE, client.cookies[COOKIE])
    assert anonymous.get("/").status_code == 200
    assert client.post("/logout", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/logout", headers=OURS).status_code == 200
    assert COOKIE not in client.cookies
    assert anonymous.get("/").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": ORIGIN},
        {"X-Backfile": "1"},
        {"Origin": "http://evil.example", "X-Backfile": "1"},
        {"Origin": "null", "X-Backfile": "1"},
        {"Origin": f"{ORIGIN}.evil.example", "X-Backfile": "1"},
    ],
)
def test_data_routes_hear_only_our_own_page(
    sign_in_as: Callable[..., TestClient], headers: dict[str, str]
) -> None:
    client = sign_in_as(Role.CLINICIAN)
    answer = client.post("/data/search/patients", headers=headers, json={"text": ""})
    assert answer.status_code == 403
    assert client.post("/session/beat", headers=headers).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"text": 1' + b" " * 3_000_000 + b"}"])
def test_data_routes_say_what_is_wrong_with_a_request(
    sign_in_as: Callable[..., TestClient], body: bytes
) -> None:
    headers = OURS | {"Content-Type": "application/json"}
    answer = sign_in_as(Role.CLINICIAN).post("/data/search/patients", headers=headers, content=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "usage"
    assert answer.headers["cache-control"] == "private, no-store"


def test_every_role_has_a_line_in_the_table_and_no_right_is_forgotten() -> None:
    assert set(RIGHTS) == set(Role)
    assert RIGHTS[Role.ADMINISTRATOR] == set(Right)
    assert RIGHTS[Role.SCANNING] == {Right.SEE_SCANS}
    assert RIGHTS[Role.CLINICIAN] == {Right.SEARCH_CHART, Right.VIEW_FILED_PAGES}
    for role in (Role.SCANNING, Role.TECHNICIAN, Role.CLINICIAN):
        assert not RIGHTS[role] & {Right.SEARCH_ALL, Right.EXPORT, Right.MANAGE_USERS}


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/", "/"),
        ("/verify", "/verify"),
        ("/verify?doc=doc_12", "/verify?doc=doc_12"),
        ("/search?type=a&from=1990-01-01", "/search?type=a&from=1990-01-01"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/login", "/"),
        ("/logout", "/"),
        ("/page/pag_1.jpg", "/"),
        ("/verify\r\nSet-Cookie: a=b", "/"),
        ("/a/../../b", "/"),
        ("", "/"),
        ("verify", "/"),
    ],
)
def test_after_signing_in_one_stays_here(target: str, safe: str) -> None:
    assert safe_next(target) == safe
